/* The decoder of an autoencoder at observed cells only (a sampled dense-dense product), with its masked squared error.
 *
 * Training: one visit of each weight row w[j]. For the cells (b, j): z = h[b] . w[j] + c[j], p = low + span f(z),
 * e = p - r, dz = 2 e span f'(z); dw[j] = sum of dz h[b], dc[j] = sum of dz, dh[b] += dz w[j]. The row's gradient is
 * complete when the visit ends, so the sink may change w[j] at once. dh is collected per block and added in block
 * order. Prediction walks through the same rows.
 * Source : Sedhain et al., WWW 2015, eq. 3 and 4. */
#include <string.h>

#include "graph_internal.h"
#include "recscope/linalg/dense.h"

struct job {
    struct rs_graph *graph;
    struct rs_node_state *node;
    const struct rs_node_state *h;
    const struct rs_batch *batch;
    rs_real span, low;
    size_t blocks;
    double loss[RS_PARTS];
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

static struct job make_job(struct rs_graph *graph, struct rs_node_state *node, uint32_t stream)
{
    struct job job = {
        .graph = graph,
        .node = node,
        .h = &graph->node[node->input[0]],
        .batch = &graph->stream[stream],
        .blocks = RS_PARTS,
    };
    scale_of(node, &job.low, &job.span);
    return job;
}

/* Cells of a visit are taken in pieces. */
enum { PIECE = 256 };

static size_t piece(const struct rs_batch *batch, uint32_t visit, size_t from)
{
    size_t left = batch->visit_from[visit + 1] - from;
    return left < PIECE ? left : PIECE;
}

/* y = h[b] . w[j] for cells of one visit. */
static void cell_products(const struct job *job, uint32_t visit, size_t from, size_t count, rs_real y[PIECE])
{
    const struct rs_graph *graph = job->graph;
    const struct rs_parameter_info *w = &graph->parameter[job->node->parameter[0]];
    graph->kernels->dots(y, w->weight + job->batch->visit[visit] * w->ld, w->ld, job->h->value, w->ld,
                         job->batch->visit_row + from, count);
}

/* y = f(y + c[j]) */
static void cell_values(const struct job *job, uint32_t visit, size_t count, rs_real y[PIECE])
{
    const struct rs_graph *graph = job->graph;
    rs_real c = graph->parameter[job->node->parameter[1]].weight[job->batch->visit[visit]];
    for (size_t i = 0; i < count; i++)
        y[i] += c;
    graph->kernels->activate(job->node->kind, y, count);
}

static void predict_block(void *context, size_t block, size_t thread)
{
    (void)thread;
    const struct job *job = context;
    const struct rs_batch *batch = job->batch;
    uint32_t visit;
    uint32_t to;
    for (rs_visit_range(batch, job->blocks, block, &visit, &to); visit < to; visit++) {
        size_t count;
        for (size_t from = batch->visit_from[visit]; from < batch->visit_from[visit + 1]; from += count) {
            rs_real y[PIECE];
            count = piece(batch, visit, from);
            cell_products(job, visit, from, count, y);
            cell_values(job, visit, count, y);
            for (size_t i = 0; i < count; i++)
                job->graph->prediction[batch->visit_cell[from + i]] = job->low + job->span * y[i];
        }
    }
}

static enum rs_status forward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    (void)err;
    if (graph->training)
        return RS_OK; /* backward does both */
    struct job job = make_job(graph, node, node->asked);
    rs_graph_run(graph, job.blocks, job.batch->cells * job.h->ld, predict_block, &job);
    return RS_OK;
}

/* The loss by the products y of cells of one visit: dz into dz[], squares into *loss; returns the sum of dz. */
static rs_real cell_errors(const struct job *job, uint32_t visit, size_t from, size_t count, rs_real y[PIECE],
                           rs_real dz[PIECE], double *loss)
{
    const struct rs_batch *batch = job->batch;
    rs_real sum = 0;
    cell_values(job, visit, count, y);
    for (size_t i = 0; i < count; i++) {
        rs_real error = job->low + job->span * y[i] - batch->value[batch->visit_cell[from + i]];
        *loss += (double)error * (double)error;
        dz[i] = 2 * error * job->span;
    }
    job->graph->kernels->slope(job->node->kind, dz, y, count);
    for (size_t i = 0; i < count; i++)
        sum += dz[i];
    return sum;
}

/* dw and dh of one visit; returns dc. */
static rs_real visit_row(struct job *job, size_t block, uint32_t visit, rs_real *dw, rs_real *dh)
{
    const struct rs_batch *batch = job->batch;
    const struct rs_parameter_info *w = &job->graph->parameter[job->node->parameter[0]];
    rs_real dc = 0;
    size_t count;
    for (size_t from = batch->visit_from[visit]; from < batch->visit_from[visit + 1]; from += count) {
        rs_real y[PIECE];
        rs_real dz[PIECE];
        count = piece(batch, visit, from);
        cell_products(job, visit, from, count, y);
        dc += cell_errors(job, visit, from, count, y, dz, &job->loss[block]);
        job->graph->kernels->outer(dw, dh, w->weight + batch->visit[visit] * w->ld, w->ld, job->h->value, w->ld,
                                   batch->visit_row + from, dz, count);
    }
    return dc;
}

