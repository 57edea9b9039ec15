/* model.h -- what a model is to the rest of the program.
 *
 * A model is a small graph of operators plus a description. It has no epoch loop, no clock and no output: the trainer
 * walks the epochs, gives it batches, and owns the optimiser. Adding a model touches one new file and one row of
 * models.def.
 * Shapes : R = rows the model walks (items, users, or ratings), B = rows in a batch.
 * Threads: one thread at a time per model; distinct models are independent.
 */
#ifndef RECSCOPE_MODELS_MODEL_H
#define RECSCOPE_MODELS_MODEL_H

#include "recscope/autodiff/graph.h"
#include "recscope/base/pool.h"
#include "recscope/base/settings.h"
#include "recscope/data/dataset.h"

/* Capability bits. */
#define RS_MODEL_BATCH_ROWS    1u /* a batch is so many rows (items, users) with all their cells    */
#define RS_MODEL_BATCH_RATINGS 2u /* a batch is so many single ratings                              */
#define RS_MODEL_OWN_UPDATE    4u /* step changes the weights itself; the trainer's optimiser rests */
#define RS_MODEL_BLOCKS        8u /* the same where env->blocks asks for it                         */

#define RS_ENCODE_MOST 256 /* rows */

struct rs_model_env {
    const struct rs_dataset *dataset; /* stays for as long as the model does */
    unsigned train_parts;             /* bits of the parts that are trained on: train, or train and eval in a refit */
    const struct rs_settings *settings;
    struct rs_pool *pool; /* may be NULL */
    uint64_t seed;
    bool blocks; /* RS_MODEL_BLOCKS: arrange the cells in blocks; units are rounds of them, and step changes the weights
                  */
    bool sinks;  /* hand gradients over row by row; no: keep the gradient blocks, for checks */
};

/* A person who is not in the data, and the ratings that they bring. */
struct rs_person {
    const uint32_t *item; /* (count) */
    const float *rating;  /* (count) */
    size_t count;
    double noise; /* variance of a rating around its prediction: how little one rating says */
};

/* How large the steps of a model are that changes its weights itself: a row's step is rate times its gradient, or where
 * there are sums what row_adagrad makes of it (linalg/kernels.h). */
struct rs_own_rate {
    rs_real rate;
    rs_real *sum[RS_GRAPH_PARAMETERS]; /* of each parameter (rows); all NULL: no sums */
};

/* One parameter. */
struct rs_shape {
    uint64_t rows, columns;
    bool kept; /* its gradient is kept until the step's end, not handed over row by row */
};
#define RS_SHAPES_MOST (2 * RS_CONF_LIST_SIZE + 2)

struct rs_model; /* begins every model's own struct */
struct rs_equation;

struct rs_model_ops {
    const char *name;     /* preset key, [a-z0-9_]+, unique */
    const char *title;    /* menu text */
    const char *citation; /* source of the equations */
    const char *summary;  /* one sentence */
    unsigned capabilities;
    const struct rs_conf_row *const *rows; /* [model] keys it uses, NULL-terminated */
    size_t size;                           /* bytes of the model's struct; the caller of build allocates it zeroed */

    /* Check shapes, build the graph, draw initial weights from env->seed. On error free is still called. */
    enum rs_status (*build)(struct rs_model *model, const struct rs_model_env *env, struct rs_error *err);

    /* One batch: forward and backward over these units (rows or ratings, by capability). The graph's sinks and
     * gradient blocks take the gradient; *squared_error (sum over observed cells, dropout on) and *cells tell what was
     * seen. */
    enum rs_status (*step)(struct rs_model *model, const uint32_t *units, size_t count,
                           const struct rs_graph_step *settings, double *squared_error, uint64_t *cells,
                           struct rs_error *err);

    /* Predictions of cells, dropout off, not clipped. cells: rows are the model's rows (items where `by_item`).
     * out (cells->count). */
    enum rs_status (*predict)(struct rs_model *model, const struct rs_cells *cells, float *out, struct rs_error *err);

    /* What the model has of an item when it predicts: the vector whose product with a person's gives the prediction.
     * item (count); out (count, item_width). */
    size_t (*item_width)(const struct rs_model *model);
    enum rs_status (*item_vectors)(struct rs_model *model, const uint32_t *item, size_t count, float *out,
                                   struct rs_error *err);

    /* Predictions of all items for a person, dropout off, not clipped, weights untouched. out (items). */
    enum rs_status (*fold_in)(struct rs_model *model, const struct rs_person *person, float *out, struct rs_error *err);

    /* Forward, dropout off, over these of its rows (row < units, at most RS_ENCODE_MOST): the graph's nodes then hold
     * what they make of them. NULL where there is no hidden layer. */
    enum rs_status (*encode)(struct rs_model *model, const uint32_t *row, size_t count, struct rs_error *err);

    /* Write the formula as these settings make it, in the paper's letters (src/models/equation.h). */
    void (*equation)(const struct rs_settings *settings, struct rs_equation *out);

    /* The weights it has for this many users and items, without building: returns how many of shape[RS_SHAPES_MOST] it
     * filled. */
    size_t (*shapes)(const struct rs_settings *settings, uint64_t users, uint64_t items, struct rs_shape *shape);

    /* Free what build made, not the struct itself. A half-built model is fine. */
    void (*free)(struct rs_model *model);
};

struct rs_model {
    const struct rs_model_ops *ops;
    struct rs_graph *graph; /* weights, gradients and sinks; owned by the model */
    bool by_item;           /* predict takes rows of items */
    uint64_t units;         /* rows, ratings or rounds of blocks an epoch walks */
    uint64_t cells;         /* observed training cells in them */
    struct rs_own_rate own; /* set by the owner before each step, where step changes the weights itself */
};

/* The table, in menu order, NULL-terminated; and a model by name (NULL when there is none). */
extern const struct rs_model_ops *const rs_model_table[];
const struct rs_model_ops *rs_model_find(const char *name);

/* Allocate and build the model that the settings name. Owns: the caller frees. Errors: as build. */
enum rs_status rs_model_create(struct rs_model **out, const struct rs_model_env *env, struct rs_error *err) RS_CHECKED;
void rs_model_free(struct rs_model *model);

/* The settings' model, and the number of weights it has for this many users and items, without building it. */
const struct rs_model_ops *rs_model_chosen(const struct rs_settings *settings);
uint64_t rs_model_parameters(const struct rs_settings *settings, uint64_t users, uint64_t items);
/* The same with rows padded as they lie in memory; *kept, where not NULL: how many of them have a kept gradient. */
uint64_t rs_model_padded(const struct rs_settings *settings, uint64_t users, uint64_t items, uint64_t *kept);

/* The model's formula in its present setting: the most detailed form within so many columns, or the shortest where
 * none fits. utf8 false: letters of ASCII only. Returns the columns it takes. */
size_t rs_model_equation(char *out, size_t size, const struct rs_settings *settings, bool utf8, size_t columns);

/* The rows of [model], shared by the models; which of them apply is said by ops->rows. */
extern const struct rs_conf_row rs_row_model, rs_row_orientation, rs_row_layers, rs_row_hidden_activation,
    rs_row_output_activation, rs_row_dropout, rs_row_input_dropout, rs_row_factors, rs_row_biases, rs_row_products;

/* true if the row is not one of [model], or is one that the settings' model uses. */
bool rs_row_applies(const struct rs_settings *settings, const struct rs_conf_row *row);

#endif
