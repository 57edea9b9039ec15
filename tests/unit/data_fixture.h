/* data_fixture.h -- what the tests of the data room share: a folder of files that a test writes, and loading with
 * settings written as "key=value".
 */
#ifndef RECSCOPE_TESTS_DATA_FIXTURE_H
#define RECSCOPE_TESTS_DATA_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "recscope/base/file.h"
#include "recscope/base/memory.h"
#include "recscope/base/text.h"
#include "recscope/data/dataset.h"

#define FIXTURE_FILES 8

struct fixture {
    char folder[64];
    char path[FIXTURE_FILES][128]; /* of the files written, to be removed */
    size_t files;
    struct rs_settings settings;
    struct rs_error err;
};

static const struct rs_conf_row *const fixture_rows[] = {
    &rs_row_source,      &rs_row_split,      &rs_row_split_seed,  &rs_row_test_fraction, &rs_row_eval_fraction,
    &rs_row_train_file,  &rs_row_eval_file,  &rs_row_test_file,   &rs_row_min_ratings,   &rs_row_scale,
    &rs_row_cold_rating, &rs_row_world,      &rs_row_world_users, &rs_row_world_items,   &rs_row_world_ratings,
    &rs_row_world_noise, &rs_row_world_skew, &rs_row_world_drift, &rs_row_world_seed,    NULL};

static inline void fixture_set(struct fixture *f, const char *key, const char *value)
{
    const struct rs_conf_row *row = rs_settings_find(&f->settings, "data", key, &f->err);
    if (!row || rs_settings_parse(&f->settings, row, value, &f->err) != RS_OK)
        fail_msg("%s", f->err.message);
}

static inline void fixture_defaults(struct fixture *f)
{
    assert_int_equal(rs_settings_init(&f->settings, fixture_rows, &f->err), RS_OK);
}

/* A cmocka setup: an empty folder, named as the source, and no part but training. */
static inline int fixture_start(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    *state = f;
    if (!f)
        return -1;
    setenv("RECSCOPE_CACHE", "off", 1);
    snprintf(f->folder, sizeof f->folder, "/tmp/recscope-data-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    fixture_defaults(f);
    fixture_set(f, "source", f->folder);
    fixture_set(f, "test_fraction", "0");
    fixture_set(f, "eval_fraction", "0");
    return 0;
}

static inline int fixture_end(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < f->files; i++)
        unlink(f->path[i]);
    rmdir(f->folder);
    free(f);
    return 0;
}

static inline const char *fixture_write_bytes(struct fixture *f, const char *name, const char *bytes, size_t length)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", f->folder, name);
    size_t known = 0;
    while (known < f->files && strcmp(f->path[known], path) != 0)
        known++;
    assert_true(known < FIXTURE_FILES);
    if (known == f->files)
        memcpy(f->path[f->files++], path, sizeof path);
    if (rs_file_write(path, bytes, length, &f->err) != RS_OK)
        fail_msg("%s", f->err.message);
    return f->path[known];
}

static inline const char *fixture_write(struct fixture *f, const char *name, const char *text)
{
    return fixture_write_bytes(f, name, text, strlen(text));
}

static inline const struct rs_dataset *fixture_load(struct fixture *f)
{
    const struct rs_dataset *dataset;
    if (rs_dataset_load(&dataset, &f->settings, &f->err) != RS_OK)
        fail_msg("%s", f->err.message);
    return dataset;
}

/* The load fails with this code and this message; HERE in it stands for the test's folder. */
static inline void fixture_refused(struct fixture *f, enum rs_status code, const char *message)
{
    const struct rs_dataset *dataset;
    enum rs_status status = rs_dataset_load(&dataset, &f->settings, &f->err);
    assert_null(dataset);
    char wanted[RS_ERROR_SIZE];
    size_t used = 0;
    for (const char *at = message; *at; at++) {
        bool folder = strncmp(at, "HERE", 4) == 0;
        used += (size_t)snprintf(wanted + used, sizeof wanted - used, "%.*s", folder ? 64 : 1, folder ? f->folder : at);
        at += folder ? 3 : 0;
    }
    assert_string_equal(f->err.message, wanted);
    assert_int_equal(status, code);
}

/* The rating of user by item, by their ids; -999 where there is none. */
static inline double fixture_rating(const struct rs_dataset *dataset, const char *user, const char *item)
{
    const struct rs_ratings *r = &dataset->ratings;
    for (uint32_t u = 0; u < r->users; u++)
        for (uint64_t n = r->by_user.offset[u]; n < r->by_user.offset[u + 1]; n++)
            if (strcmp(r->user_ids.text[u], user) == 0 && strcmp(r->item_ids.text[r->by_user.column[n]], item) == 0)
                return (double)r->by_user.value[n];
    return -999;
}

