/* Every operator's backward pass against central differences, in double precision.
 *
 * A case is a small graph, a batch and a step's settings. The objective is computed from the forward pass and from the
 * penalty written again here; every single weight is moved to and fro. The same graph with sinks must hand over the
 * same rows, each once. A last test asks that every operator of the table stood in some case. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/autodiff/graph_internal.h"
#include "recscope/base/random.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

#define MOVE      1e-5 /* central differences: truncation about 1e-10, rounding about 1e-10 */
#define TOLERANCE 1e-7

enum batch { USUAL, SHORT, LONG }; /* LONG: columns of more cells than the operators take at a time */

struct variant {
    const char *name;
    void (*build)(struct rs_graph *graph, const struct variant *v);
    size_t k, m; /* widths of layers */
    struct rs_graph_step step;
    enum batch batch;
    enum rs_activation hidden, output;
    bool dense;
};

/* What the cases of one program share: which operators they had. */
struct seen {
    bool op[64];
};

/* ---- graphs ---- */

/* Streams: two of indices or cells, one of targets. USERS = ITEMS so that one parameter fits both. */
enum { FIRST, SECOND, TARGET, STREAMS };
enum { COLUMNS = 6 };

static void must(enum rs_status status, const struct rs_error *err)
{
    if (status != RS_OK)
        fail_msg("%s", err->message);
}

static rs_parameter parameter(struct rs_graph *graph, const char *name, size_t rows, size_t columns, bool penalised)
{
    struct rs_error err;
    rs_parameter out;
    must(rs_graph_parameter(graph, name, rows, columns, penalised, &out, &err), &err);
    return out;
}

