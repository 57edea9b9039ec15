/* world.h -- the truth that generated ratings come from: items, people, how many ratings each gives, and the ratings.
 *
 * Integer arithmetic and + - * / sqrt only, in one order, without contraction: the same bits on every machine.
 * Threads: const once made, except for what a function says it changes.
 */
#ifndef RECSCOPE_DATA_WORLD_H
#define RECSCOPE_DATA_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recscope/base/random.h"
#include "recscope/base/settings.h"
#include "recscope/base/status.h"

enum { RS_TRAITS = 5, RS_PAIRS = RS_TRAITS * (RS_TRAITS - 1) / 2, RS_FEATURES = RS_TRAITS + RS_PAIRS };

#define RS_FIRST_SECOND 946684800     /* 2000-01-01 */
#define RS_TIME_SPAN    (86400 * 720) /* seconds from the first rating to the last */

/* The choices of [data] world, in its row's order. */
enum rs_world_kind { RS_WORLD_NONLINEAR, RS_WORLD_BILINEAR };

/* Where the two worlds differ besides the features. */
struct rs_habits {
    double centre; /* stars */
    double liking; /* how much a star more that will be liked tempts a person, in logarithms */
};

/* What is drawn: the `step` of the counter-based draws, so that one part of the world does not shift another. */
enum rs_world_draw {
    RS_WORLD_TRAITS = 1,
    RS_WORLD_ITEM,
    RS_WORLD_TASTE,
    RS_WORLD_PERSON,
    RS_WORLD_SLOTS,
    RS_WORLD_CHOICE,
    RS_WORLD_RATING
};

struct rs_world {
    uint32_t users, items;
    uint64_t ratings, seed;
    double noise, skew, drift;
    bool bilinear;
    struct rs_habits habits;
    size_t features;
    double *feature;    /* (features, items) */
    double *worth;      /* (items) stars */
    double *trend;      /* (items) stars from the middle of the span to its end */
    double *popularity; /* (items) weight */
    uint64_t *quota;    /* (users + 1) ratings of users before u; a user's own lie between */
};

struct rs_person {
    double taste[RS_FEATURES];
    double generosity; /* stars */
    double activity;   /* weight */
};

/* kind, noise, skew and drift from the settings; users, items, ratings and seed as given. */
struct rs_world rs_world_of(const struct rs_settings *settings, uint32_t users, uint32_t items, uint64_t ratings,
                            uint64_t seed);

/* Make items and quotas. Owns: the caller frees with rs_world_free, also after a failure. Errors: RS_MEMORY. */
enum rs_status rs_world_make(struct rs_world *world, struct rs_error *err) RS_CHECKED;
void rs_world_free(struct rs_world *world);

struct rs_rng rs_world_draws(const struct rs_world *world, enum rs_world_draw draw, uint64_t row);
void rs_world_person(const struct rs_world *world, uint32_t user, struct rs_person *out);

/* About e^x, for |x| well below 1024. */
double rs_world_growth(double x);

/* The rating that is rounded and clipped from mean + noise. */
double rs_world_rated(double mean);

/* Bring the `count` items with the smallest keys to the front of the order. */
void rs_world_smallest(const double *key, uint32_t *order, size_t length, size_t count);

#endif
