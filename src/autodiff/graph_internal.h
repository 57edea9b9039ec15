/* graph_internal.h -- what operators see of the graph. */
#ifndef RECSCOPE_AUTODIFF_GRAPH_INTERNAL_H
#define RECSCOPE_AUTODIFF_GRAPH_INTERNAL_H

#include "recscope/autodiff/graph.h"

#define RS_NO_NODE UINT32_MAX
#define RS_INPUTS  2

/* Work on rows is cut into at most so many blocks; sums are added in block order. */
#define RS_BLOCKS ((size_t)16)
/* The same where every block has a part of a sum of its own, which has to be cleared and added. */
#define RS_PARTS ((size_t)8)

struct rs_graph;
struct rs_node_state;

/* One row of the operator table. forward fills value from the inputs' values; backward adds to the inputs' gradients
 * and hands over rows of parameters. A loss operator does both in backward, and predictions in forward. */
struct rs_op {
    const char *name;
    enum rs_status (*forward)(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err);
    enum rs_status (*backward)(struct rs_graph *graph, struct rs_node_state *node, struct rs_error *err);
};

struct rs_node_state {
    const struct rs_op *op;
    rs_node input[RS_INPUTS];          /* RS_NO_NODE where there is none */
    rs_parameter parameter[RS_INPUTS]; /* UINT32_MAX where there is none */
    uint32_t stream;                   /* UINT32_MAX where there is none */
    uint32_t asked;                    /* output: the stream whose cells are predicted */
    size_t columns, ld;                /* of value; columns 0: the node's value is a list of cells */
    rs_real *value, *gradient;         /* (B, ld), or (cells) */
    enum rs_activation kind;           /* activate, output */
    rs_real low, high, offset;         /* output, squared_error */
    uint32_t layer;                    /* dropout: which one, for its random numbers */
};

struct rs_graph {
    struct rs_pool *pool;
    const struct rs_kernels *kernels;
    struct rs_node_state node[RS_GRAPH_NODES];
    uint32_t nodes;
    struct rs_parameter_info parameter[RS_GRAPH_PARAMETERS];
    struct rs_row_sink sink[RS_GRAPH_PARAMETERS];
    uint32_t parameters;
    struct rs_batch stream[RS_GRAPH_STREAMS];
    uint32_t streams;
    rs_real *weights, *gradients;
    size_t weights_count, gradients_count; /* padded */
    uint32_t rows_room;                    /* rows that values and gradients have room for */
    size_t cells_room;                     /* cells that cell nodes and predictions have room for */
    rs_real *prediction;                   /* (cells_room), in order by row */
    uint32_t target_stream;
    struct rs_graph_step step;
    rs_real scale; /* what every gradient is multiplied by */
    bool training; /* dropout on, gradients wanted */
    bool dense;    /* training multiplies spread-out cells; batches are closed with all columns */
    double loss;
    uint32_t dropouts; /* dropout operators so far */
    rs_real *scratch;  /* (threads, scratch_ld): a row's gradient while it is made */
    size_t scratch_ld;
    rs_real *partial; /* (partial_room): the blocks' parts of a sum over columns */
    size_t partial_room;
    rs_real *spread; /* (threads, spread_room) */
    size_t spread_room;
};

/* The table of operators; ops.def has one row each. */
#define OP(name) extern const struct rs_op rs_op_##name##_row;
#include "ops.def"
#undef OP
extern const struct rs_op *const rs_op_table[];

/* A fresh node with nothing set but its operator. RS_FAILED when the graph is full. */
enum rs_status rs_graph_add(struct rs_graph *graph, const struct rs_op *op, size_t columns, struct rs_node_state **node,
                            rs_node *number, struct rs_error *err) RS_CHECKED;

/* Rows of the batch at hand. */
uint32_t rs_graph_rows(const struct rs_graph *graph);

/* rs_pool_run over the graph's pool, or on the caller alone where the work is too little to share. */
void rs_graph_run(struct rs_graph *graph, size_t blocks, size_t multiply_adds, rs_pool_work *work, void *context);

/* The rows of the batch at hand, shared out: work passes over rows from..to of a node, and does with every row the same
 * whoever does it. */
