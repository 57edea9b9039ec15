/* figure_parts.h -- the pieces of a figure: where they stand, how they look, and what draws them. */
#ifndef RS_PLOT_FIGURE_PARTS_H
#define RS_PLOT_FIGURE_PARTS_H

#include "canvas.h"
#include "recscope/plot/figure.h"

struct rs_figure {
    const struct rs_chart *chart;
    const struct rs_figure_options *options;
    struct rs_canvas canvas;
    struct rs_plot_scale x, y;
    double width, height;
    double left, top, right, bottom; /* of the plot area */
    double start;                    /* left end of titles and legend */
    double legend_top;               /* base line of the legend's first row */
    double label_room;               /* between the y axis and its name */
};

#define RS_FIGURE_BAND 0.18 /* how much a band covers */

/* Ticks that have room along each axis. */
#define RS_FIGURE_X_TICKS(figure) ((size_t)fmax(((figure)->right - (figure)->left) / 60, 0) + 1)
#define RS_FIGURE_Y_TICKS(figure) ((size_t)fmax(((figure)->bottom - (figure)->top) / 32, 0) + 1)

extern const struct rs_font rs_figure_title_font, rs_figure_subtitle_font, rs_figure_font, rs_figure_small_font;

/* Ink and width of a role's line. */
struct rs_stroke rs_figure_stroke(enum rs_plot_role role);
struct rs_stroke rs_figure_series_stroke(const struct rs_plot_series *series);
/* The small font in the role's ink, darkened where it would be hard to read. */
struct rs_font rs_figure_label_font(enum rs_plot_role role);

/* Points of a value; NaN where the scale has no place for it. */
double rs_figure_x(const struct rs_figure *figure, double x);
double rs_figure_y(const struct rs_figure *figure, double y);

/* figure_layout.c: the legend, drawn or only measured; returns its height. The names right of the plot area, their
 * width; and everything else around the plot area. */
double rs_figure_legend(struct rs_figure *figure, bool draw);
double rs_figure_margin(struct rs_figure *figure, bool draw);
void rs_figure_draw_axes(struct rs_figure *figure);

/* figure_draw.c: what stands within the plot area. */
void rs_figure_draw_curves(struct rs_figure *figure);
void rs_figure_diamond(struct rs_figure *figure, double x, double y, enum rs_plot_role role);

#endif
