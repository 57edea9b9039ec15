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
#include <string.h>

#include "common.h"
#include "equation.h"
#include "fold.h"
#include "recscope/base/memory.h"
#include "recscope/data/part_rows.h"

/* Rows that predict pushes through the graph at a time. */
#define PREDICT_ROWS 256

/* Standard deviation of the first and last matrix: larger ones saturate a sigmoid that sees hundreds of ratings. */
#define SMALL_DEVIATION 0.02

enum { INPUT, ASKED, STREAMS };

struct autorec {
    struct rs_model base;
    struct rs_part_rows train; /* (R, M) */
    uint32_t *column;          /* (train.longest) a row's cells on their way into a batch */
    float *value;
    rs_node code; /* the last hidden layer */
    rs_parameter w, b;
    enum rs_activation output;
    struct rs_scale scale;
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
        size_t rows = l == 0 ? self->train.cells->columns : layers->list[l - 1];
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

static bool is_bounded(enum rs_activation kind)
{
    return kind == RS_SIGMOID || kind == RS_TANH;
}

/* The z with f(z) = this rating; a bounded f reaches the ends of the scale almost. */
static double output_argument(enum rs_activation kind, double rating, const struct rs_scale *scale)
{
    double span = (double)scale->high - (double)scale->low;
    if (!is_bounded(kind))
        return rating;
    double share = span > 0 ? (rating - (double)scale->low) / span : 0.5;
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
    double start = output_argument(self->output, rs_part_mean(&self->train), &self->scale);
    rs_graph_fill(graph, self->b, (rs_real)start);
}

/* From this share of observed cells on dense products are faster: measured, see docs/performance.md. */
#define DENSE_FROM 0.45

static bool wants_dense(const struct autorec *self, const struct rs_settings *settings)
{
    enum { AUTO, SPARSE, DENSE };
    size_t choice = rs_choice(settings, &rs_row_products);
    double all = (double)self->train.cells->rows * (double)self->train.cells->columns;
    return choice == DENSE || (choice == AUTO && (double)self->train.count >= DENSE_FROM * all);
}

static enum rs_status build_graph(struct autorec *self, const struct rs_model_env *env, struct rs_error *err)
{
    const struct rs_settings *settings = env->settings;
    uint32_t columns[STREAMS] = {self->train.cells->columns, self->train.cells->columns};
    enum rs_status status = rs_graph_create(&self->base.graph, columns, STREAMS, env->pool, err);
    if (status != RS_OK)
        return status;
    struct rs_graph *graph = self->base.graph;
    rs_graph_set_dense(graph, wants_dense(self, settings));
    const struct rs_conf_value *layers = rs_value(settings, &rs_row_layers);
    rs_node h = 0;
    rs_parameter w = 0;
    rs_parameter b = 0;
    status = hidden_layers(self, settings, &h, err);
    if (status == RS_OK)
        status = rs_graph_parameter(graph, "W", columns[INPUT], layers->list[layers->length - 1], true, &w, err);
    if (status == RS_OK)
        status = rs_graph_parameter(graph, "b", columns[INPUT], 1, false, &b, err);
    self->output = (enum rs_activation)rs_choice(settings, &rs_row_output_activation);
    self->scale = env->dataset->ratings.scale;
    self->code = h;
    self->w = w;
    self->b = b;
    if (status == RS_OK)
        status = rs_op_output(graph, h, w, b, self->output, (rs_real)self->scale.low, (rs_real)self->scale.high, INPUT,
                              ASKED, err);
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
    enum rs_status status = rs_part_rows_init(&self->train, env->dataset, env->train_parts, model->by_item, err);
    if (status == RS_OK)
        status = rs_alloc(&self->column, self->train.longest, sizeof *self->column, err);
    if (status == RS_OK)
        status = rs_alloc(&self->value, self->train.longest, sizeof *self->value, err);
    if (status != RS_OK)
        return status;
    model->units = self->train.cells->rows;
    model->cells = self->train.count;
    return build_graph(self, env, err);
}

/* The training cells of these rows. every: rows of weights without a cell in the batch are visited, too. */
static enum rs_status fill_input(struct autorec *self, const uint32_t *row, size_t count, bool every,
                                 struct rs_error *err)
{
    struct rs_batch *batch = rs_graph_stream(self->base.graph, INPUT);
    enum rs_status status = RS_OK;
    rs_batch_clear(batch);
    for (size_t i = 0; i < count && status == RS_OK; i++) {
        size_t cells = rs_part_row(&self->train, row[i], self->column, self->value);
        status = rs_batch_add_row(batch, self->column, self->value, cells, err);
    }
    return status == RS_OK ? rs_batch_close(batch, every, err) : status;
}

static enum rs_status fill_asked(struct autorec *self, const struct rs_cells *cells, const uint32_t *row, size_t count,
                                 struct rs_error *err)
{
    struct rs_batch *batch = rs_graph_stream(self->base.graph, ASKED);
    enum rs_status status = RS_OK;
    rs_batch_clear(batch);
    for (size_t i = 0; i < count && status == RS_OK; i++) {
        uint64_t from = cells->offset[row[i]];
        status = rs_batch_add_row(batch, cells->column + from, NULL, (size_t)(cells->offset[row[i] + 1] - from), err);
    }
    return status == RS_OK ? rs_batch_close(batch, false, err) : status;
}

static enum rs_status step(struct rs_model *model, const uint32_t *units, size_t count,
                           const struct rs_graph_step *settings, double *squared_error, uint64_t *cells,
                           struct rs_error *err)
{
    struct autorec *self = (struct autorec *)model;
    rs_batch_clear(rs_graph_stream(model->graph, ASKED));
    bool every = settings->every_row || rs_graph_is_dense(model->graph);
    enum rs_status status = fill_input(self, units, count, every, err);
    if (status != RS_OK)
        return status;
    *cells = rs_graph_stream(model->graph, INPUT)->cells;
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
        status = fill_input(self, rows, count, false, err);
        if (status == RS_OK)
            status = fill_asked(self, cells, rows, count, err);
        if (status == RS_OK)
            status = rs_graph_predict(model->graph, &prediction, err);
        for (size_t i = 0; status == RS_OK && i < asked->cells; i++)
            *out++ = (float)prediction[i];
    }
    return status;
}

