/* DESIGN: nodes are made in an order of evaluation, so forward is a loop up the array and backward a loop down. The
 * loss operators at the end run forward and backward in one visit; `training` tells an operator which of the two
 * passes it serves. */
#include "graph_internal.h"

#include <string.h>

#include "recscope/base/memory.h"
#include "recscope/base/random.h"

const struct rs_op *const rs_op_table[] = {
#define OP(name) &rs_op_##name##_row,
#include "ops.def"
#undef OP
    NULL,
};

enum rs_status rs_graph_create(struct rs_graph **out, const uint32_t *stream_columns, size_t streams,
                               struct rs_pool *pool, struct rs_error *err)
{
    *out = NULL;
    struct rs_graph *graph;
    enum rs_status status = rs_alloc(&graph, 1, sizeof *graph, err);
    if (status != RS_OK)
        return status;
    graph->pool = pool;
    graph->kernels = rs_kernels_best();
    graph->target_stream = UINT32_MAX;
    if (streams > RS_GRAPH_STREAMS)
        status = rs_fail(err, RS_FAILED, "a graph has at most %d sparse inputs", RS_GRAPH_STREAMS);
    for (; status == RS_OK && graph->streams < streams; graph->streams++)
        status = rs_batch_init(&graph->stream[graph->streams], stream_columns[graph->streams], err);
    if (status != RS_OK) {
        rs_graph_free(graph);
        return status;
    }
    *out = graph;
    return RS_OK;
}

void rs_graph_free(struct rs_graph *graph)
{
    if (!graph)
        return;
    for (uint32_t i = 0; i < RS_GRAPH_STREAMS; i++)
        rs_batch_free(&graph->stream[i]);
    for (uint32_t i = 0; i < graph->nodes; i++) {
        rs_free(graph->node[i].value);
        rs_free(graph->node[i].gradient);
    }
    rs_free(graph->weights);
    rs_free(graph->gradients);
    rs_free(graph->prediction);
    rs_free(graph->scratch);
    rs_free(graph->partial);
    rs_free(graph->spread);
    rs_free(graph);
}

enum rs_status rs_graph_parameter(struct rs_graph *graph, const char *name, size_t rows, size_t columns, bool penalised,
                                  rs_parameter *out, struct rs_error *err)
{
    if (graph->parameters == RS_GRAPH_PARAMETERS)
        return rs_fail(err, RS_PRESET, "more than %d parameters: use fewer layers", RS_GRAPH_PARAMETERS);
    size_t ld = rs_padded(columns);
    if (rows == 0 || columns == 0 || rows > SIZE_MAX / sizeof(rs_real) / 8 / ld - graph->weights_count / ld)
        return rs_fail(err, RS_PRESET, "parameter %s of %zu x %zu: no machine holds it", name, rows, columns);
    struct rs_parameter_info *info = &graph->parameter[graph->parameters];
    size_t length = strlen(name);
    memcpy(info->name, name, length < sizeof info->name ? length : sizeof info->name - 1);
    info->rows = rows;
    info->columns = columns;
    info->ld = ld;
    info->penalised = penalised;
    /* Parameters start on a vector's boundary, whatever stands before them. */
    graph->weights_count += (rows * ld + RS_LANES - 1) / RS_LANES * RS_LANES;
    *out = graph->parameters++;
    return RS_OK;
}

enum rs_status rs_graph_add(struct rs_graph *graph, const struct rs_op *op, size_t columns, struct rs_node_state **node,
                            rs_node *number, struct rs_error *err)
{
    if (graph->nodes == RS_GRAPH_NODES)
        return rs_fail(err, RS_PRESET, "more than %d operators: use fewer layers", RS_GRAPH_NODES);
    *node = &graph->node[graph->nodes];
    **node = (struct rs_node_state){
        .op = op,
        .input = {RS_NO_NODE, RS_NO_NODE},
        .parameter = {UINT32_MAX, UINT32_MAX},
        .stream = UINT32_MAX,
        .columns = columns,
        .ld = rs_padded(columns),
    };
    if (number)
        *number = graph->nodes;
    graph->nodes++;
    return RS_OK;
}

