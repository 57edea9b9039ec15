/* graph.h -- a graph of operators: shapes checked when it is built, forward, reverse mode.
 *
 * Nodes are numbered in the order they are made, which is an order of evaluation. Parameters live in one contiguous
 * block; their gradients either go to a row sink the moment a row is complete, or into one contiguous gradient block.
 * Shapes : B = rows of the batch at hand; a node's value is (B, columns), rows padded to rs_padded(columns) with
 *          zeros in the padding. A parameter is (rows, columns), padded likewise.
 * Threads: one thread at a time per graph; operators share out their work over the graph's pool in blocks whose number
 *          depends on the batch alone.
 * Source : reverse accumulation (Linnainmaa 1970); the objective is J = sum of squared errors over the observed cells
 *          + l2/2 |w|^2, of which a batch takes its cells and its share of the penalty.
 */
#ifndef RECSCOPE_AUTODIFF_GRAPH_H
#define RECSCOPE_AUTODIFF_GRAPH_H

#include "recscope/autodiff/batch.h"
#include "recscope/base/pool.h"
#include "recscope/linalg/kernels.h"
#include "recscope/linalg/sink.h"

#define RS_GRAPH_NODES      64
#define RS_GRAPH_PARAMETERS 32
#define RS_GRAPH_STREAMS    4

typedef uint32_t rs_node; /* number of a node */

/* A parameter is handed to the operators by its number, too. */
typedef uint32_t rs_parameter;

enum rs_l2_scope {
    RS_L2_TOTAL,  /* l2/2 |w|^2 once an epoch: a step takes its share of it        */
    RS_L2_RATINGS /* l2/2 |row|^2 for every rating that uses the row (LIBMF's way) */
};

struct rs_parameter_info {
    char name[32];
    size_t rows, columns, ld;
    rs_real *weight;   /* (rows, ld) inside the graph's weight block */
    rs_real *gradient; /* (rows, ld) inside the gradient block; NULL where a sink takes the rows */
    bool penalised;    /* l2 applies: weight matrices, not biases (Sedhain et al. 2015, eq. 4) */
    uint32_t uses;     /* operators that read it; a row may go to the sink early only where there is one */
    bool by_row;       /* its operator hands over row by row */
};

/* What a step is, besides its cells. Set before rs_graph_backward. */
struct rs_graph_step {
    uint64_t seed, epoch, step;     /* what dropout draws from */
    rs_real dropout, input_dropout; /* rates in 0..1; 0 switches off */
    rs_real l2;                     /* lambda in J */
    enum rs_l2_scope l2_scope;
    rs_real share;  /* the batch's share of an epoch: its share of the penalty (RS_L2_TOTAL) */
    bool mean;      /* loss_scale = mean: every gradient is divided by the batch's number of cells */
    bool every_row; /* rows without a cell in the batch are stepped too (lazy = no) */
};

struct rs_graph;

/* Owns: the caller frees. pool may be NULL. streams: how many sparse inputs the graph has, each with its number of
 * columns. Errors: RS_MEMORY. */
enum rs_status rs_graph_create(struct rs_graph **out, const uint32_t *stream_columns, size_t streams,
                               struct rs_pool *pool, struct rs_error *err) RS_CHECKED;
void rs_graph_free(struct rs_graph *graph);

/* Parameters, before any operator. Errors: RS_PRESET when the size is beyond memory's reach. */
enum rs_status rs_graph_parameter(struct rs_graph *graph, const char *name, size_t rows, size_t columns, bool penalised,
                                  rs_parameter *out, struct rs_error *err) RS_CHECKED;

/* Operators (one file op_NAME.c each). Shapes are checked here; RS_PRESET names both when they do not fit.
 * stream numbers a sparse input of the batch. */
/* The values of a stream's cells, some dropped and the others scaled by 1 / (1 - input_dropout). */
enum rs_status rs_op_cell_dropout(struct rs_graph *graph, uint32_t stream, rs_node *out,
                                  struct rs_error *err) RS_CHECKED;
/* y[b] = sum over the cells of row b of value * w[column]; only observed cells are read. w (columns, K) -> (B, K) */
enum rs_status rs_op_sparse_linear(struct rs_graph *graph, rs_node cells, rs_parameter w, rs_node *out,
                                   struct rs_error *err) RS_CHECKED;
/* y = x w. x (B, K), w (K, M) -> (B, M); OpenBLAS. */
enum rs_status rs_op_dense_linear(struct rs_graph *graph, rs_node x, rs_parameter w, rs_node *out,
                                  struct rs_error *err) RS_CHECKED;
/* y = x + c for every row. x (B, K), c (1, K) -> (B, K) */
enum rs_status rs_op_bias(struct rs_graph *graph, rs_node x, rs_parameter c, rs_node *out,
                          struct rs_error *err) RS_CHECKED;
/* y = f(x). */
enum rs_status rs_op_activate(struct rs_graph *graph, rs_node x, enum rs_activation kind, rs_node *out,
                              struct rs_error *err) RS_CHECKED;
