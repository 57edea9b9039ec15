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
        (status = rs_alloc_unfilled(&out->column, count, sizeof *out->column, err)) != RS_OK ||
        (status = rs_alloc_unfilled(&out->value, count, sizeof *out->value, err)) != RS_OK)
        rs_cells_free(out);
    return status;
}

void rs_cells_rewind(struct rs_cells *cells)
{
    memmove(cells->offset + 1, cells->offset, (size_t)cells->rows * sizeof *cells->offset);
    cells->offset[0] = 0;
}

enum rs_status rs_cells_turn(struct rs_cells *out, uint64_t *out_from, const struct rs_cells *cells,
                             const uint64_t *from, struct rs_error *err)
{
    enum rs_status status = rs_cells_make(out, cells->columns, cells->rows, cells->count, err);
    if (status != RS_OK)
        return status;
    uint64_t *offset = out->offset;
    for (uint64_t i = 0; i < cells->count; i++)
        offset[cells->column[i] + 1]++;
    for (uint32_t row = 0; row < out->rows; row++)
        offset[row + 1] += offset[row];
    for (uint32_t row = 0; row < cells->rows; row++) {
        for (uint64_t i = cells->offset[row]; i < cells->offset[row + 1]; i++) {
            uint64_t at = offset[cells->column[i]]++;
            out->column[at] = row;
            out->value[at] = cells->value[i];
            if (from)
                out_from[at] = from[i];
        }
    }
    rs_cells_rewind(out);
    return RS_OK;
}

enum rs_status rs_cells_transpose(struct rs_cells *out, const struct rs_cells *cells, struct rs_error *err)
{
    return rs_cells_turn(out, NULL, cells, NULL, err);
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
