/* DESIGN: a user's ratings are a function of the world and the user. Users are cut into blocks by the number of their
 * ratings; threads write blocks as text, a round of blocks at a time, and the rounds go to the file in order. Scoring
 * every item for every user, as the built-in data do, would take minutes: here items are drawn by popularity and taken
 * or left by taste, and all of them are scored only for those who rate a large part. */
#include "recscope/data/generate.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "recscope/base/file.h"
#include "recscope/base/memory.h"
#include "recscope/base/pool.h"
#include "recscope/base/text.h"
#include "world.h"

enum { ROUND = 16, BLOCK_RATINGS = 65536, LINE_MOST = 40, THREADS_MOST = 8 };

/* Who rates more than this share of the items is asked about all of them; so is who has refused so many drawn ones. */
enum { SHARE = 16, TRIES = 64, TRIES_FREE = 1024 };

/* What a thread needs for the user at hand. */
struct scratch {
    struct rs_person person;
    uint8_t *taken;   /* (items) */
    uint32_t *chosen; /* (largest quota) */
    double *key;      /* (items) */
    uint32_t *order;  /* (items) */
};

struct block {
    uint32_t first, last; /* users first .. last - 1 */
    char *text;
    size_t length;
};

struct maker {
    struct rs_world world;
    double *feature;   /* (items, features): the world's, an item's together */
    double *threshold; /* (items) of the alias table of popularity */
    uint32_t *alias;   /* (items) */
    uint64_t *slot;    /* (items) ascending: places among all ratings that are given to an item each */
    uint32_t *placed;  /* (items) the item of each slot */
    uint64_t largest;  /* quota */
    size_t threads;
    struct rs_pool *pool;
    struct scratch *scratch; /* (threads) */
    struct block block[ROUND];
};

static enum rs_status allocate(struct maker *m, struct rs_error *err)
{
    const struct rs_world *w = &m->world;
    enum rs_status status;
    for (uint32_t user = 0; user < w->users; user++) {
        uint64_t quota = w->quota[user + 1] - w->quota[user];
        m->largest = quota > m->largest ? quota : m->largest;
    }
    if ((status = rs_alloc(&m->feature, (size_t)w->items * w->features, sizeof(double), err)) != RS_OK ||
        (status = rs_alloc(&m->threshold, w->items, sizeof(double), err)) != RS_OK ||
        (status = rs_alloc(&m->alias, w->items, sizeof *m->alias, err)) != RS_OK ||
        (status = rs_alloc(&m->slot, w->items, sizeof *m->slot, err)) != RS_OK ||
        (status = rs_alloc(&m->placed, w->items, sizeof *m->placed, err)) != RS_OK ||
        (status = rs_alloc(&m->scratch, m->threads, sizeof *m->scratch, err)) != RS_OK)
        return status;
    for (size_t i = 0; i < ROUND; i++)
        if ((status = rs_alloc_unfilled(&m->block[i].text, BLOCK_RATINGS + m->largest, LINE_MOST, err)) != RS_OK)
            return status;
    for (size_t i = 0; i < m->threads; i++) {
        struct scratch *s = &m->scratch[i];
        if ((status = rs_alloc(&s->taken, w->items, sizeof *s->taken, err)) != RS_OK ||
            (status = rs_alloc(&s->chosen, m->largest, sizeof *s->chosen, err)) != RS_OK ||
            (status = rs_alloc(&s->key, w->items, sizeof *s->key, err)) != RS_OK ||
            (status = rs_alloc(&s->order, w->items, sizeof *s->order, err)) != RS_OK)
            return status;
    }
    return rs_pool_create(&m->pool, m->threads, err);
}

static void release(struct maker *m)
{
    rs_pool_free(m->pool);
    for (size_t i = 0; m->scratch && i < m->threads; i++) {
        rs_free(m->scratch[i].taken);
        rs_free(m->scratch[i].chosen);
        rs_free(m->scratch[i].key);
        rs_free(m->scratch[i].order);
    }
    for (size_t i = 0; i < ROUND; i++)
        rs_free(m->block[i].text);
    rs_free(m->scratch);
    rs_free(m->feature);
    rs_free(m->threshold);
    rs_free(m->alias);
    rs_free(m->slot);
    rs_free(m->placed);
    rs_world_free(&m->world);
}

/* Items drawn in proportion to their popularity with one uniform number: Vose's table (IEEE Transactions on Software
 * Engineering 1991). */
