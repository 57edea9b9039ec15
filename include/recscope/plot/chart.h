/* chart.h -- a chart described as data; drawn into a grid of cells here, into a figure file by figure.h.
 *
 * Whoever has numbers describes them (series, lines, marks, axes); drawing is a pure function of that
 * description, the size and the kind of glyphs. Nothing here knows a terminal or a colour: a cell carries a code point
 * and the role of what stands there.
 * Range  : an axis without given ends fits the bulk of the series that `fit`. Where the largest value lies more than
 *          three times as far from the smallest as the bulk does (the untrained model of epoch 0 beside a trained one),
 *          the range ends at twice that distance and what lies beyond is cut, with an arrow at the border. A line of
 *          reference widens the range as long as the series keep a third of the height, or have hardly begun; else it
 *          is named at the border. A logarithmic axis cuts nothing.
 * Spikes : samples that share a column of dots leave one span from their least to their greatest.
 * Gaps   : a sample whose x or y is not finite, or not positive on a logarithmic axis, interrupts its series.
 * Threads: pure functions.
 */
#ifndef RECSCOPE_PLOT_CHART_H
#define RECSCOPE_PLOT_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From fine to coarse: the order in which a key goes through them. */
enum rs_plot_glyphs {
    RS_GLYPHS_OCTANTS,   /* 2 x 4 blocks a cell: Unicode 16, in few fonts as yet */
    RS_GLYPHS_BRAILLE,   /* 2 x 4 dots */
    RS_GLYPHS_QUADRANTS, /* 2 x 2 blocks */
    RS_GLYPHS_ASCII,     /* 1 x 1 */
    RS_GLYPHS
};
const char *rs_plot_glyphs_name(enum rs_plot_glyphs glyphs);

/* What a cell shows; whoever paints decides how that looks. */
enum rs_plot_role {
    RS_PLOT_NOTHING,
    RS_PLOT_AXIS,
    RS_PLOT_TEXT,
    RS_PLOT_PRIMARY,     /* train */
    RS_PLOT_SECONDARY,   /* eval */
    RS_PLOT_NOISE,       /* loss of each batch */
    RS_PLOT_RAW_PRIMARY, /* what was measured, behind the smoothed series */
    RS_PLOT_RAW_SECONDARY,
    RS_PLOT_RAW_NOISE,
    RS_PLOT_GHOST_PRIMARY,   /* train of a former run */
    RS_PLOT_GHOST_SECONDARY, /* eval of former runs: this one and the five behind it are told apart */
    RS_PLOT_RUN_2,
    RS_PLOT_RUN_3,
    RS_PLOT_RUN_4,
    RS_PLOT_RUN_5,
    RS_PLOT_RUN_6,
    RS_PLOT_BASELINE,
    RS_PLOT_FLOOR,
    RS_PLOT_REFERENCE,
    RS_PLOT_BEST,
    RS_PLOT_CHANGE, /* a setting was changed here */
    RS_PLOT_STOP,   /* the run ends here, or ended */
    RS_PLOT_FORK,   /* the run left another one here */
    RS_PLOT_CURSOR,
    RS_PLOT_ROLES
};
#define RS_PLOT_RUN_ROLES 6 /* from RS_PLOT_GHOST_SECONDARY on */

/* How a line is broken, so that lines differ without colours, and in print. */
enum rs_plot_dash {
    RS_DASH_SOLID,
    RS_DASH_DASHED,
    RS_DASH_DOTTED,
    RS_DASH_DASH_DOT,
    RS_DASH_LONG,
    RS_DASH_DASH_DOT_DOT,
    RS_DASH_SHORT,
    RS_DASHES
};

struct rs_plot_series {
    const char *name;    /* at the end of the line and in the legend; NULL: neither */
    const double *x, *y; /* (count), x ascending */
    const double *raw;   /* (count) before y was smoothed, drawn dimmed behind; NULL: there is none */
    /* (count) a band around y, what several runs span, drawn light below all series; NULL: there is none */
    const double *low, *high;
    size_t count;
    enum rs_plot_role role;
    enum rs_plot_dash dash;
    int thick;  /* dots across the line; 0 is 1 */
    bool fit;   /* takes part in the automatic range */
    char glyph; /* in a chart of ASCII; 0 is '*' */
};

