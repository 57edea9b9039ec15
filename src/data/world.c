#include "world.h"

#include <math.h>

#include "recscope/base/memory.h"
#include "recscope/data/dataset.h"

/* Spreads, as standard deviations. */
#define GENEROSITY  0.35 /* stars, between people */
#define WORTH       0.40 /* stars, between items */
#define TASTE       1.0  /* stars, of taste . features */
#define SATURATION  4.0  /* how sharply an item shows a trait */
#define TRAIT_SHARE 0.3  /* of the taste's variance that single traits carry; pairs carry the rest */
#define POPULARITY  1.4  /* of the logarithm of popularity, at skew 1 */
#define ACTIVITY    0.9  /* of the logarithm of a person's number of ratings */

/* Who rated an item tells what it is like, and only a non-linear model reads that; so the people of the bilinear world
 * are less choosy, for there matrix factorisation is to lack nothing. The choosier people are, the better the ratings:
 * the centre keeps their mean near 3.7. */
static const struct rs_habits habits[] = {[RS_WORLD_NONLINEAR] = {2.6, 3.0}, [RS_WORLD_BILINEAR] = {3.0, 1.0}};

struct rs_rng rs_world_draws(const struct rs_world *world, enum rs_world_draw draw, uint64_t row)
{
    return rs_rng_at(world->seed, RS_DRAW_GENERATOR, 0, draw, row);
}

/* (1 + x / 1024)^1024. */
double rs_world_growth(double x)
{
    double power = 1.0 + x / 1024.0;
    if (power < 0)
        return 0;
    for (int i = 0; i < 10; i++)
        power = power * power;
    return power;
}

double rs_world_rated(double mean)
{
    double star = 1.0;
    while (star < 5.0 && mean >= star + 0.5)
        star = star + 1.0;
    return star;
}

struct rs_world rs_world_of(const struct rs_settings *settings, uint32_t users, uint32_t items, uint64_t ratings,
                            uint64_t seed)
{
    size_t kind = rs_choice(settings, &rs_row_world);
    bool bilinear = kind == RS_WORLD_BILINEAR;
    return (struct rs_world){
        .users = users,
        .items = items,
        .ratings = ratings,
        .seed = seed,
        .noise = rs_number(settings, &rs_row_world_noise),
        .skew = rs_number(settings, &rs_row_world_skew),
        .drift = rs_number(settings, &rs_row_world_drift),
        .bilinear = bilinear,
        .habits = habits[kind],
        .features = bilinear ? RS_TRAITS : RS_FEATURES,
    };
}

static void make_item(struct rs_world *w, uint32_t item)
{
    struct rs_rng rng = rs_world_draws(w, RS_WORLD_TRAITS, item);
    double trait[RS_TRAITS];
    for (size_t t = 0; t < RS_TRAITS; t++) {
        double z = rs_rng_normal(&rng);
        double x = SATURATION * z;
        trait[t] = w->bilinear ? z : x / sqrt(1.0 + x * x);
        w->feature[t * w->items + item] = trait[t];
    }
    size_t f = RS_TRAITS;
    for (size_t s = 0; s < RS_TRAITS && !w->bilinear; s++)
        for (size_t t = s + 1; t < RS_TRAITS; t++)
            w->feature[f++ * w->items + item] = trait[s] * trait[t];
    rng = rs_world_draws(w, RS_WORLD_ITEM, item);
    w->worth[item] = WORTH * rs_rng_normal(&rng);
    w->trend[item] = w->drift * rs_rng_normal(&rng);
    w->popularity[item] = rs_world_growth(w->skew * POPULARITY * rs_rng_normal(&rng));
}

void rs_world_person(const struct rs_world *w, uint32_t user, struct rs_person *out)
{
    struct rs_rng rng = rs_world_draws(w, RS_WORLD_TASTE, user);
    double single = w->bilinear ? 1.0 / RS_TRAITS : TRAIT_SHARE / RS_TRAITS;
    double pair = (1.0 - TRAIT_SHARE) / (double)RS_PAIRS;
    for (size_t f = 0; f < w->features; f++)
        out->taste[f] = TASTE * sqrt(f < RS_TRAITS ? single : pair) * rs_rng_normal(&rng);
    rng = rs_world_draws(w, RS_WORLD_PERSON, user);
    out->generosity = GENEROSITY * rs_rng_normal(&rng);
    out->activity = rs_world_growth(ACTIVITY * rs_rng_normal(&rng));
}

/* Share the ratings out by activity, at least one and at most half of the items each (or all of them, where the
 * average comes near half). What rounding and the limits leave goes round one by one. */
static void make_quotas(struct rs_world *w, const double *activity)
{
    double total = 0;
    for (uint32_t user = 0; user < w->users; user++)
        total = total + activity[user];
    uint64_t most = w->items / 2 + (w->items & 1);
    uint64_t given = 0;
    for (uint32_t user = 0; user < w->users; user++) {
        double share = (double)(w->ratings - w->users) * activity[user] / total;
        uint64_t quota = 1 + (uint64_t)share;
        w->quota[user + 1] = quota < most ? quota : most;
        given += w->quota[user + 1];
    }
    while (given < w->ratings) {
        for (uint32_t user = 0; user < w->users && given < w->ratings; user++) {
            if (w->quota[user + 1] < most) {
                w->quota[user + 1]++;
                given++;
            }
        }
    }
    for (uint32_t user = 0; user < w->users; user++)
        w->quota[user + 1] += w->quota[user];
}

enum rs_status rs_world_make(struct rs_world *w, struct rs_error *err)
{
    double *activity = NULL;
    enum rs_status status;
    if ((status = rs_alloc(&w->feature, (size_t)w->items * w->features, sizeof(double), err)) != RS_OK ||
        (status = rs_alloc(&w->worth, w->items, sizeof(double), err)) != RS_OK ||
        (status = rs_alloc(&w->trend, w->items, sizeof(double), err)) != RS_OK ||
        (status = rs_alloc(&w->popularity, w->items, sizeof(double), err)) != RS_OK ||
        (status = rs_alloc(&w->quota, (size_t)w->users + 1, sizeof *w->quota, err)) != RS_OK ||
        (status = rs_alloc(&activity, w->users, sizeof *activity, err)) != RS_OK)
        return status;
    for (uint32_t item = 0; item < w->items; item++)
        make_item(w, item);
    for (uint32_t user = 0; user < w->users; user++) {
        struct rs_person person;
        rs_world_person(w, user, &person);
        activity[user] = person.activity;
    }
    make_quotas(w, activity);
    rs_free(activity);
    return RS_OK;
}

void rs_world_free(struct rs_world *w)
{
    rs_free(w->feature);
    rs_free(w->worth);
    rs_free(w->trend);
    rs_free(w->popularity);
    rs_free(w->quota);
}

/* Hoare's selection. */
void rs_world_smallest(const double *key, uint32_t *order, size_t length, size_t count)
{
    size_t low = 0;
    size_t high = length;
    while (high - low > 1 && count > low && count < high) {
        double pivot = key[order[low + (high - low) / 2]];
        size_t i = low;
        size_t j = high - 1;
        for (;;) {
            while (key[order[i]] < pivot)
                i++;
            while (key[order[j]] > pivot)
                j--;
            if (i >= j)
                break;
            uint32_t kept = order[i];
            order[i++] = order[j];
            order[j--] = kept;
        }
        /* [low, i) <= pivot <= [i, high) */
        if (count <= i)
            high = i;
        else
            low = i;
    }
}
