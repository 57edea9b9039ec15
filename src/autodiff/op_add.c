/* y = a + b. */
#include "graph_internal.h"

static enum rs_status forward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)err;
    const rs_real *a = graph->node[node->input[0]].value;
    const rs_real *b = graph->node[node->input[1]].value;
    for (size_t k = 0; k < rs_graph_rows(graph) * node->ld; k++)
        node->value[k] = a[k] + b[k];
    return RS_OK;
}

static enum rs_status backward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)err;
    for (int i = 0; i < 2; i++) {
        rs_real *x = graph->node[node->input[i]].gradient;
        for (size_t k = 0; k < rs_graph_rows(graph) * node->ld; k++)
            x[k] += node->gradient[k];
    }
    return RS_OK;
}

const struct rs_op rs_op_add_row = {.name = "add", .forward = forward, .backward = backward};

enum rs_status rs_op_add(struct rs_graph *graph, rs_node a, rs_node b, rs_node *out, struct rs_error *err)
{
    if (a >= graph->nodes || b >= graph->nodes || graph->node[a].columns == 0 ||
        graph->node[a].columns != graph->node[b].columns)
        return rs_fail(err, RS_PRESET, "add: its inputs must have the same number of columns");
    struct rs_node_state *node;
    enum rs_status status = rs_graph_add(graph, &rs_op_add_row, graph->node[a].columns, &node, out, err);
    if (status != RS_OK)
        return status;
    node->input[0] = a;
    node->input[1] = b;
    return RS_OK;
}
