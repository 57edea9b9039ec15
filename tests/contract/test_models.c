/* What every model of the table keeps, whatever it computes. A new row of models.def is tested without a change here.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "recscope/base/memory.h"
#include "recscope/base/random.h"
#include "recscope/experiment/preset.h"
#include "recscope/models/model.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* Settings that every model is tried with; it reads of them what it uses. */
static const char *const variants[] = {
    "layers=70 factors=70",
    "orientation=user layers=40,33 factors=33 biases=no hidden_activation=tanh output_activation=sigmoid",
    "layers=1 factors=1 output_activation=tanh",
};

static void must(enum rs_status status, const struct rs_error *err)
{
    if (status != RS_OK)
        fail_msg("%s", err->message);
}

/* ---- data ---- */

/* users x items with this share of cells, a fifth of them for tests; the last user and item have none for training. */
static struct rs_dataset *make_dataset(uint32_t users, uint32_t items, double density)
{
    struct rs_error err;
    struct rs_dataset *dataset;
    must(rs_alloc(&dataset, 1, sizeof *dataset, &err), &err);
    struct rs_ratings *ratings = &dataset->ratings;
    struct rs_cells *cells = &ratings->by_user;
    size_t room = (size_t)users * items;
    cells->rows = ratings->users = users;
    cells->columns = ratings->items = items;
    must(rs_alloc(&cells->offset, (size_t)users + 1, sizeof *cells->offset, &err), &err);
    must(rs_alloc(&cells->column, room, sizeof *cells->column, &err), &err);
    must(rs_alloc(&cells->value, room, sizeof *cells->value, &err), &err);
    must(rs_alloc(&dataset->part, room, 1, &err), &err);
    struct rs_rng rng = rs_rng_at(4, RS_DRAW_TEST, 0, 0, users);
    for (uint32_t user = 0; user < users; user++) {
        for (uint32_t item = 0; item < items; item++) {
            if (rs_rng_uniform(&rng) >= density && item != user % items)
                continue;
            bool last = user + 1 == users || item + 1 == items;
            uint8_t part = last || rs_rng_below(&rng, 5) == 0 ? RS_TEST : RS_TRAIN;
            cells->column[cells->count] = item;
            cells->value[cells->count] = (float)(1 + rs_rng_below(&rng, 5));
            dataset->part[cells->count++] = part;
            dataset->count[part]++;
        }
        cells->offset[user + 1] = cells->count;
    }
    ratings->count = cells->count;
    ratings->scale = (struct rs_scale){1, 5, 1};
    must(rs_cells_transpose(&ratings->by_item, cells, &err), &err);
    return dataset;
}

static void free_dataset(struct rs_dataset *dataset)
{
    rs_cells_free(&dataset->ratings.by_user);
    rs_cells_free(&dataset->ratings.by_item);
    rs_free(dataset->part);
    rs_free(dataset);
}

/* ---- a model ---- */

static void set(struct rs_settings *settings, const char *key, const char *value)
{
    struct rs_error err;
    const struct rs_conf_row *row = rs_settings_find(settings, "model", key, &err);
    if (!row)
        fail_msg("%s", err.message);
    must(rs_settings_parse(settings, row, value, &err), &err);
}

static void read_settings(struct rs_settings *settings, const struct rs_model_ops *ops, const char *variant)
{
    struct rs_error err;
    must(rs_preset_default(settings, &err), &err);
    set(settings, "name", ops->name);
    char key[64];
    char value[64];
    int read;
    for (; sscanf(variant, " %63[^= ]=%63s%n", key, value, &read) == 2; variant += read)
        set(settings, key, value);
}

struct subject {
    struct rs_settings settings;
    struct rs_dataset *dataset;
    struct rs_pool *pool;
    struct rs_model *model;
};

static void start(struct subject *subject, const struct rs_model_ops *ops, const char *variant,
                  struct rs_dataset *dataset, size_t threads, uint64_t seed, bool sinks)
{
    struct rs_error err;
    memset(subject, 0, sizeof *subject);
    read_settings(&subject->settings, ops, variant);
    subject->dataset = dataset;
    must(rs_pool_create(&subject->pool, threads, &err), &err);
    struct rs_model_env env = {
        .dataset = dataset,
        .train_parts = 1U << RS_TRAIN,
        .settings = &subject->settings,
        .pool = subject->pool,
        .seed = seed,
        .sinks = sinks,
    };
    must(rs_model_create(&subject->model, &env, &err), &err);
}

