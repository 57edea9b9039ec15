#include "checkpoint.h"

#include "recscope/base/memory.h"

struct rs_checkpoint *rs_checkpoint_take(struct rs_checkpoint *checkpoint)
{
    if (checkpoint)
        atomic_fetch_add(&checkpoint->references, 1);
    return checkpoint;
}

void rs_checkpoint_drop(struct rs_checkpoint *checkpoint)
{
    if (!checkpoint || atomic_fetch_sub(&checkpoint->references, 1) > 1)
        return;
    rs_block_drop(checkpoint->weights);
    rs_block_drop(checkpoint->moments);
    rs_block_drop(checkpoint->best);
    rs_free(checkpoint);
}

uint64_t rs_shelf_bytes(const struct rs_shelf *shelf)
{
    uint64_t bytes = 0;
    const struct rs_block *counted = NULL;
    for (size_t i = 0; i < shelf->count; i++) {
        const struct rs_checkpoint *c = shelf->at[i];
        bytes += sizeof *c + rs_block_bytes(c->weights) + rs_block_bytes(c->moments);
        const struct rs_checkpoint *best = rs_shelf_find(shelf, c->best_epoch);
        if (c->best != counted && !(best && best->weights == c->best))
            bytes += rs_block_bytes(c->best); /* of a best epoch whose checkpoint is gone */
        counted = c->best;
    }
    return bytes;
}

/* The last one and the best one are not for thinning. */
static bool is_spare(const struct rs_shelf *shelf, size_t i)
{
    const struct rs_checkpoint *last = shelf->at[shelf->count - 1];
    uint64_t epoch = shelf->at[i]->epoch;
    return epoch % shelf->every != 0 && epoch != last->epoch && epoch != last->best_epoch;
}

static size_t thin(struct rs_shelf *shelf, struct rs_checkpoint **gone)
{
    size_t left = 0;
    size_t left_over = 0;
    for (size_t i = 0; i < shelf->count; i++) {
        bool spare = is_spare(shelf, i);
        if (spare)
            gone[left_over++] = shelf->at[i];
        else
            shelf->at[left++] = shelf->at[i];
    }
    shelf->count = left;
    return left_over;
}

size_t rs_shelf_add(struct rs_shelf *shelf, struct rs_checkpoint *checkpoint, struct rs_checkpoint **gone)
{
    shelf->at[shelf->count++] = checkpoint;
    size_t count = thin(shelf, gone);
    uint64_t next = sizeof *checkpoint + rs_block_bytes(checkpoint->weights) + rs_block_bytes(checkpoint->moments);
    while (shelf->count > 2 && (shelf->count > RS_SHELF_MOST || rs_shelf_bytes(shelf) + next > shelf->budget)) {
        shelf->every *= 2;
        count += thin(shelf, gone + count);
    }
    return count;
}

struct rs_checkpoint *rs_shelf_find(const struct rs_shelf *shelf, uint64_t epoch)
{
    size_t low = 0;
    size_t high = shelf->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (shelf->at[middle]->epoch < epoch)
            low = middle + 1;
        else
            high = middle;
    }
    return low < shelf->count && shelf->at[low]->epoch == epoch ? shelf->at[low] : NULL;
}

void rs_shelf_clear(struct rs_shelf *shelf)
{
    while (shelf->count > 0)
        rs_checkpoint_drop(shelf->at[--shelf->count]);
}
