/* The kernels of every instruction set this machine runs: against loops in double precision, and bit for bit against
 * each other. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "recscope/base/random.h"
#include "recscope/linalg/dense.h"
#include "recscope/linalg/kernels.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

enum { WIDEST = 176, ROWS = 9, CELLS = 37 };

/* Padded row lengths: 1, one register, below, at and beyond the four registers that are summed together. */
static const size_t widths[] = {1, 16, 32, 48, 64, 80, 112, 128, 176};
/* Any length, for the kernels without rows. */
static const size_t lengths[] = {0, 1, 2, 3, 5, 15, 16, 17, 31, 33, 47, 63, 64, 65, 100, 176};

/* One call's numbers. Every set gets its own copy of the same ones. */
struct operands {
    rs_real h[ROWS * WIDEST], d[ROWS * WIDEST], w[WIDEST], s[WIDEST], t[WIDEST], out[CELLS], weight[CELLS];
    uint32_t row[CELLS];
};

static void draw(rs_real *out, size_t count, struct rs_rng *rng)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (rs_real)(4 * rs_rng_uniform(rng) - 2);
}

static struct operands make(uint64_t number)
{
    struct operands o;
    struct rs_rng rng = rs_rng_at(1, RS_DRAW_TEST, 0, 0, number);
    memset(&o, 0, sizeof o);
    draw(o.h, LENGTH(o.h), &rng);
    draw(o.d, LENGTH(o.d), &rng);
    draw(o.w, LENGTH(o.w), &rng);
    draw(o.s, LENGTH(o.s), &rng);
    draw(o.t, LENGTH(o.t), &rng);
    draw(o.weight, LENGTH(o.weight), &rng);
    for (size_t i = 0; i < CELLS; i++)
        o.row[i] = (uint32_t)rs_rng_below(&rng, ROWS); /* rows occur several times */
    return o;
}

/* A sum of `terms` products, rounded in any order, is this near. */
static void near(const struct rs_kernels *kernels, const char *what, double found, double wanted, double size)
{
    if (!(fabs(found - wanted) <= 4e-7 * (size + 1)))
        fail_msg("%s, %s: %.9g, should be %.9g", kernels->name, what, found, wanted);
}

/* ---- against loops ---- */

static void check_dots(const struct rs_kernels *kernels, size_t n, size_t count)
{
    struct operands o = make(n + count);
    kernels->dots(o.out, o.w, n, o.h, n, o.row, count);
    for (size_t i = 0; i < count; i++) {
        double sum = 0;
        double size = 0;
        for (size_t k = 0; k < n; k++) {
            double product = (double)o.w[k] * (double)o.h[o.row[i] * n + k];
            sum += product;
            size += fabs(product);
        }
        near(kernels, "dots", (double)o.out[i], sum, size);
    }
    for (size_t i = count; i < CELLS; i++)
        assert_true(o.out[i] == 0);
}

static void check_weighted_sum(const struct rs_kernels *kernels, size_t n, size_t count, bool weights)
{
    struct operands o = make(n + count);
    const struct operands before = o;
    kernels->weighted_sum(o.w, n, o.h, n, o.row, weights ? o.weight : NULL, count);
    for (size_t k = 0; k < n; k++) {
        double sum = (double)before.w[k];
        double size = fabs(sum);
        for (size_t i = 0; i < count; i++) {
            double product = (weights ? (double)o.weight[i] : 1) * (double)o.h[o.row[i] * n + k];
            sum += product;
            size += fabs(product);
        }
        near(kernels, "weighted_sum", (double)o.w[k], sum, size);
    }
    assert_memory_equal(o.w + n, before.w + n, (WIDEST - n) * sizeof *o.w);
}

static void check_scatter_add(const struct rs_kernels *kernels, size_t n, size_t count, bool weights)
{
    struct operands o = make(n + count);
    const struct operands before = o;
    double sum[ROWS * WIDEST] = {0};
    kernels->scatter_add(o.h, n, o.row, weights ? o.weight : NULL, count, o.w, n);
    for (size_t i = 0; i < ROWS * n; i++)
        sum[i] = (double)before.h[i];
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < n; k++)
            sum[o.row[i] * n + k] += (weights ? (double)o.weight[i] : 1) * (double)o.w[k];
    for (size_t i = 0; i < ROWS * n; i++)
        near(kernels, "scatter_add", (double)o.h[i], sum[i], 4 * (double)count);
    assert_memory_equal(o.h + ROWS * n, before.h + ROWS * n, (LENGTH(o.h) - ROWS * n) * sizeof *o.h);
}

