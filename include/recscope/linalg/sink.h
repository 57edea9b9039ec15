/* sink.h -- where the gradient of one row of a parameter goes.
 *
 * An operator's backward pass hands over a row the moment its gradient is complete, so that the optimiser updates the
 * row while it is in cache and no gradient block of the parameter's size is needed.
 * Threads: called from several threads at once, never twice for one row in one step.
 */
#ifndef RECSCOPE_LINALG_SINK_H
#define RECSCOPE_LINALG_SINK_H

#include "recscope/linalg/kernels.h"

struct rs_row_sink {
    /* The gradient of row `row`, n numbers, padded. Of a parameter of one column, n rows from `row` on at once. */
    void (*row)(void *context, size_t row, const struct rs_row_gradient *gradient, size_t n);
    void *context;
};

#endif
