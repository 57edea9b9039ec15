#include "kernels_sets.h"

#ifdef RS_X86
#define KERNELS      rs_kernels_avx512
#define KERNELS_NAME "avx512"
#include "kernels_body.h"
#endif