/* The two gradients apart. */
static void check_outer(const struct rs_kernels *kernels, size_t n, size_t count)
{
    struct operands o = make(n + count);
    struct operands apart = o;
    kernels->outer(o.s, o.d, o.w, n, o.h, n, o.row, o.weight, count);
    kernels->weighted_sum(apart.s, n, apart.h, n, apart.row, apart.weight, count);
    kernels->scatter_add(apart.d, n, apart.row, apart.weight, count, apart.w, n);
    assert_memory_equal(&o, &apart, sizeof o);
}

static void check_rows(const struct rs_kernels *kernels)
{
    static const size_t counts[] = {0, 1, 2, 3, 4, 5, 7, 8, 36, 37};
    for (size_t i = 0; i < LENGTH(widths); i++) {
        for (size_t c = 0; c < LENGTH(counts); c++) {
            check_dots(kernels, widths[i], counts[c]);
            check_weighted_sum(kernels, widths[i], counts[c], true);
            check_weighted_sum(kernels, widths[i], counts[c], false);
            check_scatter_add(kernels, widths[i], counts[c], true);
            check_scatter_add(kernels, widths[i], counts[c], false);
            check_outer(kernels, widths[i], counts[c]);
        }
    }
}

static double function(enum rs_activation kind, double x)
{
    switch (kind) {
    case RS_SIGMOID:
        return 1 / (1 + exp(-x));
    case RS_TANH:
        return tanh(x);
    case RS_RELU:
        return x > 0 ? x : 0;
    case RS_IDENTITY:
        break;
    }
    return x;
}

/* In the function's value, as the kernel has it. */
static double slope(enum rs_activation kind, double y)
{
    switch (kind) {
    case RS_SIGMOID:
        return y * (1 - y);
    case RS_TANH:
        return 1 - y * y;
    case RS_RELU:
        return y > 0;
    case RS_IDENTITY:
        break;
    }
    return 1;
}

static void check_lengths(const struct rs_kernels *kernels, size_t n)
{
    struct operands o = make(n);
    const struct operands before = o;
    kernels->axpy(o.s, (rs_real)0.7, o.w, n);
    for (size_t k = 0; k < n; k++)
        near(kernels, "axpy", (double)o.s[k], (double)before.s[k] + (double)(rs_real)0.7 * (double)o.w[k], 4);
    assert_memory_equal(o.s + n, before.s + n, (WIDEST - n) * sizeof *o.s);
    for (enum rs_activation kind = RS_IDENTITY; kind <= RS_RELU; kind++) {
        o = before;
        kernels->activate(kind, o.w, n);
        kernels->slope(kind, o.s, o.w, n);
        for (size_t k = 0; k < n; k++) {
            near(kernels, "activate", (double)o.w[k], function(kind, (double)before.w[k]), 1);
            near(kernels, "slope", (double)o.s[k], (double)before.s[k] * slope(kind, (double)o.w[k]), 2);
        }
        assert_memory_equal(o.w + n, before.w + n, (WIDEST - n) * sizeof *o.w);
        assert_memory_equal(o.s + n, before.s + n, (WIDEST - n) * sizeof *o.s);
    }
}

static const struct rs_update update = {
    .rate = (rs_real)0.01,
    .momentum = (rs_real)0.9,
    .beta1 = (rs_real)0.9,
    .beta2 = (rs_real)0.999,
    .epsilon = (rs_real)1e-8,
    .correction1 = (rs_real)1.7,
    .correction2 = (rs_real)40,
    .grow = (rs_real)1.2,
    .shrink = (rs_real)0.5,
    .least = (rs_real)0.05,
    .most = (rs_real)1.5,
};

