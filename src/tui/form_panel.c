/* The form of the Curves screen: fields, and the line about the focused one. */
#include "form_panel.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "paint.h"
#include "recscope/models/model.h"

#define LABEL_COLUMNS 15
#define TAG_COLUMNS   5 /* " live" */

static int look_of(const struct rs_app *app, const struct rs_conf_row *row, bool focused)
{
    bool changed = strcmp(rs_string(&app->settings, row), rs_string(&app->running, row)) != 0;
    if (focused)
        return app->chart_focus ? RS_LOOK_FOCUS_AWAY : RS_LOOK_FOCUS;
    return changed ? RS_LOOK_CHANGED : RS_LOOK_PLAIN;
}

static void paint_field(const struct rs_app *app, size_t index, int row, const struct rs_rect *at)
{
    const struct rs_conf_row *conf = app->form.row[index];
    const char *value = rs_string(&app->settings, conf);
    bool focused = index == app->form.focus;
    int look = look_of(app, conf, focused);
    int width = at->columns - LABEL_COLUMNS - (conf->live ? TAG_COLUMNS : 0) - 1;
    char label[32];
    snprintf(label, sizeof label, "%c%.30s", toupper((unsigned char)conf->label[0]), conf->label + 1);
    if (focused)
        rs_paint_blank(row, at->column, at->columns - 1, look);
    rs_paint(row, at->column, LABEL_COLUMNS - 1, look == RS_LOOK_CHANGED ? RS_LOOK_PLAIN : look, label);
    if (focused && app->form.editing)
        rs_paint_entry(row, at->column + LABEL_COLUMNS, width, &app->form.entry);
    else
        rs_paint(row, at->column + LABEL_COLUMNS, width, look, value[0] ? value : "-");
    if (conf->live)
        rs_paint(row, at->column + at->columns - TAG_COLUMNS, TAG_COLUMNS - 1, focused ? look : RS_LOOK_LIVE, "live");
}

void rs_paint_form(struct rs_app *app, struct rs_rect at)
{
    struct rs_form *form = &app->form;
    rs_form_update(form, &app->settings);
    rs_form_move(form, 0, at.rows);
    for (int i = 0; i < at.rows; i++) {
        size_t index = form->top + (size_t)i;
        if (index < form->count)
            paint_field(app, index, at.row + i, &at);
        else if (index == form->count + 1 && form->hidden > 0)
            rs_paint_format(at.row + i, at.column, at.columns - 1, RS_LOOK_DIM, "%zu settings have no use here",
                            form->hidden);
    }
}

/* Whether the text would be taken as it stands now. */
static void paint_check(const struct rs_app *app, const struct rs_rect *at, const struct rs_conf_row *row)
{
    struct rs_settings copy = app->settings;
    struct rs_error err = {0};
    char range[256];
    rs_conf_range(row, range, sizeof range);
    if (rs_settings_parse(&copy, row, app->form.entry.text, &err) != RS_OK)
        rs_paint(at->row, at->column, at->columns, RS_LOOK_BAD, err.message);
    else
        rs_paint_format(at->row, at->column, at->columns, RS_LOOK_GOOD, "good: %s (%s)", rs_string(&copy, row), range);
}

/* What the value was before it was changed here. */
static int paint_origin(const struct rs_app *app, const struct rs_rect *at, int column, const struct rs_conf_row *row)
{
    const char *was = rs_string(&app->opened, row);
    if (strcmp(was, rs_string(&app->settings, row)) == 0)
        return column;
    return column +
           rs_paint_format(at->row, column, at->column + at->columns - column, RS_LOOK_CHANGED, "was %.40s",
                           was[0] ? was : "empty") +
           2;
}

void rs_paint_field_hint(struct rs_app *app, struct rs_rect at)
{
    const struct rs_conf_row *row = rs_form_row(&app->form);
    char range[256];
    if (app->form.editing) {
        paint_check(app, &at, row);
        return;
    }
    rs_conf_range(row, range, sizeof range);
    int column = paint_origin(app, &at, at.column, row);
    rs_paint_format(at.row, column, at.column + at.columns - column, RS_LOOK_DIM, "%s (%s%s%s; default %s)", row->help,
                    range, row->unit && row->unit[0] ? " " : "", row->unit ? row->unit : "",
                    row->fallback[0] ? row->fallback : "empty");
}

void rs_form_mouse(struct rs_app *app, struct rs_rect at, const struct rs_mouse *mouse)
{
    size_t field = app->form.top + (size_t)(mouse->row - at.row);
    if (mouse->kind == RS_MOUSE_WHEEL_UP || mouse->kind == RS_MOUSE_WHEEL_DOWN) {
        rs_form_move(&app->form, mouse->kind == RS_MOUSE_WHEEL_UP ? -1 : 1, at.rows);
    } else if (mouse->kind == RS_MOUSE_PRESS && field < app->form.count) {
        bool again = field == app->form.focus && !app->chart_focus;
        app->chart_focus = false;
        app->form.focus = field;
        if (again)
            rs_app_begin_edit(app);
    }
}
