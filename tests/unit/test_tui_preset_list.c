/* The list of presets to choose from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../src/tui/preset_list.h"

static char work[] = "/tmp/recscope-presets-XXXXXX";
static const char *const folders[] = {"", "here", "here/presets", "data/recscope/presets", "share/presets"};
static const struct {
    const char *name, *text;
} files[] = {
    {"here/presets/b.ini", "[experiment]\ntitle = Second\n"},
    {"here/presets/a.ini", "[experiment]\ntitle = First\nnotes = of two\n[model]\nname = mf\n"},
    {"here/presets/notes.txt", "no preset\n"},
    {"here/presets/.ini", "no name\n"},
    {"here/loose.ini", "[data]\nsource = nowhere\n"},
    {"data/recscope/presets/mine.ini", "[modle]\n"},
    {"share/presets/a.ini", "[experiment]\ntitle = Hidden\n"},
    {"share/presets/far.ini", "[experiment]\ntitle = Far away\n"},
};
#define FILES (sizeof files / sizeof *files)

static struct rs_preset_list list;

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
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (rs_folder_make(at(folders[i]), &err) != RS_OK)
            return -1;
    for (size_t i = 0; i < FILES; i++)
        if (rs_file_write(at(files[i].name), files[i].text, strlen(files[i].text), &err) != RS_OK)
            return -1;
    if (setenv("XDG_DATA_HOME", at("data"), 1) != 0 || setenv("RECSCOPE_DATADIR", at("share"), 1) != 0)
        return -1;
    return chdir(at("here"));
}

static int remove_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < FILES; i++)
        remove(at(files[i].name));
    for (size_t i = sizeof folders / sizeof *folders; i-- > 1;)
        remove(at(folders[i]));
    remove(at("data/recscope"));
    remove(at("data"));
    remove(at("share"));
    return chdir("/") == 0 ? rmdir(work) : -1;
}

static int read_list(void **state)
{
    (void)state;
    struct rs_error err;
    return rs_preset_list_read(&list, &err) == RS_OK ? 0 : -1;
}

static int free_list(void **state)
{
    (void)state;
    rs_preset_list_free(&list);
    return 0;
}

static const struct rs_preset_entry *named(const char *name)
{
    size_t i = 0;
    while (i < list.count && strcmp(list.entry[i].name, name) != 0)
        i++;
    assert_true(i < list.count);
    return &list.entry[i];
}

static void every_place_is_looked_at_once(void **state)
{
    (void)state;
    static const char *const names[] = {"mine", "a", "b", "far", RS_PRESET_BUILT_IN, "loose.ini"};
    assert_int_equal(list.count, sizeof names / sizeof *names);
    for (size_t i = 0; i < list.count; i++)
        assert_string_equal(list.entry[i].name, names[i]);
    assert_string_equal(named("a")->title, "First"); /* not the one that is installed */
    assert_string_equal(named("a")->path, "presets/a.ini");
    assert_string_equal(named("a")->about, "mf on builtin:playground: of two");
    assert_string_equal(named("far")->path, at("share/presets/far.ini"));
    assert_string_equal(named("far")->place, "installed");
    assert_string_equal(named("loose.ini")->path, "loose.ini");
    assert_string_equal(named(RS_PRESET_BUILT_IN)->place, "built-in");
}

static void what_cannot_be_used_says_why(void **state)
{
    (void)state;
    assert_true(named("mine")->refused);
    assert_string_equal(named("mine")->title, "line 1: [modle]: there is no such section: did you mean [model]?");
    assert_non_null(strstr(named("mine")->about, "presets/mine.ini:1: [modle]: there is no such section"));
    assert_true(named("loose.ini")->without_data);
    assert_non_null(strstr(named("loose.ini")->about, "nowhere, which is not here"));
    assert_false(named("a")->refused);
    assert_false(named("a")->without_data);
}

static void words_choose(void **state)
{
    (void)state;
    rs_preset_list_filter(&list, "FIRST");
    assert_int_equal(list.shown_count, 1);
    assert_string_equal(rs_preset_list_chosen(&list)->name, "a");
    rs_preset_list_filter(&list, "a");
    assert_true(list.shown_count > 2);
    assert_string_equal(rs_preset_list_chosen(&list)->name, "a"); /* the very name, not the first that has it */
    rs_preset_list_filter(&list, "no such words");
    assert_null(rs_preset_list_chosen(&list));
    rs_preset_list_move(&list, 1);
    assert_null(rs_preset_list_chosen(&list));
}

static void the_list_goes_round(void **state)
{
    (void)state;
    rs_preset_list_move(&list, -1);
    assert_int_equal(list.chosen, list.count - 1);
    rs_preset_list_move(&list, 1);
    assert_int_equal(list.chosen, 0);
    rs_preset_list_move(&list, 20);
    assert_int_equal(list.chosen, 20 % list.count);
    rs_preset_list_move(&list, -20);
    assert_int_equal(list.chosen, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_place_is_looked_at_once, read_list, free_list),
        cmocka_unit_test_setup_teardown(what_cannot_be_used_says_why, read_list, free_list),
        cmocka_unit_test_setup_teardown(words_choose, read_list, free_list),
        cmocka_unit_test_setup_teardown(the_list_goes_round, read_list, free_list),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
