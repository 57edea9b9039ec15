#include "prober.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recscope/base/clock.h"
#include "recscope/base/memory.h"
#include "recscope/base/text.h"
#include "recscope/linalg/axes.h"

/* Of larger parameters so many weights are looked at, in evenly spread rows. */
#define LOOKED_AT ((size_t)1 << 18)

/* Rows of the sample that units are watched on. */
#define SAMPLE_ROWS 128

/* ---- answers ---------------------------------------------------------------------------------------------------- */

struct counted {
    struct rs_probe_answer answer; /* first: a pointer to it is one to the whole */
    atomic_uint references;
};

const struct rs_probe_answer *rs_probe_take(const struct rs_probe_answer *answer)
{
    union {
        const struct rs_probe_answer *constant;
        struct counted *counted;
    } at = {answer};
    if (answer)
        atomic_fetch_add(&at.counted->references, 1);
    return answer;
}

void rs_probe_drop(const struct rs_probe_answer *answer)
{
    union {
        const struct rs_probe_answer *constant;
        struct counted *counted;
    } at = {answer};
    if (!answer || atomic_fetch_sub(&at.counted->references, 1) > 1)
        return;
    for (size_t i = 0; i < answer->layers; i++) {
        rs_free(answer->layer[i].mean);
        rs_free(answer->layer[i].low);
        rs_free(answer->layer[i].high);
        rs_free(answer->layer[i].state);
    }
    rs_free(answer->parameter);
    rs_free(answer->layer);
    rs_free(answer->place);
    rs_free(answer->score);
    rs_free(at.counted);
}

static void histogram_begin(struct rs_histogram *histogram, double low, double high)
{
    if (!(high > low)) { /* all values are the same: they stand in the middle */
        low -= 0.5;
        high = low + 1;
    }
    *histogram = (struct rs_histogram){.low = low, .high = high};
}

static void histogram_add(struct rs_histogram *histogram, double value)
{
    double at = (value - histogram->low) / (histogram->high - histogram->low) * RS_PROBE_BINS;
    size_t bin = at > 0 ? (size_t)at : 0;
    histogram->count[bin < RS_PROBE_BINS ? bin : RS_PROBE_BINS - 1]++;
}

/* ---- weights ---------------------------------------------------------------------------------------------------- */

/* Every stride-th row is looked at. */
static void look_at_rows(struct rs_probe_parameter *out, const struct rs_parameter_info *info, const rs_real *before,
                         size_t stride)
{
    double sum = 0;
    double squares = 0;
    double moved = 0;
    out->low = (double)INFINITY;
    out->high = -(double)INFINITY;
    for (size_t row = 0; row < info->rows; row += stride) {
        const rs_real *w = info->weight + row * info->ld;
        for (size_t k = 0; k < info->columns; k++) {
            double value = (double)w[k];
            if (!isfinite(value)) {
                out->not_finite++;
                continue;
            }
            double d = before ? value - (double)before[row * info->ld + k] : 0;
            sum += value;
            squares += value * value;
            moved += d * d;
            out->low = fmin(out->low, value);
            out->high = fmax(out->high, value);
            out->looked_at++;
        }
    }
    double count = fmax((double)out->looked_at, 1);
    double all = (double)info->rows * (double)info->columns;
    out->mean = sum / count;
    out->deviation = sqrt(fmax(squares / count - out->mean * out->mean, 0));
    out->norm = sqrt(squares / count * all);
    out->change = before ? sqrt(moved / count * all) : -1;
}

static void describe(struct rs_probe_parameter *out, const struct rs_parameter_info *info, const rs_real *before)
{
    size_t rows = LOOKED_AT / info->columns;
    size_t stride = rows == 0 ? info->rows : info->rows <= rows ? 1 : (info->rows + rows - 1) / rows;
    rs_copy_string(out->name, sizeof out->name, info->name);
    out->rows = info->rows;
    out->columns = info->columns;
    look_at_rows(out, info, before, stride);
    histogram_begin(&out->histogram, out->low, out->high);
    for (size_t row = 0; row < info->rows; row += stride)
        for (size_t k = 0; k < info->columns; k++)
            if (isfinite(info->weight[row * info->ld + k]))
                histogram_add(&out->histogram, (double)info->weight[row * info->ld + k]);
}

