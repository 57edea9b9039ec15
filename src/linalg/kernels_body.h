/* kernels_body.h -- the loops themselves, included once per instruction set.
 *
 * The including file defines KERNELS (the table's name), KERNELS_NAME, and is compiled with that set's flags.
 * A `lanes` value is 16 numbers in as many registers as the set needs: one of AVX-512, two of AVX2, four of SSE2.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "recscope/linalg/kernels.h"

/* Loops of a constant length, and steps passed as a constant: they are unrolled where they are called. */
#define INLINE static inline __attribute__((always_inline))

#if defined(__AVX512F__)
#define REGISTER_BYTES 64
#elif defined(__AVX2__)
#define REGISTER_BYTES 32
#else
#define REGISTER_BYTES 16
#endif
#define REGISTERS (RS_LANES * sizeof(rs_real) / REGISTER_BYTES)

typedef rs_real reg __attribute__((vector_size(REGISTER_BYTES)));
/* A vector of 16 would be one type more; gcc keeps those that are wider than a register in memory. */
typedef struct {
    reg part[REGISTERS];
} lanes;

#define EACH_PART _Pragma("GCC unroll 8") for (size_t i = 0; i < REGISTERS; i++)

#define EACH_OF(width) _Pragma("GCC unroll 8") for (size_t j = 0; j < (width); j++)

/* So many lanes of one row stay in registers while all cells pass: AVX2 has half as many. */
#ifdef __AVX512F__
#define WIDE ((size_t)8)
#else
#define WIDE ((size_t)2)
#endif

/* a * b + c with one rounding, of a single number: asked for by name, because an expression may be contracted in the
 * other of two products, or not at all in a loop whose products the compiler vectorises. */
static inline rs_real fused_one(rs_real a, rs_real b, rs_real c)
{
#ifdef RS_DOUBLE
    return fma(a, b, c);
#else
    return fmaf(a, b, c);
#endif
}

/* The same of a register, where c is no product itself. Where the set has the instruction the compiler contracts the
 * expression (-ffp-contract=fast); plain C asks the library, which is slow and gives the same bits. */
INLINE reg fused_part(reg a, reg b, reg c)
{
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
    return a * b + c;
#else
    for (size_t i = 0; i < sizeof(reg) / sizeof(rs_real); i++)
        c[i] = fused_one(a[i], b[i], c[i]);
    return c;
#endif
}

INLINE lanes fused(lanes a, lanes b, lanes c)
{
    EACH_PART c.part[i] = fused_part(a.part[i], b.part[i], c.part[i]);
    return c;
}

/* a * b - c */
INLINE lanes fused_less(lanes a, lanes b, lanes c)
{
    EACH_PART c.part[i] = fused_part(a.part[i], b.part[i], -c.part[i]);
    return c;
}

INLINE lanes plus(lanes a, lanes b)
{
    EACH_PART a.part[i] += b.part[i];
    return a;
}

INLINE lanes minus(lanes a, lanes b)
{
    EACH_PART a.part[i] -= b.part[i];
    return a;
}

INLINE lanes times(lanes a, lanes b)
{
    EACH_PART a.part[i] *= b.part[i];
    return a;
}

INLINE lanes over(lanes a, lanes b)
{
    EACH_PART a.part[i] /= b.part[i];
    return a;
}

INLINE lanes load(const rs_real *p)
{
    lanes v;
    EACH_PART memcpy(&v.part[i], p + i * (sizeof(reg) / sizeof *p), sizeof(reg));
    return v;
}

INLINE void store(rs_real *p, lanes v)
{
    EACH_PART memcpy(p + i * (sizeof(reg) / sizeof *p), &v.part[i], sizeof(reg));
}

INLINE lanes all(rs_real x)
{
    const reg zero = {0};
    lanes v;
    EACH_PART v.part[i] = x - zero; /* x - 0 is x, of either sign */
    return v;
}

/* Lanes are added in halves: the one order that every instruction set uses. */
typedef rs_real half_lanes __attribute__((vector_size(8 * sizeof(rs_real))));
typedef rs_real quarter_lanes __attribute__((vector_size(4 * sizeof(rs_real))));

