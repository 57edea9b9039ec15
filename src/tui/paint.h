/* paint.h -- text on the screen, by what it means; palette.c says how each meaning looks.
 *
 * Text is UTF-8; it is cut to its width with an ellipsis; cluster.h says what becomes of its characters.
 * Threads: main thread, between rs_terminal_start and rs_terminal_stop.
 */
#ifndef RS_TUI_PAINT_H
#define RS_TUI_PAINT_H

#include <stdbool.h>

#include "palette.h"
#include "recscope/base/status.h"
#include "recscope/plot/chart.h"

enum rs_look {
    /* the roles of a chart come first, with their own numbers */
    RS_LOOK_PLAIN = RS_PLOT_ROLES,
    RS_LOOK_TITLE,
    RS_LOOK_DIM,
    RS_LOOK_CHANGED,
    RS_LOOK_FOCUS,
    RS_LOOK_FOCUS_AWAY, /* the focused field while the chart has the keys */
    RS_LOOK_EDIT,
    RS_LOOK_LIVE,
    RS_LOOK_GOOD,
    RS_LOOK_BAD,
    RS_LOOK_KEY,
    RS_LOOK_BAR,
    RS_LOOKS
};

/* Set the colours up; returns how many there are to use: 0, 8, 16 or 256. */
int rs_paint_start(bool colors, bool utf8, enum rs_theme theme);

/* Other colours from the next frame on. */
void rs_paint_theme(enum rs_theme theme);

/* The colour of the background; -1: the terminal's own. */
int rs_paint_paper(void);

void rs_paint_erase(void);

/* Returns the columns used, at most width. */
int rs_paint(int row, int column, int width, int look, const char *text);

/* The same from a format. */
int rs_paint_format(int row, int column, int width, int look, const char *format, ...) RS_FORMAT(5, 6);

/* Blanks, so that what lies beneath is gone and a reversed line has its whole width. */
void rs_paint_blank(int row, int column, int width, int look);

void rs_paint_glyph(int row, int column, int look, uint32_t glyph);

/* Whether the locale has this character, one column wide. */
bool rs_paint_shows(uint32_t glyph);

/* Columns that a text takes. */
int rs_paint_width(const char *text);
/* Bytes of its first character, with what combines with it; 0: it is empty. */
size_t rs_paint_first(const char *text);

/* Break text into lines of at most width columns at blanks; returns the number of lines painted, at most rows. What
 * does not fit into the last one is cut. */
int rs_paint_wrapped(int row, int column, int rows, int width, int look, const char *text);

/* 12345678 as 12.3M: three figures are enough to look at. Returns out. */
const char *rs_short_count(char out[16], double count);

#endif