struct rs_plot_line { /* horizontal */
    const char *label;
    double y;
    enum rs_plot_role role;
};

struct rs_plot_mark {  /* a diamond */
    const char *label; /* in the legend */
    double x, y;
    enum rs_plot_role role;
};

struct rs_plot_event { /* a vertical line, its label at the top */
    const char *label; /* NULL: none */
    double x;
    enum rs_plot_role role;
};

struct rs_plot_axis {
    const char *label;
    bool given; /* low and high are to be kept; else fitted to the data */
    double low, high;
    bool log;   /* asked for; ignored where nothing positive is to be shown */
    bool whole; /* no ticks between whole numbers */
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
    const struct rs_plot_event *events;
    size_t event_count;
    bool cursor; /* a vertical line at cursor_x */
    double cursor_x;
};

/* ---- scales ------------------------------------------------------------------------------------------------------ */

struct rs_plot_scale {
    double low, high; /* low < high; both positive if log */
    bool log;
};

/* Both axes as they will be drawn. */
void rs_chart_scales(const struct rs_chart *chart, struct rs_plot_scale *x, struct rs_plot_scale *y);

/* Where a value stands between low (0) and high (1); NaN where the scale has no place for it. */
double rs_plot_share(const struct rs_plot_scale *scale, double value);
/* The value at a share; the inverse. */
double rs_plot_value(const struct rs_plot_scale *scale, double share);

/* ---- cells ------------------------------------------------------------------------------------------------------- */

struct rs_plot_cell {
    uint32_t glyph; /* code point; a blank is ' ' */
    enum rs_plot_role role;
    uint8_t dots; /* those that are set, row by row from the lowest bit on; 0 in a cell of text */
};

/* Where the pieces of a chart stand in its grid, and which values the ends of the plot area have. */
struct rs_plot_frame {
    int rows, columns;            /* of the grid */
    int top, left, height, width; /* plot area, in cells; height or width 0: too small to plot */
    int margin;                   /* columns of labels at the right of it */
    struct rs_plot_scale x, y;
};

struct rs_plot_frame rs_chart_frame(const struct rs_chart *chart, int rows, int columns);

/* The cell of a point; false where it lies outside the plot area or is not finite. */
bool rs_chart_cell(const struct rs_plot_frame *frame, enum rs_plot_glyphs glyphs, double x, double y, int *row,
                   int *column);

/* The value in the middle of a column, of a row of the grid: rs_chart_cell gives that cell back. Outside the plot area
 * the axis goes on. NaN: the frame is too small to plot. */
double rs_chart_x_at(const struct rs_plot_frame *frame, enum rs_plot_glyphs glyphs, int column);
double rs_chart_y_at(const struct rs_plot_frame *frame, enum rs_plot_glyphs glyphs, int row);

/* The next code point of UTF-8 text, and *text moves on; 0 at the end. A byte that begins none counts as '?'. */
uint32_t rs_plot_code_point(const char **text);

/* Fill cells (rows x columns, row by row). Any size from 1 x 1 on. */
void rs_chart_draw(const struct rs_chart *chart, enum rs_plot_glyphs glyphs, int rows, int columns,
                   struct rs_plot_cell *cells);

/* ---- cross-hair -------------------------------------------------------------------------------------------------- */

struct rs_plot_reading {
    const char *name;
    enum rs_plot_role role;
    double x;         /* of the sample nearest to where was asked */
    double value;     /* as drawn */
    double raw;       /* before smoothing; the same where nothing is smoothed */
    double low, high; /* of the band; NaN: none */
};

/* What each series with a name shows at x, the one drawn last first; returns how many, at most `most`. A series that
 * has no sample within its own reach of x (it ended before, begins later, has a gap there) is left out. */
size_t rs_chart_read(const struct rs_chart *chart, double x, struct rs_plot_reading *out, size_t most);

#endif
