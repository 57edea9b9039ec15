/* DESIGN: cells are sorted by moving them, never by an order of their own: a stable counting sort by item, then one by
 * user, and rows of users have ascending items. A file whose users do not come in order, one after the other, takes one
 * such pass more in front. Where times or files are asked for, the number of each triple moves along. */
#include "assemble.h"

#include <inttypes.h>
#include <string.h>

#include "cells.h"
#include "names.h"
#include "recscope/base/memory.h"

struct assembly {
    struct rs_reading *reading;
    uint32_t *user_rank, *item_rank; /* of the reading's numbers */
    uint32_t users, items;           /* ranks */
    bool tracked;                    /* the number of each triple is wanted */
    struct rs_cells by_user, by_item;
    uint64_t *from_user, *from_item; /* (count) tracked: the triple of each cell */
    uint32_t *user_id, *item_id;     /* the reading's number of user u of the ratings */
};

/* Places of the reading's numbers: in the order of ids, or as they are. */
static enum rs_status rank_ids(struct assembly *a, struct rs_error *err)
{
    const struct rs_reading *reading = a->reading;
    enum rs_status status;
    if ((status = rs_alloc(&a->user_rank, reading->users.count, sizeof *a->user_rank, err)) != RS_OK ||
        (status = rs_alloc(&a->item_rank, reading->items.count, sizeof *a->item_rank, err)) != RS_OK)
        return status;
    if (!reading->in_order) {
        status = rs_ids_rank(&reading->users, a->user_rank, &a->users, err);
        return status == RS_OK ? rs_ids_rank(&reading->items, a->item_rank, &a->items, err) : status;
    }
    a->users = reading->users.count;
    a->items = reading->items.count;
    for (uint32_t u = 0; u < a->users; u++)
        a->user_rank[u] = u;
    for (uint32_t i = 0; i < a->items; i++)
        a->item_rank[i] = i;
    return RS_OK;
}

static bool users_in_order(const struct assembly *a)
{
    const struct rs_reading *reading = a->reading;
    for (uint64_t n = 1; n < reading->count; n++)
        if (a->user_rank[reading->user[n]] < a->user_rank[reading->user[n - 1]])
            return false;
    return true;
}

/* The triples in rows of the first ids, in their order. */
static enum rs_status sort_triples(struct assembly *a, struct rs_cells *out, uint64_t **from, bool by_item,
                                   struct rs_error *err)
{
    const struct rs_reading *reading = a->reading;
    const uint32_t *row = by_item ? reading->item : reading->user;
    const uint32_t *row_rank = by_item ? a->item_rank : a->user_rank;
    const uint32_t *column = by_item ? reading->user : reading->item;
    const uint32_t *column_rank = by_item ? a->user_rank : a->item_rank;
    uint64_t count = reading->count;
    enum rs_status status =
        rs_cells_make(out, by_item ? a->items : a->users, by_item ? a->users : a->items, count, err);
    if (status == RS_OK && a->tracked)
        status = rs_alloc_unfilled(from, count, sizeof **from, err);
    if (status != RS_OK)
        return status;
    uint64_t *offset = out->offset;
    for (uint64_t n = 0; n < count; n++)
        offset[row_rank[row[n]] + 1]++;
    for (uint32_t r = 0; r < out->rows; r++)
        offset[r + 1] += offset[r];
    for (uint64_t n = 0; n < count; n++) {
        uint64_t at = offset[row_rank[row[n]]]++;
        out->column[at] = column_rank[column[n]];
        out->value[at] = reading->value[n];
        if (a->tracked)
            (*from)[at] = n;
    }
    rs_cells_rewind(out);
    return RS_OK;
}

static enum rs_status turn(struct rs_cells *out, uint64_t **out_from, const struct rs_cells *cells,
                           const uint64_t *from, struct rs_error *err)
{
    rs_cells_free(out);
    rs_free(*out_from);
    *out_from = NULL;
    enum rs_status status = from ? rs_alloc_unfilled(out_from, cells->count, sizeof **out_from, err) : RS_OK;
    return status == RS_OK ? rs_cells_turn(out, *out_from, cells, from, err) : status;
}

static enum rs_status sort_cells(struct assembly *a, struct rs_error *err)
{
    enum rs_status status;
    if (users_in_order(a)) {
        status = sort_triples(a, &a->by_item, &a->from_item, true, err);
    } else {
        status = sort_triples(a, &a->by_user, &a->from_user, false, err);
        if (status == RS_OK)
            status = turn(&a->by_item, &a->from_item, &a->by_user, a->from_user, err);
    }
    rs_reading_release(a->reading);
    return status == RS_OK ? turn(&a->by_user, &a->from_user, &a->by_item, a->from_item, err) : status;
}

