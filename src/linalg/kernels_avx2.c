#include "kernels_sets.h"

#ifdef RS_X86
#define KERNELS      rs_kernels_avx2
#define KERNELS_NAME "avx2"
#include "kernels_body.h"
#endif
