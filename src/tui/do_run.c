/* Commands that drive training. */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "recscope/base/text.h"
#include "recscope/experiment/preset.h"
#include "screen_runs.h"

static bool is_steppable(const struct rs_app *app)
{
    enum rs_session_state state = app->status.state;
    return app->session && (state == RS_SESSION_READY || state == RS_SESSION_PAUSED || state == RS_SESSION_RUNNING);
}

enum rs_status rs_do_start(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    (void)err;
    app->run_to = 0;
    switch (app->status.state) {
    case RS_SESSION_LOADING:
        app->start_when_ready = true;
        break;
    case RS_SESSION_READY:
        if (rs_app_is_changed(app))
            rs_app_reset(app, true);
        else
            rs_app_command(app, RS_SESSION_START);
        break;
    case RS_SESSION_PAUSED:
        rs_app_command(app, RS_SESSION_START);
        break;
    case RS_SESSION_FINISHED:
    case RS_SESSION_FAILED:
        rs_app_reset(app, true);
        break;
    case RS_SESSION_RUNNING:
    case RS_SESSION_TESTING:
        break;
    }
    return RS_OK;
}

enum rs_status rs_do_pause(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    (void)err;
    app->start_when_ready = false;
    app->run_to = 0;
    if (app->status.state == RS_SESSION_RUNNING)
        rs_app_command(app, RS_SESSION_PAUSE);
    return RS_OK;
}

enum rs_status rs_do_toggle(struct rs_app *app, const char *argument, struct rs_error *err)
{
    bool goes = app->status.state == RS_SESSION_RUNNING || app->start_when_ready;
    return goes ? rs_do_pause(app, argument, err) : rs_do_start(app, argument, err);
}

static enum rs_status step(struct rs_app *app, enum rs_session_command command, struct rs_error *err)
{
    if (!is_steppable(app))
        return rs_fail(err, RS_USAGE, "there is no run to step: r begins again");
    app->run_to = 0;
    app->awaiting = true;
    rs_app_command(app, command);
    return RS_OK;
}

enum rs_status rs_do_step_batch(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    return step(app, RS_SESSION_STEP_BATCH, err);
}

enum rs_status rs_do_step_epoch(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    return step(app, RS_SESSION_STEP_EPOCH, err);
}

/* One epoch after the other: drive.c asks for the next as long as it is not there. */
enum rs_status rs_do_run_to(struct rs_app *app, const char *argument, struct rs_error *err)
{
    int64_t epoch;
    if (!rs_parse_integer(argument, 1, INT64_MAX, &epoch))
        return rs_fail(err, RS_USAGE, "run-to %.40s: not an epoch: run-to 5", argument);
    if (app->status.state == RS_SESSION_FINISHED || app->status.state == RS_SESSION_FAILED)
        rs_app_reset(app, false);
    app->run_to = (uint64_t)epoch;
    app->awaiting = app->status.epoch < app->run_to;
    if (is_steppable(app) && app->status.epoch < app->run_to)
        rs_app_command(app, RS_SESSION_STEP_EPOCH);
    return RS_OK;
}

enum rs_status rs_do_stop(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    rs_sitting_forget_plan(&app->sitting);
    if (!rs_app_is_training(app))
        return rs_fail(err, RS_USAGE, "nothing is being trained");
    app->awaiting = true;
    rs_app_command(app, RS_SESSION_STOP);
    return RS_OK;
}

enum rs_status rs_do_reset(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    rs_sitting_forget_plan(&app->sitting);
    (void)err;
    rs_app_finish_then(app, RS_NEXT_RESET);
    return RS_OK;
}

enum rs_status rs_do_new_seed(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    rs_sitting_forget_plan(&app->sitting);
    char text[RS_NUMBER_SIZE];
    snprintf(text, sizeof text, "%lld", (long long)rs_integer(&app->settings, &rs_row_seed) + 1);
    enum rs_status status = rs_app_set(app, &rs_row_seed, text, err);
    if (status == RS_OK)
        rs_app_finish_then(app, RS_NEXT_RESET);
    return status;
}

enum rs_status rs_do_quit(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    (void)err;
    rs_app_finish_then(app, RS_NEXT_QUIT);
    return RS_OK;
}

