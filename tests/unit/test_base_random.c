/* Random numbers: fixed first values, independent streams, no bias, permutations. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "recscope/base/random.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* Recorded runs depend on these numbers: they must never change. tests/golden/make_golden.py draws them on its own. */
static void test_first_numbers(void **state)
{
    (void)state;
    struct rs_rng zero = {0};
    /* SplitMix64 from state 0, as published with the reference implementation (S. Vigna). */
    static const uint64_t published[] = {UINT64_C(0xE220A8397B1DCDAF), UINT64_C(0x6E789E6AA1B965F4),
                                         UINT64_C(0x06C45D188009454F)};
    for (size_t i = 0; i < LENGTH(published); i++)
        assert_true(rs_rng_bits(&zero) == published[i]);
    struct rs_rng rng = rs_rng_at(7, RS_DRAW_DROPOUT, 3, 11, (UINT64_C(2) << 40) | 5);
    static const uint64_t drawn[] = {UINT64_C(0xF7DE592A30A38BCC), UINT64_C(0xA88A0D2F19B4DD1E),
                                     UINT64_C(0x9FC38A09D6B52134)};
    for (size_t i = 0; i < LENGTH(drawn); i++)
        assert_true(rs_rng_bits(&rng) == drawn[i]);
}

/* Every counter leads to a stream of its own: among many streams no first number is met twice. */
static void test_counters_give_different_streams(void **state)
{
    (void)state;
    enum { MOST = 4, STREAMS = MOST * MOST * MOST * MOST * (RS_DRAW_TEST - RS_DRAW_WEIGHTS + 1) };
    static uint64_t first[STREAMS];
    size_t count = 0;
    for (int purpose = RS_DRAW_WEIGHTS; purpose <= RS_DRAW_TEST; purpose++) {
        for (unsigned i = 0; i < MOST * MOST * MOST * MOST; i++) {
            struct rs_rng rng = rs_rng_at(i % MOST, (enum rs_purpose)purpose, i / MOST % MOST, i / MOST / MOST % MOST,
                                          i / MOST / MOST / MOST);
            first[count++] = rs_rng_bits(&rng);
        }
    }
    assert_int_equal(count, STREAMS);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            assert_true(first[i] != first[k]);
}

static void test_uniform_fills_its_range(void **state)
{
    (void)state;
    enum { DRAWS = 100000, BINS = 20 };
    unsigned bin[BINS] = {0};
    double sum = 0;
    struct rs_rng rng = rs_rng_at(1, RS_DRAW_TEST, 0, 0, 0);
    for (int i = 0; i < DRAWS; i++) {
        double x = rs_rng_uniform(&rng);
        assert_true(x >= 0 && x < 1);
        assert_true(x * 0x1p53 == floor(x * 0x1p53));
        bin[(size_t)(x * BINS)]++;
        sum += x;
    }
    assert_true(fabs(sum / DRAWS - 0.5) < 0.005);
    double chi = 0;
    for (int i = 0; i < BINS; i++)
        chi += pow((double)bin[i] - (double)DRAWS / BINS, 2) / ((double)DRAWS / BINS);
    assert_true(chi < 43.8); /* 19 degrees of freedom, 0.1 % */
}

static void test_below_is_even(void **state)
{
    (void)state;
    struct rs_rng rng = rs_rng_at(2, RS_DRAW_TEST, 0, 0, 0);
    unsigned count[7] = {0};
    for (int i = 0; i < 70000; i++)
        count[rs_rng_below(&rng, 7)]++;
    for (size_t i = 0; i < 7; i++)
        assert_in_range(count[i], 9600, 10400);
    for (int i = 0; i < 100; i++)
        assert_true(rs_rng_below(&rng, 1) == 0);
    /* Three quarters of 2^64: a plain remainder would give the lower third twice as often. */
    uint64_t below = UINT64_C(3) << 62;
    unsigned lower = 0;
    for (int i = 0; i < 3000; i++)
        lower += rs_rng_below(&rng, below) < below / 3;
    assert_in_range(lower, 880, 1120);
}

static void test_normal_has_its_moments(void **state)
{
    (void)state;
    enum { DRAWS = 50000 };
    struct rs_rng rng = rs_rng_at(3, RS_DRAW_TEST, 0, 0, 0);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < DRAWS; i++) {
        double x = rs_rng_normal(&rng);
        sum += x;
        squares += x * x;
    }
    assert_true(fabs(sum / DRAWS) < 0.02);
    assert_true(fabs(squares / DRAWS - 1) < 0.03);
}

static void test_shuffle_is_a_permutation(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    uint32_t order[COUNT];
    uint32_t other[COUNT];
    bool met[COUNT] = {false};
    unsigned fixed = 0;
    for (uint32_t i = 0; i < COUNT; i++)
        order[i] = other[i] = i;
    struct rs_rng rng = rs_rng_at(1, RS_DRAW_SHUFFLE, 1, 0, 0);
    struct rs_rng next = rs_rng_at(1, RS_DRAW_SHUFFLE, 2, 0, 0);
    rs_rng_shuffle(&rng, order, COUNT);
    rs_rng_shuffle(&next, other, COUNT);
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_true(order[i] < COUNT && !met[order[i]]);
        met[order[i]] = true;
        fixed += order[i] == i;
    }
    assert_true(fixed < 10); /* one on average */
    assert_memory_not_equal(order, other, sizeof order);
    uint32_t one = 5;
    rs_rng_shuffle(&rng, &one, 1);
    rs_rng_shuffle(&rng, NULL, 0);
    assert_int_equal(one, 5);
}

/* Each of the 6 orders of 3 comes up as often as the others. */
static void test_shuffle_is_even(void **state)
{
    (void)state;
    struct rs_rng rng = rs_rng_at(5, RS_DRAW_SHUFFLE, 0, 0, 0);
    unsigned count[27] = {0};
    for (int i = 0; i < 6000; i++) {
        uint32_t order[] = {0, 1, 2};
        rs_rng_shuffle(&rng, order, 3);
        count[order[0] * 9 + order[1] * 3 + order[2]]++;
    }
    unsigned orders = 0;
    for (size_t i = 0; i < LENGTH(count); i++) {
        orders += count[i] > 0;
        assert_true(count[i] == 0 || (count[i] > 880 && count[i] < 1120));
    }
    assert_int_equal(orders, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_numbers),           cmocka_unit_test(test_counters_give_different_streams),
        cmocka_unit_test(test_uniform_fills_its_range), cmocka_unit_test(test_below_is_even),
        cmocka_unit_test(test_normal_has_its_moments),  cmocka_unit_test(test_shuffle_is_a_permutation),
        cmocka_unit_test(test_shuffle_is_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
