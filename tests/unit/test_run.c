/* Run folders: what is written, when, and that it reads back exactly; replay's comparison; thinning; weights. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../src/experiment/thinning.h"
#include "../../src/experiment/weights_file.h"
#include "recscope/base/file.h"
#include "recscope/base/memory.h"
#include "recscope/base/random.h"
#include "recscope/data/dataset.h"
#include "recscope/experiment/preset.h"
#include "recscope/experiment/replay.h"
#include "recscope/experiment/run.h"
#include "recscope/experiment/stored_run.h"

static struct rs_settings settings;
static struct rs_dataset dataset = {
    .ratings = {.users = 4, .items = 3, .count = 9, .name = "a;b", .format = "test", .hash = "0123"},
    .split_hash = "4567",
};
static char base[64]; /* a folder of this test alone */
static char folder[80];

static int make_base(void **state)
{
    (void)state;
    struct rs_error err;
    snprintf(base, sizeof base, "/tmp/recscope-run-XXXXXX");
    if (!mkdtemp(base) || rs_preset_default(&settings, &err) != RS_OK)
        return -1;
    snprintf(folder, sizeof folder, "%s/deep/run", base);
    return 0;
}

static void remove_tree(const char *path)
{
    DIR *directory = opendir(path);
    for (struct dirent *entry = directory ? readdir(directory) : NULL; entry; entry = readdir(directory)) {
        char inside[RS_PATH_SIZE];
        bool itself = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
        if (!itself && rs_path_join(inside, sizeof inside, path, entry->d_name, NULL) == RS_OK)
            remove_tree(inside);
    }
    if (directory)
        closedir(directory);
    remove(path);
}

static int remove_base(void **state)
{
    (void)state;
    remove_tree(base);
    return 0;
}

static char *read_text(const char *name)
{
    char path[200];
    char *text = NULL;
    size_t length = 0;
    struct rs_error err;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (rs_file_read(path, &text, &length, &err) != RS_OK)
        fail_msg("%s", err.message);
    return text;
}

static void assert_text(const char *name, const char *expected)
{
    char *text = read_text(name);
    assert_string_equal(text, expected);
    rs_free(text);
}

static void write_text(const char *name, const char *text)
{
    char path[200];
    struct rs_error err;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(rs_file_write(path, text, strlen(text), &err), RS_OK);
}

/* Replace the first `from` in a file. */
static void edit(const char *name, const char *from, const char *to)
{
    char *text = read_text(name);
    char *at = strstr(text, from);
    static char changed[20000];
    assert_non_null(at);
    snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    write_text(name, changed);
    rs_free(text);
}

/* ---- a made-up run of three epochs ------------------------------------------------------------------------------- */

static const struct rs_start_record start_record = {
    .settings = &settings, .dataset = &dataset, .parameters = 3, .train = 7, .eval = 1, .test = 1, .path = "sparse"};

static struct rs_epoch_record epoch_record(uint64_t epoch)
{
    return (struct rs_epoch_record){.epoch = epoch,
                                    .step = 2 * epoch,
                                    .seconds = 0.5,
                                    .eval_seconds = 0.25,
                                    .learning_rate = 0.001,
                                    .batch_loss = 1.0 / 3,
                                    .weight_change = epoch == 1 ? -1 : 0.1,
                                    .cells = 7,
                                    .metrics = {.has = 1u << RS_TRAIN_RMSE | (epoch == 2 ? 0 : 1u << RS_EVAL_RMSE),
                                                .value = {1.0 / (double)epoch, 2.0 / 3}},
                                    .best = epoch == 1,
                                    .phase = epoch == 3 ? RS_PHASE_REFIT : RS_PHASE_SEARCH};
}

static const struct rs_done_record done_record = {
    .reason = RS_REASON_EPOCHS,
    .epochs = 3,
    .best_epoch = 1,
    .best_eval_rmse = 2.0 / 3,
    .metrics = {.has = 1u << RS_TEST_RMSE, .value = {[RS_TEST_RMSE] = 0.7}},
    .train_seconds = 1.5,
    .weights_hash = "89ab"};

static const float worse[] = {1, 2, 3};
static const float weights[] = {1.0f / 3, -2, 1e-30f};

