/* The chart of the Curves screen: painted, read, moved about in. */
#include "chart_panel.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "paint.h"
#include "recscope/base/memory.h"
#include "recscope/base/text.h"
#include "recscope/experiment/preset.h"

#define CHART_PAGE 10   /* epochs */
#define ZOOM       1.5  /* of one key */
#define PAN        0.25 /* of what is shown */

/* ---- painting ---------------------------------------------------------------------------------------------------- */

static struct rs_curves_facts facts_of(const struct rs_app *app)
{
    const char *label = rs_string(&app->settings, &rs_row_reference_label);
    return (struct rs_curves_facts){
        .epochs_most = (double)rs_integer(&app->running, &rs_row_epochs),
        .mean = app->status.baseline_mean,
        .user_item = app->status.baseline_user_item,
        .floor = app->status.noise_floor,
        .reference = rs_number(&app->settings, &rs_row_reference_rmse),
        .reference_label = label[0] ? label : NULL,
        .patience = (double)rs_integer(&app->running, &rs_row_patience),
        .stopped = app->status.state == RS_SESSION_FINISHED && app->status.done.reason == RS_REASON_PATIENCE,
        .colors = app->terminal.colors > 0,
    };
}

enum rs_status rs_app_chart(struct rs_app *app, struct rs_chart *out, struct rs_error *err)
{
    const struct rs_curves_facts facts = facts_of(app);
    app->view.cursor = app->chart_focus;
    return rs_curves_chart(&app->curves, &app->view, &facts, out, err);
}

static void paint_centred(const struct rs_rect *at, int row, int look, const char *text)
{
    int length = (int)strlen(text);
    int column = at->column + (at->columns - length) / 2;
    rs_paint(row, column > at->column ? column : at->column, at->columns, look, text);
}

void rs_paint_plot(struct rs_app *app, const struct rs_chart *chart, struct rs_rect at)
{
    struct rs_error err;
    size_t size = (size_t)at.rows * (size_t)at.columns;
    if (size > app->cell_count) {
        if (rs_grow(&app->cells, app->cell_count, size, sizeof *app->cells, &err) != RS_OK)
            return;
        app->cell_count = size;
    }
    rs_chart_draw(chart, app->glyphs, at.rows, at.columns, app->cells);
    for (int row = 0; row < at.rows; row++)
        for (int column = 0; column < at.columns; column++) {
            const struct rs_plot_cell *cell = &app->cells[row * at.columns + column];
            if (cell->role != RS_PLOT_NOTHING)
                rs_paint_glyph(at.row + row, at.column + column, (int)cell->role, cell->glyph);
        }
}

void rs_paint_chart(struct rs_app *app, struct rs_rect at)
{
    struct rs_chart chart;
    struct rs_error err = {0};
    if (rs_app_chart(app, &chart, &err) != RS_OK)
        return;
    rs_paint_plot(app, &chart, at);
    if (app->status.state == RS_SESSION_LOADING)
        paint_centred(&at, at.row + at.rows / 2, RS_LOOK_TITLE, " reading data ... ");
    else if (app->status.state == RS_SESSION_READY)
        paint_centred(&at, at.row + at.rows / 2, RS_LOOK_FOCUS, " SPACE starts it ");
}

/* Every series' value under the cross-hair. */
void rs_paint_reading(struct rs_app *app, struct rs_rect at)
{
    struct rs_plot_reading reading[RS_GHOSTS + 3];
    struct rs_chart chart;
    struct rs_error err = {0};
    if (rs_app_chart(app, &chart, &err) != RS_OK)
        return;
    size_t count = rs_chart_read(&chart, chart.cursor_x, reading, sizeof reading / sizeof *reading);
    int end = at.column + at.columns;
    int column = at.column;
    column += rs_paint_format(at.row, column, end - column, RS_LOOK_PLAIN, "%s %g", chart.x.label,
                              count > 0 ? reading[0].x : chart.cursor_x) +
              2;
    for (size_t i = 0; i < count && column < end; i++)
        column += rs_paint_format(at.row, column, end - column, (int)reading[i].role, "%s %.4f", reading[i].name,
                                  reading[i].value) +
                  2;
}

/* ---- moving about ------------------------------------------------------------------------------------------------ */

/* What is shown now; false: there is no memory for it. */
static bool scales_of(struct rs_app *app, struct rs_view_scales *out)
{
    const struct rs_curves_facts facts = facts_of(app);
    struct rs_error err;
    return rs_curves_scales(&app->curves, &app->view, &facts, out, &err) == RS_OK;
}

static void move_cursor(struct rs_app *app, long by)
{
    struct rs_view_scales scales;
    if (scales_of(app, &scales))
        rs_curves_step_cursor(&app->curves, &app->view, &scales, by);
}

void rs_chart_move(struct rs_app *app, enum rs_move move)
{
    static const long by[RS_MOVES] = {[RS_MOVE_LEFT] = -1,
                                      [RS_MOVE_RIGHT] = 1,
                                      [RS_MOVE_PAGE_UP] = -CHART_PAGE,
                                      [RS_MOVE_PAGE_DOWN] = CHART_PAGE,
                                      [RS_MOVE_HOME] = -LONG_MAX / 2,
                                      [RS_MOVE_END] = LONG_MAX / 2};
    struct rs_view_scales scales;
    if (move != RS_MOVE_UP && move != RS_MOVE_DOWN)
        move_cursor(app, by[move]);
    else if (scales_of(app, &scales))
        rs_view_pan_y(&app->view, &scales, move == RS_MOVE_UP ? PAN : -PAN);
}

