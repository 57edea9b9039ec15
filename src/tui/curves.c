#include "curves.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "recscope/base/memory.h"

#define LEAST_EPOCHS 10 /* of the x axis, so that the first points do not jump about */

static enum rs_status make_room(struct rs_curve *curve, struct rs_error *err)
{
    if (curve->count < curve->capacity)
        return RS_OK;
    size_t more = curve->capacity ? 2 * curve->capacity : 256;
    enum rs_status status = rs_grow(&curve->epoch, curve->capacity, more, sizeof *curve->epoch, err);
    if (status == RS_OK)
        status = rs_grow(&curve->train, curve->capacity, more, sizeof *curve->train, err);
    if (status == RS_OK)
        status = rs_grow(&curve->eval, curve->capacity, more, sizeof *curve->eval, err);
    if (status == RS_OK)
        curve->capacity = more;
    return status;
}

static double metric(const struct rs_epoch_record *record, enum rs_metric which)
{
    return record->metrics.has & 1u << which ? record->metrics.value[which] : NAN;
}

enum rs_status rs_curves_add_epoch(struct rs_curves *curves, const struct rs_epoch_record *record, struct rs_error *err)
{
    struct rs_curve *curve = &curves->now;
    enum rs_status status = make_room(curve, err);
    if (status != RS_OK)
        return status;
    size_t at = curve->count++;
    curve->epoch[at] = (double)record->epoch;
    curve->train[at] = metric(record, RS_TRAIN_RMSE);
    curve->eval[at] = metric(record, RS_EVAL_RMSE);
    if (at == 0)
        curve->best = curve->best_epoch = NAN;
    if (record->epoch > 0 && isfinite(curve->eval[at]) && !(curve->eval[at] >= curve->best)) {
        curve->best = curve->eval[at];
        curve->best_epoch = curve->epoch[at];
    }
    return RS_OK;
}

/* Half as many points: of each four the least and the greatest, in their order, so that no spike is lost. */
static void thin(struct rs_curves *curves)
{
    size_t kept = 0;
    for (size_t i = 0; i + 4 <= curves->batches; i += 4) {
        size_t low = i;
        size_t high = i;
        for (size_t k = i + 1; k < i + 4; k++) {
            low = curves->batch_y[k] < curves->batch_y[low] ? k : low;
            high = curves->batch_y[k] >= curves->batch_y[high] ? k : high;
        }
        size_t pair[2] = {low < high ? low : high, low < high ? high : low};
        for (size_t k = 0; k < 2; k++, kept++) {
            curves->batch_x[kept] = curves->batch_x[pair[k]];
            curves->batch_y[kept] = curves->batch_y[pair[k]];
        }
    }
    curves->batches = kept;
}

enum rs_status rs_curves_add_batch(struct rs_curves *curves, const struct rs_batch_record *record,
                                   uint64_t steps_per_epoch, struct rs_error *err)
{
    if (curves->batch_capacity == 0) {
        enum rs_status status = rs_alloc(&curves->batch_x, RS_BATCHES_MOST, sizeof *curves->batch_x, err);
        if (status == RS_OK)
            status = rs_alloc(&curves->batch_y, RS_BATCHES_MOST, sizeof *curves->batch_y, err);
        if (status != RS_OK)
            return status;
        curves->batch_capacity = RS_BATCHES_MOST;
    }
    if (curves->batches == curves->batch_capacity)
        thin(curves);
    size_t at = curves->batches++;
    curves->batch_x[at] = (double)record->step / (double)(steps_per_epoch ? steps_per_epoch : 1);
    curves->batch_y[at] = sqrt(record->loss);
    return RS_OK;
}

static void free_curve(struct rs_curve *curve)
{
    rs_free(curve->epoch);
    rs_free(curve->train);
    rs_free(curve->eval);
    memset(curve, 0, sizeof *curve);
}

void rs_curves_drop(struct rs_curves *curves, size_t ghost)
{
    size_t behind = curves->ghosts - ghost - 1;
    free_curve(&curves->ghost[ghost]);
    memmove(&curves->ghost[ghost], &curves->ghost[ghost + 1], behind * sizeof *curves->ghost);
    curves->ghosts--;
}

void rs_curves_begin(struct rs_curves *curves, bool keep)
{
    if (keep) {
        if (curves->ghosts == RS_GHOSTS)
            rs_curves_drop(curves, 0);
        curves->ghost[curves->ghosts++] = curves->now;
        memset(&curves->now, 0, sizeof curves->now);
    }
    free_curve(&curves->now);
    curves->batches = 0;
}

void rs_curves_unpin(struct rs_curves *curves)
{
    while (curves->ghosts > 0)
        free_curve(&curves->ghost[--curves->ghosts]);
}

