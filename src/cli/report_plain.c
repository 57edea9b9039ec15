/* --format=plain: for people. A header, one aligned line an epoch, a summary. */
#include <inttypes.h>

#include "recscope/experiment/preset.h"
#include "recscope/models/model.h"
#include "recscope/train/rows.h"
#include "report.h"

#define BOLD  "\033[1m"
#define DIM   "\033[2m"
#define PLAIN "\033[0m"

static const char *style(const struct rs_report *report, const char *code)
{
    return report->color ? code : "";
}

static enum rs_status finish(struct rs_report *report, struct rs_text *text, enum rs_status status,
                             struct rs_error *err)
{
    if (status == RS_OK)
        status = rs_report_write(report->out, text, err);
    rs_text_free(text);
    return status;
}

static enum rs_status add_header(struct rs_text *text, const struct rs_report *report,
                                 const struct rs_start_record *record, struct rs_error *err)
{
    const struct rs_settings *settings = record->settings;
    const struct rs_ratings *ratings = &record->dataset->ratings;
    const char *title = rs_string(settings, &rs_row_title);
    enum rs_status status = RS_OK;
    if (*title)
        status = rs_text_add(text, err, "%s%s%s\n", style(report, BOLD), title, style(report, PLAIN));
    if (status == RS_OK)
        status =
            rs_text_add(text, err, "%s on %s: %" PRIu32 " users x %" PRIu32 " items, %" PRIu64 " weights, %s path\n",
                        rs_model_find(rs_string(settings, &rs_row_model))->title, ratings->name, ratings->users,
                        ratings->items, record->parameters, record->path);
    if (status == RS_OK)
        status = rs_text_add(text, err,
                             "train %" PRIu64 ", eval %" PRIu64 ", test %" PRIu64 " ratings (%" PRIu64
                             " cold), %" PRIu64 " steps an epoch, seed %s, split seed %s\n",
                             record->train, record->eval, record->test, record->cold, record->steps_per_epoch,
                             rs_string(settings, &rs_row_seed), rs_string(settings, &rs_row_split_seed));
    return status == RS_OK
               ? rs_text_add(text, err, "%s%6s %9s %11s %11s %11s %10s %9s%s\n", style(report, DIM), "epoch", "step",
                             "train RMSE", "eval RMSE", "eval MAE", "lr", "seconds", style(report, PLAIN))
               : status;
}

static enum rs_status on_start(void *context, const struct rs_start_record *record, struct rs_error *err)
{
    struct rs_report *report = context;
    struct rs_text text = {0};
    bool refit = record->phase == RS_PHASE_REFIT;
    bool first = !report->started;
    report->started = true;
    if (first) { /* the summary is about the search */
        report->baseline_mean = record->baseline_mean;
        report->baseline_user_item = record->baseline_user_item;
        report->noise_floor = record->noise_floor;
        report->has_eval = record->eval > 0;
        report->has_test = record->test > 0;
    }
    if (report->quiet || !(first || refit))
        return RS_OK;
    enum rs_status status =
        refit ? rs_text_add(&text, err, "refit on train and eval: %" PRIu64 " ratings\n", record->train)
              : add_header(&text, report, record, err);
    return finish(report, &text, status, err);
}

static enum rs_status add_metric(struct rs_text *text, const struct rs_metrics *metrics, enum rs_metric metric,
                                 struct rs_error *err)
{
    if (!(metrics->has & (1u << metric)))
        return rs_text_add(text, err, " %11s", "-");
    return rs_text_add(text, err, " %11.5f", metrics->value[metric]);
}

