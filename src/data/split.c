#include "split.h"

#include <stdlib.h>
#include <string.h>

#include "recscope/base/memory.h"
#include "recscope/base/random.h"

/* Draws of the two halves of a split; a file split makes the second alone. */
enum draw { DRAW_TEST, DRAW_EVAL };

static uint64_t share_of(uint64_t count, double fraction)
{
    uint64_t share = (uint64_t)((double)count * fraction + 0.5);
    return share < count ? share : count;
}

/* Move a random share of the cells of part `from` into part `to`. */
static enum rs_status draw_part(struct rs_dataset *dataset, uint64_t seed, enum draw draw, enum rs_part from,
                                enum rs_part to, double fraction, struct rs_error *err)
{
    uint64_t count = dataset->ratings.count;
    if (count > UINT32_MAX)
        return rs_fail(err, RS_DATA, "%s: %llu ratings: at most %u can be split", dataset->ratings.name,
                       (unsigned long long)count, UINT32_MAX);
    uint32_t *order;
    enum rs_status status = rs_alloc(&order, count, sizeof *order, err);
    if (status != RS_OK)
        return status;
    uint64_t cells = 0;
    for (uint64_t i = 0; i < count; i++)
        if (dataset->part[i] == from)
            order[cells++] = (uint32_t)i;
    struct rs_rng rng = rs_rng_at(seed, RS_DRAW_SPLIT, 0, draw, 0);
    rs_rng_shuffle(&rng, order, cells);
    uint64_t taken = share_of(cells, fraction);
    for (uint64_t i = 0; i < taken; i++)
        dataset->part[order[i]] = (uint8_t)to;
    rs_free(order);
    return RS_OK;
}

struct dated {
    int64_t time;
    uint64_t cell;
};

static int compare_dated(const void *left, const void *right)
{
    const struct dated *a = left;
    const struct dated *b = right;
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    return (a->cell > b->cell) - (a->cell < b->cell);
}

/* The latest of the cells first..last are test, those before them eval; at least `kept` of them stay for training. */
static void split_latest(struct rs_dataset *dataset, struct dated *order, uint64_t first, uint64_t last, uint64_t kept,
                         const double fraction[RS_PARTS])
{
    uint64_t count = last - first;
    for (uint64_t i = 0; i < count; i++)
        order[i] = (struct dated){dataset->ratings.time[first + i], first + i};
    qsort(order, count, sizeof *order, compare_dated);
    uint64_t test = share_of(count, fraction[RS_TEST]);
    uint64_t eval = share_of(count - test, fraction[RS_EVAL]);
    test = test + kept > count ? count - kept : test;
    eval = test + eval + kept > count ? count - kept - test : eval;
    for (uint64_t i = 0; i < test + eval; i++)
        dataset->part[order[count - 1 - i].cell] = i < test ? RS_TEST : RS_EVAL;
}

static enum rs_status split_by_time(struct rs_dataset *dataset, bool per_user, const double fraction[RS_PARTS],
                                    struct rs_error *err)
{
    const struct rs_ratings *ratings = &dataset->ratings;
    if (!ratings->time)
        return rs_fail(err, RS_DATA,
                       "%s: a split by time needs timestamps, and these ratings have none: [data] split = random",
                       ratings->name);
    struct dated *order;
    enum rs_status status = rs_alloc(&order, ratings->count, sizeof *order, err);
    if (status != RS_OK)
        return status;
    const uint64_t *offset = ratings->by_user.offset;
    if (!per_user)
        split_latest(dataset, order, 0, ratings->count, 0, fraction);
    for (uint32_t user = 0; per_user && user < ratings->users; user++)
        split_latest(dataset, order, offset[user], offset[user + 1], 1, fraction);
    rs_free(order);
    return RS_OK;
}

static enum rs_status count_parts(struct rs_dataset *dataset, struct rs_error *err)
{
    struct rs_hash hash;
    rs_hash_start(&hash);
    rs_hash_add(&hash, dataset->part, dataset->ratings.count);
    rs_hash_finish(&hash, dataset->split_hash);
    for (uint64_t i = 0; i < dataset->ratings.count; i++)
        dataset->count[dataset->part[i]]++;
    if (dataset->count[RS_TRAIN] == 0)
        return rs_fail(err, RS_DATA,
                       "%s: of %llu ratings none is left to train on: smaller [data] test_fraction and eval_fraction "
                       "are wanted",
                       dataset->ratings.name, (unsigned long long)dataset->ratings.count);
    return RS_OK;
}

enum rs_status rs_split_make(struct rs_dataset *dataset, const struct rs_settings *settings, const uint8_t *file_part,
                             struct rs_error *err)
{
    enum rs_status status = rs_alloc(&dataset->part, dataset->ratings.count, sizeof *dataset->part, err);
    if (status != RS_OK)
        return status;
    uint64_t seed = (uint64_t)rs_integer(settings, &rs_row_split_seed);
    double fraction[RS_PARTS] = {
        [RS_EVAL] = rs_number(settings, &rs_row_eval_fraction), [RS_TEST] = rs_number(settings, &rs_row_test_fraction)};
    enum rs_split split = (enum rs_split)rs_choice(settings, &rs_row_split);
    switch (split) {
    case RS_SPLIT_RANDOM:
        status = draw_part(dataset, seed, DRAW_TEST, RS_TRAIN, RS_TEST, fraction[RS_TEST], err);
        if (status == RS_OK)
            status = draw_part(dataset, seed, DRAW_EVAL, RS_TRAIN, RS_EVAL, fraction[RS_EVAL], err);
        break;
    case RS_SPLIT_FILE:
        memcpy(dataset->part, file_part, dataset->ratings.count);
        if (rs_string(settings, &rs_row_eval_file)[0] == '\0')
            status = draw_part(dataset, seed, DRAW_EVAL, RS_TRAIN, RS_EVAL, fraction[RS_EVAL], err);
        break;
    case RS_SPLIT_TIME:
    case RS_SPLIT_PER_USER:
        status = split_by_time(dataset, split == RS_SPLIT_PER_USER, fraction, err);
        break;
    }
    return status == RS_OK ? count_parts(dataset, err) : status;
}
