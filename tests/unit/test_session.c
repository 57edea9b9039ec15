/* What a session does besides training: pace, alarm, checkpoints, forks. */
#include <math.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "session_fixture.h"

#include "../../src/train/block.h"
#include "recscope/base/clock.h"

#define PLENTY ((uint64_t)64 << 20)
#define LATER  "0.0005" /* learning rate of a live change */

static void pace_changes_no_bit(void **state)
{
    (void)state;
    small();
    struct rs_session *session = open_keeping(0);
    struct rs_session_status fast = run_to_end(session);
    rs_session_close(session);
    session = open_keeping(0);
    rs_session_pace(session, 20);
    double start = rs_clock_seconds();
    struct rs_session_status slow = run_to_end(session);
    double seconds = rs_clock_seconds() - start;
    rs_session_close(session);
    assert_string_equal(fast.done.weights_hash, slow.done.weights_hash);
    assert_true(seconds >= 6 * 0.05 - 0.05 / 5); /* the last batch has no wait behind it */
    assert_true(slow.done.train_seconds < 0.2);  /* waiting is not training */
}

/* A wait of ten seconds ends at once when something is wanted. */
static void a_wait_is_cut_short(void **state)
{
    (void)state;
    small();
    set(&rs_row_batch_size, "0");
    struct rs_session *session = open_keeping(0);
    rs_session_pace(session, 0.1);
    double start = rs_clock_seconds();
    rs_session_command(session, RS_SESSION_START);
    while (wait_for(session, RS_SESSION_RUNNING).step < 1)
        await_input(session);
    rs_session_command(session, RS_SESSION_PAUSE);
    wait_for(session, RS_SESSION_PAUSED);
    rs_session_command(session, RS_SESSION_STEP_BATCH);
    while (wait_for(session, RS_SESSION_PAUSED).step < 2)
        await_input(session);
    rs_session_command(session, RS_SESSION_START);
    assert_int_equal(rs_session_change(session, &rs_row_dropout, "0.1", &error), RS_OK);
    rs_session_pace(session, 0);
    wait_for(session, RS_SESSION_FINISHED);
    rs_session_close(session);
    assert_true(rs_clock_seconds() - start < 5);
}

static void an_explosion_pauses(void **state)
{
    (void)state;
    small();
    set(&rs_row_optimizer, "sgd");
    set(&rs_row_learning_rate, "0.003");
    set(&rs_row_epochs, "1000");
    set(&rs_row_dropout, "0");
    struct rs_session *session = open_keeping(0);
    rs_session_command(session, RS_SESSION_STEP_EPOCH);
    assert_string_equal(wait_for(session, RS_SESSION_PAUSED).alarm.text, "");
    assert_int_equal(rs_session_change(session, &rs_row_learning_rate, "0.2", &error), RS_OK);
    rs_session_command(session, RS_SESSION_START);
    struct rs_session_status status = wait_for(session, RS_SESSION_PAUSED);
    assert_non_null(strstr(status.alarm.text, "at learning rate 0.2"));
    assert_ptr_equal(status.alarm.row, &rs_row_learning_rate);
    assert_string_equal(status.alarm.value, "0.1");
    assert_true(status.alarm.step == status.step);
    /* A person may go on, and ends with a sentence. */
    rs_session_command(session, RS_SESSION_START);
    while (status.state != RS_SESSION_FINISHED) {
        struct rs_session_news news;
        assert_int_equal(rs_session_poll(session, &news, &error), RS_OK);
        status = news.status;
        if (status.state == RS_SESSION_PAUSED)
            rs_session_command(session, RS_SESSION_START);
        else if (status.state != RS_SESSION_FINISHED)
            await_input(session);
    }
    assert_int_equal(status.done.reason, RS_REASON_DIVERGED);
    assert_string_not_equal(status.alarm.text, "");
    rs_session_close(session);
}

