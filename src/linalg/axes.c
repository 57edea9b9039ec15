#include "recscope/linalg/axes.h"

#include <math.h>
#include <string.h>

#include "recscope/base/memory.h"
#include "recscope/linalg/dense.h"

/* Steps of the power iteration at most; it ends earlier where the vector stands still. */
#define STEPS 300
#define STILL 1e-9

static void centre(rs_real *x, size_t rows, size_t columns)
{
    for (size_t k = 0; k < columns; k++) {
        double sum = 0;
        for (size_t i = 0; i < rows; i++)
            sum += (double)x[i * columns + k];
        for (size_t i = 0; i < rows; i++)
            x[i * columns + k] -= (rs_real)(sum / (double)rows);
    }
}

static double norm(const double *v, size_t n)
{
    double squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += v[i] * v[i];
    return sqrt(squares);
}

/* The largest eigenvalue of g (n, n), symmetric and not negative, and its vector v of length 1. next is room for n. */
static double largest(const double *g, size_t n, double *v, double *next)
{
    for (size_t i = 0; i < n; i++)
        v[i] = 1 + 0.5 * cos((double)(i + 1) * 1.7); /* any start that is not orthogonal to the vector by design */
    double length = norm(v, n);
    double value = 0;
    for (size_t i = 0; i < n; i++)
        v[i] /= length;
    for (int step = 0; step < STEPS; step++) {
        for (size_t i = 0; i < n; i++) {
            next[i] = 0;
            for (size_t j = 0; j < n; j++)
                next[i] += g[i * n + j] * v[j];
        }
        value = norm(next, n);
        if (!(value > 0)) /* nothing is left, or it is no number */
            return 0;
        double moved = 0;
        for (size_t i = 0; i < n; i++) {
            next[i] /= value;
            moved = fmax(moved, fabs(next[i] - v[i]));
        }
        memcpy(v, next, n * sizeof *v);
        if (moved < STILL)
            break;
    }
    return value;
}

/* Coordinates along the axis, and what they explain taken out of g. */
static void take_axis(double *g, size_t n, const double *v, double value, double *out)
{
    size_t top = 0;
    for (size_t i = 1; i < n; i++)
        top = fabs(v[i]) > fabs(v[top]) ? i : top;
    double scale = (v[top] < 0 ? -1 : 1) * sqrt(value);
    for (size_t i = 0; i < n; i++)
        out[2 * i] = value > 0 ? scale * v[i] : 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            g[i * n + j] -= value * v[i] * v[j];
}

enum rs_status rs_main_axes(rs_real *x, size_t rows, size_t columns, double *out, double share[2], struct rs_error *err)
{
    rs_real *gram = NULL;
    double *g = NULL; /* (rows, rows), then two vectors */
    share[0] = share[1] = 0;
    centre(x, rows, columns);
    enum rs_status status = rs_alloc(&gram, rows * rows, sizeof *gram, err);
    if (status == RS_OK)
        status = rs_alloc(&g, rows * (rows + 2), sizeof *g, err);
    if (status == RS_OK)
        status = rs_gemm(false, true, rows, rows, columns, x, columns, x, columns, 0, gram, rows, err);
    double trace = 0;
    for (size_t i = 0; status == RS_OK && i < rows * rows; i++) {
        g[i] = (double)gram[i];
        trace += i % (rows + 1) == 0 ? g[i] : 0;
    }
    for (size_t axis = 0; axis < 2 && status == RS_OK; axis++) {
        double *v = g + rows * rows;
        double value = largest(g, rows, v, v + rows);
        share[axis] = value > 0 && trace > 0 ? value / trace : 0;
        take_axis(g, rows, v, value, out + axis);
    }
    rs_free(gram);
    rs_free(g);
    return status;
}
