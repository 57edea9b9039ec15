#include "script.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app.h"
#include "capture.h"
#include "recscope/base/text.h"

enum rs_status rs_script_open(struct rs_script *script, const char *path, struct rs_error *err)
{
    bool standard = strcmp(path, "-") == 0;
    *script = (struct rs_script){.fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)};
    rs_copy_string(script->name, sizeof script->name, standard ? "standard input" : path);
    return script->fd >= 0 ? RS_OK
                           : rs_fail(err, RS_IO, "%s: %s: a file with one command a line", path, strerror(errno));
}

void rs_script_from_text(struct rs_script *script, const char *name, const char *text)
{
    *script = (struct rs_script){.fd = STDIN_FILENO, .ended = true}; /* nothing more is read */
    rs_copy_string(script->name, sizeof script->name, name);
    rs_copy_string(script->buffer, sizeof script->buffer, text);
    script->length = strlen(script->buffer);
}

void rs_script_close(struct rs_script *script)
{
    if (script->fd > STDIN_FILENO)
        close(script->fd);
    script->fd = -1;
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

static bool has_line(const struct rs_script *script)
{
    return script->length > 0 && (script->ended || memchr(script->buffer, '\n', script->length));
}

static enum rs_status read_more(struct rs_script *script, struct rs_error *err)
{
    size_t room = sizeof script->buffer - script->length;
    if (room == 0)
        return rs_fail(err, RS_USAGE, "the line is longer than %zu bytes", sizeof script->buffer - 1);
    ssize_t got = read(script->fd, script->buffer + script->length, room);
    if (got < 0 && errno != EINTR && errno != EAGAIN)
        return rs_fail(err, RS_IO, "%s", strerror(errno));
    script->length += got > 0 ? (size_t)got : 0;
    script->ended = got == 0;
    return RS_OK;
}

/* Take the next line out of the buffer. */
static enum rs_status take_line(struct rs_script *script, char out[RS_LINE_SIZE], struct rs_error *err)
{
    const char *end = memchr(script->buffer, '\n', script->length);
    size_t length = end ? (size_t)(end - script->buffer) : script->length;
    size_t used = end ? length + 1 : length;
    bool fits = length < RS_LINE_SIZE;
    script->line++;
    snprintf(out, RS_LINE_SIZE, "%.*s", (int)length, script->buffer);
    script->length -= used;
    memmove(script->buffer, script->buffer + used, script->length);
    return fits ? RS_OK : rs_fail(err, RS_USAGE, "the line is longer than %d bytes", RS_LINE_SIZE - 1);
}

/* ---- waiting ----------------------------------------------------------------------------------------------------- */

/* What was asked for has not come about yet. */
static bool is_busy(const struct rs_app *app)
{
    enum rs_session_state state = app->status.state;
    return state == RS_SESSION_LOADING || state == RS_SESSION_TESTING || app->next != RS_NEXT_NOTHING ||
           app->awaiting || app->start_when_ready || (state != RS_SESSION_RUNNING && rs_watch_waits(app));
}

static bool is_running(const struct rs_app *app)
{
    return app->status.state == RS_SESSION_RUNNING || is_busy(app);
}

enum outcome { NOT_YET, TRUE, NEVER };

static enum outcome has_happened(const struct rs_app *app, const char *condition)
{
    enum rs_session_state state = app->status.state;
    int64_t epoch;
    bool met = false;
    if (strncmp(condition, "epoch ", 6) == 0 && rs_parse_integer(condition + 6, 0, INT64_MAX, &epoch))
        met = app->status.epoch >= (uint64_t)epoch;
    else if (strncmp(condition, "text ", 5) == 0)
        met = rs_capture_shows(condition + 5);
    else if (strcmp(condition, "paused") == 0)
        met = state == RS_SESSION_PAUSED;
    else if (strcmp(condition, "ready") == 0)
        met = state == RS_SESSION_READY;
    else if (strcmp(condition, "finished") == 0)
        met = state == RS_SESSION_FINISHED && !is_busy(app);
    return met ? TRUE : is_running(app) ? NOT_YET : NEVER;
}

enum rs_status rs_do_wait(struct rs_app *app, const char *argument, struct rs_error *err)
{
    static const char *const simple[] = {"ready", "paused", "finished"};
    bool known = strncmp(argument, "epoch ", 6) == 0 || strncmp(argument, "text ", 5) == 0;
    for (size_t i = 0; i < sizeof simple / sizeof *simple; i++)
        known = known || strcmp(simple[i], argument) == 0;
    if (!known)
        return rs_fail(err, RS_USAGE, "wait %.80s: ready, paused, finished, epoch N, or text TEXT", argument);
    rs_copy_string(app->script.wait, sizeof app->script.wait, argument);
    return RS_OK;
}

/* true: the condition that stands has come about, or there is none. */
static enum rs_status may_go_on(struct rs_app *app, bool *out, struct rs_error *err)
{
    struct rs_script *script = &app->script;
    *out = !is_busy(app);
    if (!script->wait[0])
        return RS_OK;
    enum outcome outcome = has_happened(app, script->wait);
    *out = outcome == TRUE;
    if (outcome == NEVER) {
        rs_fail(err, RS_USAGE, "wait %s: it cannot come: nothing is being trained (epoch %llu)", script->wait,
                (unsigned long long)app->status.epoch);
        script->wait[0] = '\0';
        return RS_USAGE;
    }
    if (*out)
        script->wait[0] = '\0';
    return RS_OK;
}

/* ---- running ----------------------------------------------------------------------------------------------------- */

int rs_script_fd(const struct rs_app *app)
{
    const struct rs_script *script = &app->script;
    bool stands = script->fd < 0 || script->ended || has_line(script) || script->wait[0] || is_busy(app);
    return stands ? -1 : script->fd;
}

bool rs_script_ended(const struct rs_app *app)
{
    const struct rs_script *script = &app->script;
    return script->ended && script->length == 0 && !script->wait[0] && !is_busy(app);
}

static enum rs_status run_line(struct rs_app *app, struct rs_error *err)
{
    char line[RS_LINE_SIZE];
    enum rs_status status = take_line(&app->script, line, err);
    const char *first = line + strspn(line, " \t");
    line[strcspn(line, "\r")] = '\0';
    if (status != RS_OK || *first == '#' || *first == '\0')
        return status;
    app->message[0] = '\0';
    app->message_is_bad = false;
    status = rs_command_line(app, first, err);
    if (status == RS_OK && app->message_is_bad)
        status = rs_fail(err, RS_USAGE, "%.900s", app->message);
    return status;
}

static bool is_readable(int fd)
{
    struct pollfd look = {fd, POLLIN, 0};
    return poll(&look, 1, 0) == 1;
}

/* One step: read, or run a line. *moved: something was done. */
static enum rs_status advance(struct rs_app *app, bool *moved, struct rs_error *err)
{
    struct rs_script *script = &app->script;
    bool go = false;
    *moved = false;
    if (has_line(script) || script->wait[0])
        rs_app_paint(app); /* what the line or the condition looks at */
    enum rs_status status = may_go_on(app, &go, err);
    if (status != RS_OK || !go || app->done)
        return status;
    if (has_line(script)) {
        *moved = true;
        return run_line(app, err);
    }
    *moved = !script->ended && is_readable(script->fd);
    return *moved ? read_more(script, err) : RS_OK;
}

enum rs_status rs_script_run(struct rs_app *app, bool *any, struct rs_error *err)
{
    struct rs_script *script = &app->script;
    bool moved = script->fd >= 0;
    *any = false;
    while (moved) {
        if (advance(app, &moved, err) != RS_OK) {
            if (!script->interactive) {
                rs_script_close(script);
                return rs_fail_prefix(err, "%s:%u", script->name, script->line);
            }
            rs_app_say(app, true, "%s", err->message);
            moved = true;
        }
        *any = *any || moved;
        if (app->options->plain && rs_plain_tell(app, err) != RS_OK)
            return RS_IO; /* each line's answer, before the next one is run */
    }
    return RS_OK;
}
