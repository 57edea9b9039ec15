/* What stands within the plot area of a figure: bands, lines of reference, series, markers, vertical lines. */
#include <math.h>
#include <string.h>

#include "figure_parts.h"
#include "places.h"

#define BUCKET     0.5 /* points: samples within it are drawn as first, least, greatest, last */
#define FAR_AWAY   1e5
#define EVENT_ROWS 4
#define EVENT_ROW  11.0

static double clamp(double value)
{
    return fmin(fmax(value, -FAR_AWAY), FAR_AWAY);
}

/* ---- series ------------------------------------------------------------------------------------------------------ */

/* Samples that share a bucket of x. */
struct bucket {
    size_t count; /* 0: none is open */
    double index;
    double x[4], y[4]; /* first, least, greatest, last; x ascending after sorting */
};

static void put(struct rs_figure *figure, bool *drawing, double x, double y)
{
    if (*drawing)
        rs_canvas_line(&figure->canvas, x, y);
    else
        rs_canvas_move(&figure->canvas, x, y);
    *drawing = true;
}

static void flush_bucket(struct rs_figure *figure, struct bucket *bucket, bool *drawing)
{
    bool least_first = bucket->x[1] <= bucket->x[2];
    size_t order[4] = {0, least_first ? 1 : 2, least_first ? 2 : 1, 3};
    for (size_t i = 0; i < 4 && bucket->count > 0; i++)
        if (i == 0 || (bucket->count > 1 && (bucket->x[order[i]] != bucket->x[order[i - 1]] ||
                                             bucket->y[order[i]] != bucket->y[order[i - 1]])))
            put(figure, drawing, bucket->x[order[i]], bucket->y[order[i]]);
    bucket->count = 0;
}

static void add_to_bucket(struct bucket *bucket, double x, double y)
{
    for (size_t i = 0; i < 4; i++) {
        bool take = bucket->count == 0 || i == 3 || (i == 1 && y < bucket->y[1]) || (i == 2 && y > bucket->y[2]);
        if (take) {
            bucket->x[i] = x;
            bucket->y[i] = y;
        }
    }
    bucket->count++;
}

/* One path for the whole series, gaps included. A sample between two gaps is a dash of its own. */
static void trace(struct rs_figure *figure, const struct rs_plot_series *series, const double *values)
{
    struct bucket bucket = {0};
    bool drawing = false;
    size_t run = 0;
    for (size_t i = 0; i <= series->count; i++) {
        double x = i < series->count ? rs_figure_x(figure, series->x[i]) : NAN;
        double y = i < series->count ? rs_figure_y(figure, values[i]) : NAN;
        if (!isfinite(x) || !isfinite(y)) {
            double lone = bucket.x[0];
            double at = bucket.y[0];
            flush_bucket(figure, &bucket, &drawing);
            if (run == 1)
                rs_canvas_line(&figure->canvas, lone + 1.5, at);
            drawing = false;
            run = 0;
            continue;
        }
        if (bucket.count > 0 && floor(x / BUCKET) != bucket.index)
            flush_bucket(figure, &bucket, &drawing);
        bucket.index = floor(x / BUCKET);
        add_to_bucket(&bucket, clamp(x), clamp(y));
        run++;
    }
}

static void draw_band(struct rs_figure *figure, const struct rs_plot_series *series)
{
    size_t from = 0;
    while (from < series->count) {
        size_t to = from;
        while (to < series->count && isfinite(rs_figure_x(figure, series->x[to])) &&
               isfinite(rs_figure_y(figure, series->low[to])) && isfinite(rs_figure_y(figure, series->high[to])))
            to++;
        bool drawing = false;
        for (size_t i = from; i < to; i++)
            put(figure, &drawing, clamp(rs_figure_x(figure, series->x[i])),
                clamp(rs_figure_y(figure, series->high[i])));
        for (size_t i = to; i-- > from;)
            put(figure, &drawing, clamp(rs_figure_x(figure, series->x[i])), clamp(rs_figure_y(figure, series->low[i])));
        if (to > from)
            rs_canvas_fill(&figure->canvas, rs_figure_stroke(series->role).ink, RS_FIGURE_BAND);
        from = to + 1;
    }
}

static void draw_series(struct rs_figure *figure)
{
    const struct rs_chart *chart = figure->chart;
    for (size_t i = 0; i < chart->series_count; i++)
        if (chart->series[i].low && chart->series[i].high)
            draw_band(figure, &chart->series[i]);
    for (size_t i = 0; i < chart->series_count; i++) {
        const struct rs_plot_series *series = &chart->series[i];
        if (!series->raw)
            continue;
        struct rs_stroke stroke = rs_figure_stroke(series->role);
        stroke.width = 0.6;
        stroke.alpha = 0.35;
        trace(figure, series, series->raw);
        rs_canvas_stroke(&figure->canvas, &stroke, NULL);
    }
    for (size_t i = 0; i < chart->series_count; i++) {
        const struct rs_stroke stroke = rs_figure_series_stroke(&chart->series[i]);
        trace(figure, &chart->series[i], chart->series[i].y);
        rs_canvas_stroke(&figure->canvas, &stroke, chart->series[i].name);
    }
}

