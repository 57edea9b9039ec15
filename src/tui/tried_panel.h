/* tried_panel.h -- what was tried of each setting on the present data, beside the fields and below them.
 *
 * The map is made when runs change, not when it is painted.
 * Threads: main thread.
 */
#ifndef RS_TUI_TRIED_PANEL_H
#define RS_TUI_TRIED_PANEL_H

#include "screen.h"
#include "tried.h"

/* Of the runs on the same ratings and split: what the form's model came to. */
struct rs_tried_map {
    struct rs_tried row[RS_CONF_ROWS_MAX]; /* in the order of the settings; (empty) for what changes no result */
    char model[32];
    bool any; /* of some row, two values or more were tried */
};

/* Read what runs there are now. */
void rs_tried_read(struct rs_app *app);
/* After another model was chosen. */
void rs_tried_update(struct rs_app *app);

#define RS_TRIED_CELLS 8

/* Two values or more of it were tried. */
bool rs_tried_has(const struct rs_app *app, const struct rs_conf_row *row);

/* One cell a value, the higher the larger its error; at most RS_TRIED_CELLS. */
void rs_paint_tried_cells(const struct rs_app *app, const struct rs_conf_row *row, int line, int column);

/* Rows that the map of the focused field takes of the form's place. */
int rs_tried_rows(const struct rs_app *app, const struct rs_rect *form);
void rs_paint_tried(const struct rs_app *app, struct rs_rect at);

#endif
