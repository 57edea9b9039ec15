/* y = f(x): identity, sigmoid, tanh, relu. The padding of a row stays zero, whatever f(0) is. */
#include <string.h>

#include "graph_internal.h"

static enum rs_status forward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)err;
    size_t rows = rs_graph_rows(graph);
    memcpy(node->value, graph->node[node->input[0]].value, rows * node->ld * sizeof *node->value);
    graph->kernels->activate(node->kind, node->value, rows * node->ld);
    for (size_t b = 0; b < rows; b++)
        memset(node->value + b * node->ld + node->columns, 0, (node->ld - node->columns) * sizeof *node->value);
    return RS_OK;
}

static enum rs_status backward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)err;
    rs_real *dx = graph->node[node->input[0]].gradient;
    for (size_t b = 0; b < rs_graph_rows(graph); b++) {
        rs_real *dy = node->gradient + b * node->ld;
        graph->kernels->slope(node->kind, dy, node->value + b * node->ld, node->ld);
        graph->kernels->axpy(dx + b * node->ld, 1, dy, node->ld);
    }
    return RS_OK;
}

const struct rs_op rs_op_activate_row = {.name = "activate", .forward = forward, .backward = backward};

enum rs_status rs_op_activate(struct rs_graph *graph, rs_node x, enum rs_activation kind, rs_node *out,
                              struct rs_error *err)
{
    if (x >= graph->nodes || graph->node[x].columns == 0)
        return rs_fail(err, RS_PRESET, "activate: its input must be a dense node");
    struct rs_node_state *node;
    enum rs_status status = rs_graph_add(graph, &rs_op_activate_row, graph->node[x].columns, &node, out, err);
    if (status != RS_OK)
        return status;
    node->input[0] = x;
    node->kind = kind;
    return RS_OK;
}
