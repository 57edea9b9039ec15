#include "recscope/experiment/stored_run.h"

#include <math.h>
#include <string.h>

#include "record_file.h"
#include "recscope/base/memory.h"
#include "recscope/base/text.h"
#include "recscope/experiment/columns.h"
#include "recscope/experiment/preset.h"
#include "recscope/models/model.h"
#include "run_files.h"

const char *rs_run_state_name(enum rs_run_state state)
{
    static const char *const names[] = {"finished", "unfinished", "damaged"};
    return names[state];
}

/* ---- epochs ------------------------------------------------------------------------------------------------------ */

enum column { EPOCH, STEP, CELLS, SECONDS, TRAIN, EVAL, RATE, PHASE, COLUMNS };

/* epochs.csv as it is being looked at. The first thing that is wrong with it stays in status and err, and all that is
 * asked behind it is absent. */
struct table {
    const struct rs_record *record;
    const char *folder;
    size_t column[COLUMNS];
    enum rs_status status;
    struct rs_error *err;
};

/* line: 0 is the header. */
static void spoil(struct table *table, size_t line, const char *what, const char *expected)
{
    if (table->status == RS_OK)
        table->status = rs_fail(table->err, RS_DATA, "%s/" RS_RUN_EPOCHS ":%zu: %.60s: %s", table->folder, line + 1,
                                what, expected);
}

static struct table open_table(const struct rs_record *record, const char *folder, struct rs_error *err)
{
    const char *const names[COLUMNS] = {
        [EPOCH] = "epoch",
        [STEP] = "step",
        [CELLS] = "cells",
        [SECONDS] = "seconds",
        [RATE] = "lr",
        [TRAIN] = rs_metric_name(RS_TRAIN_RMSE),
        [PHASE] = RS_COLUMN_PHASE,
        [EVAL] = rs_metric_name(RS_EVAL_RMSE),
    };
    struct table table = {.record = record, .folder = folder, .status = RS_OK, .err = err};
    for (size_t i = 0; i < COLUMNS; i++) {
        table.column[i] = rs_record_column(record, names[i]);
        if (table.column[i] == SIZE_MAX)
            spoil(&table, 0, names[i], "the header has no such column");
    }
    return table;
}

/* NaN where it was not measured. */
static double number(struct table *table, size_t line, enum column column)
{
    char text[RS_NUMBER_SIZE];
    double value;
    if (table->status != RS_OK)
        return NAN;
    rs_record_field(table->record, line, table->column[column], text, sizeof text);
    if (text[0] == '\0')
        return NAN;
    if (rs_parse_number(text, &value))
        return value;
    spoil(table, line, text, "not a number");
    return NAN;
}

/* Whether the line is of the search, not of a refit. A line that was cut short has no phase. */
static bool is_search(struct table *table, size_t line)
{
    char phase[16] = "";
    if (table->status == RS_OK)
        rs_record_field(table->record, line, table->column[PHASE], phase, sizeof phase);
    bool search = strcmp(phase, rs_phase_name(RS_PHASE_SEARCH)) == 0;
    if (!search && strcmp(phase, rs_phase_name(RS_PHASE_REFIT)) != 0)
        spoil(table, line, phase[0] ? phase : "no phase", "search or refit ends a line");
    return search;
}

static enum rs_status allocate(struct rs_run_epochs *out, size_t count, struct rs_error *err)
{
    double **array[] = {&out->epoch, &out->step, &out->ratings, &out->seconds, &out->train, &out->eval, &out->rate};
    enum rs_status status = RS_OK;
    for (size_t i = 0; i < sizeof array / sizeof *array && status == RS_OK; i++)
        status = rs_alloc(array[i], count, sizeof **array[i], err);
    return status;
}

static enum rs_status gather(struct rs_run_epochs *out, struct table *table)
{
    double ratings = 0;
    double seconds = 0;
    size_t lines = table->record->lines;
    enum rs_status status = allocate(out, lines, table->err);
    for (size_t line = 1; line < lines && status == RS_OK; line++) {
        size_t i = out->count;
        if (!is_search(table, line))
            continue;
        out->epoch[i] = number(table, line, EPOCH);
        out->step[i] = number(table, line, STEP);
        out->ratings[i] = ratings += number(table, line, CELLS);
        out->seconds[i] = seconds += number(table, line, SECONDS);
        out->train[i] = number(table, line, TRAIN);
        out->eval[i] = number(table, line, EVAL);
        out->rate[i] = number(table, line, RATE);
        out->count++;
    }
    return status == RS_OK ? table->status : status;
}

enum rs_status rs_run_epochs_read(struct rs_run_epochs *out, const char *folder, struct rs_error *err)
{
    *out = (struct rs_run_epochs){0};
    struct rs_record *record;
    enum rs_status status = rs_alloc(&record, 1, sizeof *record, err);
    if (status != RS_OK)
        return status;
    status = rs_record_read(record, folder, err);
    if (status == RS_OK) {
        struct table table = open_table(record, folder, err);
        status = gather(out, &table);
    }
    rs_record_free(record);
    rs_free(record);
    return status;
}

void rs_run_epochs_free(struct rs_run_epochs *epochs)
{
    double *const array[] = {epochs->epoch, epochs->step, epochs->ratings, epochs->seconds,
                             epochs->train, epochs->eval, epochs->rate};
    for (size_t i = 0; i < sizeof array / sizeof *array; i++)
        rs_free(array[i]);
    *epochs = (struct rs_run_epochs){0};
}

/* ---- the run ----------------------------------------------------------------------------------------------------- */