/* The same of one column whose products stand in a spread; dz goes into its cells. */
static rs_real spread_errors(struct job *job, size_t block, uint32_t column, uint32_t first,
                             const struct rs_spread *spread)
{
    const struct rs_batch *batch = job->batch;
    size_t at = column - first;
    rs_real dc = 0;
    size_t count;
    for (size_t from = batch->visit_from[column]; from < batch->visit_from[column + 1]; from += count) {
        rs_real y[PIECE];
        rs_real dz[PIECE];
        const uint32_t *row = batch->visit_row + from;
        count = piece(batch, column, from);
        for (size_t i = 0; i < count; i++)
            y[i] = spread->products[row[i] * RS_SPREAD + at];
        dc += cell_errors(job, column, from, count, y, dz, &job->loss[block]);
        for (size_t i = 0; i < count; i++)
            spread->cells[row[i] * RS_SPREAD + at] += dz[i];
    }
    return dc;
}

/* Biases of neighbours are handed over together: alone, one number is more trouble than a row. */
struct neighbours {
    rs_real dc[PIECE];
    uint32_t first;
    size_t count;
};

static void hand_over(const struct job *job, struct neighbours *biases)
{
    if (biases->count > 0) /* biases carry no penalty, so that it does not matter whose cells they are */
        rs_graph_row(job->graph, job->node->parameter[1], biases->first, 0, biases->dc, biases->count);
    biases->count = 0;
}

static void add_bias(const struct job *job, struct neighbours *biases, uint32_t column, rs_real dc)
{
    if (biases->count == PIECE || (biases->count > 0 && biases->first + biases->count != column))
        hand_over(job, biases);
    if (biases->count == 0)
        biases->first = column;
    biases->dc[biases->count++] = dc;
}

static void train_block(void *context, size_t block, size_t thread)
{
    struct job *job = context;
    const struct rs_batch *batch = job->batch;
    struct rs_graph *graph = job->graph;
    size_t ld = job->h->ld;
    rs_real *dh = rs_graph_partial(graph, batch->rows, ld, block);
    struct neighbours biases = {.count = 0};
    uint32_t visit;
    uint32_t to;
    for (rs_visit_range(batch, job->blocks, block, &visit, &to); visit < to; visit++) {
        size_t cells = batch->visit_from[visit + 1] - batch->visit_from[visit];
        rs_real *dw = cells > 0 ? rs_graph_scratch(graph, thread, ld) : NULL;
        rs_real dc = visit_row(job, block, visit, dw, dh);
        rs_graph_row(graph, job->node->parameter[0], batch->visit[visit], cells, dw, ld);
        add_bias(job, &biases, batch->visit[visit], dc);
    }
    hand_over(job, &biases);
}

/* Some columns by dense products: Z = h w', their errors D, dw = D' h, dh += D w; then the rows are let go. */
static enum rs_status train_spread(struct job *job, size_t block, const struct rs_spread *spread, uint32_t from,
                                   uint32_t to, rs_real *dh, struct neighbours *biases, struct rs_error *err)
{
    const struct rs_batch *batch = job->batch;
    const struct rs_parameter_info *info = &job->graph->parameter[job->node->parameter[0]];
    const rs_real *w = info->weight + from * info->ld;
    size_t ld = info->ld;
    enum rs_status status =
        rs_gemm(false, true, batch->rows, to - from, ld, job->h->value, ld, w, ld, 0, spread->products, RS_SPREAD, err);
    if (status != RS_OK)
        return status;
    memset(spread->cells, 0, batch->rows * RS_SPREAD * sizeof *spread->cells);
    for (uint32_t column = from; column < to; column++) {
        rs_real dc = spread_errors(job, block, column, from, spread);
        if (batch->visit_from[column + 1] > batch->visit_from[column] || job->graph->step.every_row)
            add_bias(job, biases, column, dc);
    }
    status = rs_gemm(true, false, to - from, ld, batch->rows, spread->cells, RS_SPREAD, job->h->value, ld, 0,
                     spread->gradient, ld, err);
    if (status == RS_OK)
        status = rs_gemm(false, false, batch->rows, ld, to - from, spread->cells, RS_SPREAD, w, ld, 1, dh, ld, err);
    if (status == RS_OK)
        rs_spread_rows(job->graph, job->node->parameter[0], batch, spread, from, to, ld);
    return status;
}

static enum rs_status dense_train_block(void *context, size_t block, size_t thread, struct rs_error *err)
{
    struct job *job = context;
    const struct rs_batch *batch = job->batch;
    struct rs_spread spread = rs_graph_spread(job->graph, thread, batch->rows);
    rs_real *dh = rs_graph_partial(job->graph, batch->rows, job->h->ld, block);
    struct neighbours biases = {.count = 0};
    uint32_t from;
    uint32_t end;
    enum rs_status status = RS_OK;
    for (rs_spread_range(batch, job->blocks, block, &from, &end); from < end && status == RS_OK; from += RS_SPREAD) {
        uint32_t to = end - from < RS_SPREAD ? end : from + RS_SPREAD;
        status = train_spread(job, block, &spread, from, to, dh, &biases, err);
    }
    hand_over(job, &biases);
    return status;
}

static enum rs_status backward(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err)
{
    struct job job = make_job(graph, node, node->stream);
    size_t work = (3 * job.batch->cells + job.batch->visits) * job.h->ld;
    enum rs_status status = rs_graph_partials(graph, job.batch->rows, job.h->ld, &job.blocks, err);
    if (status == RS_OK && graph->dense)
        status = rs_graph_spread_room(graph, job.batch->rows, job.h->ld, err);
    if (status == RS_OK && graph->dense)
        status = rs_graph_try(graph, job.blocks, work, dense_train_block, &job, err);
    if (status != RS_OK)
        return status;
    if (!graph->dense)
        rs_graph_run(graph, job.blocks, work, train_block, &job);
    rs_graph_add_partials(graph, job.h->gradient, job.batch->rows, job.h->ld, job.blocks);
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