/* A node by one of the operators; the arguments before out. */
#define NODE(out, op, ...)                                                                                             \
    do {                                                                                                               \
        struct rs_error err_;                                                                                          \
        must(rs_op_##op(graph, __VA_ARGS__, &(out), &err_), &err_);                                                    \
    } while (0)

static void squared_error(struct rs_graph *graph, rs_node x)
{
    struct rs_error err;
    must(rs_op_squared_error(graph, x, TARGET, 0.75, &err), &err);
}

static void output(struct rs_graph *graph, rs_node h, rs_parameter w, rs_parameter c, const struct variant *v)
{
    struct rs_error err;
    must(rs_op_output(graph, h, w, c, v->output, 0.5, 5, FIRST, SECOND, &err), &err);
}

/* P[first] and Q[second]. */
static void factors(struct rs_graph *graph, const struct variant *v, rs_node *p, rs_node *q)
{
    rs_parameter users = parameter(graph, "P", COLUMNS, v->k, true);
    rs_parameter items = parameter(graph, "Q", COLUMNS, v->k, true);
    NODE(*p, gather, FIRST, users);
    NODE(*q, gather, SECOND, items);
}

static void build_dot(struct rs_graph *graph, const struct variant *v)
{
    rs_node p;
    rs_node q;
    rs_node dot;
    factors(graph, v, &p, &q);
    NODE(dot, row_dot, p, q);
    squared_error(graph, dot);
}

static void build_dot_swapped(struct rs_graph *graph, const struct variant *v)
{
    rs_node p;
    rs_node q;
    rs_node dot;
    factors(graph, v, &p, &q);
    NODE(dot, row_dot, q, p);
    squared_error(graph, dot);
}

/* (p . p) + (q . p): a node that is both arguments, and is used by two operators. */
static void build_dot_with_itself(struct rs_graph *graph, const struct variant *v)
{
    rs_node p;
    rs_node q;
    rs_node same;
    rs_node dot;
    rs_node sum;
    factors(graph, v, &p, &q);
    NODE(same, row_dot, p, p);
    NODE(dot, row_dot, q, p);
    NODE(sum, add, same, dot);
    squared_error(graph, sum);
}

/* One parameter read by two operators through two streams: rows meet in the gradient block. */
static void build_shared_factors(struct rs_graph *graph, const struct variant *v)
{
    rs_parameter both = parameter(graph, "P", COLUMNS, v->k, true);
    rs_node p;
    rs_node q;
    rs_node dot;
    NODE(p, gather, FIRST, both);
    NODE(q, gather, SECOND, both);
    NODE(dot, row_dot, p, q);
    squared_error(graph, dot);
}

/* mean + b_u + b_i + p . q, with the sums in both orders. */
static void build_biases(struct rs_graph *graph, const struct variant *v)
{
    rs_node p;
    rs_node q;
    rs_node sum;
    rs_node of_user;
    rs_node of_item;
    factors(graph, v, &p, &q);
    rs_parameter user_bias = parameter(graph, "b_u", COLUMNS, 1, true);
    rs_parameter item_bias = parameter(graph, "b_i", COLUMNS, 1, false);
    NODE(sum, row_dot, p, q);
    NODE(of_user, gather, FIRST, user_bias);
    NODE(of_item, gather, SECOND, item_bias);
    NODE(sum, add, sum, of_user);
    NODE(sum, add, of_item, sum);
    NODE(sum, add, sum, sum);
    squared_error(graph, sum);
}

/* Both arguments of the dot through layers of their own; one dense weight and one bias are used twice. */
static void build_layers(struct rs_graph *graph, const struct variant *v)
{
    rs_node p;
    rs_node q;
    rs_node dot;
    factors(graph, v, &p, &q);
    rs_parameter square = parameter(graph, "square", v->k, v->k, true);
    rs_parameter narrow = parameter(graph, "narrow", v->k, v->m, true);
    rs_parameter wide_bias = parameter(graph, "wide_bias", 1, v->k, false);
    rs_parameter narrow_bias = parameter(graph, "narrow_bias", 1, v->m, true);
    NODE(p, dense_linear, p, square);
    NODE(p, bias, p, wide_bias);
    NODE(p, activate, p, v->hidden);
    NODE(p, dense_linear, p, square);
    NODE(p, bias, p, wide_bias);
    NODE(p, activate, p, v->hidden);
    if (v->k > 1)
        NODE(p, dropout, p);
    NODE(p, dense_linear, p, narrow);
    NODE(p, bias, p, narrow_bias);
    NODE(q, dense_linear, q, narrow);
    NODE(q, activate, q, v->hidden);
    NODE(dot, row_dot, p, q);
    squared_error(graph, dot);
}

/* V over the cells, mu, g, dropout, W and c. */
static void build_autoencoder(struct rs_graph *graph, const struct variant *v)
{
    rs_parameter into = parameter(graph, "V", COLUMNS, v->k, true);
    rs_parameter bias = parameter(graph, "mu", 1, v->k, false);
    rs_parameter out = parameter(graph, "W", COLUMNS, v->k, true);
    rs_parameter out_bias = parameter(graph, "b", COLUMNS, 1, false);
    rs_node h;
    NODE(h, cell_dropout, FIRST);
    NODE(h, sparse_linear, h, into);
    NODE(h, bias, h, bias);
    NODE(h, activate, h, v->hidden);
    if (v->k > 1)
        NODE(h, dropout, h);
    output(graph, h, out, out_bias, v);
}

/* Two hidden layers, with a path round the second. */
static void build_deep(struct rs_graph *graph, const struct variant *v)
{
    rs_parameter into = parameter(graph, "V", COLUMNS, v->k, true);
    rs_parameter hidden = parameter(graph, "hidden", v->k, v->m, true);
    rs_parameter round = parameter(graph, "round", v->k, v->m, false);
    rs_parameter bias = parameter(graph, "hidden_bias", 1, v->m, true);
    rs_parameter out = parameter(graph, "W", COLUMNS, v->m, true);
    rs_parameter out_bias = parameter(graph, "b", COLUMNS, 1, true);
    rs_node h;
    rs_node other;
    NODE(h, cell_dropout, FIRST);
    NODE(h, sparse_linear, h, into);
    NODE(h, activate, h, v->hidden);
    NODE(h, dropout, h);
    NODE(other, dense_linear, h, round);
    NODE(h, dense_linear, h, hidden);
    NODE(h, bias, h, bias);
    NODE(h, activate, h, v->hidden);
    NODE(h, dropout, h);
    NODE(h, add, other, h);
    output(graph, h, out, out_bias, v);
}

/* Tied weights: W is V, read by the first layer twice and by the last. */
static void build_tied(struct rs_graph *graph, const struct variant *v)
{
    rs_parameter tied = parameter(graph, "V", COLUMNS, v->k, true);
    rs_parameter out_bias = parameter(graph, "b", COLUMNS, 1, false);
    rs_node cells;
    rs_node other;
    rs_node h;
    NODE(cells, cell_dropout, FIRST);
    NODE(other, cell_dropout, FIRST);
    NODE(h, sparse_linear, cells, tied);
    NODE(other, sparse_linear, other, tied);
    NODE(h, activate, h, v->hidden);
    NODE(h, add, h, other);
    output(graph, h, tied, out_bias, v);
}

/* ---- batches ---- */

static struct rs_rng draw(uint64_t row)
{
    return rs_rng_at(1, RS_DRAW_TEST, 0, 0, row);
}

/* One cell a row: columns 0..4, so that the last one has none. */
static void fill_indices(struct rs_batch *batch, uint64_t number, size_t rows, bool every)
{
    uint32_t column[512];
    float value[512];
    struct rs_error err;
    struct rs_rng rng = draw(number);
    for (size_t i = 0; i < rows; i++) {
        column[i] = batch->columns == 1 ? 0 : (uint32_t)rs_rng_below(&rng, COLUMNS - 1);
        value[i] = (float)(1 + 4 * rs_rng_uniform(&rng));
    }
    must(rs_batch_set_ones(batch, column, batch->columns == 1 ? value : NULL, rows, &err), &err);
    if (batch->columns > 1)
        must(rs_batch_close(batch, every, &err), &err);
}

/* Rows of 0 to 5 cells; row 1 has none, and column COLUMNS - 1 has none. */
static void fill_cells(struct rs_batch *batch, size_t rows, bool every)
{
    struct rs_error err;
    struct rs_rng rng = draw(rows);
    rs_batch_clear(batch);
    for (size_t b = 0; b < rows; b++) {
        uint32_t column[COLUMNS];
        float value[COLUMNS];
        size_t count = 0;
        for (uint32_t c = 0; c < COLUMNS - 1 && b != 1; c++) {
            if (rs_rng_uniform(&rng) < 0.3)
                continue;
            column[count] = c;
            value[count++] = (float)(1 + 4 * rs_rng_uniform(&rng));
        }
        must(rs_batch_add_row(batch, column, value, count, &err), &err);
    }
    must(rs_batch_close(batch, every, &err), &err);
}

static bool of_cells(const struct variant *v)
{
    return v->build == build_autoencoder || v->build == build_deep || v->build == build_tied;
}

static void fill(struct rs_graph *graph, const struct variant *v, enum batch batch)
{
    size_t rows = batch == LONG ? 400 : batch == SHORT ? 2 : 9;
    if (of_cells(v)) {
        fill_cells(rs_graph_stream(graph, FIRST), rows, v->step.every_row || v->dense);
        rs_batch_clear(rs_graph_stream(graph, SECOND));
        return;
    }
    for (uint32_t stream = FIRST; stream < STREAMS; stream++)
        fill_indices(rs_graph_stream(graph, stream), stream + 10, rows, v->step.every_row);
}

/* ---- the objective ---- */

/* Cells of the batch that use a row of a parameter; those of the target where it is no parameter of columns. */
static size_t cells_of_row(const struct rs_graph *graph, rs_parameter p, uint32_t row)
{
    const struct rs_batch *batch = &graph->stream[graph->target_stream];
    if (!graph->parameter[p].by_row)
        return batch->cells;
    for (uint32_t i = 0; i < graph->nodes; i++) {
        const struct rs_node_state *node = &graph->node[i];
        if (node->parameter[0] != p && node->parameter[1] != p)
            continue;
        batch = &graph->stream[node->stream != UINT32_MAX ? node->stream : graph->node[node->input[0]].stream];
    }
    size_t count = 0;
    for (size_t c = 0; c < batch->cells; c++)
        count += batch->column[c] == row;
    return count;
}

static double penalty(const struct rs_graph *graph, const struct rs_graph_step *step)
{
    double sum = 0;
    for (rs_parameter p = 0; p < graph->parameters; p++) {
        const struct rs_parameter_info *info = &graph->parameter[p];
        for (uint32_t row = 0; row < info->rows && info->penalised; row++) {
            size_t cells = cells_of_row(graph, p, row);
            double times = step->l2_scope == RS_L2_RATINGS ? (double)cells : step->share;
            if (cells == 0 && !step->every_row)
                continue;
            for (size_t k = 0; k < info->columns; k++)
                sum += step->l2 / 2 * times * info->weight[row * info->ld + k] * info->weight[row * info->ld + k];
        }
    }
    return sum;
}

static double objective(struct rs_graph *graph, const struct rs_graph_step *step)
{
    struct rs_error err;
    double loss;
    must(rs_graph_backward(graph, step, &loss, &err), &err);
    loss += penalty(graph, step);
    return step->mean ? loss / (double)graph->stream[graph->target_stream].cells : loss;
}

/* ---- the check ---- */

static struct rs_graph *make(const struct variant *v, bool sinks)
{
    struct rs_error err;
    struct rs_graph *graph;
    uint32_t columns[STREAMS] = {COLUMNS, COLUMNS, 1};
    must(rs_graph_create(&graph, columns, STREAMS, NULL, &err), &err);
    v->build(graph, v);
    must(rs_graph_finish(graph, sinks, &err), &err);
    rs_graph_set_dense(graph, v->dense);
    for (rs_parameter p = 0; p < graph->parameters; p++)
        rs_graph_draw(graph, p, 5, 0.4);
    return graph;
}

/* One weight to and fro; J is a smooth function of it but for relu, whose kinks the drawn weights keep clear of. */
static double difference(struct rs_graph *graph, const struct rs_graph_step *step, double *weight)
{
    double kept = *weight;
    *weight = kept + MOVE;
    double above = objective(graph, step);
    *weight = kept - MOVE;
    double below = objective(graph, step);
    *weight = kept;
    return (above - below) / (2 * MOVE);
}

static void check_parameter(const struct variant *v, struct rs_graph *graph, rs_parameter p, const double *gradient)
{
    const struct rs_parameter_info *info = &graph->parameter[p];
    double largest = 0;
    for (size_t row = 0; row < info->rows; row++) {
        for (size_t k = 0; k < info->columns; k++) {
            double found = gradient[row * info->ld + k];
            double wanted = difference(graph, &v->step, &info->weight[row * info->ld + k]);
            if (!(fabs(found - wanted) <= TOLERANCE * fmax(1, fabs(wanted))))
                fail_msg("%s, %s[%zu][%zu]: gradient %.12g, by differences %.12g", v->name, info->name, row, k, found,
                         wanted);
            largest = fmax(largest, fabs(found));
        }
        for (size_t k = info->columns; k < info->ld; k++)
            if (gradient[row * info->ld + k] != 0)
                fail_msg("%s, %s: the padding of row %zu has a gradient", v->name, info->name, row);
    }
    if (!(largest > 1e-3))
        fail_msg("%s, %s: a gradient of zeros tells nothing", v->name, info->name);
}

/* ---- sinks ---- */

struct store {
    const struct rs_parameter_info *info;
    double *gradient; /* (rows, ld) */
    unsigned *times;  /* (rows) */
};

static void store_row(void *context, size_t first, const struct rs_row_gradient *gradient, size_t n)
{
    struct store *store = context;
    size_t ld = store->info->ld;
    assert_true(ld == 1 ? n > 0 : n == ld);
    assert_true(first + n / ld <= store->info->rows);
    for (size_t row = 0; row < n / ld; row++)
        store->times[first + row]++;
    for (size_t k = 0; k < n; k++)
        store->gradient[first * ld + k] = rs_gradient_at(gradient, store->info->weight + first * ld, k);
}

/* The rows of the graph with sinks are bit for bit those of the graph without. */
static void check_sinks(const struct variant *v, const struct rs_graph *blocks)
{
    struct rs_graph *graph = make(v, true);
    struct store store[RS_GRAPH_PARAMETERS] = {{0}};
    const rs_parameter count = graph->parameters;
    for (rs_parameter p = 0; p < count; p++) {
        const struct rs_parameter_info *info = &graph->parameter[p];
        store[p].info = info;
        store[p].gradient = calloc(info->rows * info->ld, sizeof(double));
        store[p].times = calloc(info->rows, sizeof(unsigned));
        assert_true(store[p].gradient && store[p].times);
        rs_graph_set_sink(graph, p, (struct rs_row_sink){store_row, &store[p]});
    }
    fill(graph, v, v->batch);
    objective(graph, &v->step);
    for (rs_parameter p = 0; p < count; p++) {
        const struct rs_parameter_info *info = &graph->parameter[p];
        for (uint32_t row = 0; row < info->rows; row++) {
            bool due = v->step.every_row || !info->by_row || cells_of_row(graph, p, row) > 0;
            if (store[p].times[row] != (due ? 1 : 0))
                fail_msg("%s, %s: row %u was handed over %u times", v->name, info->name, row, store[p].times[row]);
        }
        assert_memory_equal(store[p].gradient, blocks->parameter[p].gradient, info->rows * info->ld * sizeof(double));
        free(store[p].gradient);
        free(store[p].times);
    }
    rs_graph_free(graph);
}

static void check(const struct variant *v, struct seen *seen)
{
    struct rs_graph *graph = make(v, false);
    for (uint32_t i = 0; i < graph->nodes; i++)
        for (size_t op = 0; rs_op_table[op]; op++)
            seen->op[op] = seen->op[op] || rs_op_table[op] == graph->node[i].op;
    if (v->batch == SHORT) { /* the batches before it were longer */
        fill(graph, v, USUAL);
        objective(graph, &v->step);
    }
    fill(graph, v, v->batch);
    objective(graph, &v->step);
    check_sinks(v, graph);
    double *gradients = calloc(graph->gradients_count, sizeof *gradients);
    assert_non_null(gradients);
    memcpy(gradients, graph->gradients, graph->gradients_count * sizeof *gradients);
    for (rs_parameter p = 0; p < graph->parameters; p++)
        check_parameter(v, graph, p, gradients + (graph->parameter[p].gradient - graph->gradients));
    free(gradients);
    rs_graph_free(graph);
}

/* ---- cases ---- */

#define EVERY   .share = 1, .every_row = true
#define DROPOUT .seed = 3, .epoch = 2, .step = 1, .dropout = 0.3, .input_dropout = 0.2

static const struct variant variants[] = {
    {"dot of 3", build_dot, .batch = USUAL, .k = 3, .step = {EVERY}},
    {"dot of 1", build_dot, .batch = USUAL, .k = 1, .step = {EVERY}},
    {"dot of 17, penalty", build_dot, .batch = SHORT, .k = 17, .step = {.l2 = 0.7, .share = 0.3, .every_row = true}},
    {"dot, lazy penalty", build_dot, .batch = USUAL, .k = 16, .step = {.l2 = 0.7, .share = 0.3}},
    {"dot, penalty of ratings", build_dot, .batch = USUAL, .k = 3, .step = {.l2 = 0.7, .l2_scope = RS_L2_RATINGS}},
    {"dot, long columns", build_dot, .batch = LONG, .k = 2, .step = {EVERY, .mean = true}},
    {"dot swapped", build_dot_swapped, .batch = USUAL, .k = 3, .step = {EVERY}},
    {"dot with itself", build_dot_with_itself, .batch = USUAL, .k = 5, .step = {EVERY, .l2 = 0.1}},
    {"shared factors", build_shared_factors, .batch = USUAL, .k = 18, .step = {EVERY, .l2 = 0.5}},
    {"shared factors, mean", build_shared_factors, .batch = SHORT, .k = 1,
     .step = {.share = 1, .l2 = 0.5, .mean = true}},
    {"biases", build_biases, .batch = USUAL, .k = 3, .step = {EVERY, .l2 = 0.2, .mean = true}},
    {"biases, lazy", build_biases, .batch = SHORT, .k = 33, .step = {.share = 0.1, .l2 = 0.2}},
    {"layers, identity", build_layers, .batch = USUAL, .k = 3, .m = 2, .step = {EVERY}},
    {"layers, sigmoid", build_layers, .batch = SHORT, .k = 4, .m = 17, .hidden = RS_SIGMOID, .step = {EVERY, DROPOUT}},
    {"layers, tanh", build_layers, .batch = USUAL, .k = 5, .m = 1, .hidden = RS_TANH,
     .step = {EVERY, DROPOUT, .l2 = 0.3}},
    {"layers, relu", build_layers, .batch = USUAL, .k = 6, .m = 3, .hidden = RS_RELU, .step = {EVERY, DROPOUT}},
    {"layers of 1", build_layers, .batch = USUAL, .k = 1, .m = 1, .hidden = RS_TANH, .step = {EVERY}},
    {"identity, identity", build_autoencoder, .batch = USUAL, .k = 3, .step = {EVERY}},
    {"sigmoid, identity", build_autoencoder, .batch = USUAL, .k = 17, .hidden = RS_SIGMOID, .step = {EVERY, .l2 = 0.3}},
    {"sigmoid, scaled sigmoid", build_autoencoder, .batch = SHORT, .k = 4, .hidden = RS_SIGMOID, .output = RS_SIGMOID,
     .step = {EVERY, DROPOUT, .l2 = 0.3, .mean = true}},
    {"tanh, scaled tanh", build_autoencoder, .batch = USUAL, .k = 5, .hidden = RS_TANH, .output = RS_TANH,
     .step = {.share = 0.4, .l2 = 0.3, DROPOUT}},
    {"relu, relu", build_autoencoder, .batch = USUAL, .k = 6, .hidden = RS_RELU, .output = RS_RELU, .step = {EVERY}},
    {"one unit", build_autoencoder, .batch = USUAL, .k = 1, .hidden = RS_SIGMOID, .step = {EVERY}},
    {"penalty of ratings", build_autoencoder, .batch = USUAL, .k = 2, .hidden = RS_TANH,
     .step = {.l2 = 0.3, .l2_scope = RS_L2_RATINGS, .every_row = true}},
    {"long columns", build_autoencoder, .batch = LONG, .k = 2, .hidden = RS_SIGMOID, .output = RS_SIGMOID,
     .step = {EVERY, DROPOUT, .mean = true}},
    {"deep", build_deep, .batch = USUAL, .k = 7, .m = 4, .hidden = RS_TANH, .output = RS_SIGMOID,
     .step = {EVERY, DROPOUT, .l2 = 0.3}},
    {"deep, lazy", build_deep, .batch = SHORT, .k = 3, .m = 18, .hidden = RS_SIGMOID,
     .step = {DROPOUT, .share = 1, .l2 = 0.3}},
    {"tied", build_tied, .batch = USUAL, .k = 3, .hidden = RS_SIGMOID, .output = RS_TANH,
     .step = {EVERY, DROPOUT, .l2 = 0.3}},
    {"dense", build_autoencoder, .batch = USUAL, .k = 5, .hidden = RS_SIGMOID, .output = RS_SIGMOID,
     .step = {EVERY, DROPOUT, .l2 = 0.3}, .dense = true},
    {"dense, lazy", build_autoencoder, .batch = SHORT, .k = 17, .hidden = RS_TANH, .step = {.share = 1, .l2 = 0.3},
     .dense = true},
    {"dense, long, one unit", build_autoencoder, .batch = LONG, .k = 1, .hidden = RS_SIGMOID,
     .step = {EVERY, .mean = true}, .dense = true},
    {"dense, tied", build_tied, .batch = USUAL, .k = 3, .hidden = RS_SIGMOID, .output = RS_TANH,
     .step = {EVERY, DROPOUT, .l2 = 0.3}, .dense = true},
    {"tied, lazy", build_tied, .batch = SHORT, .k = 19, .hidden = RS_TANH,
     .step = {.share = 1, .l2 = 0.3, .mean = true}},
};

static void test_gradients(void **state)
{
    for (size_t i = 0; i < LENGTH(variants); i++)
        check(&variants[i], *state);
}

/* The loss operators add up their squares while they go backward; here they come from the predictions. */
static void test_loss_is_that_of_the_predictions(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(variants); i++) {
        const struct variant *v = &variants[i];
        struct rs_graph_step step = {.share = 1};
        struct rs_error err;
        struct rs_graph *graph = make(v, false);
        fill(graph, v, v->batch);
        double loss = objective(graph, &step);
        if (of_cells(v)) {
            const struct rs_batch *input = rs_graph_stream(graph, FIRST);
            struct rs_batch *asked = rs_graph_stream(graph, SECOND);
            for (uint32_t b = 0; b < input->rows; b++)
                must(rs_batch_add_row(asked, input->column + input->offset[b], NULL,
                                      input->offset[b + 1] - input->offset[b], &err),
                     &err);
            must(rs_batch_close(asked, false, &err), &err);
        }
        const double *prediction;
        must(rs_graph_predict(graph, &prediction, &err), &err);
        const struct rs_batch *target = &graph->stream[graph->target_stream];
        double sum = 0;
        for (size_t c = 0; c < target->cells; c++)
            sum += pow(prediction[c] - target->value[c], 2);
        if (!(sum > 0.1 && fabs(loss - sum) < 1e-9 * sum))
            fail_msg("%s: loss %.12g, of the predictions %.12g", v->name, loss, sum);
        rs_graph_free(graph);
    }
}

