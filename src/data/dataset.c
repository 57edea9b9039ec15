#include "recscope/data/dataset.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "assemble.h"
#include "builtin.h"
#include "cache.h"
#include "cells.h"
#include "formats.h"
#include "recscope/base/file.h"
#include "recscope/base/memory.h"
#include "scale.h"
#include "source.h"
#include "split.h"

/* Bytes of a file that are worth several threads, and how many. */
#define FOR_POOL     (1 << 20)
#define THREADS_MOST 8

/* A dataset with the number of its users in front of nobody's eyes. */
struct counted {
    struct rs_dataset dataset; /* first, so that the two have one address */
    atomic_size_t users;
};

/* What a load holds on its way. */
struct loading {
    const struct rs_settings *settings;
    struct rs_dataset *dataset;
    struct rs_reading reading;
    struct rs_source source;
    struct rs_titles titles;
    struct rs_hash hash;
    char path[RS_FILES_MOST][RS_PATH_SIZE];
    enum rs_part part_of_file[RS_FILES_MOST];
    size_t files;
    uint8_t *cell_file; /* NULL where there is one file */
    struct rs_cache cache;
    bool fresh; /* the ratings were read from text: the cache lacks them */
    enum rs_status split_status;
    struct rs_error split_err;
    double mean; /* of the training ratings */
};

/* Threads for large files. Where they are not to be had the caller reads alone: that is slower, nothing else. */
static enum rs_status start_pool(struct loading *l, struct rs_error *err)
{
    struct rs_error refused = {0};
    size_t threads = rs_processors();
    struct stat about;
    if (threads < 2 || stat(l->path[0], &about) != 0 || about.st_size < FOR_POOL)
        return RS_OK;
    threads = threads < THREADS_MOST ? threads : THREADS_MOST;
    if (rs_pool_create(&l->reading.pool, threads, &refused) == RS_MEMORY)
        return rs_fail(err, RS_MEMORY, "%s", refused.message);
    return RS_OK;
}

static enum rs_status read_file(struct loading *l, const char *path, const struct rs_format **format,
                                struct rs_error *err)
{
    struct rs_bytes bytes = {.name = path};
    char *text;
    enum rs_status status = rs_file_read(path, &text, &bytes.length, err);
    if (status != RS_OK)
        return status;
    bytes.text = text;
    l->reading.hash = &l->hash;
    status = rs_formats_read(&l->reading, bytes, format, err);
    rs_free(text);
    return status;
}

static enum rs_status read_titles(struct loading *l, struct rs_error *err)
{
    struct rs_bytes bytes = {.name = l->source.titles};
    char *text;
    enum rs_status status = rs_file_read(l->source.titles, &text, &bytes.length, err);
    if (status != RS_OK)
        return status;
    bytes.text = text;
    status = rs_titles_read(&l->titles, &l->reading.items, bytes, l->source.titles_form, err);
    rs_free(text);
    return status;
}

/* One file of a split by file: an empty name is passed over. */
static enum rs_status name_file(struct loading *l, const struct rs_conf_row *row, enum rs_part part,
                                struct rs_error *err)
{
    const char *name = rs_string(l->settings, row);
    if (name[0] == '\0')
        return RS_OK;
    char *path = l->path[l->files];
    enum rs_status status = RS_OK;
    if (name[0] == '/')
        rs_copy_string(path, RS_PATH_SIZE, name);
    else
        status = rs_path_join(path, RS_PATH_SIZE, l->source.folder, name, err);
    if (status == RS_OK && !rs_is_file(path))
        return rs_fail(err, RS_DATA, "%.400s: there is no such file: [%s] %s = %.200s names it", path, row->section,
                       row->key, name);
    l->part_of_file[l->files++] = part;
    return status;
}

