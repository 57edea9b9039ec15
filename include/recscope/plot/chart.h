/* chart.h -- a chart described as data, and drawn into a grid of cells.
 *
 * Whoever has numbers describes them (series, horizontal lines, markers, axes); drawing is a pure function of that
 * description, the size and the kind of glyphs. Nothing here knows a terminal or a colour: a cell carries a code point
 * and the role of what stands there.
 * Range  : an axis without given ends fits the bulk of the series that `fit`. Where the largest value lies more than
 *          three times as far from the smallest as the bulk does (the untrained model of epoch 0 beside a trained one),
 *          the range ends at twice that distance and what lies beyond is cut, with an arrow at the border. A line of
 *          reference widens the range as long as the series keep a third of the height, or have hardly begun; else it
 * is named at the border. Spikes : samples that share a column of dots leave one span from their least to their
 * greatest. Gaps   : a sample whose x or y is not finite interrupts its series. Threads: pure functions.
 */
#ifndef RECSCOPE_PLOT_CHART_H
#define RECSCOPE_PLOT_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rs_plot_glyphs {
    RS_GLYPHS_BRAILLE, /* 2 x 4 dots a cell */
    RS_GLYPHS_BLOCKS,  /* 2 x 2, quadrants  */
    RS_GLYPHS_ASCII,   /* 1 x 1             */
    RS_GLYPHS
};
const char *rs_plot_glyphs_name(enum rs_plot_glyphs glyphs);

/* What a cell shows; the screen decides how that looks. */
enum rs_plot_role {
    RS_PLOT_NOTHING,
    RS_PLOT_AXIS,
    RS_PLOT_TEXT,
    RS_PLOT_PRIMARY,   /* train */
    RS_PLOT_SECONDARY, /* eval */
    RS_PLOT_NOISE,     /* loss of each batch */
    RS_PLOT_GHOST_PRIMARY,
    RS_PLOT_GHOST_SECONDARY,
    RS_PLOT_BASELINE,
    RS_PLOT_FLOOR,
    RS_PLOT_REFERENCE,
    RS_PLOT_BEST,
    RS_PLOT_CURSOR,
    RS_PLOT_ROLES
};

struct rs_plot_series {
    const char *name;    /* at the end of the line and in the legend; NULL: neither */
    const double *x, *y; /* (count), x ascending */
    size_t count;
    enum rs_plot_role role;
    bool fit;   /* takes part in the automatic range */
    int dash;   /* 0: solid; n: one cell of n is drawn, so that lines differ without colours */
    char glyph; /* in a chart of ASCII */
};

struct rs_plot_line { /* horizontal */
    const char *label;
    double y;
    enum rs_plot_role role;
};

struct rs_plot_mark {
    const char *label; /* in the legend */
    double x, y;
    enum rs_plot_role role;
};

struct rs_plot_axis {
    const char *label;
    bool given; /* low and high are to be kept; else fitted to the data */
    double low, high;
};

/* All texts are UTF-8 and belong to the caller. Later series are drawn over earlier ones. */
struct rs_chart {
    struct rs_plot_axis x, y;
    const struct rs_plot_series *series;
    size_t series_count;
    const struct rs_plot_line *lines;
    size_t line_count;
    const struct rs_plot_mark *marks;
    size_t mark_count;
    bool cursor; /* a vertical line at cursor_x */
    double cursor_x;
};

struct rs_plot_cell {
    uint32_t glyph; /* code point; a blank is ' ' */
    enum rs_plot_role role;
};

/* Where the pieces of a chart stand in its grid, and which values the ends of the plot area have. */
struct rs_plot_frame {
    int rows, columns;            /* of the grid */
    int top, left, height, width; /* plot area, in cells; height or width 0: too small to plot */
    int margin;                   /* columns of labels at the right of it */
    double x_low, x_high, y_low, y_high;
};

struct rs_plot_frame rs_chart_frame(const struct rs_chart *chart, int rows, int columns);

/* The cell of a point; false where it lies outside the plot area or is not finite. */
bool rs_chart_cell(const struct rs_plot_frame *frame, enum rs_plot_glyphs glyphs, double x, double y, int *row,
                   int *column);

/* The next code point of UTF-8 text, and *text moves on; 0 at the end. A byte that begins none counts as '?'. */
uint32_t rs_plot_code_point(const char **text);

/* Fill cells (rows x columns, row by row). Any size from 1 x 1 on. */
void rs_chart_draw(const struct rs_chart *chart, enum rs_plot_glyphs glyphs, int rows, int columns,
                   struct rs_plot_cell *cells);

#endif