static void checkpoints_keep_to_their_budget(void **state)
{
    (void)state;
    small();
    set(&rs_row_epochs, "50");
    struct rs_session *session = open_keeping(PLENTY);
    run_to_end(session);
    struct rs_session_kept all;
    rs_session_checkpoints(session, &all);
    rs_session_close(session);
    assert_int_equal(all.count, 50);
    assert_int_equal(all.every, 1);
    assert_int_equal(all.epoch[0], 1);

    session = open_keeping(all.bytes / 5);
    struct rs_session_status status = run_to_end(session);
    struct rs_session_kept some;
    rs_session_checkpoints(session, &some);
    rs_session_close(session);
    assert_true(some.bytes <= all.bytes / 5 && some.bytes > all.bytes / 20);
    assert_true(some.every > 1);
    assert_int_equal(some.epoch[some.count - 1], 50);
    bool best = false;
    for (size_t i = 0; i < some.count; i++) {
        best |= some.epoch[i] == status.done.best_epoch;
        assert_true(some.epoch[i] % some.every == 0 || some.epoch[i] == 50 || some.epoch[i] == status.done.best_epoch);
    }
    assert_true(best);

    session = open_keeping(1); /* the best and the last stay in any case */
    run_to_end(session);
    rs_session_checkpoints(session, &some);
    rs_session_close(session);
    assert_in_range(some.count, 1, 2);
}

/* What the observers of a fork were told. */
struct told {
    size_t starts, epochs, changes, dones, bests;
    uint64_t last_epoch;
    bool in_order;
};

static enum rs_status on_start(void *context, const struct rs_start_record *record, struct rs_error *err)
{
    (void)record;
    (void)err;
    ((struct told *)context)->starts++;
    return RS_OK;
}

static enum rs_status on_epoch(void *context, const struct rs_epoch_record *record, struct rs_error *err)
{
    (void)err;
    struct told *told = context;
    if (record->phase == RS_PHASE_SEARCH) {
        told->epochs++;
        told->in_order &= record->epoch == told->epochs;
    }
    told->last_epoch = record->epoch;
    return RS_OK;
}

static enum rs_status on_change(void *context, const struct rs_change_record *record, struct rs_error *err)
{
    (void)err;
    struct told *told = context;
    /* Between the epochs where they were made: five steps make one. */
    told->in_order &= record->step == 5 * told->last_epoch + 1;
    told->changes++;
    return RS_OK;
}

static enum rs_status on_best(void *context, const struct rs_weights *weights, struct rs_error *err)
{
    (void)err;
    (void)weights;
    ((struct told *)context)->bests++;
    return RS_OK;
}

static enum rs_status on_done(void *context, const struct rs_done_record *record, struct rs_error *err)
{
    (void)err;
    (void)record;
    ((struct told *)context)->dones++;
    return RS_OK;
}

static struct rs_observer watcher(struct told *told)
{
    *told = (struct told){.in_order = true};
    return (struct rs_observer){told, on_start, NULL, on_epoch, on_change, on_best, on_done};
}

/* Two epochs, each with a live change behind it, then to the end. */
static struct rs_session *parent_run(struct rs_session_status *end)
{
    struct rs_session *parent = open_keeping(PLENTY);
    rs_session_command(parent, RS_SESSION_STEP_EPOCH);
    wait_for(parent, RS_SESSION_PAUSED);
    assert_int_equal(rs_session_change(parent, &rs_row_dropout, "0.1", &error), RS_OK);
    rs_session_command(parent, RS_SESSION_STEP_EPOCH);
    while (wait_for(parent, RS_SESSION_PAUSED).epoch < 2)
        await_input(parent);
    assert_int_equal(rs_session_change(parent, &rs_row_learning_rate, LATER, &error), RS_OK);
    *end = run_to_end(parent);
    return parent;
}

static struct rs_session *fork_at(struct rs_session *parent, uint64_t epoch, struct told *told)
{
    struct rs_session *child;
    struct rs_observer observer = watcher(told);
    const struct rs_session_options options = {.observers = &observer, .count = 1, .checkpoint_bytes = PLENTY};
    if (rs_session_fork(&child, parent, epoch, &options, &error) != RS_OK)
        fail_msg("%s", error.message);
    return child;
}

