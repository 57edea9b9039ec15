/* Paths that Tab completes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../src/tui/paths.h"
#include "recscope/base/file.h"

static char work[] = "/tmp/recscope-paths-XXXXXX";
static const char *const files[] = {"deep/one.ini", "deep/only.ini", "deep/only.txt", ".hidden.ini"};

static char *at(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", work, name);
    return path;
}

static int make_files(void **state)
{
    struct rs_error err;
    *state = mkdtemp(work);
    if (!*state || mkdir(at("deep"), 0700) != 0)
        return -1;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (rs_file_write(at(files[i]), "", 0, &err) != RS_OK)
            return -1;
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        remove(at(files[i]));
    rmdir(at("deep"));
    return rmdir(work);
}

static const char *completed(const char *text, const char *ending)
{
    static char out[256];
    char path[256];
    snprintf(path, sizeof path, "%s", text[0] == '~' ? text : at(text));
    if (!rs_path_complete(path, ending, out, sizeof out))
        return "";
    return strncmp(out, work, strlen(work)) == 0 ? out + strlen(work) + 1 : out;
}

static void paths_grow_to_what_all_share(void **state)
{
    (void)state;
    assert_string_equal(completed("d", ".ini"), "deep/");
    assert_string_equal(completed("deep/o", ".ini"), "deep/on");
    assert_string_equal(completed("deep/onl", ".ini"), "deep/only.ini");
    assert_string_equal(completed("deep/onl", ""), "deep/only.");
    assert_string_equal(completed("deep/only.ini", ".ini"), ""); /* whole already */
    assert_string_equal(completed("none", ".ini"), "");
    assert_string_equal(completed("nowhere/x", ".ini"), "");
    assert_string_equal(completed(".", ".ini"), ".hidden.ini");
    assert_string_equal(completed("", ".ini"), "deep/"); /* what is hidden is completed only where it is asked for */
}

static void the_home_folder_has_a_short_name(void **state)
{
    (void)state;
    assert_int_equal(setenv("HOME", work, 1), 0);
    assert_string_equal(completed("~/de", ".ini"), "deep/");
}

static void what_does_not_fit_is_left(void **state)
{
    (void)state;
    char small[8];
    assert_false(rs_path_complete(at("d"), ".ini", small, sizeof small));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_grow_to_what_all_share),
        cmocka_unit_test(the_home_folder_has_a_short_name),
        cmocka_unit_test(what_does_not_fit_is_left),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
