/* y[b] = a[b] . b[b]: a rating from the factors of its user and its item. da = dy b, db = dy a. */
#include "graph_internal.h"

static enum rs_status forward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)err;
    const struct rs_node_state *a = &graph->node[node->input[0]];
    const struct rs_node_state *b = &graph->node[node->input[1]];
    const uint32_t first = 0;
    for (size_t row = 0; row < rs_graph_rows(graph); row++)
        graph->kernels->dots(node->value + row, a->value + row * a->ld, a->ld, b->value + row * b->ld, b->ld, &first,
                             1);
    return RS_OK;
}

static enum rs_status backward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)err;
    struct rs_node_state *a = &graph->node[node->input[0]];
    struct rs_node_state *b = &graph->node[node->input[1]];
    for (size_t row = 0; row < rs_graph_rows(graph); row++) {
        size_t at = row * a->ld;
        graph->kernels->axpy(a->gradient + at, node->gradient[row], b->value + at, a->ld);
        graph->kernels->axpy(b->gradient + at, node->gradient[row], a->value + at, a->ld);
    }
    return RS_OK;
}

const struct rs_op rs_op_row_dot_row = {.name = "row_dot", .forward = forward, .backward = backward};

enum rs_status rs_op_row_dot(struct rs_graph *graph, rs_node a, rs_node b, rs_node *out, struct rs_error *err)
{
    if (a >= graph->nodes || b >= graph->nodes || graph->node[a].columns == 0 ||
        graph->node[a].columns != graph->node[b].columns)
        return rs_fail(err, RS_PRESET, "row_dot: its inputs must have the same number of columns");
    struct rs_node_state *node;
    enum rs_status status = rs_graph_add(graph, &rs_op_row_dot_row, 1, &node, out, err);
    if (status != RS_OK)
        return status;
    node->input[0] = a;
    node->input[1] = b;
    return RS_OK;
}
