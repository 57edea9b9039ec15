/* Strict numbers, their shortest spelling, the nearest name, growing text, UTF-8, and error messages. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "recscope/base/random.h"
#include "recscope/base/text.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static void test_numbers_that_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } good[] = {{"0", 0},      {"-1", -1},     {"+2.5", 2.5}, {".5", 0.5},      {"5.", 5},
                {"1e3", 1000}, {"1E-3", 1e-3}, {"007", 7},    {"-.25e1", -2.5}, {"1e-400", 0}};
    for (size_t i = 0; i < LENGTH(good); i++) {
        double value = -99;
        if (!rs_parse_number(good[i].text, &value) || value != good[i].value)
            fail_msg("\"%s\" was read as %g", good[i].text, value);
    }
}

static void test_numbers_that_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",      " ",   " 1",  "1 ",  "1\n", "1,5", "0x10", "inf", "-inf",
                                      "nan",   "NAN", "1e",  "e5",  ".",   "-",   "+-1",  "--1", "1.2.3",
                                      "1e999", "one", "1_0", "- 1", "1 2", "0x",  "+",    "1f"};
    for (size_t i = 0; i < LENGTH(bad); i++) {
        double value = -99;
        if (rs_parse_number(bad[i], &value) || value != -99)
            fail_msg("\"%s\" was read as %g", bad[i], value);
    }
}

static void test_whole_numbers(void **state)
{
    (void)state;
    int64_t value = 0;
    assert_true(rs_parse_integer("42", 0, 100, &value) && value == 42);
    assert_true(rs_parse_integer("-42", -100, 100, &value) && value == -42);
    assert_true(rs_parse_integer("+7", 7, 7, &value) && value == 7);
    assert_true(rs_parse_integer("9223372036854775807", INT64_MIN, INT64_MAX, &value) && value == INT64_MAX);
    assert_true(rs_parse_integer("-9223372036854775808", INT64_MIN, INT64_MAX, &value) && value == INT64_MIN);
    static const char *const bad[] = {"", " 1", "1 ", "1.0", "1e2", "0x1", "9223372036854775808", "six", "-", "."};
    value = -99;
    for (size_t i = 0; i < LENGTH(bad); i++)
        if (rs_parse_integer(bad[i], INT64_MIN, INT64_MAX, &value) || value != -99)
            fail_msg("\"%s\" was read as %lld", bad[i], (long long)value);
    assert_false(rs_parse_integer("6", 0, 5, &value));
    assert_false(rs_parse_integer("-1", 0, 5, &value));
}

static void test_spelling_of_numbers(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0, "0"},         {0.1, "0.1"},
                 {100, "100"},     {-2500000, "-2500000"},
                 {1e-5, "1e-05"},  {1.0 / 3, "0.3333333333333333"},
                 {1e300, "1e+300"}};
    char out[RS_NUMBER_SIZE];
    for (size_t i = 0; i < LENGTH(cases); i++) {
        rs_format_number(out, cases[i].value);
        assert_string_equal(out, cases[i].text);
    }
    rs_format_float(out, 0.1F);
    assert_string_equal(out, "0.1");
    rs_format_float(out, 1048576.0F);
    assert_string_equal(out, "1048576");
}

/* Whatever is written reads back as the same bits. */
static void test_numbers_come_back(void **state)
{
    (void)state;
    struct rs_rng rng = rs_rng_at(1, RS_DRAW_TEST, 0, 0, 0);
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = rs_rng_bits(&rng);
        uint32_t few = (uint32_t)bits;
        double value;
        float single;
        double back;
        char out[RS_NUMBER_SIZE];
        memcpy(&value, &bits, sizeof value);
        memcpy(&single, &few, sizeof single);
        if (isfinite(value)) {
            rs_format_number(out, value);
            assert_true(rs_parse_number(out, &back) && back == value);
        }
        if (isfinite(single)) {
            rs_format_float(out, single);
            assert_true(strtof(out, NULL) == single);
        }
    }
}

