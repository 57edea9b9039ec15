/* Text in columns: combining marks, wide characters, joiners, control characters, bytes that are no UTF-8. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/tui/cluster.h"

#define AMELIE   "Ame\xCC\x81lie"                       /* e, combining acute accent */
#define JAPANESE "\xE4\xB8\x83\xE4\xBA\xBA\xE3\x81\xAE" /* three wide characters */
#define JOINER   "\xE2\x80\x8D"
#define WOMAN    "\xF0\x9F\x91\xA9"

static void columns_are_counted(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int columns;
    } cases[] = {
        {"", 0},
        {"Casablanca", 10},
        {AMELIE, 6},
        {"Am\xC3\xA9lie", 6},
        {JAPANESE, 6},
        {WOMAN JOINER WOMAN, 4},         /* as much as two of them, whatever the terminal makes of the joiner */
        {"\xE2\x9D\xA4\xEF\xB8\x8F", 1}, /* a heart with a variation selector */
        {"a\xE2\x80\x8F"
         "b",
         2},                /* a mark of direction */
        {"\xCC\x81", 1},    /* a mark without a base */
        {"a\tb\x1b[2J", 7}, /* control characters take the column of their '?' */
        {"\xC2\x9B", 1},    /* a control character beyond ASCII */
        {"a\xFF"
         "b",
         3},                                 /* no UTF-8 */
        {"\xE4\xB8", 2},                     /* cut off */
        {"\xC0\x80 end", 5},                 /* a NUL in disguise does not end the text */
        {"\xF4\x90\x80\x80\xED\xA0\x80", 2}, /* beyond Unicode, half of a pair */
        {"e\xCC\x81\xCC\x82\xCC\x83\xCC\x84\xCC\x85\xCC\x86\xCC\x87\xCC\x88!", 2}, /* more marks than a cell holds */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (rs_cluster_columns(cases[i].text, true) != cases[i].columns)
            fail_msg("case %zu: %d columns, not %d", i, rs_cluster_columns(cases[i].text, true), cases[i].columns);
}

static void marks_stay_with_their_base(void **state)
{
    (void)state;
    const char *text = AMELIE;
    struct rs_cluster cluster;
    assert_true(rs_cluster_next(&text, true, &cluster));
    assert_true(rs_cluster_next(&text, true, &cluster));
    assert_true(rs_cluster_next(&text, true, &cluster));
    assert_int_equal(cluster.text[0], L'e');
    assert_int_equal(cluster.text[1], 0x301);
    assert_int_equal(cluster.text[2], 0);
    assert_int_equal(*text, 'l');
    text = "\xCC\x81";
    assert_true(rs_cluster_next(&text, true, &cluster));
    assert_int_equal(cluster.text[0], L' ');
    assert_int_equal(cluster.text[1], 0x301);
    assert_false(rs_cluster_next(&text, true, &cluster));
    text = "\x1b";
    assert_true(rs_cluster_next(&text, true, &cluster));
    assert_int_equal(cluster.text[0], L'?');
}

static void nothing_is_split(void **state)
{
    (void)state;
    assert_int_equal(rs_cluster_fit(JAPANESE, true, 6), 9);
    assert_int_equal(rs_cluster_fit(JAPANESE, true, 5), 6); /* half a character is none */
    assert_int_equal(rs_cluster_fit(JAPANESE, true, 1), 0);
    assert_int_equal(rs_cluster_fit(AMELIE, true, 3), 5); /* the accent goes with the e */
    assert_int_equal(rs_cluster_fit(AMELIE, true, 2), 2);
    assert_int_equal(rs_cluster_fit("", true, 5), 0);
    assert_int_equal(rs_cluster_fit("abc", true, 0), 0);
    assert_int_equal(rs_cluster_fit("abc", true, -1), 0);
}

static void lines_end_at_blanks(void **state)
{
    (void)state;
    assert_int_equal(rs_cluster_fit_line("one two three", true, 20), 13);
    assert_int_equal(rs_cluster_fit_line("one two three", true, 9), 7);
    assert_int_equal(rs_cluster_fit_line("one two three", true, 7), 7);
    assert_int_equal(rs_cluster_fit_line("runs/playground", true, 8), 5);
    assert_int_equal(rs_cluster_fit_line("playground", true, 4), 4);
    assert_int_equal(rs_cluster_fit_line(JAPANESE " x", true, 6), 9);
}

static void a_locale_of_ascii_loses_no_column(void **state)
{
    (void)state;
    const char *text = AMELIE;
    struct rs_cluster cluster;
    char shown[16] = "";
    size_t length = 0;
    setlocale(LC_CTYPE, "C");
    while (rs_cluster_next(&text, false, &cluster))
        shown[length++] = (char)cluster.text[0];
    assert_string_equal(shown, "Amelie");
    assert_int_equal(rs_cluster_columns(JAPANESE, false), 3);
    text = JAPANESE;
    assert_true(rs_cluster_next(&text, false, &cluster));
    assert_int_equal(cluster.text[0], L'?');
    setlocale(LC_CTYPE, "C.UTF-8");
}

int main(void)
{
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        return 77; /* this system has no such locale */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_counted),
        cmocka_unit_test(marks_stay_with_their_base),
        cmocka_unit_test(nothing_is_split),
        cmocka_unit_test(lines_end_at_blanks),
        cmocka_unit_test(a_locale_of_ascii_loses_no_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
