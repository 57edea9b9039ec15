/* sampling = blocks in the one epoch loop: the same bits at any number of threads, with any instruction set, and from a
 * checkpoint on; what does not go with it is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/train/checkpoint.h"
#include "recscope/experiment/preset.h"
#include "recscope/linalg/kernels.h"
#include "recscope/train/trainer.h"

enum { EPOCHS = 6 };

static struct rs_error error;
static struct rs_settings settings;

static void set(const struct rs_conf_row *row, const char *text)
{
    if (rs_settings_parse(&settings, row, text, &error) != RS_OK)
        fail_msg("%s", error.message);
}

/* A small generated world: 90 x 70, 3,000 ratings. */
static int prepare(void **state)
{
    (void)state;
    if (rs_preset_default(&settings, &error) != RS_OK)
        return -1;
    set(&rs_row_world_users, "90");
    set(&rs_row_world_items, "70");
    set(&rs_row_world_ratings, "3000");
    set(&rs_row_model, "mf");
    set(&rs_row_factors, "20");
    set(&rs_row_sampling, "blocks");
    set(&rs_row_optimizer, "row_adagrad");
    set(&rs_row_learning_rate, "0.01");
    set(&rs_row_l2, "0.05");
    set(&rs_row_l2_scope, "ratings");
    set(&rs_row_epochs, "6");
    set(&rs_row_eval_fraction, "0"); /* the last weights are the ones that are hashed */
    return 0;
}

/* What a run told. */
struct told {
    struct rs_epoch_record epoch[EPOCHS];
    size_t epochs, batches;
    struct rs_start_record start;
};

static enum rs_status on_start(void *context, const struct rs_start_record *record, struct rs_error *err)
{
    (void)err;
    ((struct told *)context)->start = *record;
    return RS_OK;
}

static enum rs_status on_batch(void *context, const struct rs_batch_record *record, struct rs_error *err)
{
    (void)err;
    assert_true(record->cells > 0 && record->loss > 0);
    ((struct told *)context)->batches++;
    return RS_OK;
}

static enum rs_status on_epoch(void *context, const struct rs_epoch_record *record, struct rs_error *err)
{
    (void)err;
    struct told *told = context;
    told->epoch[told->epochs++] = *record;
    return RS_OK;
}

static enum rs_status make(struct rs_trainer **trainer, struct told *told)
{
    const struct rs_dataset *dataset;
    memset(told, 0, sizeof *told);
    const struct rs_observer observer = {.context = told, .start = on_start, .batch = on_batch, .epoch = on_epoch};
    if (rs_dataset_load(&dataset, &settings, &error) != RS_OK)
        fail_msg("%s", error.message);
    enum rs_status status = rs_trainer_create(trainer, &settings, dataset, &observer, 1, &error);
    rs_dataset_drop(dataset);
    return status;
}

static void walk_epoch(struct rs_trainer *trainer, bool *finished)
{
    bool ended = false;
    while (!ended)
        if (rs_trainer_step(trainer, &ended, finished, &error) != RS_OK)
            fail_msg("%s", error.message);
}

static void run(struct told *told, char hash[RS_HASH_TEXT])
{
    struct rs_trainer *trainer;
    if (make(&trainer, told) != RS_OK)
        fail_msg("%s", error.message);
    for (bool finished = false; !finished;)
        walk_epoch(trainer, &finished);
    memcpy(hash, rs_trainer_done(trainer)->weights_hash, RS_HASH_TEXT);
    rs_trainer_free(trainer);
}

static void learns_and_tells_rounds(void **state)
{
    (void)state;
    static struct told told;
    char hash[RS_HASH_TEXT];
    run(&told, hash);
    assert_int_equal(told.epochs, EPOCHS);
    assert_int_equal(told.start.steps_per_epoch, 16);
    assert_int_equal(told.batches, 16 * EPOCHS);
    for (size_t i = 0; i < EPOCHS; i++) {
        assert_int_equal(told.epoch[i].cells, told.start.train);
        assert_true(i == 0 || told.epoch[i].batch_loss < told.epoch[i - 1].batch_loss);
    }
    assert_true(told.epoch[EPOCHS - 1].metrics.value[RS_TRAIN_RMSE] < told.start.baseline_mean);
}

