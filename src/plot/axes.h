/* axes.h -- what stands around the curves: axes with their ticks, lines of reference, the legend. */
#ifndef RS_PLOT_AXES_H
#define RS_PLOT_AXES_H

#include "ticks.h"
#include "write.h"

/* The ticks that have room along each axis. */
void rs_axes_ticks_x(struct rs_ticks *out, const struct rs_chart *chart, const struct rs_plot_frame *frame);
void rs_axes_ticks_y(struct rs_ticks *out, const struct rs_chart *chart, const struct rs_plot_frame *frame);

/* The axis' name, and that it is logarithmic. */
#define RS_AXIS_NAME 64
void rs_axes_name(char out[RS_AXIS_NAME], const struct rs_plot_axis *axis, const struct rs_plot_scale *scale);

void rs_axes_draw(const struct rs_chart *chart, const struct rs_plot_frame *frame, struct rs_plot_page *page);
void rs_axes_draw_lines(const struct rs_chart *chart, const struct rs_plot_frame *frame, struct rs_plot_page *page);

/* The first row: the y axis' name, then a sample of each line with its name, then the markers. */
void rs_axes_draw_legend(const struct rs_chart *chart, enum rs_plot_glyphs glyphs, const struct rs_plot_frame *frame,
                         struct rs_plot_page *page);

#endif
