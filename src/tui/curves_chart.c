/* The store of curves and a view of it become a chart. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "curves.h"
#include "recscope/base/memory.h"

#define LEAST_EPOCHS 10   /* of the x axis, so that the first points do not jump about */
#define AHEAD        0.02 /* of the width, between the newest sample and the right end, where the view follows */
#define THICK        3    /* dots, on a projector */

/* What a chart is being built from and into. */
struct build {
    struct rs_curves *curves;
    const struct rs_view *view;
    const struct rs_curves_facts *facts;
    size_t series, used; /* of curves->series, of curves->scratch */
};

static double *take(struct build *build, size_t count)
{
    double *out = build->curves->scratch + build->used;
    build->used += count;
    return out;
}

/* An upper bound of what take() will be asked for: 8 values a sample (a band's x, median, low and high, its x on
 * another axis, and what is smoothed), 2 a batch. */
static enum rs_status reserve(struct rs_curves *curves, struct rs_error *err)
{
    size_t samples = curves->now.count;
    for (size_t i = 0; i < curves->ghosts; i++)
        samples += curves->ghost[i].curve.count;
    size_t wanted = 8 * samples + 2 * curves->batches + 1;
    if (wanted <= curves->scratch_size)
        return RS_OK;
    wanted *= 2;
    enum rs_status status = rs_grow(&curves->scratch, curves->scratch_size, wanted, sizeof *curves->scratch, err);
    if (status == RS_OK)
        curves->scratch_size = wanted;
    return status;
}

/* ---- series ------------------------------------------------------------------------------------------------------ */

static const double *axis_of(const struct rs_curve *run, enum rs_x_kind kind)
{
    const double *const axes[RS_X_KINDS] = {run->epoch, run->step, run->ratings, run->seconds};
    return axes[kind];
}

/* Append a series; smoothed where the view wants it, with the raw values behind it if they are to be seen. The first
 * `skip` values are no part of the smoothing: an untrained model would pull the next epochs up. */
static void add(struct build *build, struct rs_plot_series series, size_t skip, bool raw)
{
    double weight = rs_view_weights[build->view->smoothing];
    if (weight > 0 && series.count > 0) {
        double *smooth = take(build, series.count);
        memcpy(smooth, series.y, skip * sizeof *smooth);
        rs_smooth(series.y + skip, series.count - skip, weight, smooth + skip);
        series.raw = raw ? series.y : NULL;
        series.y = smooth;
    }
    build->curves->series[build->series++] = series;
}

static size_t untrained(const double *epoch, size_t count)
{
    return count > 0 && epoch[0] == 0;
}

static void add_batches(struct build *build)
{
    struct rs_curves *curves = build->curves;
    double *x = take(build, curves->batches);
    for (size_t i = 0; i < curves->batches; i++)
        x[i] = rs_curve_convert(&curves->now, RS_X_STEPS, build->view->x, curves->batch_step[i]);
    add(build,
        (struct rs_plot_series){.name = "batch",
                                .x = x,
                                .y = curves->batch_loss,
                                .count = curves->batches,
                                .role = RS_PLOT_NOISE,
                                .fit = curves->now.count == 0,
                                .glyph = '.'},
        0, true);
}

static void add_line(struct build *build, const struct rs_curve *run, const double *values, struct rs_plot_series looks)
{
    looks.x = axis_of(run, build->view->x);
    looks.y = values;
    looks.count = run->count;
    looks.fit = true;
    add(build, looks, untrained(run->epoch, run->count), run == &build->curves->now);
}

static void add_now(struct build *build)
{
    const struct rs_curve *now = &build->curves->now;
    int thick = build->view->thick ? THICK : 1;
    add_line(build, now, now->train,
             (struct rs_plot_series){.name = "train",
                                     .role = RS_PLOT_PRIMARY,
                                     .dash = build->facts->colors ? RS_DASH_SOLID : RS_DASH_DASHED,
                                     .thick = thick,
                                     .glyph = 'o'});
    add_line(build, now, now->eval,
             (struct rs_plot_series){.name = "eval", .role = RS_PLOT_SECONDARY, .thick = thick, .glyph = '*'});
}

