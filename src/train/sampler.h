/* sampler.h -- which units make the next batch. With blocks a unit is a round of them, and a batch is one unit. */
#ifndef RECSCOPE_TRAIN_SAMPLER_H
#define RECSCOPE_TRAIN_SAMPLER_H

#include <stdbool.h>
#include <stdint.h>

#include "recscope/base/status.h"

enum rs_sampling { RS_SAMPLING_SHUFFLE, RS_SAMPLING_RANDOM, RS_SAMPLING_BLOCKS };
extern const char *const rs_sampling_names[]; /* NULL-terminated, the choices of a row */

struct rs_sampler {
    enum rs_sampling sampling;
    uint64_t seed;
    uint32_t units;
    uint32_t position; /* units of this epoch that are behind us */
    uint32_t *order;   /* (units) the epoch's walk; for random: room for a batch */
};

enum rs_status rs_sampler_init(struct rs_sampler *sampler, enum rs_sampling sampling, uint64_t seed, uint64_t units,
                               struct rs_error *err) RS_CHECKED;
void rs_sampler_free(struct rs_sampler *sampler);

void rs_sampler_begin_epoch(struct rs_sampler *sampler, uint64_t epoch);

/* The next batch: *batch points at *count units, size at most (0: all of the epoch; of blocks one). Draws at random
 * depend on epoch and step alone. */
void rs_sampler_next(struct rs_sampler *sampler, uint64_t size, uint64_t epoch, uint64_t step, const uint32_t **batch,
                     uint32_t *count);
bool rs_sampler_ended(const struct rs_sampler *sampler);

#endif