static void end(struct subject *subject)
{
    rs_model_free(subject->model);
    rs_pool_free(subject->pool);
}

/* One step over all units; returns the squared error. */
static double step_over_all(struct subject *subject, const struct rs_graph_step *step)
{
    struct rs_model *model = subject->model;
    struct rs_error err;
    uint32_t *unit = calloc(model->units, sizeof *unit);
    assert_non_null(unit);
    for (uint32_t i = 0; i < model->units; i++)
        unit[i] = i;
    double squared_error;
    uint64_t cells;
    must(model->ops->step(model, unit, model->units, step, &squared_error, &cells, &err), &err);
    assert_int_equal(cells, model->cells);
    free(unit);
    return squared_error;
}

/* Predictions of the cells of these parts; *count of them. The caller frees, cells too. */
static float *predict(struct subject *subject, unsigned parts, struct rs_cells *cells)
{
    struct rs_error err;
    must(rs_dataset_cells(cells, subject->dataset, parts, subject->model->by_item, &err), &err);
    float *out = calloc(cells->count + 1, sizeof *out);
    assert_non_null(out);
    must(subject->model->ops->predict(subject->model, cells, out, &err), &err);
    return out;
}

static const struct rs_graph_step plain = {.share = 1, .every_row = true};

/* For every model and every variant, on the same data. */
static void for_each(void (*check)(const struct rs_model_ops *ops, const char *variant, struct rs_dataset *dataset),
                     uint32_t users, uint32_t items, double density)
{
    struct rs_dataset *dataset = make_dataset(users, items, density);
    for (size_t i = 0; rs_model_table[i]; i++) {
        for (size_t v = 0; v < LENGTH(variants); v++) {
            print_message("# %s: %s\n", rs_model_table[i]->name, variants[v]);
            check(rs_model_table[i], variants[v], dataset);
        }
    }
    free_dataset(dataset);
}

/* ---- descriptions ---- */

static void test_names_are_unique_and_found(void **state)
{
    (void)state;
    for (size_t i = 0; rs_model_table[i]; i++) {
        const struct rs_model_ops *ops = rs_model_table[i];
        assert_int_equal(strspn(ops->name, "abcdefghijklmnopqrstuvwxyz0123456789_"), strlen(ops->name));
        assert_ptr_equal(rs_model_find(ops->name), ops);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(ops->name, rs_model_table[k]->name);
        struct rs_settings settings;
        read_settings(&settings, ops, "");
        assert_ptr_equal(rs_model_chosen(&settings), ops);
    }
    assert_null(rs_model_find("no_such_model"));
}

static void test_descriptions_are_complete(void **state)
{
    (void)state;
    for (size_t i = 0; rs_model_table[i]; i++) {
        const struct rs_model_ops *ops = rs_model_table[i];
        assert_true(strlen(ops->title) > 0 && strlen(ops->citation) > 0 && strlen(ops->summary) > 0);
        assert_non_null(ops->equation);
        bool of_rows = ops->capabilities & RS_MODEL_BATCH_ROWS;
        bool of_ratings = ops->capabilities & RS_MODEL_BATCH_RATINGS;
        assert_true(of_rows != of_ratings);
        for (const struct rs_conf_row *const *row = ops->rows; *row; row++) {
            struct rs_settings settings;
            read_settings(&settings, ops, "");
            assert_string_equal((*row)->section, rs_row_model.section);
            assert_true(strlen((*row)->label) > 0 && strlen((*row)->help) > 0);
            assert_true((*row)->applies || rs_row_applies(&settings, *row));
            assert_ptr_equal(rs_settings_find(&settings, (*row)->section, (*row)->key, NULL), *row);
        }
    }
}

/* ---- weights ---- */

