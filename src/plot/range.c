#include "range.h"

#include <math.h>

#define BULK    0.67 /* share of the values that the range fits when the rest lies far out */
#define FAR     3.0  /* in distances between the least value and the bulk's end: what is cut off */
#define KEPT    2.0
#define LEAST   (1.0 / 3) /* share of the height that lines of reference leave to the series */
#define FEW     8
#define PADDING 0.05
#define BINS    512

struct extent {
    double low, high; /* low > high: nothing yet */
};

static void widen(struct extent *extent, double value)
{
    if (!isfinite(value))
        return;
    extent->low = fmin(extent->low, value);
    extent->high = fmax(extent->high, value);
}

static bool is_empty(const struct extent *extent)
{
    return extent->low > extent->high;
}

static struct extent extent_of_series(const struct rs_chart *chart, bool only_fit, bool of_x)
{
    struct extent extent = {INFINITY, -INFINITY};
    for (size_t s = 0; s < chart->series_count; s++) {
        const struct rs_plot_series *series = &chart->series[s];
        if (only_fit && !series->fit)
            continue;
        for (size_t i = 0; i < series->count; i++)
            if (isfinite(series->x[i]) && isfinite(series->y[i]))
                widen(&extent, of_x ? series->x[i] : series->y[i]);
    }
    return extent;
}

/* The value below which `share` of the fitted values in the extent lie, to one of 512 bins: no copy, no sorting. */
static double quantile(const struct rs_chart *chart, const struct extent *extent, double share)
{
    size_t bin[BINS] = {0};
    size_t total = 0;
    double width = (extent->high - extent->low) / BINS;
    for (size_t s = 0; s < chart->series_count; s++) {
        const struct rs_plot_series *series = &chart->series[s];
        for (size_t i = 0; i < series->count && series->fit; i++) {
            double y = series->y[i];
            if (!isfinite(series->x[i]) || !(y >= extent->low && y <= extent->high))
                continue;
            size_t at = (size_t)((y - extent->low) / width);
            bin[at < BINS ? at : BINS - 1]++;
            total++;
        }
    }
    size_t below = 0;
    for (size_t i = 0; i < BINS; i++) {
        below += bin[i];
        if ((double)below >= share * (double)total)
            return extent->low + (double)(i + 1) * width;
    }
    return extent->high;
}

/* Bring the far end near: values far above the bulk are cut off. A coarse pass narrows what the fine one divides, so
 * that one value of 1e9 does not swallow all the bins. */
static void cut_far_values(const struct rs_chart *chart, struct extent *extent, double span_of_lines)
{
    for (int pass = 0; pass < 8 && extent->high > extent->low; pass++) {
        double bulk = fmax(quantile(chart, extent, BULK) - extent->low, span_of_lines);
        if (!(extent->high > extent->low + FAR * bulk))
            return;
        extent->high = extent->low + KEPT * bulk;
    }
}

/* Finite samples that the range is fitted to. */
static size_t samples(const struct rs_chart *chart)
{
    size_t count = 0;
    for (size_t s = 0; s < chart->series_count; s++)
        for (size_t i = 0; i < chart->series[s].count && chart->series[s].fit; i++)
            count += isfinite(chart->series[s].x[i]) && isfinite(chart->series[s].y[i]);
    return count;
}

static void resolve_y(const struct rs_chart *chart, struct extent *y)
{
    struct extent lines = {INFINITY, -INFINITY};
    for (size_t i = 0; i < chart->line_count; i++)
        widen(&lines, chart->lines[i].y);
    *y = extent_of_series(chart, true, false);
    if (is_empty(y))
        *y = is_empty(&lines) ? extent_of_series(chart, false, false) : lines;
    else
        cut_far_values(chart, y, is_empty(&lines) ? 0 : lines.high - lines.low);
    if (is_empty(y))
        *y = (struct extent){0, 1};
    /* So few samples span too little to defend it. */
    bool defend = samples(chart) >= FEW;
    double most = (y->high - y->low) / LEAST;
    for (size_t i = 0; i < chart->line_count; i++) {
        struct extent with = *y;
        widen(&with, chart->lines[i].y);
        if (!defend || with.high - with.low <= most)
            *y = with;
    }
}

static void open_up(struct extent *extent, double padding)
{
    double low = extent->low;
    double span = extent->high - low;
    if (!isfinite(span) || span > 1e300) {
        *extent = (struct extent){-1e300, 1e300};
        return;
    }
    /* A flat series gets a range that its digits can tell apart. */
    double least = fmax(fabs(low), fabs(extent->high)) * 1e-6 + 1e-300;
    if (span < least)
        span = fmax(fabs(low) * 0.1, fmax(least, 1e-3));
    else if (padding > 0)
        span *= padding;
    else
        return;
    extent->low -= span;
    extent->high += span;
    if (low >= 0 && extent->low < 0)
        extent->low = 0;
}

void rs_range_resolve(const struct rs_chart *chart, struct rs_plot_frame *frame)
{
    struct extent x = {chart->x.low, chart->x.high};
    struct extent y = {chart->y.low, chart->y.high};
    bool x_given = chart->x.given && isfinite(x.low) && isfinite(x.high) && x.high > x.low;
    bool y_given = chart->y.given && isfinite(y.low) && isfinite(y.high) && y.high > y.low;
    if (!x_given) {
        x = extent_of_series(chart, false, true);
        if (is_empty(&x))
            x = (struct extent){0, 1};
        open_up(&x, 0);
    }
    if (!y_given) {
        resolve_y(chart, &y);
        open_up(&y, PADDING);
    }
    frame->x_low = x.low;
    frame->x_high = x.high;
    frame->y_low = y.low;
    frame->y_high = y.high;
}
