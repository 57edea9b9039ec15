/* run_fixture.h -- made-up run folders, written by the writer of real ones. */
#ifndef RS_TESTS_RUN_FIXTURE_H
#define RS_TESTS_RUN_FIXTURE_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recscope/base/file.h"
#include "recscope/base/memory.h"
#include "recscope/base/text.h"
#include "recscope/experiment/preset.h"
#include "recscope/experiment/run.h"
#include "recscope/models/model.h"

static char run_base[64]; /* a folder of this test alone */

static inline int make_run_base(void **state)
{
    (void)state;
    snprintf(run_base, sizeof run_base, "/tmp/recscope-runs-XXXXXX");
    return mkdtemp(run_base) ? 0 : -1;
}

static inline void remove_tree(const char *path)
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

static inline int remove_run_base(void **state)
{
    (void)state;
    remove_tree(run_base);
    return 0;
}

struct made_run {
    const char *name; /* below run_base */
    const char *set;  /* one assignment; NULL: none */
    double best;      /* eval RMSE of epoch 2 of 3; the others have 0.1 more */
    bool broke_off;   /* no result */
    bool changed;     /* dropout became 0.25 before step 3 */
    const char *data_hash;
};

static inline char *made_path(const char *name)
{
    static char path[200];
    snprintf(path, sizeof path, "%s/%s", run_base, name);
    return path;
}

/* The writer is open until the caller frees it. */
static inline struct rs_run_writer *write_run(const struct made_run *run)
{
    struct rs_error err = {0};
    struct rs_settings *settings;
    struct rs_run_writer *writer = NULL;
    struct rs_dataset data = {.ratings = {.users = 4, .items = 3, .count = 9, .name = "toy", .format = "test"}};
    rs_copy_string(data.ratings.hash, sizeof data.ratings.hash, run->data_hash ? run->data_hash : "0123");
    rs_copy_string(data.split_hash, sizeof data.split_hash, "4567");
    assert_int_equal(rs_alloc(&settings, 1, sizeof *settings, &err), RS_OK);
    assert_int_equal(rs_preset_default(settings, &err), RS_OK);
    if (run->set && rs_preset_assign(settings, run->set, &err) != RS_OK)
        fail_msg("%s", err.message);
    assert_int_equal(rs_run_writer_create(&writer, made_path(run->name), false, &err), RS_OK);
    struct rs_observer observer = rs_run_writer_observer(writer);
    struct rs_start_record start = {.settings = settings, .dataset = &data, .train = 7, .eval = 1, .test = 1};
    assert_int_equal(observer.start(writer, &start, &err), RS_OK);
    struct rs_change_record change = {.step = 3, .row = &rs_row_dropout, .value = "0.25"};
    if (run->changed)
        assert_int_equal(observer.change(writer, &change, &err), RS_OK);
    for (uint64_t epoch = 1; epoch <= 3; epoch++) {
        struct rs_epoch_record record = {.epoch = epoch,
                                         .step = 2 * epoch,
                                         .seconds = 0.5,
                                         .learning_rate = 0.001,
                                         .weight_change = -1,
                                         .cells = 7,
                                         .metrics = {.has = 1u << RS_TRAIN_RMSE | 1u << RS_EVAL_RMSE,
                                                     .value = {1.0 / (double)epoch, run->best + (epoch != 2) * 0.1}}};
        assert_int_equal(observer.epoch(writer, &record, &err), RS_OK);
    }
    struct rs_done_record done = {.reason = RS_REASON_EPOCHS,
                                  .epochs = 3,
                                  .best_epoch = 2,
                                  .best_eval_rmse = run->best,
                                  .metrics = {.has = 1u << RS_TEST_RMSE, .value = {[RS_TEST_RMSE] = 0.7}},
                                  .train_seconds = 1.5,
                                  .weights_hash = "89ab"};
    if (!run->broke_off)
        assert_int_equal(observer.done(writer, &done, &err), RS_OK);
    rs_free(settings);
    return writer;
}

static inline void make_run(const struct made_run *run)
{
    rs_run_writer_free(write_run(run));
}

#endif
