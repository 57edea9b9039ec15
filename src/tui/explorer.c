/* The loop: keys, the session's news and signals in; frames out, for data at most 30 a second. */
#include "recscope/tui/explorer.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app.h"
#include "recscope/base/clock.h"
#include "recscope/base/memory.h"
#include "recscope/base/text.h"
#include "recscope/experiment/preset.h"

#define FRAME_SECONDS (1.0 / 30)
#define IDLE_MS       1000 /* a second line of defence: nothing is known to need it */
#define SMOOTHING     0.3  /* weight of the newest epoch in the pace */

void rs_app_say(struct rs_app *app, bool bad, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(app->message, sizeof app->message, format, arguments);
    va_end(arguments);
    app->message_is_bad = bad;
}

/* ---- session ----------------------------------------------------------------------------------------------------- */

bool rs_app_is_training(const struct rs_app *app)
{
    enum rs_session_state state = app->status.state;
    bool begun = state == RS_SESSION_RUNNING || (state == RS_SESSION_PAUSED && app->status.step > 0);
    return app->session && (begun || state == RS_SESSION_TESTING);
}

/* Rows that say what an experiment is called, and change nothing. */
static bool is_description(const struct rs_conf_row *row)
{
    return row == &rs_row_title || row == &rs_row_notes || row == &rs_row_reference_label ||
           row == &rs_row_reference_rmse || row == &rs_row_reference_source;
}

bool rs_app_is_changed(const struct rs_app *app)
{
    bool takes_live = app->status.state == RS_SESSION_RUNNING || app->status.state == RS_SESSION_PAUSED;
    for (size_t i = 0; i < app->settings.count; i++) {
        const struct rs_conf_row *row = app->settings.rows[i];
        if (is_description(row) || (row->live && takes_live && !app->opened_other))
            continue;
        if (strcmp(app->settings.value[i].text, app->running.value[i].text) != 0)
            return true;
    }
    return false;
}

static void fail(struct rs_app *app, const struct rs_error *err)
{
    rs_copy_string(app->failure, sizeof app->failure, err->message);
    app->status.state = RS_SESSION_FAILED;
    app->start_when_ready = false;
}

static void close_session(struct rs_app *app)
{
    rs_session_close(app->session);
    app->session = NULL;
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
        unsigned number = app->last_run[0] ? ++app->runs + 1 : 1;
        int length = number > 1 ? snprintf(folder, sizeof folder, "%s-%u", app->options->out, number)
                                : snprintf(folder, sizeof folder, "%s", app->options->out);
        if (length < 0 || (size_t)length >= sizeof folder)
            return rs_fail(err, RS_USAGE, "the run folder's path is too long: a shorter --out");
    }
    return rs_recorder_create(&app->recorder, folder, app->options->overwrite, err);
}

/* What a pinned run is called: the settings in which it differs from the present ones. */
static void name_ghost(char *out, size_t size, const struct rs_settings *ghost, const struct rs_settings *now)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < ghost->count && used < size; i++) {
        if (is_description(ghost->rows[i]) || strcmp(ghost->value[i].text, now->value[i].text) == 0)
            continue;
        used += (size_t)snprintf(out + used, size - used, "%s%s %.24s", used ? ", " : "", ghost->rows[i]->label,
                                 ghost->value[i].text);
    }
    if (used == 0)
        rs_copy_string(out, size, "same settings");
}

/* Begin new curves; those of a pinned run stay as a ghost, with the settings it had. */
static void keep_ghost(struct rs_app *app)
{
    bool keep = app->pinned && app->curves.now.count > 0;
    if (keep && app->curves.ghosts == RS_GHOSTS) /* the oldest gives way */
        memmove(&app->ghost_settings[0], &app->ghost_settings[1], (RS_GHOSTS - 1) * sizeof app->ghost_settings[0]);
    rs_curves_begin(&app->curves, keep);
    if (keep)
        app->ghost_settings[app->curves.ghosts - 1] = app->running;
    for (size_t i = 0; i < app->curves.ghosts; i++)
        name_ghost(app->curves.ghost_name[i], sizeof app->curves.ghost_name[i], &app->ghost_settings[i],
                   &app->settings);
    app->pinned = false;
}

static void open_session(struct rs_app *app, struct rs_error *err)
{
    bool serves = app->dataset && rs_dataset_same(&app->running, &app->settings);
    if (!serves) {
        rs_dataset_drop(app->dataset);
        app->dataset = NULL;
    }
    app->running = app->settings;
    app->opened_other = false;
    enum rs_status status = make_recorder(app, err);
    if (status == RS_OK) {
        struct rs_observer observer = rs_recorder_observer(app->recorder);
        status = rs_session_open(&app->session, &app->running, app->dataset, &observer, 1, err);
    }
    if (status != RS_OK)
        fail(app, err);
}

void rs_app_reset(struct rs_app *app, bool start)
{
    struct rs_error err = {0};
    close_session(app);
    keep_ghost(app);
    app->next = RS_NEXT_NOTHING;
    app->status = (struct rs_session_status){.state = RS_SESSION_LOADING};
    app->pace = (struct rs_pace){0};
    app->failure[0] = '\0';
    app->cursor = 0;
    app->start_when_ready = start;
    open_session(app, &err);
}

