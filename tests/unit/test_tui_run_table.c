/* The table of runs: what its cells say, which columns it has, which of them fit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "../../src/tui/run_table.h"
#include "recscope/base/text.h"
#include "run_fixture.h"

static void assert_cell(const struct rs_stored_run *run, enum rs_run_fact fact, const char *expected)
{
    char cell[RS_CELL_SIZE];
    rs_run_cell(cell, run, &(struct rs_run_column){.key = {.fact = fact}}, false);
    assert_string_equal(cell, expected);
}

static void cells_say_what_is_known(void **state)
{
    (void)state;
    struct rs_stored_run run = {
        .best_eval = 0.83186, .best_epoch = 11, .last_eval = NAN, .test_rmse = 0.9, .seconds = 2};
    assert_cell(&run, RS_FACT_BEST, "0.8319");
    assert_cell(&run, RS_FACT_AT, "11");
    assert_cell(&run, RS_FACT_LAST, "");
    assert_cell(&run, RS_FACT_TEST, "sealed");
    assert_cell(&run, RS_FACT_TIME, "2.0 s");
    run.label.test_opened = 1;
    run.seconds = 3599;
    assert_cell(&run, RS_FACT_TEST, "0.9000");
    assert_cell(&run, RS_FACT_TIME, "59 m 59 s");
    run.test_rmse = NAN; /* no test part: there is nothing to seal */
    run.seconds = 7260;
    assert_cell(&run, RS_FACT_TEST, "");
    assert_cell(&run, RS_FACT_TIME, "2 h 01 m");
    run = (struct rs_stored_run){.state = RS_RUN_DAMAGED, .best_eval = NAN};
    assert_cell(&run, RS_FACT_BEST, "");
    assert_cell(&run, RS_FACT_MODEL, "damaged");
}

static const char *titles(const struct rs_run_table *table)
{
    static char text[400];
    text[0] = '\0';
    for (size_t i = 0; i < table->count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? "," : "", table->column[i].title);
    return text;
}

static void columns_are_what_differs(void **state)
{
    (void)state;
    struct rs_error err = {0};
    struct rs_run_list list;
    struct rs_run_table table;
    bool changed;
    const struct rs_run_key best = {.fact = RS_FACT_BEST};
    make_run(&(struct made_run){.name = "a", .best = 0.9});
    make_run(&(struct made_run){.name = "b", .set = "model.dropout=0.5", .best = 0.8});
    make_run(&(struct made_run){.name = "c", .set = "model.dropout=0.5", .best = 0.8});
    assert_int_equal(rs_run_label_write(&(struct rs_run_label){.note = "twice"}, made_path("c"), &err), RS_OK);
    assert_int_equal(rs_run_list_open(&list, run_base, &err), RS_OK);
    assert_int_equal(rs_run_list_refresh(&list, &changed, &err), RS_OK);
    assert_int_equal(rs_run_list_show(&list, "", &best, false, &err), RS_OK);
    rs_run_table_build(&table, &list, false);
    assert_string_equal(titles(&table), "best eval,at,last eval,test,time,model,dropout,note");
    assert_int_equal(rs_run_rank(&list, list.shown[0]), 1);
    assert_int_equal(rs_run_rank(&list, list.shown[1]), 1);
    assert_int_equal(rs_run_rank(&list, list.shown[2]), 3);
    int two = table.column[0].width + 2 + table.column[1].width;
    assert_int_equal(rs_run_table_fit(&table, 0, two), 2);
    assert_int_equal(rs_run_table_fit(&table, 0, two - 1), 1);
    assert_int_equal(rs_run_table_fit(&table, 0, 1), 1); /* one is always shown, cut */
    assert_int_equal(rs_run_table_fit(&table, 6, 200), 2);
    assert_int_equal(rs_run_list_show(&list, "dropout=0.5", &best, false, &err), RS_OK);
    rs_run_table_build(&table, &list, false);
    assert_string_equal(titles(&table), "best eval,at,last eval,test,time,model,note");
    rs_run_list_free(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_say_what_is_known),
        cmocka_unit_test(columns_are_what_differs),
    };
    return cmocka_run_group_tests(tests, make_run_base, remove_run_base);
}
