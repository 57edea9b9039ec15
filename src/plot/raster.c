#include "raster.h"

#include <math.h>
#include <stdlib.h>

#define BRAILLE 0x2800u

/* Quadrants by their dots: bit 0 upper left, 1 upper right, 2 lower left, 3 lower right. */
static const uint32_t quadrants[16] = {' ',    0x2598, 0x259D, 0x2580, 0x2596, 0x258C, 0x259E, 0x259B,
                                       0x2597, 0x259A, 0x2590, 0x259C, 0x2584, 0x2599, 0x259F, 0x2588};

/* Bits of the braille block, [row][column]. */
static const uint32_t braille_bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

void rs_raster_dots(enum rs_plot_glyphs glyphs, int *across, int *down)
{
    *across = glyphs == RS_GLYPHS_ASCII ? 1 : 2;
    *down = glyphs == RS_GLYPHS_ASCII ? 1 : glyphs == RS_GLYPHS_BLOCKS ? 2 : 4;
}

static uint32_t add_to_braille(uint32_t glyph, int x, int y)
{
    uint32_t before = glyph >= BRAILLE && glyph < BRAILLE + 256 ? glyph : BRAILLE;
    return before | braille_bits[y][x];
}

static uint32_t add_to_block(uint32_t glyph, int x, int y)
{
    unsigned dots = 0;
    for (unsigned i = 1; i < 16; i++)
        if (quadrants[i] == glyph)
            dots = i;
    return quadrants[dots | 1u << (y * 2 + x)];
}

void rs_raster_dot(struct rs_raster *raster, const struct rs_pen *pen, int x, int y)
{
    if (x < 0 || y < 0 || x >= raster->width * raster->across || y >= raster->height * raster->down)
        return;
    if (pen->dash > 0 && (x / raster->across) % pen->dash != 0)
        return;
    int row = raster->top + y / raster->down;
    int column = raster->left + x / raster->across;
    struct rs_plot_cell *cell = &raster->cells[row * raster->columns + column];
    if (cell->role != pen->role)
        *cell = (struct rs_plot_cell){' ', pen->role};
    if (raster->glyphs == RS_GLYPHS_ASCII)
        cell->glyph = (unsigned char)pen->glyph;
    else if (raster->glyphs == RS_GLYPHS_BLOCKS)
        cell->glyph = add_to_block(cell->glyph, x % raster->across, y % raster->down);
    else
        cell->glyph = add_to_braille(cell->glyph, x % raster->across, y % raster->down);
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
    for (;;) {
        rs_raster_dot(raster, pen, x, y);
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
