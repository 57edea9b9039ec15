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
#include "recscope/base/random.h"
#include "recscope/data/dataset.h"

enum { TRAITS = 5, PAIRS = TRAITS * (TRAITS - 1) / 2, FEATURES = TRAITS + PAIRS };

/* Spreads, as standard deviations. */
#define GENEROSITY  0.35 /* stars, between people */
#define WORTH       0.40 /* stars, between items */
#define TASTE       1.0  /* stars, of taste . features */
#define SATURATION  4.0  /* how sharply an item shows a trait */
#define TRAIT_SHARE 0.3  /* of the taste's variance that single traits carry; pairs carry the rest */
#define POPULARITY  1.4  /* of the logarithm of popularity, at skew 1 */
#define ACTIVITY    0.9  /* of the logarithm of a person's number of ratings */

#define FIRST_SECOND 946684800     /* 2000-01-01 */
#define SPAN         (86400 * 720) /* seconds from the first rating to the last */

/* Where the two worlds differ besides the features. Who rated an item tells what it is like, and only a non-linear
 * model reads that; so the people of the bilinear world are less choosy, for there matrix factorisation is to lack
 * nothing. The choosier people are, the better the ratings: the centre keeps their mean near 3.7. */
static const struct habits {
    double centre; /* stars */
    double liking; /* how much a star more that will be liked tempts a person, in logarithms */
} habits[] = {[RS_WORLD_NONLINEAR] = {2.6, 3.0}, [RS_WORLD_BILINEAR] = {3.0, 1.0}};

/* What is drawn: the `step` of the counter-based draws, so that one part of the world does not shift another. */
enum draw { DRAW_TRAITS = 1, DRAW_ITEM, DRAW_TASTE, DRAW_PERSON, DRAW_SLOTS, DRAW_CHOICE, DRAW_RATING };

struct world {
    uint32_t users, items;
    uint64_t ratings, seed;
    double noise, skew, drift;
    bool bilinear;
    struct habits habits;
    size_t features;
    double *feature;    /* (features, items) */
    double *taste;      /* (users, features) */
    double *worth;      /* (items) stars */
    double *trend;      /* (items) stars from the middle of the span to its end */
    double *popularity; /* (items) weight */
    double *generosity; /* (users) stars */
    double *activity;   /* (users) weight */
    uint64_t *quota;    /* (users + 1) ratings of users before u; a user's own lie between */
    uint32_t *chosen;   /* (ratings) items, user after user */
    double *liking;     /* (items) of the user at hand: taste . features, stars */
    double *key;        /* (items) of the user at hand: the smallest are rated */
    uint32_t *order;    /* (items) */
    double squares;     /* sum of squared distances of ratings from their conditional means */
};

static struct rs_rng draws(const struct world *world, enum draw draw, uint64_t row)
{
    return rs_rng_at(world->seed, RS_DRAW_GENERATOR, 0, draw, row);
}

/* About e^x, for |x| well below 1024: (1 + x / 1024)^1024. */
static double growth(double x)
{
    double power = 1.0 + x / 1024.0;
    if (power < 0)
        return 0;
    for (int i = 0; i < 10; i++)
        power = power * power;
    return power;
}

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

static double rated(double mean)
{
    double star = 1.0;
    while (star < 5.0 && mean >= star + 0.5)
        star = star + 1.0;
    return star;
}

static enum rs_status allocate(struct world *w, struct rs_error *err)
{
    enum rs_status status;
    if ((status = rs_alloc(&w->feature, (size_t)w->items * w->features, sizeof(double), err)) != RS_OK ||
        (status = rs_alloc(&w->taste, (size_t)w->users * w->features, sizeof(double), err)) != RS_OK ||
        (status = rs_alloc(&w->worth, w->items, sizeof(double), err)) != RS_OK ||
        (status = rs_alloc(&w->trend, w->items, sizeof(double), err)) != RS_OK ||
        (status = rs_alloc(&w->popularity, w->items, sizeof(double), err)) != RS_OK ||
        (status = rs_alloc(&w->generosity, w->users, sizeof(double), err)) != RS_OK ||
        (status = rs_alloc(&w->activity, w->users, sizeof(double), err)) != RS_OK ||
        (status = rs_alloc(&w->quota, (size_t)w->users + 1, sizeof *w->quota, err)) != RS_OK ||
        (status = rs_alloc(&w->chosen, w->ratings, sizeof *w->chosen, err)) != RS_OK ||
        (status = rs_alloc(&w->liking, w->items, sizeof(double), err)) != RS_OK ||
        (status = rs_alloc(&w->key, w->items, sizeof(double), err)) != RS_OK ||
        (status = rs_alloc(&w->order, w->items, sizeof *w->order, err)) != RS_OK)
        return status;
    return RS_OK;
}

