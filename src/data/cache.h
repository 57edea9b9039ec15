/* cache.h -- datasets as they are once loaded, in a folder for that: $XDG_CACHE_HOME/recscope or ~/.cache/recscope.
 *
 * Kept are the finished ratings, after min_ratings, scale and titles, because they can be read straight to where they
 * are used; and beside them the last split of these ratings, for most runs of some data have the same one. What is
 * found is taken only if all files that were read have the path, size, times and inode they had, the settings that
 * matter are the same, and all bytes are what was written; else it is made anew. RECSCOPE_CACHE=off goes without.
 * Threads: a cache belongs to one thread.
 */
#ifndef RECSCOPE_DATA_CACHE_H
#define RECSCOPE_DATA_CACHE_H

#include "recscope/base/file.h"
#include "recscope/base/pool.h"
#include "recscope/base/settings.h"
#include "recscope/base/text.h"
#include "recscope/data/dataset.h"

/* What was read to make the ratings. */
struct rs_cache_source {
    const char *path[8];
    size_t paths;
    const char *name; /* of the data */
    bool dated;       /* times are kept */
};

struct rs_cache {
    const struct rs_settings *settings;
    struct rs_cache_source source;
    char layout[32];
    bool on;
    struct rs_text key;            /* of the ratings */
    char path[RS_PATH_SIZE];       /* of the ratings */
    char split_path[RS_PATH_SIZE]; /* of their split */
    bool stored;                   /* the ratings are there */
};

/* Find out where the ratings would be. layout: what else the places of the files decide. The source's texts outlive the
 * cache. A file that was written a moment ago is let rest for some milliseconds: a later
 * change then has a later time. Nothing fails: without memory or files there is no cache.
 * Owns: the caller frees with rs_cache_free. */
void rs_cache_start(struct rs_cache *out, const struct rs_cache_source *source, const char *layout,
                    const struct rs_settings *settings);
void rs_cache_free(struct rs_cache *cache);

/* true: *ratings and *cell_part (the part of the file each cell came from, NULL where there was one file) are as text
 * would have given them. Owns: the caller, as from rs_assemble. */
bool rs_cache_load(struct rs_cache *cache, struct rs_ratings *ratings, uint8_t **cell_part, struct rs_pool *pool);

/* Keep the ratings, unless the files have changed meanwhile. note: why that failed, or untouched. */
void rs_cache_store(struct rs_cache *cache, const struct rs_ratings *ratings, const uint8_t *cell_part,
                    char note[RS_NOTE_SIZE]);

/* The same for what rs_split_make does, and the mean of the training ratings. The ratings are in the dataset. */
bool rs_cache_load_split(const struct rs_cache *cache, struct rs_dataset *dataset, double *train_mean,
                         struct rs_pool *pool);
void rs_cache_store_split(const struct rs_cache *cache, const struct rs_dataset *dataset, double train_mean,
                          char note[RS_NOTE_SIZE]);

#endif
