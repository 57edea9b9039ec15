/* The session: opened, closed, listened to; the curves of former runs behind the present one. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "crash.h"
#include "recscope/base/memory.h"
#include "recscope/base/text.h"
#include "recscope/experiment/preset.h"
#include "recscope/experiment/verdict.h"
#include "recscope/models/model.h"

#define NICENESS  5   /* training stands back behind other work of the machine */
#define SMOOTHING 0.3 /* weight of the newest epoch in the pace */

bool rs_app_is_training(const struct rs_app *app)
{
    enum rs_session_state state = app->status.state;
    bool begun = state == RS_SESSION_RUNNING || (state == RS_SESSION_PAUSED && app->status.step > 0);
    return app->session && (begun || state == RS_SESSION_TESTING);
}

const char *rs_app_state_text(const struct rs_app *app)
{
    static const char *const texts[] = {[RS_SESSION_LOADING] = "reading data ...",
                                        [RS_SESSION_READY] = "ready",
                                        [RS_SESSION_RUNNING] = "training",
                                        [RS_SESSION_PAUSED] = "paused",
                                        [RS_SESSION_TESTING] = "testing",
                                        [RS_SESSION_FINISHED] = "finished",
                                        [RS_SESSION_FAILED] = "failed"};
    if (app->status.state == RS_SESSION_TESTING && app->status.phase == RS_PHASE_REFIT)
        return "refitting";
    if (app->status.state == RS_SESSION_FINISHED)
        return app->status.done.reason == RS_REASON_DIVERGED ? "diverged" : texts[RS_SESSION_FINISHED];
    return texts[app->status.state];
}

bool rs_app_is_changed(const struct rs_app *app)
{
    bool takes_live = app->status.state == RS_SESSION_RUNNING || app->status.state == RS_SESSION_PAUSED;
    for (size_t i = 0; i < app->settings.count; i++) {
        const struct rs_conf_row *row = app->settings.rows[i];
        if (rs_row_describes(row) || (row->live && takes_live && !app->opened_other))
            continue;
        if (strcmp(app->settings.value[i].text, app->running.value[i].text) != 0)
            return true;
    }
    return false;
}

static void fail(struct rs_app *app, const struct rs_error *err)
{
    rs_log_add(&app->log, true, err->message);
    rs_copy_string(app->failure, sizeof app->failure, err->message);
    app->status.state = RS_SESSION_FAILED;
    app->start_when_ready = false;
    rs_sitting_forget_plan(&app->sitting);
}

void rs_app_close(struct rs_app *app)
{
    rs_session_close(app->session);
    app->session = NULL;
    rs_watch_forget(app);
    if (app->recorder && rs_recorder_folder(app->recorder)[0])
        rs_copy_string(app->last_run, sizeof app->last_run, rs_recorder_folder(app->recorder));
    rs_recorder_free(app->recorder);
    app->recorder = NULL;
}

/* --out names the folder of the first run; those behind it get a number. */
static enum rs_status make_recorder(struct rs_app *app, struct rs_error *err)
{
    char folder[RS_PATH_SIZE] = "";
    if (app->options->out) {
        enum rs_session_state state = app->status.state; /* of the run before, where it is to be forked */
        bool taken = app->last_run[0] || (state != RS_SESSION_LOADING && state != RS_SESSION_READY);
        unsigned number = taken ? ++app->runs + 1 : 1;
        int length = number > 1 ? snprintf(folder, sizeof folder, "%s-%u", app->options->out, number)
                                : snprintf(folder, sizeof folder, "%s", app->options->out);
        if (length < 0 || (size_t)length >= sizeof folder)
            return rs_fail(err, RS_USAGE, "the run folder's path is too long: a shorter --out");
    }
    return rs_recorder_create(&app->recorder, folder, app->options->overwrite, err);
}

/* Runs that differ in nothing but the seed are a group, which the chart draws as a band; 0: the run stands alone. */
static unsigned group_of(const struct rs_app *app, const struct rs_settings *settings, size_t before)
{
    for (size_t i = 0; i < before; i++)
        if (rs_sitting_same_but_seed(&app->ghost_settings[i], settings))
            return (unsigned)i + 1;
    return (unsigned)before + 1;
}

