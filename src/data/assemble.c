/* DESIGN: an order of the triples (user, then item, then as read) is made by two counting sorts; duplicates and rare
 * users and items are taken out of that order; what is left is copied into cells once. */
#include "assemble.h"

#include <string.h>

#include "cells.h"
#include "names.h"
#include "recscope/base/memory.h"

struct assembly {
    struct rs_reading *reading;
    uint64_t *order; /* (count) triples by user, item and place in the files */
    uint64_t count;
    uint32_t *user_rank, *item_rank; /* of the ids of the reading */
    uint32_t users, items;           /* of the ratings */
    uint32_t *user_id, *item_id;     /* the reading's number of user u of the ratings */
};

/* Put the numbers in `from` (NULL: 0, 1, ...) into `to`, by key and else as they were. */
static enum rs_status sort_by(uint64_t *to, const uint64_t *from, const uint32_t *key, uint64_t count, uint32_t keys,
                              struct rs_error *err)
{
    uint64_t *next;
    enum rs_status status = rs_alloc(&next, (size_t)keys + 1, sizeof *next, err);
    if (status != RS_OK)
        return status;
    for (uint64_t i = 0; i < count; i++)
        next[key[i] + 1]++;
    for (uint32_t k = 0; k < keys; k++)
        next[k + 1] += next[k];
    for (uint64_t i = 0; i < count; i++) {
        uint64_t triple = from ? from[i] : i;
        to[next[key[triple]]++] = triple;
    }
    rs_free(next);
    return RS_OK;
}

/* Replace the reading's numbers, given as ids were met, by places in the order of ids. */
static enum rs_status rank_ids(struct assembly *a, struct rs_error *err)
{
    struct rs_reading *reading = a->reading;
    enum rs_status status;
    if ((status = rs_alloc(&a->user_rank, reading->users.count, sizeof *a->user_rank, err)) != RS_OK ||
        (status = rs_alloc(&a->item_rank, reading->items.count, sizeof *a->item_rank, err)) != RS_OK)
        return status;
    for (uint32_t u = 0; u < reading->users.count; u++)
        a->user_rank[u] = u;
    for (uint32_t i = 0; i < reading->items.count; i++)
        a->item_rank[i] = i;
    if (reading->in_order)
        return RS_OK;
    if ((status = rs_ids_rank(&reading->users, a->user_rank, err)) != RS_OK ||
        (status = rs_ids_rank(&reading->items, a->item_rank, err)) != RS_OK)
        return status;
    for (uint64_t n = 0; n < reading->count; n++) {
        reading->user[n] = a->user_rank[reading->user[n]];
        reading->item[n] = a->item_rank[reading->item[n]];
    }
    return RS_OK;
}

static enum rs_status sort_triples(struct assembly *a, struct rs_error *err)
{
    const struct rs_reading *reading = a->reading;
    a->count = reading->count;
    uint64_t *by_item = NULL;
    enum rs_status status;
    if ((status = rs_alloc(&a->order, a->count, sizeof *a->order, err)) != RS_OK ||
        (status = rs_alloc(&by_item, a->count, sizeof *by_item, err)) != RS_OK ||
        (status = sort_by(by_item, NULL, reading->item, a->count, reading->items.count, err)) != RS_OK)
        goto done;
    status = sort_by(a->order, by_item, reading->user, a->count, reading->users.count, err);
done:
    rs_free(by_item);
    return status;
}

static const char *id_at(const struct rs_ids *ids, const uint32_t *rank, uint32_t place)
{
    uint32_t i = 0;
    while (rank[i] != place)
        i++;
    return rs_ids_text(ids, i);
}