static enum rs_status answer_weights(const struct rs_subject *subject, struct rs_probe_answer *out,
                                     struct rs_error *err)
{
    const struct rs_graph *graph = subject->model->graph;
    size_t count;
    const rs_real *first = rs_graph_weights(graph, &count);
    const struct rs_checkpoint *before = subject->before;
    size_t parameters = rs_graph_parameters(graph);
    enum rs_status status = rs_alloc(&out->parameter, parameters, sizeof *out->parameter, err);
    if (status != RS_OK)
        return status;
    out->parameters = parameters;
    out->changed_since = before ? before->epoch : 0;
    for (rs_parameter p = 0; p < parameters; p++) {
        const struct rs_parameter_info *info = rs_graph_parameter_info(graph, p);
        describe(&out->parameter[p], info, before ? before->weights->number + (info->weight - first) : NULL);
    }
    return RS_OK;
}

/* ---- units ------------------------------------------------------------------------------------------------------ */

static bool is_near_bound(enum rs_activation kind, double h)
{
    double room = kind == RS_SIGMOID ? fmin(h, 1 - h) : kind == RS_TANH ? 1 - fabs(h) : (double)INFINITY;
    return room < 0.02;
}

static double least_activity(enum rs_activation kind)
{
    return kind == RS_RELU ? 0 : kind == RS_IDENTITY ? 0.001 : 0.05;
}

static void watch_unit(struct rs_probe_layer *layer, const struct rs_node_info *node, size_t unit)
{
    double sum = 0;
    double low = (double)INFINITY;
    double high = -(double)INFINITY;
    size_t bound = 0;
    for (size_t row = 0; row < layer->rows; row++) {
        double h = (double)node->value[row * node->ld + unit];
        sum += h;
        low = fmin(low, h);
        high = fmax(high, h);
        bound += is_near_bound(node->kind, h);
    }
    layer->mean[unit] = (float)(sum / (double)layer->rows);
    layer->low[unit] = (float)low;
    layer->high[unit] = (float)high;
    bool dead = fmax(high, -low) <= least_activity(node->kind);
    bool saturated = !dead && 10 * bound >= 9 * layer->rows;
    layer->state[unit] = dead ? RS_UNIT_DEAD : saturated ? RS_UNIT_SATURATED : RS_UNIT_ALIVE;
    layer->dead += dead;
    layer->saturated += saturated;
}

static enum rs_status watch_layer(struct rs_probe_layer *layer, const struct rs_node_info *node, size_t number,
                                  size_t rows, struct rs_error *err)
{
    snprintf(layer->name, sizeof layer->name, "hidden %zu, %.16s", number, rs_activation_names[node->kind]);
    layer->rows = rows;
    layer->from = node->kind == RS_TANH ? -1 : 0;
    layer->to = node->kind == RS_SIGMOID || node->kind == RS_TANH ? 1 : layer->from;
    enum rs_status status = rs_alloc(&layer->mean, node->columns, sizeof *layer->mean, err);
    if (status == RS_OK)
        status = rs_alloc(&layer->low, node->columns, sizeof *layer->low, err);
    if (status == RS_OK)
        status = rs_alloc(&layer->high, node->columns, sizeof *layer->high, err);
    if (status == RS_OK)
        status = rs_alloc(&layer->state, node->columns, sizeof *layer->state, err);
    if (status != RS_OK)
        return status;
    layer->units = node->columns;
    double low = layer->from;
    double high = layer->to;
    for (size_t unit = 0; unit < layer->units; unit++) {
        watch_unit(layer, node, unit);
        low = fmin(low, (double)layer->low[unit]);
        high = fmax(high, (double)layer->high[unit]);
    }
    histogram_begin(&layer->histogram, low, high);
    for (size_t row = 0; row < rows; row++)
        for (size_t unit = 0; unit < layer->units; unit++)
            if (isfinite(node->value[row * node->ld + unit]))
                histogram_add(&layer->histogram, (double)node->value[row * node->ld + unit]);
    return RS_OK;
}

