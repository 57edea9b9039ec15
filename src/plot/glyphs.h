/* glyphs.h -- the characters that dots within a cell make, and the dashes of lines.
 *
 * Dots are bits, row by row from the upper left: bit 0 upper left, bit 1 right of it, and so on.
 */
#ifndef RS_PLOT_GLYPHS_H
#define RS_PLOT_GLYPHS_H

#include "recscope/plot/chart.h"

/* Dots across and down in a cell. */
void rs_glyphs_dots(enum rs_plot_glyphs glyphs, int *across, int *down);

/* The character of these dots; ' ' for none. Not for ASCII, whose characters depend on the series. */
uint32_t rs_glyphs_of(enum rs_plot_glyphs glyphs, unsigned dots);

/* Lengths of drawn and blank parts in turn, in half cells; 0 behind the last. All 0: solid. */
#define RS_DASH_PARTS 6
extern const unsigned char rs_dash_parts[RS_DASHES][RS_DASH_PARTS];

/* Whether the line is drawn at this distance (half cells, may be negative). */
bool rs_dash_on(enum rs_plot_dash dash, int at);

#endif
