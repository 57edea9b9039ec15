/* The epoch loop and the session, on the small built-in data. */
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "../../src/train/block.h"
#include "recscope/experiment/preset.h"
#include "recscope/models/model.h"
#include "recscope/train/session.h"

static struct rs_error error;

static void set(struct rs_settings *settings, const struct rs_conf_row *row, const char *text)
{
    if (rs_settings_parse(settings, row, text, &error) != RS_OK)
        fail_msg("%s", error.message);
}

/* A small generated world: 60 x 80, 1,500 ratings, a narrow autoencoder. */
static void small(struct rs_settings *settings)
{
    assert_int_equal(rs_preset_default(settings, &error), RS_OK);
    set(settings, &rs_row_world_users, "60");
    set(settings, &rs_row_world_items, "80");
    set(settings, &rs_row_world_ratings, "1500");
    set(settings, &rs_row_layers, "20");
    set(settings, &rs_row_batch_size, "16");
    set(settings, &rs_row_dropout, "0.3");
    set(settings, &rs_row_epochs, "6");
    set(settings, &rs_row_learning_rate, "0.01");
}

/* Everything a run told. */
struct told {
    struct rs_epoch_record epoch[256];
    struct rs_change_record change[16];
    size_t starts, epochs, batches, changes, bests, dones;
    struct rs_start_record start;
    struct rs_done_record done;
    char best_hash[RS_HASH_TEXT]; /* of the weights that were told last */
};

static enum rs_status on_start(void *context, const struct rs_start_record *record, struct rs_error *err)
{
    (void)err;
    struct told *told = context;
    told->start = *record;
    told->starts++;
    return RS_OK;
}

static enum rs_status on_batch(void *context, const struct rs_batch_record *record, struct rs_error *err)
{
    (void)err;
    struct told *told = context;
    told->batches++;
    assert_int_equal(record->step, told->batches);
    return RS_OK;
}

static enum rs_status on_epoch(void *context, const struct rs_epoch_record *record, struct rs_error *err)
{
    (void)err;
    struct told *told = context;
    assert_true(told->epochs < 256);
    told->epoch[told->epochs++] = *record;
    return RS_OK;
}

static enum rs_status on_change(void *context, const struct rs_change_record *record, struct rs_error *err)
{
    (void)err;
    struct told *told = context;
    told->change[told->changes++] = *record;
    return RS_OK;
}

static enum rs_status on_best(void *context, const struct rs_weights *weights, struct rs_error *err)
{
    (void)err;
    struct told *told = context;
    assert_int_equal(weights->count, told->start.parameters);
    struct rs_hash hash;
    rs_hash_start(&hash);
    for (uint64_t first = 0; first < weights->count; first += 7) {
        float number[7];
        size_t n = weights->count - first < 7 ? (size_t)(weights->count - first) : 7;
        weights->read(weights->from, first, number, n);
        rs_hash_add(&hash, number, n * sizeof *number);
    }
    rs_hash_finish(&hash, told->best_hash);
    told->bests++;
    return RS_OK;
}

static enum rs_status on_done(void *context, const struct rs_done_record *record, struct rs_error *err)
{
    (void)err;
    struct told *told = context;
    told->done = *record;
    told->dones++;
    return RS_OK;
}

static struct rs_observer observer(struct told *told)
{
    memset(told, 0, sizeof *told);
    return (struct rs_observer){told, on_start, on_batch, on_epoch, on_change, on_best, on_done};
}

static struct rs_trainer *make_trainer(const struct rs_settings *settings, struct told *told)
{
    const struct rs_dataset *dataset;
    struct rs_trainer *trainer;
    struct rs_observer watcher = observer(told);
    if (rs_dataset_load(&dataset, settings, &error) != RS_OK)
        fail_msg("%s", error.message);
    if (rs_trainer_create(&trainer, settings, dataset, &watcher, 1, &error) != RS_OK)
        fail_msg("%s", error.message);
    rs_dataset_drop(dataset);
    return trainer;
}

static void run(const struct rs_settings *settings, struct told *told)
{
    struct rs_trainer *trainer = make_trainer(settings, told);
    bool epoch_ended;
    bool finished = false;
    while (!finished)
        if (rs_trainer_step(trainer, &epoch_ended, &finished, &error) != RS_OK)
            fail_msg("%s", error.message);
    rs_trainer_free(trainer);
    assert_int_equal(told->dones, 1);
    assert_string_equal(told->done.weights_hash, told->best_hash);
}