/* How many different seeds the runs of a group have. */
static unsigned seeds_of(const struct rs_app *app, unsigned group)
{
    unsigned count = app->curves.now.group == group;
    for (size_t i = 0; i < app->curves.ghosts; i++) {
        const char *seed = rs_string(&app->ghost_settings[i], &rs_row_seed);
        bool again = app->curves.now.group == group && strcmp(seed, rs_string(&app->running, &rs_row_seed)) == 0;
        for (size_t k = 0; k < i && !again; k++)
            again = app->curves.ghost[k].curve.group == group &&
                    strcmp(seed, rs_string(&app->ghost_settings[k], &rs_row_seed)) == 0;
        count += app->curves.ghost[i].curve.group == group && !again;
    }
    return count;
}

/* Former runs are called by what they have that the present one has not; the seeds of a group are counted. */
static void name_ghost(const struct rs_app *app, struct rs_ghost *ghost, const struct rs_settings *settings)
{
    unsigned seeds = seeds_of(app, ghost->curve.group);
    rs_settings_difference(ghost->name, sizeof ghost->name - 16, settings, &app->running, seeds < 2);
    size_t used = strlen(ghost->name);
    if (seeds > 1)
        snprintf(ghost->name + used, sizeof ghost->name - used, used ? " (%u seeds)" : "%u seeds", seeds);
    else if (used == 0)
        rs_copy_string(ghost->name, sizeof ghost->name, "same settings");
}

static void label_ghosts(struct rs_app *app)
{
    for (size_t i = 0; i < app->curves.ghosts; i++)
        app->curves.ghost[i].curve.group = group_of(app, &app->ghost_settings[i], i);
    app->curves.now.group = group_of(app, &app->running, app->curves.ghosts);
    for (size_t i = 0; i < app->curves.ghosts; i++)
        name_ghost(app, &app->curves.ghost[i], &app->ghost_settings[i]);
}

/* Whether the run has a curve worth keeping: the untrained model alone is none. */
static bool has_trained(const struct rs_curve *curve)
{
    return curve->count > 0 && curve->epoch[curve->count - 1] >= 1;
}

static void drop_ghost(struct rs_app *app, size_t at)
{
    size_t behind = app->curves.ghosts - at - 1;
    rs_curves_drop(&app->curves, at);
    memmove(&app->ghost_settings[at], &app->ghost_settings[at + 1], behind * sizeof *app->ghost_settings);
    memmove(&app->ghost_pinned[at], &app->ghost_pinned[at + 1], behind * sizeof *app->ghost_pinned);
    memmove(&app->ghost_run[at], &app->ghost_run[at + 1], behind * sizeof *app->ghost_run);
}

/* Make room among the ghosts: the oldest that is not pinned gives way, or the oldest. */
static void make_room(struct rs_app *app)
{
    size_t at = 0;
    while (at < app->curves.ghosts && app->ghost_pinned[at])
        at++;
    if (app->curves.ghosts == RS_GHOSTS)
        drop_ghost(app, at == RS_GHOSTS ? 0 : at);
}

/* Begin new curves; those of the former run stay as a ghost, with the settings it had. */
static void keep_ghost(struct rs_app *app)
{
    bool keep = has_trained(&app->curves.now);
    if (keep)
        make_room(app);
    rs_curves_begin(&app->curves, keep);
    if (keep) {
        app->ghost_settings[app->curves.ghosts - 1] = app->running;
        app->ghost_pinned[app->curves.ghosts - 1] = app->pinned;
        const char *slash = strrchr(app->last_run, '/');
        rs_copy_string(app->ghost_run[app->curves.ghosts - 1], RS_RUN_NAME, slash ? slash + 1 : app->last_run);
    }
    app->pinned = false;
}

/* ---- runs from the store ----------------------------------------------------------------------------------------- */