/* ---- lines and marks --------------------------------------------------------------------------------------------- */

static void draw_lines(struct rs_figure *figure)
{
    for (size_t i = 0; i < figure->chart->line_count; i++) {
        const struct rs_plot_line *line = &figure->chart->lines[i];
        const struct rs_stroke stroke = rs_figure_stroke(line->role);
        double y = rs_figure_y(figure, line->y);
        if (!(y >= figure->top && y <= figure->bottom))
            continue;
        rs_canvas_move(&figure->canvas, figure->left, y);
        rs_canvas_line(&figure->canvas, figure->right, y);
        rs_canvas_stroke(&figure->canvas, &stroke, line->label);
    }
}

void rs_figure_diamond(struct rs_figure *figure, double x, double y, enum rs_plot_role role)
{
    for (int pass = 0; pass < 2; pass++) { /* white around it, so that it stands out from its curve */
        double size = pass == 0 ? 5.2 : 4;
        rs_canvas_move(&figure->canvas, x, y - size);
        rs_canvas_line(&figure->canvas, x + size, y);
        rs_canvas_line(&figure->canvas, x, y + size);
        rs_canvas_line(&figure->canvas, x - size, y);
        rs_canvas_fill(&figure->canvas, pass == 0 ? 0xFFFFFF : rs_figure_stroke(role).ink, 1);
    }
}

static void draw_marks(struct rs_figure *figure)
{
    for (size_t i = 0; i < figure->chart->mark_count; i++) {
        const struct rs_plot_mark *mark = &figure->chart->marks[i];
        double x = rs_figure_x(figure, mark->x);
        double y = rs_figure_y(figure, mark->y);
        if (x >= figure->left && x <= figure->right && y >= figure->top && y <= figure->bottom)
            rs_figure_diamond(figure, x, y, mark->role);
    }
}

static bool in_sight(const struct rs_figure *figure, double x)
{
    return x >= figure->left && x <= figure->right;
}

static void draw_event_lines(struct rs_figure *figure)
{
    for (size_t i = 0; i < figure->chart->event_count; i++) {
        const struct rs_plot_event *event = &figure->chart->events[i];
        const struct rs_stroke stroke = rs_figure_stroke(event->role);
        double x = rs_figure_x(figure, event->x);
        if (!in_sight(figure, x))
            continue;
        rs_canvas_move(&figure->canvas, x, figure->top);
        rs_canvas_line(&figure->canvas, x, figure->bottom);
        rs_canvas_stroke(&figure->canvas, &stroke, event->label);
    }
}

/* On white, so that no curve runs through the letters. */
static void draw_event_labels(struct rs_figure *figure)
{
    struct rs_places places = {.left = (int)ceil(figure->left),
                               .right = (int)floor(figure->right),
                               .rows = (int)fmin(EVENT_ROWS, (figure->bottom - figure->top) / 3 / EVENT_ROW),
                               .least = 30};
    for (size_t i = 0; i < figure->chart->event_count; i++) {
        const struct rs_plot_event *event = &figure->chart->events[i];
        const struct rs_font font = rs_figure_label_font(event->role);
        double x = rs_figure_x(figure, event->x);
        if (!in_sight(figure, x) || !event->label)
            continue;
        int width = (int)ceil(rs_canvas_text_width(&figure->canvas, event->label, &font));
        struct rs_place at = rs_places_take(&places, (int)lround(x), 4, width);
        if (at.row < 0)
            continue;
        char text[128];
        double y = figure->top + EVENT_ROW * at.row;
        rs_canvas_move(&figure->canvas, at.from - 1, y);
        rs_canvas_line(&figure->canvas, at.to + 1, y);
        rs_canvas_line(&figure->canvas, at.to + 1, y + EVENT_ROW);
        rs_canvas_line(&figure->canvas, at.from - 1, y + EVENT_ROW);
        rs_canvas_fill(&figure->canvas, 0xFFFFFF, 0.85);
        rs_canvas_text(&figure->canvas,
                       rs_canvas_fit(&figure->canvas, event->label, &font, at.to - at.from + 0.5, text, sizeof text),
                       at.from, y + font.size, &font, RS_ANCHOR_START, false);
    }
}

void rs_figure_draw_curves(struct rs_figure *figure)
{
    rs_canvas_clip(&figure->canvas, figure->left, figure->top, figure->right - figure->left,
                   figure->bottom - figure->top);
    draw_lines(figure);
    draw_event_lines(figure);
    draw_series(figure);
    draw_event_labels(figure);
    rs_canvas_unclip(&figure->canvas);
    draw_marks(figure);
}
