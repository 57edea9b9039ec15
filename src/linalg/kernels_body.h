/* kernels_body.h -- the loops themselves, included once per instruction set.
 *
 * The including file defines KERNELS (the table's name), KERNELS_NAME, and is compiled with that set's flags.
 * A `lanes` value is 16 numbers: one register of AVX-512, two of AVX2, memory in plain C.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "recscope/linalg/kernels.h"

typedef rs_real lanes __attribute__((vector_size(16 * sizeof(rs_real))));

/* Loops of a constant length, and steps passed as a constant: they are unrolled where they are called. */
#define INLINE static inline __attribute__((always_inline))

/* So many registers of one row stay where they are while all cells pass: AVX2 has half as many. */
#ifdef __AVX512F__
#define WIDE ((size_t)8)
#else
#define WIDE ((size_t)4)
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

/* The same of lanes, where c is no product itself. Where the set has the instruction the compiler contracts the
 * expression (-ffp-contract=fast); plain C asks the library, which is slow and gives the same bits. */
static inline lanes fused(lanes a, lanes b, lanes c)
{
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
    return a * b + c;
#else
    for (size_t i = 0; i < RS_LANES; i++)
        c[i] = fused_one(a[i], b[i], c[i]);
    return c;
#endif
}

static inline lanes load(const rs_real *p)
{
    lanes v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline void store(rs_real *p, lanes v)
{
    memcpy(p, &v, sizeof v);
}

static inline lanes all(rs_real x)
{
    lanes v = {x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x};
    return v;
}

/* Lanes are added in halves: the one order that every instruction set uses. */
static inline rs_real sum_lanes(lanes v)
{
    rs_real part[16];
    store(part, v);
    for (size_t half = 8; half > 0; half /= 2)
        for (size_t i = 0; i < half; i++)
            part[i] += part[i + half];
    return part[0];
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
        out[i] = sum_lanes(s0);
        out[i + 1] = sum_lanes(s1);
        out[i + 2] = sum_lanes(s2);
        out[i + 3] = sum_lanes(s3);
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
    for (size_t j = 0; j < width; j++)
        sum[j] = load(y + j * RS_LANES);
    for (size_t i = 0; i < count; i++) {
        const rs_real *from = w + row[i] * ld;
        lanes a = all(weight ? weight[i] : (rs_real)1);
        for (size_t j = 0; j < width; j++)
            sum[j] = fused(a, load(from + j * RS_LANES), sum[j]);
    }
    for (size_t j = 0; j < width; j++)
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
    for (size_t j = 0; j < width; j++)
        held[j] = load(w + j * RS_LANES);
    for (size_t i = 0; i < count; i++) {
        rs_real *to = h + row[i] * ld;
        lanes a = all(weight ? weight[i] : (rs_real)1);
        for (size_t j = 0; j < width; j++)
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
    for (size_t j = 0; j < width; j++) {
        held[j] = load(w + j * RS_LANES);
        sum[j] = load(dw + j * RS_LANES);
    }
    for (size_t i = 0; i < count; i++) {
        size_t at = row[i] * ld;
        lanes a = all(weight[i]);
        for (size_t j = 0; j < width; j++) {
            rs_real *to = dh + at + j * RS_LANES;
            sum[j] = fused(a, load(h + at + j * RS_LANES), sum[j]);
            store(to, fused(a, held[j], load(to)));
        }
    }
    for (size_t j = 0; j < width; j++)
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
    for (size_t i = 0; i < RS_LANES; i++)
        x[i] = exp(x[i]);
    return x;
}
#else
typedef int32_t int_lanes __attribute__((vector_size(16 * sizeof(int32_t))));

/* exp(x) for |x| <= 30 or so, within 2 units in the last place: x = n ln 2 + r, |r| <= ln 2 / 2, a polynomial for
 * exp(r) (Cephes, S. L. Moshier), and n into the exponent. */
static inline lanes exp_lanes(lanes x)
{
    const lanes round_by = all(12582912.0F); /* 1.5 * 2^23: adding it rounds to a whole number */
    lanes n = fused(x, all(1.44269504F), round_by) - round_by;
    lanes r = fused(n, all(-0.693359375F), x);
    r = fused(n, all(2.12194440e-4F), r);
    lanes p = all(1.9875691500e-4F);
    p = fused(p, r, all(1.3981999507e-3F));
    p = fused(p, r, all(8.3334519073e-3F));
    p = fused(p, r, all(4.1665795894e-2F));
    p = fused(p, r, all(1.6666665459e-1F));
    p = fused(p, r, all(5.0000001201e-1F));
    lanes square = r * r;
    p = fused(p, square, r) + all(1);
    int_lanes exponent = (__builtin_convertvector(n, int_lanes) + 127) << 23;
    lanes power;
    memcpy(&power, &exponent, sizeof power);
    return p * power;
}
#endif

#define ARGUMENT_LIMIT ((rs_real)30)

static inline lanes sigmoid_lanes(lanes x)
{
    for (size_t i = 0; i < RS_LANES; i++) {
        rs_real v = x[i] < -ARGUMENT_LIMIT ? -ARGUMENT_LIMIT : x[i];
        x[i] = v > ARGUMENT_LIMIT ? ARGUMENT_LIMIT : v;
    }
    return all(1) / (all(1) + exp_lanes(-x));
}

static inline lanes activate_lanes(enum rs_activation kind, lanes x)
{
    switch (kind) {
    case RS_SIGMOID:
        return sigmoid_lanes(x);
    case RS_TANH:
        return all(2) * sigmoid_lanes(x + x) - all(1);
    case RS_RELU:
        for (size_t i = 0; i < RS_LANES; i++)
            x[i] = x[i] > 0 ? x[i] : 0;
        return x;
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

/* Every row of n numbers, 16 at a time; a rest passes through a buffer. `moments`: how many of s and t there are. */
INLINE void update_row(step_lanes *step, int moments, const struct rs_update *u, rs_real *w,
                       const struct rs_row_gradient *g, rs_real *s, rs_real *t, size_t n)
{
    lanes zero = all(0);
    size_t k = 0;
    for (; k + RS_LANES <= n; k += RS_LANES) {
        lanes weight = load(w + k);
        lanes first = moments > 0 ? load(s + k) : zero;
        lanes second = moments > 1 ? load(t + k) : zero;
        /* The next row stands behind this one, and is next as a rule. */
        will_change(w + k, n);
        if (moments > 0)
            will_change(s + k, n);
        if (moments > 1)
            will_change(t + k, n);
        step(u, &weight, row_gradient(g, g->sum ? g->sum + k : NULL, weight), &first, &second);
        store(w + k, weight);
        if (moments > 0)
            store(s + k, first);
        if (moments > 1)
            store(t + k, second);
    }
    if (k == n)
        return;
    rs_real tail[4][16] = {{0}};
    size_t rest = (n - k) * sizeof *w;
    memcpy(tail[0], w + k, rest);
    if (moments > 0)
        memcpy(tail[1], s + k, rest);
    if (moments > 1)
        memcpy(tail[2], t + k, rest);
    if (g->sum)
        memcpy(tail[3], g->sum + k, rest);
    lanes weight = load(tail[0]);
    lanes first = load(tail[1]);
    lanes second = load(tail[2]);
    step(u, &weight, row_gradient(g, tail[3], weight), &first, &second);
    store(tail[0], weight);
    store(tail[1], first);
    store(tail[2], second);
    memcpy(w + k, tail[0], rest);
    if (moments > 0)
        memcpy(s + k, tail[1], rest);
    if (moments > 1)
        memcpy(t + k, tail[2], rest);
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

static inline lanes square_root(lanes x)
{
    for (size_t i = 0; i < RS_LANES; i++)
        x[i] = SQUARE_ROOT(x[i]);
    return x;
}

/* Kingma and Ba, ICLR 2015, algorithm 1, the moments in the form m += (1 - beta) (g - m). */
INLINE void adam_lanes(const struct rs_update *u, lanes *w, lanes g, lanes *s, lanes *t)
{
    *s = fused(all(1 - u->beta1), g - *s, *s);
    *t = fused(all(1 - u->beta2), fused(g, g, -*t), *t);
    *w -= all(u->rate * u->correction1) * *s / (square_root(*t * all(u->correction2)) + all(u->epsilon));
}

/* Riedmiller and Braun, ICNN 1993, without weight back-tracking: after a change of sign the step shrinks and the
 * gradient counts as zero. s = last gradient, t = step size. */
INLINE void rprop_lanes(const struct rs_update *u, lanes *w, lanes g, lanes *s, lanes *t)
{
    for (size_t i = 0; i < RS_LANES; i++) {
        rs_real now = g[i];
        rs_real step = (*t)[i] > 0 ? (*t)[i] : u->rate;
        if (now * (*s)[i] > 0) {
            step = step * u->grow < u->most ? step * u->grow : u->most;
        } else if (now * (*s)[i] < 0) {
            step = step * u->shrink > u->least ? step * u->shrink : u->least;
            now = 0;
        }
        (*w)[i] -= now > 0 ? step : now < 0 ? -step : 0;
        (*s)[i] = now;
        (*t)[i] = step;
    }
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
};
