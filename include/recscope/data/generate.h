/* generate.h -- files of generated ratings, of any size.
 *
 * Lines are user::item::rating::timestamp, user after user, from the world that [data] world, world_noise, world_skew
 * and world_drift describe; no pair occurs twice, everyone has a rating, and there are exactly as many as asked for.
 * The same numbers give the same bytes on every machine and with any number of threads. The memory needed grows with
 * users and items, not with ratings.
 * Threads: one call is independent of others; it has a pool of its own.
 */
#ifndef RECSCOPE_DATA_GENERATE_H
#define RECSCOPE_DATA_GENERATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "recscope/base/settings.h"
#include "recscope/base/status.h"

#define RS_GENERATE_USERS_MOST   INT64_C(100000000)
#define RS_GENERATE_ITEMS_MOST   INT64_C(10000000)
#define RS_GENERATE_RATINGS_MOST INT64_C(100000000000)

struct rs_generate {
    uint32_t users, items;
    uint64_t ratings; /* at least one a user and an item, at most half of all cells */
    uint64_t seed;
    bool overwrite;
    const atomic_bool *stop; /* ends the work once it is true; NULL: nothing does */
};

/* Write the file: beside its place first, then renamed. *bytes = its size. Errors: RS_USAGE (numbers that cannot be, a
 * file that is there and not to be overwritten), RS_IO (too little room, told before anything is written; what writing
 * met), RS_MEMORY, RS_INTERRUPTED. Then nothing is left behind. */
enum rs_status rs_generate_file(const char *path, const struct rs_generate *wanted, const struct rs_settings *settings,
                                uint64_t *bytes, struct rs_error *err) RS_CHECKED;

#endif
