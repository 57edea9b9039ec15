/* The ring of log lines: newest kept, long ones cut, several lines in one text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/tui/log.h"

static struct rs_log ring;

static int clear(void **state)
{
    (void)state;
    memset(&ring, 0, sizeof ring);
    return 0;
}

static void the_newest_lines_are_kept(void **state)
{
    (void)state;
    char text[32];
    for (int i = 0; i < RS_LOG_LINES + 5; i++) {
        snprintf(text, sizeof text, "line %d", i);
        rs_log_add(&ring, i % 2, text);
    }
    assert_int_equal(ring.count, RS_LOG_LINES + 5);
    assert_int_equal(rs_log_first(&ring), 5);
    assert_string_equal(rs_log_at(&ring, 5)->text, "line 5");
    assert_true(rs_log_at(&ring, 5)->bad);
    snprintf(text, sizeof text, "line %d", RS_LOG_LINES + 4);
    assert_string_equal(rs_log_at(&ring, RS_LOG_LINES + 4)->text, text);
}

static void a_text_of_several_lines_is_several(void **state)
{
    (void)state;
    rs_log_add(&ring, false, "one\ntwo\twith a tab\n\nfour");
    assert_int_equal(ring.count, 4);
    assert_string_equal(rs_log_at(&ring, 1)->text, "two with a tab");
    assert_string_equal(rs_log_at(&ring, 2)->text, "");
    assert_int_equal(strlen(rs_log_at(&ring, 0)->clock), 8);
    rs_log_add(&ring, false, "");
    assert_int_equal(ring.count, 4);
}

static void long_lines_are_cut(void **state)
{
    (void)state;
    char text[1000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    rs_log_add(&ring, false, text);
    assert_int_equal(strlen(rs_log_at(&ring, 0)->text), RS_LOG_BYTES - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_newest_lines_are_kept, clear),
        cmocka_unit_test_setup(a_text_of_several_lines_is_several, clear),
        cmocka_unit_test_setup(long_lines_are_cut, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
