/* y[b] = w[column of row b]: the factors of the users, or items, of a batch of ratings. It is the sparse layer with
 * one cell of value 1 a row, without the products. */
#include <string.h>

#include "graph_internal.h"

static enum rs_status forward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)err;
    const struct rs_batch *batch = &graph->stream[node->stream];
    const struct rs_parameter_info *w = &graph->parameter[node->parameter[0]];
    if (node->ld == 1) {
        for (uint32_t b = 0; b < batch->rows; b++)
            node->value[b] = w->weight[batch->column[b]];
        return RS_OK;
    }
    for (uint32_t b = 0; b < batch->rows; b++)
        memcpy(node->value + b * node->ld, w->weight + batch->column[b] * w->ld, node->ld * sizeof *node->value);
    return RS_OK;
}

static enum rs_status backward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)err;
    const struct rs_batch *batch = &graph->stream[node->stream];
    for (uint32_t visit = 0; visit < batch->visits; visit++) {
        size_t from = batch->visit_from[visit];
        size_t count = batch->visit_from[visit + 1] - from;
        rs_real *gradient = count > 0 ? rs_graph_scratch(graph, 0, node->ld) : NULL;
        if (count > 0)
            graph->kernels->weighted_sum(gradient, node->ld, node->gradient, node->ld, batch->visit_row + from, NULL,
                                         count);
        rs_graph_row(graph, node->parameter[0], batch->visit[visit], count, gradient, node->ld);
    }
    return RS_OK;
}

const struct rs_op rs_op_gather_row = {.name = "gather", .forward = forward, .backward = backward};

enum rs_status rs_op_gather(struct rs_graph *graph, uint32_t stream, rs_parameter w, rs_node *out, struct rs_error *err)
{
    if (stream >= graph->streams || graph->parameter[w].rows != graph->stream[stream].columns)
        return rs_fail(err, RS_PRESET, "gather: %s has %zu rows, sparse input %u does not have as many columns",
                       graph->parameter[w].name, graph->parameter[w].rows, stream);
    struct rs_node_state *node;
    enum rs_status status = rs_graph_add(graph, &rs_op_gather_row, graph->parameter[w].columns, &node, out, err);
    if (status != RS_OK)
        return status;
    node->stream = stream;
    node->parameter[0] = w;
    graph->parameter[w].by_row = true;
    return RS_OK;
}
