/* The tables of keys and commands: each row can be reached and is named, and lines say what is wrong with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/tui/app.h"
#include "recscope/experiment/preset.h"

static void each_key_is_reached_somewhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < rs_binding_count; i++) {
        const struct rs_binding *binding = &rs_bindings[i];
        unsigned reached = 0;
        for (unsigned place = 1; place & RS_ON_all; place <<= 1)
            if (binding->places & place && rs_binding_of((enum rs_place)place, binding->code) == binding)
                reached |= place;
        if (reached == 0)
            fail_msg("row %zu of keys.def, %s: rows above it take the key everywhere", i,
                     rs_command_table[binding->command].name);
    }
    assert_null(rs_binding_of(RS_ON_curves, 0x10FFFF));
    assert_int_equal(rs_binding_of(RS_ON_chart, ' ')->command, RS_COMMAND_toggle);
}

/* A key that is described with the row above it says the same command, or the footer and help would leave it out. */
static void each_key_is_named(void **state)
{
    (void)state;
    assert_non_null(rs_bindings[0].name);
    for (size_t i = 0; i < rs_binding_count; i++) {
        if (rs_bindings[i].footer)
            assert_non_null(rs_bindings[i].name);
        if (!rs_bindings[i].name)
            assert_int_equal(rs_bindings[i].command, rs_bindings[i - 1].command);
    }
}

static void digits_are_left_to_the_screens(void **state)
{
    (void)state;
    assert_true(RS_SCREENS <= 9);
    for (size_t i = 0; i < rs_binding_count; i++)
        if (rs_bindings[i].places != RS_ON_rating)
            assert_false(rs_bindings[i].code >= '1' && rs_bindings[i].code < '1' + RS_SCREENS);
}

static void commands_have_names_of_their_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < RS_COMMANDS; i++) {
        assert_int_equal(strspn(rs_command_table[i].name, "abcdefghijklmnopqrstuvwxyz-"),
                         strlen(rs_command_table[i].name));
        assert_true(strlen(rs_command_table[i].help) > 10);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(rs_command_table[i].name, rs_command_table[k].name);
    }
}

static struct rs_app *an_app(void)
{
    struct rs_error err;
    struct rs_app *app = calloc(1, sizeof *app);
    assert_non_null(app);
    assert_int_equal(rs_settings_init(&app->settings, rs_all_rows, &err), RS_OK);
    rs_form_init(&app->form, &app->settings);
    return app;
}

static void lines_are_run_or_refused(void **state)
{
    (void)state;
    static const struct {
        const char *line, *message;
    } wrong[] = {
        {"strat", "strat: there is no such command: did you mean start?"},
        {"zzzzzzzz 1", "zzzzzzzz: there is no such command: ? lists the keys"},
        {"stop now", "stop now: it takes nothing behind its name"},
        {"run-to", "run-to: what is missing: run-to EPOCH"},
        {"run-to x", "run-to x: not an epoch: run-to 5"},
        {"set train.learning_rat 1", "[train] learning_rat: there is no such key: did you mean learning_rate?"},
        {"set learning_rate 1", "set learning_rate 1: no section.key: set train.learning_rate 0.01"},
        {"screen curvs", "screen curvs: there is no such screen: curves"},
    };
    struct rs_app *app = an_app();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct rs_error err = {0};
        assert_int_not_equal(rs_command_line(app, wrong[i].line, &err), RS_OK);
        assert_string_equal(err.message, wrong[i].message);
    }
    struct rs_error err = {0};
    assert_int_equal(rs_command_line(app, "  set  train.learning_rate = 0.25  ", &err), RS_OK);
    assert_float_equal(rs_number(&app->settings, rs_settings_find(&app->settings, "train", "learning_rate", &err)),
                       0.25, 0);
    assert_int_equal(rs_command_line(app, "", &err), RS_OK);
    free(app);
}

static void lines_are_completed(void **state)
{
    (void)state;
    static const struct {
        const char *line, *completed; /* NULL: nothing to add */
    } cases[] = {
        {"sta", "start "},
        {"step", "step-"},
        {"set train.learn", "set train.learning_rate "},
        {"set model.output_activation sig", "set model.output_activation sigmoid "},
        {"screen cu", "screen curves "},
        {"xyz", NULL},
        {"step-", NULL},
    };
    struct rs_app *app = an_app();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[RS_LINE_SIZE];
        assert_int_equal(rs_command_complete(app, cases[i].line, out, sizeof out), cases[i].completed != NULL);
        if (cases[i].completed)
            assert_string_equal(out, cases[i].completed);
    }
    free(app);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_key_is_reached_somewhere),  cmocka_unit_test(each_key_is_named),
        cmocka_unit_test(digits_are_left_to_the_screens), cmocka_unit_test(commands_have_names_of_their_own),
        cmocka_unit_test(lines_are_run_or_refused),       cmocka_unit_test(lines_are_completed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
