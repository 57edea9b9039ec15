/* dense.h -- dense products; the only door to the BLAS.
 *
 * One BLAS thread per call: our own threads share out the work, and a second pool would fight with them.
 * Threads: pure functions of their arguments.
 */
#ifndef RECSCOPE_LINALG_DENSE_H
#define RECSCOPE_LINALG_DENSE_H

#include <stdbool.h>
#include <stdint.h>

#include "recscope/base/status.h"
#include "recscope/linalg/real.h"

/* c = beta c + op(a) op(b), row-major. op(a) is (m, k), op(b) is (k, n), c is (m, n); ld are the stored rows'
 * lengths. Errors: RS_FAILED if a size is beyond what the BLAS takes (a 32-bit int). */
enum rs_status rs_gemm(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, const rs_real *a, size_t lda,
                       const rs_real *b, size_t ldb, rs_real beta, rs_real *c, size_t ldc,
                       struct rs_error *err) RS_CHECKED;

/* The same by three loops: what the tests compare with. */
void rs_gemm_naive(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, const rs_real *a, size_t lda,
                   const rs_real *b, size_t ldb, rs_real beta, rs_real *c, size_t ldc);

/* "OpenBLAS 0.3.21 ... Haswell": the build, and the kernel that this machine runs. */
const char *rs_blas_build(void);
const char *rs_blas_kernel(void);

#endif
