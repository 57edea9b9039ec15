/* dataset.h -- ratings together with their division into train, eval and test.
 *
 * The rows of [data] live here. One call takes the settings and gives ratings and split, or says with path and line
 * what is wrong.
 * Threads: rs_dataset is const once made and counts its users; take and drop it from any thread.
 */
#ifndef RECSCOPE_DATA_DATASET_H
#define RECSCOPE_DATA_DATASET_H

#include "recscope/base/settings.h"
#include "recscope/data/ratings.h"

enum rs_part { RS_TRAIN, RS_EVAL, RS_TEST, RS_PARTS };

/* [data]. scale: "auto" (of a known format, else taken from the data) or "low,high,step". cold_rating: "mean" or a
 * number. */
extern const struct rs_conf_row rs_row_source, rs_row_split, rs_row_split_seed, rs_row_test_fraction,
    rs_row_eval_fraction, rs_row_train_file, rs_row_eval_file, rs_row_test_file, rs_row_min_ratings, rs_row_scale,
    rs_row_cold_rating;
/* [data], the generator's: world = nonlinear|bilinear, noise, users, items, ratings, skew, drift, world_seed.
 * They apply to builtin:playground alone. */
extern const struct rs_conf_row rs_row_world, rs_row_world_users, rs_row_world_items, rs_row_world_ratings,
    rs_row_world_noise, rs_row_world_skew, rs_row_world_drift, rs_row_world_seed;

#define RS_NOTE_SIZE 512

struct rs_dataset {
    struct rs_ratings ratings;
    uint8_t *part;            /* (ratings.count) enum rs_part of each cell, in by_user order */
    uint64_t count[RS_PARTS]; /* cells in each part */
    float cold_rating;        /* what a user or item without a training rating gets: [data] cold_rating, resolved */
    char split_hash[RS_HASH_TEXT];
    char note[RS_NOTE_SIZE]; /* what went less well than it should while loading; else empty */
};

/* Load what [data] asks for. Every mistake is found here, before anything is trained or written. Files that were read
 * before come from a cache in $XDG_CACHE_HOME/recscope (~/.cache/recscope), with the same bits; RECSCOPE_CACHE=off in
 * the environment goes without. One that cannot be written is no error: the dataset has a note.
 * Owns  : the caller holds one reference; rs_dataset_drop gives it back.
 * Errors: RS_DATA, RS_PRESET, RS_IO, RS_MEMORY with path and line. A source that is not there says which data the
 *         settings want, where they come from and how to name them. */
enum rs_status rs_dataset_load(const struct rs_dataset **out, const struct rs_settings *settings,
                               struct rs_error *err) RS_CHECKED;
const struct rs_dataset *rs_dataset_take(const struct rs_dataset *dataset);
void rs_dataset_drop(const struct rs_dataset *dataset);

/* true where both settings name the same data and the same split: the dataset of one serves the other. */
bool rs_dataset_same(const struct rs_settings *a, const struct rs_settings *b);

/* The cells whose part is in `parts` (bit 1 << RS_TRAIN, ...), in rows of users, or of items.
 * Owns: the caller frees with rs_cells_free. Errors: RS_MEMORY. */
enum rs_status rs_dataset_cells(struct rs_cells *out, const struct rs_dataset *dataset, unsigned parts, bool by_item,
                                struct rs_error *err) RS_CHECKED;

#endif
