/* Reports of the mouse: whole, in pieces, of other buttons, and what only looks like one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/tui/mouse.h"

/* The characters that were taken; *got: whether an event came with the last of them. */
static size_t feed(enum rs_mouse_form form, const char *text, bool *got, struct rs_mouse *out)
{
    struct rs_mouse_reader reader;
    size_t taken = 0;
    *got = false;
    rs_mouse_begin(&reader, form);
    while (text[taken] && reader.form != RS_MOUSE_NONE)
        *got = rs_mouse_take(&reader, (unsigned char)text[taken++], out);
    return taken;
}

static void reports_are_decoded(void **state)
{
    static const struct {
        const char *text;
        enum rs_mouse_form form;
        struct rs_mouse mouse;
    } cases[] = {
        {"0;1;1M", RS_MOUSE_DECIMAL, {0, 0, RS_MOUSE_PRESS}},
        {"0;250;100m", RS_MOUSE_DECIMAL, {99, 249, RS_MOUSE_RELEASE}},
        {"32;12;5M", RS_MOUSE_DECIMAL, {4, 11, RS_MOUSE_DRAG}},
        {"64;12;5M", RS_MOUSE_DECIMAL, {4, 11, RS_MOUSE_WHEEL_UP}},
        {"65;12;5M", RS_MOUSE_DECIMAL, {4, 11, RS_MOUSE_WHEEL_DOWN}},
        {"20;3;4M", RS_MOUSE_DECIMAL, {3, 2, RS_MOUSE_PRESS}}, /* with Shift and Ctrl */
        {" !\"", RS_MOUSE_CHARACTERS, {1, 0, RS_MOUSE_PRESS}},
        {"#*+", RS_MOUSE_CHARACTERS, {10, 9, RS_MOUSE_RELEASE}},
        {"`*+", RS_MOUSE_CHARACTERS, {10, 9, RS_MOUSE_WHEEL_UP}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rs_mouse mouse = {-1, -1, RS_MOUSE_PRESS};
        bool got;
        feed(cases[i].form, cases[i].text, &got, &mouse);
        assert_true(got);
        assert_int_equal(mouse.row, cases[i].mouse.row);
        assert_int_equal(mouse.column, cases[i].mouse.column);
        assert_int_equal(mouse.kind, cases[i].mouse.kind);
    }
}

/* What is no event of ours is taken whole all the same: none of its characters may arrive as a key. */
static void the_rest_is_swallowed(void **state)
{
    static const struct {
        const char *text;
        size_t taken;
    } cases[] = {{"2;12;5Mq", 7},           {"1;12;5mq", 7}, {"34;12;5Mq", 8}, {"66;12;5Mq", 8}, {"128;1;1Mq", 8},
                 {"35;12;5Mq", 8},          {"0;0;0Mq", 6},  {"0;1Mq", 4},     {"0;1;2;3M", 6},  {"xq", 1},
                 {"0;99999999999999;1M", 8}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rs_mouse mouse;
        bool got;
        assert_int_equal(feed(RS_MOUSE_DECIMAL, cases[i].text, &got, &mouse), cases[i].taken);
        assert_false(got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reports_are_decoded), cmocka_unit_test(the_rest_is_swallowed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