/* A press puts the cross-hair there, a drag takes it along, the wheel zooms about the pointer. */
void rs_chart_mouse(struct rs_app *app, struct rs_rect at, const struct rs_mouse *mouse)
{
    struct rs_chart chart;
    struct rs_view_scales scales;
    struct rs_error err;
    if (rs_app_chart(app, &chart, &err) != RS_OK)
        return;
    struct rs_plot_frame frame = rs_chart_frame(&chart, at.rows, at.columns);
    double x = rs_chart_x_at(&frame, app->glyphs, mouse->column - at.column);
    if (isnan(x) || !scales_of(app, &scales))
        return;
    if (mouse->kind == RS_MOUSE_WHEEL_UP || mouse->kind == RS_MOUSE_WHEEL_DOWN) {
        rs_view_zoom_x(&app->view, &scales, mouse->kind == RS_MOUSE_WHEEL_UP ? ZOOM : 1 / ZOOM, x);
    } else if (mouse->kind == RS_MOUSE_PRESS || mouse->kind == RS_MOUSE_DRAG) {
        app->chart_focus = true;
        rs_curves_point(&app->curves, &app->view, x);
    }
}

enum rs_status rs_do_cross_hair(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    (void)err;
    app->chart_focus = !app->chart_focus;
    if (app->chart_focus && app->view.cursor_epoch == 0)
        move_cursor(app, LONG_MAX / 2);
    return RS_OK;
}

enum rs_status rs_do_batch_loss(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    (void)err;
    app->view.batch_loss = !app->view.batch_loss;
    return RS_OK;
}

/* The cross-hair where it is shown, else the middle. */
static double about(const struct rs_app *app)
{
    const struct rs_curve *leading = rs_curves_leading(&app->curves);
    return app->chart_focus ? rs_curve_convert(leading, RS_X_EPOCHS, app->view.x, app->view.cursor_epoch) : NAN;
}

enum rs_status rs_do_zoom(struct rs_app *app, const char *argument, struct rs_error *err)
{
    static const struct {
        const char *name;
        bool y;
        double factor;
    } ways[] = {{"in", false, ZOOM}, {"out", false, 1 / ZOOM}, {"in-y", true, ZOOM}, {"out-y", true, 1 / ZOOM}};
    struct rs_view_scales scales;
    if (strcmp(argument, "all") == 0) {
        rs_view_reset(&app->view);
        return RS_OK;
    }
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (strcmp(ways[i].name, argument) != 0)
            continue;
        if (scales_of(app, &scales) && ways[i].y)
            rs_view_zoom_y(&app->view, &scales, ways[i].factor, NAN);
        else if (scales_of(app, &scales))
            rs_view_zoom_x(&app->view, &scales, ways[i].factor, about(app));
        return RS_OK;
    }
    return rs_fail(err, RS_USAGE, "zoom %.40s: in, out, in-y, out-y or all", argument);
}

enum rs_status rs_do_pan(struct rs_app *app, const char *argument, struct rs_error *err)
{
    struct rs_view_scales scales;
    bool left = strcmp(argument, "left") == 0;
    if (!left && strcmp(argument, "right") != 0)
        return rs_fail(err, RS_USAGE, "pan %.40s: left or right (up and down move the chart while it has a cross-hair)",
                       argument);
    if (scales_of(app, &scales))
        rs_view_pan_x(&app->view, &scales, left ? -PAN : PAN);
    return RS_OK;
}

/* ---- looks ------------------------------------------------------------------------------------------------------- */

enum rs_status rs_do_follow(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    (void)err;
    struct rs_view_scales scales;
    if (scales_of(app, &scales))
        rs_view_follow(&app->view, &scales, !app->view.follow);
    rs_app_say(app, false, app->view.follow ? "following the newest epoch" : "holding what is shown");
    return RS_OK;
}

enum rs_status rs_do_log(struct rs_app *app, const char *argument, struct rs_error *err)
{
    bool *axis = strcmp(argument, "x") == 0 ? &app->view.log_x : strcmp(argument, "y") == 0 ? &app->view.log_y : NULL;
    if (!axis)
        return rs_fail(err, RS_USAGE, "log %.40s: x or y", argument);
    *axis = !*axis;
    rs_app_say(app, false, "%s axis %s", argument, *axis ? "logarithmic" : "linear");
    return RS_OK;
}

enum rs_status rs_do_x_axis(struct rs_app *app, const char *argument, struct rs_error *err)
{
    int kind = argument[0] ? 0 : ((int)app->view.x + 1) % RS_X_KINDS;
    while (argument[0] && kind < RS_X_KINDS && strcmp(rs_x_kind_name((enum rs_x_kind)kind), argument) != 0)
        kind++;
    if (kind == RS_X_KINDS)
        return rs_fail(err, RS_USAGE, "x-axis %.40s: epochs, steps, ratings or seconds", argument);
    rs_curves_set_x(&app->curves, &app->view, (enum rs_x_kind)kind);
    rs_app_say(app, false, "over %s", rs_x_kind_name(app->view.x));
    return RS_OK;
}

enum rs_status rs_do_smooth(struct rs_app *app, const char *argument, struct rs_error *err)
{
    size_t at = (app->view.smoothing + 1) % RS_SMOOTHINGS;
    double weight;
    if (argument[0]) {
        bool number = rs_parse_number(argument, &weight);
        for (at = 0; at < RS_SMOOTHINGS && number && fabs(rs_view_weights[at] - weight) > 1e-9; at++)
            ;
        if (!number || at == RS_SMOOTHINGS)
            return rs_fail(err, RS_USAGE, "smooth %.40s: 0, 0.6, 0.9 or 0.97", argument);
    }
    app->view.smoothing = at;
    if (at == 0)
        rs_app_say(app, false, "not smoothed");
    else
        rs_app_say(app, false, "smoothed, weight of the past %g; dimmed behind: as measured", rs_view_weights[at]);
    return RS_OK;
}