static void count_uses(struct rs_graph *graph)
{
    for (uint32_t i = 0; i < graph->nodes; i++)
        for (int k = 0; k < RS_INPUTS; k++)
            if (graph->node[i].parameter[k] != UINT32_MAX)
                graph->parameter[graph->node[i].parameter[k]].uses++;
}

enum rs_status rs_graph_finish(struct rs_graph *graph, bool sinks, struct rs_error *err)
{
    count_uses(graph);
    enum rs_status status = rs_alloc(&graph->weights, graph->weights_count, sizeof(rs_real), err);
    size_t weights = 0;
    size_t gradients = 0;
    for (uint32_t i = 0; i < graph->parameters; i++) {
        struct rs_parameter_info *info = &graph->parameter[i];
        size_t size = (info->rows * info->ld + RS_LANES - 1) / RS_LANES * RS_LANES;
        if (status == RS_OK)
            info->weight = graph->weights + weights;
        weights += size;
        info->by_row = info->by_row && info->uses == 1;
        gradients += info->by_row && sinks ? 0 : size;
        graph->scratch_ld = info->ld > graph->scratch_ld ? info->ld : graph->scratch_ld;
    }
    graph->gradients_count = gradients;
    if (status == RS_OK)
        status = rs_alloc(&graph->gradients, gradients, sizeof(rs_real), err);
    if (status == RS_OK)
        status = rs_alloc(&graph->scratch, rs_pool_threads(graph->pool) * graph->scratch_ld, sizeof(rs_real), err);
    if (status != RS_OK)
        return status;
    gradients = 0;
    for (uint32_t i = 0; i < graph->parameters; i++) {
        struct rs_parameter_info *info = &graph->parameter[i];
        if (info->by_row && sinks)
            continue;
        info->gradient = graph->gradients + gradients;
        gradients += (info->rows * info->ld + RS_LANES - 1) / RS_LANES * RS_LANES;
    }
    return RS_OK;
}

struct rs_batch *rs_graph_stream(struct rs_graph *graph, uint32_t stream)
{
    return &graph->stream[stream];
}

void rs_graph_set_dense(struct rs_graph *graph, bool dense)
{
    graph->dense = dense;
}

bool rs_graph_is_dense(const struct rs_graph *graph)
{
    return graph->dense;
}

void rs_graph_set_sink(struct rs_graph *graph, rs_parameter parameter, struct rs_row_sink sink)
{
    graph->sink[parameter] = sink;
}

uint32_t rs_graph_rows(const struct rs_graph *graph)
{
    return graph->stream[0].rows;
}

static enum rs_status renew(rs_real **memory, size_t count, struct rs_error *err)
{
    rs_free(*memory);
    *memory = NULL;
    return rs_alloc(memory, count, sizeof(rs_real), err);
}

/* Values grow to the largest batch met; their contents need not survive. */
static enum rs_status make_room(struct rs_graph *graph, struct rs_error *err)
{
    enum rs_status status = RS_OK;
    uint32_t rows = rs_graph_rows(graph);
    size_t cells = 0;
    for (uint32_t i = 0; i < graph->streams; i++)
        cells = graph->stream[i].cells > cells ? graph->stream[i].cells : cells;
    /* An empty batch gets its (empty) rows too: memory functions do not take NULL, not even for no bytes. */
    bool more_rows = rows > graph->rows_room || graph->rows_room == 0;
    bool more_cells = cells > graph->cells_room || graph->cells_room == 0;
    if (more_cells)
        cells += cells / 4; /* batches of an autoencoder differ in their cells */
    for (uint32_t i = 0; i < graph->nodes && status == RS_OK; i++) {
        struct rs_node_state *node = &graph->node[i];
        bool of_cells = node->columns == 0;
        if (of_cells ? !more_cells : !more_rows)
            continue;
        size_t size = of_cells ? cells : rows * node->ld;
        status = renew(&node->value, size, err);
        if (status == RS_OK && !of_cells)
            status = renew(&node->gradient, size, err);
    }
    if (status == RS_OK && more_cells)
        status = renew(&graph->prediction, cells, err);
    if (status != RS_OK)
        return status;
    graph->rows_room = more_rows ? rows : graph->rows_room;
    graph->cells_room = more_cells ? cells : graph->cells_room;
    return RS_OK;
}

