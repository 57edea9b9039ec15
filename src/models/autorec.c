/* AutoRec: an autoencoder that reads a row of ratings and writes the whole row.
 *
 * Source : Sedhain, Menon, Sanner, Xie, AutoRec: Autoencoders Meet Collaborative Filtering, WWW 2015.
 *          h(r) = f(W g(V r + mu) + b), eq. 3; J = sum |r - h(r)|^2 over observed cells + l2/2 (|W|^2 + |V|^2), eq. 4.
 *          g is hidden_activation, f is output_activation. Deep: more layers of g between V and W.
 * Input  : raw ratings, missing = 0: which cells are observed carries much of the signal.
 * Shapes : R rows (items or users), M columns (the other kind), K_1..K_L the hidden widths.
 *          V (M, K_1), hidden (K_l, K_l+1), W (M, K_L): the hidden index runs fastest everywhere.
 * Differs: dropout is not in the paper; weights are drawn uniformly; the output bias starts at the mean rating. */
#include <math.h>
#include <stdio.h>

#include "common.h"

/* Rows that predict pushes through the graph at a time. */
#define PREDICT_ROWS 256

/* Standard deviation of the first and last matrix: larger ones saturate a sigmoid that sees hundreds of ratings. */
#define SMALL_DEVIATION 0.02

enum { INPUT, ASKED, STREAMS };

struct autorec {
    struct rs_model base;
    struct rs_cells train; /* (R, M) */
};

static enum rs_status hidden_layers(struct autorec *self, const struct rs_settings *settings, rs_node *h,
                                    struct rs_error *err)
{
    const struct rs_conf_value *layers = rs_value(settings, &rs_row_layers);
    enum rs_activation kind = (enum rs_activation)rs_choice(settings, &rs_row_hidden_activation);
    struct rs_graph *graph = self->base.graph;
    rs_parameter weight[RS_CONF_LIST_SIZE];
    rs_parameter bias[RS_CONF_LIST_SIZE];
    enum rs_status status = RS_OK;
    for (size_t l = 0; l < layers->length && status == RS_OK; l++) {
        char name[32];
        size_t rows = l == 0 ? self->train.columns : layers->list[l - 1];
        snprintf(name, sizeof name, l == 0 ? "V" : "hidden_%zu", l + 1);
        status = rs_graph_parameter(graph, name, rows, layers->list[l], true, &weight[l], err);
        snprintf(name, sizeof name, l == 0 ? "mu" : "hidden_bias_%zu", l + 1);
        if (status == RS_OK)
            status = rs_graph_parameter(graph, name, 1, layers->list[l], false, &bias[l], err);
    }
    if (status == RS_OK)
        status = rs_op_cell_dropout(graph, INPUT, h, err);
    for (size_t l = 0; l < layers->length && status == RS_OK; l++) {
        status = l == 0 ? rs_op_sparse_linear(graph, *h, weight[l], h, err)
                        : rs_op_dense_linear(graph, *h, weight[l], h, err);
        if (status == RS_OK)
            status = rs_op_bias(graph, *h, bias[l], h, err);
        if (status == RS_OK)
            status = rs_op_activate(graph, *h, kind, h, err);
        if (status == RS_OK && layers->list[l] > 1)
            status = rs_op_dropout(graph, *h, h, err);
    }
    return status;
}

/* The z with f(z) = the mean rating. */
static double output_start(enum rs_activation kind, double mean, const struct rs_scale *scale)
{
    double span = (double)scale->high - (double)scale->low;
    if (kind == RS_IDENTITY || kind == RS_RELU)
        return mean;
    double share = span > 0 ? (mean - (double)scale->low) / span : 0.5;
    share = fmin(fmax(share, 0.01), 0.99);
    double logit = log(share / (1 - share));
    return kind == RS_SIGMOID ? logit : logit / 2; /* tanh(z) = 2 sigmoid(2 z) - 1 */
}

static void draw_weights(struct autorec *self, const struct rs_model_env *env, size_t layers)
{
    struct rs_graph *graph = self->base.graph;
    size_t count = rs_graph_parameters(graph);
    for (rs_parameter p = 0; p < count; p++) {
        const struct rs_parameter_info *info = rs_graph_parameter_info(graph, p);
        bool between = p > 0 && p < 2 * layers;
        if (info->penalised)
            rs_graph_draw(graph, p, env->seed, (rs_real)(between ? 1 / sqrt((double)info->rows) : SMALL_DEVIATION));
    }
    enum rs_activation kind = (enum rs_activation)rs_choice(env->settings, &rs_row_output_activation);
    double start = output_start(kind, rs_cells_mean(&self->train), &env->dataset->ratings.scale);
    rs_graph_fill(graph, (rs_parameter)count - 1, (rs_real)start);
}

