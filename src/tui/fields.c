/* The form's values: set, moved by arrows, typed. */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "paths.h"
#include "recscope/base/text.h"

/* ---- setting ----------------------------------------------------------------------------------------------------- */

static enum rs_status put(struct rs_app *app, const struct rs_conf_row *row, const char *text, struct rs_error *err)
{
    bool under_way = app->status.state == RS_SESSION_RUNNING || app->status.state == RS_SESSION_PAUSED;
    enum rs_status status = rs_settings_parse(&app->settings, row, text, err);
    if (status == RS_OK && row->live && under_way && !app->opened_other)
        status = rs_session_change(app->session, row, rs_string(&app->settings, row), err);
    rs_form_update(&app->form, &app->settings);
    return status;
}

/* Remember an edit; what was undone before it cannot be done again. */
static void remember(struct rs_edits *edits, const struct rs_conf_row *row, const char *before, const char *after)
{
    if (edits->done == RS_EDITS_MOST) {
        memmove(&edits->edit[0], &edits->edit[1], (RS_EDITS_MOST - 1) * sizeof *edits->edit);
        edits->done--;
    }
    struct rs_edit *edit = &edits->edit[edits->done++];
    edits->count = edits->done;
    edit->row = row;
    rs_copy_string(edit->before, sizeof edit->before, before);
    rs_copy_string(edit->after, sizeof edit->after, after);
}

enum rs_status rs_app_set(struct rs_app *app, const struct rs_conf_row *row, const char *text, struct rs_error *err)
{
    char before[RS_CONF_TEXT_SIZE];
    rs_copy_string(before, sizeof before, rs_string(&app->settings, row));
    enum rs_status status = put(app, row, text, err);
    if (status == RS_OK && strcmp(before, rs_string(&app->settings, row)) != 0)
        remember(&app->edits, row, before, rs_string(&app->settings, row));
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

void rs_app_nudge(struct rs_app *app, int direction, bool large)
{
    char text[RS_CONF_TEXT_SIZE];
    const struct rs_conf_row *row = rs_form_row(&app->form);
    if (rs_form_nudge(&app->settings, row, direction, large, text))
        set_or_say(app, row, text);
    else
        rs_app_say(app, false, row->type == RS_CONF_TEXT ? "Enter edits this field" : "no further");
}

void rs_app_begin_edit(struct rs_app *app)
{
    app->form.editing = true;
    rs_entry_begin(&app->form.entry, rs_string(&app->settings, rs_form_row(&app->form)));
}

/* A choice, or for the source of the data a path. */
static bool complete(const struct rs_app *app, const char *text, char out[RS_CONF_TEXT_SIZE])
{
    const struct rs_conf_row *row = rs_form_row(&app->form);
    return rs_form_complete(row, text, out) ||
           (row == &rs_row_source && rs_path_complete(text, "", out, RS_CONF_TEXT_SIZE));
}

void rs_app_edit_key(struct rs_app *app, uint32_t key)
{
    bool moves = key == RS_KEY_UP || key == RS_KEY_DOWN;
    char text[RS_CONF_TEXT_SIZE];
    if (key == RS_KEY_ESCAPE) {
        app->form.editing = false;
    } else if (key == RS_KEY_TAB) {
        if (complete(app, app->form.entry.text, text))
            rs_entry_begin(&app->form.entry, text);
        app->form.entry.fresh = false;
    } else if (key == RS_KEY_ENTER || moves) {
        app->form.editing = !set_or_say(app, rs_form_row(&app->form), app->form.entry.text);
        if (moves && !app->form.editing)
            rs_form_move(&app->form, key == RS_KEY_UP ? -1 : 1);
    } else {
        rs_entry_key(&app->form.entry, key);
    }
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

/* "-": the other way */
enum rs_status rs_do_nudge(struct rs_app *app, const char *argument, struct rs_error *err)
{
    if (argument[0] && strcmp(argument, "-") != 0)
        return rs_fail(err, RS_USAGE, "nudge %.40s: it takes - or nothing", argument);
    rs_app_nudge(app, argument[0] ? -1 : 1, true);
    return RS_OK;
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

/* Back by one edit, or forward again. */
static enum rs_status go_through_edits(struct rs_app *app, bool back, struct rs_error *err)
{
    struct rs_edits *edits = &app->edits;
    if (back ? edits->done == 0 : edits->done == edits->count)
        return rs_fail(err, RS_USAGE, back ? "nothing to undo" : "nothing to do again");
    const struct rs_edit *edit = &edits->edit[back ? edits->done - 1 : edits->done];
    enum rs_status status = put(app, edit->row, back ? edit->before : edit->after, err);
    if (status != RS_OK)
        return status;
    edits->done += back ? (size_t)-1 : 1;
    const char *now = rs_string(&app->settings, edit->row);
    rs_app_say(app, false, "%s is %.80s again", edit->row->label, now[0] ? now : "empty");
    return RS_OK;
}

enum rs_status rs_do_undo(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    return go_through_edits(app, true, err);
}

enum rs_status rs_do_redo(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    return go_through_edits(app, false, err);
}

/* What the preset said; and where it says that already, the default. */
enum rs_status rs_do_default(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    const struct rs_conf_row *row = rs_form_row(&app->form);
    const char *preset = rs_string(&app->opened, row);
    bool is_preset = strcmp(preset, rs_string(&app->settings, row)) == 0;
    enum rs_status status = rs_app_set(app, row, is_preset ? row->fallback : preset, err);
    if (status == RS_OK)
        rs_app_say(app, false, "%s: %s %.80s", row->label, is_preset ? "the default," : "as it was,",
                   rs_string(&app->settings, row));
    return status;
}
