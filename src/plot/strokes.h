/* strokes.h -- series and bands, drawn into cells. */
#ifndef RS_PLOT_STROKES_H
#define RS_PLOT_STROKES_H

#include "raster.h"
#include "write.h"

/* Where a value stands in dots from the left, from the top, not rounded; far out where it lies beyond the border, NaN
 * where the scale has no place for it. */
double rs_strokes_x(const struct rs_plot_frame *frame, int across, double x);
double rs_strokes_y(const struct rs_plot_frame *frame, int down, double y);

/* Light and below everything that is drawn afterwards. */
void rs_strokes_draw_bands(const struct rs_chart *chart, const struct rs_plot_frame *frame, struct rs_raster *raster);

/* Raw values first, then the series themselves: what matters most lies on top. */
void rs_strokes_draw(const struct rs_chart *chart, const struct rs_plot_frame *frame, struct rs_raster *raster,
                     struct rs_plot_page *page);

#endif
