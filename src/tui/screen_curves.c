/* The Curves screen: form at the left, chart at the right, progress and figures below. */
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "chart_panel.h"
#include "form_panel.h"
#include "paint.h"
#include "projector.h"
#include "recscope/base/memory.h"
#include "recscope/experiment/preset.h"
#include "recscope/models/model.h"

/* ---- above ------------------------------------------------------------------------------------------------------- */

static void paint_equation(const struct rs_app *app)
{
    struct rs_rect at = app->layout.equation;
    const char *title = rs_model_chosen(&app->settings)->title;
    char weights[RS_SIZE_TEXT];
    char equation[512];
    rs_form_size(app, &app->settings, weights);
    /* The model's title gives way where the formula would not be whole: the form has it, too. */
    bool utf8 = app->terminal.utf8 && app->glyphs != RS_GLYPHS_ASCII;
    int room = at.columns - (int)strlen(weights) - 2;
    int beside = room - (int)strlen(title) - 2;
    size_t length = rs_model_equation(equation, sizeof equation, &app->settings, utf8, beside > 0 ? (size_t)beside : 0);
    int column = at.column;
    if ((int)length <= beside)
        column += rs_paint(at.row, column, at.columns, RS_LOOK_TITLE, title) + 2;
    column += rs_paint(at.row, column, at.columns - (column - at.column), RS_LOOK_PLAIN, equation) + 2;
    if (column + (int)strlen(weights) <= at.column + at.columns)
        rs_paint(at.row, column, at.columns - (column - at.column), RS_LOOK_DIM, weights);
}

/* Between form and chart, with arrows where the form goes on. */
static void paint_rule(const struct rs_app *app)
{
    struct rs_rect at = app->layout.rule;
    bool utf8 = app->terminal.utf8;
    size_t shown = (size_t)rs_form_rows(app, &app->layout.form);
    for (int i = 0; i < at.rows; i++)
        rs_paint_glyph(at.row + i, at.column, RS_PLOT_AXIS, utf8 ? 0x2502 : '|');
    if (app->form.top > 0)
        rs_paint_glyph(at.row, at.column, RS_LOOK_KEY, utf8 ? 0x25B2 : '^');
    if (app->form.top + shown < app->form.lines)
        rs_paint_glyph(at.row + (int)shown - 1, at.column, RS_LOOK_KEY, utf8 ? 0x25BC : 'v');
}

/* ---- chart ------------------------------------------------------------------------------------------------------- */

static void paint_failure(const struct rs_app *app)
{
    struct rs_rect at = app->layout.chart;
    int lines = rs_paint_wrapped(at.row + 1, at.column + 2, at.rows - 4, at.columns - 4, RS_LOOK_BAD, app->failure);
    rs_paint(at.row + 2 + lines, at.column + 2, at.columns - 4, RS_LOOK_PLAIN, "Correct the form, then press r.");
}

/* ---- below ------------------------------------------------------------------------------------------------------- */

static void format_time(char out[32], double seconds)
{
    if (seconds < 10)
        snprintf(out, 32, "%.1f s", seconds);
    else if (seconds < 100)
        snprintf(out, 32, "%.0f s", seconds);
    else if (seconds < 6000)
        snprintf(out, 32, "%.0f min %02.0f s", floor(seconds / 60), fmod(floor(seconds), 60));
    else
        snprintf(out, 32, "%.0f h %02.0f min", floor(seconds / 3600), fmod(floor(seconds / 60), 60));
}

static void paint_progress(const struct rs_app *app)
{
    struct rs_rect at = app->layout.progress;
    const struct rs_session_status *status = &app->status;
    double most = (double)rs_integer(&app->running, &rs_row_epochs);
    double total = most * (double)status->steps_per_epoch;
    double share = status->state == RS_SESSION_FINISHED ? 1 : total > 0 ? fmin((double)status->step / total, 1) : 0;
    int width = at.columns / 3;
    for (int i = 0; i < width; i++) {
        bool full = i < (int)(share * width + 1e-9);
        uint32_t glyph = app->terminal.utf8 ? (full ? 0x2588 : 0x2591) : full ? '#' : '.';
        rs_paint_glyph(at.row, at.column + i, full ? RS_LOOK_BAR : RS_PLOT_AXIS, glyph);
    }
    int column = at.column + width + 2;
    bool bad = status->state == RS_SESSION_FAILED ||
               (status->state == RS_SESSION_FINISHED && status->done.reason == RS_REASON_DIVERGED);
    column +=
        rs_paint(at.row, column, at.columns - column, bad ? RS_LOOK_BAD : RS_LOOK_GOOD, rs_app_state_text(app)) + 2;
    if (status->steps_per_epoch > 0)
        column += rs_paint_format(at.row, column, at.columns - column, RS_LOOK_PLAIN,
                                  "epoch %" PRIu64 "/%.0f, step %" PRIu64, status->epoch, most, status->step) +
                  2;
    if (app->pinned)
        column += rs_paint(at.row, column, at.columns - column, RS_LOOK_LIVE, "pinned") + 2;
    if (status->state != RS_SESSION_LOADING && rs_app_is_changed(app))
        rs_paint(at.row, column, at.columns - column, RS_LOOK_CHANGED,
                 status->state == RS_SESSION_READY ? "changed: SPACE starts it" : "changed: press r");
}

