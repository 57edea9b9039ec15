/* ticks.h -- round values along an axis, and labels that tell them apart.
 *
 * Steps are 1, 2 or 5 times a power of ten; a label has as many digits as the step needs, so that neighbours differ.
 * Threads: pure functions.
 */
#ifndef RS_PLOT_TICKS_H
#define RS_PLOT_TICKS_H

#include <stdbool.h>
#include <stddef.h>

#define RS_TICKS_MAX  32
#define RS_TICK_LABEL 16

struct rs_ticks {
    size_t count;
    double value[RS_TICKS_MAX];
    char label[RS_TICKS_MAX][RS_TICK_LABEL];
};

/* The ticks in low..high, at most `most` of them (1 .. RS_TICKS_MAX). whole: no step below 1.
 * None where the range is empty or not finite. */
void rs_ticks_place(struct rs_ticks *out, double low, double high, size_t most, bool whole);

#endif
