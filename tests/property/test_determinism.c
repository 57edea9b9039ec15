/* The same settings give the same bits at any number of threads and on every instruction set that this machine has.
 * Every model of the table is trained with every optimiser and sampling of theirs, lazy and not, with dropout; after
 * each epoch the measured errors and the hash of all weights are compared. A new row of a table is tried unasked.
 * A model with a product between hidden layers calls OpenBLAS, whose kernel this test does not choose: such a one is
 * compared across threads alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "recscope/experiment/preset.h"
#include "recscope/linalg/kernels.h"
#include "recscope/models/model.h"
#include "recscope/train/trainer.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define EPOCHS        2

/* Every run: enough work in a batch that threads share it, so little that all of them take some seconds. */
static const char *const common[] = {
    "data.world_users=240",    "data.world_items=200",      "data.world_ratings=9000", "model.dropout=0.3",
    "model.input_dropout=0.2", "train.learning_rate=0.003", "train.epochs=2",          "train.l2=0.5",
};

/* What a model is tried with; it reads of them what it uses. */
static const char *const variants[][8] = {
    {"model.layers=70", "model.factors=70", "train.loss_scale=mean"},
    {"model.layers=40,33", "model.factors=33", "model.orientation=user", "model.biases=no",
     "model.output_activation=sigmoid", "train.l2_scope=ratings", "train.loss_scale=mean"},
};

static struct rs_error error;
static const struct rs_dataset *dataset;
static size_t combinations, refused, runs;

/* What was accepted in at least one combination, by the place in its row's choices. */
static bool optimizer_ran[64], sampling_ran[64];

struct epoch {
    struct rs_metrics metrics;
    double batch_loss;
    char weights[RS_HASH_TEXT];
};

struct outcome {
    struct rs_trainer *trainer;
    struct epoch epoch[EPOCHS];
    size_t epochs;
    struct rs_done_record done;
};

static void must(enum rs_status status)
{
    if (status != RS_OK)
        fail_msg("%s", error.message);
}

/* ---- one run ----------------------------------------------------------------------------------------------------- */

static void hash_weights(const struct rs_graph *graph, char out[RS_HASH_TEXT])
{
    size_t count = (size_t)rs_graph_weight_count(graph);
    float *weights = malloc(count * sizeof *weights);
    assert_non_null(weights);
    rs_graph_save(graph, weights);
    struct rs_hash hash;
    rs_hash_start(&hash);
    rs_hash_add(&hash, weights, count * sizeof *weights);
    rs_hash_finish(&hash, out);
    free(weights);
}

static enum rs_status on_epoch(void *context, const struct rs_epoch_record *record, struct rs_error *err)
{
    (void)err;
    struct outcome *outcome = context;
    assert_true(outcome->epochs < EPOCHS);
    struct epoch *epoch = &outcome->epoch[outcome->epochs++];
    epoch->metrics = record->metrics;
    epoch->batch_loss = record->batch_loss;
    hash_weights(rs_trainer_model(outcome->trainer)->graph, epoch->weights);
    return RS_OK;
}

static enum rs_status on_done(void *context, const struct rs_done_record *record, struct rs_error *err)
{
    (void)err;
    ((struct outcome *)context)->done = *record;
    return RS_OK;
}

/* false: these settings do not go together, and the program says so. */
static bool train(const struct rs_settings *settings, struct outcome *outcome)
{
    memset(outcome, 0, sizeof *outcome);
    const struct rs_observer observer = {.context = outcome, .epoch = on_epoch, .done = on_done};
    enum rs_status status = rs_trainer_create(&outcome->trainer, settings, dataset, &observer, 1, &error);
    if (status == RS_PRESET)
        return false;
    must(status);
    bool epoch_ended;
    bool finished = false;
    while (!finished)
        must(rs_trainer_step(outcome->trainer, &epoch_ended, &finished, &error));
    rs_trainer_free(outcome->trainer);
    runs++;
    return true;
}

/* ---- one combination, at each number of threads and on each instruction set -------------------------------------- */

static bool same_metrics(const struct rs_metrics *a, const struct rs_metrics *b)
{
    bool same = a->has == b->has;
    for (size_t i = 0; i < RS_METRICS; i++)
        same &= a->value[i] == b->value[i];
    return same;
}

static void compare(const struct outcome *a, const struct outcome *b, const char *what)
{
    assert_int_equal(a->epochs, b->epochs);
    for (size_t e = 0; e < a->epochs; e++) {
        const struct epoch *x = &a->epoch[e];
        const struct epoch *y = &b->epoch[e];
        if (strcmp(x->weights, y->weights) != 0)
            fail_msg("%s: other weights after epoch %zu", what, e + 1);
        if (!same_metrics(&x->metrics, &y->metrics) || x->batch_loss != y->batch_loss)
            fail_msg("%s: the same weights after epoch %zu, but other errors", what, e + 1);
    }
    assert_string_equal(a->done.weights_hash, b->done.weights_hash);
    assert_true(same_metrics(&a->done.metrics, &b->done.metrics));
}

static void assign(struct rs_settings *settings, const char *assignment)
{
    must(rs_preset_assign(settings, assignment, &error));
}

static void choose(struct rs_settings *settings, const struct rs_conf_row *row, const char *value)
{
    must(rs_settings_parse(settings, row, value, &error));
}

static const char *text(const struct rs_settings *settings, const struct rs_conf_row *row)
{
    return rs_value(settings, row)->text;
}