static enum rs_status name_files(struct loading *l, struct rs_error *err)
{
    if (rs_choice(l->settings, &rs_row_split) != RS_SPLIT_FILE) {
        if (l->source.ratings[0] == '\0')
            return rs_fail(err, RS_DATA,
                           "%.400s: no ratings were found in this folder: u.data, ratings.dat, ratings.csv or "
                           "ratings.txt is wanted, or name the file itself",
                           l->source.folder);
        rs_copy_string(l->path[l->files++], RS_PATH_SIZE, l->source.ratings);
        return RS_OK;
    }
    enum rs_status status;
    if ((status = name_file(l, &rs_row_train_file, RS_TRAIN, err)) != RS_OK)
        return status;
    if (l->files == 0)
        return rs_fail(err, RS_PRESET, "[data] train_file is empty: split = file needs one, such as u1.base");
    if ((status = name_file(l, &rs_row_eval_file, RS_EVAL, err)) != RS_OK ||
        (status = name_file(l, &rs_row_test_file, RS_TEST, err)) != RS_OK)
        return status;
    if (l->files == 1)
        return rs_fail(err, RS_PRESET, "[data] test_file is empty: split = file needs one, such as u1.test");
    return RS_OK;
}

static enum rs_status finish_ratings(struct loading *l, struct rs_error *err)
{
    struct rs_ratings *ratings = &l->dataset->ratings;
    uint64_t least = (uint64_t)rs_integer(l->settings, &rs_row_min_ratings);
    const struct rs_titles *titles = l->titles.place ? &l->titles : NULL;
    return rs_assemble(ratings, &l->cell_file, &l->reading, titles, least, err);
}

static enum rs_status read_text(struct loading *l, struct rs_error *err)
{
    struct rs_ratings *ratings = &l->dataset->ratings;
    const struct rs_format *format = NULL; /* of the first file: its scale holds for all */
    const struct rs_format *other;
    rs_hash_start(&l->hash);
    enum rs_status status = read_file(l, l->path[0], &format, err);
    for (size_t i = 1; i < l->files && status == RS_OK; i++)
        status = read_file(l, l->path[i], &other, err);
    if (status != RS_OK)
        return status;
    rs_hash_finish(&l->hash, ratings->hash);
    const char *scale = rs_string(l->settings, &rs_row_scale);
    if ((status = rs_scale_decide(&ratings->scale, scale, &l->reading, format, l->source.certain, err)) != RS_OK ||
        (l->source.titles[0] && (status = read_titles(l, err)) != RS_OK))
        return status;
    rs_copy_string(ratings->name, sizeof ratings->name, l->source.name);
    rs_copy_string(ratings->format, sizeof ratings->format, format->title);
    return finish_ratings(l, err);
}

static void start_cache(struct loading *l)
{
    struct rs_cache_source from = {.name = l->source.name, .dated = l->reading.dated};
    /* Whether the names of the files are certain, and what each is for: "certain 02", train and test. */
    char layout[16 + RS_FILES_MOST];
    int used = snprintf(layout, sizeof layout, "%s ", l->source.certain ? "certain" : "open");
    for (size_t i = 0; i < l->files; i++) {
        layout[used++] = (char)('0' + (int)l->part_of_file[i]);
        from.path[from.paths++] = l->path[i];
    }
    layout[used] = '\0';
    if (l->source.titles[0])
        from.path[from.paths++] = l->source.titles;
    rs_cache_start(&l->cache, &from, layout, l->settings);
}

static enum rs_status load_files(struct loading *l, const char *path, struct rs_error *err)
{
    enum rs_status status;
    if ((status = rs_source_find(&l->source, path, err)) != RS_OK || (status = name_files(l, err)) != RS_OK)
        return status;
    enum rs_split split = (enum rs_split)rs_choice(l->settings, &rs_row_split);
    l->reading.dated = split == RS_SPLIT_TIME || split == RS_SPLIT_PER_USER;
    if ((status = start_pool(l, err)) != RS_OK)
        return status;
    start_cache(l);
    if (rs_cache_load(&l->cache, &l->dataset->ratings, &l->cell_file, l->reading.pool))
        return RS_OK;
    status = read_text(l, err);
    for (uint64_t i = 0; status == RS_OK && l->cell_file && i < l->dataset->ratings.count; i++)
        l->cell_file[i] = (uint8_t)l->part_of_file[l->cell_file[i]];
    l->fresh = status == RS_OK;
    return status;
}