static float *saved(const struct rs_model *model, size_t *bytes)
{
    *bytes = rs_graph_weight_count(model->graph) * sizeof(float);
    float *out = malloc(*bytes);
    assert_non_null(out);
    rs_graph_save(model->graph, out);
    return out;
}

static void check_seeds(const struct rs_model_ops *ops, const char *variant, struct rs_dataset *dataset)
{
    static const uint64_t seeds[] = {1, 1, 2};
    float *weights[3];
    size_t bytes = 0;
    for (size_t i = 0; i < 3; i++) {
        struct subject subject;
        start(&subject, ops, variant, dataset, 1, seeds[i], true);
        weights[i] = saved(subject.model, &bytes);
        end(&subject);
    }
    assert_memory_equal(weights[0], weights[1], bytes);
    assert_memory_not_equal(weights[0], weights[2], bytes);
    for (size_t i = 0; i < 3; i++)
        free(weights[i]);
}

static void test_weights_follow_the_seed(void **state)
{
    (void)state;
    for_each(check_seeds, 9, 7, 0.6);
}

static void check_counts(const struct rs_model_ops *ops, const char *variant, struct rs_dataset *dataset)
{
    struct subject subject;
    start(&subject, ops, variant, dataset, 1, 1, true);
    assert_int_equal(rs_graph_weight_count(subject.model->graph),
                     rs_model_parameters(&subject.settings, dataset->ratings.users, dataset->ratings.items));
    uint64_t kept;
    uint64_t padded = rs_model_padded(&subject.settings, dataset->ratings.users, dataset->ratings.items, &kept);
    size_t built;
    rs_graph_weights(subject.model->graph, &built); /* parameters begin on a vector's boundary there */
    assert_in_range(built, padded, padded + RS_LANES * rs_graph_parameters(subject.model->graph));
    uint64_t with_gradient = 0;
    for (rs_parameter p = 0; p < rs_graph_parameters(subject.model->graph); p++) {
        const struct rs_parameter_info *info = rs_graph_parameter_info(subject.model->graph, p);
        with_gradient += info->gradient ? info->rows * info->ld : 0;
    }
    assert_int_equal(with_gradient, kept);
    assert_int_equal(subject.model->cells, dataset->count[RS_TRAIN]);
    uint64_t lines = subject.model->by_item ? dataset->ratings.items : dataset->ratings.users;
    uint64_t units = ops->capabilities & RS_MODEL_BATCH_RATINGS ? dataset->count[RS_TRAIN] : lines;
    assert_int_equal(subject.model->units, units);
    end(&subject);
}

static void test_counts_are_known_without_building(void **state)
{
    (void)state;
    for_each(check_counts, 9, 7, 0.6);
}

static void check_round_trip(const struct rs_model_ops *ops, const char *variant, struct rs_dataset *dataset)
{
    struct subject one;
    struct subject other;
    struct rs_cells cells;
    size_t bytes;
    start(&one, ops, variant, dataset, 1, 1, true);
    start(&other, ops, variant, dataset, 1, 2, true);
    float *weights = saved(one.model, &bytes);
    rs_graph_load(other.model->graph, weights);
    float *again = saved(other.model, &bytes);
    assert_memory_equal(weights, again, bytes);
    float *first = predict(&one, 1U << RS_TEST, &cells);
    rs_cells_free(&cells);
    float *second = predict(&other, 1U << RS_TEST, &cells);
    assert_true(cells.count > 0);
    assert_memory_equal(first, second, cells.count * sizeof *first);
    rs_cells_free(&cells);
    free(first);
    free(second);
    free(weights);
    free(again);
    end(&one);
    end(&other);
}

static void test_saved_weights_are_the_model(void **state)
{
    (void)state;
    for_each(check_round_trip, 9, 7, 0.6);
}

/* ---- training ---- */

/* The smallest optimiser: weight row -= rate * gradient row. */
struct descent {
    const struct rs_parameter_info *info;
    rs_real rate;
};

static void descend(void *context, size_t row, const struct rs_row_gradient *gradient, size_t n)
{
    const struct descent *descent = context;
    rs_real *w = descent->info->weight + row * descent->info->ld;
    for (size_t k = 0; k < n; k++)
        w[k] -= descent->rate * rs_gradient_at(gradient, w, k);
}

