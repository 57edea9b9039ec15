/* chart_panel.h -- the chart of the Curves screen, and charts of others. Threads: main thread. */
#ifndef RS_TUI_CHART_PANEL_H
#define RS_TUI_CHART_PANEL_H

#include "recscope/plot/chart.h"
#include "screen.h"

void rs_paint_chart(struct rs_app *app, struct rs_rect at);

/* Any chart, in the terminal's glyphs. */
void rs_paint_plot(struct rs_app *app, const struct rs_chart *chart, struct rs_rect at);

/* Every series' value under the cross-hair, on one line. */
void rs_paint_reading(struct rs_app *app, struct rs_rect at);

void rs_chart_move(struct rs_app *app, enum rs_move move);
void rs_chart_mouse(struct rs_app *app, struct rs_rect at, const struct rs_mouse *mouse);

#endif
