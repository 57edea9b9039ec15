/* What stands around the plot area of a figure: axes, legend, names at the right. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "axes.h"
#include "figure_parts.h"

#define TICK       3.5
#define GRID       0xE4E4E4
#define SAMPLE     22.0 /* of a line in the legend */
#define GAP        14.0 /* between entries */
#define ROW        13.0
#define NAMES      40
#define NAME_BYTES 128
#define NAME_MOST  110.0 /* points of a name at the right */

/* ---- axes -------------------------------------------------------------------------------------------------------- */

static void draw_line(struct rs_figure *figure, const struct rs_stroke *stroke, double x0, double y0, double x1,
                      double y1)
{
    rs_canvas_move(&figure->canvas, x0, y0);
    rs_canvas_line(&figure->canvas, x1, y1);
    rs_canvas_stroke(&figure->canvas, stroke, NULL);
}

static void draw_y_axis(struct rs_figure *figure)
{
    const struct rs_stroke axis = rs_figure_stroke(RS_PLOT_AXIS);
    const struct rs_stroke grid = {.ink = GRID, .width = 0.6, .alpha = 1};
    struct rs_ticks ticks;
    char name[RS_AXIS_NAME];
    rs_ticks_of(&ticks, &figure->y, RS_FIGURE_Y_TICKS(figure), figure->chart->y.whole);
    for (size_t i = 0; i < ticks.count; i++) {
        double y = rs_figure_y(figure, ticks.value[i]);
        draw_line(figure, &grid, figure->left, y, figure->right, y);
        draw_line(figure, &axis, figure->left - TICK, y, figure->left, y);
        rs_canvas_text(&figure->canvas, ticks.label[i], figure->left - TICK - 2.5, y + rs_figure_font.size * 0.36,
                       &rs_figure_font, RS_ANCHOR_END, false);
    }
    draw_line(figure, &axis, figure->left, figure->top, figure->left, figure->bottom);
    rs_axes_name(name, &figure->chart->y, &figure->y);
    rs_canvas_text(&figure->canvas, name, figure->left - figure->label_room, (figure->top + figure->bottom) / 2,
                   &rs_figure_font, RS_ANCHOR_MIDDLE, true);
}

static void draw_x_axis(struct rs_figure *figure)
{
    const struct rs_stroke axis = rs_figure_stroke(RS_PLOT_AXIS);
    struct rs_ticks ticks;
    char name[RS_AXIS_NAME];
    double free_from = 0;
    rs_ticks_of(&ticks, &figure->x, RS_FIGURE_X_TICKS(figure), figure->chart->x.whole);
    for (size_t i = 0; i < ticks.count; i++) {
        double x = rs_figure_x(figure, ticks.value[i]);
        double half = rs_canvas_text_width(&figure->canvas, ticks.label[i], &rs_figure_font) / 2;
        draw_line(figure, &axis, x, figure->bottom, x, figure->bottom + TICK);
        if (x - half < free_from)
            continue;
        rs_canvas_text(&figure->canvas, ticks.label[i], x, figure->bottom + TICK + rs_figure_font.size + 1,
                       &rs_figure_font, RS_ANCHOR_MIDDLE, false);
        free_from = x + half + 4;
    }
    draw_line(figure, &axis, figure->left, figure->bottom, figure->right, figure->bottom);
    rs_axes_name(name, &figure->chart->x, &figure->x);
    rs_canvas_text(&figure->canvas, name, (figure->left + figure->right) / 2,
                   figure->bottom + TICK + 2 * rs_figure_font.size + 5, &rs_figure_font, RS_ANCHOR_MIDDLE, false);
}

void rs_figure_draw_axes(struct rs_figure *figure)
{
    draw_y_axis(figure);
    draw_x_axis(figure);
}

/* ---- legend ------------------------------------------------------------------------------------------------------ */

struct pen {
    double x, y; /* where the next entry begins, on its base line */
};

/* Make room for an entry of this width, in the next row if need be. */
static void place(const struct rs_figure *figure, struct pen *pen, double width, double *x)
{
    if (pen->x > figure->start && pen->x + width > figure->width - figure->start) {
        pen->x = figure->start;
        pen->y += ROW;
    }
    *x = pen->x;
    pen->x += width + GAP;
}

static void draw_sample(struct rs_figure *figure, const struct rs_plot_series *series, double x, double y)
{
    const struct rs_stroke stroke = rs_figure_series_stroke(series);
    if (series->low && series->high) {
        rs_canvas_move(&figure->canvas, x, y - 4);
        rs_canvas_line(&figure->canvas, x + SAMPLE, y - 4);
        rs_canvas_line(&figure->canvas, x + SAMPLE, y + 4);
        rs_canvas_line(&figure->canvas, x, y + 4);
        rs_canvas_fill(&figure->canvas, stroke.ink, RS_FIGURE_BAND);
    }
    draw_line(figure, &stroke, x, y, x + SAMPLE, y);
}