static inline void fixture_same_cells(const struct rs_cells *a, const struct rs_cells *b)
{
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->columns, b->columns);
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->offset, b->offset, (a->rows + (size_t)1) * sizeof *a->offset);
    assert_memory_equal(a->column, b->column, a->count * sizeof *a->column);
    assert_memory_equal(a->value, b->value, a->count * sizeof *a->value);
}

static inline void fixture_same_names(const struct rs_names *a, const struct rs_names *b)
{
    assert_int_equal(a->count, b->count);
    for (uint32_t i = 0; i < a->count; i++) {
        assert_int_equal(a->text[i] == NULL, b->text[i] == NULL);
        if (a->text[i])
            assert_string_equal(a->text[i], b->text[i]);
    }
}

/* All that a dataset tells but the hash of the source's bytes. */
static inline void fixture_equal(const struct rs_dataset *a, const struct rs_dataset *b)
{
    const struct rs_ratings *r = &a->ratings;
    const struct rs_ratings *s = &b->ratings;
    fixture_same_cells(&r->by_user, &s->by_user);
    fixture_same_cells(&r->by_item, &s->by_item);
    fixture_same_names(&r->user_ids, &s->user_ids);
    fixture_same_names(&r->item_ids, &s->item_ids);
    fixture_same_names(&r->titles, &s->titles);
    assert_int_equal(r->users, s->users);
    assert_int_equal(r->items, s->items);
    assert_int_equal(r->count, s->count);
    assert_int_equal(r->duplicates, s->duplicates);
    assert_int_equal(r->timed, s->timed);
    assert_memory_equal(&r->scale, &s->scale, sizeof r->scale);
    assert_string_equal(r->name, s->name);
    assert_string_equal(r->format, s->format);
    assert_int_equal(r->time == NULL, s->time == NULL);
    if (r->time)
        assert_memory_equal(r->time, s->time, r->count * sizeof *r->time);
    assert_memory_equal(a->part, b->part, r->count);
    assert_memory_equal(a->count, b->count, sizeof a->count);
    assert_memory_equal(&a->cold_rating, &b->cold_rating, sizeof a->cold_rating);
    assert_string_equal(a->split_hash, b->split_hash);
}

/* What every dataset keeps: rows in order, both directions equal, a rating for everyone, parts that add up. */
static inline void fixture_sound(const struct rs_dataset *dataset)
{
    const struct rs_ratings *r = &dataset->ratings;
    const struct rs_cells *by_user = &r->by_user;
    const struct rs_cells *by_item = &r->by_item;
    uint64_t count[RS_PARTS] = {0};
    assert_int_equal(by_user->rows, r->users);
    assert_int_equal(by_user->columns, r->items);
    assert_int_equal(by_item->rows, r->items);
    assert_int_equal(by_item->columns, r->users);
    assert_int_equal(by_user->offset[r->users], r->count);
    assert_int_equal(by_item->offset[r->items], r->count);
    assert_int_equal(r->user_ids.count, r->users);
    assert_int_equal(r->item_ids.count, r->items);
    uint64_t *next = calloc(r->items, sizeof *next); /* users ascend, so each item's row is met in order */
    memcpy(next, by_item->offset, r->items * sizeof *next);
    for (uint32_t u = 0; u < r->users; u++) {
        assert_true(by_user->offset[u] < by_user->offset[u + 1]);
        for (uint64_t n = by_user->offset[u]; n < by_user->offset[u + 1]; n++) {
            uint32_t item = by_user->column[n];
            assert_true(item < r->items);
            if (n > by_user->offset[u])
                assert_true(by_user->column[n - 1] < item);
            uint64_t at = next[item]++;
            assert_int_equal(by_item->column[at], u);
            assert_memory_equal(&by_item->value[at], &by_user->value[n], sizeof(float));
            assert_true(dataset->part[n] < RS_PARTS);
            count[dataset->part[n]]++;
        }
    }
    for (uint32_t i = 0; i < r->items; i++) {
        assert_true(by_item->offset[i] < by_item->offset[i + 1]);
        assert_int_equal(next[i], by_item->offset[i + 1]);
    }
    for (size_t part = 0; part < RS_PARTS; part++)
        assert_int_equal(count[part], dataset->count[part]);
    free(next);
}

#endif
