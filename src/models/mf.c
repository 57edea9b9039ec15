/* Matrix factorisation by mini-batches, or a rating at a time (mf_blocks.h): a rating is a dot product, bilinear in the
 * factors.
 *
 * Source : Koren, Bell, Volinsky, Matrix Factorization Techniques for Recommender Systems, IEEE Computer 2009, eq. 2-5.
 *          p(u, i) = q_i . p_u, or mean + b_u + b_i + q_i . p_u with biases = yes;
 *          J = sum (r - p)^2 over observed cells + l2/2 (|P|^2 + |Q|^2 + |b|^2).
 * Shapes : P (users, k), Q (items, k), b_u (users, 1), b_i (items, 1). A unit is one rating.
 * Differs: the biases are regularised like the factors; the mean is that of the training cells and is not learned. */
#include "common.h"
#include "equation.h"
#include "fold.h"
#include "mf_blocks.h"

#include <math.h>

#include "recscope/base/memory.h"

/* Cells that predict pushes through the graph at a time. */
#define PREDICT_CELLS 4096

/* Standard deviation of the factors: small beside a rating, large enough to break the symmetry of zero. */
#define FACTOR_DEVIATION 0.1

enum { USER, ITEM, TARGET, STREAMS };

struct mf {
    struct rs_model base;
    double mean;                   /* what predictions start from: that of the training cells, or 0 without biases */
    struct rs_mf_blocks *blocks;   /* the training cells in blocks; NULL: they are in train */
    struct rs_cells train;         /* by user */
    uint32_t *user;                /* (train.count) the row of each cell */
    uint32_t *user_now, *item_now; /* (now_room) the batch's indices */
    float *value_now;
    size_t now_room;
};

/* sum + b_u + b_i. */
static enum rs_status add_biases(struct mf *self, rs_node *sum, struct rs_error *err)
{
    struct rs_graph *graph = self->base.graph;
    rs_parameter parameter[2] = {2, 3}; /* made by add_parameters, after P and Q */
    enum rs_status status = RS_OK;
    for (uint32_t stream = USER; stream <= ITEM && status == RS_OK; stream++) {
        rs_node bias;
        status = rs_op_gather(graph, stream, parameter[stream], &bias, err);
        if (status == RS_OK)
            status = rs_op_add(graph, *sum, bias, sum, err);
    }
    return status;
}

static size_t shapes(const struct rs_settings *settings, uint64_t users, uint64_t items, struct rs_shape *shape)
{
    uint64_t k = (uint64_t)rs_integer(settings, &rs_row_factors);
    shape[0] = (struct rs_shape){users, k, false};
    shape[1] = (struct rs_shape){items, k, false};
    shape[2] = (struct rs_shape){users, 1, false};
    shape[3] = (struct rs_shape){items, 1, false};
    return rs_flag(settings, &rs_row_biases) ? 4 : 2;
}

static enum rs_status add_parameters(struct rs_graph *graph, const struct rs_model_env *env, struct rs_error *err)
{
    static const char *const names[] = {"P", "Q", "b_u", "b_i"};
    const struct rs_ratings *ratings = &env->dataset->ratings;
    struct rs_shape shape[RS_SHAPES_MOST];
    size_t count = shapes(env->settings, ratings->users, ratings->items, shape);
    enum rs_status status = RS_OK;
    for (size_t i = 0; i < count && status == RS_OK; i++) {
        rs_parameter number;
        status =
            rs_graph_parameter(graph, names[i], (size_t)shape[i].rows, (size_t)shape[i].columns, true, &number, err);
    }
    return status;
}

/* In 0 .. 1 / sqrt(k) where ratings pass one by one (LIBMF's way): products start at 1/4, not at 0, and the factors
 * carry a part of the mean, which generalises better. */
