/* range.h -- which values the ends of an axis stand for. */
#ifndef RS_PLOT_RANGE_H
#define RS_PLOT_RANGE_H

#include "recscope/plot/chart.h"

/* Resolve both axes of the chart into the frame's x_low .. y_high. Every range has low < high. */
void rs_range_resolve(const struct rs_chart *chart, struct rs_plot_frame *frame);

#endif
