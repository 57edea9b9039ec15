/* y = x * mask / (1 - p) on the observed cells of a sparse input (Srivastava et al., JMLR 2014, inverted). Without a
 * rate it is the identity: the input itself. There is nothing to learn before it, so backward is empty. */
#include <string.h>

#include "graph_internal.h"
#include "recscope/base/random.h"

static enum rs_status forward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)err;
    const struct rs_batch *batch = &graph->stream[node->stream];
    const struct rs_graph_step *step = &graph->step;
    if (batch->cells > 0)
        memcpy(node->value, batch->value, batch->cells * sizeof *node->value);
    if (!graph->training || step->input_dropout <= 0)
        return RS_OK;
    rs_real kept = 1 / (1 - step->input_dropout);
    for (uint32_t b = 0; b < batch->rows; b++) {
        uint64_t row = ((uint64_t)node->layer << 40) | b;
        struct rs_rng rng = rs_rng_at(step->seed, RS_DRAW_DROPOUT, step->epoch, step->step, row);
        for (size_t c = batch->offset[b]; c < batch->offset[b + 1]; c++)
            node->value[c] *= rs_rng_uniform(&rng) < (double)step->input_dropout ? 0 : kept;
    }
    return RS_OK;
}

static enum rs_status backward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)graph;
    (void)node;
    (void)err;
    return RS_OK;
}

const struct rs_op rs_op_cell_dropout_row = {.name = "cell_dropout", .forward = forward, .backward = backward};

enum rs_status rs_op_cell_dropout(struct rs_graph *graph, uint32_t stream, rs_node *out, struct rs_error *err)
{
    if (stream >= graph->streams)
        return rs_fail(err, RS_PRESET, "cell_dropout: there is no sparse input %u: there are %u", stream,
                       graph->streams);
    struct rs_node_state *node;
    enum rs_status status = rs_graph_add(graph, &rs_op_cell_dropout_row, 0, &node, out, err);
    if (status != RS_OK)
        return status;
    node->stream = stream;
    node->layer = graph->dropouts++;
    return RS_OK;
}