/* Settings are large, their texts are not: a list of many runs keeps the texts. */
static enum rs_status keep_values(struct rs_stored_run *run, const struct rs_settings *settings, struct rs_error *err)
{
    size_t length = 0;
    for (size_t i = 0; i < settings->count; i++)
        length += strlen(settings->value[i].text) + 1;
    enum rs_status status = rs_alloc(&run->texts, length, 1, err);
    if (status == RS_OK)
        status = rs_alloc(&run->value, settings->count, sizeof *run->value, err);
    if (status != RS_OK)
        return status;
    char *at = run->texts;
    for (size_t i = 0; i < settings->count; i++) {
        size_t size = strlen(settings->value[i].text) + 1;
        memcpy(at, settings->value[i].text, size);
        run->value[i] = rs_row_applies(settings, settings->rows[i]) ? at : NULL;
        at += size;
    }
    return RS_OK;
}

/* What the epochs say, so that a run that did not come to its end has its best value too. */
static enum rs_status look_at_epochs(struct rs_stored_run *run, const struct rs_record *record, struct rs_error *err)
{
    struct table table = open_table(record, run->folder, err);
    double seconds = 0;
    for (size_t line = 1; line < record->lines && table.status == RS_OK; line++) {
        if (!is_search(&table, line))
            continue;
        double eval = number(&table, line, EVAL);
        run->epochs = number(&table, line, EPOCH);
        run->last_eval = eval;
        seconds += number(&table, line, SECONDS);
        if (eval < run->best_eval || (isnan(run->best_eval) && !isnan(eval))) {
            run->best_eval = eval;
            run->best_epoch = run->epochs;
        }
    }
    run->seconds = seconds;
    return table.status;
}

static void take_result(struct rs_stored_run *run, const struct rs_record *record)
{
    rs_copy_string(run->parent, sizeof run->parent, record->parent);
    run->parent_epoch = record->parent_epoch;
    rs_copy_string(run->reason, sizeof run->reason, record->reason);
    run->test_rmse = record->test_rmse;
    run->test_mae = record->test_mae;
    if (!isnan(record->best_eval)) {
        run->best_eval = record->best_eval;
        run->best_epoch = record->best_epoch;
    }
    if (!isnan(record->train_seconds))
        run->seconds = record->train_seconds;
}

static enum rs_status take_record(struct rs_stored_run *run, const struct rs_record *record, struct rs_error *err)
{
    const struct rs_provenance *from = &record->provenance;
    rs_copy_string(run->data, sizeof run->data, from->value[RS_PROVENANCE_DATA]);
    rs_copy_string(run->data_hash, sizeof run->data_hash, from->value[RS_PROVENANCE_DATA_HASH]);
    rs_copy_string(run->split_hash, sizeof run->split_hash, from->value[RS_PROVENANCE_SPLIT_HASH]);
    rs_copy_string(run->date, sizeof run->date, from->value[RS_PROVENANCE_DATE]);
    run->changes = record->changes;
    run->state = record->reason[0] ? RS_RUN_FINISHED : RS_RUN_UNFINISHED;
    enum rs_status status = look_at_epochs(run, record, err);
    take_result(run, record);
    return status == RS_OK ? keep_values(run, &record->settings, err) : status;
}

/* A run of which nothing is known but where it is. */
static void begin(struct rs_stored_run *out, const char *folder)
{
    *out = (struct rs_stored_run){.best_eval = NAN,
                                  .best_epoch = NAN,
                                  .last_eval = NAN,
                                  .test_rmse = NAN,
                                  .test_mae = NAN,
                                  .seconds = NAN,
                                  .epochs = 0};
    rs_copy_string(out->folder, sizeof out->folder, folder);
    const char *slash = strrchr(out->folder, '/');
    out->name = slash && slash[1] ? slash + 1 : out->folder;
}

enum rs_status rs_stored_run_read(struct rs_stored_run *out, const char *folder, struct rs_error *err)
{
    struct rs_record *record;
    struct rs_error wrong = {0};
    begin(out, folder);
    if (strlen(folder) >= sizeof out->folder)
        return rs_fail(err, RS_IO, "%.200s...: the path is longer than %d bytes", folder, RS_PATH_SIZE - 1);
    enum rs_status status = rs_alloc(&record, 1, sizeof *record, err);
    if (status != RS_OK)
        return status;
    status = rs_record_read(record, folder, &wrong);
    if (status == RS_OK)
        status = take_record(out, record, &wrong);
    if (status == RS_OK)
        status = rs_run_label_read(&out->label, folder, &wrong);
    rs_record_free(record);
    rs_free(record);
    if (status == RS_MEMORY)
        return rs_fail(err, status, "%s", wrong.message);
    if (status != RS_OK) { /* half of a run would look like a whole one */
        rs_stored_run_free(out);
        begin(out, folder);
        out->state = RS_RUN_DAMAGED;
        rs_copy_string(out->why, sizeof out->why, wrong.message);
    }
    return RS_OK;
}

void rs_stored_run_free(struct rs_stored_run *run)
{
    rs_free(run->value);
    rs_free(run->texts);
    *run = (struct rs_stored_run){0};
}

enum rs_status rs_stored_run_settings(const struct rs_stored_run *run, struct rs_settings *out, struct rs_error *err)
{
    char path[RS_PATH_SIZE];
    enum rs_status status = rs_path_join(path, sizeof path, run->folder, RS_RUN_INI, err);
    return status == RS_OK ? rs_preset_read(out, path, err) : status;
}

const char *rs_stored_run_value(const struct rs_stored_run *run, const struct rs_conf_row *row)
{
    for (size_t i = 0; rs_all_rows[i] && run->value; i++)
        if (rs_all_rows[i] == row)
            return run->value[i];
    return NULL;
}