static void a_fork_ends_with_the_same_bits(void **state)
{
    (void)state;
    const char *const models[] = {"autorec", "mf"};
    const char *const optimizers[] = {"sgd", "momentum", "adam", "rprop"};
    for (size_t i = 0; i < 8; i++) {
        small();
        set(&rs_row_model, models[i / 4]);
        set(&rs_row_optimizer, optimizers[i % 4]);
        set(&rs_row_learning_rate, i % 4 < 2 ? "0.001" : "0.01");
        set(&rs_row_refit, i % 2 ? "yes" : "no");
        set(&rs_row_patience, "5");
        set(&rs_row_tolerance, "0.0001");
        if (i / 4 == 1) /* five steps an epoch there, too */
            set(&rs_row_batch_size, "256");
        rs_block_file_above(i % 3 == 0 ? 1 : 0); /* the best weights are in a file, or in memory */
        struct rs_session_status end;
        struct told told;
        struct rs_session *parent = parent_run(&end);
        struct rs_session *child = fork_at(parent, 3, &told);
        rs_session_close(parent);
        struct rs_session_status status = wait_for(child, RS_SESSION_PAUSED);
        assert_int_equal(status.epoch, 3);
        assert_int_equal(status.forked_at, 3);
        assert_int_equal(told.epochs, 3);
        assert_int_equal(told.changes, 2);
        assert_true(told.in_order);
        status = run_to_end(child);
        assert_string_equal(status.done.weights_hash, end.done.weights_hash);
        assert_int_equal(status.done.reason, end.done.reason);
        assert_int_equal(status.done.best_epoch, end.done.best_epoch);
        assert_true(status.done.best_eval_rmse == end.done.best_eval_rmse);
        struct rs_session_kept kept;
        rs_session_checkpoints(child, &kept);
        assert_int_equal(kept.epoch[0], 1); /* the parent's states are the child's, too */
        rs_session_close(child);
        assert_int_equal(told.dones, 1);
        assert_true(told.bests >= 1);
    }
    rs_block_file_above(0);
}

/* The last epoch of a run that lost its patience is not its best; a fork from there that is stopped has the best. */
static void a_fork_that_stops_has_the_best(void **state)
{
    (void)state;
    small();
    set(&rs_row_dropout, "0");
    set(&rs_row_epochs, "200");
    set(&rs_row_patience, "3");
    struct told told;
    struct rs_session *parent = open_keeping(PLENTY);
    struct rs_session_status end = run_to_end(parent);
    assert_int_equal(end.epoch, end.done.best_epoch + 3);
    struct rs_session *child = fork_at(parent, end.epoch - 1, &told);
    rs_session_close(parent);
    wait_for(child, RS_SESSION_PAUSED);
    rs_session_command(child, RS_SESSION_STOP);
    struct rs_session_status status = wait_for(child, RS_SESSION_FINISHED);
    assert_int_equal(status.done.best_epoch, end.done.best_epoch);
    assert_string_equal(status.done.weights_hash, end.done.weights_hash);
    rs_session_close(child);
}

static void a_fork_goes_its_own_way(void **state)
{
    (void)state;
    small();
    set(&rs_row_eval_fraction, "0"); /* the last weights are the result */
    struct rs_session_status end;
    struct told told;
    struct rs_session *parent = parent_run(&end);
    struct rs_session *child = fork_at(parent, 2, &told);
    assert_int_equal(rs_session_change(child, &rs_row_learning_rate, LATER, &error), RS_OK); /* as the parent did */
    assert_string_equal(run_to_end(child).done.weights_hash, end.done.weights_hash);
    struct told again;
    struct rs_session *grandchild = fork_at(child, 5, &again);
    rs_session_close(child);
    assert_int_equal(rs_session_change(grandchild, &rs_row_learning_rate, "0.001", &error), RS_OK);
    assert_string_not_equal(run_to_end(grandchild).done.weights_hash, end.done.weights_hash);
    rs_session_close(grandchild);
    child = fork_at(parent, end.epoch, &told); /* nothing is left to do */
    assert_string_equal(run_to_end(child).done.weights_hash, end.done.weights_hash);
    rs_session_close(child);
    rs_session_close(parent);
}

static void a_fork_from_the_first_step(void **state)
{
    (void)state;
    small();
    struct told told;
    struct rs_session *parent = open_keeping(0);
    struct rs_session_status end = run_to_end(parent);
    struct rs_session *child = fork_at(parent, 0, &told);
    assert_string_equal(run_to_end(child).done.weights_hash, end.done.weights_hash);
    rs_session_close(child);
    const struct rs_session_options none = {0};
    assert_int_equal(rs_session_fork(&child, parent, 3, &none, &error), RS_USAGE);
    assert_non_null(strstr(error.message, "epoch 3 is not kept"));
    rs_session_close(parent);
}

static void a_run_that_is_closed_is_told_as_done(void **state)
{
    (void)state;
    small();
    struct told told;
    struct rs_observer observer = watcher(&told);
    struct rs_session *session = open_with(&(struct rs_session_options){.observers = &observer, .count = 1});
    wait_for(session, RS_SESSION_READY);
    rs_session_close(session);
    assert_int_equal(told.dones, 0); /* it had not begun */
    observer = watcher(&told);
    session = open_with(&(struct rs_session_options){.observers = &observer, .count = 1});
    rs_session_command(session, RS_SESSION_STEP_EPOCH);
    wait_for(session, RS_SESSION_PAUSED);
    rs_session_close(session);
    assert_int_equal(told.dones, 1);
}