static void release(struct world *w)
{
    rs_free(w->feature);
    rs_free(w->taste);
    rs_free(w->worth);
    rs_free(w->trend);
    rs_free(w->popularity);
    rs_free(w->generosity);
    rs_free(w->activity);
    rs_free(w->quota);
    rs_free(w->chosen);
    rs_free(w->liking);
    rs_free(w->key);
    rs_free(w->order);
}

static void make_item(struct world *w, uint32_t item)
{
    struct rs_rng rng = draws(w, DRAW_TRAITS, item);
    double trait[TRAITS];
    for (size_t t = 0; t < TRAITS; t++) {
        double z = rs_rng_normal(&rng);
        double x = SATURATION * z;
        trait[t] = w->bilinear ? z : x / sqrt(1.0 + x * x);
        w->feature[t * w->items + item] = trait[t];
    }
    size_t f = TRAITS;
    for (size_t s = 0; s < TRAITS && !w->bilinear; s++)
        for (size_t t = s + 1; t < TRAITS; t++)
            w->feature[f++ * w->items + item] = trait[s] * trait[t];
    rng = draws(w, DRAW_ITEM, item);
    w->worth[item] = WORTH * rs_rng_normal(&rng);
    w->trend[item] = w->drift * rs_rng_normal(&rng);
    w->popularity[item] = growth(w->skew * POPULARITY * rs_rng_normal(&rng));
}

static void make_person(struct world *w, uint32_t user)
{
    struct rs_rng rng = draws(w, DRAW_TASTE, user);
    double single = w->bilinear ? 1.0 / TRAITS : TRAIT_SHARE / TRAITS;
    double pair = (1.0 - TRAIT_SHARE) / (double)PAIRS;
    for (size_t f = 0; f < w->features; f++)
        w->taste[user * w->features + f] = TASTE * sqrt(f < TRAITS ? single : pair) * rs_rng_normal(&rng);
    rng = draws(w, DRAW_PERSON, user);
    w->generosity[user] = GENEROSITY * rs_rng_normal(&rng);
    w->activity[user] = growth(ACTIVITY * rs_rng_normal(&rng));
}

/* Share the ratings out by activity, at least one and at most half of the items each (or all of them, where the
 * average comes near half). What rounding and the limits leave goes round one by one. */
