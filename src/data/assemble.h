/* assemble.h -- from triples as they were read to ratings.
 *
 * Threads: functions on distinct data are independent.
 */
#ifndef RECSCOPE_DATA_ASSEMBLE_H
#define RECSCOPE_DATA_ASSEMBLE_H

#include "reading.h"
#include "recscope/data/ratings.h"
#include "titles.h"

/* Sort the triples into cells. Users and items are numbered in the order of their ids (rs_ids_rank), or, where
 * reading->in_order, as they were met. A pair met again within a file: the last wins and is counted; in two files:
 * refused, for a rating is trained on or tested, not both. Users and items with fewer than min_ratings ratings are
 * dropped, again and again until none is left that has fewer.
 * file: (count) the number of the file that each cell came from, NULL where there is one file; the caller frees it.
 * titles may be NULL. Fills users, items, count, cells, times (if the reading is dated), names and duplicates of *out.
 * The reading's triples are used up.
 * Owns: the caller frees with rs_ratings_free. Errors: RS_DATA, RS_MEMORY. */
enum rs_status rs_assemble(struct rs_ratings *out, uint8_t **file, struct rs_reading *reading,
                           const struct rs_titles *titles, uint64_t min_ratings, struct rs_error *err) RS_CHECKED;

#endif
