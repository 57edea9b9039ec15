#include "strokes.h"

#include <math.h>

#include "range.h"

#define FAR_AWAY   1e7 /* dots: where a value beyond the border is taken to be */
#define BAND_ASCII ':'
#define SHADE      0x2591

static double far_at_most(double dots)
{
    return isnan(dots) ? dots : fmin(fmax(dots, -FAR_AWAY), FAR_AWAY);
}

double rs_strokes_x(const struct rs_plot_frame *frame, int across, double x)
{
    return far_at_most(rs_plot_share(&frame->x, x) * (frame->width * across - 1));
}

double rs_strokes_y(const struct rs_plot_frame *frame, int down, double y)
{
    return far_at_most((1 - rs_plot_share(&frame->y, y)) * (frame->height * down - 1));
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

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

static void draw_values(const struct rs_plot_frame *frame, struct rs_raster *raster, struct rs_plot_page *page,
                        const struct rs_plot_series *series, const double *values, const struct rs_pen *pen)
{
    struct span span = {0};
    for (size_t i = 0; i < series->count; i++) {
        double x = rs_strokes_x(frame, raster->across, series->x[i]);
        double y = rs_strokes_y(frame, raster->down, values[i]);
        if (isnan(x) || isnan(y))
            end_run(frame, raster, page, pen, &span);
        else
            add_sample(raster, pen, &span, x, y);
    }
    end_run(frame, raster, page, pen, &span);
}

/* An arrow at the border where a curve left the plot area. */
static void draw_arrows(const struct rs_plot_frame *frame, struct rs_plot_page *page,
                        const struct rs_plot_series *series)
{
    for (size_t i = 0; i < series->count; i++) {
        bool above = series->y[i] > frame->y.high;
        double x = rs_strokes_x(frame, 2, series->x[i]);
        if (!(above || series->y[i] < frame->y.low) || isnan(rs_plot_share(&frame->y, series->y[i])) || !(x >= -0.5))
            continue;
        long column = lround(x) / 2;
        if (column < frame->width)
            rs_page_put(page, above ? frame->top : frame->top + frame->height - 1, frame->left + (int)column,
                        above ? 0x2191 : 0x2193, series->role);
    }
}

static enum rs_plot_role raw_role(enum rs_plot_role role)
{
    return role == RS_PLOT_PRIMARY     ? RS_PLOT_RAW_PRIMARY
           : role == RS_PLOT_SECONDARY ? RS_PLOT_RAW_SECONDARY
                                       : RS_PLOT_RAW_NOISE;
}

/* ---- bands ------------------------------------------------------------------------------------------------------- */

/* Every fourth dot, shifted from row to row: a hatching that lets a line inside be seen. */
static void fill_column(struct rs_raster *raster, const struct rs_pen *pen, int x, double from, double to)
{
    int last = raster->height * raster->down - 1;
    for (int y = (int)fmax(ceil(from), 0); y <= (int)fmin(floor(to), last); y++) {
        bool dotted = raster->glyphs == RS_GLYPHS_BRAILLE || raster->glyphs == RS_GLYPHS_OCTANTS;
        if (!dotted || (x + 2 * (y % 2)) % 4 == 0)
            rs_raster_dot(raster, pen, x, y);
    }
}

/* What is drawn over a band begins with an empty cell. Blocks become a shade: no dots of theirs are small enough. */
static void settle_bands(struct rs_raster *raster)
{
    for (int row = 0; row < raster->height; row++)
        for (int column = 0; column < raster->width; column++) {
            struct rs_plot_cell *cell = &raster->cells[(raster->top + row) * raster->columns + raster->left + column];
            if (cell->dots && raster->glyphs == RS_GLYPHS_QUADRANTS)
                cell->glyph = SHADE;
            cell->dots = 0;
        }
}

static void draw_band(const struct rs_plot_frame *frame, struct rs_raster *raster, const struct rs_plot_series *series)
{
    struct rs_pen pen = {series->role, BAND_ASCII, RS_DASH_SOLID, 1};
    for (size_t i = 0; i + 1 < series->count; i++) {
        double x[2];
        double high[2];
        double low[2];
        for (size_t k = 0; k < 2; k++) {
            x[k] = rs_strokes_x(frame, raster->across, series->x[i + k]);
            high[k] = rs_strokes_y(frame, raster->down, series->high[i + k]);
            low[k] = rs_strokes_y(frame, raster->down, series->low[i + k]);
        }
        double sum = x[0] + x[1] + high[0] + high[1] + low[0] + low[1];
        int last = frame->width * raster->across - 1;
        for (int at = isnan(sum) ? last + 1 : (int)fmax(ceil(x[0]), 0); at <= (int)fmin(floor(x[1]), last); at++) {
            double way = x[1] > x[0] ? (at - x[0]) / (x[1] - x[0]) : 0;
            fill_column(raster, &pen, at, high[0] + way * (high[1] - high[0]), low[0] + way * (low[1] - low[0]));
        }
    }
}

void rs_strokes_draw_bands(const struct rs_chart *chart, const struct rs_plot_frame *frame, struct rs_raster *raster)
{
    for (size_t i = 0; i < chart->series_count; i++)
        if (chart->series[i].low && chart->series[i].high)
            draw_band(frame, raster, &chart->series[i]);
    settle_bands(raster);
}

void rs_strokes_draw(const struct rs_chart *chart, const struct rs_plot_frame *frame, struct rs_raster *raster,
                     struct rs_plot_page *page)
{
    for (size_t i = 0; i < chart->series_count; i++) {
        const struct rs_plot_series *series = &chart->series[i];
        struct rs_pen pen = {raw_role(series->role), '.', RS_DASH_SOLID, 1};
        if (series->raw)
            draw_values(frame, raster, page, series, series->raw, &pen);
    }
    for (size_t i = 0; i < chart->series_count; i++) {
        const struct rs_plot_series *series = &chart->series[i];
        struct rs_pen pen = {series->role, series->glyph ? series->glyph : '*', series->dash, series->thick};
        draw_values(frame, raster, page, series, series->y, &pen);
    }
    for (size_t i = 0; i < chart->series_count && !chart->y.given; i++) /* who zooms in knows that more is outside */
        draw_arrows(frame, page, &chart->series[i]);
}