/* ---- for people who look ---------------------------------------------------------------------------------------- */

static enum rs_status encode(struct rs_model *model, const uint32_t *row, size_t count, struct rs_error *err)
{
    struct autorec *self = (struct autorec *)model;
    const rs_real *prediction;
    rs_batch_clear(rs_graph_stream(model->graph, ASKED));
    enum rs_status status = fill_input(self, row, count, false, err);
    return status == RS_OK ? rs_graph_predict(model->graph, &prediction, err) : status;
}

static size_t item_width(const struct rs_model *model)
{
    const struct autorec *self = (const struct autorec *)model;
    return rs_graph_parameter_info(model->graph, self->w)->columns;
}

/* A row is an item: what the encoder makes of it. A row is a user: the item's row of W. */
static enum rs_status item_vectors(struct rs_model *model, const uint32_t *item, size_t count, float *out,
                                   struct rs_error *err)
{
    struct autorec *self = (struct autorec *)model;
    const struct rs_parameter_info *w = rs_graph_parameter_info(model->graph, self->w);
    for (size_t from = 0; from < count; from += RS_ENCODE_MOST) {
        size_t rows = count - from < RS_ENCODE_MOST ? count - from : RS_ENCODE_MOST;
        enum rs_status status = model->by_item ? encode(model, item + from, rows, err) : RS_OK;
        if (status != RS_OK)
            return status;
        struct rs_node_info code = rs_graph_node_info(model->graph, self->code);
        for (size_t i = 0; i < rows; i++) {
            const rs_real *vector = model->by_item ? code.value + i * code.ld : w->weight + item[from + i] * w->ld;
            for (size_t k = 0; k < w->columns; k++)
                *out++ = (float)vector[k];
        }
    }
    return RS_OK;
}

/* A row is a user: the person is one row more, and is encoded and decoded as the others are. */
static enum rs_status encode_person(struct autorec *self, const struct rs_person *person, float *out,
                                    struct rs_error *err)
{
    struct rs_graph *graph = self->base.graph;
    struct rs_batch *input = rs_graph_stream(graph, INPUT);
    struct rs_batch *asked = rs_graph_stream(graph, ASKED);
    const rs_real *prediction = NULL;
    uint32_t *all;
    enum rs_status status = rs_alloc(&all, self->train.cells->columns, sizeof *all, err);
    if (status != RS_OK)
        return status;
    for (uint32_t i = 0; i < self->train.cells->columns; i++)
        all[i] = i;
    rs_batch_clear(input);
    rs_batch_clear(asked);
    status = rs_batch_add_row(input, person->item, person->rating, person->count, err);
    if (status == RS_OK)
        status = rs_batch_add_row(asked, all, NULL, self->train.cells->columns, err);
    if (status == RS_OK)
        status = rs_batch_close(input, false, err);
    if (status == RS_OK)
        status = rs_batch_close(asked, false, err);
    if (status == RS_OK)
        status = rs_graph_predict(graph, &prediction, err);
    for (uint32_t i = 0; status == RS_OK && i < self->train.cells->columns; i++)
        out[i] = (float)prediction[i];
    rs_free(all);
    return status;
}

/* f(z), moved to the scale where f is bounded. */
static void output(const struct autorec *self, float *z, size_t n)
{
    double low = (double)self->scale.low;
    double span = (double)self->scale.high - low;
    for (size_t i = 0; i < n; i++) {
        double value = (double)z[i];
        if (is_bounded(self->output)) /* tanh(z) = 2 sigmoid(2 z) - 1, moved to 0..1 */
            value = low + span / (1 + exp(self->output == RS_TANH ? -2 * value : -value));
        else if (self->output == RS_RELU)
            value = fmax(value, 0);
        z[i] = (float)value;
    }
}