/* Colour, dash and character stay with a ghost as long as it is there. */
static struct rs_plot_series looks_of(const struct build *build, const struct rs_ghost *ghost)
{
    static const enum rs_plot_dash dashes[] = {RS_DASH_SHORT,        RS_DASH_DASH_DOT, RS_DASH_LONG,
                                               RS_DASH_DASH_DOT_DOT, RS_DASH_DASHED,   RS_DASH_DOTTED};
    unsigned which = ghost->serial % RS_PLOT_RUN_ROLES;
    return (struct rs_plot_series){.name = ghost->name,
                                   .role = (enum rs_plot_role)(RS_PLOT_GHOST_SECONDARY + which),
                                   .dash = dashes[which],
                                   .thick = build->view->thick ? THICK - 1 : 1,
                                   .glyph = (char)('1' + ghost->serial % 9)};
}

/* The newest ghost shows its train curve too. */
static void add_ghost(struct build *build, size_t at)
{
    const struct rs_ghost *ghost = &build->curves->ghost[at];
    if (at + 1 == build->curves->ghosts)
        add_line(
            build, &ghost->curve, ghost->curve.train,
            (struct rs_plot_series){.role = RS_PLOT_GHOST_PRIMARY, .dash = RS_DASH_DOTTED, .thick = 1, .glyph = ','});
    add_line(build, &ghost->curve, ghost->curve.eval, looks_of(build, ghost));
}

/* All runs of the group of this ghost, the newest of them, as one median with a band. */
static void add_group(struct build *build, size_t at)
{
    struct rs_curves *curves = build->curves;
    const struct rs_ghost *newest = &curves->ghost[at];
    const struct rs_curve *runs[RS_GHOSTS + 1];
    size_t count = 0;
    size_t samples = 0;
    for (size_t i = 0; i <= curves->ghosts; i++) {
        const struct rs_curve *run = i < curves->ghosts ? &curves->ghost[i].curve : &curves->now;
        if (run->group != newest->curve.group)
            continue;
        runs[count++] = run;
        samples += run->count;
    }
    double *x = take(build, samples);
    double *median = take(build, samples);
    double *low = take(build, samples);
    double *high = take(build, samples);
    size_t epochs = rs_curves_band(runs, count, x, median, low, high);
    size_t skip = untrained(x, epochs);
    for (size_t i = 0; i < epochs; i++)
        x[i] = rs_curve_convert(runs[0], RS_X_EPOCHS, build->view->x, x[i]);
    struct rs_plot_series series = looks_of(build, newest);
    series.x = x;
    series.y = median;
    series.low = low;
    series.high = high;
    series.count = epochs;
    series.fit = true;
    add(build, series, skip, false);
}

/* Whether a newer ghost is of the same group, so that this one is drawn with it. */
static bool is_part(const struct rs_curves *curves, size_t at)
{
    for (size_t i = at + 1; i < curves->ghosts && curves->ghost[at].curve.group != 0; i++)
        if (curves->ghost[i].curve.group == curves->ghost[at].curve.group)
            return true;
    return false;
}

/* At least one more run of the same group. */
static bool has_company(const struct rs_curves *curves, size_t at)
{
    unsigned group = curves->ghost[at].curve.group;
    size_t count = curves->now.group == group && curves->now.count > 0;
    for (size_t i = 0; i < curves->ghosts; i++)
        count += curves->ghost[i].curve.group == group;
    return group != 0 && count > 1;
}

static void add_series(struct build *build)
{
    struct rs_curves *curves = build->curves;
    if (build->view->batch_loss && curves->batches > 0)
        add_batches(build);
    for (size_t i = 0; i < curves->ghosts; i++) {
        if (is_part(curves, i))
            continue;
        if (has_company(curves, i))
            add_group(build, i);
        else
            add_ghost(build, i);
    }
    if (curves->now.count > 0)
        add_now(build);
}

/* ---- the x axis -------------------------------------------------------------------------------------------------- */

/* The x axis grows in few steps, so that the picture stands still most of the time. */
static double round_up(double value)
{
    static const double factors[] = {1, 1.5, 2, 3, 4, 5, 6, 8, 10};
    double power = pow(10, floor(log10(value)));
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++)
        if (factors[i] * power >= value)
            return factors[i] * power;
    return value;
}

