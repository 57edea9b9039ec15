/* The form of the Curves screen: fields, and the line about the focused one. */
#include "form_panel.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "paint.h"
#include "recscope/base/file.h"
#include "recscope/models/model.h"

#define LABEL_COLUMNS 15
#define TAG_COLUMNS   5  /* " live" */
#define WIDE          44 /* columns, from which on fields have what was tried beside them */

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
    bool mapped = at->columns >= WIDE && !focused && rs_tried_has(app, conf);
    int cells = at->columns - TAG_COLUMNS - RS_TRIED_CELLS - 1;
    int width = (mapped ? cells - 1 : at->columns - (conf->live ? TAG_COLUMNS : 0)) - LABEL_COLUMNS - 1;
    char label[32];
    snprintf(label, sizeof label, "%c%.30s", toupper((unsigned char)conf->label[0]), conf->label + 1);
    if (focused)
        rs_paint_blank(row, at->column, at->columns - 1, look);
    rs_paint(row, at->column, LABEL_COLUMNS - 1, look == RS_LOOK_CHANGED ? RS_LOOK_PLAIN : look, label);
    if (focused && app->form.editing)
        rs_paint_entry(row, at->column + LABEL_COLUMNS, width, &app->form.entry);
    else
        rs_paint(row, at->column + LABEL_COLUMNS, width, look, value[0] ? value : "-");
    if (mapped)
        rs_paint_tried_cells(app, conf, row, at->column + cells);
    if (conf->live)
        rs_paint(row, at->column + at->columns - TAG_COLUMNS, TAG_COLUMNS - 1, focused ? look : RS_LOOK_LIVE, "live");
}

int rs_form_rows(const struct rs_app *app, const struct rs_rect *at)
{
    return at->rows - rs_tried_rows(app, at);
}

static void paint_line(const struct rs_app *app, const struct rs_form_line *line, int row, const struct rs_rect *at)
{
    bool is_last = line == &app->form.line[app->form.lines - 1];
    if (line->field != RS_FORM_NO_FIELD)
        paint_field(app, line->field, row, at);
    else if (line->heading)
        rs_paint_format(row, at->column, at->columns - 1, RS_LOOK_DIM, "%s%s", line->heading,
                        line->rest ? ", the rest" : "");
    else if (is_last)
        rs_paint_format(row, at->column, at->columns - 1, RS_LOOK_DIM, "%zu settings have no use here",
                        app->form.hidden);
}

void rs_paint_form(struct rs_app *app, struct rs_rect at)
{
    struct rs_form *form = &app->form;
    rs_tried_update(app);
    int rows = rs_form_rows(app, &at);
    rs_form_update(form, &app->settings);
    rs_form_show(form, rows);
    for (int i = 0; i < rows && form->top + (size_t)i < form->lines; i++)
        paint_line(app, &form->line[form->top + (size_t)i], at.row + i, &at);
    if (rows < at.rows)
        rs_paint_tried(app, (struct rs_rect){at.row + rows, at.column, at.rows - rows, at.columns});
}

/* ---- the line about the focused field ---------------------------------------------------------------------------- */

void rs_form_size(const struct rs_app *app, const struct rs_settings *settings, char out[RS_SIZE_TEXT])
{
    const struct rs_session_status *status = &app->status;
    char count[16];
    out[0] = '\0';
    if (status->users == 0 || !rs_dataset_same(settings, &app->running))
        return;
    uint64_t weights = rs_model_parameters(settings, status->users, status->items);
    uint64_t ratings = status->train + status->eval + status->test;
    double bytes = (double)rs_session_memory(settings, status->users, status->items, ratings, RS_CHECKPOINT_BYTES);
    bool large = bytes >= 1e9;
    snprintf(out, RS_SIZE_TEXT, large ? "%s weights, up to %.1f GB" : "%s weights, up to %.0f MB",
             rs_short_count(count, (double)weights), bytes / (large ? 1e9 : 1e6));
}

/* "" where the source of the data may be there. */
static const char *missing(const struct rs_conf_row *row, const char *text)
{
    bool is_path = row == &rs_row_source && strncmp(text, "builtin:", 8) != 0;
    return is_path && !rs_is_file(text) && !rs_is_folder(text) ? "there is no such file or folder: Tab completes" : "";
}

/* What is wrong without which field it is, which stands before one's eyes. */
static const char *reason_of(const struct rs_error *err, const struct rs_conf_row *row, const char *text)
{
    char name[RS_ERROR_SIZE];
    int length = snprintf(name, sizeof name, "[%s] %s = %.100s: ", row->section, row->key, text);
    bool named = length > 0 && strncmp(err->message, name, (size_t)length) == 0;
    return named ? err->message + length : err->message;
}

/* Whether the text would be taken as it stands now. */
static void paint_check(const struct rs_app *app, const struct rs_rect *at, const struct rs_conf_row *row)
{
    struct rs_settings copy = app->settings;
    struct rs_error err = {0};
    char range[256];
    char size[RS_SIZE_TEXT];
    char now[RS_SIZE_TEXT];
    const char *text = app->form.entry.text;
    rs_conf_range(row, range, sizeof range);
    if (rs_settings_parse(&copy, row, text, &err) != RS_OK) {
        rs_paint(at->row, at->column, at->columns, RS_LOOK_BAD, reason_of(&err, row, text));
    } else if (missing(row, text)[0]) {
        rs_paint(at->row, at->column, at->columns, RS_LOOK_BAD, missing(row, text));
    } else {
        rs_form_size(app, &app->settings, now);
        rs_form_size(app, &copy, size);
        if (strcmp(size, now) == 0) /* the setting has nothing to do with it */
            size[0] = '\0';
        rs_paint_format(at->row, at->column, at->columns, RS_LOOK_GOOD, "good: %s%s%s (%s)", rs_string(&copy, row),
                        size[0] ? ", " : "", size, range);
    }
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
    rs_paint_format(at.row, column, at.column + at.columns - column, RS_LOOK_DIM, "%s (%s%s%s; default %s%s)",
                    row->help, range, row->unit && row->unit[0] ? " " : "", row->unit ? row->unit : "",
                    row->fallback[0] ? row->fallback : "empty", row->live ? "; acts at once" : "");
}

/* ---- mouse ------------------------------------------------------------------------------------------------------- */

void rs_form_mouse(struct rs_app *app, struct rs_rect at, const struct rs_mouse *mouse)
{
    struct rs_form *form = &app->form;
    size_t line = form->top + (size_t)(mouse->row - at.row);
    if (mouse->kind == RS_MOUSE_WHEEL_UP || mouse->kind == RS_MOUSE_WHEEL_DOWN) {
        rs_form_move(form, mouse->kind == RS_MOUSE_WHEEL_UP ? -1 : 1);
    } else if (mouse->kind == RS_MOUSE_PRESS && mouse->row - at.row < rs_form_rows(app, &at) && line < form->lines &&
               form->line[line].field != RS_FORM_NO_FIELD) {
        bool again = form->line[line].field == form->focus && !app->chart_focus;
        app->chart_focus = false;
        form->focus = form->line[line].field;
        if (again)
            rs_app_begin_edit(app);
    }
}