static void assert_same_curve(const struct told *a, const struct told *b)
{
    assert_int_equal(a->epochs, b->epochs);
    for (size_t i = 0; i < a->epochs; i++) {
        assert_memory_equal(&a->epoch[i].metrics, &b->epoch[i].metrics, sizeof a->epoch[i].metrics);
        assert_memory_equal(&a->epoch[i].batch_loss, &b->epoch[i].batch_loss, sizeof a->epoch[i].batch_loss);
    }
    assert_string_equal(a->done.weights_hash, b->done.weights_hash);
}

static struct told one, two;
static struct rs_settings settings;

static void learns_and_tells(void **state)
{
    (void)state;
    small(&settings);
    run(&settings, &one);
    assert_int_equal(one.starts, 1);
    assert_int_equal(one.epochs, 6);
    assert_int_equal(one.batches, one.epoch[5].step);
    assert_int_equal(one.start.steps_per_epoch, 5);
    assert_int_equal(one.batches, 30);
    assert_true(one.bests >= 1);
    assert_int_equal(one.start.train + one.start.eval + one.start.test, 1500);
    assert_int_equal(one.epoch[0].cells, one.start.train);
    assert_true(one.epoch[5].metrics.value[RS_TRAIN_RMSE] < one.epoch[0].metrics.value[RS_TRAIN_RMSE]);
    assert_true(one.done.metrics.has & (1U << RS_TEST_RMSE));
    assert_int_equal(one.done.reason, RS_REASON_EPOCHS);
    assert_true(one.start.baseline_mean > one.start.baseline_user_item);
}

static void the_same_at_any_number_of_threads(void **state)
{
    (void)state;
    const char *const threads[] = {"2", "3", "8"};
    const char *const optimizers[] = {"sgd", "momentum", "adam", "rprop"};
    const char *const models[] = {"autorec", "mf"};
    for (size_t m = 0; m < 2; m++) {
        for (size_t o = 0; o < 4; o++) {
            small(&settings);
            set(&settings, &rs_row_epochs, "2");
            set(&settings, &rs_row_learning_rate, o < 2 ? "0.001" : "0.01");
            set(&settings, &rs_row_layers, "400,20"); /* wide enough that work is shared out */
            set(&settings, &rs_row_model, models[m]);
            set(&settings, &rs_row_optimizer, optimizers[o]);
            set(&settings, &rs_row_threads, "1");
            run(&settings, &one);
            assert_true(one.done.reason != RS_REASON_DIVERGED);
            for (size_t t = 0; t < 3; t++) {
                set(&settings, &rs_row_threads, threads[t]);
                run(&settings, &two);
                assert_same_curve(&one, &two);
            }
        }
    }
}

/* 150 columns: three spreads of the dense products, the last one not full. */
static void dense_products_agree_with_sparse_ones(void **state)
{
    (void)state;
    static const char *const lazy[] = {"no", "yes"};
    for (size_t i = 0; i < 2; i++) {
        small(&settings);
        set(&settings, &rs_row_world_users, "150");
        set(&settings, &rs_row_world_ratings, "4000");
        set(&settings, &rs_row_lazy, lazy[i]);
        set(&settings, &rs_row_products, "sparse");
        run(&settings, &one);
        set(&settings, &rs_row_products, "dense");
        run(&settings, &two);
        assert_int_equal(one.epochs, two.epochs);
        for (size_t k = 0; k < one.epochs; k++)
            for (size_t m = RS_TRAIN_RMSE; m <= RS_EVAL_RMSE; m++)
                assert_float_equal(one.epoch[k].metrics.value[m], two.epoch[k].metrics.value[m], 1e-4);
        assert_string_not_equal(one.done.weights_hash, two.done.weights_hash); /* they are rounded in another order */
        set(&settings, &rs_row_threads, "3");
        run(&settings, &one);
        assert_same_curve(&one, &two);
    }
}

static void another_seed_is_another_curve(void **state)
{
    (void)state;
    small(&settings);
    run(&settings, &one);
    set(&settings, &rs_row_seed, "2");
    run(&settings, &two);
    assert_string_not_equal(one.done.weights_hash, two.done.weights_hash);
    assert_int_equal(one.start.train, two.start.train);
}

static void batch_size_0_is_gradient_descent(void **state)
{
    (void)state;
    small(&settings);
    set(&settings, &rs_row_batch_size, "0");
    set(&settings, &rs_row_dropout, "0");
    set(&settings, &rs_row_optimizer, "sgd");
    set(&settings, &rs_row_learning_rate, "0.0001");
    set(&settings, &rs_row_epochs, "20");
    run(&settings, &one);
    assert_int_equal(one.batches, 20);
    for (size_t i = 1; i < one.epochs; i++) /* a small step on the whole objective goes down every time */
        assert_true(one.epoch[i].batch_loss < one.epoch[i - 1].batch_loss);
}

