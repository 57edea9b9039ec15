#include "recscope/tui/export.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "curves.h"
#include "recscope/base/file.h"
#include "recscope/base/memory.h"
#include "recscope/base/text.h"
#include "recscope/experiment/preset.h"
#include "recscope/experiment/stored_run.h"
#include "recscope/experiment/verdict.h"
#include "recscope/models/model.h"
#include "recscope/plot/figure.h"
#include "recscope/train/rows.h"

/* Everything that is read of the runs, and the chart's store. */
struct gathered {
    struct rs_stored_run run;
    struct rs_run_epochs epochs;
    struct rs_settings first, settings;
    struct rs_curves curves;
};

static enum rs_status read_run(struct gathered *all, const char *folder, struct rs_error *err)
{
    rs_stored_run_free(&all->run);
    rs_run_epochs_free(&all->epochs);
    enum rs_status status = rs_stored_run_read(&all->run, folder, err);
    if (status == RS_OK && all->run.state == RS_RUN_DAMAGED)
        status = rs_fail(err, RS_USAGE, "%s: not a run that can be read: %s", folder, all->run.why);
    if (status == RS_OK)
        status = rs_stored_run_settings(&all->run, &all->settings, err);
    return status == RS_OK ? rs_run_epochs_read(&all->epochs, folder, err) : status;
}

/* The arrays become the curve's. */
static struct rs_curve curve_of(struct rs_run_epochs *epochs, const struct rs_stored_run *run)
{
    struct rs_curve curve = {.epoch = epochs->epoch,
                             .step = epochs->step,
                             .ratings = epochs->ratings,
                             .seconds = epochs->seconds,
                             .train = epochs->train,
                             .eval = epochs->eval,
                             .rate = epochs->rate,
                             .count = epochs->count,
                             .capacity = epochs->count,
                             .best = run->best_eval,
                             .best_epoch = run->best_epoch};
    return curve;
}

static enum rs_status add_run(struct gathered *all, size_t index, struct rs_error *err)
{
    char name[RS_GHOST_NAME];
    struct rs_curve curve = curve_of(&all->epochs, &all->run);
    if (index == 0) {
        all->first = all->settings;
        all->curves.now = curve;
        memset(&all->epochs, 0, sizeof all->epochs);
        return RS_OK;
    }
    rs_settings_difference(name, sizeof name, &all->settings, &all->first, true);
    return rs_curves_add_ghost(&all->curves, &curve, name[0] ? name : "same settings", err);
}

/* ---- chart ------------------------------------------------------------------------------------------------------- */

static enum rs_status chart_of(struct gathered *all, const struct rs_export_options *options, struct rs_chart *out,
                               struct rs_error *err)
{
    const struct rs_view view = {0};
    const char *label = rs_string(&all->first, &rs_row_reference_label);
    const struct rs_curves_facts facts = {.reference = rs_number(&all->first, &rs_row_reference_rmse),
                                          .reference_label = label[0] ? label : NULL,
                                          .colors = !rs_ends_in(options->path, ".txt")};
    return rs_curves_chart(&all->curves, &view, &facts, out, err);
}

static enum rs_status write_text(const struct rs_chart *chart, const struct rs_export_options *options,
                                 struct rs_error *err)
{
    struct rs_plot_cell *cells;
    struct rs_text text = {0};
    char glyph[4];
    enum rs_status status = rs_alloc(&cells, (size_t)options->rows * (size_t)options->columns, sizeof *cells, err);
    if (status != RS_OK)
        return status;
    rs_chart_draw(chart, options->utf8 ? RS_GLYPHS_BRAILLE : RS_GLYPHS_ASCII, options->rows, options->columns, cells);
    for (int row = 0; row < options->rows && status == RS_OK; row++) {
        const struct rs_plot_cell *line = &cells[row * options->columns];
        int end = options->columns;
        while (end > 0 && line[end - 1].glyph == ' ')
            end--;
        for (int column = 0; column < end && status == RS_OK; column++)
            status = rs_text_add_bytes(&text, glyph, rs_utf8_encode(glyph, line[column].glyph), err);
        if (status == RS_OK)
            status = rs_text_add(&text, err, "\n");
    }
    if (status == RS_OK)
        status = rs_file_write(options->path, text.data, text.length, err);
    rs_text_free(&text);
    rs_free(cells);
    return status;
}