static enum rs_status forward(struct rs_graph *graph, struct rs_error *err)
{
    enum rs_status status = make_room(graph, err);
    for (uint32_t i = 0; i < graph->nodes && status == RS_OK; i++)
        if (graph->node[i].op->forward)
            status = graph->node[i].op->forward(graph, &graph->node[i], err);
    return status;
}

enum rs_status rs_graph_predict(struct rs_graph *graph, const rs_real **prediction, struct rs_error *err)
{
    graph->training = false;
    enum rs_status status = forward(graph, err);
    *prediction = graph->prediction;
    return status;
}

/* A row's gradient of the squared errors is complete: with the penalty's and the scale it is let go. */
static void complete_row(struct rs_graph *graph, rs_parameter parameter, size_t row, size_t cells, const rs_real *sum,
                         size_t n)
{
    const struct rs_parameter_info *info = &graph->parameter[parameter];
    const struct rs_graph_step *step = &graph->step;
    struct rs_row_gradient gradient = {
        .sum = sum,
        .scale = graph->scale,
        .decay = info->penalised ? step->l2 * (step->l2_scope == RS_L2_RATINGS ? (rs_real)cells : step->share) : 0,
    };
    const struct rs_row_sink *sink = &graph->sink[parameter];
    if (sink->row)
        sink->row(sink->context, row, &gradient, n);
    for (size_t k = 0; !sink->row && info->gradient && k < n; k++)
        info->gradient[row * info->ld + k] = rs_gradient_at(&gradient, info->weight + row * info->ld, k);
}

void rs_graph_row(struct rs_graph *graph, rs_parameter parameter, size_t row, size_t cells, const rs_real *gradient,
                  size_t n)
{
    const struct rs_parameter_info *info = &graph->parameter[parameter];
    if (info->by_row)
        complete_row(graph, parameter, row, cells, gradient, n);
    else if (gradient)
        graph->kernels->axpy(info->gradient + row * info->ld, 1, gradient, n);
}

struct block_rows {
    struct rs_graph *graph;
    rs_parameter parameter;
    size_t blocks;
};

static void hand_over_block(void *context, size_t block, size_t thread)
{
    (void)thread;
    const struct block_rows *job = context;
    struct rs_graph *graph = job->graph;
    const struct rs_parameter_info *info = &graph->parameter[job->parameter];
    size_t from;
    size_t to;
    rs_block_range(info->rows, job->blocks, block, &from, &to);
    for (size_t row = from; row < to; row++)
        complete_row(graph, job->parameter, row, graph->stream[graph->target_stream].cells,
                     info->gradient + row * info->ld, info->ld);
}

/* Parameters whose gradient was collected in the block: their rows are complete now. */
static void hand_over_blocks(struct rs_graph *graph)
{
    for (uint32_t i = 0; i < graph->parameters; i++) {
        const struct rs_parameter_info *info = &graph->parameter[i];
        struct block_rows job = {graph, i, info->rows < RS_BLOCKS ? info->rows : RS_BLOCKS};
        if (!info->by_row)
            rs_graph_run(graph, job.blocks, info->rows * info->ld, hand_over_block, &job);
    }
}

static void forget_gradient(struct rs_graph *graph, struct rs_node_state *node, size_t from, size_t to)
{
    (void)graph;
    memset(node->gradient + from * node->ld, 0, (to - from) * node->ld * sizeof(rs_real));
}