/* Runs behind test_gradients: an operator that is added to the table needs a case. */
static void test_every_operator_had_a_case(void **state)
{
    const struct seen *seen = *state;
    for (size_t op = 0; rs_op_table[op]; op++)
        if (!seen->op[op])
            fail_msg("operator %s stands in no case: add one to variants", rs_op_table[op]->name);
}

/* ---- dropout ---- */

static const struct variant dropped = {"dropout", build_autoencoder,    .batch = USUAL,
                                       .k = 40,   .hidden = RS_SIGMOID, .step = {EVERY, DROPOUT}};

/* The values of the graph's dropout operator, which are 0 exactly where a unit was dropped. */
static void dropped_values(struct rs_graph *graph, const struct rs_graph_step *step, double out[9][40])
{
    objective(graph, step);
    for (rs_node node = 0; node < rs_graph_nodes(graph); node++)
        if (strcmp(rs_graph_node_info(graph, node).name, "dropout") == 0)
            for (size_t b = 0; b < 9; b++)
                memcpy(out[b], rs_graph_node_info(graph, node).value + b * rs_padded(40), sizeof out[b]);
}

static void test_dropout_is_a_function_of_the_step(void **state)
{
    (void)state;
    struct rs_graph *graph = make(&dropped, false);
    fill(graph, &dropped, USUAL);
    struct rs_graph_step step = dropped.step;
    double first[9][40] = {{0}};
    double again[9][40] = {{0}};
    dropped_values(graph, &step, first);
    step.step++;
    dropped_values(graph, &step, again);
    assert_memory_not_equal(first, again, sizeof first);
    step.step--;
    dropped_values(graph, &step, again);
    assert_memory_equal(first, again, sizeof first);
    assert_memory_not_equal(first[0], first[2], sizeof first[0]);
    rs_graph_free(graph);
}