static enum rs_status make_alias(struct maker *m, struct rs_error *err)
{
    const struct rs_world *w = &m->world;
    uint32_t *stack; /* small ones from the front, large ones from the back */
    enum rs_status status = rs_alloc(&stack, w->items, sizeof *stack, err);
    if (status != RS_OK)
        return status;
    double total = 0;
    for (uint32_t item = 0; item < w->items; item++)
        total = total + w->popularity[item];
    uint32_t small = 0;
    uint32_t large = w->items;
    for (uint32_t item = 0; item < w->items; item++) {
        m->threshold[item] = w->popularity[item] / total * w->items;
        m->alias[item] = item;
        stack[m->threshold[item] < 1.0 ? small++ : --large] = item;
    }
    while (small > 0 && large < w->items) {
        uint32_t less = stack[--small];
        uint32_t more = stack[large];
        m->alias[less] = more;
        m->threshold[more] = m->threshold[more] - (1.0 - m->threshold[less]);
        if (m->threshold[more] < 1.0) {
            large++;
            stack[small++] = more;
        }
    }
    rs_free(stack);
    return RS_OK;
}

static uint32_t draw_item(const struct maker *m, struct rs_rng *rng)
{
    double at = rs_rng_uniform(rng) * m->world.items;
    uint32_t item = (uint32_t)at;
    return at - item < m->threshold[item] ? item : m->alias[item];
}

/* Every item gets one rater for certain: the ratings are cut into as many stretches as there are items, and a place
 * drawn from each is an item's, the items in random order. */
static void place_items(struct maker *m)
{
    const struct rs_world *w = &m->world;
    struct rs_rng rng = rs_world_draws(w, RS_WORLD_SLOTS, 1);
    for (uint32_t i = 0; i < w->items; i++)
        m->placed[i] = i;
    rs_rng_shuffle(&rng, m->placed, w->items);
    if (w->items == 0)
        return;
    uint64_t length = w->ratings / w->items;
    uint64_t longer = w->ratings % w->items; /* so many stretches have one rating more */
    uint64_t start = 0;
    for (uint32_t i = 0; i < w->items; i++) {
        uint64_t here = length + (i < longer);
        m->slot[i] = start + rs_rng_below(&rng, here);
        start += here;
    }
}

static enum rs_status make(struct maker *m, struct rs_error *err)
{
    const struct rs_world *w = &m->world;
    enum rs_status status;
    if ((status = rs_world_make(&m->world, err)) != RS_OK || (status = allocate(m, err)) != RS_OK ||
        (status = make_alias(m, err)) != RS_OK)
        return status;
    for (uint32_t item = 0; item < w->items; item++)
        for (size_t f = 0; f < w->features; f++)
            m->feature[item * w->features + f] = w->feature[f * w->items + item];
    place_items(m);
    return RS_OK;
}

/* taste . features, stars. */
static double liking_of(const struct maker *m, const struct rs_person *person, uint32_t item)
{
    const double *feature = m->feature + (size_t)item * m->world.features;
    double liking = 0;
    for (size_t f = 0; f < m->world.features; f++)
        liking = liking + person->taste[f] * feature[f];
    return liking;
}

static double temptation(const struct maker *m, const struct scratch *s, uint32_t item)
{
    double liking = liking_of(m, &s->person, item) + m->world.worth[item];
    return rs_world_growth(m->world.habits.liking * liking);
}

