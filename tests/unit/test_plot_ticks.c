#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/plot/ticks.h"

static void steps_are_round(void **state)
{
    (void)state;
    struct rs_ticks ticks;
    rs_ticks_place(&ticks, 0.78, 1.03, 6, false);
    assert_int_equal(ticks.count, 5);
    assert_string_equal(ticks.label[0], "0.80");
    assert_string_equal(ticks.label[4], "1.00");
    rs_ticks_place(&ticks, 0, 3, 10, true);
    assert_int_equal(ticks.count, 4);
    assert_string_equal(ticks.label[3], "3");
}

static void neighbours_never_look_the_same(void **state)
{
    (void)state;
    struct rs_ticks ticks;
    for (int k = -12; k <= 12; k++) {
        for (int j = 0; j < 9; j++) {
            double offset = 0.37 * j;
            for (size_t most = 1; most <= 12; most++) {
                double span = pow(10, k);
                rs_ticks_place(&ticks, offset, offset + span, most, false);
                assert_true(ticks.count <= most);
                for (size_t i = 1; i < ticks.count; i++) {
                    assert_string_not_equal(ticks.label[i - 1], ticks.label[i]);
                    assert_true(fabs(strtod(ticks.label[i], NULL) - ticks.value[i]) <= 1e-6 * fabs(ticks.value[i]));
                }
            }
        }
    }
}

static void nonsense_has_no_ticks(void **state)
{
    (void)state;
    struct rs_ticks ticks;
    const double ends[][2] = {{1, 1}, {2, 1}, {NAN, 1}, {0, INFINITY}, {-1e308, 1e308}, {1, 1 + 1e-16}};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        rs_ticks_place(&ticks, ends[i][0], ends[i][1], 5, false);
        assert_int_equal(ticks.count, 0);
    }
}

/* Their labels, with blanks between. */
static const char *labels_of(double low, double high, size_t most)
{
    static char out[512];
    struct rs_ticks ticks;
    rs_ticks_of(&ticks, &(struct rs_plot_scale){low, high, true}, most, false);
    assert_true(ticks.count <= most);
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < ticks.count; i++)
        used += (size_t)snprintf(out + used, sizeof out - used, "%s%s", i > 0 ? " " : "", ticks.label[i]);
    return out;
}

static void logarithmic_ticks_are_1_2_5_or_powers(void **state)
{
    (void)state;
    assert_string_equal(labels_of(0.5, 20, 8), "0.5 1 2 5 10 20");
    assert_string_equal(labels_of(0.5, 20, 4), "1 10");
    assert_string_equal(labels_of(0.001, 100, 6), "0.001 0.01 0.1 1 10 100");
    assert_string_equal(labels_of(1e-9, 1e9, 4), "1e-05 1 100000");
    assert_string_equal(labels_of(0.82, 0.99, 4), "0.85 0.90 0.95"); /* within a decade: round steps */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_round),
        cmocka_unit_test(neighbours_never_look_the_same),
        cmocka_unit_test(nonsense_has_no_ticks),
        cmocka_unit_test(logarithmic_ticks_are_1_2_5_or_powers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