static void make_quotas(struct world *w)
{
    double total = 0;
    for (uint32_t user = 0; user < w->users; user++)
        total = total + w->activity[user];
    uint64_t most = w->items / 2 + (w->items & 1);
    uint64_t given = 0;
    for (uint32_t user = 0; user < w->users; user++) {
        double share = (double)(w->ratings - w->users) * w->activity[user] / total;
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

#define NO_ITEM UINT32_MAX

/* Give every item one rater: item i gets the i-th of the ratings in a random order. */
static enum rs_status place_items(struct world *w, struct rs_error *err)
{
    uint32_t *slot;
    enum rs_status status = rs_alloc(&slot, w->ratings, sizeof *slot, err);
    if (status != RS_OK)
        return status;
    for (uint64_t i = 0; i < w->ratings; i++) {
        slot[i] = (uint32_t)i;
        w->chosen[i] = NO_ITEM;
    }
    struct rs_rng rng = draws(w, DRAW_SLOTS, 0);
    rs_rng_shuffle(&rng, slot, w->ratings);
    for (uint32_t item = 0; item < w->items; item++)
        w->chosen[slot[item]] = item;
    rs_free(slot);
    return RS_OK;
}

/* Bring the `count` items with the smallest keys to the front of the order (Hoare's selection). */
static void select_smallest(const double *key, uint32_t *order, size_t length, size_t count)
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

/* Choose what the user rates besides the items that were placed: sequential Poisson sampling, that is the smallest of
 * uniform / weight (Ohlsson, Journal of Official Statistics 1998). */
static void choose_items(struct world *w, uint32_t user)
{
    for (uint32_t item = 0; item < w->items; item++)
        w->liking[item] = 0;
    for (size_t f = 0; f < w->features; f++) {
        double taste = w->taste[user * w->features + f];
        const double *feature = w->feature + f * w->items;
        for (uint32_t item = 0; item < w->items; item++)
            w->liking[item] = w->liking[item] + taste * feature[item];
    }
    struct rs_rng rng = draws(w, DRAW_CHOICE, user);
    for (uint32_t item = 0; item < w->items; item++) {
        double liking = w->liking[item] + w->worth[item];
        w->key[item] = rs_rng_uniform(&rng) / (w->popularity[item] * growth(w->habits.liking * liking));
        w->order[item] = item;
    }
    size_t wanted = 0;
    for (uint64_t n = w->quota[user]; n < w->quota[user + 1]; n++) {
        if (w->chosen[n] == NO_ITEM)
            wanted++;
        else
            w->key[w->chosen[n]] = HUGE_VAL;
    }
    select_smallest(w->key, w->order, w->items, wanted);
    size_t next = 0;
    for (uint64_t n = w->quota[user]; n < w->quota[user + 1]; n++)
        if (w->chosen[n] == NO_ITEM)
            w->chosen[n] = w->order[next++];
}

/* The ratings of one user, somewhere within a stretch of the span. */
static enum rs_status rate_items(struct world *w, struct rs_reading *reading, uint32_t user, struct rs_error *err)
{
    struct rs_rng rng = draws(w, DRAW_RATING, user);
    double start = rs_rng_uniform(&rng);
    double length = (1.0 - start) * rs_rng_uniform(&rng);
    enum rs_status status = RS_OK;
    for (uint64_t n = w->quota[user]; n < w->quota[user + 1] && status == RS_OK; n++) {
        uint32_t item = w->chosen[n];
        double when = start + length * rs_rng_uniform(&rng);
        double mean = w->habits.centre + w->generosity[user] + w->worth[item];
        mean = mean + w->trend[item] * (2.0 * when - 1.0) + w->liking[item];
        double value = rated(mean + w->noise * rs_rng_normal(&rng));
        double miss = value - conditional_mean(mean, w->noise);
        w->squares = w->squares + miss * miss;
        status = rs_reading_add(reading, user, item, (float)value, FIRST_SECOND + (int64_t)(when * SPAN), err);
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
static enum rs_status title_items(const struct world *w, struct rs_titles *titles, struct rs_error *err)
{
    static const char *const shown[TRAITS] = {"comedy", "love", "space", "music", "crime"};
    enum rs_status status = rs_titles_start(titles, w->items, err);
    for (uint32_t item = 0; item < w->items && status == RS_OK; item++) {
        char title[64];
        int length = snprintf(title, sizeof title, "Item %u", (unsigned)item + 1);
        bool first = true;
        for (size_t t = 0; t < TRAITS; t++) {
            if (w->feature[t * w->items + item] < 0.5)
                continue;
            length += snprintf(title + length, sizeof title - (size_t)length, "%s%s", first ? ": " : ", ", shown[t]);
            first = false;
        }
        status = rs_titles_add(titles, item, (struct rs_span){title, (size_t)length}, err);
    }
    return status;
}

static enum rs_status check_world(const struct world *w, struct rs_error *err)
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

static enum rs_status generate(struct world *w, struct rs_reading *reading, struct rs_titles *titles,
                               struct rs_error *err)
{
    enum rs_status status;
    if ((status = check_world(w, err)) != RS_OK || (status = allocate(w, err)) != RS_OK ||
        (status = number_names(&reading->users, w->users, err)) != RS_OK ||
        (status = number_names(&reading->items, w->items, err)) != RS_OK)
        return status;
    for (uint32_t item = 0; item < w->items; item++)
        make_item(w, item);
    for (uint32_t user = 0; user < w->users; user++)
        make_person(w, user);
    make_quotas(w);
    if ((status = title_items(w, titles, err)) != RS_OK || (status = place_items(w, err)) != RS_OK)
        return status;
    for (uint32_t user = 0; user < w->users && status == RS_OK; user++) {
        choose_items(w, user);
        status = rate_items(w, reading, user, err);
    }
    return status;
}

enum rs_status rs_generate_playground(struct rs_reading *reading, struct rs_titles *titles,
                                      struct rs_builtin_facts *facts, const struct rs_settings *settings,
                                      struct rs_error *err)
{
    struct world world = {
        .users = (uint32_t)rs_integer(settings, &rs_row_world_users),
        .items = (uint32_t)rs_integer(settings, &rs_row_world_items),
        .ratings = (uint64_t)rs_integer(settings, &rs_row_world_ratings),
        .seed = (uint64_t)rs_integer(settings, &rs_row_world_seed),
        .noise = rs_number(settings, &rs_row_world_noise),
        .skew = rs_number(settings, &rs_row_world_skew),
        .drift = rs_number(settings, &rs_row_world_drift),
        .bilinear = rs_choice(settings, &rs_row_world) == RS_WORLD_BILINEAR,
    };
    world.habits = habits[rs_choice(settings, &rs_row_world)];
    world.features = world.bilinear ? TRAITS : FEATURES;
    reading->in_order = true;
    reading->dated = true;
    enum rs_status status = generate(&world, reading, titles, err);
    *facts = (struct rs_builtin_facts){{1, 5, 1}, sqrt(world.squares / (double)world.ratings)};
    release(&world);
    return status;
}