static void tell(const struct rs_observer *observer, struct rs_error *err)
{
    const struct rs_conf_row *row = rs_settings_find(&settings, "model", "dropout", err);
    assert_int_equal(observer->start(observer->context, &start_record, err), RS_OK);
    for (uint64_t epoch = 1; epoch <= 3; epoch++) {
        for (uint64_t step = 2 * epoch - 1; step <= 2 * epoch && observer->batch; step++) {
            struct rs_batch_record batch = {.step = step, .epoch = epoch, .loss = 0.1 * (double)step};
            assert_int_equal(observer->batch(observer->context, &batch, err), RS_OK);
        }
        struct rs_change_record change = {.step = 3, .row = row, .value = "0.25"};
        if (epoch == 1 && observer->change)
            assert_int_equal(observer->change(observer->context, &change, err), RS_OK);
        const struct rs_weights told = rs_weights_listed(epoch == 1 ? worse : weights, 3);
        if (epoch < 3 && observer->best)
            assert_int_equal(observer->best(observer->context, &told, err), RS_OK);
        struct rs_epoch_record record = epoch_record(epoch);
        assert_int_equal(observer->epoch(observer->context, &record, err), RS_OK);
    }
    assert_int_equal(observer->done(observer->context, &done_record, err), RS_OK);
}

static void write_run(bool overwrite)
{
    struct rs_error err = {0};
    struct rs_run_writer *writer = NULL;
    if (rs_run_writer_create(&writer, folder, overwrite, &err) != RS_OK)
        fail_msg("%s", err.message);
    struct rs_observer observer = rs_run_writer_observer(writer);
    tell(&observer, &err);
    rs_run_writer_free(writer);
}

static enum rs_status see_pair(void *context, const char *section, const char *key, const char *value,
                               struct rs_error *err)
{
    char *all = context;
    (void)err;
    snprintf(all + strlen(all), 4000 - strlen(all), "%s.%s=%s\n", section, key, value);
    return RS_OK;
}

static void a_run_is_written_and_read_back(void **state)
{
    (void)state;
    struct rs_error err = {0};
    assert_int_equal(rs_preset_assign(&settings, "experiment.title=Caf\xC3\xA9", &err), RS_OK);
    assert_int_equal(rs_preset_assign(&settings, "train.learning_rate=0.0123456789", &err), RS_OK);
    write_run(false);
    assert_text("epochs.csv",
                "epoch,step,seconds,eval_seconds,train_rmse,eval_rmse,eval_mae,lr,batch_loss,weight_change,cells,best,"
                "phase\n"
                "1,2,0.5,0.25,1,0.6666666666666666,,0.001,0.3333333333333333,,7,1,search\n"
                "2,4,0.5,0.25,0.5,,,0.001,0.3333333333333333,0.1,7,0,search\n"
                "3,6,0.5,0.25,0.3333333333333333,0.6666666666666666,,0.001,0.3333333333333333,0.1,7,0,refit\n");
    assert_text("changes.csv", "step,key,value\n3,model.dropout,0.25\n");
    assert_text("steps.csv", "step,epoch,loss\n1,1,0.1\n2,1,0.2\n3,2,0.30000000000000004\n4,2,0.4\n5,3,0.5\n"
                             "6,3,0.6000000000000001\n");

    static struct rs_settings again;
    char all[4000] = "";
    char path[100];
    snprintf(path, sizeof path, "%s/run.ini", folder);
    const struct rs_preset_visitor visitor = {.context = all, .pair = see_pair};
    if (rs_preset_visit(&again, path, &visitor, &err) != RS_OK)
        fail_msg("%s", err.message);
    assert_true(rs_settings_equal(&settings, &again));
    static const char *const expected[] = {"provenance.data=a,b\n",
                                           "provenance.ratings=9\n",
                                           "provenance.data_hash=0123\n",
                                           "provenance.split_hash=4567\n",
                                           "provenance.version=",
                                           "provenance.instruction_set=",
                                           "result.reason=epochs\n",
                                           "result.epochs=3\n",
                                           "result.steps=6\n",
                                           "result.best_epoch=1\n",
                                           "result.best_eval_rmse=0.6666666666666666\n",
                                           "result.test_rmse=0.7\n",
                                           "result.weights_hash=89ab\n"};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (!strstr(all, expected[i]))
            fail_msg("%s is not in:\n%s", expected[i], all);
    assert_null(strstr(all, "test_mae"));

    float *read = NULL;
    uint64_t count = 0;
    snprintf(path, sizeof path, "%s/best.rsm", folder);
    assert_int_equal(rs_weights_read(path, &read, &count, &err), RS_OK);
    assert_int_equal(count, 3);
    assert_memory_equal(read, weights, sizeof weights);
    rs_free(read);
}

