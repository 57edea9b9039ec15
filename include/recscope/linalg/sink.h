/* sink.h -- where the gradient of one row of a parameter goes.
 *
 * An operator's backward pass hands over a row the moment its gradient is complete, so that the optimiser updates the
 * row while it is in cache and no gradient block of the parameter's size is needed.
 * Threads: called from several threads at once, never twice for one row in one step.
 */
#ifndef RECSCOPE_LINALG_SINK_H
#define RECSCOPE_LINALG_SINK_H

#include "recscope/linalg/real.h"

struct rs_row_sink {
    /* gradient (n) of row `row`, n padded; the sink may overwrite it. */
    void (*row)(void *context, size_t row, rs_real *gradient, size_t n);
    void *context;
};

#endif
