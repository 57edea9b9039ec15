/* y = x w, between hidden layers. dx = dy w', dw = x' dy. A product is shared out in strips of its columns or rows,
 * each one call of the BLAS on one thread; the strips depend on the layers alone. */
#include "graph_internal.h"
#include "recscope/linalg/dense.h"

static enum rs_status forward_strip(struct rs_graph *graph, struct rs_node_state *node, size_t from, size_t n,
                                    struct rs_error *err)
{
    const struct rs_node_state *x = &graph->node[node->input[0]];
    const struct rs_parameter_info *w = &graph->parameter[node->parameter[0]];
    return rs_gemm(false, false, rs_graph_rows(graph), n, x->columns, x->value, x->ld, w->weight + from, w->ld, 0,
                   node->value + from, node->ld, err);
}

static enum rs_status forward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    return rs_graph_run_strips(graph, node, node->ld, forward_strip, err);
}

/* dx[:, from..] = dy w[from..]', dw[from..] = x[:, from..]' dy */
static enum rs_status backward_strip(struct rs_graph *graph, struct rs_node_state *node, size_t from, size_t n,
                                     struct rs_error *err)
{
    const struct rs_node_state *x = &graph->node[node->input[0]];
    const struct rs_parameter_info *w = &graph->parameter[node->parameter[0]];
    size_t rows = rs_graph_rows(graph);
    enum rs_status status = rs_gemm(false, true, rows, n, node->columns, node->gradient, node->ld,
                                    w->weight + from * w->ld, w->ld, 1, x->gradient + from, x->ld, err);
    if (status != RS_OK)
        return status;
    return rs_gemm(true, false, n, node->columns, rows, x->value + from, x->ld, node->gradient, node->ld, 1,
                   w->gradient + from * w->ld, w->ld, err);
}

static enum rs_status backward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    return rs_graph_run_strips(graph, node, graph->node[node->input[0]].columns, backward_strip, err);
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
