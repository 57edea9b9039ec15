/* The map of values that were tried. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/tui/tried.h"

static const struct rs_tried five = {
    .value = {{"0.001", 0.90, 1}, {"0.002", 0.84, 2}, {"0.005", 0.82, 1}, {"0.01", 0.88, 1}, {"1", 1e30, 1}},
    .count = 5};

static void the_best_has_the_least_error(void **state)
{
    (void)state;
    assert_string_equal(five.value[rs_tried_best(&five)].text, "0.005");
    struct rs_tried one = {.value = {{"7", 0.9, 1}}, .count = 1};
    assert_int_equal(rs_tried_best(&one), 0);
    assert_true(rs_tried_share(&one, 0) == 0);
}

/* One that diverged does not make the others look alike. */
static void shares_go_from_the_best_to_the_worst(void **state)
{
    (void)state;
    assert_true(rs_tried_share(&five, 2) == 0);
    assert_true(rs_tried_share(&five, 4) == 1);
    assert_true(rs_tried_share(&five, 0) > 0.15 && rs_tried_share(&five, 0) < 0.25);
    assert_true(rs_tried_share(&five, 1) < rs_tried_share(&five, 3));
    struct rs_tried four = five;
    four.count = 4;
    assert_true(rs_tried_share(&four, 0) == 1);
}

static void the_worst_give_way(void **state)
{
    (void)state;
    struct rs_tried few = five;
    rs_tried_thin(&few, 3, "1");
    assert_int_equal(few.count, 3);
    assert_string_equal(few.value[0].text, "0.002"); /* ascending still */
    assert_string_equal(few.value[1].text, "0.005");
    assert_string_equal(few.value[2].text, "1"); /* the present one stays */
    rs_tried_thin(&few, 3, "");
    assert_int_equal(few.count, 3);
    rs_tried_thin(&few, 0, "1");
    assert_int_equal(few.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_has_the_least_error),
        cmocka_unit_test(shares_go_from_the_best_to_the_worst),
        cmocka_unit_test(the_worst_give_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
