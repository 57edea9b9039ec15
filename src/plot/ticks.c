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