INLINE quarter_lanes fold(lanes v)
{
    quarter_lanes quarter[2];
#if REGISTER_BYTES == 16 && !defined(RS_DOUBLE)
    quarter[0] = v.part[0] + v.part[2];
    quarter[1] = v.part[1] + v.part[3];
#else
    half_lanes half[2];
    memcpy(half, &v, sizeof half);
    half[0] += half[1];
    memcpy(quarter, &half[0], sizeof quarter);
#endif
    return quarter[0] + quarter[1];
}

INLINE rs_real sum_lanes(lanes v)
{
    quarter_lanes q = fold(v);
    return (q[0] + q[2]) + (q[1] + q[3]);
}

/* The sums of four at once. */
INLINE quarter_lanes sum_four(lanes v0, lanes v1, lanes v2, lanes v3)
{
    quarter_lanes a = fold(v0);
    quarter_lanes b = fold(v1);
    quarter_lanes c = fold(v2);
    quarter_lanes d = fold(v3);
#if defined(__clang__) || __GNUC__ >= 12
    quarter_lanes ab =
        __builtin_shufflevector(a, b, 0, 4, 1, 5) + __builtin_shufflevector(a, b, 2, 6, 3, 7); /* a02 b02 a13 b13 */
    quarter_lanes cd = __builtin_shufflevector(c, d, 0, 4, 1, 5) + __builtin_shufflevector(c, d, 2, 6, 3, 7);
    return __builtin_shufflevector(ab, cd, 0, 1, 4, 5) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
#else
    quarter_lanes sum = {(a[0] + a[2]) + (a[1] + a[3]), (b[0] + b[2]) + (b[1] + b[3]), (c[0] + c[2]) + (c[1] + c[3]),
                         (d[0] + d[2]) + (d[1] + d[3])};
    return sum;
#endif
}

/* Rows of length 1. */
static void dots_one(rs_real *out, rs_real w, const rs_real *h, const uint32_t *row, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = w * h[row[i]];
}

static void dots(rs_real *out, const rs_real *w, size_t n, const rs_real *h, size_t ld, const uint32_t *row,
                 size_t count)
{
    if (n == 1) {
        dots_one(out, *w, h, row, count);
        return;
    }
    size_t i = 0;
    /* Four rows at a time: the row w is read once for all, and four chains of sums hide the latency of one. */
    for (; i + 4 <= count; i += 4) {
        const rs_real *h0 = h + row[i] * ld, *h1 = h + row[i + 1] * ld;
        const rs_real *h2 = h + row[i + 2] * ld, *h3 = h + row[i + 3] * ld;
        lanes s0 = all(0), s1 = s0, s2 = s0, s3 = s0;
        for (size_t k = 0; k < n; k += RS_LANES) {
            lanes v = load(w + k);
            s0 = fused(v, load(h0 + k), s0);
            s1 = fused(v, load(h1 + k), s1);
            s2 = fused(v, load(h2 + k), s2);
            s3 = fused(v, load(h3 + k), s3);
        }
        quarter_lanes sum = sum_four(s0, s1, s2, s3);
        memcpy(out + i, &sum, sizeof sum);
    }
    for (; i < count; i++) {
        const rs_real *h0 = h + row[i] * ld;
        lanes s0 = all(0);
        for (size_t k = 0; k < n; k += RS_LANES)
            s0 = fused(load(w + k), load(h0 + k), s0);
        out[i] = sum_lanes(s0);
    }
}

/* One column of numbers: rows of length 1. */
static void weighted_sum_one(rs_real *y, const rs_real *w, const uint32_t *row, const rs_real *weight, size_t count)
{
    rs_real sum = *y;
    for (size_t i = 0; i < count; i++)
        sum = fused_one(weight ? weight[i] : (rs_real)1, w[row[i]], sum);
    *y = sum;
}