static void go_on(struct rs_app *app)
{
    if (app->next == RS_NEXT_QUIT)
        app->done = true;
    else if (app->next == RS_NEXT_RESET)
        rs_app_reset(app, false);
}

void rs_app_finish_then(struct rs_app *app, enum rs_next next)
{
    bool asked_before = app->next != RS_NEXT_NOTHING;
    app->next = next;
    if (!rs_app_is_training(app) || asked_before) {
        go_on(app);
        return;
    }
    rs_session_command(app->session, RS_SESSION_STOP);
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
        status = rs_settings_parse(&app->running, change->row, change->value, err);
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
        rs_app_say(app, false, "finished (%s); the run is kept in %s", rs_reason_name(done->reason), app->last_run);
}

static void take_news(struct rs_app *app)
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
    if (app->status.state != RS_SESSION_LOADING && !app->dataset)
        app->dataset = rs_session_dataset(app->session);
    if (app->status.state == before)
        return;
    if (app->status.state == RS_SESSION_READY && app->start_when_ready)
        rs_session_command(app->session, RS_SESSION_START);
    if (app->status.state == RS_SESSION_FAILED)
        fail(app, &news.status.error);
    else if (app->status.state == RS_SESSION_FINISHED)
        tell_end(app);
    if (app->status.state == RS_SESSION_FAILED || app->status.state == RS_SESSION_FINISHED)
        go_on(app);
}

/* ---- loop -------------------------------------------------------------------------------------------------------- */

static int wait_ms(bool dirty, double next_frame)
{
    if (!dirty)
        return IDLE_MS;
    double left = ceil((next_frame - rs_clock_seconds()) * 1e3);
    return left > 0 ? (int)left : 0;
}

static bool take_keys(struct rs_app *app)
{
    bool any = false;
    for (uint32_t key = rs_terminal_key(); key != RS_KEY_NONE && !app->done; key = rs_terminal_key()) {
        rs_app_key(app, key);
        any = true;
    }
    return any;
}

/* Runs until done; returns the signal that ended it, or 0. */
static int run_loop(struct rs_app *app)
{
    bool dirty = false;
    double next_frame = 0;
    rs_app_paint(app);
    while (!app->done) {
        struct pollfd fds[3] = {{STDIN_FILENO, POLLIN, 0},
                                {rs_terminal_signal_fd(), POLLIN, 0},
                                {app->session ? rs_session_fd(app->session) : -1, POLLIN, 0}};
        if (poll(fds, 3, wait_ms(dirty, next_frame)) < 0 && errno != EINTR)
            return SIGHUP;
        bool at_once = false;
        if (fds[1].revents) {
            int end = rs_terminal_signals(&app->terminal);
            if (end)
                return end;
            at_once = true;
        }
        if (fds[2].revents) {
            take_news(app);
            dirty = true;
        }
        at_once = take_keys(app) || at_once;
        if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
            return SIGHUP;
        double now = rs_clock_seconds();
        if (at_once || (dirty && now >= next_frame)) {
            rs_app_paint(app);
            next_frame = rs_clock_seconds() + FRAME_SECONDS;
            dirty = false;
        }
    }
    return 0;
}

static bool wants_colors(enum rs_explorer_color color)
{
    const char *no_color = getenv("NO_COLOR");
    bool refused = no_color && no_color[0];
    return color == RS_EXPLORER_COLOR_ALWAYS || (color == RS_EXPLORER_COLOR_AUTO && !refused);
}

static enum rs_status ended_by(int number, const struct rs_app *app, struct rs_error *err)
{
    static const struct {
        int number;
        const char *name;
    } names[] = {{SIGTERM, "SIGTERM"}, {SIGINT, "SIGINT"}, {SIGHUP, "SIGHUP"}, {SIGQUIT, "SIGQUIT"}};
    const char *name = "a signal";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].number == number)
            name = names[i].name;
    if (app->last_run[0])
        return rs_fail(err, RS_INTERRUPTED, "ended by %s: what was trained stands in %.900s", name, app->last_run);
    return rs_fail(err, RS_INTERRUPTED, "ended by %s", name);
}

static void free_app(struct rs_app *app)
{
    close_session(app);
    rs_dataset_drop(app->dataset);
    rs_curves_free(&app->curves);
    rs_free(app->cells);
}

enum rs_status rs_explorer_run(const struct rs_explorer_options *options, struct rs_error *err)
{
    struct rs_app *app;
    enum rs_status status = rs_alloc(&app, 1, sizeof *app, err);
    if (status != RS_OK)
        return status;
    app->options = options;
    app->settings = *options->settings;
    rs_copy_string(app->preset, sizeof app->preset, options->preset ? options->preset : "");
    rs_form_init(&app->form, &app->settings);
    status = rs_terminal_start(&app->terminal, wants_colors(options->color), err);
    if (status == RS_OK) {
        app->glyphs = !app->terminal.utf8         ? RS_GLYPHS_ASCII
                      : app->terminal.blocks_only ? RS_GLYPHS_BLOCKS
                                                  : RS_GLYPHS_BRAILLE;
        rs_app_reset(app, false);
        int number = run_loop(app);
        rs_terminal_stop();
        close_session(app);
        if (number)
            status = ended_by(number, app, err);
    }
    free_app(app);
    if (options->report)
        rs_copy_string(options->report->run, sizeof options->report->run, app->last_run);
    rs_free(app);
    return status;
}