static size_t ghost_of(const struct rs_app *app, const char *name)
{
    size_t at = 0;
    while (at < app->curves.ghosts && strcmp(app->ghost_run[at], name) != 0)
        at++;
    return at;
}

bool rs_app_overlaid(const struct rs_app *app, const char *name)
{
    return ghost_of(app, name) < app->curves.ghosts;
}

void rs_app_take_off(struct rs_app *app, const char *name)
{
    size_t at = ghost_of(app, name);
    if (at < app->curves.ghosts)
        drop_ghost(app, at);
    label_ghosts(app);
}

enum rs_status rs_app_overlay(struct rs_app *app, const struct rs_stored_run *run, struct rs_error *err)
{
    struct rs_run_epochs epochs = {0};
    struct rs_settings *settings;
    enum rs_status status = rs_alloc(&settings, 1, sizeof *settings, err);
    if (status == RS_OK)
        status = rs_stored_run_settings(run, settings, err);
    if (status == RS_OK)
        status = rs_run_epochs_read(&epochs, run->folder, err);
    const struct rs_curve curve = {.epoch = epochs.epoch,
                                   .step = epochs.step,
                                   .ratings = epochs.ratings,
                                   .seconds = epochs.seconds,
                                   .train = epochs.train,
                                   .eval = epochs.eval,
                                   .rate = epochs.rate,
                                   .count = epochs.count,
                                   .best = run->best_eval,
                                   .best_epoch = run->best_epoch};
    if (status == RS_OK) {
        make_room(app);
        status = rs_curves_add_ghost(&app->curves, &curve, "", err);
    }
    if (status == RS_OK) {
        size_t at = app->curves.ghosts - 1;
        app->ghost_settings[at] = *settings;
        app->ghost_pinned[at] = true;
        rs_copy_string(app->ghost_run[at], RS_RUN_NAME, run->name);
        label_ghosts(app);
    }
    rs_run_epochs_free(&epochs);
    rs_free(settings);
    return status;
}

static struct rs_session_options options_of(const struct rs_app *app, const struct rs_observer *observer)
{
    return (struct rs_session_options){.dataset = app->dataset,
                                       .observers = observer,
                                       .count = 1,
                                       .checkpoint_bytes = RS_CHECKPOINT_BYTES,
                                       .niceness = NICENESS};
}

static void open_session(struct rs_app *app, struct rs_error *err)
{
    bool serves = app->dataset && rs_dataset_same(&app->running, &app->settings);
    if (!serves) {
        rs_dataset_drop(app->dataset);
        app->dataset = NULL;
    }
    app->running = app->began = app->settings;
    label_ghosts(app);
    app->changed_live = false;
    app->opened_other = false;
    enum rs_status status = make_recorder(app, err);
    if (status == RS_OK) {
        const struct rs_observer observer = rs_recorder_observer(app->recorder);
        const struct rs_session_options options = options_of(app, &observer);
        status = rs_session_open(&app->session, &app->running, &options, err);
    }
    if (status != RS_OK)
        fail(app, err);
    else
        rs_session_pace(app->session, app->epochs_per_second);
}

/* What was of the session before. */
static void begin_anew(struct rs_app *app)
{
    app->next = RS_NEXT_NOTHING;
    app->status = (struct rs_session_status){.state = RS_SESSION_LOADING};
    app->pace = (struct rs_pace){0};
    app->failure[0] = '\0';
    app->view.cursor_epoch = 0;
    app->run_to = 0;
    app->parent_steps = 0;
    app->test_open = false;
    app->changed_epoch = 0;
    app->awaiting = false;
    app->advice = (struct rs_advice){.silent = app->advice.silent};
    app->units = (struct rs_units_seen){0};
}

void rs_app_reset(struct rs_app *app, bool start)
{
    struct rs_error err = {0};
    rs_app_close(app);
    keep_ghost(app);
    begin_anew(app);
    app->start_when_ready = start;
    open_session(app, &err);
}