static void draw_factors(struct mf *self, uint64_t seed)
{
    for (rs_parameter i = 0; i < 2; i++) {
        const struct rs_parameter_info *info = rs_graph_parameter_info(self->base.graph, i);
        double half = 0.5 / sqrt((double)info->columns);
        rs_graph_draw(self->base.graph, i, seed, (rs_real)(self->blocks ? half / sqrt(3) : FACTOR_DEVIATION));
        for (size_t row = 0; self->blocks && row < info->rows; row++)
            for (size_t k = 0; k < info->columns; k++)
                info->weight[row * info->ld + k] += (rs_real)half;
    }
}

static enum rs_status build_graph(struct mf *self, const struct rs_model_env *env, struct rs_error *err)
{
    const struct rs_ratings *ratings = &env->dataset->ratings;
    uint32_t columns[STREAMS] = {ratings->users, ratings->items, 1};
    bool biases = rs_flag(env->settings, &rs_row_biases);
    enum rs_status status = rs_graph_create(&self->base.graph, columns, STREAMS, env->pool, err);
    if (status != RS_OK)
        return status;
    struct rs_graph *graph = self->base.graph;
    rs_node p;
    rs_node q;
    rs_node sum;
    status = add_parameters(graph, env, err);
    if (status == RS_OK)
        status = rs_op_gather(graph, USER, 0, &p, err);
    if (status == RS_OK)
        status = rs_op_gather(graph, ITEM, 1, &q, err);
    if (status == RS_OK)
        status = rs_op_row_dot(graph, p, q, &sum, err);
    if (status == RS_OK && biases)
        status = add_biases(self, &sum, err);
    if (status == RS_OK)
        status = rs_op_squared_error(graph, sum, TARGET, (rs_real)self->mean, err);
    if (status == RS_OK)
        status = rs_graph_finish(graph, env->sinks, err);
    if (status == RS_OK)
        draw_factors(self, env->seed);
    return status;
}

static enum rs_status list_cells(struct mf *self, const struct rs_model_env *env, struct rs_error *err)
{
    enum rs_status status = rs_dataset_cells(&self->train, env->dataset, env->train_parts, false, err);
    if (status == RS_OK && self->train.count > UINT32_MAX)
        status = rs_fail(err, RS_PRESET, "%llu training ratings: mf walks at most %u",
                         (unsigned long long)self->train.count, UINT32_MAX);
    if (status == RS_OK)
        status = rs_alloc(&self->user, self->train.count, sizeof *self->user, err);
    if (status != RS_OK)
        return status;
    for (uint32_t row = 0; row < self->train.rows; row++)
        for (uint64_t c = self->train.offset[row]; c < self->train.offset[row + 1]; c++)
            self->user[c] = row;
    self->base.units = self->base.cells = self->train.count;
    self->mean = rs_cells_mean(&self->train);
    return RS_OK;
}

static enum rs_status arrange_blocks(struct mf *self, const struct rs_model_env *env, struct rs_error *err)
{
    size_t width = rs_padded((size_t)rs_integer(env->settings, &rs_row_factors));
    enum rs_status status = rs_mf_blocks_create(&self->blocks, env, width, err);
    if (status != RS_OK)
        return status;
    self->base.units = rs_mf_blocks_rounds(self->blocks);
    self->base.cells = rs_mf_blocks_cells(self->blocks);
    self->mean = rs_mf_blocks_mean(self->blocks);
    return RS_OK;
}

static enum rs_status build(struct rs_model *model, const struct rs_model_env *env, struct rs_error *err)
{
    struct mf *self = (struct mf *)model;
    enum rs_status status = env->blocks ? arrange_blocks(self, env, err) : list_cells(self, env, err);
    if (!rs_flag(env->settings, &rs_row_biases))
        self->mean = 0;
    return status == RS_OK ? build_graph(self, env, err) : status;
}