static void nothing_is_written_before_the_start(void **state)
{
    (void)state;
    struct rs_error err = {0};
    struct rs_run_writer *writer = NULL;
    assert_int_equal(rs_run_writer_create(&writer, folder, false, &err), RS_OK);
    assert_string_equal(rs_run_writer_folder(writer), folder);
    rs_run_writer_free(writer);
    assert_int_equal(rmdir(base), 0); /* it is empty */
}

static void a_folder_with_something_in_it_is_refused(void **state)
{
    (void)state;
    struct rs_error err = {0};
    struct rs_run_writer *writer = NULL;
    write_run(false);
    write_text("best.rsm", "old");
    write_text("state.rsm", "old");
    write_text("mine.txt", "mine");
    assert_int_equal(rs_run_writer_create(&writer, folder, false, &err), RS_USAGE);
    assert_null(writer);
    assert_non_null(strstr(err.message, ": the folder is not empty: another one, or --overwrite"));
    assert_text("best.rsm", "old");
    write_run(true);
    assert_text("mine.txt", "mine");
    char path[100];
    snprintf(path, sizeof path, "%s/state.rsm", folder);
    assert_int_equal(access(path, F_OK), -1);

    snprintf(path, sizeof path, "%s/mine.txt", folder);
    assert_int_equal(rs_run_writer_create(&writer, path, true, &err), RS_USAGE);
    assert_non_null(strstr(err.message, ": this is a file: a folder for the run"));
    snprintf(path, sizeof path, "%s/mine.txt/run", folder);
    assert_int_equal(rs_run_writer_create(&writer, path, true, &err), RS_OK);
    struct rs_observer observer = rs_run_writer_observer(writer);
    assert_int_equal(observer.start(observer.context, &start_record, &err), RS_IO);
    rs_run_writer_free(writer);
}

static void the_default_folder_follows_xdg(void **state)
{
    (void)state;
    struct rs_error err = {0};
    char path[RS_PATH_SIZE];
    setenv("XDG_DATA_HOME", base, 1);
    assert_int_equal(rs_preset_assign(&settings, "data.source=/some where/ml-100k/", &err), RS_OK);
    assert_int_equal(rs_run_folder_make(path, sizeof path, &settings, &err), RS_OK);
    assert_memory_equal(path, base, strlen(base));
    assert_memory_equal(path + strlen(base), "/recscope/runs/2", 16);
    assert_string_equal(path + strlen(path) - strlen("-autorec-ml-100k"), "-autorec-ml-100k");
    assert_true(rs_is_folder(path));
    setenv("XDG_DATA_HOME", "relative", 1); /* not a valid value: as if it were not there */
    setenv("HOME", base, 1);
    assert_int_equal(rs_run_folder_make(path, sizeof path, &settings, &err), RS_OK);
    assert_memory_equal(path + strlen(base), "/.local/share/recscope/runs/2", 29);
}

/* Every run of a crowd that begins in the same second has a folder of its own. */
static void no_two_runs_share_a_default_folder(void **state)
{
    (void)state;
    enum { RUNS = 8 };
    struct rs_error err = {0};
    struct rs_run_writer *writer[RUNS];
    setenv("XDG_DATA_HOME", base, 1);
    for (size_t i = 0; i < RUNS; i++) {
        assert_int_equal(rs_run_writer_create(&writer[i], NULL, false, &err), RS_OK);
        assert_string_equal(rs_run_writer_folder(writer[i]), "");
    }
    for (size_t i = 0; i < RUNS; i++) {
        struct rs_observer observer = rs_run_writer_observer(writer[i]);
        assert_int_equal(observer.start(observer.context, &start_record, &err), RS_OK);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(rs_run_writer_folder(writer[i]), rs_run_writer_folder(writer[k]));
    }
    for (size_t i = 0; i < RUNS; i++)
        rs_run_writer_free(writer[i]);
    unsetenv("XDG_DATA_HOME");
    unsetenv("HOME");
    assert_int_equal(rs_run_writer_create(&writer[0], NULL, false, &err), RS_USAGE);
    assert_non_null(strstr(err.message, "--out FOLDER"));
}

