/* y = x + c for every row of the batch. dc = sum over rows of dy. */
#include "graph_internal.h"

static void forward_rows(struct rs_graph *graph, struct rs_node_state *node, size_t from, size_t to)
{
    const rs_real *x = graph->node[node->input[0]].value;
    const rs_real *c = graph->parameter[node->parameter[0]].weight;
    for (size_t b = from; b < to; b++)
        for (size_t k = 0; k < node->ld; k++)
            node->value[b * node->ld + k] = x[b * node->ld + k] + c[k];
}

static enum rs_status forward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)err;
    rs_graph_run_rows(graph, node, forward_rows);
    return RS_OK;
}

struct job {
    struct rs_graph *graph;
    struct rs_node_state *node;
};

/* A block is a strip of columns of all rows: every column of dc is summed in the order of the rows. */
static void backward_strip(void *context, size_t block, size_t thread)
{
    (void)thread;
    const struct job *job = context;
    const struct rs_node_state *node = job->node;
    rs_real *dx = job->graph->node[node->input[0]].gradient;
    rs_real *dc = job->graph->parameter[node->parameter[0]].gradient;
    size_t from;
    size_t to;
    rs_block_range(node->ld, RS_BLOCKS, block, &from, &to);
    for (size_t b = 0; b < rs_graph_rows(job->graph); b++) {
        const rs_real *dy = node->gradient + b * node->ld;
        job->graph->kernels->axpy(dx + b * node->ld + from, 1, dy + from, to - from);
        job->graph->kernels->axpy(dc + from, 1, dy + from, to - from);
    }
}

static enum rs_status backward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)err;
    struct job job = {graph, node};
    rs_graph_run(graph, RS_BLOCKS, 2 * rs_graph_rows(graph) * node->ld, backward_strip, &job);
    return RS_OK;
}

const struct rs_op rs_op_bias_row = {.name = "bias", .forward = forward, .backward = backward};

enum rs_status rs_op_bias(struct rs_graph *graph, rs_node x, rs_parameter c, rs_node *out, struct rs_error *err)
{
    const struct rs_parameter_info *info = &graph->parameter[c];
    if (x >= graph->nodes || info->rows != 1 || graph->node[x].columns != info->columns)
        return rs_fail(err, RS_PRESET, "bias: %s is %zu x %zu, its input does not have as many columns", info->name,
                       info->rows, info->columns);
    struct rs_node_state *node;
    enum rs_status status = rs_graph_add(graph, &rs_op_bias_row, info->columns, &node, out, err);
    if (status != RS_OK)
        return status;
    node->input[0] = x;
    node->parameter[0] = c;
    return RS_OK;
}
