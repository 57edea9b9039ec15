/* random.h -- counter-based random numbers.
 *
 * A draw is a function of (seed, purpose, epoch, step, row): nothing is carried from one place to another, so dropout
 * and sampling do not depend on the number of threads, and a resumed run needs no hidden state.
 * Source : SplitMix64 (Steele, Lea, Flood, OOPSLA 2014) as the stream; its finaliser absorbs the five counters.
 * Threads: an rs_rng belongs to one thread.
 */
#ifndef RECSCOPE_BASE_RANDOM_H
#define RECSCOPE_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

enum rs_purpose {
    RS_DRAW_WEIGHTS = 1, /* row: index of the parameter          */
    RS_DRAW_SHUFFLE,     /* epoch                                */
    RS_DRAW_SAMPLE,      /* epoch, step: a batch drawn at random */
    RS_DRAW_DROPOUT,     /* epoch, step, row: plus layer << 40   */
    RS_DRAW_SPLIT,       /* row                                  */
    RS_DRAW_METRIC,      /* which training cells are measured    */
    RS_DRAW_GENERATOR,   /* row: what is generated               */
    RS_DRAW_TEST         /* for tests                            */
};

struct rs_rng {
    uint64_t state;
};

struct rs_rng rs_rng_at(uint64_t seed, enum rs_purpose purpose, uint64_t epoch, uint64_t step, uint64_t row);

/* The next 64 bits. */
uint64_t rs_rng_bits(struct rs_rng *rng);

/* Uniform in [0, 1), a multiple of 2^-53: integer work and one product, the same on every machine. */
double rs_rng_uniform(struct rs_rng *rng);

/* Uniform in 0..below-1 without bias; below > 0. */
uint64_t rs_rng_below(struct rs_rng *rng, uint64_t below);

/* About N(0, 1): the sum of twelve uniforms less six. Only + and -, so that the bits are the same on every machine;
 * the tails end at 6, which weights and generated tastes do not miss. */
double rs_rng_normal(struct rs_rng *rng);

/* Fisher-Yates over order[0..count). */
void rs_rng_shuffle(struct rs_rng *rng, uint32_t *order, size_t count);

#endif
