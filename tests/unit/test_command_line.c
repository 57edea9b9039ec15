/* The shell command of an experiment: what differs from the preset, quoted, and read back by a shell as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "recscope/base/memory.h"
#include "recscope/experiment/command_line.h"
#include "recscope/experiment/preset.h"
#include "recscope/models/model.h"
#include "recscope/train/rows.h"

static struct rs_settings settings;

static int prepare(void **state)
{
    (void)state;
    struct rs_error err;
    return rs_preset_read(&settings, "presets/playground.ini", &err) == RS_OK ? 0 : -1;
}

static void put(const struct rs_conf_row *row, const char *value)
{
    struct rs_error err;
    assert_int_equal(rs_settings_parse(&settings, row, value, &err), RS_OK);
}

static char *line_of(void)
{
    struct rs_text text = {0};
    struct rs_error err;
    assert_int_equal(rs_command_line_of(&text, &settings, "presets/playground.ini", &err), RS_OK);
    return text.data;
}

static void only_what_differs_is_said(void **state)
{
    (void)state;
    char *line = line_of();
    assert_string_equal(line, "recscope train presets/playground.ini");
    rs_free(line);
    put(&rs_row_layers, "500,250");
    put(&rs_row_learning_rate, "0.01");
    line = line_of();
    assert_string_equal(line, "recscope train presets/playground.ini --set model.layers=500,250"
                              " --set train.learning_rate=0.01");
    rs_free(line);
}

static void a_shell_reads_what_was_meant(void **state)
{
    (void)state;
    static const char title[] = "it's $HOME; `ls` \"and\" more";
    char command[512];
    char read[256] = "";
    put(&rs_row_title, title);
    char *line = line_of();
    const char *word = strstr(line, "--set ");
    assert_non_null(word);
    assert_true(snprintf(command, sizeof command, "printf %%s %s", word + strlen("--set ")) < (int)sizeof command);
    FILE *shell = popen(command, "r"); /* NOLINT(cert-env33-c): what a shell makes of it is the question */
    assert_non_null(shell);
    assert_non_null(fgets(read, sizeof read, shell));
    assert_int_equal(pclose(shell), 0);
    assert_string_equal(read + strlen("experiment.title="), title);
    rs_free(line);
}

static void a_preset_that_is_not_there_is_refused(void **state)
{
    (void)state;
    struct rs_text text = {0};
    struct rs_error err = {0};
    assert_int_not_equal(rs_command_line_of(&text, &settings, "nowhere.ini", &err), RS_OK);
    assert_non_null(strstr(err.message, "nowhere.ini"));
    rs_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(only_what_differs_is_said, prepare),
        cmocka_unit_test_setup(a_shell_reads_what_was_meant, prepare),
        cmocka_unit_test_setup(a_preset_that_is_not_there_is_refused, prepare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
