#include "recscope/autodiff/batch.h"

#include <string.h>

#include "recscope/base/memory.h"

enum rs_status rs_batch_init(struct rs_batch *batch, uint32_t columns, struct rs_error *err)
{
    memset(batch, 0, sizeof *batch);
    batch->columns = columns;
    enum rs_status status = rs_alloc(&batch->touch, columns, sizeof *batch->touch, err);
    if (status == RS_OK)
        status = rs_alloc(&batch->touch_from, (size_t)columns + 1, sizeof *batch->touch_from, err);
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
    rs_free(batch->touch);
    rs_free(batch->touch_from);
    rs_free(batch->touch_row);
    rs_free(batch->touch_cell);
    rs_free(batch->stamp);
    rs_free(batch->slot);
    memset(batch, 0, sizeof *batch);
}

void rs_batch_clear(struct rs_batch *batch)
{
    batch->rows = 0;
    batch->cells = 0;
    batch->touched = 0;
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
        status = rs_grow(&batch->touch_row, 0, room, sizeof *batch->touch_row, err);
    if (status == RS_OK)
        status = rs_grow(&batch->touch_cell, 0, room, sizeof *batch->touch_cell, err);
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

/* Counting sort by column in the order of first appearance: time in the cells, not in the columns. */
static void list_by_column(struct rs_batch *batch)
{
    size_t *from = batch->touch_from;
    batch->touched = 0;
    for (size_t c = 0; c < batch->cells; c++) {
        uint32_t column = batch->column[c];
        if (batch->stamp[column] != batch->now) {
            batch->stamp[column] = batch->now;
            batch->slot[column] = batch->touched;
            from[batch->touched + 1] = 0;
            batch->touch[batch->touched++] = column;
        }
        from[batch->slot[column] + 1]++;
    }
    from[0] = 0;
    for (uint32_t t = 0; t < batch->touched; t++)
        from[t + 1] += from[t];
    /* Filling moves every start to its end, which is the next one's start; moved back below. */
    for (uint32_t b = 0; b < batch->rows; b++) {
        for (size_t c = batch->offset[b]; c < batch->offset[b + 1]; c++) {
            size_t at = from[batch->slot[batch->column[c]]]++;
            batch->touch_row[at] = b;
            batch->touch_cell[at] = (uint32_t)c;
        }
    }
    for (uint32_t t = batch->touched; t > 0; t--)
        from[t] = from[t - 1];
    from[0] = 0;
}

enum rs_status rs_batch_close(struct rs_batch *batch, bool every, struct rs_error *err)
{
    if (batch->cells > UINT32_MAX)
        return rs_fail(err, RS_PRESET, "a batch of %zu ratings: at most %u fit: make the batch smaller", batch->cells,
                       UINT32_MAX);
    if (++batch->now == 0) { /* the stamps have gone round once */
        memset(batch->stamp, 0, batch->columns * sizeof *batch->stamp);
        batch->now = 1;
    }
    list_by_column(batch);
    uint32_t next = batch->touched;
    for (uint32_t column = 0; every && column < batch->columns; column++)
        if (batch->stamp[column] != batch->now)
            batch->touch[next++] = column;
    return RS_OK;
}
