/* The graph itself: shapes that do not fit are refused with both named, limits, the empty batch, failed allocations. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "recscope/autodiff/graph.h"
#include "recscope/base/memory.h"

enum { COLUMNS = 5, WIDTH = 3 };
enum { INPUT, ASKED, TARGET, STREAMS };

static void must(enum rs_status status, const struct rs_error *err)
{
    if (status != RS_OK)
        fail_msg("%s", err->message);
}

/* A graph with parameters of every shape, the cells of INPUT and a layer over them. */
struct parts {
    struct rs_graph *graph;
    rs_parameter matrix, square, wide, row, column; /* (5, 3), (3, 3), (3, 2), (1, 3), (5, 1) */
    rs_node cells, layer, rating;
    struct rs_error err;
};

static struct parts make(void)
{
    struct parts p = {0};
    struct rs_error *err = &p.err;
    const uint32_t columns[STREAMS] = {COLUMNS, COLUMNS, 1};
    must(rs_graph_create(&p.graph, columns, STREAMS, NULL, err), err);
    must(rs_graph_parameter(p.graph, "V", COLUMNS, WIDTH, true, &p.matrix, err), err);
    must(rs_graph_parameter(p.graph, "square", WIDTH, WIDTH, true, &p.square, err), err);
    must(rs_graph_parameter(p.graph, "wide", WIDTH, 2, false, &p.wide, err), err);
    must(rs_graph_parameter(p.graph, "mu", 1, WIDTH, false, &p.row, err), err);
    must(rs_graph_parameter(p.graph, "b", COLUMNS, 1, false, &p.column, err), err);
    must(rs_op_cell_dropout(p.graph, INPUT, &p.cells, err), err);
    must(rs_op_sparse_linear(p.graph, p.cells, p.matrix, &p.layer, err), err);
    must(rs_op_row_dot(p.graph, p.layer, p.layer, &p.rating, err), err);
    return p;
}

static void refused(struct parts *p, enum rs_status status, const char *message)
{
    assert_int_equal(status, RS_PRESET);
    assert_string_equal(p->err.message, message);
    assert_int_equal(rs_graph_nodes(p->graph), 3);
}

static void test_shapes_that_do_not_fit(void **state)
{
    (void)state;
    struct parts p = make();
    struct rs_graph *g = p.graph;
    struct rs_error *err = &p.err;
    rs_node out;
    refused(&p, rs_op_cell_dropout(g, STREAMS, &out, err), "cell_dropout: there is no sparse input 3: there are 3");
    refused(&p, rs_op_sparse_linear(g, p.cells, p.square, &out, err),
            "sparse_linear: square has 3 rows, the input has 5 columns");
    refused(&p, rs_op_sparse_linear(g, p.layer, p.matrix, &out, err),
            "sparse_linear: its input must be the cells of a sparse input");
    refused(&p, rs_op_dense_linear(g, p.layer, p.matrix, &out, err),
            "dense_linear: V has 5 rows, its input does not have as many columns");
    refused(&p, rs_op_bias(g, p.layer, p.column, &out, err),
            "bias: b is 5 x 1, its input does not have as many columns");
    refused(&p, rs_op_bias(g, p.rating, p.row, &out, err),
            "bias: mu is 1 x 3, its input does not have as many columns");
    refused(&p, rs_op_activate(g, p.cells, RS_TANH, &out, err), "activate: its input must be a dense node");
    refused(&p, rs_op_dropout(g, p.rating, &out, err), "dropout: its input must be a layer of at least 2 units");
    refused(&p, rs_op_gather(g, TARGET, p.matrix, &out, err),
            "gather: V has 5 rows, sparse input 2 does not have as many columns");
    refused(&p, rs_op_row_dot(g, p.layer, p.rating, &out, err),
            "row_dot: its inputs must have the same number of columns");
    refused(&p, rs_op_add(g, p.rating, p.layer, &out, err), "add: its inputs must have the same number of columns");
    refused(&p, rs_op_add(g, p.cells, p.cells, &out, err), "add: its inputs must have the same number of columns");
    refused(&p, rs_op_squared_error(g, p.layer, TARGET, 0, err),
            "squared_error: its input must have 1 column, its target must be an input");
    refused(&p, rs_op_output(g, p.rating, p.matrix, p.column, RS_IDENTITY, 0, 1, INPUT, ASKED, err),
            "output: V is 5 x 3 and b 5 x 1: they do not fit the layer before");
    refused(&p, rs_op_output(g, p.layer, p.matrix, p.row, RS_IDENTITY, 0, 1, INPUT, ASKED, err),
            "output: V is 5 x 3 and mu 1 x 3: they do not fit the layer before");
    /* A node that is not there yet. */
    refused(&p, rs_op_activate(g, 99, RS_TANH, &out, err), "activate: its input must be a dense node");
    rs_graph_free(g);
}

