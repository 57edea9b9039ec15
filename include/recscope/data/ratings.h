/* ratings.h -- rating data, immutable once loaded.
 *
 * Shapes : users x items, `count` observed cells; row-compressed by user and by item.
 * Units  : values in the data's own scale (stars); times in seconds since 1970.
 * Sizes and offsets are 64-bit, indices 32-bit.
 * Threads: const after load; shared by all threads and runs.
 */
#ifndef RECSCOPE_DATA_RATINGS_H
#define RECSCOPE_DATA_RATINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recscope/base/hash.h"
#include "recscope/base/status.h"

/* Observed cells in compressed rows: the form of the ratings, and of every part of them.
 * Row r owns positions offset[r] .. offset[r + 1) ; within a row columns ascend. */
struct rs_cells {
    uint32_t rows, columns;
    uint64_t count;
    uint64_t *offset; /* (rows + 1) */
    uint32_t *column; /* (count) */
    float *value;     /* (count) */
};

struct rs_scale {
    float low, high; /* the smallest and largest rating the scale has */
    float step;      /* between neighbouring ratings; 0: continuous */
};

/* A table of texts: original ids, titles. */
struct rs_names {
    char **text; /* (count), NULL where there is none (an item without a title) */
    uint32_t count;
};

struct rs_ratings {
    uint32_t users, items;
    uint64_t count;
    struct rs_scale scale;
    struct rs_cells by_user; /* rows are users, columns items */
    struct rs_cells by_item; /* rows are items, columns users */
    bool timed;              /* the data has times */
    int64_t *time;           /* (count) in by_user order, NULL where the data has none or the split needs none */
    struct rs_names user_ids, item_ids;
    struct rs_names titles;  /* of items, UTF-8; count 0 where the data has none */
    uint64_t duplicates;     /* (user, item) pairs met again: the last won */
    char name[256];          /* "ml-1m", "builtin:playground" */
    char format[64];         /* the reader that took it: "MovieLens 1M" */
    char hash[RS_HASH_TEXT]; /* of the source's bytes, or of the generated cells */
    bool generated;
    double
        noise_floor; /* generated: RMSE of the true conditional mean, rounded and clipped as ratings are made; else 0 */
};

void rs_ratings_free(struct rs_ratings *ratings);

/* *out = the same cells with rows and columns exchanged. Owns: the caller. Errors: RS_MEMORY. */
enum rs_status rs_cells_transpose(struct rs_cells *out, const struct rs_cells *cells, struct rs_error *err) RS_CHECKED;
void rs_cells_free(struct rs_cells *cells);

#endif