static enum rs_status on_epoch(void *context, const struct rs_epoch_record *record, struct rs_error *err)
{
    struct rs_report *report = context;
    struct rs_text text = {0};
    const struct rs_metrics *metrics = &record->metrics;
    if (report->quiet)
        return RS_OK;
    enum rs_status status = rs_text_add(&text, err, "%6" PRIu64 " %9" PRIu64, record->epoch, record->step);
    if (status == RS_OK)
        status = add_metric(&text, metrics, RS_TRAIN_RMSE, err);
    if (status == RS_OK)
        status = add_metric(&text, metrics, RS_EVAL_RMSE, err);
    if (status == RS_OK)
        status = add_metric(&text, metrics, RS_EVAL_MAE, err);
    if (status == RS_OK)
        status = rs_text_add(&text, err, " %10.4g %9.3f%s%s%s\n", record->learning_rate, record->seconds,
                             record->best ? style(report, BOLD) : "", record->best ? " *" : "",
                             record->best ? style(report, PLAIN) : "");
    return finish(report, &text, status, err);
}

static enum rs_status on_change(void *context, const struct rs_change_record *record, struct rs_error *err)
{
    struct rs_report *report = context;
    struct rs_text text = {0};
    if (report->quiet)
        return RS_OK;
    enum rs_status status = rs_text_add(&text, err, "before step %" PRIu64 ": %s.%s = %s\n", record->step,
                                        record->row->section, record->row->key, record->value);
    return finish(report, &text, status, err);
}

static enum rs_status add_context(struct rs_text *text, const struct rs_report *report, struct rs_error *err)
{
    const struct rs_settings *settings = report->settings;
    double reference = rs_number(settings, &rs_row_reference_rmse);
    enum rs_status status = RS_OK;
    if (report->has_eval || report->has_test)
        status = rs_text_add(text, err, "baselines:  global mean %.5f, user mean + item mean %.5f (%s)\n",
                             report->baseline_mean, report->baseline_user_item, report->has_eval ? "eval" : "test");
    if (status == RS_OK && report->noise_floor > 0)
        status = rs_text_add(text, err, "noise:      %.5f, what no model can go below\n", report->noise_floor);
    if (status == RS_OK && reference > 0)
        status =
            rs_text_add(text, err, "reference:  %s  %s (%s)\n", rs_string(settings, &rs_row_reference_rmse),
                        rs_string(settings, &rs_row_reference_label), rs_string(settings, &rs_row_reference_source));
    if (status == RS_OK && report->run)
        status = rs_text_add(text, err, "run:        %s\n", report->run);
    return status;
}

static enum rs_status on_done(void *context, const struct rs_done_record *record, struct rs_error *err)
{
    static const char *const reasons[] = {
        [RS_REASON_EPOCHS] = "all epochs done",
        [RS_REASON_PATIENCE] = "no better eval RMSE within the patience",
        [RS_REASON_TOLERANCE] = "the weights changed by less than the tolerance",
        [RS_REASON_STOPPED] = "stopped by hand",
        [RS_REASON_DIVERGED] = "diverged",
    };
    struct rs_report *report = context;
    struct rs_text text = {0};
    const struct rs_metrics *metrics = &record->metrics;
    enum rs_status status =
        rs_text_add(&text, err, "%s%s: %" PRIu64 " epochs, %.2f s of training\n", report->quiet ? "" : "\n",
                    reasons[record->reason], record->epochs, record->train_seconds);
    if (status == RS_OK && record->best_epoch > 0 && record->best_eval_rmse >= 0)
        status = rs_text_add(&text, err, "best epoch: %" PRIu64 ", eval RMSE %.5f\n", record->best_epoch,
                             record->best_eval_rmse);
    if (status == RS_OK && (metrics->has & (1u << RS_TEST_RMSE)))
        status = rs_text_add(&text, err, "%stest:       RMSE %.5f, MAE %.5f%s\n", style(report, BOLD),
                             metrics->value[RS_TEST_RMSE], metrics->value[RS_TEST_MAE], style(report, PLAIN));
    if (status == RS_OK)
        status = add_context(&text, report, err);
    return finish(report, &text, status, err);
}

struct rs_observer rs_report_plain(struct rs_report *report)
{
    return (struct rs_observer){
        .context = report, .start = on_start, .epoch = on_epoch, .change = on_change, .done = on_done};
}
