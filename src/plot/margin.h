/* margin.h -- the names at the right of the plot area: of each line where it ends. */
#ifndef RS_PLOT_MARGIN_H
#define RS_PLOT_MARGIN_H

#include "write.h"

/* Columns that the names of this chart want. */
int rs_margin_width(const struct rs_chart *chart, const struct rs_plot_scale *x);

/* Write the names into frame->margin columns, each as near as it goes to the height it names; two never share a row. */
void rs_margin_draw(const struct rs_chart *chart, const struct rs_plot_frame *frame, struct rs_plot_page *page);

#endif