static enum rs_status make_room(struct mf *self, size_t count, struct rs_error *err)
{
    if (count <= self->now_room)
        return RS_OK;
    enum rs_status status = rs_grow(&self->user_now, 0, count, sizeof *self->user_now, err);
    if (status == RS_OK)
        status = rs_grow(&self->item_now, 0, count, sizeof *self->item_now, err);
    if (status == RS_OK)
        status = rs_grow(&self->value_now, 0, count, sizeof *self->value_now, err);
    if (status == RS_OK)
        self->now_room = count;
    return status;
}

/* The graph's inputs from user_now, item_now and, while training, value_now. */
static enum rs_status set_streams(struct mf *self, size_t count, bool training, bool every, struct rs_error *err)
{
    struct rs_graph *graph = self->base.graph;
    const uint32_t *index[] = {self->user_now, self->item_now};
    enum rs_status status = RS_OK;
    for (uint32_t stream = USER; stream <= ITEM && status == RS_OK; stream++) {
        struct rs_batch *batch = rs_graph_stream(graph, stream);
        status = rs_batch_set_ones(batch, index[stream], NULL, count, err);
        if (status == RS_OK && training)
            status = rs_batch_close(batch, every, err);
    }
    struct rs_batch *target = rs_graph_stream(graph, TARGET);
    if (status == RS_OK)
        status = rs_batch_set_ones(target, self->user_now, training ? self->value_now : NULL, count, err);
    return status;
}

static enum rs_status step(struct rs_model *model, const uint32_t *units, size_t count,
                           const struct rs_graph_step *settings, double *squared_error, uint64_t *cells,
                           struct rs_error *err)
{
    struct mf *self = (struct mf *)model;
    if (self->blocks) {
        *squared_error = 0;
        *cells = 0;
        for (size_t i = 0; i < count; i++)
            rs_mf_blocks_step(self->blocks, model, units[i], settings, self->mean, squared_error, cells);
        return RS_OK;
    }
    enum rs_status status = make_room(self, count, err);
    if (status != RS_OK)
        return status;
    for (size_t i = 0; i < count; i++) {
        self->user_now[i] = self->user[units[i]];
        self->item_now[i] = self->train.column[units[i]];
        self->value_now[i] = self->train.value[units[i]];
    }
    *cells = count;
    status = set_streams(self, count, true, settings->every_row, err);
    return status == RS_OK ? rs_graph_backward(model->graph, settings, squared_error, err) : status;
}

static enum rs_status predict(struct rs_model *model, const struct rs_cells *cells, float *out, struct rs_error *err)
{
    struct mf *self = (struct mf *)model;
    enum rs_status status = make_room(self, PREDICT_CELLS, err);
    uint32_t row = 0;
    for (uint64_t c = 0; c < cells->count && status == RS_OK;) {
        size_t count = 0;
        for (; count < PREDICT_CELLS && c < cells->count; c++, count++) {
            while (cells->offset[row + 1] <= c)
                row++;
            self->user_now[count] = row;
            self->item_now[count] = cells->column[c];
        }
        const rs_real *prediction = NULL;
        status = set_streams(self, count, false, false, err);
        if (status == RS_OK)
            status = rs_graph_predict(model->graph, &prediction, err);
        for (size_t i = 0; i < count && status == RS_OK; i++)
            *out++ = (float)prediction[i];
    }
    return status;
}

static size_t item_width(const struct rs_model *model)
{
    return rs_graph_parameter_info(model->graph, 1)->columns;
}

static enum rs_status item_vectors(struct rs_model *model, const uint32_t *item, size_t count, float *out,
                                   struct rs_error *err)
{
    (void)err;
    const struct rs_parameter_info *q = rs_graph_parameter_info(model->graph, 1);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < q->columns; k++)
            *out++ = (float)q->weight[item[i] * q->ld + k];
    return RS_OK;
}

