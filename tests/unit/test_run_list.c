/* Lists of runs: refresh, order, the filter language, what differs, what was tried. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recscope/base/text.h"
#include "recscope/data/dataset.h"
#include "recscope/experiment/run_list.h"
#include "recscope/models/model.h"
#include "run_fixture.h"

static struct rs_run_list list;

static bool refresh(void)
{
    struct rs_error err = {0};
    bool changed = false;
    if (rs_run_list_refresh(&list, &changed, &err) != RS_OK)
        fail_msg("%s", err.message);
    return changed;
}

/* The names of the runs shown, with blanks between. */
static const char *shown(const char *filter, const char *column, bool inverted)
{
    static char names[200];
    struct rs_error err = {0};
    struct rs_run_key key;
    assert_int_equal(rs_run_key_find(&key, column, &err), RS_OK);
    if (rs_run_list_show(&list, filter, &key, inverted, &err) != RS_OK)
        fail_msg("%s", err.message);
    names[0] = '\0';
    for (size_t i = 0; i < list.shown_count; i++) {
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", i ? " " : "", list.shown[i]->name);
    }
    return names;
}

static int make_list(void **state)
{
    struct rs_error err = {0};
    if (make_run_base(state) != 0)
        return -1;
    make_run(&(struct made_run){.name = "a", .set = "model.dropout=0.25", .best = 0.9});
    make_run(&(struct made_run){.name = "b", .set = "model.dropout=0.5", .best = 0.8});
    make_run(&(struct made_run){.name = "c", .set = "model.name=mf", .best = 0.85, .broke_off = true});
    make_run(&(struct made_run){.name = "d", .set = "model.dropout=0.5", .best = 0.7, .data_hash = "89"});
    if (rs_run_list_open(&list, run_base, &err) != RS_OK)
        return -1;
    refresh();
    return 0;
}

static int remove_list(void **state)
{
    rs_run_list_free(&list);
    return remove_run_base(state);
}

static void test_refresh(void **state)
{
    (void)state;
    struct rs_error err = {0};
    assert_false(refresh());
    const struct rs_stored_run *kept = list.run[0];
    make_run(&(struct made_run){.name = "e", .best = 0.6});
    assert_true(refresh());
    assert_ptr_equal(list.run[0], kept);
    assert_string_equal(shown("", "best", false), "e d b c a");
    assert_int_equal(rs_run_label_write(&(struct rs_run_label){.tag = "x"}, made_path("e"), &err), RS_OK);
    assert_true(refresh());
    assert_string_equal(shown("tag=X", "best", false), "e");
    assert_int_equal(rs_run_delete(made_path("e"), &err), RS_OK);
    assert_true(refresh());
    assert_false(refresh());
    assert_int_equal(list.count, 4);
}

static void test_order(void **state)
{
    (void)state;
    assert_string_equal(shown("", "best", true), "a c b d");
    assert_string_equal(shown("", "dropout", false), "a b d c"); /* mf has none: last */
    assert_string_equal(shown("", "dropout", true), "b d a c");
    assert_string_equal(shown("", "model", true), "c a b d");
}

static void test_filter(void **state)
{
    (void)state;
    assert_string_equal(shown("model=mf", "name", false), "c");
    assert_string_equal(shown("model!=mf dropout=0.50", "name", false), "b d");
    assert_string_equal(shown("best<0.85", "name", false), "b d");
    assert_string_equal(shown("best<=0.85 | dropout=0.25", "name", false), "a b c d");
    assert_string_equal(shown("unfin", "name", false), "c");
    assert_string_equal(shown("!MF !dropout=0.5", "name", false), "a");
    assert_string_equal(shown("model.dropout>=0.3", "name", false), "b d");
    assert_string_equal(shown("a | ", "model", false), "a b d"); /* "a" is in "autorec" */
    assert_string_equal(shown("test<9", "name", false), "");     /* sealed */
}

static void refused(const char *filter, const char *why)
{
    struct rs_error err = {0};
    struct rs_run_key key = {.fact = RS_FACT_NAME};
    assert_int_equal(rs_run_list_show(&list, filter, &key, false, &err), RS_USAGE);
    if (!strstr(err.message, why))
        fail_msg("%s", err.message);
}

static void test_filter_refused(void **state)
{
    (void)state;
    refused("dropuot=1", "did you mean dropout?");
    refused("best<low", "want numbers");
    refused("note<3", "want numbers");
}

static void test_differing(void **state)
{
    (void)state;
    bool differs[RS_CONF_ROWS_MAX];
    size_t count = 0;
    assert_string_equal(shown("", "name", false), "a b c d");
    rs_run_list_differing(&list, differs);
    for (size_t i = 0; rs_all_rows[i]; i++) {
        count += differs[i];
        assert_true(!differs[i] || rs_all_rows[i] == &rs_row_dropout);
    }
    assert_int_equal(count, 1);
    assert_string_equal(shown("dropout=0.5", "name", false), "b d");
    rs_run_list_differing(&list, differs);
    for (size_t i = 0; rs_all_rows[i]; i++)
        assert_false(differs[i]);
}

static void test_tried(void **state)
{
    (void)state;
    struct rs_error err = {0};
    struct rs_tried_value tried[4];
    assert_string_equal(shown("", "name", false), "a b c d");
    assert_true(rs_runs_same_data(list.shown[0], list.shown[1]));
    assert_false(rs_runs_same_data(list.shown[0], list.shown[3]));
    assert_int_equal(rs_tried_values(&list, "0123", "4567", NULL, &rs_row_dropout, tried, 4), 2);
    assert_string_equal(tried[0].text, "0.25");
    assert_string_equal(tried[1].text, "0.5");
    assert_true(tried[0].best == 0.9 && tried[1].best == 0.8 && tried[1].runs == 1);
    make_run(&(struct made_run){.name = "e", .set = "model.dropout=0.5", .best = 0.1, .changed = true});
    refresh();
    assert_int_equal(rs_tried_values(&list, "0123", "4567", NULL, &rs_row_dropout, tried, 4), 2);
    assert_true(tried[1].best == 0.8);
    assert_int_equal(rs_run_delete(made_path("e"), &err), RS_OK);
    assert_int_equal(rs_tried_values(&list, "0123", "4567", "autorec", &rs_row_dropout, tried, 4), 2);
    assert_int_equal(rs_tried_values(&list, "0123", "4567", "mf", &rs_row_dropout, tried, 4), 0);
    assert_int_equal(rs_run_test_opened(made_path("a"), &err), RS_OK);
    assert_int_equal(rs_run_test_opened(made_path("b"), &err), RS_OK);
    assert_int_equal(rs_run_test_opened(made_path("d"), &err), RS_OK);
    refresh();
    assert_int_equal(rs_run_list_test_opened(&list, "0123", "4567"), 2);
    assert_string_equal(shown("test<9", "name", false), "a b d");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refresh),        cmocka_unit_test(test_order),     cmocka_unit_test(test_filter),
        cmocka_unit_test(test_filter_refused), cmocka_unit_test(test_differing), cmocka_unit_test(test_tried),
    };
    return cmocka_run_group_tests(tests, make_list, remove_list);
}
