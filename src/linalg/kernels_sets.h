/* kernels_sets.h -- the tables, one per instruction set; the Makefile gives each file its flags. */
#ifndef RECSCOPE_LINALG_KERNELS_SETS_H
#define RECSCOPE_LINALG_KERNELS_SETS_H

#include "recscope/linalg/kernels.h"

#if defined(__x86_64__)
#define RS_X86 1
#endif

extern const struct rs_kernels rs_kernels_plain;
#ifdef RS_X86
extern const struct rs_kernels rs_kernels_avx2;
extern const struct rs_kernels rs_kernels_avx512;
#endif

#endif
