#include "recscope/base/random.h"

enum { AHEAD = 64 };

#define GOLDEN UINT64_C(0x9E3779B97F4A7C15)

/* SplitMix64's finaliser: every input bit reaches every output bit. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

struct rs_rng rs_rng_at(uint64_t seed, enum rs_purpose purpose, uint64_t epoch, uint64_t step, uint64_t row)
{
    uint64_t state = mix(seed + GOLDEN);
    state = mix(state ^ ((uint64_t)purpose * GOLDEN));
    state = mix(state + epoch * GOLDEN);
    state = mix(state ^ (step * GOLDEN));
    state = mix(state + row * GOLDEN);
    return (struct rs_rng){state};
}

uint64_t rs_rng_bits(struct rs_rng *rng)
{
    rng->state += GOLDEN;
    return mix(rng->state);
}

double rs_rng_uniform(struct rs_rng *rng)
{
    return (double)(rs_rng_bits(rng) >> 11) * 0x1p-53;
}

uint64_t rs_rng_below(struct rs_rng *rng, uint64_t below)
{
    /* Reject the incomplete last stretch of the 64-bit range. */
    uint64_t bits = rs_rng_bits(rng);
    if (bits >= UINT64_MAX - below) { /* rare: only there does the limit matter, and it costs a division */
        uint64_t limit = UINT64_MAX - UINT64_MAX % below;
        while (bits >= limit)
            bits = rs_rng_bits(rng);
    }
    return bits % below;
}

double rs_rng_normal(struct rs_rng *rng)
{
    double sum = 0;
    for (int i = 0; i < 12; i++)
        sum += rs_rng_uniform(rng);
    return sum - 6.0;
}

void rs_rng_shuffle(struct rs_rng *rng, uint32_t *order, size_t count)
{
    /* A few draws ahead of the exchanges, so that what they touch is on its way from memory. */
    size_t partner[AHEAD];
    for (size_t i = count; i > 1;) {
        size_t some = i - 1 < AHEAD ? i - 1 : AHEAD;
        for (size_t k = 0; k < some; k++) {
            partner[k] = (size_t)rs_rng_below(rng, i - k);
            __builtin_prefetch(&order[partner[k]], 1);
        }
        for (size_t k = 0; k < some; k++, i--) {
            uint32_t kept = order[i - 1];
            order[i - 1] = order[partner[k]];
            order[partner[k]] = kept;
        }
    }
}
