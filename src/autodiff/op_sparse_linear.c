/* y[b] = sum over cells (b, j) of x[b, j] w[j]: the first layer of an autoencoder. Only observed cells are read.
 * Backward: dw[j] = sum over b of x[b, j] dy[b], one row of w at a time through the cells by column. */
#include <string.h>

#include "graph_internal.h"

struct job {
    struct rs_graph *graph;
    struct rs_node_state *node;
    const struct rs_batch *batch;
    const rs_real *cells; /* values in order by row */
    size_t blocks;
};

static struct job make_job(struct rs_graph *graph, struct rs_node_state *node, size_t units)
{
    const struct rs_node_state *cells = &graph->node[node->input[0]];
    return (struct job){
        .graph = graph,
        .node = node,
        .batch = &graph->stream[cells->stream],
        .cells = cells->value,
        .blocks = units < 4 * RS_BLOCKS ? units : 4 * RS_BLOCKS,
    };
}

static void forward_block(void *context, size_t block, size_t thread)
{
    (void)thread;
    const struct job *job = context;
    const struct rs_node_state *node = job->node;
    const struct rs_parameter_info *w = &job->graph->parameter[node->parameter[0]];
    size_t from;
    size_t to;
    rs_block_range(job->batch->rows, job->blocks, block, &from, &to);
    for (size_t b = from; b < to; b++) {
        size_t first = job->batch->offset[b];
        rs_real *y = node->value + b * node->ld;
        memset(y, 0, node->ld * sizeof *y);
        job->graph->kernels->weighted_sum(y, node->ld, w->weight, w->ld, job->batch->column + first, job->cells + first,
                                          job->batch->offset[b + 1] - first);
    }
}

static enum rs_status forward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)err;
    struct job job = make_job(graph, node, rs_graph_rows(graph));
    rs_graph_run(graph, job.blocks, job.batch->cells * node->ld, forward_block, &job);
    return RS_OK;
}

/* The cells of one column, gathered so that the kernel reads them in a row; columns of any length pass in pieces. */
static void column_gradient(const struct job *job, uint32_t t, rs_real *gradient)
{
    enum { PIECE = 256 };
    rs_real value[PIECE];
    const struct rs_batch *batch = job->batch;
    for (size_t from = batch->touch_from[t]; from < batch->touch_from[t + 1]; from += PIECE) {
        size_t left = batch->touch_from[t + 1] - from;
        size_t count = left < PIECE ? left : PIECE;
        for (size_t i = 0; i < count; i++)
            value[i] = job->cells[batch->touch_cell[from + i]];
        job->graph->kernels->weighted_sum(gradient, job->node->ld, job->node->gradient, job->node->ld,
                                          batch->touch_row + from, value, count);
    }
}

static void backward_block(void *context, size_t block, size_t thread)
{
    const struct job *job = context;
    const struct rs_batch *batch = job->batch;
    rs_parameter w = job->node->parameter[0];
    uint32_t from;
    uint32_t to;
    rs_touch_range(batch, job->blocks, block, &from, &to);
    for (uint32_t t = from; t < to; t++) {
        rs_real *gradient = rs_graph_scratch(job->graph, thread, job->node->ld);
        column_gradient(job, t, gradient);
        rs_graph_row(job->graph, w, batch->touch[t], batch->touch_from[t + 1] - batch->touch_from[t], gradient);
    }
    if (!job->graph->step.every_row)
        return;
    rs_untouched_range(batch, job->blocks, block, &from, &to);
    for (uint32_t t = from; t < to; t++)
        rs_graph_row(job->graph, w, batch->touch[t], 0, rs_graph_scratch(job->graph, thread, job->node->ld));
}

static enum rs_status backward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)err;
    struct job job = make_job(graph, node, 4 * RS_BLOCKS);
    size_t rows = graph->step.every_row ? job.batch->columns : 0;
    rs_graph_run(graph, job.blocks, (job.batch->cells + rows) * node->ld, backward_block, &job);
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
