#include "recscope/plot/chart.h"

#include <math.h>
#include <string.h>

#include "axes.h"
#include "events.h"
#include "glyphs.h"
#include "margin.h"
#include "strokes.h"

#define LEAST_PLOT_COLUMNS 8

/* ---- frame ------------------------------------------------------------------------------------------------------- */

static int widest_label(const struct rs_ticks *ticks)
{
    size_t widest = 0;
    for (size_t i = 0; i < ticks->count; i++)
        if (strlen(ticks->label[i]) > widest)
            widest = strlen(ticks->label[i]);
    return (int)widest;
}

struct rs_plot_frame rs_chart_frame(const struct rs_chart *chart, int rows, int columns)
{
    struct rs_plot_frame frame = {.rows = rows, .columns = columns, .height = rows, .width = columns};
    rs_chart_scales(chart, &frame.x, &frame.y);
    if (rows < 6 || columns < LEAST_PLOT_COLUMNS + 8)
        return frame; /* the curves alone */
    frame.top = 1;    /* the legend's row */
    frame.height = rows - 3;
    struct rs_ticks ticks;
    rs_axes_ticks_y(&ticks, chart, &frame);
    frame.left = widest_label(&ticks) + 1;
    if (frame.left > columns / 3)
        frame.left = 1;
    frame.width = columns - frame.left;
    int margin = rs_margin_width(chart, &frame.x);
    if (margin > columns * 2 / 5)
        margin = columns * 2 / 5;
    if (frame.width - margin >= 3 * LEAST_PLOT_COLUMNS)
        frame.margin = margin;
    frame.width -= frame.margin;
    return frame;
}

bool rs_chart_cell(const struct rs_plot_frame *frame, enum rs_plot_glyphs glyphs, double x, double y, int *row,
                   int *column)
{
    int across;
    int down;
    rs_glyphs_dots(glyphs, &across, &down);
    double dots_x = rs_strokes_x(frame, across, x);
    double dots_y = rs_strokes_y(frame, down, y);
    if (isnan(dots_x) || isnan(dots_y) || frame->width < 1 || frame->height < 1)
        return false;
    long at_x = lround(dots_x);
    long at_y = lround(dots_y);
    if (at_x < 0 || at_y < 0 || at_x >= (long)frame->width * across || at_y >= (long)frame->height * down)
        return false;
    *row = frame->top + (int)(at_y / down);
    *column = frame->left + (int)(at_x / across);
    return true;
}

/* The share of the middle of a cell, of `cells` with `dots` each. */
static double middle(int cell, int cells, int dots)
{
    return cells * dots > 1 ? (cell * dots + (dots - 1) / 2.0) / (cells * dots - 1) : NAN;
}

double rs_chart_x_at(const struct rs_plot_frame *frame, enum rs_plot_glyphs glyphs, int column)
{
    int across;
    int down;
    rs_glyphs_dots(glyphs, &across, &down);
    return rs_plot_value(&frame->x, middle(column - frame->left, frame->width, across));
}

double rs_chart_y_at(const struct rs_plot_frame *frame, enum rs_plot_glyphs glyphs, int row)
{
    int across;
    int down;
    rs_glyphs_dots(glyphs, &across, &down);
    return rs_plot_value(&frame->y, 1 - middle(row - frame->top, frame->height, down));
}

/* ---- drawing ----------------------------------------------------------------------------------------------------- */

static void draw_cursor(const struct rs_chart *chart, const struct rs_plot_frame *frame, struct rs_plot_page *page)
{
    int row;
    int column;
    if (chart->cursor && rs_chart_cell(frame, RS_GLYPHS_BRAILLE, chart->cursor_x, frame->y.low, &row, &column))
        for (row = 0; row < frame->height; row++)
            rs_page_put(page, frame->top + row, column, 0x250A, RS_PLOT_CURSOR);
}

static void draw_marks(const struct rs_chart *chart, enum rs_plot_glyphs glyphs, const struct rs_plot_frame *frame,
                       struct rs_plot_page *page)
{
    for (size_t i = 0; i < chart->mark_count; i++) {
        int row;
        int column;
        if (rs_chart_cell(frame, glyphs, chart->marks[i].x, chart->marks[i].y, &row, &column))
            rs_page_put(page, row, column, 0x25C6, chart->marks[i].role);
    }
}

void rs_chart_draw(const struct rs_chart *chart, enum rs_plot_glyphs glyphs, int rows, int columns,
                   struct rs_plot_cell *cells)
{
    for (long i = 0; i < (long)rows * columns; i++)
        cells[i] = (struct rs_plot_cell){' ', RS_PLOT_NOTHING, 0};
    struct rs_plot_frame frame = rs_chart_frame(chart, rows, columns);
    struct rs_plot_page page = {cells, rows, columns, glyphs == RS_GLYPHS_ASCII};
    struct rs_raster raster = rs_raster_make(cells, &frame, glyphs);
    rs_strokes_draw_bands(chart, &frame, &raster);
    rs_axes_draw_lines(chart, &frame, &page);
    rs_events_draw_lines(chart, &frame, &page);
    draw_cursor(chart, &frame, &page);
    rs_strokes_draw(chart, &frame, &raster, &page);
    rs_events_draw_labels(chart, &frame, &page);
    draw_marks(chart, glyphs, &frame, &page);
    if (frame.top > 0) {
        rs_axes_draw(chart, &frame, &page);
        rs_axes_draw_legend(chart, glyphs, &frame, &page);
        rs_margin_draw(chart, &frame, &page);
    }
}
