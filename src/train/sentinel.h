/* sentinel.h -- whether the loss explodes.
 *
 * It sees the loss of every batch and speaks once when training has gone off the rails, so that a person can act before
 * the weights are worth nothing.
 *
 * Rule  : the reference is the loss of "everyone gets the mean", or the lowest running loss of this run where that is
 *         higher (factors without biases start far above the mean). The running loss is the median of the last batches:
 *         a single spike, or a batch of few ratings, does not move it. The sentinel speaks when
 *         (a) the running loss is above 4 times the reference: errors twice as large as those of the mean, in most of
 *             the last batches, are no noise; a healthy run, however ill it over-fits, stays below; or
 *         (b) two batches in a row are above 100 times the reference: no later batch mends such a step; or
 *         (c) a loss is not finite.
 *         Afterwards it is silent until the loss is ten times worse than when it spoke: the person went on on purpose.
 * Units : squared stars.
 */
#ifndef RECSCOPE_TRAIN_SENTINEL_H
#define RECSCOPE_TRAIN_SENTINEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RS_SENTINEL_MOST 64 /* batches in the running loss at most */

struct rs_sentinel {
    double level;                  /* loss of predicting the mean */
    double best;                   /* lowest running loss so far; negative: none yet */
    double first;                  /* loss of the first batch */
    double before;                 /* loss of the former batch */
    double patience;               /* grows by ten each time it spoke */
    double calm_loss;              /* running loss when it was last at or below the reference ... */
    uint64_t calm_step;            /* ... and that step */
    double loss[RS_SENTINEL_MOST]; /* of batch n in slot n % MOST */
    uint64_t cells[RS_SENTINEL_MOST];
    uint64_t batches;
};

/* What it saw. */
struct rs_explosion {
    double from, to; /* running loss when all was well, and now */
    uint64_t steps;  /* between the two */
};

/* level: the loss of predicting the mean. */
void rs_sentinel_init(struct rs_sentinel *sentinel, double level);

/* One batch: its loss per rating, and how many ratings it had. true: it speaks, *explosion says what happened. */
bool rs_sentinel_add(struct rs_sentinel *sentinel, uint64_t step, double loss, uint64_t cells,
                     struct rs_explosion *explosion);

#endif