/* The first item whose slot is not in front of place. */
static uint32_t first_placed(const struct maker *m, uint64_t place)
{
    uint32_t low = 0;
    uint32_t high = m->world.items;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (m->slot[middle] < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void take(struct scratch *s, uint32_t item, uint64_t *count)
{
    s->taken[item] = 1;
    s->chosen[(*count)++] = item;
}

/* Of the items not taken those with the smallest uniform / weight: sequential Poisson sampling (Ohlsson, Journal of
 * Official Statistics 1998). */
static void choose_among_all(const struct maker *m, struct scratch *s, struct rs_rng *rng, uint64_t wanted,
                             uint64_t *count)
{
    const struct rs_world *w = &m->world;
    for (uint32_t item = 0; item < w->items; item++) {
        double uniform = rs_rng_uniform(rng);
        s->key[item] = s->taken[item] ? HUGE_VAL : uniform / (w->popularity[item] * temptation(m, s, item));
        s->order[item] = item;
    }
    size_t more = (size_t)(wanted - *count);
    rs_world_smallest(s->key, s->order, w->items, more);
    for (size_t i = 0; i < more; i++)
        take(s, s->order[i], count);
}

static uint64_t choose(const struct maker *m, struct scratch *s, uint32_t user)
{
    const struct rs_world *w = &m->world;
    uint64_t wanted = w->quota[user + 1] - w->quota[user];
    uint64_t count = 0;
    for (uint32_t i = first_placed(m, w->quota[user]); i < w->items && m->slot[i] < w->quota[user + 1]; i++)
        take(s, m->placed[i], &count);
    struct rs_rng rng = rs_world_draws(w, RS_WORLD_CHOICE, user);
    uint64_t tries = wanted <= w->items / SHARE ? TRIES * wanted + TRIES_FREE : 0;
    for (; count < wanted && tries > 0; tries--) {
        uint32_t item = draw_item(m, &rng);
        if (s->taken[item])
            continue;
        double tempted = temptation(m, s, item);
        if (rs_rng_uniform(&rng) * (1.0 + tempted) < tempted)
            take(s, item, &count);
    }
    if (count < wanted)
        choose_among_all(m, s, &rng, wanted, &count);
    for (uint64_t i = 0; i < count; i++)
        s->taken[s->chosen[i]] = 0;
    return count;
}

static char *put_number(char *at, uint64_t number)
{
    char digits[20];
    size_t length = 0;
    do
        digits[length++] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    while (length > 0)
        *at++ = digits[--length];
    return at;
}

static char *put_colons(char *at)
{
    *at++ = ':';
    *at++ = ':';
    return at;
}

/* The lines of one user; returns where they end. */
static char *write_user(const struct maker *m, struct scratch *s, uint32_t user, char *at)
{
    const struct rs_world *w = &m->world;
    rs_world_person(w, user, &s->person);
    uint64_t count = choose(m, s, user);
    struct rs_rng rng = rs_world_draws(w, RS_WORLD_RATING, user);
    double start = rs_rng_uniform(&rng);
    double length = (1.0 - start) * rs_rng_uniform(&rng);
    char name[24];
    size_t name_length = (size_t)(put_colons(put_number(name, (uint64_t)user + 1)) - name);
    for (uint64_t i = 0; i < count; i++) {
        uint32_t item = s->chosen[i];
        double when = start + length * rs_rng_uniform(&rng);
        double mean = w->habits.centre + s->person.generosity + w->worth[item];
        mean = mean + w->trend[item] * (2.0 * when - 1.0) + liking_of(m, &s->person, item);
        double stars = rs_world_rated(mean + w->noise * rs_rng_normal(&rng));
        memcpy(at, name, name_length);
        at = put_colons(put_number(at + name_length, (uint64_t)item + 1));
        *at++ = (char)('0' + (int)stars);
        at = put_number(put_colons(at), RS_FIRST_SECOND + (uint64_t)(when * RS_TIME_SPAN));
        *at++ = '\n';
    }
    return at;
}

static void write_block(void *context, size_t number, size_t thread)
{
    struct maker *m = context;
    struct block *block = &m->block[number];
    char *at = block->text;
    for (uint32_t user = block->first; user < block->last; user++)
        at = write_user(m, &m->scratch[thread], user, at);
    block->length = (size_t)(at - block->text);
}

/* The next round of blocks from user `first`; returns how many. */
static size_t cut_round(struct maker *m, uint32_t first)
{
    const struct rs_world *w = &m->world;
    size_t blocks = 0;
    for (; blocks < ROUND && first < w->users; blocks++) {
        struct block *block = &m->block[blocks];
        block->first = first;
        while (first < w->users && w->quota[first] - w->quota[block->first] < BLOCK_RATINGS)
            first++;
        block->last = first;
    }
    return blocks;
}

static enum rs_status write_all(int fd, const char *path, const char *bytes, size_t length, struct rs_error *err)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return rs_fail(err, RS_IO, "%.400s: cannot be written: %s", path, strerror(errno));
        bytes += written;
        length -= (size_t)written;
    }
    return RS_OK;
}

static enum rs_status write_rounds(struct maker *m, int fd, const char *path, const atomic_bool *stop, uint64_t *bytes,
                                   struct rs_error *err)
{
    enum rs_status status = RS_OK;
    *bytes = 0;
    for (uint32_t user = 0; user < m->world.users && status == RS_OK;) {
        size_t blocks = cut_round(m, user);
        user = m->block[blocks - 1].last;
        rs_pool_run(m->pool, blocks, write_block, m);
        if (stop && atomic_load(stop))
            return rs_fail(err, RS_INTERRUPTED, "interrupted: %.400s was not written", path);
        for (size_t i = 0; i < blocks && status == RS_OK; i++) {
            status = write_all(fd, path, m->block[i].text, m->block[i].length, err);
            *bytes += m->block[i].length;
        }
    }
    return status;
}