static void show_id(char out[RS_SHOWN_SIZE], const struct rs_ids *ids, const uint32_t *rank, uint32_t place)
{
    char digits[RS_ID_DIGITS] = "";
    uint32_t i = 0;
    while (rank[i] != place)
        i++;
    const char *text = rs_ids_text(ids, i, digits);
    rs_span_show(out, (struct rs_span){text, strlen(text)});
}

static enum rs_status refuse_twice(const struct assembly *a, uint32_t user, uint32_t item, uint64_t first,
                                   uint64_t again, struct rs_error *err)
{
    const struct rs_reading *reading = a->reading;
    char shown[2][RS_SHOWN_SIZE];
    show_id(shown[0], &reading->users, a->user_rank, user);
    show_id(shown[1], &reading->items, a->item_rank, item);
    return rs_fail(err, RS_DATA,
                   "%s:%" PRIu64 ": the rating of item '%s' by user '%s' is also in %s:%" PRIu64 ": "
                   "a rating is for training, eval or test, not for two of them",
                   rs_reading_name(reading, again), rs_reading_line(reading, again), shown[1], shown[0],
                   rs_reading_name(reading, first), rs_reading_line(reading, first));
}

static void move_cell(struct assembly *a, uint64_t to, uint64_t from)
{
    struct rs_cells *cells = &a->by_user;
    cells->column[to] = cells->column[from];
    cells->value[to] = cells->value[from];
    if (a->from_user)
        a->from_user[to] = a->from_user[from];
}

/* Of equal pairs, neighbours in the order, keep the last. */
static enum rs_status drop_duplicates(struct assembly *a, uint64_t *duplicates, struct rs_error *err)
{
    struct rs_cells *cells = &a->by_user;
    uint64_t kept = 0;
    uint64_t end = 0;
    for (uint32_t user = 0; user < cells->rows; user++) {
        uint64_t i = end;
        uint64_t first = kept;
        for (end = cells->offset[user + 1]; i < end; i++) {
            if (kept > first && cells->column[kept - 1] == cells->column[i]) {
                kept--;
                ++*duplicates;
                if (a->from_user &&
                    rs_reading_file(a->reading, a->from_user[kept]) != rs_reading_file(a->reading, a->from_user[i]))
                    return refuse_twice(a, user, cells->column[i], a->from_user[kept], a->from_user[i], err);
            }
            if (kept != i)
                move_cell(a, kept, i);
            kept++;
        }
        cells->offset[user + 1] = kept;
    }
    cells->count = kept;
    return RS_OK;
}

/* Keep the cells of users and items that have enough ratings. */
static void drop_below(struct assembly *a, const uint64_t *of_user, const uint64_t *of_item, uint64_t least)
{
    struct rs_cells *cells = &a->by_user;
    uint64_t kept = 0;
    uint64_t end = 0;
    for (uint32_t user = 0; user < cells->rows; user++) {
        uint64_t i = end;
        for (end = cells->offset[user + 1]; i < end; i++)
            if (of_user[user] >= least && of_item[cells->column[i]] >= least)
                move_cell(a, kept++, i);
        cells->offset[user + 1] = kept;
    }
    cells->count = kept;
}

/* Drop users and items with too few ratings, until all have enough. */
static enum rs_status drop_rare(struct assembly *a, uint64_t least, struct rs_error *err)
{
    if (least <= 1)
        return RS_OK;
    const struct rs_cells *cells = &a->by_user;
    uint64_t *of_user = NULL;
    uint64_t *of_item = NULL;
    enum rs_status status;
    if ((status = rs_alloc(&of_user, cells->rows, sizeof *of_user, err)) != RS_OK ||
        (status = rs_alloc(&of_item, cells->columns, sizeof *of_item, err)) != RS_OK)
        goto done;
    uint64_t before = UINT64_MAX;
    while (cells->count < before) {
        before = cells->count;
        memset(of_item, 0, cells->columns * sizeof *of_item);
        for (uint32_t user = 0; user < cells->rows; user++)
            of_user[user] = cells->offset[user + 1] - cells->offset[user];
        for (uint64_t i = 0; i < before; i++)
            of_item[cells->column[i]]++;
        drop_below(a, of_user, of_item, least);
    }
    if (cells->count == 0)
        status =
            rs_fail(err, RS_DATA, "%s: [data] min_ratings = %" PRIu64 " leaves no rating: a smaller number is wanted",
                    rs_reading_name(a->reading, 0), least);
done:
    rs_free(of_user);
    rs_free(of_item);
    return status;
}