INLINE void sum_chunk(size_t width, rs_real *y, const rs_real *w, size_t ld, const uint32_t *row, const rs_real *weight,
                      size_t count)
{
    lanes sum[WIDE];
    EACH_OF(width)
    sum[j] = load(y + j * RS_LANES);
    for (size_t i = 0; i < count; i++) {
        const rs_real *from = w + row[i] * ld;
        lanes a = all(weight ? weight[i] : (rs_real)1);
        EACH_OF(width)
        sum[j] = fused(a, load(from + j * RS_LANES), sum[j]);
    }
    EACH_OF(width)
    store(y + j * RS_LANES, sum[j]);
}

static void weighted_sum(rs_real *y, size_t n, const rs_real *w, size_t ld, const uint32_t *row, const rs_real *weight,
                         size_t count)
{
    if (n == 1) {
        weighted_sum_one(y, w, row, weight, count);
        return;
    }
    size_t k = 0;
    for (; k + WIDE * RS_LANES <= n; k += WIDE * RS_LANES)
        sum_chunk(WIDE, y + k, w + k, ld, row, weight, count);
    for (; k < n; k += RS_LANES)
        sum_chunk(1, y + k, w + k, ld, row, weight, count);
}

/* Into the second level: the first has the batch's rows. */
#define NEAR 2

static void expect(const rs_real *x, size_t n)
{
    for (size_t k = 0; k < n; k += RS_LANES)
        __builtin_prefetch(x + k, 0, NEAR);
}

static void axpy(rs_real *y, rs_real alpha, const rs_real *x, size_t n)
{
    lanes a = all(alpha);
    size_t k = 0;
    for (; k + RS_LANES <= n; k += RS_LANES)
        store(y + k, fused(a, load(x + k), load(y + k)));
    for (; k < n; k++)
        y[k] = fused_one(alpha, x[k], y[k]);
}

static void scatter_one(rs_real *h, const uint32_t *row, const rs_real *weight, size_t count, rs_real w)
{
    for (size_t i = 0; i < count; i++)
        h[row[i]] = fused_one(weight ? weight[i] : (rs_real)1, w, h[row[i]]);
}

/* h[row] (k .. k + 16 * width) += weight * w, w held in registers. */
INLINE void scatter_chunk(size_t width, rs_real *h, size_t ld, const uint32_t *row, const rs_real *weight, size_t count,
                          const rs_real *w)
{
    lanes held[WIDE];
    EACH_OF(width)
    held[j] = load(w + j * RS_LANES);
    for (size_t i = 0; i < count; i++) {
        rs_real *to = h + row[i] * ld;
        lanes a = all(weight ? weight[i] : (rs_real)1);
        EACH_OF(width)
        store(to + j * RS_LANES, fused(a, held[j], load(to + j * RS_LANES)));
    }
}

static void scatter_add(rs_real *h, size_t ld, const uint32_t *row, const rs_real *weight, size_t count,
                        const rs_real *w, size_t n)
{
    if (n == 1) {
        scatter_one(h, row, weight, count, *w);
        return;
    }
    size_t k = 0;
    for (; k + WIDE * RS_LANES <= n; k += WIDE * RS_LANES)
        scatter_chunk(WIDE, h + k, ld, row, weight, count, w + k);
    for (; k < n; k += RS_LANES)
        scatter_chunk(1, h + k, ld, row, weight, count, w + k);
}

/* Both gradients in one walk through the cells: h and dh share their addresses' arithmetic. */
INLINE void outer_chunk(size_t width, rs_real *dw, rs_real *dh, const rs_real *w, const rs_real *h, size_t ld,
                        const uint32_t *row, const rs_real *weight, size_t count)
{
    lanes held[WIDE];
    lanes sum[WIDE];
    EACH_OF(width)
    {
        held[j] = load(w + j * RS_LANES);
        sum[j] = load(dw + j * RS_LANES);
    }
    for (size_t i = 0; i < count; i++) {
        size_t at = row[i] * ld;
        lanes a = all(weight[i]);
        EACH_OF(width)
        {
            rs_real *to = dh + at + j * RS_LANES;
            sum[j] = fused(a, load(h + at + j * RS_LANES), sum[j]);
            store(to, fused(a, held[j], load(to)));
        }
    }
    EACH_OF(width)
    store(dw + j * RS_LANES, sum[j]);
}

