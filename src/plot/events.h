/* events.h -- vertical lines with a label at their top: changes, forks, where a run stops. */
#ifndef RS_PLOT_EVENTS_H
#define RS_PLOT_EVENTS_H

#include "write.h"

void rs_events_draw_lines(const struct rs_chart *chart, const struct rs_plot_frame *frame, struct rs_plot_page *page);

/* The labels beside their lines, in the first row where they meet no other one; where there is no such row, as much as
 * fits before an ellipsis. */
void rs_events_draw_labels(const struct rs_chart *chart, const struct rs_plot_frame *frame, struct rs_plot_page *page);

#endif