static enum rs_status write_figure(const struct gathered *all, const struct rs_chart *chart,
                                   const struct rs_export_options *options, struct rs_error *err)
{
    char subtitle[512];
    const char *title = options->title ? options->title : rs_string(&all->first, &rs_row_title);
    const struct rs_figure_options figure = {.title = title[0] ? title : "recscope", .subtitle = subtitle};
    snprintf(subtitle, sizeof subtitle, "%s on %s, seed %s", rs_model_chosen(&all->first)->title, all->run.data,
             rs_string(&all->first, &rs_row_seed));
    return rs_figure_write(options->path, chart, &figure, err);
}

static enum rs_status export_chart(struct gathered *all, const char *const *folders, size_t count,
                                   const struct rs_export_options *options, struct rs_error *err)
{
    struct rs_chart chart;
    enum rs_status status = RS_OK;
    for (size_t i = 0; i < count && status == RS_OK; i++) {
        status = read_run(all, folders[i], err);
        if (status == RS_OK)
            status = add_run(all, i, err);
    }
    if (status == RS_OK)
        status = chart_of(all, options, &chart, err);
    if (status != RS_OK)
        return status;
    return rs_ends_in(options->path, ".txt") ? write_text(&chart, options, err)
                                             : write_figure(all, &chart, options, err);
}

/* ---- numbers ----------------------------------------------------------------------------------------------------- */

/* What was not measured is empty. */
static enum rs_status add_numbers(struct rs_text *text, const struct gathered *all, size_t at, struct rs_error *err)
{
    const struct rs_run_epochs *epochs = &all->epochs;
    const double values[] = {epochs->epoch[at], epochs->step[at], epochs->seconds[at],
                             epochs->train[at], epochs->eval[at], epochs->rate[at]};
    enum rs_status status = rs_text_add(text, err, "%s", all->run.name);
    for (size_t i = 0; i < sizeof values / sizeof *values && status == RS_OK; i++) {
        char number[RS_NUMBER_SIZE] = "";
        if (isfinite(values[i]))
            rs_format_number(number, values[i]);
        status = rs_text_add(text, err, ",%s", number);
    }
    return status == RS_OK ? rs_text_add(text, err, "\n") : status;
}

static enum rs_status export_numbers(struct gathered *all, const char *const *folders, size_t count,
                                     const struct rs_export_options *options, struct rs_error *err)
{
    struct rs_text text = {0};
    enum rs_status status = rs_text_add(&text, err, "run,epoch,step,train_seconds,train_rmse,eval_rmse,lr\n");
    for (size_t i = 0; i < count && status == RS_OK; i++) {
        status = read_run(all, folders[i], err);
        for (size_t k = 0; k < all->epochs.count && status == RS_OK; k++)
            status = add_numbers(&text, all, k, err);
    }
    if (status == RS_OK)
        status = rs_file_write(options->path, text.data, text.length, err);
    rs_text_free(&text);
    return status;
}

enum rs_status rs_export_runs(const char *const *folders, size_t count, const struct rs_export_options *options,
                              struct rs_error *err)
{
    bool numbers = rs_ends_in(options->path, ".csv");
    struct gathered *all;
    if (!numbers && !rs_ends_in(options->path, ".txt") && !rs_figure_knows(options->path))
        return rs_fail(err, RS_USAGE, "%s: it ends in none of .svg, .png, .pdf, .txt and .csv", options->path);
    if (count > RS_GHOSTS + 1)
        return rs_fail(err, RS_USAGE, "%zu runs: at most %d on one chart", count, RS_GHOSTS + 1);
    enum rs_status status = rs_alloc(&all, 1, sizeof *all, err);
    if (status != RS_OK)
        return status;
    status =
        numbers ? export_numbers(all, folders, count, options, err) : export_chart(all, folders, count, options, err);
    rs_stored_run_free(&all->run);
    rs_run_epochs_free(&all->epochs);
    rs_curves_free(&all->curves);
    rs_free(all);
    return status;
}
