#include "fold.h"

#include <math.h>

#include "recscope/base/memory.h"

/* Mean and variance of each column of a parameter. */
static void column_moments(const struct rs_parameter_info *info, double *mean, double *variance)
{
    for (size_t row = 0; row < info->rows; row++)
        for (size_t k = 0; k < info->columns; k++)
            mean[k] += (double)info->weight[row * info->ld + k] / (double)info->rows;
    for (size_t row = 0; row < info->rows; row++) {
        for (size_t k = 0; k < info->columns; k++) {
            double d = (double)info->weight[row * info->ld + k] - mean[k];
            variance[k] += d * d / (double)info->rows;
        }
    }
}

/* Solve a z = y for a (n, n) symmetric and positive; a is overwritten by its Cholesky factor, y by z. */
static enum rs_status solve(double *a, double *y, size_t n, struct rs_error *err)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            double sum = a[i * n + j];
            for (size_t k = 0; k < j; k++)
                sum -= a[i * n + k] * a[j * n + k];
            if (i != j)
                a[i * n + j] = sum / a[j * n + j];
            else if (sum > 0)
                a[i * n + i] = sqrt(sum);
            else
                return rs_fail(err, RS_FAILED, "the weights are no numbers to compute with");
        }
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++)
            y[i] -= a[i * n + k] * y[k];
        y[i] /= a[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++)
            y[i] -= a[k * n + i] * y[k];
        y[i] /= a[i * n + i];
    }
    return RS_OK;
}

/* x_i S x_j' with the bias as one more column of ones. */
static double product(const float *x, const float *y, const double *variance, size_t width)
{
    double sum = variance[width];
    for (size_t k = 0; k < width; k++)
        sum += (double)x[k] * variance[k] * (double)y[k];
    return sum;
}

enum rs_status rs_fold_person(const struct rs_people *people, const float *x, const double *y, size_t count,
                              double noise, double *w, struct rs_error *err)
{
    size_t width = people->vector->columns;
    double *variance = NULL; /* (width + 1) */
    double *gram = NULL;     /* (count, count) */
    double *rest = NULL;     /* (count) */
    enum rs_status status = rs_alloc(&variance, width + 1, sizeof *variance, err);
    if (status == RS_OK)
        status = rs_alloc(&gram, count * count, sizeof *gram, err);
    if (status == RS_OK)
        status = rs_alloc(&rest, count, sizeof *rest, err);
    for (size_t k = 0; k <= width; k++)
        w[k] = 0;
    if (status == RS_OK) {
        column_moments(people->vector, w, variance);
        if (people->bias)
            column_moments(people->bias, w + width, variance + width);
        for (size_t i = 0; i < count; i++) {
            rest[i] = y[i] - w[width];
            for (size_t k = 0; k < width; k++)
                rest[i] -= (double)x[i * width + k] * w[k];
            for (size_t j = 0; j < count; j++)
                gram[i * count + j] = product(x + i * width, x + j * width, variance, width) + (i == j ? noise : 0);
        }
        status = solve(gram, rest, count, err);
    }
    for (size_t i = 0; status == RS_OK && i < count; i++) {
        for (size_t k = 0; k < width; k++)
            w[k] += variance[k] * (double)x[i * width + k] * rest[i];
        w[width] += variance[width] * rest[i];
    }
    rs_free(variance);
    rs_free(gram);
    rs_free(rest);
    return status;
}
