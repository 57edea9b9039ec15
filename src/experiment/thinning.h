/* thinning.h -- a long series kept short without losing a spike.
 *
 * Up to `most` rows everything is kept. Beyond, the series is cut into stretches of equal length, each keeping its
 * smallest and its largest value in their order; whenever the rows are full, neighbouring stretches merge and the
 * length doubles. A spike of one batch therefore survives a run of any length.
 */
#ifndef RS_EXPERIMENT_THINNING_H
#define RS_EXPERIMENT_THINNING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recscope/base/status.h"

struct rs_step_row {
    uint64_t step, epoch;
    double loss;
};

struct rs_thinning {
    struct rs_step_row *row; /* (count) finished rows */
    size_t count, capacity, most;
    uint64_t stretch;                     /* batches in a stretch; 1: every batch has its row */
    uint64_t pending;                     /* batches of the unfinished stretch */
    struct rs_step_row smallest, largest; /* of it */
    uint64_t generation;                  /* grows when finished rows changed */
};

/* most: a multiple of 4, at least 8. Free with rs_thinning_free. */
void rs_thinning_start(struct rs_thinning *thinning, size_t most);
enum rs_status rs_thinning_add(struct rs_thinning *thinning, const struct rs_step_row *row,
                               struct rs_error *err) RS_CHECKED;
/* Turn the unfinished stretch into rows: the series is at its end. */
enum rs_status rs_thinning_finish(struct rs_thinning *thinning, struct rs_error *err) RS_CHECKED;
void rs_thinning_free(struct rs_thinning *thinning);

#endif