static void check_learning(const struct rs_model_ops *ops, const char *variant, struct rs_dataset *dataset)
{
    struct subject subject;
    struct descent descent[RS_GRAPH_PARAMETERS];
    start(&subject, ops, variant, dataset, 1, 1, true);
    struct rs_graph *graph = subject.model->graph;
    for (rs_parameter p = 0; p < rs_graph_parameters(graph); p++) {
        descent[p] = (struct descent){rs_graph_parameter_info(graph, p), (rs_real)0.01};
        rs_graph_set_sink(graph, p, (struct rs_row_sink){descend, &descent[p]});
    }
    double first = step_over_all(&subject, &plain);
    double last = first;
    for (int i = 0; i < 6000; i++)
        last = step_over_all(&subject, &plain);
    /* One unit, or one factor, cannot hold a matrix; it must have learned something all the same. */
    double wanted = strstr(variant, "=1 ") ? 0.8 : 0.02;
    if (!(last < wanted * first))
        fail_msg("%s, %s: the squared error went from %g to %g", ops->name, variant, first, last);
    end(&subject);
}

static void test_a_tiny_matrix_is_learned_by_heart(void **state)
{
    (void)state;
    for_each(check_learning, 6, 5, 0.7);
}

static void check_residuals(const struct rs_model_ops *ops, const char *variant, struct rs_dataset *dataset)
{
    struct subject subject;
    struct rs_cells cells;
    start(&subject, ops, variant, dataset, 1, 1, false);
    double squared_error = step_over_all(&subject, &plain);
    float *prediction = predict(&subject, 1U << RS_TRAIN, &cells);
    double sum = 0;
    for (uint64_t c = 0; c < cells.count; c++)
        sum += pow((double)prediction[c] - (double)cells.value[c], 2);
    if (!(fabs(sum - squared_error) <= 1e-5 * sum))
        fail_msg("%s, %s: squared error %.9g, of the predictions %.9g", ops->name, variant, squared_error, sum);
    rs_cells_free(&cells);
    free(prediction);
    end(&subject);
}

static void test_predictions_have_the_residuals_of_training(void **state)
{
    (void)state;
    for_each(check_residuals, 300, 40, 0.5); /* more rows than predict takes at a time */
}

/* ---- people who are not in the data ---- */

/* Tastes and qualities of one dimension, and a little chance: something that can be learned of few ratings. */
static void make_tasteful(struct rs_dataset *dataset)
{
    struct rs_error err;
    struct rs_cells *cells = &dataset->ratings.by_user;
    for (uint32_t user = 0; user < cells->rows; user++) {
        for (uint64_t c = cells->offset[user]; c < cells->offset[user + 1]; c++) {
            struct rs_rng of_user = rs_rng_at(1, RS_DRAW_TEST, 0, 0, user);
            struct rs_rng of_item = rs_rng_at(2, RS_DRAW_TEST, 0, 0, cells->column[c]);
            struct rs_rng of_cell = rs_rng_at(3, RS_DRAW_TEST, 0, 0, c);
            double value = 3 + 1.5 * rs_rng_normal(&of_user) * rs_rng_normal(&of_item) + 0.2 * rs_rng_normal(&of_cell);
            cells->value[c] = (float)fmin(fmax(round(value), 1), 5);
        }
    }
    rs_cells_free(&dataset->ratings.by_item);
    must(rs_cells_transpose(&dataset->ratings.by_item, cells, &err), &err);
}

/* Predictions of all items for a user of the data. */
static void predict_user(struct subject *subject, uint32_t user, float *out)
{
    struct rs_error err;
    const struct rs_ratings *ratings = &subject->dataset->ratings;
    bool by_item = subject->model->by_item;
    uint32_t rows = by_item ? ratings->items : ratings->users;
    struct rs_cells cells = {
        .rows = rows, .columns = by_item ? ratings->users : ratings->items, .count = ratings->items};
    cells.offset = calloc((size_t)rows + 1, sizeof *cells.offset);
    cells.column = calloc(ratings->items, sizeof *cells.column);
    assert_non_null(cells.offset);
    assert_non_null(cells.column);
    for (uint32_t i = 0; i < ratings->items; i++)
        cells.column[i] = by_item ? user : i;
    for (uint32_t row = 0; row < rows; row++)
        cells.offset[row + 1] = by_item ? row + 1 : row >= user ? ratings->items : 0;
    must(subject->model->ops->predict(subject->model, &cells, out, &err), &err);
    free(cells.offset);
    free(cells.column);
}

