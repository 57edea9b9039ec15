/* ticks.h -- round values along an axis, and labels that tell them apart.
 *
 * Steps are 1, 2 or 5 times a power of ten; a label has as many digits as the step needs, so that neighbours differ.
 * A logarithmic axis has 1, 2 and 5 times each power, or the powers alone, or some of them, as there is room; within
 * less than a decade, where these are too few, round steps.
 * Threads: pure functions.
 */
#ifndef RS_PLOT_TICKS_H
#define RS_PLOT_TICKS_H

#include <stdbool.h>
#include <stddef.h>

#include "recscope/plot/chart.h"

#define RS_TICKS_MAX  32
#define RS_TICK_LABEL 16

struct rs_ticks {
    size_t count;
    double value[RS_TICKS_MAX];
    char label[RS_TICKS_MAX][RS_TICK_LABEL];
};

/* The ticks of a scale, logarithmic or not. */
void rs_ticks_of(struct rs_ticks *out, const struct rs_plot_scale *scale, size_t most, bool whole);

/* The ticks in low..high, at most `most` of them (1 .. RS_TICKS_MAX). whole: no step below 1.
 * None where the range is empty or not finite. */
void rs_ticks_place(struct rs_ticks *out, double low, double high, size_t most, bool whole);

#endif