static void test_dropout_rate_and_scale(void **state)
{
    (void)state;
    struct rs_graph *graph = make(&dropped, false);
    fill(graph, &dropped, USUAL);
    struct rs_graph_step step = dropped.step;
    step.input_dropout = 0;
    double with[9][40] = {{0}};
    double without[9][40] = {{0}};
    dropped_values(graph, &step, with);
    step.dropout = 0;
    dropped_values(graph, &step, without);
    size_t zeros = 0;
    for (size_t b = 0; b < 9; b++) {
        for (size_t k = 0; k < 40; k++) {
            if (with[b][k] == 0)
                zeros++;
            else
                assert_true(fabs(with[b][k] - without[b][k] / (1 - dropped.step.dropout)) < 1e-12);
        }
    }
    /* 360 draws at 0.3: 108, standard deviation 8.7. */
    assert_in_range(zeros, 75, 141);
    rs_graph_free(graph);
}

static int start(void **state)
{
    *state = calloc(1, sizeof(struct seen));
    return *state ? 0 : -1;
}

static int end(void **state)
{
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gradients),
        cmocka_unit_test(test_loss_is_that_of_the_predictions),
        cmocka_unit_test(test_every_operator_had_a_case),
        cmocka_unit_test(test_dropout_is_a_function_of_the_step),
        cmocka_unit_test(test_dropout_rate_and_scale),
    };
    return cmocka_run_group_tests(tests, start, end);
}