/* A fork says where it comes from; its steps begin there, also where it ends before the first of them. */
static void a_fork_is_recorded(void **state)
{
    (void)state;
    struct rs_error err = {0};
    struct rs_run_writer *writer = NULL;
    struct rs_done_record done = done_record;
    done.reason = RS_REASON_STOPPED;
    assert_int_equal(rs_run_writer_create(&writer, folder, false, &err), RS_OK);
    rs_run_writer_forked(writer, "/some/where/the-parent/", 2);
    struct rs_observer observer = rs_run_writer_observer(writer);
    assert_int_equal(observer.start(observer.context, &start_record, &err), RS_OK);
    for (uint64_t epoch = 1; epoch <= 2; epoch++) {
        struct rs_epoch_record record = epoch_record(epoch);
        assert_int_equal(observer.epoch(observer.context, &record, &err), RS_OK);
    }
    assert_int_equal(observer.done(observer.context, &done, &err), RS_OK);
    rs_run_writer_free(writer);
    char *ini = read_text("run.ini");
    char *log = read_text("log.txt");
    assert_non_null(strstr(ini, "\n[fork]\nrun = the-parent\nepoch = 2\n"));
    assert_non_null(strstr(ini, "\nsteps = 4\n"));
    assert_non_null(strstr(log, "forked from the-parent at the end of epoch 2"));
    rs_free(ini);
    rs_free(log);
    assert_text("steps.csv", "step,epoch,loss\n");
    struct rs_stored_run run;
    assert_int_equal(rs_stored_run_read(&run, folder, &err), RS_OK);
    assert_string_equal(run.parent, "the-parent");
    assert_int_equal(run.parent_epoch, 2);
    rs_stored_run_free(&run);
}

/* ---- replay -------------------------------------------------------------------------------------------------------
 */

/* What a replay says when it is told the same three epochs. */
static enum rs_status verify(struct rs_error *err)
{
    struct rs_replay *replay = NULL;
    *err = (struct rs_error){0};
    enum rs_status status = rs_replay_open(&replay, folder, err);
    if (status != RS_OK)
        return status;
    struct rs_observer observer = rs_replay_observer(replay);
    tell(&observer, err);
    status = rs_replay_verdict(replay, err);
    rs_replay_free(replay);
    return status;
}

static void the_same_run_is_the_same(void **state)
{
    (void)state;
    struct rs_error err;
    write_run(false);
    assert_true(rs_replay_is_run(folder));
    assert_false(rs_replay_is_run(base));
    assert_int_equal(verify(&err), RS_OK);
    edit("epochs.csv", ",0.5,0.25,", ",77,88,"); /* times are no part of it */
    assert_int_equal(verify(&err), RS_OK);
}

static void every_difference_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *file, *from, *to, *message;
    } edits[] = {
        {"epochs.csv", "2,4,0.5,0.25,0.5,", "2,4,0.5,0.25,0.5000000000000001,",
         "epoch 2: train_rmse: recorded 0.5000000000000001, replayed 0.5"},
        {"epochs.csv", "2,4,0.5,0.25,0.5,,", "2,4,0.5,0.25,0.5,1,", "epoch 2: eval_rmse: recorded 1, replayed nothing"},
        {"epochs.csv", "refit", "search", "epoch 3: phase: recorded search, replayed refit"},
        {"epochs.csv", "\n3,6,", "\n9,6,", "epoch 3: epoch: recorded 9, replayed 3"},
        {"epochs.csv", "\n2,4,0.5,0.25,0.5,,,0.001,0.3333333333333333,0.1,7,0,search", "",
         "epoch 2: epoch: recorded 3, replayed 2"},
        {"run.ini", "weights_hash = 89ab", "weights_hash = 89ac",
         "the end: weights_hash: recorded 89ac, replayed 89ab"},
        {"run.ini", "data_hash = 0123", "data_hash = 0", "the end: data_hash: recorded 0, replayed 0123"},
        {"run.ini", "reason = epochs", "reason = patience", "the end: reason: recorded patience, replayed epochs"},
    };
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        struct rs_error err;
        write_run(true);
        edit(edits[i].file, edits[i].from, edits[i].to);
        assert_int_equal(verify(&err), RS_DIFFERS);
        assert_string_equal(err.message, edits[i].message);
    }
    struct rs_error err;
    write_run(true);
    char *text = read_text("epochs.csv");
    static char longer[4000];
    snprintf(longer, sizeof longer, "%s4,8,0.5,0.25,0.5,,,0.001,0.3,0.1,7,0,search\n", text);
    write_text("epochs.csv", longer);
    rs_free(text);
    assert_int_equal(verify(&err), RS_DIFFERS);
    assert_string_equal(err.message, "the end: number of epochs: recorded 4, replayed 3");
}

