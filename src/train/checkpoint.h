/* checkpoint.h -- the state of a run at the end of an epoch, and the shelf that keeps some of them.
 *
 * A checkpoint is everything that the next step depends on, besides the settings: weights, the optimiser's moments,
 * step and epoch, what the stop rules count, the best weights. Random draws need no state (base/random.h). Blocks and
 * checkpoints are counted and never change once they are filled, so that sessions may share them. Threads: counts are
 * atomic; a shelf belongs to whoever guards it.
 */
#ifndef RECSCOPE_TRAIN_CHECKPOINT_H
#define RECSCOPE_TRAIN_CHECKPOINT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "block.h"

/* States of more bytes are not kept at all: three of them are in memory at times. */
#define RS_CHECKPOINT_MOST ((uint64_t)2 << 30)

struct rs_checkpoint {
    atomic_uint references;
    uint64_t epoch, step; /* finished ones */
    uint64_t since_best, best_epoch;
    double best_eval_rmse;
    double train_seconds;
    double power1, power2;    /* of the optimiser: beta1^t, beta2^t */
    struct rs_block *weights; /* padded, as in the graph */
    struct rs_block *moments; /* NULL: the optimiser has none */
    struct rs_block *best;    /* weights of the best epoch, perhaps in a file; NULL: there is no eval part */
};

struct rs_checkpoint *rs_checkpoint_take(struct rs_checkpoint *checkpoint);
void rs_checkpoint_drop(struct rs_checkpoint *checkpoint);

#define RS_SHELF_MOST 1024 /* checkpoints at most */

/* The checkpoints of a run, epochs ascending. While the budget lasts every epoch is kept; when it is spent, every
 * second one, every fourth ... The best and the last stay in any case. */
struct rs_shelf {
    struct rs_checkpoint *at[RS_SHELF_MOST + 1];
    size_t count;
    uint64_t budget; /* bytes */
    uint64_t every;  /* epochs that are a multiple of this are kept; starts at 1 */
};

/* Put a checkpoint on the shelf (the shelf takes the caller's reference) and thin out. Those that leave are handed to
 * the caller in gone (RS_SHELF_MOST + 1), to be dropped outside of any lock; returns how many. */
size_t rs_shelf_add(struct rs_shelf *shelf, struct rs_checkpoint *checkpoint, struct rs_checkpoint **gone);
/* NULL where that epoch is not kept. */
struct rs_checkpoint *rs_shelf_find(const struct rs_shelf *shelf, uint64_t epoch);
uint64_t rs_shelf_bytes(const struct rs_shelf *shelf);
void rs_shelf_clear(struct rs_shelf *shelf);

#endif