/* A matrix whose gradient is kept lies between two hidden layers. */
static bool calls_blas(const struct rs_settings *settings)
{
    struct rs_shape shape[RS_SHAPES_MOST];
    const struct rs_ratings *ratings = &dataset->ratings;
    size_t count = rs_model_chosen(settings)->shapes(settings, ratings->users, ratings->items, shape);
    for (size_t i = 0; i < count; i++)
        if (shape[i].kept && shape[i].rows > 1)
            return true;
    return false;
}

static void check_threads(struct rs_settings *settings, const struct outcome *one, const char *what)
{
    static const char *const threads[] = {"2", "3", "8"};
    static struct outcome other;
    for (size_t i = 0; i < LENGTH(threads); i++) {
        char where[512];
        snprintf(where, sizeof where, "%s: %s threads", what, threads[i]);
        choose(settings, &rs_row_threads, threads[i]);
        assert_true(train(settings, &other));
        compare(one, &other, where);
    }
}

static void check_kernels(struct rs_settings *settings, const struct outcome *one, const char *what)
{
    static struct outcome other;
    const struct rs_kernels *kernels[3];
    size_t count = rs_kernels_all(kernels);
    for (size_t i = 0; i + 1 < count; i++) { /* the last is what `one` took */
        char where[512];
        snprintf(where, sizeof where, "%s: %s instead of %s", what, kernels[i]->name, kernels[count - 1]->name);
        assert_int_equal(setenv("RECSCOPE_ISA", kernels[i]->name, 1), 0);
        assert_ptr_equal(rs_kernels_best(), kernels[i]);
        bool trained = train(settings, &other);
        assert_int_equal(unsetenv("RECSCOPE_ISA"), 0);
        assert_true(trained);
        compare(one, &other, where);
    }
}

static void check_combination(struct rs_settings *settings)
{
    static struct outcome one;
    char what[400];
    snprintf(what, sizeof what, "%.40s, layers %.40s, factors %.40s: %.40s, sampling %.40s, lazy %.40s",
             text(settings, &rs_row_model), text(settings, &rs_row_layers), text(settings, &rs_row_factors),
             text(settings, &rs_row_optimizer), text(settings, &rs_row_sampling), text(settings, &rs_row_lazy));
    choose(settings, &rs_row_threads, "1");
    if (!train(settings, &one)) {
        refused++;
        return;
    }
    if (one.done.reason == RS_REASON_DIVERGED)
        fail_msg("%s: diverges, and shows little: %s", what, one.done.advice);
    assert_int_equal(one.epochs, EPOCHS);
    assert_string_not_equal(one.epoch[0].weights, one.epoch[1].weights);
    combinations++;
    optimizer_ran[rs_choice(settings, &rs_row_optimizer)] = true;
    sampling_ran[rs_choice(settings, &rs_row_sampling)] = true;
    check_threads(settings, &one, what);
    if (!calls_blas(settings))
        check_kernels(settings, &one, what);
}

/* ---- all of them ------------------------------------------------------------------------------------------------- */

/* A batch is a quarter of an epoch, in what the model counts. */
static void set_batch(struct rs_settings *settings, const struct rs_model_ops *ops)
{
    assign(settings, ops->capabilities & RS_MODEL_BATCH_RATINGS ? "train.batch_size=2000" : "train.batch_size=60");
}

static void check_model(const struct rs_model_ops *ops, const char *const *variant, const char *optimizer)
{
    static struct rs_settings settings;
    must(rs_preset_default(&settings, &error));
    for (size_t i = 0; i < LENGTH(common); i++)
        assign(&settings, common[i]);
    for (; *variant; variant++)
        assign(&settings, *variant);
    choose(&settings, &rs_row_model, ops->name);
    choose(&settings, &rs_row_optimizer, optimizer);
    set_batch(&settings, ops);
    for (const char *const *sampling = rs_row_sampling.choices; *sampling; sampling++) {
        choose(&settings, &rs_row_sampling, *sampling);
        for (const char *const *lazy = rs_row_lazy.choices; *lazy; lazy++) {
            choose(&settings, &rs_row_lazy, *lazy);
            check_combination(&settings);
        }
    }
}

static void check_all_ran(const struct rs_conf_row *row, const bool *ran, size_t room)
{
    for (size_t i = 0; row->choices[i]; i++) {
        assert_true(i < room);
        if (!ran[i])
            fail_msg("%s = %s is refused beside all that the other tables offer", row->key, row->choices[i]);
    }
}

static void test_threads_and_kernels_do_not_change_a_bit(void **state)
{
    (void)state;
    static struct rs_settings settings;
    must(rs_preset_default(&settings, &error));
    for (size_t i = 0; i < LENGTH(common); i++)
        assign(&settings, common[i]);
    must(rs_dataset_load(&dataset, &settings, &error));
    assert_int_equal(unsetenv("RECSCOPE_ISA"), 0);
    for (size_t m = 0; rs_model_table[m]; m++) {
        size_t before = combinations;
        for (size_t v = 0; v < LENGTH(variants); v++)
            for (const char *const *optimizer = rs_row_optimizer.choices; *optimizer; optimizer++)
                check_model(rs_model_table[m], variants[v], *optimizer);
        assert_true(combinations > before);
    }
    check_all_ran(&rs_row_optimizer, optimizer_ran, LENGTH(optimizer_ran));
    check_all_ran(&rs_row_sampling, sampling_ran, LENGTH(sampling_ran));
    rs_dataset_drop(dataset);
    const struct rs_kernels *kernels[3];
    print_message(
        "# %zu combinations at 1, 2, 3 and 8 threads, on %zu instruction sets, in %zu runs; %zu more refused\n",
        combinations, rs_kernels_all(kernels), runs, refused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_threads_and_kernels_do_not_change_a_bit)};
    return cmocka_run_group_tests_name("determinism", tests, NULL, NULL);
}
