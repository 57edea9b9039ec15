/* cells.h -- room for cells.
 *
 * Threads: functions on distinct cells are independent.
 */
#ifndef RECSCOPE_DATA_CELLS_H
#define RECSCOPE_DATA_CELLS_H

#include "recscope/data/ratings.h"

/* Cells with room for `count`, all zero. Owns: the caller frees with rs_cells_free. Errors: RS_MEMORY. */
enum rs_status rs_cells_make(struct rs_cells *out, uint32_t rows, uint32_t columns, uint64_t count,
                             struct rs_error *err) RS_CHECKED;

#endif
