/* The form's values: set, moved by arrows, typed. */
#include "app.h"
#include "recscope/base/text.h"

#include <stdio.h>
#include <string.h>

enum rs_status rs_app_set(struct rs_app *app, const struct rs_conf_row *row, const char *text, struct rs_error *err)
{
    bool under_way = app->status.state == RS_SESSION_RUNNING || app->status.state == RS_SESSION_PAUSED;
    enum rs_status status = rs_settings_parse(&app->settings, row, text, err);
    if (status == RS_OK && row->live && under_way && !app->opened_other)
        status = rs_session_change(app->session, row, rs_string(&app->settings, row), err);
    return status;
}

/* false: refused, and the message says why. */
static bool set_or_say(struct rs_app *app, const struct rs_conf_row *row, const char *text)
{
    struct rs_error err = {0};
    if (rs_app_set(app, row, text, &err) == RS_OK)
        return true;
    rs_app_say(app, true, "%s", err.message);
    return false;
}

void rs_app_nudge(struct rs_app *app, int direction)
{
    char text[RS_CONF_TEXT_SIZE];
    const struct rs_conf_row *row = rs_form_row(&app->form);
    if (rs_form_nudge(&app->settings, row, direction, text))
        set_or_say(app, row, text);
    else
        rs_app_say(app, false, "Enter edits this field");
}

void rs_app_begin_edit(struct rs_app *app)
{
    app->form.editing = true;
    rs_entry_begin(&app->form.entry, rs_string(&app->settings, rs_form_row(&app->form)));
}

void rs_app_edit_key(struct rs_app *app, uint32_t key)
{
    bool moves = key == RS_KEY_UP || key == RS_KEY_DOWN;
    if (key == RS_KEY_ESCAPE) {
        app->form.editing = false;
    } else if (key == RS_KEY_ENTER || key == RS_KEY_TAB || moves) {
        app->form.editing = !set_or_say(app, rs_form_row(&app->form), app->form.entry.text);
        if (moves && !app->form.editing)
            rs_form_move(&app->form, key == RS_KEY_UP ? -1 : 1, app->layout.form.rows);
    } else {
        rs_entry_key(&app->form.entry, key);
    }
}

enum rs_status rs_do_edit(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    (void)err;
    rs_app_begin_edit(app);
    return RS_OK;
}

/* "train.learning_rate 0.01" */
enum rs_status rs_do_set(struct rs_app *app, const char *argument, struct rs_error *err)
{
    char section[64];
    char key[64];
    size_t dot = strcspn(argument, ". \t");
    size_t length = strcspn(argument, " \t");
    if (argument[dot] != '.' || dot >= sizeof section || length - dot - 1 >= sizeof key)
        return rs_fail(err, RS_USAGE, "set %.80s: no section.key: set train.learning_rate 0.01", argument);
    snprintf(section, sizeof section, "%.*s", (int)dot, argument);
    snprintf(key, sizeof key, "%.*s", (int)(length - dot - 1), argument + dot + 1);
    const struct rs_conf_row *row = rs_settings_find(&app->settings, section, key, err);
    if (!row)
        return RS_USAGE;
    const char *value = argument + length + strspn(argument + length, " \t=");
    return rs_app_set(app, row, value, err);
}