static void patience_stops_and_keeps_the_best(void **state)
{
    (void)state;
    small(&settings);
    set(&settings, &rs_row_epochs, "200");
    set(&settings, &rs_row_dropout, "0");
    set(&settings, &rs_row_patience, "3");
    run(&settings, &one);
    assert_int_equal(one.done.reason, RS_REASON_PATIENCE);
    assert_int_equal(one.done.epochs, one.done.best_epoch + 3);
    double least = 1e9;
    size_t at = 0;
    for (size_t i = 0; i < one.epochs; i++)
        if (one.epoch[i].metrics.value[RS_EVAL_RMSE] < least)
            least = one.epoch[at = i].metrics.value[RS_EVAL_RMSE];
    assert_int_equal(one.done.best_epoch, at + 1);
    assert_true(one.done.best_eval_rmse == least);
    /* Training just to the best epoch gives the same weights: the best ones were tested, not the last. */
    char epochs[24];
    snprintf(epochs, sizeof epochs, "%zu", at + 1);
    set(&settings, &rs_row_epochs, epochs);
    run(&settings, &two);
    assert_string_equal(one.done.weights_hash, two.done.weights_hash);
    assert_true(one.done.metrics.value[RS_TEST_RMSE] == two.done.metrics.value[RS_TEST_RMSE]);
}

static void tolerance_stops(void **state)
{
    (void)state;
    small(&settings);
    set(&settings, &rs_row_epochs, "100");
    set(&settings, &rs_row_tolerance, "0.5");
    run(&settings, &one);
    assert_int_equal(one.done.reason, RS_REASON_TOLERANCE);
    assert_true(one.epoch[one.epochs - 1].weight_change <= 0.5);
    assert_true(one.epochs < 2 || one.epoch[one.epochs - 2].weight_change > 0.5);
    set(&settings, &rs_row_tolerance_per, "step");
    set(&settings, &rs_row_tolerance, "0.05");
    run(&settings, &two);
    assert_int_equal(two.done.reason, RS_REASON_TOLERANCE);
    assert_true(two.epoch[two.epochs - 1].weight_change <= 0.05);
}

static void refit_trains_on_train_and_eval(void **state)
{
    (void)state;
    small(&settings);
    set(&settings, &rs_row_refit, "yes");
    run(&settings, &one);
    assert_int_equal(one.starts, 2);
    assert_int_equal(one.epochs, 6 + one.done.best_epoch);
    assert_int_equal(one.epoch[6].phase, RS_PHASE_REFIT);
    assert_int_equal(one.epoch[6].epoch, 1);
    assert_false(one.epoch[6].metrics.has & (1U << RS_EVAL_RMSE));
    assert_int_equal(one.start.train, 1500 - one.start.test);
    assert_int_equal(one.epoch[6].cells, one.start.train);
}

/* What is too large for a second copy in memory is kept in a file: nothing else changes. */
static void copies_in_files_are_the_same_run(void **state)
{
    (void)state;
    static const struct {
        const struct rs_conf_row *row;
        const char *value;
    } how[] = {
        {&rs_row_patience, "3"},      {&rs_row_refit, "yes"},       {&rs_row_tolerance, "0.01"},
        {&rs_row_tolerance, "0.001"}, {&rs_row_optimizer, "rprop"}, {&rs_row_eval_fraction, "0"},
    };
    for (size_t i = 0; i < sizeof how / sizeof *how; i++) {
        small(&settings);
        set(&settings, &rs_row_epochs, "30");
        set(&settings, &rs_row_dropout, "0");
        set(&settings, how[i].row, how[i].value);
        set(&settings, &rs_row_tolerance_per, i == 3 ? "step" : "epoch");
        run(&settings, &one);
        rs_block_file_above(1);
        run(&settings, &two);
        rs_block_file_above(0);
        assert_same_curve(&one, &two);
        assert_int_equal(one.bests, two.bests);
        assert_int_equal(one.done.best_epoch, two.done.best_epoch);
        for (size_t e = 0; e < one.epochs; e++)
            assert_memory_equal(&one.epoch[e].weight_change, &two.epoch[e].weight_change, sizeof(double));
        assert_memory_equal(&one.done.metrics, &two.done.metrics, sizeof one.done.metrics);
    }
}