/* One step of each optimiser from its paper, in double. t is a square, or a step size: not negative. */
static void check_optimizers(const struct rs_kernels *kernels, size_t n, bool no_sum)
{
    struct operands o = make(n);
    for (size_t k = 0; k < WIDEST; k++)
        o.t[k] = o.t[k] < 0 ? 0 : o.t[k];
    const struct operands before = o;
    struct operands adam = o;
    struct operands ball = o;
    struct operands rprop = o;
    const double beta1 = (double)update.beta1;
    const double beta2 = (double)update.beta2;
    const struct rs_row_gradient gradient = {no_sum ? NULL : o.h, (rs_real)0.5, (rs_real)0.3};
    kernels->sgd(&update, o.w, &gradient, o.s, o.t, n);
    kernels->heavy_ball(&update, ball.w, &gradient, ball.s, ball.t, n);
    kernels->adam(&update, adam.w, &gradient, adam.s, adam.t, n);
    kernels->rprop(&update, rprop.w, &gradient, rprop.s, rprop.t, n);
    for (size_t k = 0; k < n; k++) {
        double w = (double)before.w[k];
        double g = 0.5 * ((no_sum ? 0 : (double)before.h[k]) + (double)(rs_real)0.3 * w);
        double s = (double)before.s[k];
        double t = (double)before.t[k];
        near(kernels, "sgd", (double)o.w[k], w - 0.01 * g, 2);
        near(kernels, "heavy_ball", (double)ball.w[k], w - 0.01 * (0.9 * s + g), 2);
        double m = beta1 * s + (1 - beta1) * g;
        double v = beta2 * t + (1 - beta2) * g * g;
        near(kernels, "adam", (double)adam.w[k], w - 0.01 * 1.7 * m / (sqrt(40 * v) + 1e-8), 10);
        near(kernels, "adam's m", (double)adam.s[k], m, 2);
        near(kernels, "adam's v", (double)adam.t[k], v, 2);
        double size = t > 0 ? t : 0.01;
        size = g * s > 0 ? fmin(1.2 * size, 1.5) : g * s < 0 ? fmax(0.5 * size, 0.05) : size;
        double now = g * s < 0 ? 0 : g;
        near(kernels, "rprop", (double)rprop.w[k], w - (now > 0 ? size : now < 0 ? -size : 0), 2);
        near(kernels, "rprop's gradient", (double)rprop.s[k], now, 2);
        near(kernels, "rprop's step", (double)rprop.t[k], size, 2);
    }
    assert_memory_equal(o.w + n, before.w + n, (WIDEST - n) * sizeof *o.w);
    assert_memory_equal(adam.w + n, before.w + n, (WIDEST - n) * sizeof *o.w);
}

static void test_kernels_against_loops(void **state)
{
    (void)state;
    const struct rs_kernels *tables[3];
    size_t count = rs_kernels_all(tables);
    for (size_t i = 0; i < count; i++) {
        print_message("# %s\n", tables[i]->name);
        check_rows(tables[i]);
        for (size_t n = 0; n < LENGTH(lengths); n++) {
            check_lengths(tables[i], lengths[n]);
            check_optimizers(tables[i], lengths[n], false);
            check_optimizers(tables[i], lengths[n], true);
        }
    }
}

/* ---- the same bits ---- */

/* What every kernel makes of the same numbers, one struct for each. */
enum {
    DOTS,
    WEIGHTED_SUM,
    PLAIN_SUM,
    SCATTER_ADD,
    OUTER,
    AXPY,
    SIGMOID,
    TANH,
    RELU,
    SGD,
    HEAVY_BALL,
    ADAM,
    RPROP,
    KINDS
};

static const char *const kind_names[KINDS] = {"dots",
                                              "weighted_sum",
                                              "weighted_sum without weights",
                                              "scatter_add",
                                              "outer",
                                              "axpy",
                                              "sigmoid and its slope",
                                              "tanh and its slope",
                                              "relu and its slope",
                                              "sgd",
                                              "heavy_ball",
                                              "adam",
                                              "rprop"};