/* Ridge regression on the item vectors (fold.h). */
static enum rs_status fold_in(struct rs_model *model, const struct rs_person *person, float *out, struct rs_error *err)
{
    const struct mf *self = (const struct mf *)model;
    const struct rs_parameter_info *q = rs_graph_parameter_info(model->graph, 1);
    bool biases = rs_graph_parameters(model->graph) > 2;
    const rs_real *b = biases ? rs_graph_parameter_info(model->graph, 3)->weight : NULL;
    const struct rs_people people = {rs_graph_parameter_info(model->graph, 0),
                                     biases ? rs_graph_parameter_info(model->graph, 2) : NULL};
    float *x = NULL;
    double *y = NULL; /* (count), then w (k + 1) */
    enum rs_status status = rs_alloc(&x, person->count * q->columns, sizeof *x, err);
    if (status == RS_OK)
        status = rs_alloc(&y, person->count + q->columns + 1, sizeof *y, err);
    if (status == RS_OK)
        status = item_vectors(model, person->item, person->count, x, err);
    for (size_t i = 0; status == RS_OK && i < person->count; i++)
        y[i] = (double)person->rating[i] - self->mean - (b ? (double)b[person->item[i]] : 0);
    double *w = y + person->count;
    if (status == RS_OK)
        status = rs_fold_person(&people, x, y, person->count, person->noise, w, err);
    for (size_t i = 0; status == RS_OK && i < q->rows; i++) {
        double sum = self->mean + w[q->columns] + (b ? (double)b[i] : 0);
        for (size_t k = 0; k < q->columns; k++)
            sum += w[k] * (double)q->weight[i * q->ld + k];
        out[i] = (float)sum;
    }
    rs_free(x);
    rs_free(y);
    return status;
}

static void free_mf(struct rs_model *model)
{
    struct mf *self = (struct mf *)model;
    rs_graph_free(model->graph);
    rs_mf_blocks_free(self->blocks);
    rs_cells_free(&self->train);
    rs_free(self->user);
    rs_free(self->user_now);
    rs_free(self->item_now);
    rs_free(self->value_now);
}

static void equation(const struct rs_settings *settings, struct rs_equation *out)
{
    const char *u = rs_symbol(out, RS_SYMBOL_SUB_U);
    const char *i = rs_symbol(out, RS_SYMBOL_SUB_I);
    const char *j = rs_symbol(out, RS_SYMBOL_SUB_J);
    const char *dot = rs_symbol(out, RS_SYMBOL_DOT);
    rs_equation_add(out, "r(u,i) = ");
    if (rs_flag(settings, &rs_row_biases))
        rs_equation_add(out, "%s + b%s + b%s + ", rs_symbol(out, RS_SYMBOL_MU), u, i);
    rs_equation_add(out, "q%s%sp%s", i, dot, u);
    if (out->detail >= RS_EQUATION_SIZES)
        rs_equation_add(out, ",  q and p: %lld factors each", (long long)rs_integer(settings, &rs_row_factors));
    if (out->detail >= RS_EQUATION_LETTERS)
        rs_equation_add(out, "  (lecture: U%s%sV%s)", i, dot, j);
}

static const struct rs_conf_row *const rows[] = {&rs_row_factors, &rs_row_biases, NULL};

const struct rs_model_ops rs_model_mf = {
    .name = "mf",
    .title = "Matrix factorisation",
    .citation = "Koren, Bell, Volinsky: Matrix Factorization Techniques for Recommender Systems, IEEE Computer 2009",
    .summary = "Bilinear: a rating is the dot product of a user's and an item's vector, plus biases.",
    .capabilities = RS_MODEL_BATCH_RATINGS | RS_MODEL_BLOCKS,
    .rows = rows,
    .size = sizeof(struct mf),
    .build = build,
    .step = step,
    .predict = predict,
    .item_width = item_width,
    .item_vectors = item_vectors,
    .fold_in = fold_in,
    .equation = equation,
    .shapes = shapes,
    .free = free_mf,
};
