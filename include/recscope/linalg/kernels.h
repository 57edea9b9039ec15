/* kernels.h -- the hot loops, one build of them per instruction set.
 *
 * One body is compiled for plain C, AVX2 and AVX-512; the table of the best set this machine has is picked at run
 * time. Sums over a row run over 16 fixed lanes that are added in a fixed order with fused multiply-add, so every
 * instruction set gives the same bits.
 * Shapes : n = padded length of a row (a multiple of RS_LANES, or 1); rows start at multiples of ld.
 * Threads: pure functions of their arguments.
 */
#ifndef RECSCOPE_LINALG_KERNELS_H
#define RECSCOPE_LINALG_KERNELS_H

#include <stdbool.h>
#include <stdint.h>

#include "recscope/linalg/activation.h"
#include "recscope/linalg/real.h"

/* What an optimiser's step needs besides the row; filled once a step. */
struct rs_update {
    rs_real rate;                      /* learning rate */
    rs_real momentum;                  /* momentum: share of the old velocity */
    rs_real beta1, beta2, epsilon;     /* Adam */
    rs_real correction1, correction2;  /* Adam: 1 / (1 - beta^t) */
    rs_real grow, shrink, least, most; /* RProp */
};

/* The gradient of one row of weights w: scale (sum + decay w), element by element. */
struct rs_row_gradient {
    const rs_real *sum; /* (n) of the squared errors; NULL: all 0 */
    rs_real scale;      /* 1, or 1 over the batch's cells */
    rs_real decay;      /* the penalty's lambda, or the batch's share of it */
};

/* Number k of it, one rounding an operation: what the kernels do in registers, for everybody else. */
static inline rs_real rs_gradient_at(const struct rs_row_gradient *gradient, const rs_real *w, size_t k)
{
    rs_real pull = gradient->decay * w[k];
    return gradient->scale * (gradient->sum ? gradient->sum[k] + pull : pull);
}

/* row_adagrad: all numbers of a row have one rate, rate / sqrt(1 + sum), where sum adds up the mean squares of the
 * row's gradients, in units of 300: a rate begins to fall after some thousand ratings in stars. Source : Duchi, Hazan,
 * Singer, JMLR 2011, for single numbers; one sum a row is the reduced per-coordinate schedule of Chin, Zhuang, Juan,
 * Lin, A Learning-rate Schedule for Stochastic Gradient Methods to Matrix Factorization, PAKDD 2015, which takes units
 * of 1. */
#define RS_SUM_SHARE ((rs_real)1 / 300)

/* Users, or items, of a matrix factorisation. */
struct rs_sgd_side {
    rs_real *row;                /* (count, n) */
    rs_real *bias;               /* (count); NULL: no biases */
    rs_real *row_sum, *bias_sum; /* (count) of row_adagrad; NULL: all rows have one rate */
    const float *share;          /* (count) of the penalty that one rating has; NULL: all of it */
};

struct rs_sgd_item {
    rs_real state[4]; /* this, and what follows but the row, is the kernel's own while the block is walked */
    rs_real *vector;
    rs_real l2;
    uint32_t row;
};

struct rs_sgd_run {
    uint32_t user, count; /* so many ratings of this user follow each other */
};

/* A block of ratings, and what they step. Items are named by their place in a list of at most 65,536. */
struct rs_sgd_block {
    const struct rs_sgd_run *run; /* (runs) */
    size_t runs;
    const uint16_t *place; /* the ratings of all runs: place of the item in slot */
    const float *value;    /* and rating */
    struct rs_sgd_item *slot;
    size_t slots;
    struct rs_sgd_side user, item;
    size_t n;
    rs_real rate, l2, mean;
};

struct rs_kernels {
    const char *name; /* "avx512", "avx2", "plain" */

    /* out[i] = w . h[row[i]], i < count. w (n), h rows of ld. */
    void (*dots)(rs_real *out, const rs_real *w, size_t n, const rs_real *h, size_t ld, const uint32_t *row,
                 size_t count);
    /* y += sum over i of weight[i] * w[row[i]]; weight NULL: all 1. y (n), w rows of ld. */
    void (*weighted_sum)(rs_real *y, size_t n, const rs_real *w, size_t ld, const uint32_t *row, const rs_real *weight,
                         size_t count);
    /* h[row[i]] += weight[i] * w. w (n), h rows of ld; a row may occur twice. */
    void (*scatter_add)(rs_real *h, size_t ld, const uint32_t *row, const rs_real *weight, size_t count,
                        const rs_real *w, size_t n);
    /* Both gradients of the products w . h[row[i]], given weight[i] = d loss / d product: dw += weight[i] h[row[i]] and
     * dh[row[i]] += weight[i] w. w and dw (n), h and dh rows of ld. */
    void (*outer)(rs_real *dw, rs_real *dh, const rs_real *w, size_t n, const rs_real *h, size_t ld,
                  const uint32_t *row, const rs_real *weight, size_t count);
    /* x (n) will be read soon: a hint to the cache. */
    void (*expect)(const rs_real *x, size_t n);
    /* y += alpha * x, any n. */
    void (*axpy)(rs_real *y, rs_real alpha, const rs_real *x, size_t n);
    /* x = f(x) in place, any n; the argument of the exponential is held within +-30. */
    void (*activate)(enum rs_activation kind, rs_real *x, size_t n);
    /* d *= f'(x), given y = f(x). */
    void (*slope)(enum rs_activation kind, rs_real *d, const rs_real *y, size_t n);

    /* One optimiser's step on one row, any n: w (n) changes, s and t (n) are the optimiser's state. */
    void (*sgd)(const struct rs_update *u, rs_real *w, const struct rs_row_gradient *g, rs_real *s, rs_real *t,
                size_t n);
    void (*heavy_ball)(const struct rs_update *u, rs_real *w, const struct rs_row_gradient *g, rs_real *s, rs_real *t,
                       size_t n);
    void (*adam)(const struct rs_update *u, rs_real *w, const struct rs_row_gradient *g, rs_real *s, rs_real *t,
                 size_t n);
    void (*rprop)(const struct rs_update *u, rs_real *w, const struct rs_row_gradient *g, rs_real *s, rs_real *t,
                  size_t n);
    /* s: one number, the row's sum. */
    void (*row_adagrad)(const struct rs_update *u, rs_real *w, const struct rs_row_gradient *g, rs_real *s, rs_real *t,
                        size_t n);

    /* A gradient step for each rating in turn, of (value - mean - biases - p . q)^2 + l2/2 (squares of what it uses);
     * returns the sum of squared errors before the steps. */
    double (*sgd_block)(const struct rs_sgd_block *block);
};

/* The best table for this machine; RECSCOPE_ISA=plain|avx2|avx512 in the environment asks for a lower one. */
const struct rs_kernels *rs_kernels_best(void);

/* Every table this machine can run, for tests; returns how many, best last. */
size_t rs_kernels_all(const struct rs_kernels *out[3]);

#endif
