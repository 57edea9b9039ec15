/* raster.h -- dots within cells: lines, spans and the glyph that a cell's dots make.
 *
 * Dots have whole coordinates, (0, 0) at the top left. A cell belongs to one role: who draws later takes the cell, so
 * that two curves never mix into dots of one colour.
 * Threads: an rs_raster belongs to one thread; it borrows the cells.
 */
#ifndef RS_PLOT_RASTER_H
#define RS_PLOT_RASTER_H

#include "recscope/plot/chart.h"

struct rs_raster {
    struct rs_plot_cell *cells;   /* of the whole grid */
    int columns;                  /* of the whole grid */
    int top, left, height, width; /* the part that may be drawn on, in cells */
    int across, down;             /* dots in a cell */
    enum rs_plot_glyphs glyphs;
};

struct rs_pen {
    enum rs_plot_role role;
    char glyph; /* ASCII */
    enum rs_plot_dash dash;
    int thick; /* dots */
};

struct rs_raster rs_raster_make(struct rs_plot_cell *cells, const struct rs_plot_frame *frame,
                                enum rs_plot_glyphs glyphs);

/* Set one dot; outside it is nothing. */
void rs_raster_dot(struct rs_raster *raster, const struct rs_pen *pen, int x, int y);

/* The dots between two points, both included (Bresenham), cut at the border. The ends may lie far outside. */
void rs_raster_line(struct rs_raster *raster, const struct rs_pen *pen, double x0, double y0, double x1, double y1);

#endif
