#include "recscope/plot/chart.h"

#include <math.h>
#include <string.h>

#include "margin.h"
#include "range.h"
#include "raster.h"
#include "ticks.h"
#include "write.h"

#define LEAST_PLOT_COLUMNS 8
#define ROWS_PER_TICK      3
#define COLUMNS_PER_TICK   10
#define FAR_AWAY           1e7 /* dots: where a value beyond the border is taken to be */

const char *rs_plot_glyphs_name(enum rs_plot_glyphs glyphs)
{
    static const char *const names[RS_GLYPHS] = {"braille", "blocks", "ASCII"};
    return names[glyphs];
}

/* ---- frame ------------------------------------------------------------------------------------------------------- */

static void y_ticks(struct rs_ticks *out, const struct rs_plot_frame *frame)
{
    rs_ticks_place(out, frame->y_low, frame->y_high, (size_t)frame->height / ROWS_PER_TICK + 1, false);
}

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
    rs_range_resolve(chart, &frame);
    if (rows < 6 || columns < LEAST_PLOT_COLUMNS + 8)
        return frame; /* the curves alone */
    frame.top = 1;    /* the legend's row */
    frame.height = rows - 3;
    struct rs_ticks ticks;
    y_ticks(&ticks, &frame);
    frame.left = widest_label(&ticks) + 1;
    if (frame.left > columns / 3)
        frame.left = 1;
    frame.width = columns - frame.left;
    int margin = rs_margin_width(chart);
    if (margin > columns * 2 / 5)
        margin = columns * 2 / 5;
    if (frame.width - margin >= 3 * LEAST_PLOT_COLUMNS)
        frame.margin = margin;
    frame.width -= frame.margin;
    return frame;
}

/* Coordinates in dots, not yet rounded. */
static double dot_x(const struct rs_plot_frame *frame, int across, double x)
{
    double dots = (x - frame->x_low) / (frame->x_high - frame->x_low) * (frame->width * across - 1);
    return fmin(fmax(dots, -FAR_AWAY), FAR_AWAY);
}

static double dot_y(const struct rs_plot_frame *frame, int down, double y)
{
    double dots = (frame->y_high - y) / (frame->y_high - frame->y_low) * (frame->height * down - 1);
    return fmin(fmax(dots, -FAR_AWAY), FAR_AWAY);
}

bool rs_chart_cell(const struct rs_plot_frame *frame, enum rs_plot_glyphs glyphs, double x, double y, int *row,
                   int *column)
{
    int across;
    int down;
    rs_raster_dots(glyphs, &across, &down);
    if (!isfinite(x) || !isfinite(y) || frame->width < 1 || frame->height < 1)
        return false;
    long at_x = lround(dot_x(frame, across, x));
    long at_y = lround(dot_y(frame, down, y));
    if (at_x < 0 || at_y < 0 || at_x >= (long)frame->width * across || at_y >= (long)frame->height * down)
        return false;
    *row = frame->top + (int)(at_y / down);
    *column = frame->left + (int)(at_x / across);
    return true;
}

/* ---- curves ------------------------------------------------------------------------------------------------------ */

/* Samples of one column of dots. */
struct span {
    bool open;
    long column;
    double x; /* of the last sample, in dots */
    double low, high, last;
    size_t samples;
};

static void draw_span(struct rs_raster *raster, const struct rs_pen *pen, const struct span *span)
{
    if (span->open)
        rs_raster_line(raster, pen, (double)span->column, span->low, (double)span->column, span->high);
}

/* An arrow at the border where a curve left the plot area. */
static void draw_arrow(const struct rs_plot_frame *frame, struct rs_plot_page *page, enum rs_plot_role role, double x,
                       int across, bool above)
{
    long column = lround(x) / across;
    if (x < -0.5 || column >= frame->width)
        return;
    rs_page_put(page, above ? frame->top : frame->top + frame->height - 1, frame->left + (int)column,
                above ? 0x2191 : 0x2193, role);
}

