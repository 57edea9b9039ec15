/* y = x + c for every row of the batch. dc = sum over rows of dy. */
#include "graph_internal.h"

static enum rs_status forward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)err;
    const rs_real *x = graph->node[node->input[0]].value;
    const rs_real *c = graph->parameter[node->parameter[0]].weight;
    for (size_t b = 0; b < rs_graph_rows(graph); b++)
        for (size_t k = 0; k < node->ld; k++)
            node->value[b * node->ld + k] = x[b * node->ld + k] + c[k];
    return RS_OK;
}

static enum rs_status backward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)err;
    rs_real *x = graph->node[node->input[0]].gradient;
    rs_real *c = graph->parameter[node->parameter[0]].gradient;
    for (size_t b = 0; b < rs_graph_rows(graph); b++) {
        const rs_real *dy = node->gradient + b * node->ld;
        graph->kernels->axpy(x + b * node->ld, 1, dy, node->ld);
        graph->kernels->axpy(c, 1, dy, node->ld);
    }
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