/* Little-endian bytes of the cells, whatever the machine. */
static void hash_cells(struct rs_ratings *ratings)
{
    struct rs_hash hash;
    rs_hash_start(&hash);
    for (uint32_t user = 0; user < ratings->users; user++) {
        for (uint64_t n = ratings->by_user.offset[user]; n < ratings->by_user.offset[user + 1]; n++) {
            uint32_t stars = (uint32_t)ratings->by_user.value[n];
            uint64_t time = ratings->time ? (uint64_t)ratings->time[n] : 0;
            uint64_t word[3] = {user, (uint64_t)stars << 32 | ratings->by_user.column[n], time};
            uint8_t bytes[sizeof word];
            for (size_t i = 0; i < sizeof bytes; i++)
                bytes[i] = (uint8_t)(word[i / 8] >> (8 * (i % 8)));
            rs_hash_add(&hash, bytes, sizeof bytes);
        }
    }
    rs_hash_finish(&hash, ratings->hash);
}

static enum rs_status load_builtin(struct loading *l, const char *source, struct rs_error *err)
{
    struct rs_ratings *ratings = &l->dataset->ratings;
    struct rs_builtin_facts facts;
    if (rs_choice(l->settings, &rs_row_split) == RS_SPLIT_FILE)
        return rs_fail(err, RS_PRESET, "[data] split = file: %s has no files: random, time, per-user", source);
    enum rs_status status = rs_builtin_read(&l->reading, &l->titles, &facts, source, l->settings, err);
    if (status != RS_OK)
        return status;
    l->reading.file[l->reading.files++].name = source;
    l->reading.file[0].end = l->reading.count;
    if ((status = finish_ratings(l, err)) != RS_OK)
        return status;
    ratings->scale = facts.scale;
    ratings->noise_floor = facts.noise_floor;
    ratings->generated = true;
    rs_copy_string(ratings->name, sizeof ratings->name, source);
    rs_copy_string(ratings->format, sizeof ratings->format, "built in");
    hash_cells(ratings);
    return RS_OK;
}

static double train_mean(const struct rs_dataset *dataset)
{
    double sum = 0;
    for (uint64_t i = 0; i < dataset->ratings.count; i++)
        if (dataset->part[i] == RS_TRAIN)
            sum += (double)dataset->ratings.by_user.value[i];
    return sum / (double)dataset->count[RS_TRAIN];
}

static enum rs_status resolve_cold(struct rs_dataset *dataset, const struct rs_settings *settings, double mean,
                                   struct rs_error *err)
{
    const char *text = rs_string(settings, &rs_row_cold_rating);
    double rating = mean;
    const struct rs_scale *scale = &dataset->ratings.scale;
    bool number = strcmp(text, RS_COLD_MEAN) != 0;
    if (number && (!rs_parse_number(text, &rating) || rating < (double)scale->low || rating > (double)scale->high)) {
        char low[RS_NUMBER_SIZE];
        char high[RS_NUMBER_SIZE];
        rs_format_float(low, scale->low);
        rs_format_float(high, scale->high);
        return rs_fail(err, RS_PRESET,
                       "[data] cold_rating = %.60s: no rating of these data: mean, or a number, %s .. %s", text, low,
                       high);
    }
    dataset->cold_rating = (float)rating;
    return RS_OK;
}

static void make_split(struct loading *l)
{
    l->split_status = rs_split_make(l->dataset, l->settings, l->cell_file, &l->split_err);
    if (l->split_status == RS_OK)
        l->mean = train_mean(l->dataset);
}

/* The split and the cache's new ratings have nothing to do with each other. */
static void split_or_store(void *context, size_t block, size_t thread)
{
    struct loading *l = context;
    (void)thread;
    if (block == 0)
        make_split(l);
    else if (l->fresh)
        rs_cache_store(&l->cache, &l->dataset->ratings, l->cell_file, l->dataset->note);
}

