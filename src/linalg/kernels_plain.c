#include "kernels_sets.h"

#define KERNELS      rs_kernels_plain
#define KERNELS_NAME "plain"
#include "kernels_body.h"