double rs_figure_legend(struct rs_figure *figure, bool draw)
{
    const struct rs_chart *chart = figure->chart;
    struct pen pen = {figure->start, figure->legend_top};
    char text[NAME_BYTES];
    double most = figure->width - 2 * figure->start - SAMPLE - 5;
    double x;
    for (size_t i = chart->series_count; i-- > 0;) {
        if (!chart->series[i].name)
            continue;
        rs_canvas_fit(&figure->canvas, chart->series[i].name, &rs_figure_font, most, text, sizeof text);
        place(figure, &pen, SAMPLE + 5 + rs_canvas_text_width(&figure->canvas, text, &rs_figure_font), &x);
        if (!draw)
            continue;
        draw_sample(figure, &chart->series[i], x, pen.y - 3);
        rs_canvas_text(&figure->canvas, text, x + SAMPLE + 5, pen.y, &rs_figure_font, RS_ANCHOR_START, false);
    }
    for (size_t i = 0; i < chart->mark_count; i++) {
        if (!chart->marks[i].label)
            continue;
        rs_canvas_fit(&figure->canvas, chart->marks[i].label, &rs_figure_font, most, text, sizeof text);
        place(figure, &pen, 12 + rs_canvas_text_width(&figure->canvas, text, &rs_figure_font), &x);
        if (!draw)
            continue;
        rs_figure_diamond(figure, x + 4, pen.y - 3, chart->marks[i].role);
        rs_canvas_text(&figure->canvas, text, x + 12, pen.y, &rs_figure_font, RS_ANCHOR_START, false);
    }
    return pen.y - figure->legend_top + ROW;
}

/* ---- names at the right ------------------------------------------------------------------------------------------ */

struct name {
    double y; /* points, then where it is written */
    enum rs_plot_role role;
    char text[NAME_BYTES];
};

static int by_height(const void *a, const void *b)
{
    const struct name *left = a;
    const struct name *right = b;
    return (left->y > right->y) - (left->y < right->y);
}

static void add_name(struct rs_figure *figure, struct name *names, size_t *count, enum rs_plot_role role,
                     const char *label, double value, int digits)
{
    char text[NAME_BYTES - 32];
    double share = rs_plot_share(&figure->y, value);
    if (*count == NAMES || !isfinite(share))
        return;
    struct name *name = &names[(*count)++];
    const struct rs_font font = rs_figure_label_font(role);
    rs_canvas_fit(&figure->canvas, label, &font, NAME_MOST, text, sizeof text);
    name->role = role;
    name->y = figure->bottom - fmin(fmax(share, 0), 1) * (figure->bottom - figure->top);
    snprintf(name->text, sizeof name->text, "%s%s %.*f",
             share > 1   ? "\xE2\x86\x91 "
             : share < 0 ? "\xE2\x86\x93 "
                         : "",
             text, digits, value);
}

static size_t collect(struct rs_figure *figure, struct name names[NAMES])
{
    const struct rs_chart *chart = figure->chart;
    size_t count = 0;
    for (size_t i = chart->series_count; i-- > 0;) {
        const struct rs_plot_series *series = &chart->series[i];
        size_t last = series->count;
        while (last > 0 && !(isfinite(series->y[last - 1]) && series->x[last - 1] <= figure->x.high))
            last--;
        if (series->name && last > 0 && series->x[last - 1] >= figure->x.low)
            add_name(figure, names, &count, series->role, series->name, series->y[last - 1], 4);
    }
    for (size_t i = 0; i < chart->line_count; i++)
        add_name(figure, names, &count, chart->lines[i].role, chart->lines[i].label, chart->lines[i].y, 3);
    return count;
}

/* Apart by a row at least, each as near to its value as the others let it: names that would meet form a block around
 * the mean of where they want to be (isotonic regression, by pooling neighbours). */
static void spread(const struct rs_figure *figure, struct name *names, size_t count)
{
    double row = rs_figure_small_font.size * 1.2;
    double sum[NAMES];
    size_t size[NAMES];
    size_t blocks = 0;
    qsort(names, count, sizeof *names, by_height);
    for (size_t i = 0; i < count; i++) {
        sum[blocks] = names[i].y - row * (double)i;
        size[blocks++] = 1;
        while (blocks > 1 && sum[blocks - 2] / (double)size[blocks - 2] > sum[blocks - 1] / (double)size[blocks - 1]) {
            sum[blocks - 2] += sum[blocks - 1];
            size[blocks - 2] += size[blocks - 1];
            blocks--;
        }
    }
    double highest = figure->top;
    double lowest = figure->bottom - row * (double)(count > 0 ? count - 1 : 0);
    for (size_t i = 0, block = 0, in = 0; i < count; i++) {
        double at = fmax(fmin(sum[block] / (double)size[block], lowest), highest);
        names[i].y = at + row * (double)i;
        if (++in == size[block]) {
            block++;
            in = 0;
        }
    }
}

double rs_figure_margin(struct rs_figure *figure, bool draw)
{
    struct name names[NAMES];
    size_t count = collect(figure, names);
    double widest = 0;
    spread(figure, names, count);
    for (size_t i = 0; i < count; i++) {
        const struct rs_font font = rs_figure_label_font(names[i].role);
        widest = fmax(widest, rs_canvas_text_width(&figure->canvas, names[i].text, &font));
        if (draw && names[i].y <= figure->bottom + 1)
            rs_canvas_text(&figure->canvas, names[i].text, figure->right + 6, names[i].y + font.size * 0.36, &font,
                           RS_ANCHOR_START, false);
    }
    return count > 0 ? widest + 6 : 0;
}
