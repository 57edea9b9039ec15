/* y[b] = sum over cells (b, j) of x[b, j] w[j]: the first layer of an autoencoder. Only observed cells are read.
 * Both ways each row w[j] is visited once, for all its cells: forward adds it to the rows that need it, in parts of y
 * by block; backward sums dw[j] = sum over b of x[b, j] dy[b]. The batch's y and dy stay in cache meanwhile. */
#include <string.h>

#include "graph_internal.h"
#include "recscope/linalg/dense.h"

struct job {
    struct rs_graph *graph;
    struct rs_node_state *node;
    const struct rs_batch *batch;
    const rs_real *cells; /* values in order by row */
    size_t blocks;
};

static struct job make_job(struct rs_graph *graph, struct rs_node_state *node)
{
    const struct rs_node_state *cells = &graph->node[node->input[0]];
    return (struct job){
        .graph = graph,
        .node = node,
        .batch = &graph->stream[cells->stream],
        .cells = cells->value,
        .blocks = RS_PARTS,
    };
}

/* Cells of a visit are taken in pieces, their values gathered so that a kernel reads them in a row. */
enum { PIECE = 256 };

static size_t gather_piece(const struct job *job, uint32_t visit, size_t from, rs_real value[PIECE])
{
    const struct rs_batch *batch = job->batch;
    size_t left = batch->visit_from[visit + 1] - from;
    size_t count = left < PIECE ? left : PIECE;
    for (size_t i = 0; i < count; i++)
        value[i] = job->cells[batch->visit_cell[from + i]];
    return count;
}

static void forward_block(void *context, size_t block, size_t thread)
{
    (void)thread;
    const struct job *job = context;
    const struct rs_batch *batch = job->batch;
    const struct rs_parameter_info *w = &job->graph->parameter[job->node->parameter[0]];
    rs_real *y = rs_graph_partial(job->graph, batch->rows, w->ld, block);
    uint32_t visit;
    uint32_t to;
    for (rs_visit_range(batch, job->blocks, block, &visit, &to); visit < to; visit++) {
        const rs_real *row = w->weight + batch->visit[visit] * w->ld;
        if (visit + 1 < to)
            job->graph->kernels->expect(w->weight + batch->visit[visit + 1] * w->ld, w->ld);
        size_t count;
        for (size_t from = batch->visit_from[visit]; from < batch->visit_from[visit + 1]; from += count) {
            rs_real value[PIECE];
            count = gather_piece(job, visit, from, value);
            job->graph->kernels->scatter_add(y, w->ld, batch->visit_row + from, value, count, row, w->ld);
        }
    }
}

/* y = X w, some columns of X at a time. */
static enum rs_status dense_forward_block(void *context, size_t block, size_t thread, struct rs_error *err)
{
    const struct job *job = context;
    const struct rs_batch *batch = job->batch;
    const struct rs_parameter_info *w = &job->graph->parameter[job->node->parameter[0]];
    struct rs_spread spread = rs_graph_spread(job->graph, thread, batch->rows);
    rs_real *y = rs_graph_partial(job->graph, batch->rows, w->ld, block);
    uint32_t from;
    uint32_t end;
    enum rs_status status = RS_OK;
    for (rs_spread_range(batch, job->blocks, block, &from, &end); from < end && status == RS_OK; from += RS_SPREAD) {
        uint32_t to = end - from < RS_SPREAD ? end : from + RS_SPREAD;
        rs_spread_cells(&spread, batch, from, to, job->cells);
        status = rs_gemm(false, false, batch->rows, w->ld, to - from, spread.cells, RS_SPREAD, w->weight + from * w->ld,
                         w->ld, 1, y, w->ld, err);
    }
    return status;
}

