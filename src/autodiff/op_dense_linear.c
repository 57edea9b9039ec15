/* y = x w, between hidden layers. dx = dy w', dw = x' dy. */
#include "graph_internal.h"
#include "recscope/linalg/dense.h"

static enum rs_status forward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    const struct rs_node_state *x = &graph->node[node->input[0]];
    const struct rs_parameter_info *w = &graph->parameter[node->parameter[0]];
    return rs_gemm(false, false, rs_graph_rows(graph), node->ld, x->columns, x->value, x->ld, w->weight, w->ld, 0,
                   node->value, node->ld, err);
}

static enum rs_status backward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    const struct rs_node_state *x = &graph->node[node->input[0]];
    const struct rs_parameter_info *w = &graph->parameter[node->parameter[0]];
    size_t rows = rs_graph_rows(graph);
    enum rs_status status = rs_gemm(false, true, rows, x->columns, node->columns, node->gradient, node->ld, w->weight,
                                    w->ld, 1, x->gradient, x->ld, err);
    if (status != RS_OK)
        return status;
    return rs_gemm(true, false, x->columns, node->columns, rows, x->value, x->ld, node->gradient, node->ld, 1,
                   w->gradient, w->ld, err);
}

const struct rs_op rs_op_dense_linear_row = {.name = "dense_linear", .forward = forward, .backward = backward};

enum rs_status rs_op_dense_linear(struct rs_graph *graph, rs_node x, rs_parameter w, rs_node *out, struct rs_error *err)
{
    const struct rs_parameter_info *info = &graph->parameter[w];
    if (x >= graph->nodes || graph->node[x].columns != info->rows)
        return rs_fail(err, RS_PRESET, "dense_linear: %s has %zu rows, its input does not have as many columns",
                       info->name, info->rows);
    struct rs_node_state *node;
    enum rs_status status = rs_graph_add(graph, &rs_op_dense_linear_row, info->columns, &node, out, err);
    if (status != RS_OK)
        return status;
    node->input[0] = x;
    node->parameter[0] = w;
    return RS_OK;
}