static void another_machine_may_round(void **state)
{
    (void)state;
    struct rs_error err;
    write_run(false);
    edit("epochs.csv", "2,4,0.5,0.25,0.5,", "2,4,0.5,0.25,0.50001,");
    edit("epochs.csv", ",7,0,", ",7,1,"); /* which epoch is best follows from the rest */
    edit("run.ini", "weights_hash = 89ab", "weights_hash = 89ac");
    assert_int_equal(verify(&err), RS_DIFFERS);
    edit("run.ini", "instruction_set = ", "instruction_set = other than ");
    assert_int_equal(verify(&err), RS_ROUNDING);
    assert_non_null(strstr(err.message, "epoch 2: train_rmse: recorded 0.50001, replayed 0.5: agrees to rounding"));
    edit("epochs.csv", "0.50001", "0.501");
    assert_int_equal(verify(&err), RS_DIFFERS);
}

static void a_damaged_record_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *file, *text, *message;
    } damages[] = {
        {"epochs.csv", "", "epochs.csv: there is no header: a record of epochs"},
        {"changes.csv", "step,key,value\n3,model.dropot,0.1\n", "changes.csv:2: [model] dropot: there is no such key"},
        {"changes.csv", "step,key,value\n3,model.dropout\n", "changes.csv:2: 3,model.dropout: not a change"},
        {"changes.csv", "step,key,value\n0,model.dropout,0.1\n", "changes.csv:2: 0: not a change"},
        {"run.ini", "[train]\nepochs = x\n", "run.ini:2: [train] epochs = x: not a whole number"},
        {"run.ini", "[fork]\nepoch = -1\n", "run.ini:2: [fork] epoch = -1: not a count"},
        {"run.ini", "[result]\nsteps = x\n", "run.ini:2: [result] steps = x: not a count"},
    };
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        struct rs_error err;
        write_run(true);
        write_text(damages[i].file, damages[i].text);
        assert_int_not_equal(verify(&err), RS_OK);
        if (!strstr(err.message, damages[i].message))
            fail_msg("%s\nnot: %s", err.message, damages[i].message);
        assert_int_equal(rs_status_exit(err.code), 2);
    }
}

/* ---- thinning and weights -----------------------------------------------------------------------------------------
 */

static bool holds(const struct rs_thinning *thinning, uint64_t step)
{
    for (size_t i = 0; i < thinning->count; i++)
        if (thinning->row[i].step == step)
            return true;
    return false;
}

static void thinning_keeps_every_spike(void **state)
{
    (void)state;
    enum { MOST = 400, STEPS = 100000, SPIKES = 20 };
    for (uint64_t round = 0; round < 20; round++) {
        struct rs_rng rng = rs_rng_at(2, RS_DRAW_TEST, 0, 0, round);
        struct rs_thinning thinning;
        struct rs_error err;
        uint64_t spike[SPIKES];
        rs_thinning_start(&thinning, MOST);
        for (size_t i = 0; i < SPIKES; i++) /* far enough apart to be in stretches of their own */
            spike[i] = STEPS / SPIKES * i + 1 + rs_rng_below(&rng, STEPS / SPIKES / 2);
        for (uint64_t step = 1; step <= STEPS; step++) {
            double loss = 1 + 0.1 * rs_rng_uniform(&rng);
            for (size_t i = 0; i < SPIKES; i++)
                loss = step != spike[i] ? loss : i == 7 ? NAN : i % 2 ? 9 : 0;
            struct rs_step_row row = {step, 1, loss};
            assert_int_equal(rs_thinning_add(&thinning, &row, &err), RS_OK);
            assert_true(thinning.count <= MOST);
            assert_true(step > MOST || thinning.count == step);
        }
        assert_int_equal(rs_thinning_finish(&thinning, &err), RS_OK);
        assert_true(thinning.count >= MOST / 4);
        for (size_t i = 1; i < thinning.count; i++)
            assert_true(thinning.row[i - 1].step < thinning.row[i].step);
        for (size_t i = 0; i < SPIKES; i++)
            assert_true(holds(&thinning, spike[i]));
        rs_thinning_free(&thinning);
    }
}

