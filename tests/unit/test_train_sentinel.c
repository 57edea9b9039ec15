/* Curves of batch losses on which the sentinel must speak, and on which it must not. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/train/sentinel.h"
#include "recscope/base/random.h"

#define LEVEL 1.2 /* loss of the mean on MovieLens */

/* The step at which it speaks first; 0: never. */
static uint64_t speaks(double (*loss)(uint64_t step), uint64_t steps, uint64_t cells, struct rs_explosion *explosion)
{
    struct rs_sentinel sentinel;
    rs_sentinel_init(&sentinel, LEVEL);
    for (uint64_t step = 1; step <= steps; step++)
        if (rs_sentinel_add(&sentinel, step, loss(step), cells, explosion))
            return step;
    return 0;
}

static double noise(uint64_t step)
{
    struct rs_rng rng = rs_rng_at(7, RS_DRAW_TEST, 0, step, 0);
    return rs_rng_normal(&rng);
}

static double falls(uint64_t step)
{
    return 0.6 + 0.6 * exp(-(double)step / 300) + 0.05 * noise(step);
}

static double spikes(uint64_t step)
{
    return step % 100 == 0 ? 1e6 : falls(step);
}

static double a_second_spike(uint64_t step)
{
    return step % 100 < 2 ? 20 : falls(step);
}

/* Factors without biases begin at the square of the mean rating. */
static double begins_high(uint64_t step)
{
    return 13.5 * exp(-(double)step / 200) + 0.7 + 0.3 * noise(step);
}

static double single_ratings(uint64_t step)
{
    double error = 1.1 * noise(step);
    return error * error;
}

static double over_fits(uint64_t step)
{
    return 0.02 + exp(-(double)step / 50);
}

static double jumps_and_comes_back(uint64_t step)
{
    return step > 500 && step < 520 ? 4.5 : falls(step);
}

static void silent_on(double (*loss)(uint64_t step), uint64_t steps, uint64_t cells)
{
    struct rs_explosion explosion;
    assert_int_equal(speaks(loss, steps, cells, &explosion), 0);
}

static void it_is_silent(void **state)
{
    (void)state;
    silent_on(falls, 5000, 10000);
    silent_on(spikes, 5000, 10000);
    silent_on(a_second_spike, 5000, 10000);
    silent_on(begins_high, 5000, 128);
    silent_on(single_ratings, 100000, 1);
    silent_on(over_fits, 5000, 128);
    silent_on(jumps_and_comes_back, 5000, 128);
}

static double grows(uint64_t step)
{
    return step <= 100 ? 0.9 : 0.9 * pow(1.6, (double)(step - 100));
}

static double stays_high(uint64_t step)
{
    return step <= 200 ? falls(step) : 9 + noise(step);
}

static double leaps(uint64_t step)
{
    return step <= 50 ? 0.9 : pow(1000, (double)(step - 50));
}

static double no_number(uint64_t step)
{
    return step < 30 ? 0.9 : (double)NAN;
}

static double wild_from_the_start(uint64_t step)
{
    return 1.3 * pow(3, (double)step - 1);
}

static double wild_single_ratings(uint64_t step)
{
    return step <= 300 ? single_ratings(step) : 25 * single_ratings(step);
}

static void it_speaks(void **state)
{
    (void)state;
    struct rs_explosion explosion;
    uint64_t step = speaks(grows, 1000, 128, &explosion);
    assert_in_range(step, 101, 108);
    assert_true(explosion.from == 0.9 && explosion.to > 4 * LEVEL);
    assert_in_range(explosion.steps, 1, 8);
    assert_in_range(speaks(stays_high, 1000, 128, &explosion), 201, 205);
    assert_int_equal(speaks(leaps, 1000, 128, &explosion), 52);
    assert_int_equal(speaks(no_number, 1000, 128, &explosion), 30);
    assert_true(isfinite(explosion.to) == 0);
    assert_in_range(speaks(wild_from_the_start, 1000, 128, &explosion), 3, 8);
    assert_in_range(speaks(wild_single_ratings, 1000, 1, &explosion), 301, 400);
}

/* A person who goes on has heard it: it speaks again when the loss is ten times worse. */
static void it_does_not_nag(void **state)
{
    (void)state;
    struct rs_sentinel sentinel;
    struct rs_explosion explosion;
    rs_sentinel_init(&sentinel, LEVEL);
    unsigned spoken = 0;
    for (uint64_t step = 1; step <= 1000; step++)
        spoken += rs_sentinel_add(&sentinel, step, step < 100 ? 1 : step < 500 ? 8 : 90, 128, &explosion);
    assert_int_equal(spoken, 2);
    assert_true(explosion.to == 90);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_silent),
        cmocka_unit_test(it_speaks),
        cmocka_unit_test(it_does_not_nag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
