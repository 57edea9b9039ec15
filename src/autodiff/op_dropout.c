/* Inverted dropout on a hidden layer (Srivastava et al., JMLR 2014): the mask of a row is a function of seed, epoch,
 * step and row, so it is drawn again in backward instead of being kept. */
#include <string.h>

#include "graph_internal.h"
#include "recscope/base/random.h"

/* Multiply rows by their masks. */
static void mask_rows(const struct rs_graph *graph, const struct rs_node_state *node, rs_real *x, size_t from,
                      size_t to)
{
    const struct rs_graph_step *step = &graph->step;
    if (!graph->training || step->dropout <= 0)
        return;
    rs_real kept = 1 / (1 - step->dropout);
    for (size_t b = from; b < to; b++) {
        uint64_t row = ((uint64_t)node->layer << 40) | b;
        struct rs_rng rng = rs_rng_at(step->seed, RS_DRAW_DROPOUT, step->epoch, step->step, row);
        for (size_t k = 0; k < node->columns; k++)
            x[b * node->ld + k] *= rs_rng_uniform(&rng) < (double)step->dropout ? 0 : kept;
    }
}

static void forward_rows(struct rs_graph *graph, struct rs_node_state *node, size_t from, size_t to)
{
    const rs_real *x = graph->node[node->input[0]].value;
    memcpy(node->value + from * node->ld, x + from * node->ld, (to - from) * node->ld * sizeof *x);
    mask_rows(graph, node, node->value, from, to);
}

static void backward_rows(struct rs_graph *graph, struct rs_node_state *node, size_t from, size_t to)
{
    rs_real *dx = graph->node[node->input[0]].gradient;
    mask_rows(graph, node, node->gradient, from, to);
    graph->kernels->axpy(dx + from * node->ld, 1, node->gradient + from * node->ld, (to - from) * node->ld);
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

const struct rs_op rs_op_dropout_row = {.name = "dropout", .forward = forward, .backward = backward};

enum rs_status rs_op_dropout(struct rs_graph *graph, rs_node x, rs_node *out, struct rs_error *err)
{
    if (x >= graph->nodes || graph->node[x].columns < 2)
        return rs_fail(err, RS_PRESET, "dropout: its input must be a layer of at least 2 units");
    struct rs_node_state *node;
    enum rs_status status = rs_graph_add(graph, &rs_op_dropout_row, graph->node[x].columns, &node, out, err);
    if (status != RS_OK)
        return status;
    node->input[0] = x;
    node->layer = graph->dropouts++;
    return RS_OK;
}
