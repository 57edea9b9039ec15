/* batch.h -- one batch of sparse rows, seen from both sides.
 *
 * A batch has B rows; row b owns some cells (column, value). The same cells are listed by column, so that each weight
 * row is visited once for all its cells: in ascending order, which walks through memory, or, where a batch meets few of
 * many columns, in the order of first appearance.
 * An index stream (one column per row: the users of a batch of ratings) is the case of one cell a row.
 * Threads: built by one thread, then read by many.
 */
#ifndef RECSCOPE_AUTODIFF_BATCH_H
#define RECSCOPE_AUTODIFF_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "recscope/base/status.h"
#include "recscope/linalg/real.h"

struct rs_batch {
    uint32_t rows;    /* B */
    uint32_t columns; /* how many there are in all */
    size_t cells;
    /* By row. */
    size_t *offset;   /* (rows + 1) */
    uint32_t *column; /* (cells) */
    rs_real *value;   /* (cells) */
    /* By column, from rs_batch_close on. */
    uint32_t touched;     /* columns that have a cell */
    uint32_t visits;      /* columns listed: the touched ones, or all */
    uint32_t *visit;      /* (visits) the columns */
    size_t *visit_from;   /* (visits + 1) where the cells of each begin; a column may have none */
    uint32_t *visit_row;  /* (cells) the row of each cell, ascending within a column */
    uint32_t *visit_cell; /* (cells) its position in the order by row */
    /* Room. */
    uint32_t rows_room;
    size_t cells_room;
    uint32_t *stamp; /* (columns) the batch that last touched a column ... */
    uint32_t *slot;  /* ... and its place in visit, or its next free cell */
    uint32_t now;
};

/* Room for columns; rows and cells grow as needed. Owns: the caller, who calls rs_batch_free. */
enum rs_status rs_batch_init(struct rs_batch *batch, uint32_t columns, struct rs_error *err) RS_CHECKED;
void rs_batch_free(struct rs_batch *batch);

/* Start a batch, then add rows one by one; value NULL: all 1. Errors: RS_MEMORY. */
void rs_batch_clear(struct rs_batch *batch);
enum rs_status rs_batch_add_row(struct rs_batch *batch, const uint32_t *column, const float *value, size_t count,
                                struct rs_error *err) RS_CHECKED;

/* A whole batch of one cell a row: an index stream. column and value (count); value NULL: all 1. Errors: RS_MEMORY. */
enum rs_status rs_batch_set_ones(struct rs_batch *batch, const uint32_t *column, const float *value, size_t count,
                                 struct rs_error *err) RS_CHECKED;

/* List the cells by column. every: all columns are visited, those without a cell too. Errors: RS_PRESET (too large). */
enum rs_status rs_batch_close(struct rs_batch *batch, bool every, struct rs_error *err) RS_CHECKED;

#endif