typedef void rs_row_work(struct rs_graph *graph, struct rs_node_state *node, size_t from, size_t to);
void rs_graph_run_rows(struct rs_graph *graph, struct rs_node_state *node, rs_row_work *work);

/* rs_graph_run for at most RS_BLOCKS blocks that may fail. The first error in order of the blocks is the one told. */
typedef enum rs_status rs_try_work(void *context, size_t block, size_t thread, struct rs_error *err);
enum rs_status rs_graph_try(struct rs_graph *graph, size_t blocks, size_t multiply_adds, rs_try_work *work,
                            void *context, struct rs_error *err) RS_CHECKED;

/* n columns of a node, or rows of its parameter, from `from` on. */
typedef enum rs_status rs_strip_work(struct rs_graph *graph, struct rs_node_state *node, size_t from, size_t n,
                                     struct rs_error *err);
enum rs_status rs_graph_run_strips(struct rs_graph *graph, struct rs_node_state *node, size_t width,
                                   rs_strip_work *work, struct rs_error *err) RS_CHECKED;

/* Of `units` units cut into blocks, block i owns from..to. */
void rs_block_range(size_t units, size_t blocks, size_t block, size_t *from, size_t *to);
/* The same over the visits of a batch, cut so that blocks have about equal work. */
void rs_visit_range(const struct rs_batch *batch, size_t blocks, size_t block, uint32_t *from, uint32_t *to);

/* Sums over columns, one part a block, for rows of ld: room for the parts of at most *blocks blocks, which becomes less
 * where a batch is so large that they would fill the memory. Errors: RS_MEMORY. */
enum rs_status rs_graph_partials(struct rs_graph *graph, size_t rows, size_t ld, size_t *blocks,
                                 struct rs_error *err) RS_CHECKED;
/* The part of a block, zeroed. */
rs_real *rs_graph_partial(struct rs_graph *graph, size_t rows, size_t ld, size_t block);
/* out (rows, ld) += the parts, in block order, whichever thread adds them. */
void rs_graph_add_partials(struct rs_graph *graph, rs_real *out, size_t rows, size_t ld, size_t blocks);

/* The squared errors' gradient of row `row` is complete, or, of a parameter of one column, of n rows from there on (n
 * numbers; NULL: no cell, all 0): hand it over with the penalty and the scale, or keep it in the block where the
 * parameter is used twice. cells: ratings in the batch that used the row. */
void rs_graph_row(struct rs_graph *graph, rs_parameter parameter, size_t row, size_t cells, const rs_real *gradient,
                  size_t n);

/* ---- where almost every cell is observed: dense products, RS_SPREAD columns at a time ---- */

#define RS_SPREAD ((uint32_t)64)

/* What one thread works with, of a batch of `rows` rows and a layer of ld. */
struct rs_spread {
    rs_real *cells;    /* (rows, RS_SPREAD) */
    rs_real *products; /* (rows, RS_SPREAD) */
    rs_real *gradient; /* (RS_SPREAD, ld) */
};
/* Room for all threads. Errors: RS_MEMORY. */
enum rs_status rs_graph_spread_room(struct rs_graph *graph, size_t rows, size_t ld, struct rs_error *err) RS_CHECKED;
struct rs_spread rs_graph_spread(const struct rs_graph *graph, size_t thread, size_t rows);
/* spread->cells = the columns from..to of the batch, 0 where there is no cell. value: in order by row. */
void rs_spread_cells(const struct rs_spread *spread, const struct rs_batch *batch, uint32_t from, uint32_t to,
                     const rs_real *value);
/* Rows from..to of a parameter are complete in spread->gradient: hand over those that the step is for. */
void rs_spread_rows(struct rs_graph *graph, rs_parameter parameter, const struct rs_batch *batch,
                    const struct rs_spread *spread, uint32_t from, uint32_t to, size_t ld);
/* Of the batch's columns, in whole spreads, block i owns from..to. */
void rs_spread_range(const struct rs_batch *batch, size_t blocks, size_t block, uint32_t *from, uint32_t *to);

/* The thread's scratch row, zeroed up to n. */
rs_real *rs_graph_scratch(struct rs_graph *graph, size_t thread, size_t n);

#endif