static void test_limits(void **state)
{
    (void)state;
    struct parts p = make();
    enum rs_status status = RS_OK;
    rs_node node = p.layer;
    for (int i = 0; i < RS_GRAPH_NODES && status == RS_OK; i++)
        status = rs_op_activate(p.graph, node, RS_TANH, &node, &p.err);
    assert_int_equal(status, RS_PRESET);
    assert_string_equal(p.err.message, "more than 64 operators: use fewer layers");
    rs_parameter parameter;
    status = RS_OK;
    for (int i = 0; i < RS_GRAPH_PARAMETERS && status == RS_OK; i++)
        status = rs_graph_parameter(p.graph, "w", 1, 1, false, &parameter, &p.err);
    assert_int_equal(status, RS_PRESET);
    assert_string_equal(p.err.message, "more than 32 parameters: use fewer layers");
    rs_graph_free(p.graph);
    p = make();
    assert_int_equal(rs_graph_parameter(p.graph, "huge", SIZE_MAX / 64, 64, false, &parameter, &p.err), RS_PRESET);
    assert_int_equal(rs_graph_parameter(p.graph, "none", 0, 64, false, &parameter, &p.err), RS_PRESET);
    rs_graph_free(p.graph);
}

/* ---- running ---- */

static struct parts make_autoencoder(void)
{
    struct parts p = make();
    must(rs_op_output(p.graph, p.layer, p.matrix, p.column, RS_SIGMOID, 1, 5, INPUT, ASKED, &p.err), &p.err);
    must(rs_graph_finish(p.graph, false, &p.err), &p.err);
    rs_graph_draw(p.graph, p.matrix, 1, (rs_real)0.5);
    return p;
}

/* A step over no rows at all is no error: nothing is seen, and nothing but the penalty pulls. */
static void test_an_empty_batch(void **state)
{
    (void)state;
    struct parts p = make_autoencoder();
    struct rs_graph_step step = {.share = 1, .every_row = true, .mean = true};
    double loss = -1;
    must(rs_batch_close(rs_graph_stream(p.graph, INPUT), true, &p.err), &p.err);
    must(rs_graph_backward(p.graph, &step, &loss, &p.err), &p.err);
    assert_true(loss == 0);
    const struct rs_parameter_info *info = rs_graph_parameter_info(p.graph, p.matrix);
    for (size_t i = 0; i < info->rows * info->ld; i++)
        assert_true(info->gradient[i] == 0);
    const rs_real *prediction;
    must(rs_graph_predict(p.graph, &prediction, &p.err), &p.err);
    rs_graph_free(p.graph);
}

static void test_the_penalty_is_of_penalised_weights(void **state)
{
    (void)state;
    struct parts p = make_autoencoder();
    rs_graph_fill(p.graph, p.matrix, 2);
    rs_graph_fill(p.graph, p.column, 7);
    struct rs_graph_step step = {.l2 = (rs_real)0.5, .share = (rs_real)0.25};
    /* l2 / 2 * 15 weights of 4, a quarter of it */
    assert_true(rs_graph_penalty(p.graph, &step) == 0.5 / 2 * 15 * 4 / 4);
    rs_graph_free(p.graph);
}

static void test_drawn_weights_have_their_deviation(void **state)
{
    (void)state;
    struct rs_error err;
    struct rs_graph *graph;
    rs_parameter w;
    const uint32_t columns = 1;
    must(rs_graph_create(&graph, &columns, 1, NULL, &err), &err);
    must(rs_graph_parameter(graph, "w", 300, 50, true, &w, &err), &err);
    must(rs_graph_finish(graph, true, &err), &err);
    rs_graph_draw(graph, w, 1, (rs_real)0.1);
    float *weight = malloc(15000 * sizeof *weight);
    assert_non_null(weight);
    rs_graph_save(graph, weight);
    double sum = 0;
    double squares = 0;
    for (size_t i = 0; i < 15000; i++) {
        sum += (double)weight[i];
        squares += (double)weight[i] * (double)weight[i];
        assert_true(fabs((double)weight[i]) <= 0.17321);
    }
    assert_true(fabs(sum / 15000) < 0.004);
    assert_true(fabs(sqrt(squares / 15000) - 0.1) < 0.002);
    free(weight);
    rs_graph_free(graph);
}

