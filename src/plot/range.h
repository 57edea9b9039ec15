/* range.h -- which values the ends of an axis stand for: the rules behind rs_chart_scales. */
#ifndef RS_PLOT_RANGE_H
#define RS_PLOT_RANGE_H

#include "recscope/plot/chart.h"

/* What a series draws over its whole height: the raw values where it has some. */
const double *rs_range_values(const struct rs_plot_series *series);

#endif
