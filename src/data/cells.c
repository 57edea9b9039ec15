#include "cells.h"

#include <string.h>

#include "names.h"
#include "recscope/base/memory.h"
#include "recscope/data/ratings.h"

enum rs_status rs_cells_make(struct rs_cells *out, uint32_t rows, uint32_t columns, uint64_t count,
                             struct rs_error *err)
{
    *out = (struct rs_cells){.rows = rows, .columns = columns, .count = count};
    enum rs_status status;
    if ((status = rs_alloc(&out->offset, (size_t)rows + 1, sizeof *out->offset, err)) != RS_OK ||
        (status = rs_alloc(&out->column, count, sizeof *out->column, err)) != RS_OK ||
        (status = rs_alloc(&out->value, count, sizeof *out->value, err)) != RS_OK)
        rs_cells_free(out);
    return status;
}

enum rs_status rs_cells_transpose(struct rs_cells *out, const struct rs_cells *cells, struct rs_error *err)
{
    enum rs_status status = rs_cells_make(out, cells->columns, cells->rows, cells->count, err);
    if (status != RS_OK)
        return status;
    uint64_t *offset = out->offset;
    for (uint64_t i = 0; i < cells->count; i++)
        offset[cells->column[i] + 1]++;
    for (uint32_t row = 0; row < out->rows; row++)
        offset[row + 1] += offset[row];
    /* offset[r] walks to the end of row r, which is where row r + 1 began: one shift puts it right. */
    for (uint32_t row = 0; row < cells->rows; row++) {
        for (uint64_t i = cells->offset[row]; i < cells->offset[row + 1]; i++) {
            uint64_t at = offset[cells->column[i]]++;
            out->column[at] = row;
            out->value[at] = cells->value[i];
        }
    }
    memmove(offset + 1, offset, (size_t)out->rows * sizeof *offset);
    offset[0] = 0;
    return RS_OK;
}

void rs_cells_free(struct rs_cells *cells)
{
    rs_free(cells->offset);
    rs_free(cells->column);
    rs_free(cells->value);
    *cells = (struct rs_cells){.count = 0};
}

void rs_ratings_free(struct rs_ratings *ratings)
{
    rs_cells_free(&ratings->by_user);
    rs_cells_free(&ratings->by_item);
    rs_free(ratings->time);
    rs_names_free(&ratings->user_ids);
    rs_names_free(&ratings->item_ids);
    rs_names_free(&ratings->titles);
    *ratings = (struct rs_ratings){.count = 0};
}