static void the_same_bits_everywhere(void **state)
{
    (void)state;
    static const char *const optimizers[] = {"sgd", "row_adagrad"};
    static const char *const threads[] = {"1", "2", "3", "8"};
    for (size_t o = 0; o < 2; o++) {
        static struct told told;
        char first[RS_HASH_TEXT];
        char hash[RS_HASH_TEXT];
        set(&rs_row_optimizer, optimizers[o]);
        set(&rs_row_l2_scope, o == 0 ? "total" : "ratings");
        run(&told, first);
        for (size_t t = 0; t < 4; t++) {
            set(&rs_row_threads, threads[t]);
            run(&told, hash);
            assert_string_equal(hash, first);
        }
        const struct rs_kernels *tables[3];
        size_t count = rs_kernels_all(tables);
        for (size_t i = 0; i < count; i++) {
            setenv("RECSCOPE_ISA", tables[i]->name, 1);
            run(&told, hash);
            unsetenv("RECSCOPE_ISA");
            assert_string_equal(hash, first);
        }
    }
}

static void goes_on_from_a_checkpoint(void **state)
{
    (void)state;
    static struct told told;
    static struct told again;
    char hash[RS_HASH_TEXT];
    run(&told, hash);
    struct rs_trainer *trainer;
    struct rs_checkpoint *checkpoint;
    bool finished = false;
    assert_int_equal(make(&trainer, &again), RS_OK);
    for (int i = 0; i < 3; i++)
        walk_epoch(trainer, &finished);
    if (rs_trainer_checkpoint(trainer, NULL, &checkpoint, &error) != RS_OK)
        fail_msg("%s", error.message);
    rs_trainer_free(trainer);
    assert_non_null(checkpoint->moments);
    assert_int_equal(checkpoint->moments->count, 2 * (90 + 70)); /* a sum for each row, and each bias */
    const struct rs_history history = {.epoch = told.epoch, .epochs = 3};
    assert_int_equal(make(&trainer, &again), RS_OK);
    if (rs_trainer_resume(trainer, checkpoint, &history, &error) != RS_OK)
        fail_msg("%s", error.message);
    for (finished = false; !finished;)
        walk_epoch(trainer, &finished);
    assert_string_equal(rs_trainer_done(trainer)->weights_hash, hash);
    assert_int_equal(again.epochs, EPOCHS);
    rs_trainer_free(trainer);
    rs_checkpoint_drop(checkpoint);
}

static void a_refit_has_blocks_of_its_own(void **state)
{
    (void)state;
    static struct told told;
    char hash[RS_HASH_TEXT];
    set(&rs_row_refit, "yes");
    set(&rs_row_eval_fraction, "0.1");
    set(&rs_row_epochs, "3");
    run(&told, hash);
    assert_int_equal(told.start.phase, RS_PHASE_REFIT);
    assert_int_equal(told.epoch[told.epochs - 1].cells, told.start.train);
}

/* More rows than ratings, fewer rows than bands, a factor that is not padded. */
static void small_worlds_are_no_trouble(void **state)
{
    (void)state;
    static const char *const sizes[][3] = {
        {"4", "4", "8"}, {"2", "30", "30"}, {"300", "2", "300"}, {"40", "900", "900"}};
    static const char *const factors[] = {"1", "16", "17", "200"};
    for (size_t i = 0; i < 4; i++) {
        static struct told told;
        char hash[RS_HASH_TEXT];
        set(&rs_row_world_users, sizes[i][0]);
        set(&rs_row_world_items, sizes[i][1]);
        set(&rs_row_world_ratings, sizes[i][2]);
        set(&rs_row_factors, factors[i]);
        run(&told, hash);
        assert_int_equal(told.epoch[0].cells, told.start.train);
    }
}

static void refused(const char *message)
{
    struct rs_trainer *trainer;
    static struct told told;
    assert_int_equal(make(&trainer, &told), RS_PRESET);
    assert_string_equal(error.message, message);
}

static void what_does_not_go_with_it_is_refused(void **state)
{
    (void)state;
    set(&rs_row_optimizer, "adam");
    refused("[train] optimizer = adam: sampling = blocks steps a rating at a time: sgd, row_adagrad");
    set(&rs_row_model, "autorec");
    refused("[train] sampling = blocks: autorec walks rows, not single ratings: shuffle, random, or the model mf");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(learns_and_tells_rounds, prepare),
        cmocka_unit_test_setup(the_same_bits_everywhere, prepare),
        cmocka_unit_test_setup(goes_on_from_a_checkpoint, prepare),
        cmocka_unit_test_setup(a_refit_has_blocks_of_its_own, prepare),
        cmocka_unit_test_setup(small_worlds_are_no_trouble, prepare),
        cmocka_unit_test_setup(what_does_not_go_with_it_is_refused, prepare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
