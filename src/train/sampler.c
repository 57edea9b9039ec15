#include "sampler.h"

#include "recscope/base/memory.h"
#include "recscope/base/random.h"

const char *const rs_sampling_names[] = {
    [RS_SAMPLING_SHUFFLE] = "shuffle",
    [RS_SAMPLING_RANDOM] = "random",
    [RS_SAMPLING_BLOCKS] = "blocks",
    NULL,
};

enum rs_status rs_sampler_init(struct rs_sampler *sampler, enum rs_sampling sampling, uint64_t seed, uint64_t units,
                               struct rs_error *err)
{
    if (units == 0 || units > UINT32_MAX)
        return rs_fail(err, RS_PRESET, "%llu rows or ratings to train on: 1 .. %u can be walked",
                       (unsigned long long)units, UINT32_MAX);
    *sampler = (struct rs_sampler){.sampling = sampling, .seed = seed, .units = (uint32_t)units};
    return rs_alloc(&sampler->order, units, sizeof *sampler->order, err);
}

void rs_sampler_free(struct rs_sampler *sampler)
{
    rs_free(sampler->order);
    sampler->order = NULL;
}

void rs_sampler_begin_epoch(struct rs_sampler *sampler, uint64_t epoch)
{
    sampler->position = 0;
    if (sampler->sampling == RS_SAMPLING_RANDOM)
        return;
    for (uint32_t i = 0; i < sampler->units; i++)
        sampler->order[i] = i;
    struct rs_rng rng = rs_rng_at(sampler->seed, RS_DRAW_SHUFFLE, epoch, 0, 0);
    rs_rng_shuffle(&rng, sampler->order, sampler->units);
}

void rs_sampler_next(struct rs_sampler *sampler, uint64_t size, uint64_t epoch, uint64_t step, const uint32_t **batch,
                     uint32_t *count)
{
    uint32_t left = sampler->units - sampler->position;
    size = sampler->sampling == RS_SAMPLING_BLOCKS ? 1 : size;
    *count = size == 0 || size > left ? left : (uint32_t)size;
    *batch = sampler->order;
    if (sampler->sampling != RS_SAMPLING_RANDOM) {
        *batch += sampler->position;
    } else {
        struct rs_rng rng = rs_rng_at(sampler->seed, RS_DRAW_SAMPLE, epoch, step, 0);
        for (uint32_t i = 0; i < *count; i++)
            sampler->order[i] = (uint32_t)rs_rng_below(&rng, sampler->units);
    }
    sampler->position += *count;
}

bool rs_sampler_ended(const struct rs_sampler *sampler)
{
    return sampler->position >= sampler->units;
}
