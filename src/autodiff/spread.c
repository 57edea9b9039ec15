/* Cells of a batch as a dense matrix, some columns at a time: so few that the matrix stays in cache, and so many that
 * the BLAS is fast. */
#include <string.h>

#include "graph_internal.h"
#include "recscope/base/memory.h"

enum rs_status rs_graph_spread_room(struct rs_graph *graph, size_t rows, size_t ld, struct rs_error *err)
{
    size_t room = RS_SPREAD * (2 * rows + ld);
    if (graph->spread && room <= graph->spread_room)
        return RS_OK;
    rs_free(graph->spread);
    graph->spread = NULL;
    graph->spread_room = room;
    return rs_alloc(&graph->spread, room * rs_pool_threads(graph->pool), sizeof *graph->spread, err);
}

struct rs_spread rs_graph_spread(const struct rs_graph *graph, size_t thread, size_t rows)
{
    rs_real *first = graph->spread + thread * graph->spread_room;
    return (struct rs_spread){first, first + RS_SPREAD * rows, first + RS_SPREAD * 2 * rows};
}

void rs_spread_cells(const struct rs_spread *spread, const struct rs_batch *batch, uint32_t from, uint32_t to,
                     const rs_real *value)
{
    memset(spread->cells, 0, batch->rows * RS_SPREAD * sizeof *spread->cells);
    for (uint32_t column = from; column < to; column++)
        for (size_t i = batch->visit_from[column]; i < batch->visit_from[column + 1]; i++)
            spread->cells[batch->visit_row[i] * RS_SPREAD + column - from] += value[batch->visit_cell[i]];
}

void rs_spread_rows(struct rs_graph *graph, rs_parameter parameter, const struct rs_batch *batch,
                    const struct rs_spread *spread, uint32_t from, uint32_t to, size_t ld)
{
    for (uint32_t column = from; column < to; column++) {
        size_t cells = batch->visit_from[column + 1] - batch->visit_from[column];
        if (cells > 0 || graph->step.every_row)
            rs_graph_row(graph, parameter, column, cells, spread->gradient + (column - from) * ld, ld);
    }
}

void rs_spread_range(const struct rs_batch *batch, size_t blocks, size_t block, uint32_t *from, uint32_t *to)
{
    size_t first;
    size_t last;
    rs_block_range((batch->columns + RS_SPREAD - 1) / RS_SPREAD, blocks, block, &first, &last);
    *from = (uint32_t)first * RS_SPREAD;
    *to = last * RS_SPREAD < batch->columns ? (uint32_t)last * RS_SPREAD : batch->columns;
}
