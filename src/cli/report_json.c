/* --format=jsonl: one object a line. The spelling is a contract: scripts read it. */
#include <inttypes.h>

#include "recscope/experiment/columns.h"
#include "recscope/models/model.h"
#include "recscope/train/rows.h"
#include "report.h"

enum rs_status rs_json_text(struct rs_text *out, const char *name, const char *text, struct rs_error *err)
{
    enum rs_status status = rs_text_add(out, err, "\"%s\":\"", name);
    for (; *text && status == RS_OK; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            status = rs_text_add(out, err, "\\%c", c);
        else if (c < 0x20)
            status = rs_text_add(out, err, "\\u%04x", c);
        else
            status = rs_text_add_bytes(out, text, 1, err);
    }
    return status == RS_OK ? rs_text_add(out, err, "\"") : status;
}

static enum rs_status add_number(struct rs_text *out, const char *name, double value, struct rs_error *err)
{
    char number[RS_NUMBER_SIZE];
    if (!(value - value == 0)) /* JSON has no infinity: absent */
        return RS_OK;
    rs_format_number(number, value);
    return rs_text_add(out, err, ",\"%s\":%s", name, number);
}

static enum rs_status add_count(struct rs_text *out, const char *name, uint64_t value, struct rs_error *err)
{
    return rs_text_add(out, err, ",\"%s\":%" PRIu64, name, value);
}

static enum rs_status add_text(struct rs_text *out, const char *name, const char *text, struct rs_error *err)
{
    enum rs_status status = rs_text_add(out, err, ",");
    return status == RS_OK ? rs_json_text(out, name, text, err) : status;
}

static enum rs_status add_counts(struct rs_text *out, const struct rs_start_record *record, struct rs_error *err)
{
    const struct {
        const char *name;
        uint64_t value;
    } counts[] = {
        {"parameters", record->parameters},
        {"users", record->dataset->ratings.users},
        {"items", record->dataset->ratings.items},
        {"train", record->train},
        {"eval", record->eval},
        {"test", record->test},
        {rs_row_seed.key, (uint64_t)rs_integer(record->settings, &rs_row_seed)},
        {rs_row_split_seed.key, (uint64_t)rs_integer(record->settings, &rs_row_split_seed)},
    };
    enum rs_status status = RS_OK;
    for (size_t i = 0; i < sizeof counts / sizeof *counts && status == RS_OK; i++)
        status = add_count(out, counts[i].name, counts[i].value, err);
    return status;
}

static enum rs_status on_start(void *context, const struct rs_start_record *record, struct rs_error *err)
{
    struct rs_report *report = context;
    struct rs_text text = {0};
    const struct rs_ratings *ratings = &record->dataset->ratings;
    if (report->started)
        return RS_OK;
    report->started = true;
    enum rs_status status = rs_text_add(&text, err, "{\"event\":\"start\"");
    if (status == RS_OK)
        status = add_text(&text, "model", rs_string(record->settings, &rs_row_model), err);
    if (status == RS_OK)
        status = add_counts(&text, record, err);
    if (status == RS_OK)
        status = add_text(&text, "path", record->path, err);
    if (status == RS_OK)
        status = add_count(&text, "steps_per_epoch", record->steps_per_epoch, err);
    if (status == RS_OK)
        status = add_count(&text, "measured_train", record->measured_train, err);
    if (status == RS_OK)
        status = add_count(&text, "cold", record->cold, err);
    if (status == RS_OK)
        status = add_number(&text, "baseline_mean", record->baseline_mean, err);
    if (status == RS_OK)
        status = add_number(&text, "baseline_user_item", record->baseline_user_item, err);
    if (status == RS_OK && record->noise_floor > 0)
        status = add_number(&text, "noise_floor", record->noise_floor, err);
    if (status == RS_OK)
        status = add_text(&text, "data", ratings->name, err);
    if (status == RS_OK)
        status = add_text(&text, "data_hash", ratings->hash, err);
    if (status == RS_OK)
        status = add_text(&text, "split_hash", record->dataset->split_hash, err);
    if (status == RS_OK)
        status = rs_text_add(&text, err, "}\n");
    if (status == RS_OK)
        status = rs_report_write(report->out, &text, err);
    rs_text_free(&text);
    return status;
}

static enum rs_status on_epoch(void *context, const struct rs_epoch_record *record, struct rs_error *err)
{
    struct rs_report *report = context;
    struct rs_text text = {0};
    enum rs_status status = rs_text_add(&text, err, "{\"event\":\"epoch\"");
    for (size_t i = 0; i < rs_epoch_column_count && status == RS_OK; i++) {
        double value;
        if (rs_epoch_columns[i].get(record, &value))
            status = add_number(&text, rs_epoch_columns[i].name, value, err);
    }
    if (status == RS_OK && record->phase == RS_PHASE_REFIT)
        status = add_text(&text, RS_COLUMN_PHASE, rs_phase_name(record->phase), err);
    if (status == RS_OK)
        status = rs_text_add(&text, err, "}\n");
    if (status == RS_OK)
        status = rs_report_write(report->out, &text, err);
    rs_text_free(&text);
    return status;
}

static enum rs_status on_change(void *context, const struct rs_change_record *record, struct rs_error *err)
{
    struct rs_report *report = context;
    struct rs_text text = {0};
    enum rs_status status =
        rs_text_add(&text, err, "{\"event\":\"change\",\"step\":%" PRIu64 ",\"key\":\"%s.%s\",\"value\":\"%s\"}\n",
                    record->step, record->row->section, record->row->key, record->value);
    if (status == RS_OK)
        status = rs_report_write(report->out, &text, err);
    rs_text_free(&text);
    return status;
}

static enum rs_status add_done(struct rs_text *text, const struct rs_report *report,
                               const struct rs_done_record *record, struct rs_error *err)
{
    enum rs_status status = rs_text_add(text, err, "{\"event\":\"done\"");
    if (status == RS_OK)
        status = add_text(text, "reason", rs_reason_name(record->reason), err);
    if (status == RS_OK)
        status = add_count(text, "epochs", record->epochs, err);
    if (status == RS_OK && record->best_epoch > 0)
        status = add_count(text, "best_epoch", record->best_epoch, err);
    if (status == RS_OK && record->best_eval_rmse >= 0)
        status = add_number(text, "best_eval_rmse", record->best_eval_rmse, err);
    for (int m = 0; m < RS_METRICS && status == RS_OK; m++)
        if (record->metrics.has & (1u << m))
            status = add_number(text, rs_metric_name((enum rs_metric)m), record->metrics.value[m], err);
    if (status == RS_OK)
        status = add_number(text, "train_seconds", record->train_seconds, err);
    if (status == RS_OK)
        status = add_text(text, "weights_hash", record->weights_hash, err);
    if (status == RS_OK && record->advice[0])
        status = add_text(text, "advice", record->advice, err);
    if (status == RS_OK && report->run)
        status = add_text(text, "run", report->run, err);
    return status == RS_OK ? rs_text_add(text, err, "}\n") : status;
}

static enum rs_status on_done(void *context, const struct rs_done_record *record, struct rs_error *err)
{
    struct rs_report *report = context;
    struct rs_text text = {0};
    enum rs_status status = add_done(&text, report, record, err);
    if (status == RS_OK)
        status = rs_report_write(report->out, &text, err);
    rs_text_free(&text);
    return status;
}

struct rs_observer rs_report_json(struct rs_report *report)
{
    return (struct rs_observer){
        .context = report, .start = on_start, .epoch = on_epoch, .change = on_change, .done = on_done};
}