void rs_curves_free(struct rs_curves *curves)
{
    rs_curves_unpin(curves);
    free_curve(&curves->now);
    rs_free(curves->batch_x);
    rs_free(curves->batch_y);
    memset(curves, 0, sizeof *curves);
}

/* ---- chart ------------------------------------------------------------------------------------------------------- */

/* The x axis grows in few steps, so that the picture stands still most of the time. */
static double round_up(double epochs)
{
    static const double factors[] = {1, 1.5, 2, 3, 4, 5, 6, 8, 10};
    double power = pow(10, floor(log10(epochs)));
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++)
        if (factors[i] * power >= epochs)
            return factors[i] * power;
    return epochs;
}

static double last_epoch(const struct rs_curve *curve)
{
    return curve->count > 0 ? curve->epoch[curve->count - 1] : 0;
}

static double end_of_x(const struct rs_curves *curves, const struct rs_chart_wish *wish)
{
    double last = last_epoch(&curves->now);
    double end = round_up(fmax(last, LEAST_EPOCHS));
    if (wish->epochs_most >= 1 && end > wish->epochs_most)
        end = fmax(wish->epochs_most, last);
    for (size_t i = 0; i < curves->ghosts; i++)
        end = fmax(end, last_epoch(&curves->ghost[i]));
    return end;
}

/* Without colours the dashes tell lines apart: eval is solid, train dashed, pinned runs are dotted. */
static size_t add_run(struct rs_curves *curves, size_t at, const struct rs_curve *run, bool ghost, bool colors,
                      const char *train, const char *eval)
{
    int of_ghosts = colors ? 2 : 3;
    curves->series[at++] = (struct rs_plot_series){.name = train,
                                                   .x = run->epoch,
                                                   .y = run->train,
                                                   .count = run->count,
                                                   .role = ghost ? RS_PLOT_GHOST_PRIMARY : RS_PLOT_PRIMARY,
                                                   .fit = true,
                                                   .dash = ghost    ? of_ghosts
                                                           : colors ? 0
                                                                    : 2,
                                                   .glyph = ghost ? ',' : 'o'};
    curves->series[at++] = (struct rs_plot_series){.name = eval,
                                                   .x = run->epoch,
                                                   .y = run->eval,
                                                   .count = run->count,
                                                   .role = ghost ? RS_PLOT_GHOST_SECONDARY : RS_PLOT_SECONDARY,
                                                   .fit = true,
                                                   .dash = ghost ? of_ghosts : 0,
                                                   .glyph = ghost ? ':' : '*'};
    return at;
}

static size_t add_lines(struct rs_curves *curves, const struct rs_chart_wish *wish)
{
    const struct rs_plot_line all[] = {{"mean", wish->mean, RS_PLOT_BASELINE},
                                       {"user+item", wish->user_item, RS_PLOT_BASELINE},
                                       {"noise floor", wish->floor, RS_PLOT_FLOOR},
                                       {"published", wish->reference, RS_PLOT_REFERENCE}};
    size_t count = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (isfinite(all[i].y) && all[i].y > 0)
            curves->lines[count++] = all[i];
    return count;
}

struct rs_chart rs_curves_chart(struct rs_curves *curves, const struct rs_chart_wish *wish)
{
    const struct rs_curve *now = &curves->now;
    size_t count = 0;
    if (wish->batch_loss && curves->batches > 0) {
        curves->series[count] = (struct rs_plot_series){.name = "batch",
                                                        .x = curves->batch_x,
                                                        .y = curves->batch_y,
                                                        .count = curves->batches,
                                                        .role = RS_PLOT_NOISE,
                                                        .fit = now->count == 0,
                                                        .glyph = '.'};
        count++;
    }
    for (size_t i = 0; i < curves->ghosts; i++)
        count = add_run(curves, count, &curves->ghost[i], true, wish->colors, NULL, curves->ghost_name[i]);
    if (now->count > 0)
        count = add_run(curves, count, now, false, wish->colors, "train", "eval");
    struct rs_chart chart = {.x = {"epoch", true, 0, end_of_x(curves, wish)},
                             .y = {"RMSE", false, 0, 0},
                             .series = curves->series,
                             .series_count = count,
                             .lines = curves->lines,
                             .line_count = add_lines(curves, wish)};
    if (now->count > 0 && isfinite(now->best)) {
        snprintf(curves->mark_label, sizeof curves->mark_label, "best %.4f at %.0f", now->best, now->best_epoch);
        curves->mark = (struct rs_plot_mark){curves->mark_label, now->best_epoch, now->best, RS_PLOT_BEST};
        chart.marks = &curves->mark;
        chart.mark_count = 1;
    }
    if (wish->cursor && wish->cursor_at < now->count) {
        chart.cursor = true;
        chart.cursor_x = now->epoch[wish->cursor_at];
    }
    return chart;
}
