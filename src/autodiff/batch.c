#include "recscope/autodiff/batch.h"

#include <string.h>

#include "recscope/base/memory.h"

enum rs_status rs_batch_init(struct rs_batch *batch, uint32_t columns, struct rs_error *err)
{
    memset(batch, 0, sizeof *batch);
    batch->columns = columns;
    enum rs_status status = rs_alloc(&batch->visit, columns, sizeof *batch->visit, err);
    if (status == RS_OK)
        status = rs_alloc(&batch->visit_from, (size_t)columns + 1, sizeof *batch->visit_from, err);
    if (status == RS_OK)
        status = rs_alloc(&batch->stamp, columns, sizeof *batch->stamp, err);
    if (status == RS_OK)
        status = rs_alloc(&batch->slot, columns, sizeof *batch->slot, err);
    if (status == RS_OK)
        status = rs_alloc(&batch->offset, 1, sizeof *batch->offset, err);
    return status;
}

void rs_batch_free(struct rs_batch *batch)
{
    rs_free(batch->offset);
    rs_free(batch->column);
    rs_free(batch->value);
    rs_free(batch->visit);
    rs_free(batch->visit_from);
    rs_free(batch->visit_row);
    rs_free(batch->visit_cell);
    rs_free(batch->stamp);
    rs_free(batch->slot);
    memset(batch, 0, sizeof *batch);
}

void rs_batch_clear(struct rs_batch *batch)
{
    batch->rows = 0;
    batch->cells = 0;
    batch->touched = 0;
    batch->visits = 0;
}

static enum rs_status make_room(struct rs_batch *batch, size_t rows, size_t cells, struct rs_error *err)
{
    enum rs_status status = RS_OK;
    if (rows > batch->rows_room) {
        uint32_t room = batch->rows_room ? batch->rows_room : 64;
        while (room < rows)
            room *= 2;
        status = rs_grow(&batch->offset, (size_t)batch->rows + 1, (size_t)room + 1, sizeof *batch->offset, err);
        if (status == RS_OK)
            batch->rows_room = room;
    }
    if (status != RS_OK || cells <= batch->cells_room)
        return status;
    size_t room = batch->cells_room ? batch->cells_room : 1024;
    while (room < cells)
        room *= 2;
    status = rs_grow(&batch->column, batch->cells, room, sizeof *batch->column, err);
    if (status == RS_OK)
        status = rs_grow(&batch->value, batch->cells, room, sizeof *batch->value, err);
    if (status == RS_OK)
        status = rs_grow(&batch->visit_row, 0, room, sizeof *batch->visit_row, err);
    if (status == RS_OK)
        status = rs_grow(&batch->visit_cell, 0, room, sizeof *batch->visit_cell, err);
    if (status == RS_OK)
        batch->cells_room = room;
    return status;
}

enum rs_status rs_batch_add_row(struct rs_batch *batch, const uint32_t *column, const float *value, size_t count,
                                struct rs_error *err)
{
    enum rs_status status = make_room(batch, (size_t)batch->rows + 1, batch->cells + count, err);
    if (status != RS_OK)
        return status;
    if (count > 0)
        memcpy(batch->column + batch->cells, column, count * sizeof *column);
    for (size_t i = 0; i < count; i++)
        batch->value[batch->cells + i] = value ? (rs_real)value[i] : (rs_real)1;
    batch->cells += count;
    batch->rows++;
    batch->offset[batch->rows] = batch->cells;
    return RS_OK;
}

enum rs_status rs_batch_set_ones(struct rs_batch *batch, const uint32_t *column, const float *value, size_t count,
                                 struct rs_error *err)
{
    rs_batch_clear(batch);
    enum rs_status status = make_room(batch, count, count, err);
    if (status != RS_OK)
        return status;
    for (size_t i = 0; i < count; i++) {
        batch->column[i] = column[i];
        batch->value[i] = value ? (rs_real)value[i] : (rs_real)1;
        batch->offset[i + 1] = i + 1;
    }
    batch->rows = (uint32_t)count;
    batch->cells = count;
    return RS_OK;
}

/* Visits in ascending order; slot becomes where the first cell of each column stands. Time in the columns. */
static void visit_in_order(struct rs_batch *batch, bool every)
{
    uint32_t *count = batch->slot;
    uint32_t from = 0;
    memset(count, 0, batch->columns * sizeof *count);
    for (size_t c = 0; c < batch->cells; c++)
        count[batch->column[c]]++;
    for (uint32_t column = 0; column < batch->columns; column++) {
        uint32_t cells = count[column];
        if (cells == 0 && !every)
            continue;
        batch->touched += cells > 0;
        batch->visit[batch->visits] = column;
        batch->visit_from[batch->visits++] = from;
        count[column] = from;
        from += cells;
    }
    batch->visit_from[batch->visits] = from;
}

/* Visits as their columns are met first. Time in the cells. */
static void visit_as_met(struct rs_batch *batch)
{
    size_t *count = batch->visit_from + 1;
    if (++batch->now == 0) { /* the stamps have gone round once */
        memset(batch->stamp, 0, batch->columns * sizeof *batch->stamp);
        batch->now = 1;
    }
    for (size_t c = 0; c < batch->cells; c++) {
        uint32_t column = batch->column[c];
        if (batch->stamp[column] != batch->now) {
            batch->stamp[column] = batch->now;
            batch->slot[column] = batch->visits;
            count[batch->visits] = 0;
            batch->visit[batch->visits++] = column;
        }
        count[batch->slot[column]]++;
    }
    batch->touched = batch->visits;
    batch->visit_from[0] = 0;
    for (uint32_t v = 0; v < batch->visits; v++) {
        batch->slot[batch->visit[v]] = (uint32_t)batch->visit_from[v];
        batch->visit_from[v + 1] += batch->visit_from[v];
    }
}

static void place_cells(struct rs_batch *batch)
{
    for (uint32_t b = 0; b < batch->rows; b++) {
        for (size_t c = batch->offset[b]; c < batch->offset[b + 1]; c++) {
            uint32_t at = batch->slot[batch->column[c]]++;
            batch->visit_row[at] = b;
            batch->visit_cell[at] = (uint32_t)c;
        }
    }
}

/* From this share of the columns on it is cheaper to look at all of them than to jump about in memory. */
#define ORDERED_SHARE 8

enum rs_status rs_batch_close(struct rs_batch *batch, bool every, struct rs_error *err)
{
    if (batch->cells > UINT32_MAX)
        return rs_fail(err, RS_PRESET, "a batch of %zu ratings: at most %u fit: make the batch smaller", batch->cells,
                       UINT32_MAX);
    batch->touched = 0;
    batch->visits = 0;
    if (every || batch->cells >= batch->columns / ORDERED_SHARE)
        visit_in_order(batch, every);
    else
        visit_as_met(batch);
    place_cells(batch);
    return RS_OK;
}