/* Root of the mean squared difference, with predictions on the scale. */
static double distance(const float *a, const float *b, uint32_t n)
{
    double squares = 0;
    for (uint32_t i = 0; i < n; i++)
        squares += pow(fmin(fmax((double)a[i], 1), 5) - fmin(fmax((double)b[i], 1), 5), 2);
    return sqrt(squares / n);
}

static void check_fold_in(const struct rs_model_ops *ops, const char *variant, struct rs_dataset *dataset)
{
    enum { ITEMS = 40, PEOPLE = 10 };
    struct rs_error err;
    struct subject subject;
    struct descent descent[RS_GRAPH_PARAMETERS];
    struct rs_cells train;
    float known[ITEMS];
    float folded[ITEMS];
    float nobody[ITEMS];
    make_tasteful(dataset);
    start(&subject, ops, variant, dataset, 1, 1, true);
    struct rs_graph *graph = subject.model->graph;
    for (rs_parameter p = 0; p < rs_graph_parameters(graph); p++) {
        descent[p] = (struct descent){rs_graph_parameter_info(graph, p), (rs_real)0.002};
        rs_graph_set_sink(graph, p, (struct rs_row_sink){descend, &descent[p]});
    }
    struct rs_graph_step step = plain;
    step.l2 = (rs_real)2;
    for (int i = 0; i < 400; i++)
        step_over_all(&subject, &step);
    size_t bytes;
    float *before = saved(subject.model, &bytes);
    must(rs_dataset_cells(&train, dataset, 1U << RS_TRAIN, false, &err), &err);
    struct rs_person person = {.noise = 0.3};
    must(ops->fold_in(subject.model, &person, nobody, &err), &err);
    double near = 0;
    double far = 0;
    for (uint32_t user = 0; user < PEOPLE; user++) {
        person.item = train.column + train.offset[user];
        person.rating = train.value + train.offset[user];
        person.count = (size_t)(train.offset[user + 1] - train.offset[user]);
        must(ops->fold_in(subject.model, &person, folded, &err), &err);
        predict_user(&subject, user, known);
        near += distance(known, folded, ITEMS) / PEOPLE;
        far += distance(known, nobody, ITEMS) / PEOPLE;
    }
    print_message("#   folded in: %.3f stars away, who rated nothing: %.3f\n", near, far);
    assert_true(near < 0.35 && near < 0.45 * far);
    float *after = saved(subject.model, &bytes);
    assert_memory_equal(before, after, bytes);
    rs_cells_free(&train);
    free(before);
    free(after);
    end(&subject);
}

static void test_a_copy_of_a_user_gets_that_users_predictions(void **state)
{
    (void)state;
    for_each(check_fold_in, 120, 40, 0.5);
}

static void check_item_vectors(const struct rs_model_ops *ops, const char *variant, struct rs_dataset *dataset)
{
    static const uint32_t items[] = {4, 0, 4};
    struct rs_error err;
    struct subject subject;
    start(&subject, ops, variant, dataset, 1, 1, true);
    size_t width = ops->item_width(subject.model);
    assert_true(width > 0);
    float *vector = calloc(3 * width + 1, sizeof *vector);
    assert_non_null(vector);
    must(ops->item_vectors(subject.model, items, 3, vector, &err), &err);
    assert_memory_equal(vector, vector + 2 * width, width * sizeof *vector);
    assert_memory_not_equal(vector, vector + width, width * sizeof *vector);
    if (ops->encode)
        must(ops->encode(subject.model, items, 3, &err), &err);
    free(vector);
    end(&subject);
}

static void test_items_have_vectors(void **state)
{
    (void)state;
    for_each(check_item_vectors, 9, 7, 0.6);
}

