/* The decoder of an autoencoder at observed cells only (a sampled dense-dense product), with its masked squared error.
 *
 * Training: one visit of each weight row w[j]. For the cells (b, j): z = h[b] . w[j] + c[j], p = low + span f(z),
 * e = p - r, dz = 2 e span f'(z); dw[j] = sum of dz h[b], dc[j] = sum of dz, dh[b] += dz w[j]. The row's gradient is
 * complete when the visit ends, so the sink may change w[j] at once. dh is collected per block and added in block
 * order. Prediction: row by row of the batch, in order of its cells.
 * Source : Sedhain et al., WWW 2015, eq. 3 and 4. */
#include <string.h>

#include "graph_internal.h"
#include "recscope/base/memory.h"

/* The copies of dh are held to this many numbers, so that plain gradient descent over all rows fits. */
#define PARTIAL_MOST ((size_t)1 << 24)

struct job {
    struct rs_graph *graph;
    struct rs_node_state *node;
    const struct rs_node_state *h;
    const struct rs_batch *batch;
    rs_real span, low;
    size_t blocks;
    double loss[RS_BLOCKS];
};

/* The activation's range moved to the rating scale. tanh is moved from -1..1 to 0..1 first. */
static void scale_of(const struct rs_node_state *node, rs_real *low, rs_real *span)
{
    bool bounded = node->kind == RS_SIGMOID || node->kind == RS_TANH;
    *low = bounded ? node->low : 0;
    *span = bounded ? node->high - node->low : 1;
    if (node->kind == RS_TANH) {
        *span /= 2;
        *low += *span;
    }
}

static void predict_block(void *context, size_t block, size_t thread)
{
    (void)thread;
    const struct job *job = context;
    const struct rs_graph *graph = job->graph;
    const struct rs_parameter_info *w = &graph->parameter[job->node->parameter[0]];
    const rs_real *c = graph->parameter[job->node->parameter[1]].weight;
    size_t from;
    size_t to;
    rs_block_range(job->batch->rows, job->blocks, block, &from, &to);
    for (size_t b = from; b < to; b++) {
        size_t first = job->batch->offset[b];
        size_t count = job->batch->offset[b + 1] - first;
        rs_real *p = graph->prediction + first;
        const uint32_t *column = job->batch->column + first;
        graph->kernels->dots(p, job->h->value + b * job->h->ld, job->h->ld, w->weight, w->ld, column, count);
        for (size_t i = 0; i < count; i++)
            p[i] += c[column[i]];
        graph->kernels->activate(job->node->kind, p, count);
        for (size_t i = 0; i < count; i++)
            p[i] = job->low + job->span * p[i];
    }
}

static struct job make_job(struct rs_graph *graph, struct rs_node_state *node, uint32_t stream)
{
    struct job job = {
        .graph = graph,
        .node = node,
        .h = &graph->node[node->input[0]],
        .batch = &graph->stream[stream],
    };
    scale_of(node, &job.low, &job.span);
    return job;
}

static enum rs_status forward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)err;
    if (graph->training)
        return RS_OK; /* backward does both */
    struct job job = make_job(graph, node, node->asked);
    size_t rows = rs_graph_rows(graph);
    job.blocks = rows < 4 * RS_BLOCKS ? rows : 4 * RS_BLOCKS;
    rs_graph_run(graph, job.blocks, job.batch->cells * job.h->ld, predict_block, &job);
    return RS_OK;
}

/* Errors of up to PIECE cells of column t from `from` on: dz into dz[], squares into *loss. */
enum { PIECE = 256 };

static void cell_errors(const struct job *job, const rs_real *w, rs_real c, size_t from, size_t count,
                        rs_real dz[PIECE], double *loss)
{
    const struct rs_batch *batch = job->batch;
    const struct rs_kernels *kernels = job->graph->kernels;
    rs_real y[PIECE];
    kernels->dots(y, w, job->h->ld, job->h->value, job->h->ld, batch->touch_row + from, count);
    for (size_t i = 0; i < count; i++)
        y[i] += c;
    kernels->activate(job->node->kind, y, count);
    for (size_t i = 0; i < count; i++) {
        rs_real error = job->low + job->span * y[i] - batch->value[batch->touch_cell[from + i]];
        *loss += (double)error * (double)error;
        dz[i] = 2 * error * job->span;
    }
    kernels->slope(job->node->kind, dz, y, count);
}

static void visit_row(struct job *job, size_t block, uint32_t t, rs_real *dw, rs_real *dc)
{
    const struct rs_batch *batch = job->batch;
    const struct rs_kernels *kernels = job->graph->kernels;
    size_t ld = job->h->ld;
    const struct rs_parameter_info *info = &job->graph->parameter[job->node->parameter[0]];
    const rs_real *w = info->weight + batch->touch[t] * info->ld;
    rs_real c = job->graph->parameter[job->node->parameter[1]].weight[batch->touch[t]];
    rs_real *dh = job->node->partial + block * batch->rows * ld;
    for (size_t from = batch->touch_from[t]; from < batch->touch_from[t + 1]; from += PIECE) {
        rs_real dz[PIECE];
        size_t left = batch->touch_from[t + 1] - from;
        size_t count = left < PIECE ? left : PIECE;
        const uint32_t *row = batch->touch_row + from;
        cell_errors(job, w, c, from, count, dz, &job->loss[block]);
        kernels->weighted_sum(dw, ld, job->h->value, ld, row, dz, count);
        kernels->scatter_add(dh, ld, row, dz, count, w, ld);
        for (size_t i = 0; i < count; i++)
            *dc += dz[i];
    }
}

