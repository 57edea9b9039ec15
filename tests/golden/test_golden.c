/* Losses, gradients, predictions and optimiser steps of the models, against PyTorch in double precision.
 *
 * make_golden.py computes the numbers of golden_cases.h. The agreement asked for is of norms, array by array. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "golden_cases.h"
#include "recscope/experiment/preset.h"
#include "recscope/models/model.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* Single precision, and sums of some dozens of products. */
#define TOLERANCE 1e-5

static void must(enum rs_status status, const struct rs_error *err)
{
    if (status != RS_OK)
        fail_msg("%s", err->message);
}

/* ---- a model on the golden ratings ---- */

struct subject {
    struct rs_settings settings;
    struct rs_dataset dataset;
    uint64_t offset[GOLDEN_USERS + 1];
    uint32_t column[LENGTH(golden_ratings)];
    float value[LENGTH(golden_ratings)];
    uint8_t part[LENGTH(golden_ratings)];
    struct rs_model *model;
    struct rs_error err;
};

static void make_dataset(struct subject *subject)
{
    struct rs_dataset *dataset = &subject->dataset;
    for (size_t n = 0; n < LENGTH(golden_ratings); n++) {
        const struct golden_rating *rating = &golden_ratings[n];
        subject->offset[rating->user + 1] = n + 1;
        subject->column[n] = rating->item;
        subject->value[n] = rating->value;
        subject->part[n] = rating->part;
        dataset->count[rating->part]++;
    }
    struct rs_ratings *ratings = &dataset->ratings;
    ratings->users = GOLDEN_USERS;
    ratings->items = GOLDEN_ITEMS;
    ratings->count = LENGTH(golden_ratings);
    ratings->scale = (struct rs_scale){golden_low, golden_high, 0.5F};
    ratings->by_user =
        (struct rs_cells){GOLDEN_USERS, GOLDEN_ITEMS, ratings->count, subject->offset, subject->column, subject->value};
    must(rs_cells_transpose(&ratings->by_item, &ratings->by_user, &subject->err), &subject->err);
    dataset->part = subject->part;
}

static void read_settings(struct subject *subject, const char *text)
{
    must(rs_preset_default(&subject->settings, &subject->err), &subject->err);
    char key[64];
    char value[64];
    int read;
    for (; sscanf(text, " %63[^= ]=%63s%n", key, value, &read) == 2; text += read) {
        const struct rs_conf_row *row = rs_settings_find(&subject->settings, "model", key, &subject->err);
        if (!row)
            fail_msg("%s", subject->err.message);
        must(rs_settings_parse(&subject->settings, row, value, &subject->err), &subject->err);
    }
}

static struct subject *make_subject(const char *settings, bool sinks, const float *weight, size_t weights)
{
    struct subject *subject = calloc(1, sizeof *subject);
    assert_non_null(subject);
    make_dataset(subject);
    read_settings(subject, settings);
    struct rs_model_env env = {
        .dataset = &subject->dataset,
        .train_parts = 1U << RS_TRAIN,
        .settings = &subject->settings,
        .seed = 1,
        .sinks = sinks,
    };
    must(rs_model_create(&subject->model, &env, &subject->err), &subject->err);
    assert_int_equal(rs_graph_weight_count(subject->model->graph), weights);
    rs_graph_load(subject->model->graph, weight);
    return subject;
}

static void free_subject(struct subject *subject)
{
    rs_model_free(subject->model);
    rs_cells_free(&subject->dataset.ratings.by_item);
    free(subject);
}

static struct rs_graph_step step_of(const struct golden_step *golden)
{
    return (struct rs_graph_step){
        .seed = golden->seed,
        .epoch = golden->epoch,
        .step = golden->step,
        .dropout = golden->dropout,
        .input_dropout = golden->input_dropout,
        .l2 = golden->l2,
        .l2_scope = golden->ratings_scope ? RS_L2_RATINGS : RS_L2_TOTAL,
        .share = golden->share,
        .mean = golden->mean,
        .every_row = golden->every_row,
    };
}