static enum rs_status answer_units(const struct rs_subject *subject, struct rs_probe_answer *out, struct rs_error *err)
{
    struct rs_model *model = subject->model;
    if (!model->ops->encode)
        return RS_OK;
    uint32_t row[SAMPLE_ROWS];
    size_t rows = model->units < SAMPLE_ROWS ? (size_t)model->units : SAMPLE_ROWS;
    for (size_t i = 0; i < rows; i++)
        row[i] = (uint32_t)(i * model->units / rows);
    enum rs_status status = model->ops->encode(model, row, rows, err);
    size_t nodes = rs_graph_nodes(model->graph);
    if (status == RS_OK)
        status = rs_alloc(&out->layer, nodes, sizeof *out->layer, err);
    for (rs_node n = 0; n < nodes && status == RS_OK; n++) {
        struct rs_node_info node = rs_graph_node_info(model->graph, n);
        if (strcmp(node.name, "activate") != 0)
            continue;
        out->layers++;
        status = watch_layer(&out->layer[out->layers - 1], &node, out->layers, rows, err);
    }
    return status;
}

/* ---- map -------------------------------------------------------------------------------------------------------- */

struct popularity {
    uint64_t ratings;
    uint32_t item;
};

static int more_popular(const void *a, const void *b)
{
    const struct popularity *one = a;
    const struct popularity *two = b;
    if (one->ratings != two->ratings)
        return one->ratings < two->ratings ? 1 : -1;
    return one->item > two->item ? 1 : -1;
}

static enum rs_status order_items(struct rs_prober *prober, const struct rs_dataset *dataset, struct rs_error *err)
{
    const struct rs_cells *cells = &dataset->ratings.by_user;
    struct popularity *order;
    enum rs_status status = rs_alloc(&order, cells->columns, sizeof *order, err);
    if (status == RS_OK)
        status = rs_alloc(&prober->popular, cells->columns, sizeof *prober->popular, err);
    if (status == RS_OK) {
        for (uint32_t i = 0; i < cells->columns; i++)
            order[i].item = i;
        for (uint64_t c = 0; c < cells->count; c++)
            order[cells->column[c]].ratings += dataset->part[c] == RS_TRAIN;
        qsort(order, cells->columns, sizeof *order, more_popular);
        for (uint32_t i = 0; i < cells->columns; i++)
            prober->popular[i] = order[i].item;
    }
    rs_free(order);
    return status;
}

/* An axis has no sign: take the one that is nearer to the last map. */
static void keep_signs(struct rs_prober *prober, double *place, size_t places)
{
    for (size_t axis = 0; axis < 2 && prober->former_places == places; axis++) {
        double together = 0;
        for (size_t i = 0; i < places; i++)
            together += place[2 * i + axis] * prober->former[2 * i + axis];
        for (size_t i = 0; i < places && together < 0; i++)
            place[2 * i + axis] = -place[2 * i + axis];
    }
}

static enum rs_status answer_map(struct rs_prober *prober, const struct rs_subject *subject, uint32_t asked,
                                 struct rs_probe_answer *out, struct rs_error *err)
{
    struct rs_model *model = subject->model;
    size_t width = model->ops->item_width(model);
    size_t places = asked < RS_PROBE_PLACES_MOST ? asked : RS_PROBE_PLACES_MOST;
    places = places < subject->dataset->ratings.items ? places : subject->dataset->ratings.items;
    float *vector = NULL;
    double *place = NULL;
    enum rs_status status = prober->popular ? RS_OK : order_items(prober, subject->dataset, err);
    if (status == RS_OK)
        status = rs_alloc(&vector, places * width, sizeof *vector, err);
    if (status == RS_OK)
        status = rs_alloc(&place, 2 * places, sizeof *place, err);
    if (status == RS_OK)
        status = rs_alloc(&out->place, places, sizeof *out->place, err);
    if (status == RS_OK)
        status = model->ops->item_vectors(model, prober->popular, places, vector, err);
    if (status == RS_OK)
        status = rs_main_axes(vector, places, width, place, out->share, err);
    if (status == RS_OK) {
        keep_signs(prober, place, places);
        out->places = places;
        for (size_t i = 0; i < places; i++)
            out->place[i] = (struct rs_probe_place){prober->popular[i], (float)place[2 * i], (float)place[2 * i + 1]};
        rs_free(prober->former);
        prober->former = place;
        prober->former_places = places;
        place = NULL;
    }
    rs_free(vector);
    rs_free(place);
    return status;
}

/* ---- predictions ------------------------------------------------------------------------------------------------ */