/* ---- threads ---- */

struct result {
    double squared_error;
    float *prediction;
    uint64_t predictions;
    rs_real *gradient; /* of all parameters, padding included */
    size_t gradients;
};

static void compute(struct result *result, const struct rs_model_ops *ops, const char *variant,
                    struct rs_dataset *dataset, size_t threads)
{
    struct rs_graph_step step = plain;
    step.dropout = (rs_real)0.5;
    step.input_dropout = (rs_real)0.25;
    step.l2 = 1;
    struct subject subject;
    struct rs_cells cells;
    start(&subject, ops, variant, dataset, threads, 1, false);
    result->squared_error = step_over_all(&subject, &step);
    const struct rs_graph *graph = subject.model->graph;
    rs_graph_weights(graph, &result->gradients);
    result->gradient = calloc(result->gradients, sizeof *result->gradient);
    assert_non_null(result->gradient);
    size_t used = 0;
    for (rs_parameter p = 0; p < rs_graph_parameters(graph); p++) {
        const struct rs_parameter_info *info = rs_graph_parameter_info(graph, p);
        memcpy(result->gradient + used, info->gradient, info->rows * info->ld * sizeof *info->gradient);
        used += info->rows * info->ld;
    }
    result->prediction = predict(&subject, 1U << RS_TEST, &cells);
    result->predictions = cells.count;
    rs_cells_free(&cells);
    end(&subject);
}

static void check_threads(const struct rs_model_ops *ops, const char *variant, struct rs_dataset *dataset)
{
    static const size_t threads[] = {2, 3, 8};
    struct result alone;
    compute(&alone, ops, variant, dataset, 1);
    for (size_t i = 0; i < LENGTH(threads); i++) {
        struct result shared;
        compute(&shared, ops, variant, dataset, threads[i]);
        assert_true(shared.squared_error == alone.squared_error);
        assert_memory_equal(shared.gradient, alone.gradient, alone.gradients * sizeof *alone.gradient);
        assert_memory_equal(shared.prediction, alone.prediction, alone.predictions * sizeof *alone.prediction);
        free(shared.gradient);
        free(shared.prediction);
    }
    free(alone.gradient);
    free(alone.prediction);
}

static void test_any_number_of_threads_gives_the_same_bits(void **state)
{
    (void)state;
    for_each(check_threads, 200, 120, 0.3); /* work enough to be shared out */
}

/* ---- memory ---- */

static void check_memory(const struct rs_model_ops *ops, const char *variant, struct rs_dataset *dataset)
{
    struct rs_settings settings;
    struct rs_error err;
    read_settings(&settings, ops, variant);
    struct rs_model_env env = {
        .dataset = dataset, .train_parts = 1U << RS_TRAIN, .settings = &settings, .seed = 1, .sinks = true};
    int64_t successes = 0;
    for (;; successes++) {
        struct rs_model *model;
        rs_memory_fail_after(successes);
        enum rs_status status = rs_model_create(&model, &env, &err);
        rs_memory_fail_after(-1);
        if (status == RS_OK) {
            rs_model_free(model);
            break;
        }
        assert_int_equal(status, RS_MEMORY);
        assert_null(model);
    }
    assert_true(successes > 5);
}

static void test_building_survives_any_failed_allocation(void **state)
{
    (void)state;
    for_each(check_memory, 6, 5, 0.7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_unique_and_found),
        cmocka_unit_test(test_descriptions_are_complete),
        cmocka_unit_test(test_weights_follow_the_seed),
        cmocka_unit_test(test_counts_are_known_without_building),
        cmocka_unit_test(test_saved_weights_are_the_model),
        cmocka_unit_test(test_a_tiny_matrix_is_learned_by_heart),
        cmocka_unit_test(test_predictions_have_the_residuals_of_training),
        cmocka_unit_test(test_a_copy_of_a_user_gets_that_users_predictions),
        cmocka_unit_test(test_items_have_vectors),
        cmocka_unit_test(test_any_number_of_threads_gives_the_same_bits),
        cmocka_unit_test(test_building_survives_any_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