static uint64_t digits_of(uint64_t number)
{
    char text[24];
    return (uint64_t)(put_number(text, number) - text);
}

/* What the file may need at most, against what is free where it goes. */
static enum rs_status check_space(const char *path, const struct rs_generate *wanted, struct rs_error *err)
{
    char folder[RS_PATH_SIZE];
    struct statvfs about;
    if (!rs_copy_string(folder, sizeof folder, path))
        return rs_fail(err, RS_IO, "%.200s...: the path is longer than %d bytes", path, RS_PATH_SIZE - 1);
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder ? 1 : 0] = '\0';
    if (statvfs(slash ? folder : ".", &about) != 0)
        return rs_fail(err, RS_IO, "%.400s: cannot be written: %s", path, strerror(errno));
    uint64_t line = digits_of(wanted->users) + digits_of(wanted->items) + strlen("::::5::946684800\n");
    double needed = (double)wanted->ratings * (double)line;
    double there = (double)about.f_bavail * (double)about.f_frsize;
    if (needed > there)
        return rs_fail(err, RS_IO,
                       "%.400s: %llu ratings need up to %.2f GB, and %.2f GB are free there: make room, or name a file "
                       "elsewhere",
                       path, (unsigned long long)wanted->ratings, needed / 1e9, there / 1e9);
    return RS_OK;
}

static enum rs_status check(const char *path, const struct rs_generate *wanted, struct rs_error *err)
{
    uint64_t least = wanted->users > wanted->items ? wanted->users : wanted->items;
    uint64_t most = (uint64_t)wanted->users * wanted->items / 2;
    if (wanted->ratings < least || wanted->ratings > most)
        return rs_fail(err, RS_USAGE,
                       "--ratings=%llu: %u users and %u items have at least %llu and at most %llu ratings: one for "
                       "everyone, half of all pairs",
                       (unsigned long long)wanted->ratings, wanted->users, wanted->items, (unsigned long long)least,
                       (unsigned long long)most);
    if (rs_is_folder(path))
        return rs_fail(err, RS_USAGE, "%.400s: this is a folder: name a file in it", path);
    struct stat about;
    if (lstat(path, &about) == 0 && !wanted->overwrite)
        return rs_fail(err, RS_USAGE, "%.400s: it is there: another name, or --overwrite", path);
    return check_space(path, wanted, err);
}

/* Large files are not waited for until they are on the disk: they can be made again. */
static enum rs_status write_file(struct maker *m, const char *path, const atomic_bool *stop, uint64_t *bytes,
                                 struct rs_error *err)
{
    char temporary[RS_PATH_SIZE];
    int size = snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    if (size < 0 || (size_t)size >= sizeof temporary)
        return rs_fail(err, RS_IO, "%.200s...: the path is longer than %d bytes", path, RS_PATH_SIZE - 8);
    int fd = mkstemp(temporary);
    if (fd < 0)
        return rs_fail(err, RS_IO, "%.400s: cannot be written: %s", path, strerror(errno));
    enum rs_status status = write_rounds(m, fd, path, stop, bytes, err);
    mode_t mask = umask(0);
    umask(mask);
    bool good = status != RS_OK || fchmod(fd, 0666 & ~mask) == 0;
    int failure = errno;
    if (close(fd) != 0 && good) {
        good = false;
        failure = errno;
    }
    if (good && status == RS_OK && rename(temporary, path) == 0)
        return RS_OK;
    failure = good ? errno : failure;
    unlink(temporary);
    return status != RS_OK ? status : rs_fail(err, RS_IO, "%.400s: cannot be written: %s", path, strerror(failure));
}

enum rs_status rs_generate_file(const char *path, const struct rs_generate *wanted, const struct rs_settings *settings,
                                uint64_t *bytes, struct rs_error *err)
{
    enum rs_status status = check(path, wanted, err);
    if (status != RS_OK)
        return status;
    size_t processors = rs_processors();
    struct maker *m;
    if ((status = rs_alloc(&m, 1, sizeof *m, err)) != RS_OK)
        return status;
    m->threads = processors < THREADS_MOST ? processors : THREADS_MOST;
    m->world = rs_world_of(settings, wanted->users, wanted->items, wanted->ratings, wanted->seed);
    status = make(m, err);
    if (status == RS_OK)
        status = write_file(m, path, wanted->stop, bytes, err);
    release(m);
    rs_free(m);
    return status;
}