static void run(const struct rs_kernels *kernels, int kind, struct operands *o, size_t n, size_t count)
{
    const struct rs_row_gradient gradient = {count % 3 ? o->h : NULL, (rs_real)0.7, (rs_real)0.1};
    enum rs_activation function_of[KINDS] = {[SIGMOID] = RS_SIGMOID, [TANH] = RS_TANH, [RELU] = RS_RELU};
    switch (kind) {
    case DOTS:
        kernels->dots(o->out, o->w, n, o->h, n, o->row, count);
        break;
    case WEIGHTED_SUM:
        kernels->weighted_sum(o->w, n, o->h, n, o->row, o->weight, count);
        break;
    case PLAIN_SUM:
        kernels->weighted_sum(o->w, n, o->h, n, o->row, NULL, count);
        break;
    case SCATTER_ADD:
        kernels->scatter_add(o->h, n, o->row, o->weight, count, o->w, n);
        break;
    case OUTER:
        kernels->outer(o->s, o->d, o->w, n, o->h, n, o->row, o->weight, count);
        break;
    case AXPY:
        kernels->axpy(o->w, o->s[0], o->h, n - count % 16 % n);
        break;
    case SIGMOID:
    case TANH:
    case RELU:
        kernels->activate(function_of[kind], o->w, n - count % 16 % n);
        kernels->slope(function_of[kind], o->s, o->w, n - count % 16 % n);
        break;
    case SGD:
        kernels->sgd(&update, o->w, &gradient, o->s, o->t, n - count % 16 % n);
        break;
    case HEAVY_BALL:
        kernels->heavy_ball(&update, o->w, &gradient, o->s, o->t, n - count % 16 % n);
        break;
    case ADAM:
        kernels->adam(&update, o->w, &gradient, o->s, o->t, n - count % 16 % n);
        break;
    default:
        kernels->rprop(&update, o->w, &gradient, o->s, o->t, n - count % 16 % n);
        break;
    }
}

static bool same_bits(const void *a, const void *b, size_t size)
{
    return memcmp(a, b, size) == 0;
}

static void test_same_bits_in_every_set(void **state)
{
    (void)state;
    const struct rs_kernels *tables[3];
    size_t sets = rs_kernels_all(tables);
    if (sets < 2) {
        print_message("one instruction set on this machine: nothing to compare\n");
        skip();
    }
    for (int kind = 0; kind < KINDS; kind++) {
        for (uint64_t number = 0; number < 400; number++) {
            size_t n = widths[number % LENGTH(widths)];
            size_t count = (size_t)(number % CELLS);
            struct operands first = make(number);
            for (size_t k = 0; k < WIDEST; k++)
                first.t[k] = (rs_real)(fabs((double)first.t[k]) *
                                       (double)(number % 3)); /* of squares: 0 at the first step, then any */
            struct operands start = first;
            run(tables[0], kind, &first, n, count);
            for (size_t i = 1; i < sets; i++) {
                struct operands other = start;
                run(tables[i], kind, &other, n, count);
                if (!same_bits(&first, &other, sizeof first))
                    fail_msg("%s and %s give different bits for %s of width %zu", tables[0]->name, tables[i]->name,
                             kind_names[kind], n);
            }
        }
    }
}

/* ---- activations over their whole range ---- */

/* Largest relative error over 4 million arguments in -30..30, and whatever lies outside is finite. */
static void check_range(const struct rs_kernels *kernels)
{
    enum { PIECE = 64, PIECES = 16384 };
    double worst_sigmoid = 0;
    double worst_tanh = 0;
    for (int i = 0; i < PIECES; i++) {
        rs_real x[PIECE];
        rs_real s[PIECE];
        rs_real t[PIECE];
        for (int k = 0; k < PIECE; k++)
            x[k] = (rs_real)(60.0 * (i * PIECE + k) / (PIECES * PIECE) - 30);
        memcpy(s, x, sizeof s);
        memcpy(t, x, sizeof t);
        kernels->activate(RS_SIGMOID, s, PIECE);
        kernels->activate(RS_TANH, t, PIECE);
        for (int k = 0; k < PIECE; k++) {
            double sigmoid = 1 / (1 + exp(-(double)x[k]));
            worst_sigmoid = fmax(worst_sigmoid, fabs((double)s[k] - sigmoid) / sigmoid);
            worst_tanh = fmax(worst_tanh, fabs((double)t[k] - tanh((double)x[k])));
        }
    }
    if (!(worst_sigmoid < 4e-7 && worst_tanh < 2.5e-7))
        fail_msg("%s: sigmoid is wrong by %.3g of itself, tanh by %.3g", kernels->name, worst_sigmoid, worst_tanh);
}