/* steps.csv follows the thinning: what stands in the file is what was kept. */
static void a_long_run_has_a_thinned_file(void **state)
{
    (void)state;
    enum { STEPS = 450001 };
    struct rs_error err = {0};
    struct rs_run_writer *writer = NULL;
    assert_int_equal(rs_run_writer_create(&writer, folder, false, &err), RS_OK);
    struct rs_observer observer = rs_run_writer_observer(writer);
    assert_int_equal(observer.start(observer.context, &start_record, &err), RS_OK);
    for (uint64_t step = 1; step <= STEPS; step++) {
        struct rs_batch_record batch = {.step = step, .epoch = 1, .loss = step == 77777 ? 1e9 : 1.5};
        assert_int_equal(observer.batch(observer.context, &batch, &err), RS_OK);
        struct rs_epoch_record record = epoch_record(1);
        if (step % 9000 == 0)
            assert_int_equal(observer.epoch(observer.context, &record, &err), RS_OK);
    }
    assert_int_equal(observer.done(observer.context, &done_record, &err), RS_OK);
    rs_run_writer_free(writer);
    char *text = read_text("steps.csv");
    assert_non_null(strstr(text, "\n77777,1,1000000000\n"));
    size_t lines = 0;
    uint64_t last = 0;
    for (char *at = strchr(text, '\n'); at && at[1]; at = strchr(at + 1, '\n'), lines++) {
        uint64_t step = strtoull(at + 1, NULL, 10);
        assert_true(step > last);
        last = step;
    }
    assert_int_equal(last, STEPS);
    assert_true(lines > 50000 && lines <= 100001);
    rs_free(text);
}

static void damaged_weights_are_refused(void **state)
{
    (void)state;
    struct rs_error err = {0};
    char path[100];
    char *bytes = NULL;
    size_t length = 0;
    float *read = NULL;
    uint64_t count = 0;
    snprintf(path, sizeof path, "%s/w.rsm", base);
    const struct rs_weights told = rs_weights_listed(weights, 3);
    assert_int_equal(rs_weights_write(path, &told, &err), RS_OK);
    assert_int_equal(rs_file_read(path, &bytes, &length, &err), RS_OK);
    assert_int_equal(length, 24 + 12 + 64);
    for (size_t i = 0; i < length; i++) {
        bytes[i] ^= 1;
        assert_int_equal(rs_file_write(path, bytes, length, &err), RS_OK);
        assert_int_equal(rs_weights_read(path, &read, &count, &err), RS_DATA);
        assert_null(read);
        bytes[i] ^= 1;
        assert_int_equal(rs_file_write(path, bytes, i, &err), RS_OK);
        assert_int_equal(rs_weights_read(path, &read, &count, &err), RS_DATA);
    }
    rs_free(bytes);
    const struct rs_weights none = rs_weights_listed(NULL, 0);
    assert_int_equal(rs_weights_write(path, &none, &err), RS_OK);
    assert_int_equal(rs_weights_read(path, &read, &count, &err), RS_OK);
    assert_int_equal(count, 0);
    rs_free(read);
}

/* More than is written at a time, and not a multiple of it. */
static void many_weights_come_back(void **state)
{
    (void)state;
    struct rs_error err = {0};
    char path[100];
    float *list = NULL;
    float *read = NULL;
    uint64_t count = 0;
    size_t many = 2 * RS_WEIGHTS_PIECE + 3;
    assert_int_equal(rs_alloc(&list, many, sizeof *list, &err), RS_OK);
    for (size_t i = 0; i < many; i++)
        list[i] = 0.5F * (float)i;
    const struct rs_weights told = rs_weights_listed(list, many);
    snprintf(path, sizeof path, "%s/w.rsm", base);
    assert_int_equal(rs_weights_write(path, &told, &err), RS_OK);
    assert_int_equal(rs_weights_read(path, &read, &count, &err), RS_OK);
    assert_int_equal(count, many);
    assert_memory_equal(read, list, many * sizeof *list);
    rs_free(list);
    rs_free(read);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_base, remove_base)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_run_is_written_and_read_back),
        TEST(nothing_is_written_before_the_start),
        TEST(a_folder_with_something_in_it_is_refused),
        TEST(the_default_folder_follows_xdg),
        TEST(no_two_runs_share_a_default_folder),
        TEST(a_fork_is_recorded),
        TEST(the_same_run_is_the_same),
        TEST(every_difference_is_found),
        TEST(another_machine_may_round),
        TEST(a_damaged_record_is_refused),
        TEST(thinning_keeps_every_spike),
        TEST(a_long_run_has_a_thinned_file),
        TEST(damaged_weights_are_refused),
        TEST(many_weights_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
