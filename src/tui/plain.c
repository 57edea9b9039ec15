/* The explorer as lines, for screen readers and pipes: commands in, what happened out. */
#include "plain.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "recscope/base/text.h"
#include "recscope/models/model.h"

static enum rs_status put(const struct rs_app *app, struct rs_error *err, const char *format, ...) RS_FORMAT(3, 4);
static enum rs_status put(const struct rs_app *app, struct rs_error *err, const char *format, ...)
{
    char line[RS_ERROR_SIZE + 64];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    size_t used = length < 0 ? 0 : (size_t)length >= sizeof line - 1 ? sizeof line - 2 : (size_t)length;
    line[used++] = '\n';
    return app->options->print(line, used, err);
}

static enum rs_status tell_epochs(struct rs_app *app, struct rs_error *err)
{
    const struct rs_curve *now = &app->curves.now;
    enum rs_status status = RS_OK;
    if (now->count < app->plain.epochs)
        app->plain.epochs = 0; /* another run */
    for (; app->plain.epochs < now->count && status == RS_OK; app->plain.epochs++) {
        size_t at = app->plain.epochs;
        bool best = isfinite(now->best) && now->epoch[at] == now->best_epoch;
        status = put(app, err, "epoch %.0f: train %.4f, eval %.4f%s", now->epoch[at], now->train[at], now->eval[at],
                     best ? ", the best so far" : "");
    }
    return status;
}

/* A new topic alone: its figures change with every epoch. */
static enum rs_status tell_advice(const struct rs_app *app, struct rs_error *err)
{
    const struct rs_advice *advice = &app->advice;
    if (advice->offer[0])
        return put(app, err, "%s [%s] %s", advice->text, advice->repeat ? "repeat" : "try", advice->offer);
    return advice->text[0] ? put(app, err, "%s", advice->text) : RS_OK;
}

enum rs_status rs_plain_tell(struct rs_app *app, struct rs_error *err)
{
    enum rs_status status = tell_epochs(app, err);
    if (status == RS_OK && app->message[0] && strcmp(app->message, app->plain.told) != 0) {
        rs_copy_string(app->plain.told, sizeof app->plain.told, app->message);
        status = put(app, err, "%s%s", app->message_is_bad ? "wrong: " : "", app->message);
    }
    if (!app->message[0])
        app->plain.told[0] = '\0';
    if (status == RS_OK && strcmp(app->advice.topic, app->plain.topic) != 0) {
        rs_copy_string(app->plain.topic, sizeof app->plain.topic, app->advice.topic);
        status = tell_advice(app, err);
    }
    if (status == RS_OK && app->status.state != app->plain.state) {
        app->plain.state = app->status.state;
        status = put(app, err, "%s", rs_app_state_text(app));
    }
    return status;
}

static enum rs_status put_settings(struct rs_app *app, struct rs_error *err)
{
    enum rs_status status = RS_OK;
    for (size_t i = 0; i < app->settings.count && status == RS_OK; i++) {
        const struct rs_conf_row *row = app->settings.rows[i];
        if (rs_row_applies(&app->settings, row))
            status = put(app, err, "%s.%s = %s: %s", row->section, row->key, app->settings.value[i].text, row->help);
    }
    return status;
}

static enum rs_status put_commands(struct rs_app *app, struct rs_error *err)
{
    enum rs_status status = RS_OK;
    for (size_t i = 0; i < RS_COMMANDS && status == RS_OK; i++) {
        const struct rs_command *command = &rs_command_table[i];
        const char *argument = command->argument ? command->argument : "";
        status = put(app, err, "%s%s%s: %s", command->name, argument[0] ? " " : "", argument, command->help);
    }
    return status;
}

enum rs_status rs_do_list(struct rs_app *app, const char *argument, struct rs_error *err)
{
    if (!app->options->print)
        return rs_fail(err, RS_USAGE, "list: it is for --plain and scripts without a terminal: ? lists the keys");
    if (strcmp(argument, "commands") == 0)
        return put_commands(app, err);
    if (strcmp(argument, "settings") == 0)
        return put_settings(app, err);
    return rs_fail(err, RS_USAGE, "list %.40s: commands or settings", argument);
}
