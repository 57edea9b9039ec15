/* The step of one rating against central differences of its share of J, in double precision. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "recscope/base/random.h"
#include "recscope/linalg/kernels.h"

#define MOVE      1e-5 /* central differences: truncation about 1e-10, rounding about 1e-10 */
#define TOLERANCE 1e-7

enum { N = 32, P = 0, Q = N, BIAS = 2 * N, WEIGHTS = 2 * N + 2 };

static const double rate = 1.0 / 1024; /* a power of two: dividing the step by it loses nothing */
static const double l2 = 0.3;

/* (value - mean - b_u - b_i - p . q)^2 + l2/2 |w|^2. */
static double objective(const double *w)
{
    double error = 4 - 3.2 - w[BIAS] - w[BIAS + 1];
    double squares = 0;
    for (int k = 0; k < N; k++)
        error -= w[P + k] * w[Q + k];
    for (int k = 0; k < WEIGHTS; k++)
        squares += w[k] * w[k];
    return error * error + l2 / 2 * squares;
}

static void step(double *w, double *sums)
{
    static const struct rs_sgd_run run = {0, 1};
    static const uint16_t place = 0;
    static const float value = 4;
    struct rs_sgd_item slot = {.row = 0};
    const struct rs_sgd_block block = {
        .run = &run,
        .runs = 1,
        .place = &place,
        .value = &value,
        .slot = &slot,
        .slots = 1,
        .user = {w + P, w + BIAS, sums, sums ? sums + 1 : NULL, NULL},
        .item = {w + Q, w + BIAS + 1, sums ? sums + 2 : NULL, sums ? sums + 3 : NULL, NULL},
        .n = N,
        .rate = rate,
        .l2 = l2,
        .mean = 3.2,
    };
    rs_kernels_best()->sgd_block(&block);
}

static void check(double *sums, double share)
{
    double before[WEIGHTS];
    double after[WEIGHTS];
    struct rs_rng rng = rs_rng_at(1, RS_DRAW_TEST, 0, 0, 0);
    for (int k = 0; k < WEIGHTS; k++)
        before[k] = rs_rng_uniform(&rng) - 0.5;
    memcpy(after, before, sizeof after);
    step(after, sums);
    for (int k = 0; k < WEIGHTS; k++) {
        double moved[WEIGHTS];
        memcpy(moved, before, sizeof moved);
        moved[k] = before[k] + MOVE;
        double above = objective(moved);
        moved[k] = before[k] - MOVE;
        double slope = (above - objective(moved)) / (2 * MOVE);
        double found = (before[k] - after[k]) / rate / share;
        if (!(fabs(found - slope) <= TOLERANCE * (1 + fabs(slope))))
            fail_msg("weight %d: the step goes along %.12g, the slope of J is %.12g", k, found, slope);
    }
}

static void a_step_goes_down_the_gradient(void **state)
{
    (void)state;
    check(NULL, 1);
}

static void sums_shorten_the_step(void **state)
{
    (void)state;
    double sums[4] = {8, 8, 8, 8};
    check(sums, 1.0 / 3);
    for (int i = 0; i < 4; i++)
        assert_true(sums[i] > 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_goes_down_the_gradient),
        cmocka_unit_test(sums_shorten_the_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