/* ---- probes ------------------------------------------------------------------------------------------------------ */

static const uint32_t liked[] = {3, 9, 20};
static const float stars[] = {5, 4, 1};

static void ask(struct rs_session *session, enum rs_probe_kind kind)
{
    const struct rs_probe_question question = {
        .kind = kind, .user = 7, .places = 30, .item = liked, .rating = stars, .ratings = 3};
    assert_int_equal(rs_session_probe(session, &question, &error), RS_OK);
}

static const struct rs_probe_answer *answer(struct rs_session *session, enum rs_probe_kind kind)
{
    for (;;) {
        struct rs_session_news news;
        assert_int_equal(rs_session_poll(session, &news, &error), RS_OK);
        if (news.answer[kind])
            return rs_probe_take(news.answer[kind]);
        await_input(session);
    }
}

static uint64_t total(const struct rs_histogram *histogram)
{
    uint64_t count = 0;
    for (size_t i = 0; i < RS_PROBE_BINS; i++)
        count += histogram->count[i];
    return count;
}

static void check_weights(const struct rs_probe_answer *a, size_t parameters)
{
    assert_string_equal(a->problem, "");
    assert_int_equal(a->parameters, parameters);
    for (size_t p = 0; p < a->parameters; p++) {
        const struct rs_probe_parameter *w = &a->parameter[p];
        double squares = w->deviation * w->deviation + w->mean * w->mean;
        assert_int_equal(w->looked_at, w->rows * w->columns);
        assert_int_equal(total(&w->histogram), w->looked_at);
        assert_true(w->low <= w->mean && w->mean <= w->high);
        assert_true(fabs(w->norm * w->norm - squares * (double)w->looked_at) <= 1e-6 * w->norm * w->norm);
    }
}

static void check_all(struct rs_session *session, bool autorec)
{
    for (enum rs_probe_kind kind = 0; kind < RS_PROBE_KINDS; kind++) {
        ask(session, kind);
        const struct rs_probe_answer *a = answer(session, kind);
        assert_string_equal(a->problem, "");
        if (kind == RS_PROBE_WEIGHTS)
            check_weights(a, 4);
        if (kind == RS_PROBE_UNITS) {
            assert_int_equal(a->layers, autorec ? 1 : 0);
            if (autorec) {
                assert_int_equal(a->layer[0].units, 20);
                assert_int_equal(total(&a->layer[0].histogram), 20 * a->layer[0].rows);
            }
        }
        if (kind == RS_PROBE_MAP) {
            assert_int_equal(a->places, 30);
            assert_true(a->share[0] >= a->share[1] && a->share[1] > 0 && a->share[0] + a->share[1] <= 1.001);
        }
        if (kind == RS_PROBE_USER || kind == RS_PROBE_PERSON) {
            assert_int_equal(a->scores, 80);
            for (size_t i = 0; i < a->scores; i++)
                assert_true(a->score[i] > -3 && a->score[i] < 9);
        }
        rs_probe_drop(a);
    }
}

static void probes_answer_in_every_state(void **state)
{
    (void)state;
    for (int autorec = 0; autorec < 2; autorec++) {
        small();
        set(&rs_row_model, autorec ? "autorec" : "mf");
        struct rs_session *session = open_keeping(PLENTY);
        check_all(session, autorec); /* ready, or still loading */
        rs_session_command(session, RS_SESSION_STEP_EPOCH);
        wait_for(session, RS_SESSION_PAUSED);
        check_all(session, autorec);
        ask(session, RS_PROBE_WEIGHTS);
        const struct rs_probe_answer *a = answer(session, RS_PROBE_WEIGHTS);
        assert_true(a->parameter[0].change < 0); /* there is no state before this one */
        rs_probe_drop(a);
        rs_session_command(session, RS_SESSION_STEP_EPOCH);
        while (wait_for(session, RS_SESSION_PAUSED).epoch < 2)
            await_input(session);
        ask(session, RS_PROBE_WEIGHTS);
        a = answer(session, RS_PROBE_WEIGHTS);
        assert_int_equal(a->changed_since, 1);
        assert_true(a->parameter[0].change > 0);
        run_to_end(session);
        rs_probe_drop(a);
        check_all(session, autorec);
        ask(session, RS_PROBE_MAP); /* closed with a question that waits, and an answer that nobody fetched */
        rs_session_close(session);
    }
}

