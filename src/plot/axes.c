#include "axes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "glyphs.h"
#include "strokes.h"

#define ROWS_PER_TICK    3
#define COLUMNS_PER_TICK 10
#define SAMPLE           6 /* columns of a line in the legend: a whole period of each dash */
#define SHORT_SAMPLE     4 /* where the row is short */
#define SHORT_ROW        100

void rs_axes_ticks_x(struct rs_ticks *out, const struct rs_chart *chart, const struct rs_plot_frame *frame)
{
    rs_ticks_of(out, &frame->x, (size_t)frame->width / COLUMNS_PER_TICK + 1, chart->x.whole);
}

void rs_axes_ticks_y(struct rs_ticks *out, const struct rs_chart *chart, const struct rs_plot_frame *frame)
{
    rs_ticks_of(out, &frame->y, (size_t)frame->height / ROWS_PER_TICK + 1, chart->y.whole);
}

void rs_axes_name(char out[RS_AXIS_NAME], const struct rs_plot_axis *axis, const struct rs_plot_scale *scale)
{
    snprintf(out, RS_AXIS_NAME, "%.50s%s", axis->label, scale->log ? " (log)" : "");
}

/* ---- axes -------------------------------------------------------------------------------------------------------- */

static void draw_y_axis(const struct rs_chart *chart, const struct rs_plot_frame *frame, struct rs_plot_page *page)
{
    for (int row = 0; row <= frame->height; row++)
        rs_page_put(page, frame->top + row, frame->left - 1, row < frame->height ? 0x2502 : 0x2514, RS_PLOT_AXIS);
    struct rs_ticks ticks;
    rs_axes_ticks_y(&ticks, chart, frame);
    long before = -1;
    for (size_t i = 0; i < ticks.count; i++) {
        long row = lround(rs_strokes_y(frame, 4, ticks.value[i])) / 4;
        int length = (int)strlen(ticks.label[i]);
        if (row < 0 || row >= frame->height || row == before || length > frame->left - 1)
            continue;
        rs_page_write(page, frame->top + (int)row, frame->left - 1 - length, length, RS_PLOT_TEXT, ticks.label[i]);
        rs_page_put(page, frame->top + (int)row, frame->left - 1, 0x2524, RS_PLOT_AXIS);
        before = row;
    }
}

static void draw_x_axis(const struct rs_chart *chart, const struct rs_plot_frame *frame, struct rs_plot_page *page)
{
    int row = frame->top + frame->height;
    for (int column = 0; column < frame->width; column++)
        rs_page_put(page, row, frame->left + column, 0x2500, RS_PLOT_AXIS);
    struct rs_ticks ticks;
    rs_axes_ticks_x(&ticks, chart, frame);
    char text[RS_AXIS_NAME];
    rs_axes_name(text, &chart->x, &frame->x);
    int name = rs_text_columns(text);
    int right = frame->columns - name;
    rs_page_write(page, row + 1, right, name, RS_PLOT_TEXT, text);
    int free_from = 0;
    for (size_t i = 0; i < ticks.count; i++) {
        long column = lround(rs_strokes_x(frame, 2, ticks.value[i])) / 2;
        int at = frame->left + (int)column;
        int length = (int)strlen(ticks.label[i]);
        int from = at - length / 2;
        if (column < 0 || column >= frame->width)
            continue;
        if (from < 0)
            from = 0;
        rs_page_put(page, row, at, 0x252C, RS_PLOT_AXIS);
        if (from < free_from || from + length >= right)
            continue;
        rs_page_write(page, row + 1, from, length, RS_PLOT_TEXT, ticks.label[i]);
        free_from = from + length + 1;
    }
}

void rs_axes_draw(const struct rs_chart *chart, const struct rs_plot_frame *frame, struct rs_plot_page *page)
{
    draw_y_axis(chart, frame, page);
    draw_x_axis(chart, frame, page);
}

void rs_axes_draw_lines(const struct rs_chart *chart, const struct rs_plot_frame *frame, struct rs_plot_page *page)
{
    for (size_t i = 0; i < chart->line_count; i++) {
        int row;
        int column;
        if (!rs_chart_cell(frame, RS_GLYPHS_BRAILLE, frame->x.low, chart->lines[i].y, &row, &column))
            continue;
        for (column = 0; column < frame->width; column++)
            rs_page_put(page, row, frame->left + column, 0x254C, chart->lines[i].role);
    }
}

/* ---- legend ------------------------------------------------------------------------------------------------------ */

static uint32_t sample_glyph(enum rs_plot_glyphs glyphs, const struct rs_plot_series *series, int column)
{
    unsigned dots = 0;
    int across;
    int down;
    rs_glyphs_dots(glyphs, &across, &down);
    for (int x = 0; x < across; x++)
        if (rs_dash_on(series->dash, column * 2 + x * 2 / across))
            dots |= 1u << ((down - 1) / 2 * across + x);
    if (glyphs == RS_GLYPHS_ASCII)
        return dots ? (unsigned char)series->glyph : ' ';
    return rs_glyphs_of(glyphs, dots);
}

void rs_axes_draw_legend(const struct rs_chart *chart, enum rs_plot_glyphs glyphs, const struct rs_plot_frame *frame,
                         struct rs_plot_page *page)
{
    char text[RS_AXIS_NAME];
    rs_axes_name(text, &chart->y, &frame->y);
    int end = frame->columns;
    int sample = end < SHORT_ROW ? SHORT_SAMPLE : SAMPLE;
    int at = rs_page_write(page, 0, 0, end, RS_PLOT_TEXT, text) + 2;
    bool full = false;
    for (size_t i = chart->series_count; i-- > 0 && !full;) {
        const struct rs_plot_series *series = &chart->series[i];
        if (!series->name)
            continue;
        full = at + sample + 4 > end;
        for (int column = 0; column < sample && !full; column++)
            rs_page_put(page, 0, at + column, sample_glyph(glyphs, series, column), series->role);
        if (!full)
            at += sample + 1 +
                  rs_page_write(page, 0, at + sample + 1, end - at - sample - 1, series->role, series->name) + 2;
    }
    for (size_t i = 0; i < chart->mark_count && !full; i++) {
        if (!chart->marks[i].label)
            continue;
        full = at + 5 > end;
        if (!full) {
            rs_page_put(page, 0, at, 0x25C6, chart->marks[i].role);
            at += 2 + rs_page_write(page, 0, at + 2, end - at - 2, chart->marks[i].role, chart->marks[i].label) + 2;
        }
    }
    if (full) /* there is more than the row has room for */
        rs_page_put(page, 0, at - 1 < end ? at - 1 : end - 1, 0x2026, RS_PLOT_TEXT);
}