static void outer(rs_real *dw, rs_real *dh, const rs_real *w, size_t n, const rs_real *h, size_t ld,
                  const uint32_t *row, const rs_real *weight, size_t count)
{
    if (n == 1) {
        weighted_sum_one(dw, h, row, weight, count);
        scatter_one(dh, row, weight, count, *w);
        return;
    }
    size_t k = 0;
    for (; k + WIDE * RS_LANES <= n; k += WIDE * RS_LANES)
        outer_chunk(WIDE, dw + k, dh + k, w + k, h + k, ld, row, weight, count);
    for (; k < n; k += RS_LANES)
        outer_chunk(1, dw + k, dh + k, w + k, h + k, ld, row, weight, count);
}

#ifdef RS_DOUBLE
static lanes exp_lanes(lanes x)
{
    rs_real number[16];
    store(number, x);
    for (size_t i = 0; i < RS_LANES; i++)
        number[i] = exp(number[i]);
    return load(number);
}
#else
typedef int32_t int_reg __attribute__((vector_size(REGISTER_BYTES)));

/* exp(x) for |x| <= 30 or so, within 2 units in the last place: x = n ln 2 + r, |r| <= ln 2 / 2, a polynomial for
 * exp(r) (Cephes, S. L. Moshier), and n into the exponent. */
INLINE lanes exp_lanes(lanes x)
{
    const lanes round_by = all(12582912.0F); /* 1.5 * 2^23: adding it rounds to a whole number */
    lanes n = minus(fused(x, all(1.44269504F), round_by), round_by);
    lanes r = fused(n, all(-0.693359375F), x);
    r = fused(n, all(2.12194440e-4F), r);
    lanes p = all(1.9875691500e-4F);
    p = fused(p, r, all(1.3981999507e-3F));
    p = fused(p, r, all(8.3334519073e-3F));
    p = fused(p, r, all(4.1665795894e-2F));
    p = fused(p, r, all(1.6666665459e-1F));
    p = fused(p, r, all(5.0000001201e-1F));
    p = plus(fused(p, times(r, r), r), all(1));
    lanes power;
    EACH_PART
    {
        int_reg exponent = (__builtin_convertvector(n.part[i], int_reg) + 127) << 23;
        memcpy(&power.part[i], &exponent, sizeof exponent);
    }
    return times(p, power);
}
#endif

#define ARGUMENT_LIMIT ((rs_real)30)

INLINE lanes sigmoid_lanes(lanes x)
{
    rs_real number[16];
    store(number, x);
    for (size_t i = 0; i < RS_LANES; i++) {
        rs_real v = number[i] < -ARGUMENT_LIMIT ? -ARGUMENT_LIMIT : number[i];
        number[i] = v > ARGUMENT_LIMIT ? -ARGUMENT_LIMIT : -v;
    }
    return over(all(1), plus(all(1), exp_lanes(load(number))));
}

INLINE lanes relu_lanes(lanes x)
{
    rs_real number[16];
    store(number, x);
    for (size_t i = 0; i < RS_LANES; i++)
        number[i] = number[i] > 0 ? number[i] : 0;
    return load(number);
}

INLINE lanes activate_lanes(enum rs_activation kind, lanes x)
{
    switch (kind) {
    case RS_SIGMOID:
        return sigmoid_lanes(x);
    case RS_TANH:
        return fused_less(all(2), sigmoid_lanes(plus(x, x)), all(1));
    case RS_RELU:
        return relu_lanes(x);
    case RS_IDENTITY:
        break;
    }
    return x;
}

static void activate(enum rs_activation kind, rs_real *x, size_t n)
{
    if (kind == RS_IDENTITY)
        return;
    size_t k = 0;
    for (; k + RS_LANES <= n; k += RS_LANES)
        store(x + k, activate_lanes(kind, load(x + k)));
    if (k < n) {
        rs_real tail[16] = {0};
        memcpy(tail, x + k, (n - k) * sizeof *x);
        store(tail, activate_lanes(kind, load(tail)));
        memcpy(x + k, tail, (n - k) * sizeof *x);
    }
}