/* Steps that were done at the end of an epoch; a live change of the batch size makes epochs of different length. */
static uint64_t steps_at(const struct rs_curve *curve, uint64_t epoch)
{
    for (size_t i = 0; i < curve->count; i++)
        if (curve->epoch[i] == (double)epoch)
            return (uint64_t)curve->step[i];
    return 0;
}

/* The fork is made while its parent is there, the parent closed once that went well. */
enum rs_status rs_app_fork(struct rs_app *app, uint64_t epoch, struct rs_error *err)
{
    struct rs_recorder *parents = app->recorder;
    struct rs_session *fork = NULL;
    if (!app->session)
        return rs_fail(err, RS_USAGE, "there is no run to fork");
    app->recorder = NULL;
    enum rs_status status = make_recorder(app, err);
    if (status == RS_OK) {
        const struct rs_observer observer = rs_recorder_observer(app->recorder);
        const struct rs_session_options options = options_of(app, &observer);
        status = rs_session_fork(&fork, app->session, epoch, &options, err);
    }
    struct rs_recorder *forks = app->recorder;
    app->recorder = parents;
    if (status != RS_OK) {
        rs_recorder_free(forks);
        return status;
    }
    uint64_t steps = steps_at(&app->curves.now, epoch);
    rs_session_close(app->session);
    app->session = NULL;
    rs_recorder_forked(forks, parents, epoch);
    rs_app_close(app);
    keep_ghost(app);
    begin_anew(app);
    app->parent_steps = steps;
    rs_curves_add_fork(&app->curves, (double)steps, "fork");
    app->session = fork;
    app->recorder = forks;
    app->settings = app->running = app->began; /* the changes until there come as news */
    label_ghosts(app);
    app->changed_live = false;
    app->opened_other = false;
    rs_session_pace(fork, app->epochs_per_second);
    return RS_OK;
}

void rs_app_command(struct rs_app *app, enum rs_session_command command)
{
    bool idle = app->status.state == RS_SESSION_READY || app->status.state == RS_SESSION_PAUSED;
    rs_session_command(app->session, command);
    if (idle && command != RS_SESSION_PAUSE)
        app->status.state = RS_SESSION_RUNNING; /* as the session says from now on */
}

static void go_on(struct rs_app *app)
{
    if (app->next == RS_NEXT_QUIT)
        app->done = true;
    else if (app->next != RS_NEXT_NOTHING)
        rs_app_reset(app, app->next == RS_NEXT_START);
}

void rs_app_finish_then(struct rs_app *app, enum rs_next next)
{
    bool asked_before = app->next != RS_NEXT_NOTHING;
    app->next = next;
    if (!rs_app_is_training(app) || asked_before) {
        go_on(app);
        return;
    }
    rs_app_command(app, RS_SESSION_STOP);
    rs_app_say(app, false, "keeping what was trained ...");
}

static double smooth(double before, double now)
{
    return before > 0 ? before + SMOOTHING * (now - before) : now;
}

static enum rs_status take_samples(struct rs_app *app, const struct rs_session_news *news, struct rs_error *err)
{
    enum rs_status status = RS_OK;
    for (size_t i = 0; i < news->batches && status == RS_OK; i++)
        status = rs_curves_add_batch(&app->curves, &news->batch[i], news->status.steps_per_epoch, err);
    for (size_t i = 0; i < news->epochs && status == RS_OK; i++) {
        const struct rs_epoch_record *record = &news->epoch[i];
        if (record->phase != RS_PHASE_SEARCH)
            continue;
        status = rs_curves_add_epoch(&app->curves, record, err);
        if (record->epoch == 0)
            continue;
        app->pace.seconds = smooth(app->pace.seconds, record->seconds);
        app->pace.eval_seconds = smooth(app->pace.eval_seconds, record->eval_seconds);
        app->pace.cells = smooth(app->pace.cells, (double)record->cells);
    }
    for (size_t i = 0; i < news->changes && status == RS_OK; i++) {
        const struct rs_change_record *change = &news->change[i];
        app->changed_live = true;
        rs_curves_add_change(&app->curves, change, rs_value(&app->running, change->row)->text);
        app->changed_epoch = (change->step + news->status.steps_per_epoch - 1) / news->status.steps_per_epoch;
        status = rs_settings_parse(&app->running, change->row, change->value, err);
        if (status == RS_OK && change->step <= app->parent_steps) /* a fork's past: the form shows it, too */
            status = rs_settings_parse(&app->settings, change->row, change->value, err);
        label_ghosts(app);
        rs_app_say(app, false, "%s = %s from step %llu on", change->row->label, change->value,
                   (unsigned long long)change->step);
    }
    return status;
}