/* dw = X' dy */
static enum rs_status dense_backward_block(void *context, size_t block, size_t thread, struct rs_error *err)
{
    const struct job *job = context;
    const struct rs_batch *batch = job->batch;
    size_t ld = job->node->ld;
    struct rs_spread spread = rs_graph_spread(job->graph, thread, batch->rows);
    uint32_t from;
    uint32_t end;
    enum rs_status status = RS_OK;
    for (rs_spread_range(batch, job->blocks, block, &from, &end); from < end && status == RS_OK; from += RS_SPREAD) {
        uint32_t to = end - from < RS_SPREAD ? end : from + RS_SPREAD;
        rs_spread_cells(&spread, batch, from, to, job->cells);
        status = rs_gemm(true, false, to - from, ld, batch->rows, spread.cells, RS_SPREAD, job->node->gradient, ld, 0,
                         spread.gradient, ld, err);
        if (status == RS_OK)
            rs_spread_rows(job->graph, job->node->parameter[0], batch, &spread, from, to, ld);
    }
    return status;
}

static enum rs_status forward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    struct job job = make_job(graph, node);
    bool dense = graph->dense && graph->training;
    enum rs_status status = rs_graph_partials(graph, job.batch->rows, node->ld, &job.blocks, err);
    if (status == RS_OK && dense)
        status = rs_graph_spread_room(graph, job.batch->rows, node->ld, err);
    if (status == RS_OK && dense)
        status = rs_graph_try(graph, job.blocks, job.batch->cells * node->ld, dense_forward_block, &job, err);
    if (status != RS_OK)
        return status;
    if (!dense)
        rs_graph_run(graph, job.blocks, job.batch->cells * node->ld, forward_block, &job);
    memset(node->value, 0, job.batch->rows * node->ld * sizeof *node->value);
    rs_graph_add_partials(graph, node->value, job.batch->rows, node->ld, job.blocks);
    return RS_OK;
}

static void backward_block(void *context, size_t block, size_t thread)
{
    const struct job *job = context;
    const struct rs_batch *batch = job->batch;
    size_t ld = job->node->ld;
    uint32_t visit;
    uint32_t to;
    for (rs_visit_range(batch, job->blocks, block, &visit, &to); visit < to; visit++) {
        size_t cells = batch->visit_from[visit + 1] - batch->visit_from[visit];
        rs_real *gradient = cells > 0 ? rs_graph_scratch(job->graph, thread, ld) : NULL;
        size_t count;
        for (size_t from = batch->visit_from[visit]; from < batch->visit_from[visit + 1]; from += count) {
            rs_real value[PIECE];
            count = gather_piece(job, visit, from, value);
            job->graph->kernels->weighted_sum(gradient, ld, job->node->gradient, ld, batch->visit_row + from, value,
                                              count);
        }
        rs_graph_row(job->graph, job->node->parameter[0], batch->visit[visit], cells, gradient, ld);
    }
}

static enum rs_status backward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    struct job job = make_job(graph, node);
    size_t work = (job.batch->cells + job.batch->visits) * node->ld;
    if (graph->dense)
        return rs_graph_try(graph, job.blocks, work, dense_backward_block, &job, err);
    rs_graph_run(graph, job.blocks, work, backward_block, &job);
    return RS_OK;
}

const struct rs_op rs_op_sparse_linear_row = {.name = "sparse_linear", .forward = forward, .backward = backward};

enum rs_status rs_op_sparse_linear(struct rs_graph *graph, rs_node cells, rs_parameter w, rs_node *out,
                                   struct rs_error *err)
{
    if (cells >= graph->nodes || graph->node[cells].columns != 0)
        return rs_fail(err, RS_PRESET, "sparse_linear: its input must be the cells of a sparse input");
    uint32_t columns = graph->stream[graph->node[cells].stream].columns;
    if (graph->parameter[w].rows != columns)
        return rs_fail(err, RS_PRESET, "sparse_linear: %s has %zu rows, the input has %u columns",
                       graph->parameter[w].name, graph->parameter[w].rows, columns);
    struct rs_node_state *node;
    enum rs_status status = rs_graph_add(graph, &rs_op_sparse_linear_row, graph->parameter[w].columns, &node, out, err);
    if (status != RS_OK)
        return status;
    node->input[0] = cells;
    node->parameter[0] = w;
    graph->parameter[w].by_row = true;
    return RS_OK;
}