static double take_step(struct subject *subject, const uint32_t *units, size_t count, const struct rs_graph_step *step)
{
    double squared_error;
    uint64_t cells;
    must(subject->model->ops->step(subject->model, units, count, step, &squared_error, &cells, &subject->err),
         &subject->err);
    return squared_error;
}

/* ---- agreement ---- */

/* Rows of the parameter's array, padded, with the next numbers of golden; returns the golden's norm. */
static double agree(const char *name, const struct rs_parameter_info *info, const rs_real *array, const double *golden)
{
    double apart = 0;
    double norm = 0;
    for (size_t row = 0; row < info->rows; row++) {
        for (size_t k = 0; k < info->columns; k++) {
            double wanted = golden[row * info->columns + k];
            double difference = (double)array[row * info->ld + k] - wanted;
            apart += difference * difference;
            norm += wanted * wanted;
        }
        for (size_t k = info->columns; k < info->ld; k++)
            if (array[row * info->ld + k] != 0)
                fail_msg("%s, %s: the padding of row %zu is not 0", name, info->name, row);
    }
    if (!(sqrt(apart) <= TOLERANCE * sqrt(norm)))
        fail_msg("%s, %s: %g away at a norm of %g", name, info->name, sqrt(apart), sqrt(norm));
    return norm;
}

static void agree_in_one(const char *name, const char *what, double value, double golden)
{
    if (!(fabs(value - golden) <= TOLERANCE * fmax(fabs(golden), 1)))
        fail_msg("%s: %s is %.9g, should be %.9g", name, what, value, golden);
}

/* ---- cases ---- */

/* A larger batch before the case's, so that rows and cells that a short batch leaves behind would be seen. */
static void other_batch_before(struct subject *subject, const struct golden_gradient *golden)
{
    uint32_t units[8];
    for (uint32_t n = 0; n < LENGTH(units); n++)
        units[n] = n % (uint32_t)subject->model->units;
    struct rs_graph_step step = step_of(&golden->step);
    step.epoch++;
    take_step(subject, units, LENGTH(units), &step);
}

static void check_gradient(const struct golden_gradient *golden)
{
    struct subject *subject = make_subject(golden->settings, false, golden->weight, golden->weights);
    other_batch_before(subject, golden);
    struct rs_graph_step step = step_of(&golden->step);
    double squared_error = take_step(subject, golden->units, golden->count, &step);
    agree_in_one(golden->name, "the squared error", squared_error, golden->squared_error);
    const double *wanted = golden->gradient;
    const struct rs_graph *graph = subject->model->graph;
    for (rs_parameter p = 0; p < rs_graph_parameters(graph); p++) {
        const struct rs_parameter_info *info = rs_graph_parameter_info(graph, p);
        if (!(agree(golden->name, info, info->gradient, wanted) > 0))
            fail_msg("%s, %s: a gradient of zeros tells nothing", golden->name, info->name);
        wanted += info->rows * info->columns;
    }
    free_subject(subject);
}

static void test_gradients(void **state)
{
    (void)state;
    for (size_t n = 0; n < LENGTH(golden_gradients); n++)
        check_gradient(&golden_gradients[n]);
}

static void test_predictions(void **state)
{
    (void)state;
    for (size_t n = 0; n < LENGTH(golden_gradients); n++) {
        const struct golden_gradient *golden = &golden_gradients[n];
        struct subject *subject = make_subject(golden->settings, false, golden->weight, golden->weights);
        struct rs_cells asked;
        must(rs_dataset_cells(&asked, &subject->dataset, 1U << RS_EVAL | 1U << RS_TEST, subject->model->by_item,
                              &subject->err),
             &subject->err);
        assert_int_equal(asked.count, golden->predictions);
        float prediction[LENGTH(golden_ratings)];
        must(subject->model->ops->predict(subject->model, &asked, prediction, &subject->err), &subject->err);
        for (size_t i = 0; i < golden->predictions; i++)
            agree_in_one(golden->name, "a prediction", (double)prediction[i], golden->prediction[i]);
        rs_cells_free(&asked);
        free_subject(subject);
    }
}

