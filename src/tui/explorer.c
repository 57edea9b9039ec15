/* The loop: keys, the session's news and signals in; frames out, for data at most 30 a second. */
#include "recscope/tui/explorer.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app.h"
#include "rate.h"
#include "recscope/base/clock.h"
#include "recscope/base/memory.h"
#include "recscope/base/text.h"
#include "recscope/experiment/preset.h"

#define FRAMES_A_SECOND 30.0
#define IDLE_MS         1000 /* a second line of defence: nothing is known to need it */

/* ---- loop -------------------------------------------------------------------------------------------------------- */

static int wait_ms(const struct rs_rate *rate)
{
    double wait = rs_rate_wait(rate, rs_terminal_is_ready(), rs_clock_seconds());
    return wait < 0 ? IDLE_MS : (int)ceil(wait * 1e3);
}

/* What somebody printed meanwhile goes to the log. */
static void take_prints(struct rs_app *app)
{
    char text[4096];
    if (rs_terminal_prints(text, sizeof text) > 0)
        rs_log_add(&app->log, false, text);
}

static bool take_keys(struct rs_app *app)
{
    bool any = false;
    for (uint32_t key = rs_terminal_key(); key != RS_KEY_NONE && !app->done; key = rs_terminal_key()) {
        struct rs_mouse mouse = rs_terminal_mouse();
        if (key == RS_KEY_MOUSE)
            rs_app_mouse(app, &mouse);
        else
            rs_app_key(app, key);
        any = true;
    }
    return any;
}

/* A script without a terminal ends the program, one on a terminal leaves it to the person. */
static enum rs_status run_script(struct rs_app *app, bool *any, struct rs_error *err)
{
    enum rs_status status = rs_script_run(app, any, err);
    if (app->terminal.detached && app->script.fd >= 0 && rs_script_ended(app))
        app->done = true;
    return status;
}

/* Runs until done; *number: the signal that ended it, or 0. Errors: a script's. */
static enum rs_status run_loop(struct rs_app *app, int *number, struct rs_error *err)
{
    struct rs_rate rate;
    enum rs_status status = RS_OK;
    *number = 0;
    rs_rate_begin(&rate, app->options->fps > 0 ? app->options->fps : FRAMES_A_SECOND);
    rs_app_paint(app);
    while (!app->done && status == RS_OK) {
        bool ready = rs_terminal_is_ready();
        struct pollfd fds[6] = {{rs_terminal_key_fd(), POLLIN, 0},
                                {rs_terminal_signal_fd(), POLLIN, 0},
                                {app->session ? rs_session_fd(app->session) : -1, POLLIN, 0},
                                {rs_script_fd(app), POLLIN, 0},
                                {rs_terminal_print_fd(), POLLIN, 0},
                                {ready ? -1 : rs_terminal_frame_fd(), POLLOUT, 0}};
        if (poll(fds, 6, wait_ms(&rate)) < 0 && errno != EINTR)
            *number = SIGHUP;
        if (fds[1].revents)
            *number = rs_terminal_signals(&app->terminal);
        if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
            *number = SIGHUP;
        if (*number)
            break;
        if (fds[2].revents) {
            rs_app_take_news(app);
            rs_rate_want(&rate, false);
        }
        if (fds[4].revents)
            take_prints(app);
        bool ran = false;
        if (take_keys(app) || fds[1].revents)
            rs_rate_want(&rate, true);
        status = run_script(app, &ran, err);
        if (status == RS_OK && app->options->plain)
            status = rs_plain_tell(app, err);
        if (ran)
            rs_rate_want(&rate, true);
        if (rs_rate_due(&rate, rs_terminal_is_ready(), rs_clock_seconds())) {
            rs_app_paint(app);
            rs_rate_painted(&rate, rs_clock_seconds());
        }
    }
    return status;
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
    rs_app_close(app);
    for (size_t i = 0; i < RS_SCREENS; i++)
        if (rs_screens[i]->free)
            rs_screens[i]->free(app);
    rs_dataset_drop(app->dataset);
    rs_curves_free(&app->curves);
    rs_script_close(&app->script);
    rs_sitting_free(&app->sitting);
    rs_preset_list_free(&app->presets);
    rs_free(app->cells);
}

/* What was asked for, or the finest that the locale and the terminal's font are likely to have. */
static enum rs_status choose_glyphs(struct rs_app *app, struct rs_error *err)
{
    app->glyphs = !app->terminal.utf8         ? RS_GLYPHS_ASCII
                  : app->terminal.blocks_only ? RS_GLYPHS_QUADRANTS
                                              : RS_GLYPHS_BRAILLE;
    const char *wanted = app->options->charset;
    return wanted && strcmp(wanted, "auto") != 0 ? rs_do_glyphs(app, wanted, err) : RS_OK;
}

static enum rs_status run(struct rs_app *app, struct rs_error *err)
{
    const struct rs_explorer_options *options = app->options;
    app->theme = options->theme == RS_EXPLORER_THEME_LIGHT  ? RS_THEME_LIGHT
                 : options->theme == RS_EXPLORER_THEME_DARK ? RS_THEME_DARK
                                                            : rs_theme_from(getenv("COLORFGBG"));
    const struct rs_terminal_wish wish = {wants_colors(options->color), app->theme, options->detached, options->rows,
                                          options->columns};
    enum rs_status status = rs_terminal_start(&app->terminal, &wish, err);
    if (status != RS_OK)
        return status;
    int number = 0;
    status = choose_glyphs(app, err);
    app->message[0] = '\0';
    if (status == RS_OK) {
        rs_app_reset(app, false);
        status = run_loop(app, &number, err);
    }
    rs_terminal_stop();
    rs_app_close(app);
    return status == RS_OK && number ? ended_by(number, app, err) : status;
}

enum rs_status rs_explorer_run(const struct rs_explorer_options *options, struct rs_error *err)
{
    struct rs_app *app;
    enum rs_status status = rs_alloc(&app, 1, sizeof *app, err);
    if (status != RS_OK)
        return status;
    app->options = options;
    app->settings = app->opened = *options->settings;
    app->script.fd = -1;
    rs_copy_string(app->preset, sizeof app->preset, options->preset ? options->preset : "");
    rs_form_init(&app->form, &app->settings);
    if (options->commands)
        rs_script_from_text(&app->script, "commands", options->commands);
    else if (options->script)
        status = rs_script_open(&app->script, options->script, err);
    app->script.interactive = options->plain;
    if (status == RS_OK)
        status = run(app, err);
    free_app(app);
    if (options->report)
        rs_copy_string(options->report->run, sizeof options->report->run, app->last_run);
    rs_free(app);
    return status;
}