static void slope(enum rs_activation kind, rs_real *d, const rs_real *y, size_t n)
{
    switch (kind) {
    case RS_SIGMOID:
        for (size_t k = 0; k < n; k++)
            d[k] *= y[k] * (1 - y[k]);
        break;
    case RS_TANH:
        for (size_t k = 0; k < n; k++)
            d[k] *= (1 - y[k]) * (1 + y[k]);
        break;
    case RS_RELU:
        for (size_t k = 0; k < n; k++)
            d[k] = y[k] > 0 ? d[k] : 0;
        break;
    case RS_IDENTITY:
        break;
    }
}

/* Beyond the last row there is nothing to point at, but a hint may name any address. */
static inline void will_change(const rs_real *p, size_t ahead)
{
    __builtin_prefetch((const void *)((uintptr_t)p + ahead * sizeof *p), 1,
                       NEAR); /* NOLINT(performance-no-int-to-ptr) */
}

/* ---- optimisers: a step on 16 numbers each ---------------------------------------------------------------------- */

typedef void step_lanes(const struct rs_update *u, lanes *w, lanes g, lanes *s, lanes *t);

/* scale (sum + decay w). The product is rounded by name, so that nobody contracts it with what it is added to next. */
INLINE lanes row_gradient(const struct rs_row_gradient *g, const rs_real *sum, lanes w)
{
    return fused(all(g->scale), fused(all(g->decay), w, sum ? load(sum) : all(0)), all(0));
}

/* A row's rest of fewer than 16 numbers passes through a buffer. */
INLINE void update_rest(step_lanes *step, int moments, const struct rs_update *u, const struct rs_row_gradient *g,
                        rs_real *w, const rs_real *sum, rs_real *s, rs_real *t, size_t n)
{
    rs_real number[4][16] = {{0}};
    memcpy(number[0], w, n * sizeof *w);
    if (moments > 0)
        memcpy(number[1], s, n * sizeof *w);
    if (moments > 1)
        memcpy(number[2], t, n * sizeof *w);
    if (sum)
        memcpy(number[3], sum, n * sizeof *w);
    lanes weight = load(number[0]);
    lanes first = load(number[1]);
    lanes second = load(number[2]);
    step(u, &weight, row_gradient(g, number[3], weight), &first, &second);
    store(number[0], weight);
    store(number[1], first);
    store(number[2], second);
    memcpy(w, number[0], n * sizeof *w);
    if (moments > 0)
        memcpy(s, number[1], n * sizeof *w);
    if (moments > 1)
        memcpy(t, number[2], n * sizeof *w);
}

/* Every row of n numbers, 16 at a time. `moments`: how many of s and t there are. Settings are copied: the compiler
 * cannot know that they are not among the weights. */
INLINE void update_row(step_lanes *step, int moments, const struct rs_update *update, rs_real *w,
                       const struct rs_row_gradient *gradient, rs_real *s, rs_real *t, size_t n)
{
    const struct rs_update u = *update;
    const struct rs_row_gradient g = *gradient;
    const lanes zero = all(0);
    size_t k = 0;
    for (; k + RS_LANES <= n; k += RS_LANES) {
        lanes weight = load(w + k);
        lanes first = moments > 0 ? load(s + k) : zero;
        lanes second = moments > 1 ? load(t + k) : zero;
        /* Rows stand one behind the other, and are taken in their order as a rule: this is the one after the next. */
        will_change(w + k, 2 * n);
        if (moments > 0)
            will_change(s + k, 2 * n);
        if (moments > 1)
            will_change(t + k, 2 * n);
        step(&u, &weight, row_gradient(&g, g.sum ? g.sum + k : NULL, weight), &first, &second);
        store(w + k, weight);
        if (moments > 0)
            store(s + k, first);
        if (moments > 1)
            store(t + k, second);
    }
    if (k < n)
        update_rest(step, moments, &u, &g, w + k, g.sum ? g.sum + k : NULL, moments > 0 ? s + k : NULL,
                    moments > 1 ? t + k : NULL, n - k);
}

