#include <math.h>

#include "recscope/plot/chart.h"

/* The index of the x nearest to `x` in ascending values; count when there are none. */
static size_t nearest(const double *values, size_t count, double x)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (values[middle] < x)
            low = middle + 1;
        else
            high = middle;
    }
    if (low > 0 && (low == count || x - values[low - 1] <= values[low] - x))
        low--;
    return low;
}

/* Beyond its first and last sample a series reaches half the way to where the next one would be. */
static bool reaches(const double *values, size_t count, size_t at, double x)
{
    double reach = 0;
    if (at + 1 < count)
        reach = fmax(reach, values[at + 1] - values[at]);
    if (at > 0)
        reach = fmax(reach, values[at] - values[at - 1]);
    return count == 1 ? x == values[0] : fabs(x - values[at]) <= reach / 2;
}

size_t rs_chart_read(const struct rs_chart *chart, double x, struct rs_plot_reading *out, size_t most)
{
    size_t found = 0;
    for (size_t i = chart->series_count; i-- > 0 && found < most && isfinite(x);) {
        const struct rs_plot_series *series = &chart->series[i];
        if (!series->name || series->count == 0)
            continue;
        size_t at = nearest(series->x, series->count, x);
        if (!reaches(series->x, series->count, at, x) || !isfinite(series->y[at]))
            continue;
        out[found++] = (struct rs_plot_reading){.name = series->name,
                                                .role = series->role,
                                                .x = series->x[at],
                                                .value = series->y[at],
                                                .raw = series->raw ? series->raw[at] : series->y[at],
                                                .low = series->low ? series->low[at] : NAN,
                                                .high = series->high ? series->high[at] : NAN};
    }
    return found;
}
