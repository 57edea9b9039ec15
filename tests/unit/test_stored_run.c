/* Run folders read back as data; labels; deletion, and what refuses it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "recscope/base/text.h"
#include "recscope/data/dataset.h"
#include "recscope/experiment/stored_run.h"
#include "recscope/models/model.h"
#include "run_fixture.h"

static struct rs_stored_run run;

static void read_back(const char *name)
{
    struct rs_error err = {0};
    assert_int_equal(rs_stored_run_read(&run, made_path(name), &err), RS_OK);
}

static void test_finished(void **state)
{
    (void)state;
    make_run(&(struct made_run){.name = "a", .set = "model.dropout=0.25", .best = 0.9});
    read_back("a");
    assert_int_equal(run.state, RS_RUN_FINISHED);
    assert_string_equal(run.name, "a");
    assert_string_equal(run.reason, "epochs");
    assert_string_equal(run.data_hash, "0123");
    assert_string_equal(run.split_hash, "4567");
    assert_true(run.best_eval == 0.9 && run.best_epoch == 2 && run.epochs == 3);
    assert_true(run.last_eval == 0.9 + 0.1 && run.test_rmse == 0.7 && isnan(run.test_mae) && run.seconds == 1.5);
    assert_string_equal(rs_stored_run_value(&run, &rs_row_dropout), "0.25");
    assert_null(rs_stored_run_value(&run, &rs_row_factors)); /* of another model */
    rs_stored_run_free(&run);
}

static void test_unfinished(void **state)
{
    (void)state;
    make_run(&(struct made_run){.name = "b", .best = 0.8, .broke_off = true});
    read_back("b");
    assert_int_equal(run.state, RS_RUN_UNFINISHED);
    assert_true(run.best_eval == 0.8 && run.best_epoch == 2 && run.seconds == 1.5 && isnan(run.test_rmse));
    rs_stored_run_free(&run);
}

static void test_damaged(void **state)
{
    (void)state;
    struct rs_error err = {0};
    make_run(&(struct made_run){.name = "c", .best = 0.8});
    char *ini = made_path("c/run.ini");
    assert_int_equal(rs_file_write(ini, "[model]\ndropuot = 1\n", 20, &err), RS_OK);
    read_back("c");
    assert_int_equal(run.state, RS_RUN_DAMAGED);
    assert_non_null(strstr(run.why, "run.ini:2: "));
    assert_non_null(strstr(run.why, "dropout"));
    assert_null(rs_stored_run_value(&run, &rs_row_dropout));
    rs_stored_run_free(&run);
}

/* What stands in epochs.csv is numbers in the columns of its header, or the place is named. */
static void test_damaged_epochs(void **state)
{
    (void)state;
    static const char header[] = "epoch,step,seconds,eval_seconds,train_rmse,eval_rmse,eval_mae,lr,batch_loss,"
                                 "weight_change,cells,best,phase\n1,2,0.5,0.25,1,0.6,,0.001,0.3,,7,1,search\n";
    static const struct {
        const char *text, *why;
    } damages[] = {
        {"nonsense\n1\n", "epochs.csv:1: epoch: the header has no such column"},
        {"2,4,0.5,0.25,1,x,,0.001,0.3,,7,1,search\n", "epochs.csv:3: x: not a number"},
        {"2,4,0.5,0.25,1\n", "epochs.csv:3: no phase: search or refit ends a line"},
    };
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        struct rs_error err = {0};
        struct rs_run_epochs epochs;
        char text[400];
        make_run(&(struct made_run){.name = "h", .best = 0.8});
        snprintf(text, sizeof text, "%s%s", i == 0 ? "" : header, damages[i].text);
        assert_int_equal(rs_file_write(made_path("h/epochs.csv"), text, strlen(text), &err), RS_OK);
        read_back("h");
        assert_int_equal(run.state, RS_RUN_DAMAGED);
        assert_true(isnan(run.best_eval) && run.epochs == 0);
        if (!strstr(run.why, damages[i].why))
            fail_msg("%s", run.why);
        rs_stored_run_free(&run);
        assert_int_equal(rs_run_epochs_read(&epochs, made_path("h"), &err), RS_DATA);
        assert_non_null(strstr(err.message, damages[i].why));
        rs_run_epochs_free(&epochs);
        assert_int_equal(rs_run_delete(made_path("h"), &err), RS_OK);
    }
}