/* A limit on the size of files stands for a full disk. */
static void a_full_disk_ends_the_run(void **state)
{
    (void)state;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit little = {.rlim_cur = 100, .rlim_max = before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    rs_block_file_above(1);
    small(&settings);
    set(&settings, &rs_row_epochs, "1"); /* after the last epoch nobody needs a copy */
    run(&settings, &one);
    assert_int_equal(one.done.best_epoch, 1);
    set(&settings, &rs_row_epochs, "3");
    struct rs_trainer *trainer = make_trainer(&settings, &one);
    bool epoch_ended;
    bool finished = false;
    enum rs_status status = RS_OK;
    while (status == RS_OK && !finished)
        status = rs_trainer_step(trainer, &epoch_ended, &finished, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    rs_block_file_above(0);
    rs_trainer_free(trainer);
    assert_int_equal(status, RS_IO);
    assert_int_equal(one.epochs, 1);
    assert_int_equal(one.dones, 0);
    assert_non_null(strstr(error.message, "of weights cannot be kept there: File too large: set TMPDIR"));
}

static void divergence_is_told(void **state)
{
    (void)state;
    small(&settings);
    set(&settings, &rs_row_optimizer, "sgd");
    set(&settings, &rs_row_learning_rate, "50");
    run(&settings, &one);
    assert_int_equal(one.done.reason, RS_REASON_DIVERGED);
    assert_non_null(strstr(one.done.advice, "learning rate of 25"));
    assert_false(one.done.metrics.has & (1U << RS_TEST_RMSE));
}

static void the_lecture_matrix_is_learned(void **state)
{
    (void)state;
    small(&settings);
    set(&settings, &rs_row_source, "builtin:ice1");
    set(&settings, &rs_row_test_fraction, "0");
    set(&settings, &rs_row_eval_fraction, "0");
    set(&settings, &rs_row_model, "mf");
    set(&settings, &rs_row_factors, "3");
    set(&settings, &rs_row_batch_size, "3");
    set(&settings, &rs_row_sampling, "random");
    set(&settings, &rs_row_optimizer, "sgd");
    set(&settings, &rs_row_learning_rate, "0.1");
    set(&settings, &rs_row_epochs, "200");
    run(&settings, &one);
    assert_int_equal(one.start.train, 9);
    assert_true(one.epoch[199].metrics.value[RS_TRAIN_RMSE] < 0.01);
    assert_int_equal(one.done.metrics.has, 0);
    assert_int_equal(one.done.best_epoch, 200);
}

static void a_live_change_acts_at_its_step(void **state)
{
    (void)state;
    small(&settings);
    for (int again = 0; again < 2; again++) {
        struct told *told = again ? &two : &one;
        struct rs_trainer *trainer = make_trainer(&settings, told);
        bool epoch_ended;
        bool finished = false;
        while (!finished) {
            if (rs_trainer_steps(trainer) == 7)
                assert_int_equal(rs_trainer_change(trainer, &rs_row_learning_rate, "0.002", &error), RS_OK);
            assert_int_equal(rs_trainer_step(trainer, &epoch_ended, &finished, &error), RS_OK);
        }
        assert_int_equal(rs_trainer_change(trainer, &rs_row_epochs, "9", &error), RS_PRESET);
        rs_trainer_free(trainer);
        assert_int_equal(told->change[0].step, 8);
        assert_string_equal(told->change[0].value, "0.002");
    }
    assert_same_curve(&one, &two);
    run(&settings, &two);
    assert_string_not_equal(one.done.weights_hash, two.done.weights_hash);
}

/* ---- session ---------------------------------------------------------------------------------------------------- */

static struct rs_session_status last;
static size_t epochs_seen;

/* Poll until the state is reached; every wake-up must arrive within ten seconds. */
static void wait_for(struct rs_session *session, enum rs_session_state state)
{
    for (;;) {
        struct rs_session_news news;
        assert_int_equal(rs_session_poll(session, &news, &error), RS_OK);
        last = news.status;
        epochs_seen += news.epochs;
        if (last.state == state)
            return;
        if (last.state == RS_SESSION_FAILED)
            fail_msg("%s", last.error.message);
        struct pollfd wait = {.fd = rs_session_fd(session), .events = POLLIN};
        assert_int_equal(poll(&wait, 1, 10000), 1);
    }
}

static void a_session_is_the_same_run(void **state)
{
    (void)state;
    small(&settings);
    run(&settings, &one);
    struct rs_session *session;
    struct rs_observer watcher = observer(&two);
    epochs_seen = 0;
    assert_int_equal(
        rs_session_open(&session, &settings, &(struct rs_session_options){.observers = &watcher, .count = 1}, &error),
        RS_OK);
    wait_for(session, RS_SESSION_READY);
    assert_int_equal(last.step, 0);
    assert_true(last.baseline_mean > 0);
    rs_session_command(session, RS_SESSION_STEP_BATCH);
    wait_for(session, RS_SESSION_PAUSED);
    assert_int_equal(last.step, 1);
    rs_session_command(session, RS_SESSION_STEP_EPOCH);
    wait_for(session, RS_SESSION_PAUSED);
    assert_int_equal(last.step, 5);
    assert_int_equal(last.epoch, 1);
    rs_session_command(session, RS_SESSION_START);
    wait_for(session, RS_SESSION_FINISHED);
    assert_int_equal(epochs_seen, 6);
    rs_session_close(session);
    assert_same_curve(&one, &two);
}

static void a_session_stops_and_keeps(void **state)
{
    (void)state;
    small(&settings);
    set(&settings, &rs_row_epochs, "1000000");
    struct rs_session *session;
    struct rs_observer watcher = observer(&two);
    watcher.epoch = NULL; /* more epochs than the record takes */
    assert_int_equal(
        rs_session_open(&session, &settings, &(struct rs_session_options){.observers = &watcher, .count = 1}, &error),
        RS_OK);
    rs_session_command(session, RS_SESSION_START);
    wait_for(session, RS_SESSION_RUNNING);
    assert_int_equal(rs_session_change(session, &rs_row_dropout, "0.5", &error), RS_OK);
    assert_int_equal(rs_session_change(session, &rs_row_dropout, "5", &error), RS_PRESET);
    assert_int_equal(rs_session_change(session, &rs_row_epochs, "5", &error), RS_PRESET);
    rs_session_command(session, RS_SESSION_PAUSE);
    wait_for(session, RS_SESSION_PAUSED);
    uint64_t step = last.step;
    rs_session_command(session, RS_SESSION_STOP);
    wait_for(session, RS_SESSION_FINISHED);
    assert_int_equal(last.step, step);
    assert_int_equal(last.done.reason, RS_REASON_STOPPED);
    rs_session_close(session);
    assert_int_equal(two.changes, 1);
    assert_int_equal(two.dones, 1);
}

static void a_session_says_what_is_wrong(void **state)
{
    (void)state;
    small(&settings);
    set(&settings, &rs_row_source, "no/such/folder");
    struct rs_session *session;
    assert_int_equal(rs_session_open(&session, &settings, &(struct rs_session_options){0}, &error), RS_OK);
    for (;;) {
        struct rs_session_news news;
        assert_int_equal(rs_session_poll(session, &news, &error), RS_OK);
        last = news.status;
        if (last.state == RS_SESSION_FAILED)
            break;
        struct pollfd wait = {.fd = rs_session_fd(session), .events = POLLIN};
        assert_int_equal(poll(&wait, 1, 10000), 1);
    }
    assert_non_null(strstr(last.error.message, "no/such/folder"));
    rs_session_close(session);
}

/* Closing at any moment joins the thread: while it loads, runs, sleeps. */
static void a_session_closes_at_any_moment(void **state)
{
    (void)state;
    small(&settings);
    set(&settings, &rs_row_epochs, "1000000");
    for (int i = 0; i < 20; i++) {
        struct rs_session *session;
        assert_int_equal(rs_session_open(&session, &settings, &(struct rs_session_options){0}, &error), RS_OK);
        if (i % 2)
            rs_session_command(session, RS_SESSION_START);
        if (i % 4 >= 2)
            wait_for(session, i % 2 ? RS_SESSION_RUNNING : RS_SESSION_READY);
        rs_session_close(session);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learns_and_tells),
        cmocka_unit_test(the_same_at_any_number_of_threads),
        cmocka_unit_test(dense_products_agree_with_sparse_ones),
        cmocka_unit_test(another_seed_is_another_curve),
        cmocka_unit_test(batch_size_0_is_gradient_descent),
        cmocka_unit_test(patience_stops_and_keeps_the_best),
        cmocka_unit_test(tolerance_stops),
        cmocka_unit_test(refit_trains_on_train_and_eval),
        cmocka_unit_test(copies_in_files_are_the_same_run),
        cmocka_unit_test(a_full_disk_ends_the_run),
        cmocka_unit_test(divergence_is_told),
        cmocka_unit_test(the_lecture_matrix_is_learned),
        cmocka_unit_test(a_live_change_acts_at_its_step),
        cmocka_unit_test(a_session_is_the_same_run),
        cmocka_unit_test(a_session_stops_and_keeps),
        cmocka_unit_test(a_session_says_what_is_wrong),
        cmocka_unit_test(a_session_closes_at_any_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
