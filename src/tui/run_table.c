#include "run_table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "recscope/base/text.h"
#include "recscope/experiment/preset.h"

#define BETWEEN      2
#define WIDEST_VALUE 24

static void format_time(char out[RS_CELL_SIZE], double seconds)
{
    if (seconds < 60)
        snprintf(out, RS_CELL_SIZE, "%.1f s", seconds);
    else if (seconds < 3600)
        snprintf(out, RS_CELL_SIZE, "%.0f m %02.0f s", floor(seconds / 60), floor(fmod(seconds, 60)));
    else
        snprintf(out, RS_CELL_SIZE, "%.0f h %02.0f m", floor(seconds / 3600), floor(fmod(seconds, 3600) / 60));
}

static void format_test(char out[RS_CELL_SIZE], const struct rs_stored_run *run)
{
    if (isnan(run->test_rmse))
        out[0] = '\0';
    else if (run->label.test_opened > 0)
        snprintf(out, RS_CELL_SIZE, "%.4f", run->test_rmse);
    else
        rs_copy_string(out, RS_CELL_SIZE, "sealed");
}

void rs_run_cell(char out[RS_CELL_SIZE], const struct rs_stored_run *run, const struct rs_run_column *column,
                 bool no_clock)
{
    const struct rs_run_key *key = &column->key;
    bool is_fact = !key->row && rs_run_key_is_number(key);
    double number = is_fact ? rs_run_number(run, key) : NAN;
    out[0] = '\0';
    if (run->state == RS_RUN_DAMAGED && !key->row && key->fact == RS_FACT_MODEL)
        rs_copy_string(out, RS_CELL_SIZE, rs_run_state_name(run->state)); /* its model is not known */
    else if (!is_fact)
        rs_copy_string(out, RS_CELL_SIZE, rs_run_text(run, key));
    else if (key->fact == RS_FACT_TEST)
        format_test(out, run);
    else if (isnan(number) || (key->fact == RS_FACT_TIME && no_clock))
        return;
    else if (key->fact == RS_FACT_TIME)
        format_time(out, number);
    else
        snprintf(out, RS_CELL_SIZE, key->fact == RS_FACT_AT ? "%.0f" : "%.4f", number);
}

static void add(struct rs_run_table *table, struct rs_run_key key, const char *title)
{
    table->column[table->count++] =
        (struct rs_run_column){.key = key, .title = title, .right = rs_run_key_is_number(&key)};
}

static void add_settings(struct rs_run_table *table, const struct rs_run_list *list)
{
    bool differs[RS_CONF_ROWS_MAX];
    rs_run_list_differing(list, differs);
    for (size_t i = 0; rs_all_rows[i]; i++)
        if (differs[i])
            add(table, (struct rs_run_key){.row = rs_all_rows[i]}, rs_all_rows[i]->key);
}

static bool has_text(const struct rs_run_list *list, enum rs_run_fact fact)
{
    for (size_t i = 0; i < list->shown_count; i++)
        if (rs_run_text(list->shown[i], &(struct rs_run_key){.fact = fact})[0])
            return true;
    return false;
}

void rs_run_table_build(struct rs_run_table *table, const struct rs_run_list *list, bool no_clock)
{
    char cell[RS_CELL_SIZE];
    table->count = 0;
    if (has_text(list, RS_FACT_TAG))
        add(table, (struct rs_run_key){.fact = RS_FACT_TAG}, "tag");
    add(table, (struct rs_run_key){.fact = RS_FACT_BEST}, "best eval");
    add(table, (struct rs_run_key){.fact = RS_FACT_AT}, "at");
    add(table, (struct rs_run_key){.fact = RS_FACT_LAST}, "last eval");
    add(table, (struct rs_run_key){.fact = RS_FACT_TEST}, "test");
    add(table, (struct rs_run_key){.fact = RS_FACT_TIME}, "time");
    add(table, (struct rs_run_key){.fact = RS_FACT_MODEL}, "model");
    add_settings(table, list);
    if (has_text(list, RS_FACT_NOTE))
        add(table, (struct rs_run_key){.fact = RS_FACT_NOTE}, "note");
    for (size_t c = 0; c < table->count; c++) {
        struct rs_run_column *column = &table->column[c];
        column->width = (int)strlen(column->title) + 1; /* and the mark of the order */
        for (size_t i = 0; i < list->shown_count; i++) {
            rs_run_cell(cell, list->shown[i], column, no_clock);
            int width = (int)strlen(cell);
            column->width = width > column->width ? width : column->width;
        }
        column->width = column->width > WIDEST_VALUE ? WIDEST_VALUE : column->width;
    }
}

size_t rs_run_rank(const struct rs_run_list *list, const struct rs_stored_run *run)
{
    size_t before = 0;
    if (isnan(run->best_eval))
        return 0;
    for (size_t i = 0; i < list->shown_count; i++)
        before += list->shown[i]->best_eval < run->best_eval;
    return before + 1;
}

size_t rs_run_table_fit(const struct rs_run_table *table, size_t first, int width)
{
    size_t count = 0;
    int used = 0;
    while (first + count < table->count) {
        used += table->column[first + count].width + (count ? BETWEEN : 0);
        if (used > width)
            break;
        count++;
    }
    return count ? count : 1;
}