static void test_epochs(void **state)
{
    (void)state;
    struct rs_error err = {0};
    struct rs_run_epochs epochs;
    make_run(&(struct made_run){.name = "d", .best = 0.8});
    assert_int_equal(rs_run_epochs_read(&epochs, made_path("d"), &err), RS_OK);
    assert_int_equal(epochs.count, 3);
    assert_true(epochs.epoch[2] == 3 && epochs.step[2] == 6 && epochs.ratings[2] == 21 && epochs.seconds[2] == 1.5);
    assert_true(epochs.eval[1] == 0.8 && epochs.train[1] == 0.5 && epochs.rate[0] == 0.001);
    rs_run_epochs_free(&epochs);
}

static void test_label(void **state)
{
    (void)state;
    struct rs_error err = {0};
    struct rs_run_label label = {.tag = "keep", .note = "a ; b"};
    make_run(&(struct made_run){.name = "e", .best = 0.8});
    assert_int_equal(rs_run_label_write(&label, made_path("e"), &err), RS_OK);
    assert_int_equal(rs_run_test_opened(made_path("e"), &err), RS_OK);
    assert_int_equal(rs_run_test_opened(made_path("e"), &err), RS_OK);
    read_back("e");
    assert_string_equal(run.label.tag, "keep");
    assert_string_equal(run.label.note, "a , b"); /* a semicolon would start a comment */
    assert_int_equal(run.label.test_opened, 2);
    rs_stored_run_free(&run);
}

static void refused(const char *name, const char *why)
{
    struct rs_error err = {0};
    assert_int_equal(rs_run_delete(made_path(name), &err), RS_USAGE);
    if (!strstr(err.message, why))
        fail_msg("%s", err.message);
}

static void test_delete(void **state)
{
    (void)state;
    struct rs_error err = {0};
    make_run(&(struct made_run){.name = "f", .best = 0.8});
    assert_int_equal(rs_file_write(made_path("f/mine.txt"), "x", 1, &err), RS_OK);
    refused("f", "mine.txt");
    assert_true(rs_is_file(made_path("f/run.ini")));
    assert_int_equal(unlink(made_path("f/mine.txt")), 0);
    assert_int_equal(symlink("/etc/passwd", made_path("f/best.rsm")), 0);
    refused("f", "plain file");
    assert_int_equal(unlink(made_path("f/best.rsm")), 0);
    assert_int_equal(symlink("f", made_path("link")), 0);
    refused("link", "no folder");
    assert_int_equal(mkdir(made_path("empty"), 0777), 0);
    refused("empty", "no run");
    assert_int_equal(rs_run_delete(made_path("f"), &err), RS_OK);
    assert_false(rs_is_folder(made_path("f")));
}

/* Another process cannot delete what this one writes. */
static void test_delete_while_written(void **state)
{
    (void)state;
    int outcome = 0;
    struct rs_run_writer *writer = write_run(&(struct made_run){.name = "g", .best = 0.8, .broke_off = true});
    pid_t child = fork();
    if (child == 0) {
        struct rs_error err = {0};
        bool kept = rs_run_delete(made_path("g"), &err) == RS_USAGE && strstr(err.message, "is writing");
        _exit(kept ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &outcome, 0), child);
    assert_int_equal(outcome, 0);
    rs_run_writer_free(writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finished), cmocka_unit_test(test_unfinished),
        cmocka_unit_test(test_damaged),  cmocka_unit_test(test_damaged_epochs),
        cmocka_unit_test(test_epochs),   cmocka_unit_test(test_label),
        cmocka_unit_test(test_delete),   cmocka_unit_test(test_delete_while_written),
    };
    return cmocka_run_group_tests(tests, make_run_base, remove_run_base);
}