static void probes_change_no_bit(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        small();
        set(&rs_row_model, i == 0 ? "autorec" : "mf");
        set(&rs_row_epochs, "200");
        struct rs_session *session = open_keeping(0);
        struct rs_session_status alone = run_to_end(session);
        rs_session_close(session);
        session = open_keeping(0);
        rs_session_command(session, RS_SESSION_START);
        struct rs_session_status watched = {0};
        size_t answers = 0;
        while (watched.state != RS_SESSION_FINISHED) {
            struct rs_session_news news;
            assert_int_equal(rs_session_poll(session, &news, &error), RS_OK);
            for (enum rs_probe_kind kind = 0; kind < RS_PROBE_KINDS; kind++) {
                const struct rs_probe_question question = {
                    .kind = kind, .urgent = true, .places = 9, .item = liked, .rating = stars, .ratings = 3};
                answers += news.answer[kind] != NULL;
                assert_int_equal(rs_session_probe(session, &question, &error), RS_OK);
            }
            watched = news.status;
            if (watched.state != RS_SESSION_FINISHED)
                await_input(session);
        }
        rs_session_close(session);
        assert_string_equal(alone.done.weights_hash, watched.done.weights_hash);
        assert_true(answers > 20);
    }
}

static void a_problem_is_an_answer(void **state)
{
    (void)state;
    small();
    struct rs_session *session = open_keeping(0);
    const struct rs_probe_question question = {.kind = RS_PROBE_USER, .user = 60};
    assert_int_equal(rs_session_probe(session, &question, &error), RS_OK);
    const struct rs_probe_answer *a = answer(session, RS_PROBE_USER);
    assert_non_null(strstr(a->problem, "no user 60"));
    assert_int_equal(a->scores, 0);
    rs_session_close(session);
    rs_probe_drop(a); /* it outlives the session */
}

/* ---- memory ------------------------------------------------------------------------------------------------------ */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define INSTRUMENTED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define INSTRUMENTED 1
#endif
#endif

static long peak(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_maxrss * 1024L;
}

/* In a process of its own, whose peak is that of one run: within a quarter of what was foretold? */
static int foretold(void)
{
    long before = peak();
    struct rs_session *session = open_keeping(40 << 20);
    run_to_end(session);
    const struct rs_dataset *dataset = rs_session_dataset(session);
    const struct rs_ratings *ratings = &dataset->ratings;
    double grown = (double)(peak() - before);
    double said = (double)rs_session_memory(&settings, ratings->users, ratings->items, ratings->count, 40 << 20);
    print_message("# grew by %.1f MB, foretold %.1f MB\n", grown / 1e6, said / 1e6);
    return fabs(said - grown) < 0.25 * grown ? 0 : 1;
}

static void memory_is_foretold(void **state)
{
    (void)state;
#ifdef INSTRUMENTED
    skip(); /* memory has another size there */
#endif
    const char *const models[] = {"autorec", "mf"};
    for (size_t i = 0; i < 2; i++) {
        small();
        set(&rs_row_model, models[i]);
        set(&rs_row_world_users, "5000");
        set(&rs_row_world_items, "3000");
        set(&rs_row_world_ratings, "200000");
        set(&rs_row_layers, "100");
        set(&rs_row_factors, "128");
        set(&rs_row_batch_size, "512");
        set(&rs_row_epochs, "8");
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(foretold());
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pace_changes_no_bit),
        cmocka_unit_test(a_wait_is_cut_short),
        cmocka_unit_test(an_explosion_pauses),
        cmocka_unit_test(checkpoints_keep_to_their_budget),
        cmocka_unit_test(a_fork_ends_with_the_same_bits),
        cmocka_unit_test(a_fork_that_stops_has_the_best),
        cmocka_unit_test(a_fork_goes_its_own_way),
        cmocka_unit_test(a_fork_from_the_first_step),
        cmocka_unit_test(a_run_that_is_closed_is_told_as_done),
        cmocka_unit_test(probes_answer_in_every_state),
        cmocka_unit_test(probes_change_no_bit),
        cmocka_unit_test(a_problem_is_an_answer),
        cmocka_unit_test(memory_is_foretold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