static void drawn_by(size_t threads, float *out, size_t rows, size_t columns)
{
    struct rs_error err;
    struct rs_pool *pool;
    struct rs_graph *graph;
    rs_parameter w;
    const uint32_t stream = 1;
    must(rs_pool_create(&pool, threads, &err), &err);
    must(rs_graph_create(&graph, &stream, 1, pool, &err), &err);
    must(rs_graph_parameter(graph, "w", rows, columns, true, &w, &err), &err);
    must(rs_graph_finish(graph, true, &err), &err);
    rs_graph_draw(graph, w, 7, (rs_real)0.1);
    rs_graph_save(graph, out);
    rs_graph_free(graph);
    rs_pool_free(pool);
}

static void test_drawn_weights_do_not_hear_of_threads(void **state)
{
    (void)state;
    enum { ROWS = 20003, WIDE = 101, ALL = ROWS * WIDE }; /* enough to be shared out */
    float *one = malloc(ALL * sizeof *one);
    float *many = malloc(ALL * sizeof *many);
    assert_non_null(one);
    assert_non_null(many);
    drawn_by(1, one, ROWS, WIDE);
    for (size_t threads = 2; threads < 6; threads++) {
        drawn_by(threads, many, ROWS, WIDE);
        assert_memory_equal(one, many, ALL * sizeof *one);
    }
    free(one);
    free(many);
}

/* Whatever the pieces, they make up the whole. */
static void test_weights_are_saved_in_pieces(void **state)
{
    (void)state;
    struct parts p = make();
    must(rs_graph_finish(p.graph, true, &p.err), &p.err);
    float number[64];
    size_t count = (size_t)rs_graph_weight_count(p.graph);
    assert_true(count < 64);
    for (size_t i = 0; i < count; i++)
        number[i] = (float)i + 1;
    rs_graph_load(p.graph, number);
    for (size_t from = 0; from <= count; from++) {
        for (size_t n = 0; n <= count - from; n++) {
            float piece[65] = {0};
            rs_graph_save_some(p.graph, from, piece, n);
            assert_memory_equal(piece, number + from, n * sizeof *piece);
            assert_true(piece[n] == 0);
        }
    }
    rs_graph_free(p.graph);
}

/* Each allocation of a first step fails once; then the step is done as if nothing had happened. */
static void test_a_step_survives_failed_allocations(void **state)
{
    (void)state;
    struct parts p = make_autoencoder();
    struct rs_graph_step step = {.share = 1};
    const uint32_t column[] = {0, 2, 4};
    const float value[] = {1, 3, 5};
    struct rs_batch *input = rs_graph_stream(p.graph, INPUT);
    for (int b = 0; b < 4; b++)
        must(rs_batch_add_row(input, column, value, 3, &p.err), &p.err);
    must(rs_batch_close(input, false, &p.err), &p.err);
    double loss = 0;
    enum rs_status status = RS_MEMORY;
    int64_t successes = 0;
    for (; status == RS_MEMORY; successes++) {
        rs_memory_fail_after(successes);
        status = rs_graph_backward(p.graph, &step, &loss, &p.err);
        rs_memory_fail_after(-1);
    }
    must(status, &p.err);
    assert_true(successes > 3);
    double again;
    must(rs_graph_backward(p.graph, &step, &again, &p.err), &p.err);
    assert_true(loss > 0 && loss == again);
    rs_graph_free(p.graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes_that_do_not_fit),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_an_empty_batch),
        cmocka_unit_test(test_the_penalty_is_of_penalised_weights),
        cmocka_unit_test(test_drawn_weights_have_their_deviation),
        cmocka_unit_test(test_drawn_weights_do_not_hear_of_threads),
        cmocka_unit_test(test_weights_are_saved_in_pieces),
        cmocka_unit_test(test_a_step_survives_failed_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