enum rs_status rs_graph_backward(struct rs_graph *graph, const struct rs_graph_step *step, double *loss,
                                 struct rs_error *err)
{
    size_t cells = graph->stream[graph->target_stream].cells;
    graph->step = *step;
    graph->scale = step->mean && cells > 0 ? 1 / (rs_real)cells : 1;
    graph->training = true;
    graph->loss = 0;
    enum rs_status status = forward(graph, err);
    if (status != RS_OK)
        return status;
    if (graph->gradients_count > 0)
        memset(graph->gradients, 0, graph->gradients_count * sizeof(rs_real));
    for (uint32_t i = 0; i < graph->nodes; i++)
        if (graph->node[i].columns > 0)
            rs_graph_run_rows(graph, &graph->node[i], forget_gradient);
    for (uint32_t i = graph->nodes; i > 0 && status == RS_OK; i--)
        status = graph->node[i - 1].op->backward(graph, &graph->node[i - 1], err);
    if (status != RS_OK)
        return status;
    hand_over_blocks(graph);
    *loss = graph->loss;
    return RS_OK;
}

rs_real *rs_graph_scratch(struct rs_graph *graph, size_t thread, size_t n)
{
    rs_real *scratch = graph->scratch + thread * graph->scratch_ld;
    memset(scratch, 0, n * sizeof *scratch);
    return scratch;
}

/* Handing work to threads costs some microseconds: less than this is done by the caller alone. */
#define WORK_WORTH_SHARING ((size_t)30000)

void rs_graph_run(struct rs_graph *graph, size_t blocks, size_t multiply_adds, rs_pool_work *work, void *context)
{
    rs_pool_run(multiply_adds < WORK_WORTH_SHARING ? NULL : graph->pool, blocks, work, context);
}

void rs_block_range(size_t units, size_t blocks, size_t block, size_t *from, size_t *to)
{
    *from = units / blocks * block + (block < units % blocks ? block : units % blocks);
    *to = *from + units / blocks + (block < units % blocks);
}

struct row_job {
    struct rs_graph *graph;
    struct rs_node_state *node;
    rs_row_work *work;
};

static void run_row_block(void *context, size_t block, size_t thread)
{
    (void)thread;
    const struct row_job *job = context;
    size_t from;
    size_t to;
    rs_block_range(rs_graph_rows(job->graph), RS_BLOCKS, block, &from, &to);
    if (from < to)
        job->work(job->graph, job->node, from, to);
}

void rs_graph_run_rows(struct rs_graph *graph, struct rs_node_state *node, rs_row_work *work)
{
    struct row_job job = {graph, node, work};
    rs_graph_run(graph, RS_BLOCKS, rs_graph_rows(graph) * node->ld, run_row_block, &job);
}

/* A strip has a number of columns for which the BLAS is still fast. */
#define STRIP ((size_t)64)

struct strip_job {
    struct rs_graph *graph;
    struct rs_node_state *node;
    rs_strip_work *work;
    size_t width, strips;
};

static enum rs_status run_strip(void *context, size_t block, size_t thread, struct rs_error *err)
{
    (void)thread;
    const struct strip_job *job = context;
    size_t from;
    size_t to;
    rs_block_range((job->width + STRIP - 1) / STRIP, job->strips, block, &from, &to);
    from *= STRIP;
    to = to * STRIP < job->width ? to * STRIP : job->width;
    return job->work(job->graph, job->node, from, to - from, err);
}

enum rs_status rs_graph_run_strips(struct rs_graph *graph, struct rs_node_state *node, size_t width,
                                   rs_strip_work *work, struct rs_error *err)
{
    size_t units = (width + STRIP - 1) / STRIP;
    struct strip_job job = {graph, node, work, width, units < RS_BLOCKS ? units : RS_BLOCKS};
    return rs_graph_try(graph, job.strips, rs_graph_rows(graph) * width * node->ld, run_strip, &job, err);
}

struct trial {
    rs_try_work *work;
    void *context;
    enum rs_status status[RS_BLOCKS];
    struct rs_error error[RS_BLOCKS];
};

static void try_block(void *context, size_t block, size_t thread)
{
    struct trial *trial = context;
    trial->status[block] = trial->work(trial->context, block, thread, &trial->error[block]);
}