static void tell_end(struct rs_app *app)
{
    const struct rs_done_record *done = &app->status.done;
    if (app->recorder && rs_recorder_folder(app->recorder)[0])
        rs_copy_string(app->last_run, sizeof app->last_run, rs_recorder_folder(app->recorder));
    if (done->reason == RS_REASON_DIVERGED)
        rs_app_say(app, true, "diverged: %s", done->advice);
    else
        rs_app_say(app, false, "finished (%s); the run is kept in %s", rs_reason_name(done->reason),
                   app->no_clock ? "its folder" : app->last_run);
}

/* Idle, and would go on. */
static bool takes_steps(const struct rs_app *app)
{
    return app->status.state == RS_SESSION_READY || app->status.state == RS_SESSION_PAUSED;
}

/* What is about to be trained, and on what. */
static void log_begin(struct rs_app *app)
{
    const struct rs_session_status *status = &app->status;
    if (status->steps_per_epoch > 0)
        rs_app_log(app, "%s on %s: %llu weights; train %llu, eval %llu, test %llu ratings; seed %s",
                   rs_string(&app->began, &rs_row_model), status->data_name, (unsigned long long)status->parameters,
                   (unsigned long long)status->train, (unsigned long long)status->eval,
                   (unsigned long long)status->test, rs_string(&app->began, &rs_row_seed));
}

void rs_app_take_news(struct rs_app *app)
{
    struct rs_error err = {0};
    struct rs_session_news news;
    enum rs_session_state before = app->status.state;
    enum rs_status status = rs_session_poll(app->session, &news, &err);
    if (status == RS_OK)
        status = take_samples(app, &news, &err);
    if (status != RS_OK) {
        fail(app, &err);
        return;
    }
    app->status = news.status;
    rs_watch_take_news(app, &news);
    if (app->recorder)
        rs_crash_note_run(rs_recorder_folder(app->recorder));
    if (app->status.state != RS_SESSION_LOADING && !app->dataset)
        app->dataset = rs_session_dataset(app->session);
    if (before == RS_SESSION_LOADING && app->status.state != before) {
        log_begin(app);
        rs_tried_read(app);
    }
    rs_advise_units(app, &news);
    if (news.epochs > 0 || app->status.state != before)
        rs_advise(app);
    if (rs_screen_of(app)->news)
        rs_screen_of(app)->news(app);
    if (app->run_to > 0 && takes_steps(app) && app->status.epoch < app->run_to)
        rs_app_command(app, RS_SESSION_STEP_EPOCH);
    else if (app->status.state != RS_SESSION_RUNNING && app->status.state != RS_SESSION_LOADING)
        app->awaiting = app->status.state == RS_SESSION_TESTING;
    if (app->status.state == before)
        return;
    if (app->status.state == RS_SESSION_READY && app->start_when_ready) {
        app->start_when_ready = false;
        rs_app_command(app, RS_SESSION_START);
    }
    if (app->status.state == RS_SESSION_FAILED)
        fail(app, &news.status.error);
    else if (app->status.state == RS_SESSION_FINISHED)
        tell_end(app);
    if (app->status.state == RS_SESSION_FINISHED) {
        rs_tried_read(app);
        rs_sitting_ended(app);
        rs_advise(app);
    }
    if (app->status.state == RS_SESSION_FAILED || app->status.state == RS_SESSION_FINISHED)
        go_on(app);
}
