/* axes.h -- the two directions in which points differ most.
 *
 * Source : principal components (Pearson 1901), by power iteration on the Gram matrix of the centred points.
 * Threads: pure function of its arguments.
 */
#ifndef RECSCOPE_LINALG_AXES_H
#define RECSCOPE_LINALG_AXES_H

#include "recscope/base/status.h"
#include "recscope/linalg/real.h"

/* x (rows, columns) is centred in place; out (rows, 2) gets the points' coordinates along the two main axes, each with
 * its largest coordinate positive; share[2]: the part of all variance along each. rows <= 1024.
 * Errors: RS_MEMORY, RS_FAILED. */
enum rs_status rs_main_axes(rs_real *x, size_t rows, size_t columns, double *out, double share[2],
                            struct rs_error *err) RS_CHECKED;

#endif