/* Inverted dropout: zero with probability `dropout`, otherwise times 1 / (1 - dropout). */
enum rs_status rs_op_dropout(struct rs_graph *graph, rs_node x, rs_node *out, struct rs_error *err) RS_CHECKED;
/* y[b] = w[column of row b's cell]; the stream has one cell a row. w (columns, K) -> (B, K) */
enum rs_status rs_op_gather(struct rs_graph *graph, uint32_t stream, rs_parameter w, rs_node *out,
                            struct rs_error *err) RS_CHECKED;
/* y[b] = a[b] . b[b]. (B, K), (B, K) -> (B, 1) */
enum rs_status rs_op_row_dot(struct rs_graph *graph, rs_node a, rs_node b, rs_node *out,
                             struct rs_error *err) RS_CHECKED;
/* y = a + b. */
enum rs_status rs_op_add(struct rs_graph *graph, rs_node a, rs_node b, rs_node *out, struct rs_error *err) RS_CHECKED;
/* Adds sum over b of (offset + x[b] - target[b])^2 to the loss; target: the stream's values, one cell a row. x (B, 1)
 */
enum rs_status rs_op_squared_error(struct rs_graph *graph, rs_node x, uint32_t stream, rs_real offset,
                                   struct rs_error *err) RS_CHECKED;
/* The output layer, evaluated at the observed cells only: prediction of cell (b, j) is
 * low + (high - low) * f(h[b] . w[j] + c[j]) for a bounded f (sigmoid: 0..1, tanh: -1..1 is moved to 0..1), and
 * f(h[b] . w[j] + c[j]) otherwise. Adds the squared errors of the stream's cells to the loss; forward and backward run
 * in one visit of each row j. asked: the stream whose cells rs_graph_predict predicts. h (B, K), w (columns, K), c
 * (columns, 1) */
enum rs_status rs_op_output(struct rs_graph *graph, rs_node h, rs_parameter w, rs_parameter c, enum rs_activation kind,
                            rs_real low, rs_real high, uint32_t stream, uint32_t asked,
                            struct rs_error *err) RS_CHECKED;

/* After the last operator: allocate. sinks: rows of parameters that one operator hands over row by row go to a sink;
 * without, every parameter keeps its gradient block. Errors: RS_MEMORY. */
enum rs_status rs_graph_finish(struct rs_graph *graph, bool sinks, struct rs_error *err) RS_CHECKED;

/* The sparse inputs of the batch at hand: fill and close them before forward. Stream s is the graph's. */
struct rs_batch *rs_graph_stream(struct rs_graph *graph, uint32_t stream);

/* Training multiplies the batch's cells as a dense matrix, with zeros where there is none, which is faster where most
 * cells are observed. Streams are then closed with every = true. Results agree to rounding. */
void rs_graph_set_dense(struct rs_graph *graph, bool dense);
bool rs_graph_is_dense(const struct rs_graph *graph);

/* Where complete rows go; one sink per parameter. Without a sink a complete row stays in the gradient block. */
void rs_graph_set_sink(struct rs_graph *graph, rs_parameter parameter, struct rs_row_sink sink);

/* Forward and backward: gradients of J's share to the sinks and blocks, squared error to *loss.
 * Errors: RS_MEMORY (a batch larger than any before), RS_FAILED (BLAS limits). */
enum rs_status rs_graph_backward(struct rs_graph *graph, const struct rs_graph_step *step, double *loss,
                                 struct rs_error *err) RS_CHECKED;

/* Forward only, dropout off: the prediction of every cell of the asked stream (or of every row, where the loss is of
 * single ratings), in order by row. prediction stays the graph's until the next call. */
enum rs_status rs_graph_predict(struct rs_graph *graph, const rs_real **prediction, struct rs_error *err) RS_CHECKED;

/* Looking at the graph: names, shapes, values. */
size_t rs_graph_parameters(const struct rs_graph *graph);
const struct rs_parameter_info *rs_graph_parameter_info(const struct rs_graph *graph, rs_parameter parameter);
size_t rs_graph_nodes(const struct rs_graph *graph);

struct rs_node_info {
    const char *name;        /* of its operator */
    size_t columns, ld;      /* of value; columns 0: it is a list of cells */
    enum rs_activation kind; /* of activate and output */
    const rs_real *value;    /* (B, ld) of the last batch */
};
struct rs_node_info rs_graph_node_info(const struct rs_graph *graph, rs_node node);

/* The padded weight block (count numbers, padding included), for optimisers. */
rs_real *rs_graph_weights(const struct rs_graph *graph, size_t *count);
/* Weights without padding: parameter after parameter, row after row. */
uint64_t rs_graph_weight_count(const struct rs_graph *graph);
void rs_graph_save(const struct rs_graph *graph, float *out);
void rs_graph_save_some(const struct rs_graph *graph, uint64_t from, float *out, size_t n); /* from..from + n of them */
void rs_graph_load(struct rs_graph *graph, const float *in);

/* Draw weights uniformly with mean 0 and this standard deviation; set every weight. */
void rs_graph_draw(struct rs_graph *graph, rs_parameter parameter, uint64_t seed, rs_real deviation);
void rs_graph_fill(struct rs_graph *graph, rs_parameter parameter, rs_real value);

/* The penalty's part of J for the step's settings: l2/2 |w|^2 over penalised parameters, times share. */
double rs_graph_penalty(const struct rs_graph *graph, const struct rs_graph_step *step);

#endif
