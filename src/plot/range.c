#include "range.h"

#include <math.h>

#define BULK    0.67 /* share of the values that the range fits when the rest lies far out */
#define FAR     3.0  /* in distances between the least value and the bulk's end: what is cut off */
#define KEPT    2.0
#define LEAST   (1.0 / 3) /* share of the height that lines of reference leave to the series */
#define FEW     8
#define PADDING 0.05
#define BINS    512

/* Of values as they are, or of their logarithms: everything below is the same for both. */
struct extent {
    bool log;
    double low, high; /* low > high: nothing yet */
};

static void widen(struct extent *extent, double value)
{
    if (extent->log)
        value = value > 0 ? log10(value) : NAN;
    if (!isfinite(value))
        return;
    extent->low = fmin(extent->low, value);
    extent->high = fmax(extent->high, value);
}

static bool is_empty(const struct extent *extent)
{
    return extent->low > extent->high;
}

const double *rs_range_values(const struct rs_plot_series *series)
{
    return series->raw ? series->raw : series->y;
}

static struct extent nothing(bool log)
{
    return (struct extent){log, INFINITY, -INFINITY};
}

static struct extent extent_of_x(const struct rs_chart *chart, bool log)
{
    struct extent extent = nothing(log);
    for (size_t s = 0; s < chart->series_count; s++)
        for (size_t i = 0; i < chart->series[s].count; i++)
            if (isfinite(rs_range_values(&chart->series[s])[i]))
                widen(&extent, chart->series[s].x[i]);
    return extent;
}

static struct extent extent_of_y(const struct rs_chart *chart, bool log, bool only_fit)
{
    struct extent extent = nothing(log);
    for (size_t s = 0; s < chart->series_count; s++) {
        const struct rs_plot_series *series = &chart->series[s];
        for (size_t i = 0; i < series->count && (series->fit || !only_fit); i++) {
            if (!isfinite(series->x[i]))
                continue;
            widen(&extent, rs_range_values(series)[i]);
            if (series->low && series->high) {
                widen(&extent, series->low[i]);
                widen(&extent, series->high[i]);
            }
        }
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
            double y = rs_range_values(series)[i];
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

/* The greatest fitted value that is not above a limit. */
static double greatest_below(const struct rs_chart *chart, double limit)
{
    double greatest = -INFINITY;
    for (size_t s = 0; s < chart->series_count; s++)
        for (size_t i = 0; i < chart->series[s].count && chart->series[s].fit; i++) {
            double y = rs_range_values(&chart->series[s])[i];
            if (isfinite(chart->series[s].x[i]) && y <= limit)
                greatest = fmax(greatest, y);
        }
    return greatest;
}

/* Bring the far end near: values far above the bulk are cut off. A coarse pass narrows what the fine one divides, so
 * that one value of 1e9 does not swallow all the bins. */
static void cut_far_values(const struct rs_chart *chart, struct extent *extent, double span_of_lines)
{
    double all = extent->high;
    for (int pass = 0; pass < 8 && extent->high > extent->low; pass++) {
        double bulk = fmax(quantile(chart, extent, BULK) - extent->low, span_of_lines);
        if (!(extent->high > extent->low + FAR * bulk))
            break;
        extent->high = extent->low + KEPT * bulk;
    }
    if (extent->high < all) /* no empty sky above what is left */
        extent->high = fmax(greatest_below(chart, extent->high), extent->low + (extent->high - extent->low) / KEPT);
}

/* Finite samples that the range is fitted to. */
static size_t samples(const struct rs_chart *chart)
{
    size_t count = 0;
    for (size_t s = 0; s < chart->series_count; s++)
        for (size_t i = 0; i < chart->series[s].count && chart->series[s].fit; i++)
            count += isfinite(chart->series[s].x[i]) && isfinite(rs_range_values(&chart->series[s])[i]);
    return count;
}

static void resolve_y(const struct rs_chart *chart, struct extent *y)
{
    struct extent lines = nothing(y->log);
    for (size_t i = 0; i < chart->line_count; i++)
        widen(&lines, chart->lines[i].y);
    *y = extent_of_y(chart, y->log, true);
    if (is_empty(y))
        *y = is_empty(&lines) ? extent_of_y(chart, y->log, false) : lines;
    else if (!y->log)
        cut_far_values(chart, y, is_empty(&lines) ? 0 : lines.high - lines.low);
    if (is_empty(y))
        *y = (struct extent){y->log, 0, 1};
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
        extent->low = -1e300;
        extent->high = 1e300;
        return;
    }
    /* A flat series gets a range that its digits can tell apart. */
    double least = fmax(fabs(low), fabs(extent->high)) * 1e-6 + 1e-300;
    if (span < least)
        span = extent->log ? 0.05 : fmax(fabs(low) * 0.1, fmax(least, 1e-3));
    else if (padding > 0)
        span *= padding;
    else
        return;
    extent->low -= span;
    extent->high += span;
    if (low >= 0 && extent->low < 0 && !extent->log)
        extent->low = 0;
}

static struct rs_plot_scale scale_of(const struct extent *extent)
{
    if (!extent->log)
        return (struct rs_plot_scale){extent->low, extent->high, false};
    return (struct rs_plot_scale){pow(10, fmax(extent->low, -300)), pow(10, fmin(extent->high, 300)), true};
}

/* The ends as they were given. A logarithmic axis begins at the least positive value where it was to begin at 0. */
static bool keep_given(const struct rs_plot_axis *axis, const struct extent *all, struct rs_plot_scale *out)
{
    double low = axis->low;
    if (out->log && low <= 0)
        low = pow(10, all->low);
    if (!axis->given || !isfinite(low) || !isfinite(axis->high) || !(axis->high > low))
        return false;
    *out = (struct rs_plot_scale){low, axis->high, out->log};
    return true;
}

/* What was asked for, unless there is nothing positive to show. */
static bool is_log(const struct rs_plot_axis *axis, const struct extent *positive)
{
    return axis->log && !is_empty(positive);
}

void rs_chart_scales(const struct rs_chart *chart, struct rs_plot_scale *x, struct rs_plot_scale *y)
{
    struct extent all_x = extent_of_x(chart, true);
    struct extent all_y = extent_of_y(chart, true, false);
    *x = (struct rs_plot_scale){.log = is_log(&chart->x, &all_x)};
    *y = (struct rs_plot_scale){.log = is_log(&chart->y, &all_y)};
    if (!keep_given(&chart->x, &all_x, x)) {
        struct extent extent = extent_of_x(chart, x->log);
        if (is_empty(&extent))
            extent = (struct extent){x->log, 0, 1};
        open_up(&extent, 0);
        *x = scale_of(&extent);
    }
    if (!keep_given(&chart->y, &all_y, y)) {
        struct extent extent = {.log = y->log};
        resolve_y(chart, &extent);
        open_up(&extent, PADDING);
        *y = scale_of(&extent);
    }
}
