/* Configuration rows: defaults, every refusal with its whole message, canonical text, equality. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "recscope/base/settings.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static const char *const fruits[] = {"apple", "pear", "quince", NULL};

static const struct rs_conf_row row_count = {
    .section = "garden", .key = "count", .type = RS_CONF_INTEGER, .low = 1, .high = 100, .fallback = "10"};
static const struct rs_conf_row row_weight = {
    .section = "garden", .key = "weight", .type = RS_CONF_NUMBER, .low = 0, .high = 0.5, .fallback = "0.25"};
static const struct rs_conf_row row_fruit = {
    .section = "garden", .key = "fruit", .type = RS_CONF_CHOICE, .fallback = "pear", .choices = fruits};
static const struct rs_conf_row row_beds = {
    .section = "garden", .key = "beds", .type = RS_CONF_LIST, .low = 1, .high = 9, .fallback = "3,2"};
static const struct rs_conf_row row_name = {.section = "house", .key = "name", .type = RS_CONF_TEXT, .fallback = ""};
static const struct rs_conf_row row_open = {
    .section = "house", .key = "open", .type = RS_CONF_CHOICE, .fallback = "no", .choices = rs_no_yes};
static const struct rs_conf_row row_stranger = {
    .section = "house", .key = "stranger", .type = RS_CONF_TEXT, .fallback = ""};

static const struct rs_conf_row *const rows[] = {&row_count, &row_weight, &row_fruit, &row_beds,
                                                 &row_name,  &row_open,   NULL};

static struct rs_settings defaults(void)
{
    struct rs_settings settings;
    struct rs_error err;
    if (rs_settings_init(&settings, rows, &err) != RS_OK)
        fail_msg("%s", err.message);
    return settings;
}

static void set(struct rs_settings *settings, const struct rs_conf_row *row, const char *text)
{
    struct rs_error err;
    if (rs_settings_parse(settings, row, text, &err) != RS_OK)
        fail_msg("%s", err.message);
}

static void test_defaults(void **state)
{
    (void)state;
    struct rs_settings settings = defaults();
    assert_int_equal(settings.count, 6);
    assert_int_equal(rs_integer(&settings, &row_count), 10);
    assert_true(rs_number(&settings, &row_weight) == 0.25);
    assert_int_equal(rs_choice(&settings, &row_fruit), 1);
    assert_false(rs_flag(&settings, &row_open));
    assert_string_equal(rs_string(&settings, &row_name), "");
    const struct rs_conf_value *beds = rs_value(&settings, &row_beds);
    assert_int_equal(beds->length, 2);
    assert_int_equal(beds->list[0], 3);
    assert_int_equal(beds->list[1], 2);
    for (size_t i = 0; i < settings.count; i++)
        assert_false(settings.value[i].given);
}

static void test_a_default_must_fit_its_row(void **state)
{
    (void)state;
    static const struct rs_conf_row wrong = {
        .section = "garden", .key = "wrong", .type = RS_CONF_INTEGER, .low = 1, .high = 5, .fallback = "6"};
    static const struct rs_conf_row *const wrong_rows[] = {&wrong, NULL};
    struct rs_settings settings;
    struct rs_error err;
    assert_int_equal(rs_settings_init(&settings, wrong_rows, &err), RS_FAILED);
    assert_string_equal(err.message, "a default does not fit its own row: [garden] wrong = 6: out of range: a whole "
                                     "number, 1 .. 5");
}

static void test_values_are_read(void **state)
{
    (void)state;
    struct rs_settings settings = defaults();
    set(&settings, &row_count, "100");
    set(&settings, &row_weight, "0.50");
    set(&settings, &row_fruit, "quince");
    set(&settings, &row_beds, " 1 ,\t9,5");
    set(&settings, &row_name, "caf\xC3\xA9 du coin");
    set(&settings, &row_open, "yes");
    assert_int_equal(rs_integer(&settings, &row_count), 100);
    assert_true(rs_number(&settings, &row_weight) == 0.5);
    assert_string_equal(rs_string(&settings, &row_weight), "0.5");
    assert_int_equal(rs_choice(&settings, &row_fruit), 2);
    assert_string_equal(rs_string(&settings, &row_beds), "1,9,5");
    assert_int_equal(rs_value(&settings, &row_beds)->length, 3);
    assert_string_equal(rs_string(&settings, &row_name), "caf\xC3\xA9 du coin");
    assert_true(rs_flag(&settings, &row_open));
    assert_true(rs_value(&settings, &row_open)->given);
    set(&settings, &row_count, "1"); /* both ends belong to the range */
    set(&settings, &row_weight, "0");
    assert_int_equal(rs_integer(&settings, &row_count), 1);
    assert_true(rs_number(&settings, &row_weight) == 0);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const struct rs_conf_row *row;
        const char *text, *message;
    } cases[] = {
        {&row_count, "0", "[garden] count = 0: out of range: a whole number, 1 .. 100"},
        {&row_count, "101", "[garden] count = 101: out of range: a whole number, 1 .. 100"},
        {&row_count, "2.5", "[garden] count = 2.5: not a whole number: a whole number, 1 .. 100"},
        {&row_count, "", "[garden] count = : not a whole number: a whole number, 1 .. 100"},
        {&row_weight, "0.51", "[garden] weight = 0.51: out of range: a number, 0 .. 0.5"},
        {&row_weight, "nan", "[garden] weight = nan: not a number: a number, 0 .. 0.5"},
        {&row_weight, "0.1x", "[garden] weight = 0.1x: not a number: a number, 0 .. 0.5"},
        {&row_fruit, "paer", "[garden] fruit = paer: there is no such choice, did you mean pear?: apple, pear, quince"},
        {&row_fruit, "potato", "[garden] fruit = potato: there is no such choice: apple, pear, quince"},
        {&row_fruit, "Pear", "[garden] fruit = Pear: there is no such choice, did you mean pear?: apple, pear, quince"},
        {&row_beds, "1,,2",
         "[garden] beds = 1,,2: an entry is not a whole number: whole numbers, 1 .. 9, with commas between"},
        {&row_beds, "", "[garden] beds = : an entry is not a whole number: whole numbers, 1 .. 9, with commas between"},
        {&row_beds, "1,10",
         "[garden] beds = 1,10: an entry is out of range: whole numbers, 1 .. 9, with commas "
         "between"},
        {&row_beds, "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1",
         "[garden] beds = 1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1: more than 16 entries: whole numbers, 1 .. 9, with commas "
         "between"},
        {&row_name, "two\nlines",
         "[house] name = two\nlines: a control character stands in it: text, at most 1023 bytes"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct rs_settings settings = defaults();
        struct rs_error err;
        assert_int_equal(rs_settings_parse(&settings, cases[i].row, cases[i].text, &err), RS_PRESET);
        assert_string_equal(err.message, cases[i].message);
        struct rs_settings untouched = defaults();
        assert_true(rs_settings_equal(&settings, &untouched));
        assert_false(rs_value(&settings, cases[i].row)->given);
    }
}