/* A row is an item: a user is a column, that is an input of the encoder and a row w_u of W with its bias b_u. With
 * everything learned held fixed, the items' codes h do not hear of the new person; of the decoder
 * h(r; theta)_u = f(w_u . h + b_u) their w_u and b_u are missing, and are regressed on the codes of the items that they
 * rated (fold.h), through the inverse of f. The paper says nothing about new users. */
static enum rs_status regress_person(struct autorec *self, const struct rs_person *person, float *out,
                                     struct rs_error *err)
{
    struct rs_model *model = &self->base;
    const struct rs_people people = {rs_graph_parameter_info(model->graph, self->w),
                                     rs_graph_parameter_info(model->graph, self->b)};
    size_t width = people.vector->columns;
    uint32_t items = self->train.cells->rows;
    float *code = NULL;   /* (items, width) */
    float *rated = NULL;  /* (count, width) */
    uint32_t *all = NULL; /* (items) */
    double *y = NULL;     /* (count), then w (width + 1) */
    enum rs_status status = rs_alloc(&code, (size_t)items * width, sizeof *code, err);
    if (status == RS_OK)
        status = rs_alloc(&rated, person->count * width, sizeof *rated, err);
    if (status == RS_OK)
        status = rs_alloc(&all, items, sizeof *all, err);
    if (status == RS_OK)
        status = rs_alloc(&y, person->count + width + 1, sizeof *y, err);
    for (uint32_t i = 0; status == RS_OK && i < items; i++)
        all[i] = i;
    if (status == RS_OK)
        status = item_vectors(model, all, items, code, err);
    for (size_t i = 0; status == RS_OK && i < person->count; i++) {
        memcpy(rated + i * width, code + person->item[i] * width, width * sizeof *rated);
        y[i] = output_argument(self->output, (double)person->rating[i], &self->scale);
    }
    double *w = y + person->count;
    if (status == RS_OK)
        status = rs_fold_person(&people, rated, y, person->count, person->noise, w, err);
    for (uint32_t i = 0; status == RS_OK && i < items; i++) {
        double sum = w[width];
        for (size_t k = 0; k < width; k++)
            sum += w[k] * (double)code[i * width + k];
        out[i] = (float)sum;
    }
    if (status == RS_OK)
        output(self, out, items);
    rs_free(code);
    rs_free(rated);
    rs_free(all);
    rs_free(y);
    return status;
}

static enum rs_status fold_in(struct rs_model *model, const struct rs_person *person, float *out, struct rs_error *err)
{
    struct autorec *self = (struct autorec *)model;
    return model->by_item ? regress_person(self, person, out, err) : encode_person(self, person, out, err);
}

static void free_autorec(struct rs_model *model)
{
    struct autorec *self = (struct autorec *)model;
    rs_graph_free(model->graph);
    rs_part_rows_free(&self->train);
    rs_free(self->column);
    rs_free(self->value);
}

static size_t shapes(const struct rs_settings *settings, uint64_t users, uint64_t items, struct rs_shape *shape)
{
    const struct rs_conf_value *layers = rs_value(settings, &rs_row_layers);
    uint64_t columns = rs_choice(settings, &rs_row_orientation) == 0 ? users : items;
    uint64_t before = columns;
    size_t count = 0;
    for (size_t l = 0; l < layers->length; l++) {
        shape[count++] = (struct rs_shape){before, layers->list[l], l > 0};
        shape[count++] = (struct rs_shape){1, layers->list[l], true};
        before = layers->list[l];
    }
    shape[count++] = (struct rs_shape){columns, before, false};
    shape[count++] = (struct rs_shape){columns, 1, false};
    return count;
}

static const struct rs_conf_row *const rows[] = {
    &rs_row_orientation, &rs_row_layers,        &rs_row_hidden_activation, &rs_row_output_activation,
    &rs_row_dropout,     &rs_row_input_dropout, &rs_row_products,          NULL,
};

const struct rs_model_ops rs_model_autorec = {
    .name = "autorec",
    .title = "AutoRec autoencoder",
    .citation = "Sedhain, Menon, Sanner, Xie: AutoRec: Autoencoders Meet Collaborative Filtering, WWW 2015",
    .summary = "An autoencoder that reads all ratings of an item (or a user) and predicts the missing ones.",
    .capabilities = RS_MODEL_BATCH_ROWS,
    .rows = rows,
    .size = sizeof(struct autorec),
    .build = build,
    .step = step,
    .predict = predict,
    .item_width = item_width,
    .item_vectors = item_vectors,
    .fold_in = fold_in,
    .encode = encode,
    .equation = rs_autorec_equation,
    .shapes = shapes,
    .free = free_autorec,
};