/* The kept epoch next to the one that is wanted, before it if need be; 0, the first step, is always there. */
static uint64_t kept_epoch(struct rs_app *app, uint64_t wanted)
{
    struct rs_session_kept kept;
    uint64_t best = 0;
    rs_session_checkpoints(app->session, &kept);
    for (size_t i = 0; i < kept.count; i++)
        if (kept.epoch[i] <= wanted)
            best = kept.epoch[i];
    return best;
}

/* From the epoch under the cross-hair, or from the last one. */
enum rs_status rs_do_fork(struct rs_app *app, const char *argument, struct rs_error *err)
{
    int64_t wanted = (int64_t)(app->chart_focus ? app->view.cursor_epoch : (double)app->status.epoch);
    if (argument[0] && !rs_parse_integer(argument, 0, INT64_MAX, &wanted))
        return rs_fail(err, RS_USAGE, "fork %.40s: not an epoch: fork 5", argument);
    if (!app->session || app->status.state == RS_SESSION_LOADING)
        return rs_fail(err, RS_USAGE, "there is no run to fork");
    uint64_t epoch = kept_epoch(app, (uint64_t)wanted);
    rs_sitting_forget_plan(&app->sitting);
    enum rs_status status = rs_app_fork(app, epoch, err);
    if (status != RS_OK)
        return status;
    if (epoch == (uint64_t)wanted)
        rs_app_say(app, false, "forked at epoch %lld: change what is live, then Space goes on", (long long)wanted);
    else
        rs_app_say(app, false, "epoch %lld is not kept in memory: forked at %llu; Space goes on", (long long)wanted,
                   (unsigned long long)epoch);
    return RS_OK;
}

enum rs_status rs_do_pace(struct rs_app *app, const char *argument, struct rs_error *err)
{
    static const double paces[] = {0, 1, 5, 20}; /* epochs a second; 0: as fast as the machine goes */
    size_t at = 0;
    double wanted;
    if (argument[0] && strcmp(argument, "max") != 0) {
        if (!rs_parse_number(argument, &wanted) || wanted <= 0)
            return rs_fail(err, RS_USAGE, "pace %.40s: not a number of epochs a second: pace 5, pace max", argument);
    } else {
        while (!argument[0] && at < sizeof paces / sizeof *paces && paces[at] != app->epochs_per_second)
            at++;
        wanted = argument[0] ? 0 : paces[(at + 1) % (sizeof paces / sizeof *paces)];
    }
    app->epochs_per_second = wanted;
    if (app->session)
        rs_session_pace(app->session, wanted);
    if (wanted > 0)
        rs_app_say(app, false, "at most %g epochs a second; the numbers stay the same", wanted);
    else
        rs_app_say(app, false, "as fast as the machine goes");
    return RS_OK;
}

/* The test error decides nothing as long as nobody has seen it. */
enum rs_status rs_do_open_test(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    const struct rs_done_record *done = &app->status.done;
    if (app->status.state != RS_SESSION_FINISHED)
        return rs_fail(err, RS_USAGE, "the test is measured when the run has ended");
    if (!(done->metrics.has & 1u << RS_TEST_RMSE))
        return rs_fail(err, RS_USAGE, "this experiment has no test part");
    if (!app->test_open) {
        enum rs_status status = rs_run_test_opened(app->last_run, err);
        if (status == RS_OK)
            status = rs_runs_read(app, err);
        if (status != RS_OK)
            return status;
    }
    app->test_open = true;
    int64_t times =
        rs_run_list_test_opened(&rs_runs_state(app)->list, app->dataset->ratings.hash, app->dataset->split_hash);
    char often[96] = "opened for the first time";
    if (times > 1)
        snprintf(often, sizeof often, "the test of these data was opened %lld times", (long long)times);
    rs_app_say(app, false, "test RMSE %.4f, MAE %.4f; %s", done->metrics.value[RS_TEST_RMSE],
               done->metrics.value[RS_TEST_MAE], often);
    return RS_OK;
}

enum rs_status rs_do_pin(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    (void)err;
    app->pinned = !app->pinned;
    rs_app_say(app, false, app->pinned ? "pinned: this run's curves stay, however many runs come" : "no longer pinned");
    return RS_OK;
}

enum rs_status rs_do_forget(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    (void)err;
    rs_curves_unpin(&app->curves);
    app->pinned = false;
    return RS_OK;
}
