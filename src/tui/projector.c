#include "projector.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "big.h"
#include "chart_panel.h"
#include "paint.h"
#include "recscope/experiment/preset.h"

#define GAP       5 /* columns between two figures */
#define FULL_CELL 0x2588

bool rs_projector_is_shown(const struct rs_app *app)
{
    return app->projector && app->screen == RS_SCREEN_curves;
}

/* A figure under its name; returns the column behind it. One that does not fit is left out, not cut. */
static int paint_figure(const struct rs_app *app, int column, int look, const char *name, const char *text)
{
    struct rs_rect at = app->layout.big;
    int scale = (at.rows - 1) / RS_BIG_ROWS;
    int width = rs_big_columns(text, scale);
    if (width < (int)strlen(name))
        width = (int)strlen(name);
    if (column + width > at.column + at.columns)
        return column;
    rs_paint(at.row, column, width, look, name);
    for (int row = 0; row < RS_BIG_ROWS * scale; row++)
        for (int i = 0; i < rs_big_columns(text, scale); i++)
            if (rs_big_cell(text, scale, row, i))
                rs_paint_glyph(at.row + 1 + row, column + i, look, app->terminal.utf8 ? FULL_CELL : '#');
    return column + width + GAP;
}

static void paint_figures(const struct rs_app *app)
{
    const struct rs_curve *now = &app->curves.now;
    char text[32];
    int column = app->layout.big.column + 1;
    snprintf(text, sizeof text, "%" PRIu64, app->status.epoch);
    column = paint_figure(app, column, RS_LOOK_TITLE, "epoch", text);
    if (now->count == 0)
        return;
    double eval = now->eval[now->count - 1];
    double gap = eval - now->train[now->count - 1];
    if (isfinite(now->best)) {
        snprintf(text, sizeof text, "%.3f", now->best);
        column = paint_figure(app, column, RS_PLOT_BEST, "best eval RMSE", text);
    }
    if (isfinite(gap)) {
        snprintf(text, sizeof text, "%+.3f", gap);
        paint_figure(app, column, RS_PLOT_SECONDARY, "eval - train", text);
    }
}

static void paint_title(const struct rs_app *app)
{
    struct rs_rect at = app->layout.title;
    const char *title = rs_string(&app->settings, &rs_row_title);
    const char *state = rs_app_state_text(app);
    int end = at.column + at.columns - (int)strlen(state) - 1;
    rs_paint(at.row, at.column + 1, end - at.column - 3, RS_LOOK_TITLE, title[0] ? title : "recscope");
    rs_paint(at.row, end, at.columns - end, app->status.state == RS_SESSION_FAILED ? RS_LOOK_BAD : RS_LOOK_GOOD, state);
}

void rs_paint_projector(struct rs_app *app)
{
    struct rs_rect chart = app->layout.chart;
    paint_title(app);
    paint_figures(app);
    if (app->status.state == RS_SESSION_FAILED)
        rs_paint_wrapped(chart.row, chart.column + 1, chart.rows, chart.columns - 2, RS_LOOK_BAD, app->failure);
    else
        rs_paint_chart(app, chart);
    rs_paint_advice(app, app->layout.coach);
    if (app->chart_focus && !app->prompt.ops && !app->message[0])
        rs_paint_reading(app, app->layout.message);
}

enum rs_status rs_do_projector(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    app->projector = !rs_projector_is_shown(app);
    app->view.thick = app->projector;
    return rs_do_screen(app, "curves", err);
}
