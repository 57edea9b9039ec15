/* cells.h -- room for cells.
 *
 * Threads: functions on distinct cells are independent.
 */
#ifndef RECSCOPE_DATA_CELLS_H
#define RECSCOPE_DATA_CELLS_H

#include "recscope/data/ratings.h"

/* Cells with room for `count`, offsets zero, the rest not yet filled. Owns: the caller frees with rs_cells_free.
 * Errors: RS_MEMORY. */
enum rs_status rs_cells_make(struct rs_cells *out, uint32_t rows, uint32_t columns, uint64_t count,
                             struct rs_error *err) RS_CHECKED;

/* *out = the same cells with rows and columns exchanged; out_from[j] = from[i] where cell i went to place j (both NULL:
 * nobody asks). The cells of a row that have one column stay in their order. Owns: the caller. Errors: RS_MEMORY. */
enum rs_status rs_cells_turn(struct rs_cells *out, uint64_t *out_from, const struct rs_cells *cells,
                             const uint64_t *from, struct rs_error *err) RS_CHECKED;

/* Filling its row moved each offset to the row's end, which is where the next row began: move all back. */
void rs_cells_rewind(struct rs_cells *cells);

#endif