static double last_of(const struct rs_curve *run, enum rs_x_kind kind)
{
    const double *axis = axis_of(run, kind);
    return run->count > 0 && isfinite(axis[run->count - 1]) ? axis[run->count - 1] : 0;
}

static double end_of_x(const struct build *build)
{
    const struct rs_curves *curves = build->curves;
    enum rs_x_kind kind = build->view->x;
    double last = last_of(&curves->now, kind);
    double least = rs_curve_convert(rs_curves_leading(curves), RS_X_EPOCHS, kind, LEAST_EPOCHS);
    double end = fmax(last, isfinite(least) ? least : 0);
    end = end > 0 ? round_up(end) : 1;
    double most = rs_curve_convert(rs_curves_leading(curves), RS_X_EPOCHS, kind, build->facts->epochs_most);
    if (build->facts->epochs_most >= 1 && kind != RS_X_SECONDS && end > most)
        end = fmax(most, last);
    for (size_t i = 0; i < curves->ghosts; i++)
        end = fmax(end, last_of(&curves->ghost[i].curve, kind));
    return end;
}

/* The zoomed part, moved so that the newest sample is at its right end where the view follows. */
static void set_window(const struct build *build, struct rs_plot_axis *x)
{
    const struct rs_view *view = build->view;
    struct rs_plot_scale window = {view->x_low, view->x_high, view->log_x && view->x_low > 0};
    x->low = view->x_low;
    x->high = view->x_high;
    double share = rs_plot_share(&window, last_of(&build->curves->now, view->x)) - (1 - AHEAD);
    if (!view->follow || !isfinite(share) || build->curves->now.count == 0)
        return;
    x->low = rs_plot_value(&window, share);
    x->high = rs_plot_value(&window, 1 + share);
    if (x->low < 0) {
        x->high -= x->low;
        x->low = 0;
    }
}

/* ---- the rest ---------------------------------------------------------------------------------------------------- */

static size_t add_lines(struct rs_curves *curves, const struct rs_curves_facts *facts)
{
    const struct rs_plot_line all[] = {
        {"mean", facts->mean, RS_PLOT_BASELINE},
        {"user+item", facts->user_item, RS_PLOT_BASELINE},
        {"noise floor", facts->floor, RS_PLOT_FLOOR},
        {facts->reference_label ? facts->reference_label : "published", facts->reference, RS_PLOT_REFERENCE}};
    size_t count = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (isfinite(all[i].y) && all[i].y > 0)
            curves->lines[count++] = all[i];
    return count;
}

/* Where the run stopped for want of patience, or will stop unless it gets better. */
static void add_stop(const struct build *build, struct rs_chart *chart)
{
    struct rs_curves *curves = build->curves;
    const struct rs_curve *now = &curves->now;
    const struct rs_curves_facts *facts = build->facts;
    if (!(facts->patience >= 1) || now->count == 0 || !isfinite(now->best))
        return;
    double last = now->epoch[now->count - 1];
    double stop = now->best_epoch + facts->patience;
    if (facts->stopped)
        snprintf(curves->stop_label, sizeof curves->stop_label, "stopped: no better for %.0f", facts->patience);
    else
        snprintf(curves->stop_label, sizeof curves->stop_label, "stops at %.0f (%.0f left)", stop,
                 fmax(stop - last, 0));
    curves->events[chart->event_count++] = (struct rs_plot_event){
        curves->stop_label, rs_curve_convert(now, RS_X_EPOCHS, build->view->x, facts->stopped ? last : stop),
        RS_PLOT_STOP};
}

static void add_events(const struct build *build, struct rs_chart *chart)
{
    struct rs_curves *curves = build->curves;
    const struct rs_curve *now = &curves->now;
    for (size_t i = 0; i < now->events; i++)
        curves->events[chart->event_count++] = (struct rs_plot_event){
            now->event[i].label, rs_curve_convert(now, RS_X_STEPS, build->view->x, now->event[i].step),
            now->event[i].role};
    add_stop(build, chart);
    chart->events = curves->events;
}

static void add_best(const struct build *build, struct rs_chart *chart)
{
    struct rs_curves *curves = build->curves;
    const struct rs_curve *now = &curves->now;
    if (now->count == 0 || !isfinite(now->best))
        return;
    snprintf(curves->mark_label, sizeof curves->mark_label, "best %.4f at %.0f", now->best, now->best_epoch);
    curves->mark =
        (struct rs_plot_mark){curves->mark_label, rs_curve_convert(now, RS_X_EPOCHS, build->view->x, now->best_epoch),
                              now->best, RS_PLOT_BEST};
    chart->marks = &curves->mark;
    chart->mark_count = 1;
}

