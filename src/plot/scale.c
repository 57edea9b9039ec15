#include <math.h>

#include "recscope/plot/chart.h"

double rs_plot_share(const struct rs_plot_scale *scale, double value)
{
    if (!isfinite(value) || (scale->log && value <= 0))
        return NAN;
    if (scale->log)
        return (log10(value) - log10(scale->low)) / (log10(scale->high) - log10(scale->low));
    return (value - scale->low) / (scale->high - scale->low);
}

double rs_plot_value(const struct rs_plot_scale *scale, double share)
{
    if (scale->log)
        return pow(10, log10(scale->low) + share * (log10(scale->high) - log10(scale->low)));
    return scale->low + share * (scale->high - scale->low);
}
