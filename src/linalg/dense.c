#include "recscope/linalg/dense.h"

#include <limits.h>

#include <pthread.h>

#include <cblas.h>

static pthread_once_t first_call = PTHREAD_ONCE_INIT;

static void take_one_thread(void)
{
    openblas_set_num_threads(1);
}

enum rs_status rs_gemm(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, const rs_real *a, size_t lda,
                       const rs_real *b, size_t ldb, rs_real beta, rs_real *c, size_t ldc, struct rs_error *err)
{
    if (m > INT_MAX || n > INT_MAX || k > INT_MAX || lda > INT_MAX || ldb > INT_MAX || ldc > INT_MAX)
        return rs_fail(err, RS_FAILED, "a dense product of %zu x %zu x %zu is beyond the BLAS: make layers smaller", m,
                       n, k);
    enum CBLAS_TRANSPOSE ta = transpose_a ? CblasTrans : CblasNoTrans;
    enum CBLAS_TRANSPOSE tb = transpose_b ? CblasTrans : CblasNoTrans;
    pthread_once(&first_call, take_one_thread);
#ifdef RS_DOUBLE
    cblas_dgemm(CblasRowMajor, ta, tb, (int)m, (int)n, (int)k, 1, a, (int)lda, b, (int)ldb, beta, c, (int)ldc);
#else
    cblas_sgemm(CblasRowMajor, ta, tb, (int)m, (int)n, (int)k, 1, a, (int)lda, b, (int)ldb, beta, c, (int)ldc);
#endif
    return RS_OK;
}

void rs_gemm_naive(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, const rs_real *a, size_t lda,
                   const rs_real *b, size_t ldb, rs_real beta, rs_real *c, size_t ldc)
{
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < n; j++) {
            rs_real sum = 0;
            for (size_t p = 0; p < k; p++)
                sum +=
                    (transpose_a ? a[p * lda + i] : a[i * lda + p]) * (transpose_b ? b[j * ldb + p] : b[p * ldb + j]);
            c[i * ldc + j] = beta * c[i * ldc + j] + sum;
        }
    }
}

const char *rs_blas_build(void)
{
    return openblas_get_config();
}

const char *rs_blas_kernel(void)
{
    return openblas_get_corename();
}