static void paint_speed(const struct rs_app *app)
{
    struct rs_rect at = app->layout.speed;
    const struct rs_pace *pace = &app->pace;
    char epoch[32];
    char left[32];
    char rate[16];
    double most = (double)rs_integer(&app->running, &rs_row_epochs);
    if (pace->seconds <= 0 || app->no_clock)
        return;
    format_time(left, (most - (double)app->status.epoch) * (pace->seconds + pace->eval_seconds));
    if (pace->seconds < 1)
        snprintf(epoch, sizeof epoch, "%.0f ms", pace->seconds * 1e3);
    else
        format_time(epoch, pace->seconds);
    int column = at.column;
    column += rs_paint_format(at.row, column, at.columns, RS_LOOK_PLAIN, "%s an epoch   %s ratings/s", epoch,
                              rs_short_count(rate, pace->cells / pace->seconds)) +
              3;
    if (app->status.state == RS_SESSION_RUNNING || app->status.state == RS_SESSION_PAUSED)
        rs_paint_format(at.row, column, at.columns - column, RS_LOOK_PLAIN, "%s left at most", left);
}

/* How the chart is looked at, where that is not the plain way: at the right end of the line. */
static void paint_view(const struct rs_app *app)
{
    struct rs_rect at = app->layout.speed;
    char text[RS_VIEW_TEXT];
    rs_view_text(&app->view, text);
    int width = (int)strlen(text);
    if (width > 0 && width <= at.columns / 2)
        rs_paint(at.row, at.column + at.columns - width, width, RS_LOOK_CHANGED, text);
}

static void paint_quality(const struct rs_app *app)
{
    struct rs_rect at = app->layout.quality;
    const struct rs_curve *now = &app->curves.now;
    int64_t patience = rs_integer(&app->running, &rs_row_patience);
    const struct rs_done_record *done = &app->status.done;
    int column = at.column;
    if (now->count == 0)
        return;
    double train = now->train[now->count - 1];
    double eval = now->eval[now->count - 1];
    if (isfinite(now->best))
        column += rs_paint_format(at.row, column, at.columns, RS_PLOT_SECONDARY, "best eval %.4f (epoch %.0f)",
                                  now->best, now->best_epoch) +
                  3;
    if (isfinite(eval - train))
        column +=
            rs_paint_format(at.row, column, at.columns - column, RS_LOOK_PLAIN, "eval - train %+.4f", eval - train) + 3;
    if (patience > 0)
        column += rs_paint_format(at.row, column, at.columns - column, RS_LOOK_PLAIN, "patience %" PRIu64 "/%" PRId64,
                                  app->status.since_best, patience) +
                  3;
    if (app->status.state != RS_SESSION_FINISHED || !(done->metrics.has & 1u << RS_TEST_RMSE))
        return;
    if (app->test_open)
        rs_paint_format(at.row, column, at.columns - column, RS_LOOK_GOOD, "test %.4f",
                        done->metrics.value[RS_TEST_RMSE]);
    else
        rs_paint(at.row, column, at.columns - column, RS_LOOK_DIM, "test sealed: T opens it");
}

/* ---- the screen -------------------------------------------------------------------------------------------------- */

static void paint(struct rs_app *app, struct rs_rect body)
{
    (void)body; /* the layout cuts it up */
    if (rs_projector_is_shown(app)) {
        rs_paint_projector(app);
        return;
    }
    paint_equation(app);
    rs_paint_form(app, app->layout.form);
    paint_rule(app);
    if (app->status.state == RS_SESSION_FAILED)
        paint_failure(app);
    else
        rs_paint_chart(app, app->layout.chart);
    rs_paint_advice(app, app->layout.coach);
    paint_progress(app);
    paint_speed(app);
    paint_view(app);
    paint_quality(app);
    if (app->chart_focus && !app->prompt.ops && !app->message[0])
        rs_paint_reading(app, app->layout.message);
    else if (!app->prompt.ops && (app->form.editing || !app->message[0]))
        rs_paint_field_hint(app, app->layout.message);
}

/* On another screen runs may have been deleted. */
static enum rs_status enter(struct rs_app *app, struct rs_error *err)
{
    (void)err;
    rs_tried_read(app);
    return RS_OK;
}

static void move(struct rs_app *app, enum rs_move move)
{
    int rows = rs_form_rows(app, &app->layout.form);
    int page = rows > 1 ? rows - 1 : 1;
    int all = (int)app->form.count;
    const int by[RS_MOVES] = {[RS_MOVE_UP] = -1,          [RS_MOVE_DOWN] = 1,    [RS_MOVE_PAGE_UP] = -page,
                              [RS_MOVE_PAGE_DOWN] = page, [RS_MOVE_HOME] = -all, [RS_MOVE_END] = all};
    if (app->chart_focus)
        rs_chart_move(app, move);
    else if (app->projector)
        return; /* nothing is changed that nobody sees */
    else if (move == RS_MOVE_LEFT || move == RS_MOVE_RIGHT)
        rs_app_nudge(app, move == RS_MOVE_LEFT ? -1 : 1, false);
    else
        rs_form_move(&app->form, by[move]);
}

static void choose(struct rs_app *app)
{
    if (!app->chart_focus && !app->projector)
        rs_app_begin_edit(app);
}

static bool back(struct rs_app *app)
{
    bool away = app->chart_focus;
    app->chart_focus = false;
    return away;
}

static bool find(struct rs_app *app, const char *text)
{
    return rs_form_find(&app->form, text);
}

static void mouse(struct rs_app *app, const struct rs_mouse *mouse)
{
    if (rs_rect_holds(&app->layout.form, mouse->row, mouse->column))
        rs_form_mouse(app, app->layout.form, mouse);
    else if (rs_rect_holds(&app->layout.chart, mouse->row, mouse->column))
        rs_chart_mouse(app, app->layout.chart, mouse);
}

const struct rs_screen_ops rs_screen_curves = {.name = "curves",
                                               .title = "Curves",
                                               .enter = enter,
                                               .paint = paint,
                                               .move = move,
                                               .choose = choose,
                                               .back = back,
                                               .find = find,
                                               .mouse = mouse};
