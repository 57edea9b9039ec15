#include "recscope/data/part_rows.h"

#include <string.h>

#include "recscope/base/memory.h"

static size_t longest_row(const struct rs_cells *cells)
{
    size_t longest = 0;
    for (uint32_t row = 0; row < cells->rows; row++) {
        size_t length = (size_t)(cells->offset[row + 1] - cells->offset[row]);
        longest = length > longest ? length : longest;
    }
    return longest;
}

/* at: where the next cell of each row is, NULL: cells are walked in the order they have. */
static void mark(struct rs_part_rows *rows, const struct rs_dataset *dataset, unsigned parts, uint64_t *at)
{
    for (uint64_t i = 0; i < dataset->ratings.count; i++) {
        uint64_t cell = at ? at[dataset->ratings.by_user.column[i]]++ : i;
        uint64_t asked = parts >> dataset->part[i] & 1U;
        rows->kept[cell / 64] |= asked << (cell % 64);
        rows->count += asked;
    }
}

enum rs_status rs_part_rows_init(struct rs_part_rows *rows, const struct rs_dataset *dataset, unsigned parts,
                                 bool by_item, struct rs_error *err)
{
    const struct rs_ratings *ratings = &dataset->ratings;
    *rows = (struct rs_part_rows){.cells = by_item ? &ratings->by_item : &ratings->by_user};
    uint64_t *at = NULL;
    enum rs_status status = rs_alloc(&rows->kept, ratings->count / 64 + 1, sizeof *rows->kept, err);
    if (status == RS_OK && by_item) {
        status = rs_alloc(&at, ratings->items, sizeof *at, err);
        if (status == RS_OK) /* within an item users ascend, so that by user its cells come in their order */
            memcpy(at, rows->cells->offset, ratings->items * sizeof *at);
    }
    if (status == RS_OK) {
        mark(rows, dataset, parts, at);
        rows->longest = longest_row(rows->cells);
    } else {
        rs_part_rows_free(rows);
    }
    rs_free(at);
    return status;
}

void rs_part_rows_free(struct rs_part_rows *rows)
{
    rs_free(rows->kept);
    *rows = (struct rs_part_rows){0};
}

size_t rs_part_row(const struct rs_part_rows *rows, uint32_t row, uint32_t *column, float *value)
{
    const struct rs_cells *cells = rows->cells;
    size_t count = 0;
    for (uint64_t c = cells->offset[row]; c < cells->offset[row + 1]; c++) {
        column[count] = cells->column[c]; /* written in any case: the next one overwrites what is not asked for */
        value[count] = cells->value[c];
        count += rs_part_has(rows, c);
    }
    return count;
}

double rs_part_mean(const struct rs_part_rows *rows)
{
    double sum = 0;
    for (uint64_t c = 0; c < rows->cells->count; c++)
        if (rs_part_has(rows, c))
            sum += (double)rows->cells->value[c];
    return rows->count ? sum / (double)rows->count : 0;
}
