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

static void weighted_sum(rs_real *y, size_t n, const rs_real *w, size_t ld, const uint32_t *row, const rs_real *weight,
                         size_t count)
{
    if (n == 1) {
        weighted_sum_one(y, w, row, weight, count);
        return;
    }
    size_t k = 0;
    /* 64 sums stay in registers while all rows pass. */
    for (; k + 4 * RS_LANES <= n; k += 4 * RS_LANES) {
        lanes s0 = load(y + k), s1 = load(y + k + 16), s2 = load(y + k + 32), s3 = load(y + k + 48);
        for (size_t i = 0; i < count; i++) {
            const rs_real *from = w + row[i] * ld + k;
            lanes a = all(weight ? weight[i] : (rs_real)1);
            s0 = fused(a, load(from), s0);
            s1 = fused(a, load(from + 16), s1);
            s2 = fused(a, load(from + 32), s2);
            s3 = fused(a, load(from + 48), s3);
        }
        store(y + k, s0);
        store(y + k + 16, s1);
        store(y + k + 32, s2);
        store(y + k + 48, s3);
    }
    for (; k < n; k += RS_LANES) {
        lanes s0 = load(y + k);
        for (size_t i = 0; i < count; i++)
            s0 = fused(all(weight ? weight[i] : (rs_real)1), load(w + row[i] * ld + k), s0);
        store(y + k, s0);
    }
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

static void scatter_add(rs_real *h, size_t ld, const uint32_t *row, const rs_real *weight, size_t count,
                        const rs_real *w, size_t n)
{
    for (size_t i = 0; i < count; i++)
        axpy(h + row[i] * ld, weight ? weight[i] : (rs_real)1, w, n);
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

static void sgd(const struct rs_update *u, rs_real *w, const rs_real *g, rs_real *s, rs_real *t, size_t n)
{
    (void)s;
    (void)t;
    axpy(w, -u->rate, g, n);
}

/* v = momentum v + g; w -= rate v  (Polyak 1964, in the form of PyTorch's SGD). */
static void heavy_ball(const struct rs_update *u, rs_real *w, const rs_real *g, rs_real *s, rs_real *t, size_t n)
{
    (void)t;
    for (size_t k = 0; k < n; k++) {
        s[k] = fused_one(u->momentum, s[k], g[k]);
        w[k] = fused_one(-u->rate, s[k], w[k]);
    }
}

#ifdef RS_DOUBLE
#define SQUARE_ROOT sqrt
#else
#define SQUARE_ROOT sqrtf
#endif

/* Kingma and Ba, ICLR 2015, algorithm 1. */
static void adam(const struct rs_update *u, rs_real *w, const rs_real *g, rs_real *s, rs_real *t, size_t n)
{
    const rs_real rest1 = 1 - u->beta1;
    const rs_real rest2 = 1 - u->beta2;
    const rs_real rate = u->rate * u->correction1;
    for (size_t k = 0; k < n; k++) {
        rs_real m = fused_one(u->beta1, s[k], rest1 * g[k]);
        rs_real square = rest2 * g[k];
        rs_real v = fused_one(square, g[k], u->beta2 * t[k]);
        s[k] = m;
        t[k] = v;
        w[k] -= rate * m / (SQUARE_ROOT(v * u->correction2) + u->epsilon);
    }
}

/* Riedmiller and Braun, ICNN 1993, without weight back-tracking: after a change of sign the step shrinks and the
 * gradient counts as zero. s = last gradient, t = step size. */
static void rprop(const struct rs_update *u, rs_real *w, const rs_real *g, rs_real *s, rs_real *t, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        rs_real now = g[k];
        rs_real step = t[k] > 0 ? t[k] : u->rate;
        if (now * s[k] > 0) {
            step = step * u->grow < u->most ? step * u->grow : u->most;
        } else if (now * s[k] < 0) {
            step = step * u->shrink > u->least ? step * u->shrink : u->least;
            now = 0;
        }
        w[k] -= now > 0 ? step : now < 0 ? -step : 0;
        s[k] = now;
        t[k] = step;
    }
}

const struct rs_kernels KERNELS = {
    .name = KERNELS_NAME,
    .dots = dots,
    .weighted_sum = weighted_sum,
    .scatter_add = scatter_add,
    .axpy = axpy,
    .activate = activate,
    .slope = slope,
    .sgd = sgd,
    .heavy_ball = heavy_ball,
    .adam = adam,
    .rprop = rprop,
};
