/* y = f(x): identity, sigmoid, tanh, relu. The padding of a row stays zero, whatever f(0) is. */
#include <string.h>

#include "graph_internal.h"

static void forward_rows(struct rs_graph *graph, struct rs_node_state *node, size_t from, size_t to)
{
    const rs_real *x = graph->node[node->input[0]].value;
    size_t at = from * node->ld;
    memcpy(node->value + at, x + at, (to - from) * node->ld * sizeof *x);
    graph->kernels->activate(node->kind, node->value + at, (to - from) * node->ld);
    for (size_t b = from; b < to; b++)
        memset(node->value + b * node->ld + node->columns, 0, (node->ld - node->columns) * sizeof *x);
}

static void backward_rows(struct rs_graph *graph, struct rs_node_state *node, size_t from, size_t to)
{
    size_t at = from * node->ld;
    size_t n = (to - from) * node->ld;
    graph->kernels->slope(node->kind, node->gradient + at, node->value + at, n);
    graph->kernels->axpy(graph->node[node->input[0]].gradient + at, 1, node->gradient + at, n);
}

static enum rs_status forward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)err;
    rs_graph_run_rows(graph, node, forward_rows);
    return RS_OK;
}

static enum rs_status backward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)err;
    rs_graph_run_rows(graph, node, backward_rows);
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