static void test_nearest_name(void **state)
{
    (void)state;
    static const char *const names[] = {"learning_rate", "layers", "batch", "l2", "dropout"};
    assert_string_equal(rs_nearest_name("layer", names, LENGTH(names)), "layers");
    assert_string_equal(rs_nearest_name("lauers", names, LENGTH(names)), "layers");
    assert_string_equal(rs_nearest_name("learning", names, LENGTH(names)), "learning_rate");
    assert_string_equal(rs_nearest_name("dorpout", names, LENGTH(names)), "dropout");
    assert_string_equal(rs_nearest_name("l1", names, LENGTH(names)), "l2");
    assert_null(rs_nearest_name("colour", names, LENGTH(names)));
    assert_null(rs_nearest_name("anything", names, 0));
    char endless[200];
    memset(endless, 'l', sizeof endless);
    endless[sizeof endless - 1] = '\0';
    assert_null(rs_nearest_name(endless, names, LENGTH(names)));
}

static void test_text_grows(void **state)
{
    (void)state;
    struct rs_text text = {0};
    struct rs_error err;
    for (int i = 0; i < 1000; i++)
        assert_int_equal(rs_text_add(&text, &err, "%03d,", i), RS_OK);
    assert_int_equal(rs_text_add_bytes(&text, "end", 3, &err), RS_OK);
    assert_int_equal(text.length, 4003);
    assert_int_equal(strlen(text.data), 4003);
    assert_memory_equal(text.data + 4 * 567, "567,", 4);
    assert_string_equal(text.data + 4000, "end");
    rs_text_free(&text);
    assert_null(text.data);
}

static void test_copies_are_cut(void **state)
{
    (void)state;
    char out[4];
    assert_true(rs_copy_string(out, sizeof out, "abc"));
    assert_string_equal(out, "abc");
    assert_false(rs_copy_string(out, sizeof out, "abcd"));
    assert_string_equal(out, "abc");
}

static void test_parts_of_text(void **state)
{
    (void)state;
    assert_true(rs_contains("Learning rate", "RATE"));
    assert_true(rs_contains("abc", ""));
    assert_true(rs_contains("", ""));
    assert_false(rs_contains("", "a"));
    assert_false(rs_contains("rat", "rate"));
    assert_true(rs_contains("ababac", "abac"));
}

static void test_utf8(void **state)
{
    (void)state;
    static const char *const good[] = {"", "plain", "caf\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x8E\xAC", "\xED\x9F\xBF"};
    static const char *const bad[] = {"caf\xE9",
                                      "\xC3",
                                      "\x80",
                                      "\xC0\xAF",
                                      "\xE0\x80\xAF",
                                      "\xED\xA0\x80",
                                      "\xF5\x80\x80\x80",
                                      "\xF4\x90\x80\x80",
                                      "\xF0\x80\x80\x80",
                                      "\xE2\x82",
                                      "\xC3("};
    for (size_t i = 0; i < LENGTH(good); i++)
        assert_true(rs_is_utf8(good[i], strlen(good[i])));
    for (size_t i = 0; i < LENGTH(bad); i++)
        assert_false(rs_is_utf8(bad[i], strlen(bad[i])));
}

static void test_errors(void **state)
{
    (void)state;
    struct rs_error err;
    assert_int_equal(rs_fail(&err, RS_DATA, "line %d", 7), RS_DATA);
    assert_int_equal(rs_fail_prefix(&err, "%s", "ratings.csv"), RS_DATA);
    assert_string_equal(err.message, "ratings.csv: line 7");
    assert_int_equal(rs_fail(NULL, RS_IO, "nobody listens"), RS_IO);
    char endless[2 * RS_ERROR_SIZE];
    memset(endless, 'x', sizeof endless);
    endless[sizeof endless - 1] = '\0';
    rs_fail(&err, RS_DATA, "%s", endless);
    rs_fail_prefix(&err, "file");
    assert_int_equal(strlen(err.message), RS_ERROR_SIZE - 1);
    assert_int_equal(rs_status_exit(RS_OK), 0);
    assert_int_equal(rs_status_exit(RS_USAGE), 2);
    assert_int_equal(rs_status_exit(RS_INTERRUPTED), 130);
    assert_string_equal(rs_status_text(RS_MEMORY), "out of memory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_that_are_read),
        cmocka_unit_test(test_numbers_that_are_refused),
        cmocka_unit_test(test_whole_numbers),
        cmocka_unit_test(test_spelling_of_numbers),
        cmocka_unit_test(test_numbers_come_back),
        cmocka_unit_test(test_nearest_name),
        cmocka_unit_test(test_text_grows),
        cmocka_unit_test(test_copies_are_cut),
        cmocka_unit_test(test_parts_of_text),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