/* One sample joins its column's span, or begins the next one, with a line from the one before. */
static void add_sample(struct rs_raster *raster, const struct rs_pen *pen, struct span *span, double x, double y)
{
    long column = lround(x);
    if (span->open && column == span->column) {
        span->low = fmin(span->low, y);
        span->high = fmax(span->high, y);
    } else {
        draw_span(raster, pen, span);
        if (span->open)
            rs_raster_line(raster, pen, span->x, span->last, x, y);
        span->column = column;
        span->low = span->high = y;
        span->open = true;
    }
    span->x = x;
    span->last = y;
    span->samples++;
}

/* A sample without neighbours is a point that an eye can find. */
static void end_run(const struct rs_plot_frame *frame, struct rs_raster *raster, struct rs_plot_page *page,
                    const struct rs_pen *pen, struct span *span)
{
    draw_span(raster, pen, span);
    long row = lround(span->last);
    if (span->samples == 1 && span->column >= 0 && row >= 0 && span->column < (long)frame->width * raster->across &&
        row < (long)frame->height * raster->down)
        rs_page_put(page, frame->top + (int)row / raster->down, frame->left + (int)span->column / raster->across,
                    page->ascii ? (uint32_t)(unsigned char)pen->glyph : 0x2022, pen->role);
    *span = (struct span){0};
}

static void draw_series(const struct rs_plot_frame *frame, struct rs_raster *raster, struct rs_plot_page *page,
                        const struct rs_plot_series *series)
{
    struct rs_pen pen = {series->role, series->glyph, series->dash};
    struct span span = {0};
    for (size_t i = 0; i < series->count; i++) {
        if (!isfinite(series->x[i]) || !isfinite(series->y[i]))
            end_run(frame, raster, page, &pen, &span);
        else
            add_sample(raster, &pen, &span, dot_x(frame, raster->across, series->x[i]),
                       dot_y(frame, raster->down, series->y[i]));
    }
    end_run(frame, raster, page, &pen, &span);
    for (size_t i = 0; i < series->count; i++)
        if (isfinite(series->x[i]) && (series->y[i] > frame->y_high || series->y[i] < frame->y_low))
            draw_arrow(frame, page, series->role, dot_x(frame, raster->across, series->x[i]), raster->across,
                       series->y[i] > frame->y_high);
}

/* ---- everything around them -------------------------------------------------------------------------------------- */

static void draw_y_axis(const struct rs_plot_frame *frame, struct rs_plot_page *page)
{
    for (int row = 0; row <= frame->height; row++)
        rs_page_put(page, frame->top + row, frame->left - 1, row < frame->height ? 0x2502 : 0x2514, RS_PLOT_AXIS);
    struct rs_ticks ticks;
    y_ticks(&ticks, frame);
    for (size_t i = 0; i < ticks.count; i++) {
        long row = lround(dot_y(frame, 4, ticks.value[i])) / 4;
        int length = (int)strlen(ticks.label[i]);
        if (row < 0 || row >= frame->height || length > frame->left - 1)
            continue;
        rs_page_write(page, frame->top + (int)row, frame->left - 1 - length, length, RS_PLOT_TEXT, ticks.label[i]);
        rs_page_put(page, frame->top + (int)row, frame->left - 1, 0x2524, RS_PLOT_AXIS);
    }
}

static void draw_x_axis(const struct rs_chart *chart, const struct rs_plot_frame *frame, struct rs_plot_page *page)
{
    int row = frame->top + frame->height;
    for (int column = 0; column < frame->width; column++)
        rs_page_put(page, row, frame->left + column, 0x2500, RS_PLOT_AXIS);
    struct rs_ticks ticks;
    rs_ticks_place(&ticks, frame->x_low, frame->x_high, (size_t)frame->width / COLUMNS_PER_TICK + 1, true);
    int name = rs_text_columns(chart->x.label);
    int right = frame->columns - name;
    rs_page_write(page, row + 1, right, name, RS_PLOT_TEXT, chart->x.label);
    int free_from = 0;
    for (size_t i = 0; i < ticks.count; i++) {
        int at = frame->left + (int)lround(dot_x(frame, 2, ticks.value[i])) / 2;
        int length = (int)strlen(ticks.label[i]);
        int from = at - length / 2;
        if (from < 0)
            from = 0;
        rs_page_put(page, row, at, 0x252C, RS_PLOT_AXIS);
        if (from < free_from || from + length >= right)
            continue;
        rs_page_write(page, row + 1, from, length, RS_PLOT_TEXT, ticks.label[i]);
        free_from = from + length + 1;
    }
}