static enum rs_status load(struct loading *l, struct rs_error *err)
{
    const char *source = rs_string(l->settings, &rs_row_source);
    enum rs_status status = rs_builtin_named(source) ? load_builtin(l, source, err) : load_files(l, source, err);
    if (status != RS_OK)
        return status;
    bool split = rs_cache_load_split(&l->cache, l->dataset, &l->mean, l->reading.pool);
    if (split && l->fresh)
        rs_cache_store(&l->cache, &l->dataset->ratings, l->cell_file, l->dataset->note);
    if (!split) {
        rs_pool_run(l->reading.pool, 2, split_or_store, l);
        if (l->split_status != RS_OK)
            return rs_fail(err, l->split_status, "%s", l->split_err.message);
        rs_cache_store_split(&l->cache, l->dataset, l->mean, l->dataset->note);
    }
    return resolve_cold(l->dataset, l->settings, l->mean, err);
}

enum rs_status rs_dataset_load(const struct rs_dataset **out, const struct rs_settings *settings, struct rs_error *err)
{
    *out = NULL;
    struct counted *counted = NULL;
    struct loading *loading = NULL;
    enum rs_status status = rs_alloc(&counted, 1, sizeof *counted, err);
    if (status != RS_OK)
        return status;
    atomic_init(&counted->users, 1);
    status = rs_alloc(&loading, 1, sizeof *loading, err);
    if (status == RS_OK) {
        loading->settings = settings;
        loading->dataset = &counted->dataset;
        status = load(loading, err);
        rs_pool_free(loading->reading.pool);
        rs_reading_free(&loading->reading);
        rs_titles_free(&loading->titles);
        rs_free(loading->cell_file);
        rs_cache_free(&loading->cache);
    }
    rs_free(loading);
    if (status == RS_OK)
        *out = &counted->dataset;
    else
        rs_dataset_drop(&counted->dataset);
    return status;
}

/* The count of users is the one thing of a dataset that changes, and it is not part of what callers see. */
static struct counted *counted_of(const struct rs_dataset *dataset)
{
    struct counted *counted;
    memcpy(&counted, &dataset, sizeof counted);
    return counted;
}

const struct rs_dataset *rs_dataset_take(const struct rs_dataset *dataset)
{
    atomic_fetch_add(&counted_of(dataset)->users, 1);
    return dataset;
}

void rs_dataset_drop(const struct rs_dataset *dataset)
{
    if (!dataset)
        return;
    struct counted *counted = counted_of(dataset);
    if (atomic_fetch_sub(&counted->users, 1) != 1)
        return;
    rs_ratings_free(&counted->dataset.ratings);
    rs_free(counted->dataset.part);
    rs_free(counted);
}

static bool matters(const struct rs_settings *settings, const struct rs_conf_row *row)
{
    return !row->applies || row->applies(settings);
}

bool rs_dataset_same(const struct rs_settings *a, const struct rs_settings *b)
{
    for (size_t i = 0; i < a->count; i++) {
        const struct rs_conf_row *row = a->rows[i];
        if (strcmp(row->section, rs_row_source.section) != 0 || (!matters(a, row) && !matters(b, row)))
            continue;
        if (strcmp(rs_string(a, row), rs_string(b, row)) != 0)
            return false;
    }
    return true;
}

static bool asked_for(const struct rs_dataset *dataset, uint64_t cell, unsigned parts)
{
    return (parts >> dataset->part[cell] & 1U) != 0;
}

enum rs_status rs_dataset_cells(struct rs_cells *out, const struct rs_dataset *dataset, unsigned parts, bool by_item,
                                struct rs_error *err)
{
    const struct rs_cells *all = &dataset->ratings.by_user;
    uint64_t count = 0;
    for (unsigned part = 0; part < RS_PARTS; part++)
        count += parts >> part & 1U ? dataset->count[part] : 0;
    struct rs_cells cells;
    enum rs_status status = rs_cells_make(&cells, all->rows, all->columns, count, err);
    if (status != RS_OK)
        return status;
    uint64_t used = 0;
    for (uint32_t row = 0; row < all->rows; row++) {
        for (uint64_t i = all->offset[row]; i < all->offset[row + 1]; i++) {
            if (!asked_for(dataset, i, parts))
                continue;
            cells.column[used] = all->column[i];
            cells.value[used++] = all->value[i];
        }
        cells.offset[row + 1] = used;
    }
    if (!by_item) {
        *out = cells;
        return RS_OK;
    }
    status = rs_cells_transpose(out, &cells, err);
    rs_cells_free(&cells);
    return status;
}