enum rs_status rs_graph_try(struct rs_graph *graph, size_t blocks, size_t multiply_adds, rs_try_work *work,
                            void *context, struct rs_error *err)
{
    struct trial trial;
    trial.work = work;
    trial.context = context;
    rs_graph_run(graph, blocks, multiply_adds, try_block, &trial);
    for (size_t i = 0; i < blocks; i++) {
        if (trial.status[i] != RS_OK) {
            *err = trial.error[i];
            return trial.status[i];
        }
    }
    return RS_OK;
}

/* A visit costs as much as so many cells, besides its cells: the optimiser passes over the row. */
#define VISIT_COST 3

/* First visit that begins at or after so much work. */
static uint32_t visit_at(const struct rs_batch *batch, size_t work)
{
    uint32_t low = 0;
    uint32_t high = batch->visits;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (batch->visit_from[middle] + VISIT_COST * (size_t)middle < work)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void rs_visit_range(const struct rs_batch *batch, size_t blocks, size_t block, uint32_t *from, uint32_t *to)
{
    size_t work = batch->cells + VISIT_COST * (size_t)batch->visits;
    *from = visit_at(batch, work / blocks * block);
    *to = block + 1 == blocks ? batch->visits : visit_at(batch, work / blocks * (block + 1));
}

/* The parts are held to this many numbers, so that plain gradient descent over all rows fits; and where one part is
 * larger than a core's cache there are half as many, because then clearing and adding them costs most. */
#define PARTIAL_MOST  ((size_t)1 << 24)
#define PARTIAL_LARGE ((size_t)1 << 17)

enum rs_status rs_graph_partials(struct rs_graph *graph, size_t rows, size_t ld, size_t *blocks, struct rs_error *err)
{
    size_t size = rows * ld;
    size_t fit = size > 0 ? PARTIAL_MOST / size : *blocks; /* a batch may be empty */
    fit = size > PARTIAL_LARGE && fit > RS_PARTS / 2 ? RS_PARTS / 2 : fit;
    fit = fit < 2 ? 2 : fit;
    *blocks = fit < *blocks ? fit : *blocks;
    if (graph->partial && graph->partial_room >= *blocks * size)
        return RS_OK;
    graph->partial_room = 0;
    enum rs_status status = renew(&graph->partial, *blocks * size, err);
    graph->partial_room = status == RS_OK ? *blocks * size : 0;
    return status;
}

rs_real *rs_graph_partial(struct rs_graph *graph, size_t rows, size_t ld, size_t block)
{
    rs_real *partial = graph->partial + block * rows * ld;
    memset(partial, 0, rows * ld * sizeof *partial);
    return partial;
}

struct adding {
    struct rs_graph *graph;
    rs_real *out;
    size_t rows, ld, blocks;
};

static void add_rows(void *context, size_t block, size_t thread)
{
    (void)thread;
    const struct adding *job = context;
    size_t from;
    size_t to;
    rs_block_range(job->rows, job->blocks, block, &from, &to);
    for (size_t i = 0; i < job->blocks; i++)
        job->graph->kernels->axpy(job->out + from * job->ld, 1, job->graph->partial + (i * job->rows + from) * job->ld,
                                  (to - from) * job->ld);
}

void rs_graph_add_partials(struct rs_graph *graph, rs_real *out, size_t rows, size_t ld, size_t blocks)
{
    struct adding job = {graph, out, rows, ld, blocks};
    rs_graph_run(graph, blocks, blocks * rows * ld, add_rows, &job);
}

size_t rs_graph_parameters(const struct rs_graph *graph)
{
    return graph->parameters;
}

const struct rs_parameter_info *rs_graph_parameter_info(const struct rs_graph *graph, rs_parameter parameter)
{
    return &graph->parameter[parameter];
}

size_t rs_graph_nodes(const struct rs_graph *graph)
{
    return graph->nodes;
}

struct rs_node_info rs_graph_node_info(const struct rs_graph *graph, rs_node node)
{
    const struct rs_node_state *state = &graph->node[node];
    return (struct rs_node_info){state->op->name, state->columns, state->ld, state->kind, state->value};
}
