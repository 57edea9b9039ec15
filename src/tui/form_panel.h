/* form_panel.h -- the form on the screen. Threads: main thread. */
#ifndef RS_TUI_FORM_PANEL_H
#define RS_TUI_FORM_PANEL_H

#include "recscope/base/settings.h"
#include "screen.h"

void rs_paint_form(struct rs_app *app, struct rs_rect at);

/* Rows of that place in which fields stand. */
int rs_form_rows(const struct rs_app *app, const struct rs_rect *at);

/* "944k weights, up to 300 MB": what a run with these settings takes; "" while nothing is known of their data. */
#define RS_SIZE_TEXT 64
void rs_form_size(const struct rs_app *app, const struct rs_settings *settings, char out[RS_SIZE_TEXT]);

/* The focused field: what it is, what would be right, whether what is being typed is. */
void rs_paint_field_hint(struct rs_app *app, struct rs_rect at);

/* A press on a field gives it the focus, a second one edits it; the wheel goes through the fields. */
void rs_form_mouse(struct rs_app *app, struct rs_rect at, const struct rs_mouse *mouse);

#endif