static void check_far_away(const struct rs_kernels *kernels)
{
    static const double far[] = {30, 30.5, 88, 100, 1e4, 1e30, (double)INFINITY};
    for (size_t i = 0; i < LENGTH(far); i++) {
        rs_real x[] = {(rs_real)far[i], (rs_real)-far[i]};
        rs_real t[] = {(rs_real)far[i], (rs_real)-far[i]};
        kernels->activate(RS_SIGMOID, x, 2);
        kernels->activate(RS_TANH, t, 2);
        near(kernels, "sigmoid far up", (double)x[0], 1, 0);
        if (!(x[1] > 0 && (double)x[1] < 1e-12)) /* held at 30: never 0, so that a slope remains */
            fail_msg("%s: sigmoid(%g) is %g", kernels->name, -far[i], (double)x[1]);
        near(kernels, "tanh far up", (double)t[0], 1, 0);
        near(kernels, "tanh far down", (double)t[1], -1, 0);
    }
}

static void test_activations_over_their_range(void **state)
{
    (void)state;
    const struct rs_kernels *tables[3];
    size_t count = rs_kernels_all(tables);
    for (size_t i = 0; i < count; i++) {
        check_range(tables[i]);
        check_far_away(tables[i]);
    }
}

/* ---- dense products ---- */

static void check_gemm(bool ta, bool tb, size_t m, size_t n, size_t k, rs_real beta)
{
    enum { MOST = 40 };
    struct rs_error err;
    struct rs_rng rng = rs_rng_at(2, RS_DRAW_TEST, m, n, k);
    rs_real a[MOST * MOST];
    rs_real b[MOST * MOST];
    rs_real c[MOST * MOST];
    rs_real wanted[MOST * MOST];
    draw(a, LENGTH(a), &rng);
    draw(b, LENGTH(b), &rng);
    draw(c, LENGTH(c), &rng);
    memcpy(wanted, c, sizeof c);
    assert_int_equal(rs_gemm(ta, tb, m, n, k, a, MOST, b, MOST, beta, c, MOST, &err), RS_OK);
    rs_gemm_naive(ta, tb, m, n, k, a, MOST, b, MOST, beta, wanted, MOST);
    for (size_t i = 0; i < LENGTH(c); i++)
        if (!(fabs((double)c[i] - (double)wanted[i]) <= 2e-5))
            fail_msg("%zu x %zu x %zu, %d %d: c[%zu] is %g, should be %g", m, n, k, ta, tb, i, (double)c[i],
                     (double)wanted[i]);
}

static void test_gemm_against_loops(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 3, 5, 8, 13, 16, 17, 31, 40};
    for (size_t i = 0; i < LENGTH(sizes) * LENGTH(sizes) * LENGTH(sizes); i++) {
        size_t m = sizes[i % LENGTH(sizes)];
        size_t n = sizes[i / LENGTH(sizes) % LENGTH(sizes)];
        size_t k = sizes[i / LENGTH(sizes) / LENGTH(sizes)];
        for (unsigned transposed = 0; transposed < 4; transposed++)
            check_gemm(transposed & 1U, transposed & 2U, m, n, k, (rs_real)(i % 2));
    }
}

static void test_gemm_refuses_what_the_blas_cannot_index(void **state)
{
    (void)state;
    struct rs_error err;
    rs_real number = 0;
    size_t large = (size_t)1 << 31;
    assert_int_equal(rs_gemm(false, false, large, 1, 1, &number, 1, &number, 1, 0, &number, 1, &err), RS_FAILED);
    assert_string_equal(err.message, "a dense product of 2147483648 x 1 x 1 is beyond the BLAS: make layers smaller");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kernels_against_loops),
        cmocka_unit_test(test_same_bits_in_every_set),
        cmocka_unit_test(test_activations_over_their_range),
        cmocka_unit_test(test_gemm_against_loops),
        cmocka_unit_test(test_gemm_refuses_what_the_blas_cannot_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
