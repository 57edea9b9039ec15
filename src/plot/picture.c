#include "recscope/plot/picture.h"

#include <math.h>

#include "glyphs.h"
#include "recscope/plot/chart.h"
#include "sheet.h"

#define CELL_WIDTH  9.0 /* of a character, in points */
#define CELL_HEIGHT 18.0
#define FONT_SIZE   15.0
#define BASELINE    14.0
#define EDGE        8.0 /* around the screen */
#define DIM         0.6 /* of a dim character's ink */

static void set_color(cairo_t *cairo, uint32_t rgb)
{
    cairo_set_source_rgb(cairo, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
}

static uint32_t mixed(uint32_t ink, uint32_t paper, double share)
{
    uint32_t out = 0;
    for (int shift = 0; shift < 24; shift += 8) {
        double value = share * (ink >> shift & 255) + (1 - share) * (paper >> shift & 255);
        out |= (uint32_t)lround(value) << shift;
    }
    return out;
}

/* ---- characters that are drawn ----------------------------------------------------------------------------------- */

static void draw_braille(cairo_t *cairo, double x, double y, uint32_t dots)
{
    static const unsigned char bit[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    for (int row = 0; row < 4; row++)
        for (int column = 0; column < 2; column++)
            if (dots & bit[row][column]) {
                double cx = x + CELL_WIDTH * (0.25 + 0.5 * column);
                double cy = y + CELL_HEIGHT * (0.125 + 0.25 * row);
                cairo_new_sub_path(cairo);
                cairo_arc(cairo, cx, cy, 1.5, 0, 2 * 3.14159265358979);
            }
    cairo_fill(cairo);
}

/* Part of the cell, in shares of it. */
static void draw_part(cairo_t *cairo, double x, double y, double left, double top, double width, double height)
{
    cairo_rectangle(cairo, x + left * CELL_WIDTH, y + top * CELL_HEIGHT, width * CELL_WIDTH, height * CELL_HEIGHT);
    cairo_fill(cairo);
}

static void draw_quadrants(cairo_t *cairo, double x, double y, uint32_t glyph)
{
    /* U+2596 to U+259F; bits: upper left, upper right, lower left, lower right */
    static const unsigned char parts[] = {4, 8, 1, 13, 9, 7, 11, 2, 6, 14};
    for (int row = 0; row < 2; row++)
        for (int column = 0; column < 2; column++)
            if (parts[glyph - 0x2596] >> (2 * row + column) & 1)
                draw_part(cairo, x, y, 0.5 * column, 0.5 * row, 0.5, 0.5);
}

/* U+2580 to U+258F: the upper half, eighths from below, the whole, eighths from the left. */
static void draw_eighths(cairo_t *cairo, double x, double y, uint32_t glyph)
{
    double lower = (glyph - 0x2580) / 8.0;
    if (glyph == 0x2580)
        draw_part(cairo, x, y, 0, 0, 1, 0.5);
    else if (glyph <= 0x2588)
        draw_part(cairo, x, y, 0, 1 - lower, 1, lower);
    else
        draw_part(cairo, x, y, 0, 0, (0x2590 - glyph) / 8.0, 1);
}

/* Few fonts have octants. false: it is none. */
static bool draw_octants(cairo_t *cairo, double x, double y, uint32_t glyph)
{
    unsigned dots = 0;
    while (dots < 256 && rs_glyphs_of(RS_GLYPHS_OCTANTS, dots) != glyph)
        dots++;
    for (int row = 0; row < 4 && dots < 256; row++)
        for (int column = 0; column < 2; column++)
            if (dots >> (2 * row + column) & 1)
                draw_part(cairo, x, y, 0.5 * column, 0.25 * row, 0.5, 0.25);
    return dots < 256;
}

/* false: the font has it. */
static bool draw_glyph(cairo_t *cairo, double x, double y, uint32_t glyph)
{
    if (glyph >= 0x2800 && glyph <= 0x28FF)
        draw_braille(cairo, x, y, glyph - 0x2800);
    else if (glyph >= 0x2580 && glyph <= 0x258F)
        draw_eighths(cairo, x, y, glyph);
    else if (glyph >= 0x2596 && glyph <= 0x259F)
        draw_quadrants(cairo, x, y, glyph);
    else if (glyph == 0x2502)
        draw_part(cairo, x, y, 0.45, 0, 0.12, 1);
    else if (glyph == 0x2500)
        draw_part(cairo, x, y, 0, 0.47, 1, 0.06);
    else
        return glyph > 0xFFFF && draw_octants(cairo, x, y, glyph);
    return true;
}

/* ---- the screen -------------------------------------------------------------------------------------------------- */

static void draw_cell(cairo_t *cairo, const struct rs_picture_cell *cell, double x, double y)
{
    const char *text = cell->text;
    uint32_t glyph = rs_plot_code_point(&text);
    if (glyph == 0 || glyph == ' ')
        return;
    set_color(cairo, cell->dim ? mixed(cell->ink, cell->paper, DIM) : cell->ink);
    if (!draw_glyph(cairo, x, y, glyph)) {
        cairo_select_font_face(cairo, "DejaVu Sans Mono", CAIRO_FONT_SLANT_NORMAL,
                               cell->bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
        cairo_move_to(cairo, x, y + BASELINE);
        cairo_show_text(cairo, cell->text);
    }
    if (cell->underline)
        draw_part(cairo, x, y, 0, 0.92, cell->width, 0.05);
}

static void draw(cairo_t *cairo, const struct rs_picture_cell *cells, int rows, int columns, uint32_t paper)
{
    set_color(cairo, paper);
    cairo_paint(cairo);
    cairo_set_font_size(cairo, FONT_SIZE);
    for (int pass = 0; pass < 2; pass++) /* all paper first: wide characters reach into the next cell */
        for (int i = 0; i < rows * columns; i++) {
            int row = i / columns;
            double x = EDGE + CELL_WIDTH * (i % columns);
            double y = EDGE + CELL_HEIGHT * row;
            if (cells[i].width == 0)
                continue;
            if (pass == 1) {
                draw_cell(cairo, &cells[i], x, y);
            } else if (cells[i].paper != paper) {
                set_color(cairo, cells[i].paper);
                cairo_rectangle(cairo, x, y, CELL_WIDTH * cells[i].width, CELL_HEIGHT);
                cairo_fill(cairo);
            }
        }
}

enum rs_status rs_picture_write(const char *path, const struct rs_picture_cell *cells, int rows, int columns,
                                uint32_t paper, struct rs_error *err)
{
    enum rs_sheet_kind kind = rs_sheet_kind_of(path);
    struct rs_sheet sheet;
    if (kind != RS_SHEET_PNG && kind != RS_SHEET_SVG)
        return rs_fail(err, RS_USAGE, "%s: not a picture's name: it ends in .svg or .png", path);
    rs_sheet_begin(&sheet, kind, 2 * EDGE + CELL_WIDTH * columns, 2 * EDGE + CELL_HEIGHT * rows, 1);
    draw(sheet.cairo, cells, rows, columns, paper);
    return rs_sheet_end(&sheet, path, err);
}
