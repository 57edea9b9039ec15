/* loss += sum over b of (offset + x[b] - target[b])^2: the end of a model of single ratings. dx = 2 (...). */
#include "graph_internal.h"

static enum rs_status forward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)err;
    const struct rs_node_state *x = &graph->node[node->input[0]];
    for (size_t b = 0; b < rs_graph_rows(graph); b++)
        graph->prediction[b] = node->offset + x->value[b];
    return RS_OK;
}

static enum rs_status backward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)err;
    struct rs_node_state *x = &graph->node[node->input[0]];
    const struct rs_batch *target = &graph->stream[node->stream];
    for (size_t b = 0; b < rs_graph_rows(graph); b++) {
        rs_real error = graph->prediction[b] - target->value[b];
        graph->loss += (double)error * (double)error;
        x->gradient[b] += 2 * error;
    }
    return RS_OK;
}

const struct rs_op rs_op_squared_error_row = {.name = "squared_error", .forward = forward, .backward = backward};

enum rs_status rs_op_squared_error(struct rs_graph *graph, rs_node x, uint32_t stream, rs_real offset,
                                   struct rs_error *err)
{
    if (x >= graph->nodes || graph->node[x].columns != 1 || stream >= graph->streams)
        return rs_fail(err, RS_PRESET, "squared_error: its input must have 1 column, its target must be an input");
    struct rs_node_state *node;
    enum rs_status status = rs_graph_add(graph, &rs_op_squared_error_row, 1, &node, NULL, err);
    if (status != RS_OK)
        return status;
    node->input[0] = x;
    node->stream = stream;
    node->offset = offset;
    graph->target_stream = stream;
    return RS_OK;
}