/* The constants of PyTorch's defaults, which are the papers'. */
static struct rs_update update_at(float rate, int step)
{
    return (struct rs_update){
        .rate = rate,
        .momentum = (rs_real)0.9,
        .beta1 = (rs_real)0.9,
        .beta2 = (rs_real)0.999,
        .epsilon = (rs_real)1e-8,
        .correction1 = (rs_real)(1 / (1 - pow(0.9, step))),
        .correction2 = (rs_real)(1 / (1 - pow(0.999, step))),
        .grow = (rs_real)1.2,
        .shrink = (rs_real)0.5,
        .least = (rs_real)1e-6,
        .most = 50,
    };
}

struct updater {
    void (*kernel)(const struct rs_update *u, rs_real *w, const struct rs_row_gradient *g, rs_real *s, rs_real *t,
                   size_t n);
    struct rs_update update;
    const struct rs_parameter_info *info;
    rs_real *s, *t;
};

static void update_row(void *context, size_t row, const struct rs_row_gradient *gradient, size_t n)
{
    struct updater *updater = context;
    size_t at = row * updater->info->ld;
    updater->kernel(&updater->update, updater->info->weight + at, gradient, updater->s + at, updater->t + at, n);
}

static void set_updaters(struct updater *updater, struct rs_graph *graph, const char *name)
{
    const struct rs_kernels *kernels = rs_kernels_best();
    for (rs_parameter p = 0; p < rs_graph_parameters(graph); p++) {
        const struct rs_parameter_info *info = rs_graph_parameter_info(graph, p);
        updater[p].kernel = strcmp(name, "sgd") == 0          ? kernels->sgd
                            : strcmp(name, "heavy_ball") == 0 ? kernels->heavy_ball
                            : strcmp(name, "adam") == 0       ? kernels->adam
                                                              : kernels->rprop;
        updater[p].info = info;
        updater[p].s = calloc(info->rows * info->ld, sizeof(rs_real));
        updater[p].t = calloc(info->rows * info->ld, sizeof(rs_real));
        assert_true(updater[p].s && updater[p].t);
        rs_graph_set_sink(graph, p, (struct rs_row_sink){update_row, &updater[p]});
    }
}

/* Three steps through row sinks, as in training: rows change while the backward pass is under way. PyTorch's Rprop is
 * the same rule; it differs where the learning rate is outside least..most, which it clips before the first step. */
static void check_steps(const struct golden_steps *golden)
{
    struct subject *subject = make_subject(golden->settings, true, golden->weight, golden->weights);
    struct rs_graph *graph = subject->model->graph;
    struct updater updater[RS_GRAPH_PARAMETERS] = {0};
    set_updaters(updater, graph, golden->optimizer);
    for (int n = 0; n < 3; n++) {
        struct rs_graph_step step = step_of(&golden->step);
        step.step = (uint64_t)n;
        for (rs_parameter p = 0; p < rs_graph_parameters(graph); p++)
            updater[p].update = update_at(golden->rate, n + 1);
        take_step(subject, golden->units[n], golden->count[n], &step);
    }
    char name[64];
    snprintf(name, sizeof name, "%s by %s", golden->name, golden->optimizer);
    const double *wanted = golden->after;
    for (rs_parameter p = 0; p < rs_graph_parameters(graph); p++) {
        const struct rs_parameter_info *info = rs_graph_parameter_info(graph, p);
        agree(name, info, info->weight, wanted);
        wanted += info->rows * info->columns;
        free(updater[p].s);
        free(updater[p].t);
    }
    free_subject(subject);
}

static void test_optimizers(void **state)
{
    (void)state;
    for (size_t n = 0; n < LENGTH(golden_steps); n++)
        check_steps(&golden_steps[n]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gradients),
        cmocka_unit_test(test_predictions),
        cmocka_unit_test(test_optimizers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
