/* builtin:playground -- ratings from a known truth.
 *
 * A person u rates item i at time t with round(mean + noise * N(0, 1)), clipped to 1 .. 5, where
 *     mean = centre + generosity_u + worth_i + drift_i * t + taste_u . features_i.
 * In the bilinear world an item has a few Gaussian features: what matrix factorisation supposes. In the nonlinear world
 * it has a few traits that it shows or does not (a saturated Gaussian), and its features are the traits and the
 * products of two of them: people like one or the other but not both. The features of an item follow from its few
 * traits by a curve, which a bilinear model cannot use: it must learn each feature of each item on its own.
 * Who rates what is not random either: a person takes up what is popular and what they are going to like.
 *
 * Integer arithmetic and + - * / sqrt only, in one order, without contraction: the same bits on every machine. */
#include <math.h>
#include <stdio.h>

#include "builtin.h"
#include "recscope/base/memory.h"
#include "recscope/data/dataset.h"
#include "world.h"

struct generation {
    struct rs_world world;
    struct rs_person *person; /* (users) */
    uint32_t *chosen;         /* (ratings) items, user after user */
    double *liking;           /* (items) of the user at hand: taste . features, stars */
    double *key;              /* (items) of the user at hand: the smallest are rated */
    uint32_t *order;          /* (items) */
    double squares;           /* sum of squared distances of ratings from their conditional means */
};

/* P(the sum of twelve uniforms less six <= z): Irwin and Hall's sum, exact for rs_rng_normal. */
static double noise_below(double z)
{
    if (z > 0)
        return 1.0 - noise_below(-z);
    static const double choose[7] = {1, -12, 66, -220, 495, -792, 924};
    double sum = 0;
    for (int k = 0; k < 7 && z + 6.0 - k > 0; k++) {
        double x = z + 6.0 - k;
        double x3 = x * x * x;
        sum = sum + choose[k] * (x3 * x3 * (x3 * x3));
    }
    return sum / 479001600.0; /* 12! */
}

/* The mean of the rating that is rounded and clipped from mean + noise. */
static double conditional_mean(double mean, double noise)
{
    double expected = 5.0;
    for (int star = 1; star < 5; star++) {
        double edge = star + 0.5 - mean;
        if (noise > 0)
            expected = expected - noise_below(edge / noise);
        else
            expected = expected - (edge > 0 ? 1.0 : 0.0);
    }
    return expected;
}

static enum rs_status allocate(struct generation *g, struct rs_error *err)
{
    const struct rs_world *w = &g->world;
    enum rs_status status;
    if ((status = rs_alloc(&g->person, w->users, sizeof *g->person, err)) != RS_OK ||
        (status = rs_alloc(&g->chosen, w->ratings, sizeof *g->chosen, err)) != RS_OK ||
        (status = rs_alloc(&g->liking, w->items, sizeof(double), err)) != RS_OK ||
        (status = rs_alloc(&g->key, w->items, sizeof(double), err)) != RS_OK ||
        (status = rs_alloc(&g->order, w->items, sizeof *g->order, err)) != RS_OK)
        return status;
    return RS_OK;
}

static void release(struct generation *g)
{
    rs_world_free(&g->world);
    rs_free(g->person);
    rs_free(g->chosen);
    rs_free(g->liking);
    rs_free(g->key);
    rs_free(g->order);
}

#define NO_ITEM UINT32_MAX

/* Give every item one rater: item i gets the i-th of the ratings in a random order. */
static enum rs_status place_items(struct generation *g, struct rs_error *err)
{
    const struct rs_world *w = &g->world;
    uint32_t *slot;
    enum rs_status status = rs_alloc(&slot, w->ratings, sizeof *slot, err);
    if (status != RS_OK)
        return status;
    for (uint64_t i = 0; i < w->ratings; i++) {
        slot[i] = (uint32_t)i;
        g->chosen[i] = NO_ITEM;
    }
    struct rs_rng rng = rs_world_draws(w, RS_WORLD_SLOTS, 0);
    rs_rng_shuffle(&rng, slot, w->ratings);
    for (uint32_t item = 0; item < w->items; item++)
        g->chosen[slot[item]] = item;
    rs_free(slot);
    return RS_OK;
}

/* Choose what the user rates besides the items that were placed: sequential Poisson sampling, that is the smallest of
 * uniform / weight (Ohlsson, Journal of Official Statistics 1998). */
static void choose_items(struct generation *g, uint32_t user)
{
    const struct rs_world *w = &g->world;
    for (uint32_t item = 0; item < w->items; item++)
        g->liking[item] = 0;
    for (size_t f = 0; f < w->features; f++) {
        double taste = g->person[user].taste[f];
        const double *feature = w->feature + f * w->items;
        for (uint32_t item = 0; item < w->items; item++)
            g->liking[item] = g->liking[item] + taste * feature[item];
    }
    struct rs_rng rng = rs_world_draws(w, RS_WORLD_CHOICE, user);
    for (uint32_t item = 0; item < w->items; item++) {
        double liking = g->liking[item] + w->worth[item];
        g->key[item] = rs_rng_uniform(&rng) / (w->popularity[item] * rs_world_growth(w->habits.liking * liking));
        g->order[item] = item;
    }
    size_t wanted = 0;
    for (uint64_t n = w->quota[user]; n < w->quota[user + 1]; n++) {
        if (g->chosen[n] == NO_ITEM)
            wanted++;
        else
            g->key[g->chosen[n]] = HUGE_VAL;
    }
    rs_world_smallest(g->key, g->order, w->items, wanted);
    size_t next = 0;
    for (uint64_t n = w->quota[user]; n < w->quota[user + 1]; n++)
        if (g->chosen[n] == NO_ITEM)
            g->chosen[n] = g->order[next++];
}