static enum rs_status refuse_twice(const struct assembly *a, uint64_t first, uint64_t again, struct rs_error *err)
{
    const struct rs_reading *reading = a->reading;
    const char *user = id_at(&reading->users, a->user_rank, reading->user[again]);
    const char *item = id_at(&reading->items, a->item_rank, reading->item[again]);
    char shown[2][RS_SHOWN_SIZE];
    rs_span_show(shown[0], (struct rs_span){user, strlen(user)});
    rs_span_show(shown[1], (struct rs_span){item, strlen(item)});
    return rs_fail(err, RS_DATA,
                   "%s:%u: the rating of item '%s' by user '%s' is also in %s:%u: "
                   "a rating is for training, eval or test, not for two of them",
                   rs_reading_name(reading, again), reading->line[again], shown[1], shown[0],
                   rs_reading_name(reading, first), reading->line[first]);
}

/* Of equal pairs, neighbours in the order, keep the last. */
static enum rs_status drop_duplicates(struct assembly *a, uint64_t *duplicates, struct rs_error *err)
{
    const struct rs_reading *reading = a->reading;
    uint64_t kept = 0;
    for (uint64_t i = 0; i < a->count; i++) {
        uint64_t n = a->order[i];
        if (kept > 0) {
            uint64_t before = a->order[kept - 1];
            if (reading->user[before] == reading->user[n] && reading->item[before] == reading->item[n]) {
                if (rs_reading_file(reading, before) != rs_reading_file(reading, n))
                    return refuse_twice(a, before, n, err);
                kept--;
                ++*duplicates;
            }
        }
        a->order[kept++] = n;
    }
    a->count = kept;
    return RS_OK;
}

/* Drop users and items with too few ratings, until all have enough. */
static enum rs_status drop_rare(struct assembly *a, uint64_t least, struct rs_error *err)
{
    if (least <= 1)
        return RS_OK;
    const struct rs_reading *reading = a->reading;
    uint64_t *of_user = NULL;
    uint64_t *of_item = NULL;
    enum rs_status status;
    if ((status = rs_alloc(&of_user, reading->users.count, sizeof *of_user, err)) != RS_OK ||
        (status = rs_alloc(&of_item, reading->items.count, sizeof *of_item, err)) != RS_OK)
        goto done;
    uint64_t before = UINT64_MAX;
    while (a->count < before) {
        before = a->count;
        memset(of_user, 0, reading->users.count * sizeof *of_user);
        memset(of_item, 0, reading->items.count * sizeof *of_item);
        for (uint64_t i = 0; i < a->count; i++) {
            of_user[reading->user[a->order[i]]]++;
            of_item[reading->item[a->order[i]]]++;
        }
        uint64_t kept = 0;
        for (uint64_t i = 0; i < before; i++) {
            uint64_t n = a->order[i];
            if (of_user[reading->user[n]] >= least && of_item[reading->item[n]] >= least)
                a->order[kept++] = n;
        }
        a->count = kept;
    }
    if (a->count == 0)
        status = rs_fail(err, RS_DATA, "%s: [data] min_ratings = %llu leaves no rating: a smaller number is wanted",
                         rs_reading_name(reading, 0), (unsigned long long)least);
done:
    rs_free(of_user);
    rs_free(of_item);
    return status;
}

/* Number those that are left, in their order, and remember their ids. */
static enum rs_status number(const struct assembly *a, uint32_t *key, const uint32_t *rank, uint32_t known,
                             uint32_t *count, uint32_t **ids, struct rs_error *err)
{
    uint32_t *place = NULL; /* 1 + new number of the old place; first only whether it is used */
    enum rs_status status;
    if ((status = rs_alloc(&place, known, sizeof *place, err)) != RS_OK ||
        (status = rs_alloc(ids, known, sizeof **ids, err)) != RS_OK)
        goto done;
    for (uint64_t i = 0; i < a->count; i++)
        place[key[a->order[i]]] = 1;
    *count = 0;
    for (uint32_t p = 0; p < known; p++)
        if (place[p])
            place[p] = ++*count;
    for (uint64_t i = 0; i < a->count; i++)
        key[a->order[i]] = place[key[a->order[i]]] - 1;
    for (uint32_t id = 0; id < known; id++)
        if (place[rank[id]])
            (*ids)[place[rank[id]] - 1] = id;
done:
    rs_free(place);
    return status;
}

