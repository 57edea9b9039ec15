#include "recscope/experiment/columns.h"

static bool get_epoch(const struct rs_epoch_record *record, double *out)
{
    *out = (double)record->epoch;
    return true;
}

static bool get_step(const struct rs_epoch_record *record, double *out)
{
    *out = (double)record->step;
    return true;
}

static bool get_seconds(const struct rs_epoch_record *record, double *out)
{
    *out = record->seconds;
    return true;
}

static bool get_eval_seconds(const struct rs_epoch_record *record, double *out)
{
    *out = record->eval_seconds;
    return true;
}

static bool get_metric(const struct rs_epoch_record *record, enum rs_metric metric, double *out)
{
    *out = record->metrics.value[metric];
    return (record->metrics.has & (1u << metric)) != 0;
}

static bool get_train_rmse(const struct rs_epoch_record *record, double *out)
{
    return get_metric(record, RS_TRAIN_RMSE, out);
}

static bool get_eval_rmse(const struct rs_epoch_record *record, double *out)
{
    return get_metric(record, RS_EVAL_RMSE, out);
}

static bool get_eval_mae(const struct rs_epoch_record *record, double *out)
{
    return get_metric(record, RS_EVAL_MAE, out);
}

static bool get_learning_rate(const struct rs_epoch_record *record, double *out)
{
    *out = record->learning_rate;
    return record->epoch > 0;
}

static bool get_batch_loss(const struct rs_epoch_record *record, double *out)
{
    *out = record->batch_loss;
    return record->epoch > 0;
}

static bool get_weight_change(const struct rs_epoch_record *record, double *out)
{
    *out = record->weight_change;
    return record->epoch > 0 && record->weight_change >= 0;
}

static bool get_cells(const struct rs_epoch_record *record, double *out)
{
    *out = (double)record->cells;
    return true;
}

static bool get_best(const struct rs_epoch_record *record, double *out)
{
    *out = record->best;
    return true;
}

/* Test is measured once, at the end: it is no column of an epoch. */
const struct rs_epoch_column rs_epoch_columns[] = {
    {"epoch", true, get_epoch},           {"step", true, get_step},
    {"seconds", false, get_seconds},      {"eval_seconds", false, get_eval_seconds},
    {"train_rmse", true, get_train_rmse}, {"eval_rmse", true, get_eval_rmse},
    {"eval_mae", true, get_eval_mae},     {"lr", true, get_learning_rate},
    {"batch_loss", true, get_batch_loss}, {"weight_change", true, get_weight_change},
    {"cells", true, get_cells},           {"best", false, get_best},
};
const size_t rs_epoch_column_count = sizeof rs_epoch_columns / sizeof *rs_epoch_columns;

const char *rs_phase_name(enum rs_phase phase)
{
    return phase == RS_PHASE_REFIT ? "refit" : "search";
}

enum rs_status rs_epoch_csv_header(struct rs_text *out, struct rs_error *err)
{
    enum rs_status status = RS_OK;
    for (size_t i = 0; i < rs_epoch_column_count && status == RS_OK; i++)
        status = rs_text_add(out, err, "%s,", rs_epoch_columns[i].name);
    return status == RS_OK ? rs_text_add(out, err, RS_COLUMN_PHASE "\n") : status;
}

enum rs_status rs_epoch_csv(struct rs_text *out, const struct rs_epoch_record *record, struct rs_error *err)
{
    enum rs_status status = RS_OK;
    for (size_t i = 0; i < rs_epoch_column_count && status == RS_OK; i++) {
        double value;
        char number[RS_NUMBER_SIZE] = "";
        if (rs_epoch_columns[i].get(record, &value))
            rs_format_number(number, value);
        status = rs_text_add(out, err, "%s,", number);
    }
    return status == RS_OK ? rs_text_add(out, err, "%s\n", rs_phase_name(record->phase)) : status;
}