/* The ratings of one user, somewhere within a stretch of the span. */
static enum rs_status rate_items(struct generation *g, struct rs_reading *reading, uint32_t user, struct rs_error *err)
{
    const struct rs_world *w = &g->world;
    struct rs_rng rng = rs_world_draws(w, RS_WORLD_RATING, user);
    double start = rs_rng_uniform(&rng);
    double length = (1.0 - start) * rs_rng_uniform(&rng);
    enum rs_status status = RS_OK;
    for (uint64_t n = w->quota[user]; n < w->quota[user + 1] && status == RS_OK; n++) {
        uint32_t item = g->chosen[n];
        double when = start + length * rs_rng_uniform(&rng);
        double mean = w->habits.centre + g->person[user].generosity + w->worth[item];
        mean = mean + w->trend[item] * (2.0 * when - 1.0) + g->liking[item];
        double value = rs_world_rated(mean + w->noise * rs_rng_normal(&rng));
        double miss = value - conditional_mean(mean, w->noise);
        g->squares = g->squares + miss * miss;
        status =
            rs_reading_add(reading, user, item, (float)value, RS_FIRST_SECOND + (int64_t)(when * RS_TIME_SPAN), err);
    }
    return status;
}

static enum rs_status number_names(struct rs_ids *ids, uint32_t count, struct rs_error *err)
{
    enum rs_status status = RS_OK;
    for (uint32_t i = 0; i < count && status == RS_OK; i++) {
        char name[16];
        uint32_t index;
        bool fresh;
        int length = snprintf(name, sizeof name, "%u", (unsigned)i + 1);
        status = rs_ids_add(ids, name, (size_t)length, &index, &fresh, err);
    }
    return status;
}

/* "Item 12: comedy, space": a title tells the traits that the item shows. */
static enum rs_status title_items(const struct rs_world *w, struct rs_titles *titles, struct rs_error *err)
{
    static const char *const shown[RS_TRAITS] = {"comedy", "love", "space", "music", "crime"};
    enum rs_status status = rs_titles_start(titles, w->items, err);
    for (uint32_t item = 0; item < w->items && status == RS_OK; item++) {
        char title[64];
        int length = snprintf(title, sizeof title, "Item %u", (unsigned)item + 1);
        bool first = true;
        for (size_t t = 0; t < RS_TRAITS; t++) {
            if (w->feature[t * w->items + item] < 0.5)
                continue;
            length += snprintf(title + length, sizeof title - (size_t)length, "%s%s", first ? ": " : ", ", shown[t]);
            first = false;
        }
        status = rs_titles_add(titles, item, (struct rs_span){title, (size_t)length}, err);
    }
    return status;
}

static enum rs_status check_world(const struct rs_world *w, struct rs_error *err)
{
    double cells = (double)w->users * w->items;
    uint64_t least = w->users > w->items ? w->users : w->items;
    if (cells > 1e9)
        return rs_fail(err, RS_PRESET,
                       "[data] world_users = %u: with world_items = %u these are more than 1e9 cells: fewer are wanted",
                       w->users, w->items);
    if (w->ratings < least || (double)w->ratings > cells / 2)
        return rs_fail(err, RS_PRESET,
                       "[data] world_ratings = %llu: %u users and %u items have at least %llu and at most %.0f ratings",
                       (unsigned long long)w->ratings, w->users, w->items, (unsigned long long)least, floor(cells / 2));
    return RS_OK;
}

static enum rs_status generate(struct generation *g, struct rs_reading *reading, struct rs_titles *titles,
                               struct rs_error *err)
{
    struct rs_world *w = &g->world;
    enum rs_status status;
    if ((status = check_world(w, err)) != RS_OK || (status = rs_world_make(w, err)) != RS_OK ||
        (status = allocate(g, err)) != RS_OK || (status = number_names(&reading->users, w->users, err)) != RS_OK ||
        (status = number_names(&reading->items, w->items, err)) != RS_OK)
        return status;
    for (uint32_t user = 0; user < w->users; user++)
        rs_world_person(w, user, &g->person[user]);
    if ((status = title_items(w, titles, err)) != RS_OK || (status = place_items(g, err)) != RS_OK)
        return status;
    for (uint32_t user = 0; user < w->users && status == RS_OK; user++) {
        choose_items(g, user);
        status = rate_items(g, reading, user, err);
    }
    return status;
}

enum rs_status rs_generate_playground(struct rs_reading *reading, struct rs_titles *titles,
                                      struct rs_builtin_facts *facts, const struct rs_settings *settings,
                                      struct rs_error *err)
{
    struct generation g = {
        .world = rs_world_of(settings, (uint32_t)rs_integer(settings, &rs_row_world_users),
                             (uint32_t)rs_integer(settings, &rs_row_world_items),
                             (uint64_t)rs_integer(settings, &rs_row_world_ratings),
                             (uint64_t)rs_integer(settings, &rs_row_world_seed)),
    };
    reading->in_order = true;
    reading->dated = true;
    enum rs_status status = generate(&g, reading, titles, err);
    *facts = (struct rs_builtin_facts){{1, 5, 1}, sqrt(g.squares / (double)g.world.ratings)};
    release(&g);
    return status;
}