enum rs_status rs_curves_chart(struct rs_curves *curves, const struct rs_view *view,
                               const struct rs_curves_facts *facts, struct rs_chart *out, struct rs_error *err)
{
    struct build build = {.curves = curves, .view = view, .facts = facts};
    enum rs_status status = reserve(curves, err);
    if (status != RS_OK)
        return status;
    add_series(&build);
    *out = (struct rs_chart){
        .x = {.label = rs_x_kind_label(view->x),
              .given = true,
              .high = end_of_x(&build),
              .log = view->log_x,
              .whole = view->x != RS_X_SECONDS},
        .y = {.label = "RMSE", .given = view->zoomed_y, .low = view->y_low, .high = view->y_high, .log = view->log_y},
        .series = curves->series,
        .series_count = build.series,
        .lines = curves->lines,
        .line_count = add_lines(curves, facts)};
    if (view->zoomed_x)
        set_window(&build, &out->x);
    add_best(&build, out);
    add_events(&build, out);
    if (view->cursor) {
        out->cursor = true;
        out->cursor_x = rs_curve_convert(rs_curves_leading(curves), RS_X_EPOCHS, view->x, view->cursor_epoch);
    }
    return RS_OK;
}

enum rs_status rs_curves_scales(struct rs_curves *curves, const struct rs_view *view,
                                const struct rs_curves_facts *facts, struct rs_view_scales *out, struct rs_error *err)
{
    struct rs_chart chart;
    struct rs_view all = *view;
    rs_view_reset(&all);
    enum rs_status status = rs_curves_chart(curves, &all, facts, &chart, err);
    if (status != RS_OK)
        return status;
    rs_chart_scales(&chart, &out->all_x, &out->all_y);
    status = rs_curves_chart(curves, view, facts, &chart, err);
    if (status == RS_OK)
        rs_chart_scales(&chart, &out->x, &out->y);
    return status;
}

/* ---- cross-hair and axis ----------------------------------------------------------------------------------------- */

static size_t nearest_epoch(const struct rs_curve *run, double epoch)
{
    size_t best = 0;
    for (size_t i = 1; i < run->count; i++)
        if (fabs(run->epoch[i] - epoch) < fabs(run->epoch[best] - epoch))
            best = i;
    return best;
}

void rs_curves_step_cursor(const struct rs_curves *curves, struct rs_view *view, const struct rs_view_scales *scales,
                           long by)
{
    const struct rs_curve *run = rs_curves_leading(curves);
    if (run->count == 0)
        return;
    long last = (long)run->count - 1;
    long to = (long)nearest_epoch(run, view->cursor_epoch) + (by < -last ? -last : by > last ? last : by);
    view->cursor_epoch = run->epoch[to < 0 ? 0 : to > last ? last : to];
    double share = rs_plot_share(&scales->x, rs_curve_convert(run, RS_X_EPOCHS, view->x, view->cursor_epoch));
    if (view->zoomed_x && (share < 0 || share > 1))
        rs_view_pan_x(view, scales, share - 0.5);
}

void rs_curves_point(const struct rs_curves *curves, struct rs_view *view, double x)
{
    const struct rs_curve *run = rs_curves_leading(curves);
    double epoch = rs_curve_convert(run, view->x, RS_X_EPOCHS, x);
    if (run->count > 0 && isfinite(epoch))
        view->cursor_epoch = run->epoch[nearest_epoch(run, epoch)];
}

void rs_curves_set_x(const struct rs_curves *curves, struct rs_view *view, enum rs_x_kind kind)
{
    const struct rs_curve *run = rs_curves_leading(curves);
    view->x_low = rs_curve_convert(run, view->x, kind, view->x_low);
    view->x_high = rs_curve_convert(run, view->x, kind, view->x_high);
    view->zoomed_x = view->zoomed_x && isfinite(view->x_low) && view->x_high > view->x_low;
    view->follow = view->follow && view->zoomed_x;
    view->x = kind;
}