static void test_long_text_is_refused(void **state)
{
    (void)state;
    struct rs_settings settings = defaults();
    struct rs_error err;
    char text[RS_CONF_TEXT_SIZE + 1];
    memset(text, 'x', sizeof text);
    text[RS_CONF_TEXT_SIZE] = '\0';
    assert_int_equal(rs_settings_parse(&settings, &row_name, text, &err), RS_PRESET);
    text[RS_CONF_TEXT_SIZE - 1] = '\0';
    set(&settings, &row_name, text);
    assert_string_equal(rs_string(&settings, &row_name), text);
}

static void test_rows_are_found_by_name(void **state)
{
    (void)state;
    struct rs_settings settings = defaults();
    struct rs_error err;
    assert_ptr_equal(rs_settings_find(&settings, "garden", "beds", &err), &row_beds);
    assert_null(rs_settings_find(&settings, "garden", "bed", &err));
    assert_string_equal(err.message, "[garden] bed: there is no such key: did you mean beds?");
    assert_null(rs_settings_find(&settings, "gaden", "beds", &err));
    assert_string_equal(err.message, "[gaden] beds: there is no such section: did you mean garden?");
    assert_null(rs_settings_find(&settings, "house", "beds", &err));
    assert_string_equal(err.message, "[house] beds: there is no such key: `recscope models` lists them");
    assert_int_equal(rs_settings_parse(&settings, &row_stranger, "x", &err), RS_FAILED);
}

static void test_equality_is_of_values(void **state)
{
    (void)state;
    struct rs_settings a = defaults();
    struct rs_settings b = defaults();
    assert_true(rs_settings_equal(&a, &b));
    set(&a, &row_weight, "0.250"); /* given, and the same */
    assert_true(rs_settings_equal(&a, &b));
    set(&a, &row_beds, "2,3");
    assert_false(rs_settings_equal(&a, &b));
    set(&b, &row_beds, "2, 3");
    assert_true(rs_settings_equal(&a, &b));
    struct rs_settings copy = a;
    assert_true(rs_settings_equal(&a, &copy));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_a_default_must_fit_its_row),
        cmocka_unit_test(test_values_are_read),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_long_text_is_refused),
        cmocka_unit_test(test_rows_are_found_by_name),
        cmocka_unit_test(test_equality_is_of_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
