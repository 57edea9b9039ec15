/* split.h -- which cells are for training, which for eval and which for test.
 *
 * Threads: functions on distinct data are independent.
 */
#ifndef RECSCOPE_DATA_SPLIT_H
#define RECSCOPE_DATA_SPLIT_H

#include "recscope/data/dataset.h"

/* The choices of [data] split, in its row's order. */
enum rs_split { RS_SPLIT_RANDOM, RS_SPLIT_FILE, RS_SPLIT_TIME, RS_SPLIT_PER_USER };

/* The word of [data] cold_rating for the mean of the training ratings. */
#define RS_COLD_MEAN "mean"

/* Fill dataset->part, count and split_hash from the settings.
 * file_part: (count) for a split by file, the part of the file that each cell came from; RS_TRAIN cells are thinned for
 * eval unless an eval_file is named. Not read by other splits.
 * random  : of all cells in a seeded random order the first test_fraction are test, then eval_fraction of the rest
 * eval. time    : the same, from the latest backwards; at equal times the later cell in user-major order counts as
 * later. per-user: the same within each user's ratings; the shares are rounded, and one rating at least stays for
 * training. Errors: RS_DATA (no times, nothing left to train on), RS_MEMORY. */
enum rs_status rs_split_make(struct rs_dataset *dataset, const struct rs_settings *settings, const uint8_t *file_part,
                             struct rs_error *err) RS_CHECKED;

#endif