static void draw_lines(const struct rs_chart *chart, const struct rs_plot_frame *frame, struct rs_plot_page *page)
{
    for (size_t i = 0; i < chart->line_count; i++) {
        const struct rs_plot_line *line = &chart->lines[i];
        int row;
        int column;
        if (!rs_chart_cell(frame, RS_GLYPHS_BRAILLE, frame->x_low, line->y, &row, &column))
            continue;
        for (column = 0; column < frame->width; column++)
            rs_page_put(page, row, frame->left + column, 0x254C, line->role);
    }
}

static void draw_cursor(const struct rs_chart *chart, const struct rs_plot_frame *frame, struct rs_plot_page *page)
{
    int row;
    int column;
    if (chart->cursor && rs_chart_cell(frame, RS_GLYPHS_BRAILLE, chart->cursor_x, frame->y_low, &row, &column))
        for (row = 0; row < frame->height; row++)
            rs_page_put(page, frame->top + row, column, 0x250A, RS_PLOT_CURSOR);
}

static uint32_t sample_glyph(enum rs_plot_glyphs glyphs, const struct rs_plot_series *series, int column)
{
    if (glyphs == RS_GLYPHS_ASCII)
        return (unsigned char)series->glyph;
    if (series->dash > 0 && column % series->dash != 0)
        return ' ';
    return glyphs == RS_GLYPHS_BRAILLE ? 0x2812 : 0x2580;
}

/* The first row: the y axis' name, then a sample of each line with its name, then the markers. */
static void draw_legend(const struct rs_chart *chart, enum rs_plot_glyphs glyphs, const struct rs_plot_frame *frame,
                        struct rs_plot_page *page)
{
    int at = rs_page_write(page, 0, 0, frame->columns, RS_PLOT_TEXT, chart->y.label) + 2;
    for (size_t i = chart->series_count; i-- > 0 && at + 6 < frame->columns;) {
        const struct rs_plot_series *series = &chart->series[i];
        if (!series->name)
            continue;
        for (int column = 0; column < 3; column++)
            rs_page_put(page, 0, at + column, sample_glyph(glyphs, series, column), series->role);
        at += 4;
        at += rs_page_write(page, 0, at, frame->columns - at, series->role, series->name) + 2;
    }
    for (size_t i = 0; i < chart->mark_count && at + 4 < frame->columns; i++) {
        if (!chart->marks[i].label)
            continue;
        rs_page_put(page, 0, at, 0x25C6, chart->marks[i].role);
        at += 2;
        at += rs_page_write(page, 0, at, frame->columns - at, chart->marks[i].role, chart->marks[i].label) + 2;
    }
}

void rs_chart_draw(const struct rs_chart *chart, enum rs_plot_glyphs glyphs, int rows, int columns,
                   struct rs_plot_cell *cells)
{
    for (long i = 0; i < (long)rows * columns; i++)
        cells[i] = (struct rs_plot_cell){' ', RS_PLOT_NOTHING};
    struct rs_plot_frame frame = rs_chart_frame(chart, rows, columns);
    struct rs_plot_page page = {cells, rows, columns, glyphs == RS_GLYPHS_ASCII};
    struct rs_raster raster = {cells,       columns,     frame.top, frame.left,      frame.height,
                               frame.width, .across = 0, .down = 0, .glyphs = glyphs};
    rs_raster_dots(glyphs, &raster.across, &raster.down);
    draw_lines(chart, &frame, &page);
    draw_cursor(chart, &frame, &page);
    for (size_t i = 0; i < chart->series_count; i++)
        draw_series(&frame, &raster, &page, &chart->series[i]);
    for (size_t i = 0; i < chart->mark_count; i++) {
        int row;
        int column;
        if (rs_chart_cell(&frame, glyphs, chart->marks[i].x, chart->marks[i].y, &row, &column))
            rs_page_put(&page, row, column, 0x25C6, chart->marks[i].role);
    }
    if (frame.top > 0) {
        draw_y_axis(&frame, &page);
        draw_x_axis(chart, &frame, &page);
        draw_legend(chart, glyphs, &frame, &page);
        rs_margin_draw(chart, &frame, &page);
    }
}
