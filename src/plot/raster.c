#include "raster.h"

#include <math.h>
#include <stdlib.h>

#include "glyphs.h"

#define STEEP 2 /* dots: a line that rises no more than this over its run is dashed along x */

struct rs_raster rs_raster_make(struct rs_plot_cell *cells, const struct rs_plot_frame *frame,
                                enum rs_plot_glyphs glyphs)
{
    struct rs_raster raster = {cells,         frame->columns, frame->top,      frame->left,
                               frame->height, frame->width,   .glyphs = glyphs};
    rs_glyphs_dots(glyphs, &raster.across, &raster.down);
    return raster;
}

void rs_raster_dot(struct rs_raster *raster, const struct rs_pen *pen, int x, int y)
{
    if (x < 0 || y < 0 || x >= raster->width * raster->across || y >= raster->height * raster->down)
        return;
    int row = raster->top + y / raster->down;
    int column = raster->left + x / raster->across;
    struct rs_plot_cell *cell = &raster->cells[row * raster->columns + column];
    if (cell->role != pen->role)
        *cell = (struct rs_plot_cell){' ', pen->role, 0};
    cell->dots = (uint8_t)(cell->dots | 1u << (y % raster->down * raster->across + x % raster->across));
    cell->glyph =
        raster->glyphs == RS_GLYPHS_ASCII ? (unsigned char)pen->glyph : rs_glyphs_of(raster->glyphs, cell->dots);
}

/* A square of the pen's size; characters of ASCII are thick enough. */
static void draw_point(struct rs_raster *raster, const struct rs_pen *pen, int x, int y)
{
    int size = pen->thick > 1 && raster->glyphs != RS_GLYPHS_ASCII ? pen->thick : 1;
    int from = -(size - 1) / 2;
    for (int dy = from; dy < from + size; dy++)
        for (int dx = from; dx < from + size; dx++)
            rs_raster_dot(raster, pen, x + dx, y + dy);
}

/* Liang and Barsky: keep of the way from 0 to 1 the part where p t <= q. */
static bool keep_inside(double p, double q, double *enter, double *leave)
{
    if (p == 0)
        return q >= 0;
    double t = q / p;
    if (p < 0 && t > *enter)
        *enter = t;
    if (p > 0 && t < *leave)
        *leave = t;
    return *enter <= *leave;
}

static void draw_whole(struct rs_raster *raster, const struct rs_pen *pen, int x, int y, int x1, int y1)
{
    int dx = abs(x1 - x);
    int dy = -abs(y1 - y);
    int step_x = x < x1 ? 1 : -1;
    int step_y = y < y1 ? 1 : -1;
    int error = dx + dy;
    /* Dashes stand still on the grid, whatever the curve does: no flicker while it grows. */
    bool steep = -dy > dx + STEEP;
    for (;;) {
        if (rs_dash_on(pen->dash, steep ? y * 4 / raster->down : x * 2 / raster->across))
            draw_point(raster, pen, x, y);
        if (x == x1 && y == y1)
            return;
        int twice = 2 * error;
        if (twice >= dy) {
            error += dy;
            x += step_x;
        }
        if (twice <= dx) {
            error += dx;
            y += step_y;
        }
    }
}

void rs_raster_line(struct rs_raster *raster, const struct rs_pen *pen, double x0, double y0, double x1, double y1)
{
    double right = raster->width * raster->across - 1;
    double bottom = raster->height * raster->down - 1;
    double enter = 0;
    double leave = 1;
    /* Half a dot of slack: a value on the border rounds to the border's dot. */
    if (!keep_inside(x0 - x1, x0 + 0.49, &enter, &leave) || !keep_inside(x1 - x0, right + 0.49 - x0, &enter, &leave) ||
        !keep_inside(y0 - y1, y0 + 0.49, &enter, &leave) || !keep_inside(y1 - y0, bottom + 0.49 - y0, &enter, &leave))
        return;
    draw_whole(raster, pen, (int)lround(x0 + enter * (x1 - x0)), (int)lround(y0 + enter * (y1 - y0)),
               (int)lround(x0 + leave * (x1 - x0)), (int)lround(y0 + leave * (y1 - y0)));
}
