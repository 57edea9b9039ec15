#include "ticks.h"

#include <math.h>
#include <stdio.h>

/* The smallest of 1, 2, 5 x 10^k that is not below `least`. */
static double round_step(double least)
{
    double power = pow(10.0, floor(log10(least)));
    static const double factors[] = {1, 2, 5, 10};
    for (size_t i = 0; i < 4; i++)
        if (factors[i] * power >= least * (1 - 1e-12))
            return factors[i] * power;
    return 10 * power;
}

/* Digits behind the point that a multiple of the step needs; negative: in powers of ten. */
static int digits_of(double step, double largest)
{
    if (largest >= 1e6 || step < 1e-6)
        return -1;
    return step >= 1 ? 0 : (int)ceil(-log10(step) - 1e-9);
}

static void format_label(char out[RS_TICK_LABEL], double value, double step, double largest)
{
    int digits = digits_of(step, largest);
    if (digits >= 0)
        snprintf(out, RS_TICK_LABEL, "%.*f", digits, value);
    else
        snprintf(out, RS_TICK_LABEL, "%.*e", (int)fmin(fmax(ceil(log10(largest / step) - 1e-9), 0), 7), value);
}

void rs_ticks_place(struct rs_ticks *out, double low, double high, size_t most, bool whole)
{
    out->count = 0;
    if (!isfinite(low) || !isfinite(high) || !(high > low) || !isfinite(high - low) || most == 0)
        return;
    if (most > RS_TICKS_MAX)
        most = RS_TICKS_MAX;
    double largest = fmax(fabs(low), fabs(high));
    double step = round_step((high - low) / (double)most);
    if (whole && step < 1)
        step = 1;
    while (floor(high / step + 1e-9) - ceil(low / step - 1e-9) + 1 > (double)most)
        step = round_step(step * 1.5);
    double first = ceil(low / step - 1e-9);
    double last = floor(high / step + 1e-9);
    /* Beyond 2^53 steps from zero, or below the digits of a double, neighbours would be the same number. */
    if (largest / step > 1e7)
        return;
    size_t count = last >= first ? (size_t)(last - first) + 1 : 0;
    for (size_t i = 0; i < count; i++) {
        double value = (first + (double)i) * step + 0.0; /* + 0.0: no minus before a zero */
        out->value[out->count] = value;
        format_label(out->label[out->count++], value, step, largest);
    }
}

/* A value with few digits: 0.05, 200, 2e+06. */
static void format_power(char out[RS_TICK_LABEL], double value)
{
    double power = floor(log10(value) + 1e-9);
    if (power >= -4 && power < 6)
        snprintf(out, RS_TICK_LABEL, "%.*f", power < 0 ? (int)-power : 0, value);
    else
        snprintf(out, RS_TICK_LABEL, "%.0e", value);
}

/* Factors (1, 2, 5: all or the first) times every step-th power of ten within the scale. Returns how many there are;
 * none is placed where they are more than `most`. */
static size_t place_powers(struct rs_ticks *out, const struct rs_plot_scale *scale, size_t most, size_t factors,
                           int step)
{
    static const double factor[] = {1, 2, 5};
    int first = (int)floor(log10(scale->low));
    int last = (int)floor(log10(scale->high) + 1e-9);
    size_t count = 0;
    out->count = 0;
    for (int power = first; power <= last; power++) {
        for (size_t i = 0; i < factors && power % step == 0; i++) {
            double value = factor[i] * pow(10, power);
            if (value < scale->low * (1 - 1e-9) || value > scale->high * (1 + 1e-9))
                continue;
            if (count++ >= most)
                continue;
            out->value[out->count] = value;
            format_power(out->label[out->count++], value);
        }
    }
    if (count > most)
        out->count = 0;
    return count;
}

void rs_ticks_of(struct rs_ticks *out, const struct rs_plot_scale *scale, size_t most, bool whole)
{
    if (most > RS_TICKS_MAX)
        most = RS_TICKS_MAX;
    if (!scale->log) {
        rs_ticks_place(out, scale->low, scale->high, most, whole);
        return;
    }
    size_t count = place_powers(out, scale, most, 3, 1);
    if (count < 3 && most >= 3)
        rs_ticks_place(out, scale->low, scale->high, most, whole && scale->low >= 1);
    for (int step = 1; count > most && step < 1000; step++)
        count = place_powers(out, scale, most, 1, step);
}