static enum rs_status build_graph(struct autorec *self, const struct rs_model_env *env, struct rs_error *err)
{
    const struct rs_settings *settings = env->settings;
    uint32_t columns[STREAMS] = {self->train.columns, self->train.columns};
    enum rs_status status = rs_graph_create(&self->base.graph, columns, STREAMS, env->pool, err);
    if (status != RS_OK)
        return status;
    struct rs_graph *graph = self->base.graph;
    const struct rs_conf_value *layers = rs_value(settings, &rs_row_layers);
    rs_node h;
    rs_parameter w;
    rs_parameter c;
    status = hidden_layers(self, settings, &h, err);
    if (status == RS_OK)
        status = rs_graph_parameter(graph, "W", self->train.columns, layers->list[layers->length - 1], true, &w, err);
    if (status == RS_OK)
        status = rs_graph_parameter(graph, "b", self->train.columns, 1, false, &c, err);
    if (status == RS_OK) {
        const struct rs_scale *scale = &env->dataset->ratings.scale;
        enum rs_activation kind = (enum rs_activation)rs_choice(settings, &rs_row_output_activation);
        status = rs_op_output(graph, h, w, c, kind, (rs_real)scale->low, (rs_real)scale->high, INPUT, ASKED, err);
    }
    if (status == RS_OK)
        status = rs_graph_finish(graph, env->sinks, err);
    if (status == RS_OK)
        draw_weights(self, env, layers->length);
    return status;
}

static enum rs_status build(struct rs_model *model, const struct rs_model_env *env, struct rs_error *err)
{
    struct autorec *self = (struct autorec *)model;
    model->by_item = rs_choice(env->settings, &rs_row_orientation) == 0;
    enum rs_status status = rs_dataset_cells(&self->train, env->dataset, env->train_parts, model->by_item, err);
    if (status != RS_OK)
        return status;
    model->units = self->train.rows;
    model->cells = self->train.count;
    return build_graph(self, env, err);
}

static enum rs_status add_rows(struct rs_batch *batch, const struct rs_cells *cells, const uint32_t *row, size_t count,
                               struct rs_error *err)
{
    enum rs_status status = RS_OK;
    rs_batch_clear(batch);
    for (size_t i = 0; i < count && status == RS_OK; i++) {
        uint64_t from = cells->offset[row[i]];
        status = rs_batch_add_row(batch, cells->column + from, cells->value ? cells->value + from : NULL,
                                  (size_t)(cells->offset[row[i] + 1] - from), err);
    }
    return status;
}

static enum rs_status step(struct rs_model *model, const uint32_t *units, size_t count,
                           const struct rs_graph_step *settings, double *squared_error, uint64_t *cells,
                           struct rs_error *err)
{
    struct autorec *self = (struct autorec *)model;
    struct rs_batch *input = rs_graph_stream(model->graph, INPUT);
    rs_batch_clear(rs_graph_stream(model->graph, ASKED));
    enum rs_status status = add_rows(input, &self->train, units, count, err);
    if (status == RS_OK)
        status = rs_batch_close(input, settings->every_row, err);
    if (status != RS_OK)
        return status;
    *cells = input->cells;
    return rs_graph_backward(model->graph, settings, squared_error, err);
}

static enum rs_status predict(struct rs_model *model, const struct rs_cells *cells, float *out, struct rs_error *err)
{
    struct autorec *self = (struct autorec *)model;
    struct rs_batch *asked = rs_graph_stream(model->graph, ASKED);
    enum rs_status status = RS_OK;
    uint32_t row = 0;
    while (row < cells->rows && status == RS_OK) {
        uint32_t rows[PREDICT_ROWS];
        size_t count = 0;
        for (; row < cells->rows && count < PREDICT_ROWS; row++)
            if (cells->offset[row + 1] > cells->offset[row]) /* nothing is asked of the others */
                rows[count++] = row;
        const rs_real *prediction = NULL;
        status = add_rows(rs_graph_stream(model->graph, INPUT), &self->train, rows, count, err);
        if (status == RS_OK)
            status = add_rows(asked, cells, rows, count, err);
        if (status == RS_OK)
            status = rs_graph_predict(model->graph, &prediction, err);
        for (size_t i = 0; status == RS_OK && i < asked->cells; i++)
            *out++ = (float)prediction[i];
    }
    return status;
}

static void free_autorec(struct rs_model *model)
{
    struct autorec *self = (struct autorec *)model;
    rs_graph_free(model->graph);
    rs_cells_free(&self->train);
}

static uint64_t parameters(const struct rs_settings *settings, uint64_t users, uint64_t items)
{
    const struct rs_conf_value *layers = rs_value(settings, &rs_row_layers);
    uint64_t before = rs_choice(settings, &rs_row_orientation) == 0 ? users : items;
    uint64_t count = before;
    uint64_t columns = before;
    for (size_t l = 0; l < layers->length; l++) {
        count += before * layers->list[l] + layers->list[l];
        before = layers->list[l];
    }
    return count + before * columns;
}

static const struct rs_conf_row *const rows[] = {
    &rs_row_orientation,   &rs_row_layers, &rs_row_hidden_activation, &rs_row_output_activation, &rs_row_dropout,
    &rs_row_input_dropout, NULL,
};

const struct rs_model_ops rs_model_autorec = {
    .name = "autorec",
    .title = "AutoRec autoencoder",
    .citation = "Sedhain, Menon, Sanner, Xie: AutoRec: Autoencoders Meet Collaborative Filtering, WWW 2015",
    .summary = "An autoencoder that reads all ratings of an item (or a user) and predicts the missing ones.",
    .equation = "h(r) = f(W g(V r + mu) + b)",
    .capabilities = RS_MODEL_BATCH_ROWS,
    .rows = rows,
    .size = sizeof(struct autorec),
    .build = build,
    .step = step,
    .predict = predict,
    .parameters = parameters,
    .free = free_autorec,
};
