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

struct columns {
    size_t epoch, step, cells, seconds, train, eval, rate, phase;
};

static struct columns find_columns(const struct rs_record *record)
{
    return (struct columns){
        .epoch = rs_record_column(record, "epoch"),
        .step = rs_record_column(record, "step"),
        .cells = rs_record_column(record, "cells"),
        .seconds = rs_record_column(record, "seconds"),
        .train = rs_record_column(record, rs_metric_name(RS_TRAIN_RMSE)),
        .eval = rs_record_column(record, rs_metric_name(RS_EVAL_RMSE)),
        .rate = rs_record_column(record, "lr"),
        .phase = rs_record_column(record, RS_COLUMN_PHASE),
    };
}

static double number(const struct rs_record *record, size_t line, size_t column)
{
    char text[RS_NUMBER_SIZE];
    double value;
    rs_record_field(record, line, column, text, sizeof text);
    return rs_parse_number(text, &value) ? value : NAN;
}

static bool is_search(const struct rs_record *record, size_t line, size_t column)
{
    char phase[16];
    rs_record_field(record, line, column, phase, sizeof phase);
    return strcmp(phase, rs_phase_name(RS_PHASE_REFIT)) != 0;
}

static enum rs_status allocate(struct rs_run_epochs *out, size_t count, struct rs_error *err)
{
    double **array[] = {&out->epoch, &out->step, &out->ratings, &out->seconds, &out->train, &out->eval, &out->rate};
    enum rs_status status = RS_OK;
    for (size_t i = 0; i < sizeof array / sizeof *array && status == RS_OK; i++)
        status = rs_alloc(array[i], count, sizeof **array[i], err);
    return status;
}

static enum rs_status gather(struct rs_run_epochs *out, const struct rs_record *record, struct rs_error *err)
{
    const struct columns at = find_columns(record);
    double ratings = 0;
    double seconds = 0;
    enum rs_status status = allocate(out, record->lines, err);
    for (size_t line = 1; line < record->lines && status == RS_OK; line++) {
        size_t i = out->count;
        if (!is_search(record, line, at.phase))
            continue;
        out->epoch[i] = number(record, line, at.epoch);
        out->step[i] = number(record, line, at.step);
        out->ratings[i] = ratings += number(record, line, at.cells);
        out->seconds[i] = seconds += number(record, line, at.seconds);
        out->train[i] = number(record, line, at.train);
        out->eval[i] = number(record, line, at.eval);
        out->rate[i] = number(record, line, at.rate);
        out->count++;
    }
    return status;
}

enum rs_status rs_run_epochs_read(struct rs_run_epochs *out, const char *folder, struct rs_error *err)
{
    *out = (struct rs_run_epochs){0};
    struct rs_record *record;
    enum rs_status status = rs_alloc(&record, 1, sizeof *record, err);
    if (status != RS_OK)
        return status;
    status = rs_record_read(record, folder, err);
    if (status == RS_OK)
        status = gather(out, record, err);
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
static void look_at_epochs(struct rs_stored_run *run, const struct rs_record *record)
{
    const struct columns at = find_columns(record);
    double seconds = 0;
    for (size_t line = 1; line < record->lines; line++) {
        double eval = number(record, line, at.eval);
        if (!is_search(record, line, at.phase))
            continue;
        run->epochs = number(record, line, at.epoch);
        run->last_eval = eval;
        seconds += number(record, line, at.seconds);
        if (eval < run->best_eval || (isnan(run->best_eval) && !isnan(eval))) {
            run->best_eval = eval;
            run->best_epoch = run->epochs;
        }
    }
    run->seconds = seconds;
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
    look_at_epochs(run, record);
    take_result(run, record);
    return keep_values(run, &record->settings, err);
}

enum rs_status rs_stored_run_read(struct rs_stored_run *out, const char *folder, struct rs_error *err)
{
    *out = (struct rs_stored_run){.best_eval = NAN,
                                  .best_epoch = NAN,
                                  .last_eval = NAN,
                                  .test_rmse = NAN,
                                  .test_mae = NAN,
                                  .seconds = NAN,
                                  .epochs = 0};
    struct rs_record *record;
    struct rs_error wrong = {0};
    if (!rs_copy_string(out->folder, sizeof out->folder, folder))
        return rs_fail(err, RS_IO, "%.200s...: the path is longer than %d bytes", folder, RS_PATH_SIZE - 1);
    const char *slash = strrchr(out->folder, '/');
    out->name = slash && slash[1] ? slash + 1 : out->folder;
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
    if (status != RS_OK) {
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