static void train_block(void *context, size_t block, size_t thread)
{
    struct job *job = context;
    const struct rs_batch *batch = job->batch;
    struct rs_graph *graph = job->graph;
    size_t ld = job->h->ld;
    memset(job->node->partial + block * batch->rows * ld, 0, batch->rows * ld * sizeof(rs_real));
    uint32_t from;
    uint32_t to;
    rs_touch_range(batch, job->blocks, block, &from, &to);
    for (uint32_t t = from; t < to; t++) {
        rs_real *dw = rs_graph_scratch(graph, thread, ld);
        rs_real dc = 0;
        visit_row(job, block, t, dw, &dc);
        size_t cells = batch->touch_from[t + 1] - batch->touch_from[t];
        rs_graph_row(graph, job->node->parameter[0], batch->touch[t], cells, dw);
        rs_graph_row(graph, job->node->parameter[1], batch->touch[t], cells, &dc);
    }
    if (!graph->step.every_row)
        return;
    rs_untouched_range(batch, job->blocks, block, &from, &to);
    for (uint32_t t = from; t < to; t++) {
        rs_real dc = 0;
        rs_graph_row(graph, job->node->parameter[0], batch->touch[t], 0, rs_graph_scratch(graph, thread, ld));
        rs_graph_row(graph, job->node->parameter[1], batch->touch[t], 0, &dc);
    }
}

/* dh = the blocks' parts, in block order, whichever thread adds them. */
static void add_block(void *context, size_t block, size_t thread)
{
    (void)thread;
    struct job *job = context;
    size_t ld = job->h->ld;
    size_t from;
    size_t to;
    rs_block_range(job->batch->rows, job->blocks, block, &from, &to);
    for (size_t i = 0; i < job->blocks; i++) {
        const rs_real *part = job->node->partial + (i * job->batch->rows + from) * ld;
        job->graph->kernels->axpy(job->h->gradient + from * ld, 1, part, (to - from) * ld);
    }
}

static enum rs_status backward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    struct job job = make_job(graph, node, node->stream);
    size_t size = job.batch->rows * job.h->ld;
    size_t fit = size > 0 ? PARTIAL_MOST / size : RS_BLOCKS; /* a batch may be empty */
    job.blocks = fit < 2 ? 2 : fit < RS_BLOCKS ? fit : RS_BLOCKS;
    if (!node->partial || node->partial_room < job.blocks * size) {
        rs_free(node->partial);
        node->partial_room = 0;
        enum rs_status status = rs_alloc(&node->partial, job.blocks * size, sizeof(rs_real), err);
        if (status != RS_OK)
            return status;
        node->partial_room = job.blocks * size;
    }
    size_t rows = graph->step.every_row ? job.batch->columns : 0;
    size_t work = (3 * job.batch->cells + rows) * job.h->ld;
    rs_graph_run(graph, job.blocks, work, train_block, &job);
    rs_graph_run(graph, job.blocks, work, add_block, &job);
    for (size_t i = 0; i < job.blocks; i++)
        graph->loss += job.loss[i];
    return RS_OK;
}

const struct rs_op rs_op_output_row = {.name = "output", .forward = forward, .backward = backward};

enum rs_status rs_op_output(struct rs_graph *graph, rs_node h, rs_parameter w, rs_parameter c, enum rs_activation kind,
                            rs_real low, rs_real high, uint32_t stream, uint32_t asked, struct rs_error *err)
{
    const struct rs_parameter_info *matrix = &graph->parameter[w];
    const struct rs_parameter_info *bias = &graph->parameter[c];
    if (h >= graph->nodes || graph->node[h].columns != matrix->columns || stream >= graph->streams ||
        asked >= graph->streams || matrix->rows != graph->stream[stream].columns ||
        matrix->rows != graph->stream[asked].columns || bias->rows != matrix->rows || bias->columns != 1)
        return rs_fail(err, RS_PRESET, "output: %s is %zu x %zu and %s %zu x %zu: they do not fit the layer before",
                       matrix->name, matrix->rows, matrix->columns, bias->name, bias->rows, bias->columns);
    struct rs_node_state *node;
    enum rs_status status = rs_graph_add(graph, &rs_op_output_row, 1, &node, NULL, err);
    if (status != RS_OK)
        return status;
    node->input[0] = h;
    node->parameter[0] = w;
    node->parameter[1] = c;
    node->kind = kind;
    node->low = low;
    node->high = high;
    node->stream = stream;
    node->asked = asked;
    graph->parameter[w].by_row = true;
    graph->parameter[c].by_row = true;
    graph->target_stream = stream;
    return RS_OK;
}