INLINE void sgd_lanes(const struct rs_update *u, lanes *w, lanes g, lanes *s, lanes *t)
{
    (void)s;
    (void)t;
    *w = fused(all(-u->rate), g, *w);
}

/* v = momentum v + g; w -= rate v  (Polyak 1964, in the form of PyTorch's SGD). */
INLINE void heavy_ball_lanes(const struct rs_update *u, lanes *w, lanes g, lanes *s, lanes *t)
{
    (void)t;
    *s = fused(all(u->momentum), *s, g);
    *w = fused(all(-u->rate), *s, *w);
}

#ifdef RS_DOUBLE
#define SQUARE_ROOT sqrt
#else
#define SQUARE_ROOT sqrtf
#endif

INLINE lanes square_root(lanes x)
{
    EACH_PART for (size_t j = 0; j < sizeof(reg) / sizeof(rs_real); j++) x.part[i][j] = SQUARE_ROOT(x.part[i][j]);
    return x;
}

/* Kingma and Ba, ICLR 2015, algorithm 1, the moments in the form m += (1 - beta) (g - m). */
INLINE void adam_lanes(const struct rs_update *u, lanes *w, lanes g, lanes *s, lanes *t)
{
    *s = fused(all(1 - u->beta1), minus(g, *s), *s);
    *t = fused(all(1 - u->beta2), fused_less(g, g, *t), *t);
    lanes root = plus(square_root(times(*t, all(u->correction2))), all(u->epsilon));
    *w = minus(*w, over(times(all(u->rate * u->correction1), *s), root));
}

/* Riedmiller and Braun, ICNN 1993, without weight back-tracking: after a change of sign the step shrinks and the
 * gradient counts as zero. s = last gradient, t = step size. */
INLINE void rprop_lanes(const struct rs_update *u, lanes *w, lanes g, lanes *s, lanes *t)
{
    rs_real weight[16], now[16], last[16], size[16];
    store(weight, *w);
    store(now, g);
    store(last, *s);
    store(size, *t);
    for (size_t i = 0; i < RS_LANES; i++) {
        rs_real step = size[i] > 0 ? size[i] : u->rate;
        if (now[i] * last[i] > 0) {
            step = step * u->grow < u->most ? step * u->grow : u->most;
        } else if (now[i] * last[i] < 0) {
            step = step * u->shrink > u->least ? step * u->shrink : u->least;
            now[i] = 0;
        }
        weight[i] -= now[i] > 0 ? step : now[i] < 0 ? -step : 0;
        last[i] = now[i];
        size[i] = step;
    }
    *w = load(weight);
    *s = load(last);
    *t = load(size);
}

static void sgd(const struct rs_update *u, rs_real *w, const struct rs_row_gradient *g, rs_real *s, rs_real *t,
                size_t n)
{
    update_row(sgd_lanes, 0, u, w, g, s, t, n);
}

static void heavy_ball(const struct rs_update *u, rs_real *w, const struct rs_row_gradient *g, rs_real *s, rs_real *t,
                       size_t n)
{
    update_row(heavy_ball_lanes, 1, u, w, g, s, t, n);
}

static void adam(const struct rs_update *u, rs_real *w, const struct rs_row_gradient *g, rs_real *s, rs_real *t,
                 size_t n)
{
    update_row(adam_lanes, 2, u, w, g, s, t, n);
}

static void rprop(const struct rs_update *u, rs_real *w, const struct rs_row_gradient *g, rs_real *s, rs_real *t,
                  size_t n)
{
    update_row(rprop_lanes, 2, u, w, g, s, t, n);
}

#include "kernels_blocks.h"

const struct rs_kernels KERNELS = {
    .name = KERNELS_NAME,
    .dots = dots,
    .weighted_sum = weighted_sum,
    .scatter_add = scatter_add,
    .outer = outer,
    .expect = expect,
    .axpy = axpy,
    .activate = activate,
    .slope = slope,
    .sgd = sgd,
    .heavy_ball = heavy_ball,
    .adam = adam,
    .rprop = rprop,
    .row_adagrad = row_adagrad,
    .sgd_block = sgd_block,
};