/* (*ids)[r] = the reading's number of rank r. */
static enum rs_status invert(uint32_t **ids, const uint32_t *rank, uint32_t known, uint32_t ranks, struct rs_error *err)
{
    enum rs_status status = rs_alloc(ids, ranks, sizeof **ids, err);
    for (uint32_t id = 0; id < known && status == RS_OK; id++)
        if (rank[id] != RS_NO_RANK)
            (*ids)[rank[id]] = id;
    return status;
}

/* Number those anew that have ratings left, in their order. */
static enum rs_status close_gaps(struct assembly *a, struct rs_error *err)
{
    struct rs_cells *cells = &a->by_user;
    uint32_t *place; /* 1 + new number of an item; first only whether it is used */
    enum rs_status status = rs_alloc(&place, cells->columns, sizeof *place, err);
    if (status != RS_OK)
        return status;
    for (uint64_t i = 0; i < cells->count; i++)
        place[cells->column[i]] = 1;
    a->items = 0;
    for (uint32_t item = 0; item < cells->columns; item++) {
        if (!place[item])
            continue;
        a->item_id[a->items] = a->item_id[item];
        place[item] = ++a->items;
    }
    for (uint64_t i = 0; i < cells->count; i++)
        cells->column[i] = place[cells->column[i]] - 1;
    rs_free(place);
    a->users = 0;
    for (uint32_t user = 0; user < cells->rows; user++) {
        if (cells->offset[user] == cells->offset[user + 1])
            continue;
        a->user_id[a->users] = a->user_id[user];
        cells->offset[++a->users] = cells->offset[user + 1];
    }
    cells->rows = a->users;
    cells->columns = a->items;
    return RS_OK;
}

/* What the triples say of each cell besides its rating. */
static enum rs_status follow(struct rs_ratings *out, uint8_t **file, const struct assembly *a, struct rs_error *err)
{
    const struct rs_reading *reading = a->reading;
    uint64_t count = a->by_user.count;
    enum rs_status status = RS_OK;
    if (reading->files > 1 && (status = rs_alloc_unfilled(file, count, sizeof **file, err)) != RS_OK)
        return status;
    if (reading->dated && !reading->untimed &&
        (status = rs_alloc_unfilled(&out->time, count, sizeof *out->time, err)) != RS_OK)
        return status;
    for (uint64_t i = 0; *file && i < count; i++)
        (*file)[i] = rs_reading_file(reading, a->from_user[i]);
    for (uint64_t i = 0; out->time && i < count; i++)
        out->time[i] = reading->time[a->from_user[i]];
    return RS_OK;
}

struct name_context {
    const struct rs_ids *ids;
    const struct rs_titles *titles;
    const uint32_t *id;
    char *digits; /* (RS_ID_DIGITS) */
};

static const char *id_name(const void *context, uint32_t index)
{
    const struct name_context *names = context;
    return rs_ids_text(names->ids, names->id[index], names->digits);
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
    char digits[RS_ID_DIGITS] = "";
    struct name_context users = {&a->reading->users, NULL, a->user_id, digits};
    struct name_context items = {&a->reading->items, titles, a->item_id, digits};
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
    uint64_t count = reading->count;
    enum rs_status status;
    if ((status = rank_ids(a, err)) != RS_OK || (status = sort_cells(a, err)) != RS_OK ||
        (status = drop_duplicates(a, &out->duplicates, err)) != RS_OK ||
        (status = drop_rare(a, min_ratings, err)) != RS_OK ||
        (status = invert(&a->user_id, a->user_rank, reading->users.count, a->users, err)) != RS_OK ||
        (status = invert(&a->item_id, a->item_rank, reading->items.count, a->items, err)) != RS_OK)
        return status;
    if (a->by_user.count < count && ((status = close_gaps(a, err)) != RS_OK ||
                                     (status = turn(&a->by_item, &a->from_item, &a->by_user, NULL, err)) != RS_OK))
        return status;
    if ((status = follow(out, file, a, err)) != RS_OK)
        return status;
    out->users = a->users;
    out->items = a->items;
    out->count = a->by_user.count;
    out->timed = !reading->untimed;
    out->by_user = a->by_user;
    out->by_item = a->by_item;
    a->by_user = a->by_item = (struct rs_cells){.count = 0};
    return name_all(out, a, titles, err);
}

enum rs_status rs_assemble(struct rs_ratings *out, uint8_t **file, struct rs_reading *reading,
                           const struct rs_titles *titles, uint64_t min_ratings, struct rs_error *err)
{
    struct assembly a = {.reading = reading, .tracked = reading->files > 1 || (reading->dated && !reading->untimed)};
    *file = NULL;
    enum rs_status status = assemble(&a, out, file, titles, min_ratings, err);
    rs_cells_free(&a.by_user);
    rs_cells_free(&a.by_item);
    rs_free(a.from_user);
    rs_free(a.from_item);
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
