/* part_rows.h -- the cells of some parts of a dataset row by row, without a copy of them.
 *
 * A dataset says the part of a cell in one order, by user; here one bit a cell says it in the order that is walked.
 * Threads: const once made.
 */
#ifndef RECSCOPE_DATA_PART_ROWS_H
#define RECSCOPE_DATA_PART_ROWS_H

#include "recscope/data/dataset.h"

struct rs_part_rows {
    const struct rs_cells *cells; /* all cells, in rows of users or of items: the dataset's own */
    uint64_t *kept;               /* one bit a cell: it is in the parts that were asked for */
    uint64_t count;               /* cells of which that is true */
    size_t longest;               /* cells of the longest row, of all parts */
};

/* The cells whose part is in `parts` (bit 1 << RS_TRAIN, ...). The dataset is not counted: it has to stay.
 * Owns: the caller frees with rs_part_rows_free. Errors: RS_MEMORY. */
enum rs_status rs_part_rows_init(struct rs_part_rows *rows, const struct rs_dataset *dataset, unsigned parts,
                                 bool by_item, struct rs_error *err) RS_CHECKED;
void rs_part_rows_free(struct rs_part_rows *rows);

static inline bool rs_part_has(const struct rs_part_rows *rows, uint64_t cell)
{
    return (rows->kept[cell / 64] >> (cell % 64) & 1) != 0;
}

/* Copy the row's cells to column and value, which have room for `longest`; returns how many they are. */
size_t rs_part_row(const struct rs_part_rows *rows, uint32_t row, uint32_t *column, float *value);

/* Mean of the cells' values; 0 where there are none. */
double rs_part_mean(const struct rs_part_rows *rows);

#endif
