#include "cache.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>

#include "cells.h"
#include "container.h"
#include "names.h"
#include "recscope/base/file.h"
#include "recscope/base/memory.h"

/* Changes with everything that makes other bytes of the same text: readers, orders, layouts. */
#define VERSION 1

/* How coarse the clock of a file system may be. */
#define TICK_NANOSECONDS INT64_C(20000000)

struct facts {
    uint64_t count, duplicates;
    uint32_t users, items;
    struct rs_scale scale;
    uint32_t timed, dated, parted, titles;
    char name[256], format[64], hash[RS_HASH_TEXT];
};

struct split_facts {
    uint64_t count[RS_PARTS];
    double train_mean;
    char hash[RS_HASH_TEXT];
};

static bool folder_of(char out[RS_PATH_SIZE])
{
    const char *cache = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    bool by_cache = cache && cache[0] == '/';
    if (!by_cache && !(home && home[0] == '/'))
        return false;
    int used = snprintf(out, RS_PATH_SIZE, "%s%s/recscope", by_cache ? cache : home, by_cache ? "" : "/.cache");
    return used > 0 && used < RS_PATH_SIZE;
}

static int64_t nanoseconds(struct timespec time)
{
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void let_rest(const char *path)
{
    struct stat about;
    struct timespec now;
    if (stat(path, &about) != 0 || clock_gettime(CLOCK_REALTIME, &now) != 0)
        return;
    int64_t age = nanoseconds(now) - nanoseconds(about.st_mtim);
    struct timespec rest = {.tv_nsec = (long)(TICK_NANOSECONDS - age)};
    if (age >= 0 && age < TICK_NANOSECONDS)
        nanosleep(&rest, NULL);
}

/* What alters the ratings: first what the name of the cache is made of, then the state of the files. */
static bool add_settings(struct rs_text *key, const struct rs_cache *cache)
{
    const struct rs_cache_source *source = &cache->source;
    enum rs_status status =
        rs_text_add(key, NULL, "recscope ratings %d\nname %s\nlayout %s\ndated %d\nmin_ratings %s\nscale %s\n", VERSION,
                    source->name, cache->layout, source->dated, rs_string(cache->settings, &rs_row_min_ratings),
                    rs_string(cache->settings, &rs_row_scale));
    for (size_t i = 0; i < source->paths && status == RS_OK; i++) {
        char resolved[PATH_MAX];
        status = realpath(source->path[i], resolved) ? rs_text_add(key, NULL, "file %s\n", resolved) : RS_IO;
    }
    return status == RS_OK;
}

static bool add_files(struct rs_text *key, const struct rs_cache *cache)
{
    enum rs_status status = RS_OK;
    for (size_t i = 0; i < cache->source.paths && status == RS_OK; i++) {
        struct stat about;
        if (stat(cache->source.path[i], &about) != 0 || !S_ISREG(about.st_mode))
            return false;
        status =
            rs_text_add(key, NULL, "bytes %" PRId64 " changed %" PRId64 " %" PRId64 " inode %" PRIu64 " %" PRIu64 "\n",
                        (int64_t)about.st_size, nanoseconds(about.st_mtim), nanoseconds(about.st_ctim),
                        (uint64_t)about.st_ino, (uint64_t)about.st_dev);
    }
    return status == RS_OK;
}

static bool find_paths(struct rs_cache *cache)
{
    char folder[RS_PATH_SIZE] = "";
    char name[RS_HASH_TEXT];
    struct rs_hash hash;
    rs_hash_start(&hash);
    rs_hash_add(&hash, cache->key.data, cache->key.length);
    rs_hash_finish(&hash, name);
    if (!folder_of(folder))
        return true; /* nothing to read; storing says so */
    int used = snprintf(cache->path, sizeof cache->path, "%s/%.32s.ratings", folder, name);
    int split = snprintf(cache->split_path, sizeof cache->split_path, "%s/%.32s.split", folder, name);
    return used > 0 && split > 0 && (size_t)used < sizeof cache->path && (size_t)split < sizeof cache->split_path;
}

void rs_cache_start(struct rs_cache *out, const struct rs_cache_source *source, const char *layout,
                    const struct rs_settings *settings)
{
    *out = (struct rs_cache){.settings = settings, .source = *source};
    rs_copy_string(out->layout, sizeof out->layout, layout);
    const char *wanted = getenv("RECSCOPE_CACHE");
    if (wanted && strcmp(wanted, "off") == 0)
        return;
    for (size_t i = 0; i < source->paths; i++)
        let_rest(source->path[i]);
    out->on = add_settings(&out->key, out) && find_paths(out) && add_files(&out->key, out);
}

void rs_cache_free(struct rs_cache *cache)
{
    rs_text_free(&cache->key);
}

/* ---- ratings ------------------------------------------------------------------------------------------------------
 */

enum part_of_file {
    USER_OFFSET,
    USER_COLUMN,
    USER_VALUE,
    ITEM_OFFSET,
    ITEM_COLUMN,
    ITEM_VALUE,
    TIMES,
    CELL_PARTS,
    USER_IDS,
    ITEM_IDS,
    TITLES,
    SECTIONS
};

/* Where each array of the ratings is, and how long it is; names are packed. */
static void lay_out(struct rs_section section[SECTIONS], const struct rs_ratings *r, const uint8_t *cell_part)
{
    uint64_t users = ((uint64_t)r->users + 1) * sizeof(uint64_t);
    uint64_t items = ((uint64_t)r->items + 1) * sizeof(uint64_t);
    const struct rs_cells *by_user = &r->by_user;
    const struct rs_cells *by_item = &r->by_item;
    section[USER_OFFSET] = (struct rs_section){by_user->offset, users, 0};
    section[USER_COLUMN] = (struct rs_section){by_user->column, r->count * sizeof(uint32_t), r->items};
    section[USER_VALUE] = (struct rs_section){by_user->value, r->count * sizeof(float), 0};
    section[ITEM_OFFSET] = (struct rs_section){by_item->offset, items, 0};
    section[ITEM_COLUMN] = (struct rs_section){by_item->column, r->count * sizeof(uint32_t), r->users};
    section[ITEM_VALUE] = (struct rs_section){by_item->value, r->count * sizeof(float), 0};
    section[TIMES] = (struct rs_section){r->time, r->time ? r->count * sizeof(int64_t) : 0, 0};
    section[CELL_PARTS] = (struct rs_section){NULL, cell_part ? r->count : 0, 0};
    memcpy(&section[CELL_PARTS].bytes, &cell_part, sizeof cell_part); /* read or written, as the caller means it */
}

/* Room for what the facts announce, if the sections are as long as that needs. */
static bool make_room(struct rs_ratings *r, uint8_t **cell_part, char *packed[SECTIONS], const struct facts *facts,
                      struct rs_container *file)
{
    struct rs_section want[SECTIONS] = {{0}};
    const uint64_t *length[] = {&file->section[USER_IDS].length, &file->section[ITEM_IDS].length,
                                &file->section[TITLES].length};
    if (file->sections != SECTIONS || facts->count == 0 || facts->users == 0 || facts->items == 0 ||
        facts->count != file->section[USER_COLUMN].length / sizeof(uint32_t) || facts->titles > facts->items)
        return false;
    r->users = facts->users;
    r->items = facts->items;
    r->count = facts->count;
    if (rs_cells_make(&r->by_user, r->users, r->items, r->count, NULL) != RS_OK ||
        rs_cells_make(&r->by_item, r->items, r->users, r->count, NULL) != RS_OK ||
        (facts->dated && rs_alloc_unfilled(&r->time, r->count, sizeof *r->time, NULL) != RS_OK) ||
        (facts->parted && rs_alloc_unfilled(cell_part, r->count, sizeof **cell_part, NULL) != RS_OK) ||
        rs_names_room(&r->user_ids, &packed[USER_IDS], r->users, *length[0], NULL) != RS_OK ||
        rs_names_room(&r->item_ids, &packed[ITEM_IDS], r->items, *length[1], NULL) != RS_OK ||
        rs_names_room(&r->titles, &packed[TITLES], facts->titles, *length[2], NULL) != RS_OK)
        return false;
    lay_out(want, r, *cell_part);
    for (size_t i = 0; i < USER_IDS; i++) {
        if (want[i].length != file->section[i].length)
            return false;
        file->section[i] = want[i];
    }
    for (size_t i = USER_IDS; i < SECTIONS; i++)
        file->section[i].bytes = packed[i];
    return true;
}

static bool ascends(const struct rs_cells *cells)
{
    bool good = cells->offset[0] == 0 && cells->offset[cells->rows] == cells->count;
    for (uint32_t row = 0; row < cells->rows; row++)
        good = good && cells->offset[row] <= cells->offset[row + 1];
    return good;
}

static bool are_parts(const uint8_t *part, uint64_t count)
{
    uint8_t over = 0;
    for (uint64_t i = 0; i < count; i++)
        over |= (uint8_t)(part[i] >= RS_PARTS);
    return over == 0;
}

static void take_facts(struct rs_ratings *r, const struct facts *facts)
{
    r->scale = facts->scale;
    r->timed = facts->timed != 0;
    r->duplicates = facts->duplicates;
    memcpy(r->name, facts->name, sizeof r->name);
    memcpy(r->format, facts->format, sizeof r->format);
    memcpy(r->hash, facts->hash, sizeof r->hash);
    r->name[sizeof r->name - 1] = r->format[sizeof r->format - 1] = r->hash[sizeof r->hash - 1] = '\0';
    if (facts->titles == 0)
        rs_names_free(&r->titles);
}

bool rs_cache_load(struct rs_cache *cache, struct rs_ratings *ratings, uint8_t **cell_part, struct rs_pool *pool)
{
    struct facts facts;
    struct rs_container file;
    char *packed[SECTIONS] = {NULL};
    *cell_part = NULL;
    if (!cache->on || !rs_container_open(&file, cache->path, cache->key.data, &facts, sizeof facts))
        return false;
    struct rs_ratings *r = ratings;
    bool good = make_room(r, cell_part, packed, &facts, &file) && rs_container_read(&file, pool) &&
                ascends(&r->by_user) && ascends(&r->by_item) && (!*cell_part || are_parts(*cell_part, r->count)) &&
                rs_names_link(&r->user_ids, packed[USER_IDS], file.section[USER_IDS].length) &&
                rs_names_link(&r->item_ids, packed[ITEM_IDS], file.section[ITEM_IDS].length) &&
                rs_names_link(&r->titles, packed[TITLES], file.section[TITLES].length);
    rs_container_close(&file);
    if (good) {
        take_facts(r, &facts);
        cache->stored = true;
        return true;
    }
    rs_ratings_free(ratings);
    rs_free(*cell_part);
    *cell_part = NULL;
    return false;
}

/* Twice the room that is needed: a cache is not to be what fills a disk. */
static enum rs_status check_room(const char *folder, uint64_t bytes, struct rs_error *err)
{
    struct statvfs about;
    if (statvfs(folder, &about) == 0 && (double)about.f_bavail * (double)about.f_frsize < 2.0 * (double)bytes)
        return rs_fail(err, RS_IO, "%.400s: %.1f GB are wanted and twice that should be free", folder,
                       (double)bytes / 1e9);
    return RS_OK;
}

static enum rs_status write_file(const char *path, const char *key, const void *facts, size_t facts_size,
                                 const struct rs_section *section, size_t sections, struct rs_error *err)
{
    char folder[RS_PATH_SIZE] = "";
    uint64_t bytes = 0;
    for (size_t i = 0; i < sections; i++)
        bytes += section[i].length;
    if (!folder_of(folder))
        return rs_fail(err, RS_IO, "neither XDG_CACHE_HOME nor HOME names a folder");
    enum rs_status status = rs_folder_make(folder, err);
    if (status == RS_OK)
        status = check_room(folder, bytes, err);
    return status == RS_OK ? rs_container_write(path, key, facts, facts_size, section, sections, err) : status;
}

static void say(char note[RS_NOTE_SIZE], const struct rs_error *err)
{
    snprintf(note, RS_NOTE_SIZE, "the data were not cached: %.300s; RECSCOPE_CACHE=off goes without", err->message);
}

static enum rs_status pack_all(struct rs_text packed[SECTIONS], struct rs_section section[SECTIONS],
                               const struct rs_ratings *r, struct rs_error *err)
{
    enum rs_status status;
    if ((status = rs_names_pack(&packed[USER_IDS], &r->user_ids, err)) != RS_OK ||
        (status = rs_names_pack(&packed[ITEM_IDS], &r->item_ids, err)) != RS_OK ||
        (status = rs_names_pack(&packed[TITLES], &r->titles, err)) != RS_OK)
        return status;
    for (size_t i = USER_IDS; i < SECTIONS; i++)
        section[i] = (struct rs_section){packed[i].data, packed[i].length, 0};
    return RS_OK;
}

/* Whether the files are still those that were read. */
static bool unchanged(const struct rs_cache *cache)
{
    struct rs_text key = {0};
    bool same = add_settings(&key, cache) && add_files(&key, cache) && key.length == cache->key.length &&
                memcmp(key.data, cache->key.data, key.length) == 0;
    rs_text_free(&key);
    return same;
}

void rs_cache_store(struct rs_cache *cache, const struct rs_ratings *ratings, const uint8_t *cell_part,
                    char note[RS_NOTE_SIZE])
{
    struct rs_error err = {0};
    struct rs_text packed[SECTIONS] = {{0}};
    struct rs_section section[SECTIONS] = {{0}};
    const struct rs_ratings *r = ratings;
    if (!cache->on || !unchanged(cache))
        return;
    struct facts facts;
    memset(&facts, 0, sizeof facts);
    facts.count = r->count;
    facts.duplicates = r->duplicates;
    facts.users = r->users;
    facts.items = r->items;
    facts.scale = r->scale;
    facts.timed = r->timed;
    facts.dated = r->time != NULL;
    facts.parted = cell_part != NULL;
    facts.titles = r->titles.count;
    memcpy(facts.name, r->name, sizeof facts.name);
    memcpy(facts.format, r->format, sizeof facts.format);
    memcpy(facts.hash, r->hash, sizeof facts.hash);
    lay_out(section, r, cell_part);
    enum rs_status status = pack_all(packed, section, r, &err);
    if (status == RS_OK)
        status = write_file(cache->path, cache->key.data, &facts, sizeof facts, section, SECTIONS, &err);
    for (size_t i = 0; i < SECTIONS; i++)
        rs_text_free(&packed[i]);
    cache->stored = status == RS_OK;
    if (status != RS_OK)
        say(note, &err);
}

/* ---- splits -------------------------------------------------------------------------------------------------------
 */

static bool add_split(struct rs_text *key, const struct rs_cache *cache)
{
    static const struct rs_conf_row *const rows[] = {&rs_row_split, &rs_row_split_seed, &rs_row_test_fraction,
                                                     &rs_row_eval_fraction, &rs_row_eval_file};
    enum rs_status status = rs_text_add_bytes(key, cache->key.data, cache->key.length, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows && status == RS_OK; i++)
        status = rs_text_add(key, NULL, "%s %s\n", rows[i]->key, rs_string(cache->settings, rows[i]));
    return status == RS_OK;
}

static bool count_parts(const struct rs_dataset *dataset, const struct split_facts *facts)
{
    enum { LANES = 64, ROUNDS = 240 }; /* what a byte counts, in loops that become vector code */
    uint64_t cells = dataset->ratings.count;
    uint64_t count[RS_PARTS] = {0};
    const uint8_t *part = dataset->part;
    if (!are_parts(part, cells))
        return false;
    uint64_t at = 0;
    while (cells - at >= LANES) {
        uint8_t eval[LANES] = {0};
        uint8_t test[LANES] = {0};
        for (int round = 0; round < ROUNDS && cells - at >= LANES; round++, at += LANES) {
            for (size_t i = 0; i < LANES; i++)
                eval[i] = (uint8_t)(eval[i] + (part[at + i] == RS_EVAL));
            for (size_t i = 0; i < LANES; i++)
                test[i] = (uint8_t)(test[i] + (part[at + i] == RS_TEST));
        }
        for (size_t i = 0; i < LANES; i++) {
            count[RS_EVAL] += eval[i];
            count[RS_TEST] += test[i];
        }
    }
    for (; at < cells; at++)
        count[part[at]] += part[at] != RS_TRAIN;
    count[RS_TRAIN] = cells - count[RS_EVAL] - count[RS_TEST];
    return memcmp(count, facts->count, sizeof count) == 0 && count[RS_TRAIN] > 0;
}

bool rs_cache_load_split(const struct rs_cache *cache, struct rs_dataset *dataset, double *train_mean,
                         struct rs_pool *pool)
{
    struct rs_text key = {0};
    struct split_facts facts;
    struct rs_container file;
    uint64_t cells = dataset->ratings.count;
    bool there = cache->on && add_split(&key, cache) &&
                 rs_container_open(&file, cache->split_path, key.data, &facts, sizeof facts);
    rs_text_free(&key);
    if (!there)
        return false;
    bool good = file.sections == 1 && file.section[0].length == cells &&
                rs_alloc_unfilled(&dataset->part, cells, sizeof *dataset->part, NULL) == RS_OK;
    if (good) {
        file.section[0].bytes = dataset->part;
        good = rs_container_read(&file, pool) && count_parts(dataset, &facts);
    }
    rs_container_close(&file);
    if (!good) {
        rs_free(dataset->part);
        dataset->part = NULL;
        return false;
    }
    memcpy(dataset->count, facts.count, sizeof facts.count);
    memcpy(dataset->split_hash, facts.hash, sizeof facts.hash);
    dataset->split_hash[sizeof facts.hash - 1] = '\0';
    *train_mean = facts.train_mean;
    return true;
}

void rs_cache_store_split(const struct rs_cache *cache, const struct rs_dataset *dataset, double train_mean,
                          char note[RS_NOTE_SIZE])
{
    struct rs_error err = {0};
    struct rs_text key = {0};
    struct split_facts facts;
    if (!cache->on || !cache->stored)
        return;
    memset(&facts, 0, sizeof facts);
    memcpy(facts.count, dataset->count, sizeof facts.count);
    memcpy(facts.hash, dataset->split_hash, sizeof facts.hash);
    facts.train_mean = train_mean;
    struct rs_section section = {dataset->part, dataset->ratings.count, 0};
    if (add_split(&key, cache) &&
        write_file(cache->split_path, key.data, &facts, sizeof facts, &section, 1, &err) != RS_OK)
        say(note, &err);
    rs_text_free(&key);
}