/* The cells of one user and all items, in the model's rows. */
static enum rs_status cells_of_user(struct rs_cells *cells, const struct rs_subject *subject, uint32_t user,
                                    struct rs_error *err)
{
    const struct rs_ratings *ratings = &subject->dataset->ratings;
    bool by_item = subject->model->by_item;
    *cells = (struct rs_cells){.rows = by_item ? ratings->items : ratings->users,
                               .columns = by_item ? ratings->users : ratings->items,
                               .count = ratings->items};
    enum rs_status status = rs_alloc(&cells->offset, (size_t)cells->rows + 1, sizeof *cells->offset, err);
    if (status == RS_OK)
        status = rs_alloc(&cells->column, ratings->items, sizeof *cells->column, err);
    for (uint32_t i = 0; status == RS_OK && i < ratings->items; i++)
        cells->column[i] = by_item ? user : i;
    for (uint32_t row = 0; status == RS_OK && row < cells->rows; row++)
        cells->offset[row + 1] = by_item ? row + 1 : row >= user ? ratings->items : 0;
    return status;
}

static enum rs_status answer_user(const struct rs_subject *subject, uint32_t user, struct rs_probe_answer *out,
                                  struct rs_error *err)
{
    const struct rs_ratings *ratings = &subject->dataset->ratings;
    if (user >= ratings->users)
        return rs_fail(err, RS_USAGE, "there is no user %u: the last one is %u", user, ratings->users - 1);
    struct rs_cells cells;
    enum rs_status status = cells_of_user(&cells, subject, user, err);
    if (status == RS_OK)
        status = rs_alloc(&out->score, ratings->items, sizeof *out->score, err);
    if (status == RS_OK)
        status = subject->model->ops->predict(subject->model, &cells, out->score, err);
    out->user = user;
    out->scores = status == RS_OK ? ratings->items : 0;
    rs_cells_free(&cells);
    return status;
}

static enum rs_status answer_person(const struct rs_subject *subject, const struct rs_probe_question *question,
                                    struct rs_probe_answer *out, struct rs_error *err)
{
    const struct rs_ratings *ratings = &subject->dataset->ratings;
    const struct rs_person person = {question->item, question->rating, question->ratings, subject->noise};
    enum rs_status status = rs_alloc(&out->score, ratings->items, sizeof *out->score, err);
    for (size_t i = 0; status == RS_OK && i < question->ratings; i++)
        if (question->item[i] >= ratings->items)
            status = rs_fail(err, RS_USAGE, "there is no item %u", question->item[i]);
    if (status == RS_OK)
        status = subject->model->ops->fold_in(subject->model, &person, out->score, err);
    out->scores = status == RS_OK ? ratings->items : 0;
    return status;
}

/* ---- all -------------------------------------------------------------------------------------------------------- */

static enum rs_status answer(struct rs_prober *prober, const struct rs_subject *subject,
                             const struct rs_probe_question *question, struct rs_probe_answer *out,
                             struct rs_error *err)
{
    switch (question->kind) {
    case RS_PROBE_WEIGHTS:
        return answer_weights(subject, out, err);
    case RS_PROBE_UNITS:
        return answer_units(subject, out, err);
    case RS_PROBE_MAP:
        return answer_map(prober, subject, question->places, out, err);
    case RS_PROBE_USER:
        return answer_user(subject, question->user, out, err);
    case RS_PROBE_PERSON:
        return answer_person(subject, question, out, err);
    case RS_PROBE_KINDS:
        break;
    }
    return rs_fail(err, RS_USAGE, "no such question");
}

enum rs_status rs_prober_answer(struct rs_prober *prober, const struct rs_subject *subject,
                                const struct rs_probe_question *question, struct rs_probe_answer **out,
                                struct rs_error *err)
{
    *out = NULL;
    struct counted *counted;
    enum rs_status status = rs_alloc(&counted, 1, sizeof *counted, err);
    if (status != RS_OK)
        return status;
    double start = rs_clock_seconds();
    struct rs_error problem = {0};
    atomic_init(&counted->references, 1);
    counted->answer.kind = question->kind;
    counted->answer.serial = question->serial;
    counted->answer.step = subject->step;
    counted->answer.epoch = subject->epoch;
    status = answer(prober, subject, question, &counted->answer, &problem);
    if (status != RS_OK)
        snprintf(counted->answer.problem, sizeof counted->answer.problem, "%.150s", problem.message);
    counted->answer.seconds = rs_clock_seconds() - start;
    *out = &counted->answer;
    return RS_OK;
}

void rs_prober_free(struct rs_prober *prober)
{
    rs_free(prober->popular);
    rs_free(prober->former);
    *prober = (struct rs_prober){0};
}