static enum rs_status fill_cells(struct rs_ratings *out, uint8_t **file, const struct assembly *a, struct rs_error *err)
{
    const struct rs_reading *reading = a->reading;
    enum rs_status status;
    if ((status = rs_cells_make(&out->by_user, a->users, a->items, a->count, err)) != RS_OK ||
        (status = rs_alloc(file, a->count, sizeof **file, err)) != RS_OK)
        return status;
    if (!reading->untimed && (status = rs_alloc(&out->time, a->count, sizeof *out->time, err)) != RS_OK)
        return status;
    struct rs_cells *cells = &out->by_user;
    for (uint64_t i = 0; i < a->count; i++) {
        uint64_t n = a->order[i];
        cells->offset[reading->user[n] + 1] = i + 1;
        cells->column[i] = reading->item[n];
        cells->value[i] = reading->value[n];
        (*file)[i] = rs_reading_file(reading, n);
        if (out->time)
            out->time[i] = reading->time[n];
    }
    return rs_cells_transpose(&out->by_item, cells, err);
}

struct name_context {
    const struct rs_ids *ids;
    const struct rs_titles *titles;
    const uint32_t *id;
};

static const char *id_name(const void *context, uint32_t index)
{
    const struct name_context *names = context;
    return rs_ids_text(names->ids, names->id[index]);
}

static const char *title_name(const void *context, uint32_t index)
{
    const struct name_context *names = context;
    size_t place = names->titles->place[names->id[index]];
    return place ? names->titles->arena.data + place - 1 : NULL;
}

static enum rs_status name_all(struct rs_ratings *out, const struct assembly *a, const struct rs_titles *titles,
                               struct rs_error *err)
{
    struct name_context users = {&a->reading->users, NULL, a->user_id};
    struct name_context items = {&a->reading->items, titles, a->item_id};
    enum rs_status status;
    if ((status = rs_names_make(&out->user_ids, a->users, id_name, &users, err)) != RS_OK ||
        (status = rs_names_make(&out->item_ids, a->items, id_name, &items, err)) != RS_OK)
        return status;
    return titles ? rs_names_make(&out->titles, a->items, title_name, &items, err) : RS_OK;
}

static enum rs_status assemble(struct assembly *a, struct rs_ratings *out, uint8_t **file,
                               const struct rs_titles *titles, uint64_t min_ratings, struct rs_error *err)
{
    struct rs_reading *reading = a->reading;
    enum rs_status status;
    if ((status = rank_ids(a, err)) != RS_OK || (status = sort_triples(a, err)) != RS_OK ||
        (status = drop_duplicates(a, &out->duplicates, err)) != RS_OK ||
        (status = drop_rare(a, min_ratings, err)) != RS_OK ||
        (status = number(a, reading->user, a->user_rank, reading->users.count, &a->users, &a->user_id, err)) != RS_OK ||
        (status = number(a, reading->item, a->item_rank, reading->items.count, &a->items, &a->item_id, err)) != RS_OK ||
        (status = fill_cells(out, file, a, err)) != RS_OK)
        return status;
    out->users = a->users;
    out->items = a->items;
    out->count = a->count;
    return name_all(out, a, titles, err);
}

enum rs_status rs_assemble(struct rs_ratings *out, uint8_t **file, struct rs_reading *reading,
                           const struct rs_titles *titles, uint64_t min_ratings, struct rs_error *err)
{
    struct assembly a = {.reading = reading};
    *file = NULL;
    enum rs_status status = assemble(&a, out, file, titles, min_ratings, err);
    rs_free(a.order);
    rs_free(a.user_rank);
    rs_free(a.item_rank);
    rs_free(a.user_id);
    rs_free(a.item_id);
    if (status != RS_OK) {
        rs_free(*file);
        *file = NULL;
        rs_ratings_free(out);
    }
    return status;
}
