/* Opening a preset: by its path, or from a list that is searched while one types. */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "paint.h"
#include "paths.h"
#include "recscope/base/text.h"
#include "recscope/experiment/preset.h"

#define ABOVE        2  /* title, a blank line */
#define BELOW        4  /* a blank line, three about the one that is chosen */
#define PAGE         10 /* entries */
#define NAME_COLUMNS 24
#define PLACE        12 /* columns */

static enum rs_status open_preset(struct rs_app *app, const char *path, struct rs_error *err)
{
    struct rs_settings settings;
    enum rs_status status = rs_preset_read(&settings, path, err);
    if (status != RS_OK)
        return status;
    app->settings = app->opened = settings;
    app->edits.done = app->edits.count = 0;
    rs_form_update(&app->form, &app->settings);
    rs_copy_string(app->preset, sizeof app->preset, path);
    rs_app_say(app, false, "opened %s", app->preset);
    app->opened_other = true;
    if (!rs_app_is_training(app))
        rs_app_reset(app, false);
    return RS_OK;
}

/* ---- the list ---------------------------------------------------------------------------------------------------- */

static void ask(struct rs_app *app, const char *initial);

/* A file that was named whole goes before what is chosen. One that is refused leaves the list as it is. */
static void answer(struct rs_app *app, const char *text)
{
    struct rs_error err = {0};
    char path[RS_PATH_SIZE];
    const struct rs_preset_entry *chosen = rs_preset_list_chosen(&app->presets);
    rs_copy_string(path, sizeof path, chosen && !rs_is_file(text) ? chosen->path : text);
    if (open_preset(app, path, &err) == RS_OK)
        return;
    size_t at = app->presets.chosen;
    ask(app, text);
    app->presets.chosen = at;
    rs_copy_string(app->refusal, sizeof app->refusal, err.message);
}

static void changed(struct rs_app *app, const char *text)
{
    app->refusal[0] = '\0';
    rs_preset_list_filter(&app->presets, text);
}

static void move(struct rs_app *app, enum rs_move move)
{
    bool page = move == RS_MOVE_PAGE_UP || move == RS_MOVE_PAGE_DOWN;
    bool back = move == RS_MOVE_PAGE_UP || move == RS_MOVE_UP;
    app->refusal[0] = '\0';
    rs_preset_list_move(&app->presets, (back ? -1 : 1) * (page ? PAGE : 1));
}

/* A path that goes on in a folder, or else the path of the one that is chosen. */
static bool complete(struct rs_app *app, const char *text, char *out, size_t size)
{
    const struct rs_preset_entry *chosen = rs_preset_list_chosen(&app->presets);
    if (text[0] && rs_path_complete(text, ".ini", out, size))
        return true;
    return chosen && strcmp(chosen->path, text) != 0 && rs_copy_string(out, size, chosen->path);
}

/* ---- on the screen ----------------------------------------------------------------------------------------------- */

static void paint_entry(const struct rs_app *app, size_t index, int row, const struct rs_rect *at)
{
    const struct rs_preset_entry *entry = &app->presets.entry[app->presets.shown[index]];
    bool focused = index == app->presets.chosen;
    int look = focused ? RS_LOOK_FOCUS : RS_LOOK_PLAIN;
    int end = at->column + at->columns - PLACE;
    int column = at->column + 2;
    if (focused)
        rs_paint_blank(row, at->column + 1, at->columns - 2, look);
    rs_paint(row, column, NAME_COLUMNS - 1, look, entry->name);
    column += NAME_COLUMNS;
    rs_paint(row, column, end - column - 1,
             focused               ? look
             : entry->refused      ? RS_LOOK_BAD
             : entry->without_data ? RS_LOOK_DIM
                                   : RS_LOOK_PLAIN,
             entry->title);
    rs_paint(row, end, PLACE - 1, focused ? look : RS_LOOK_DIM, entry->place);
}

static void paint_about(const struct rs_app *app, int row, const struct rs_rect *at)
{
    const struct rs_preset_entry *chosen = rs_preset_list_chosen(&app->presets);
    int width = at->columns - 4;
    if (app->refusal[0])
        rs_paint_wrapped(row, at->column + 2, BELOW - 1, width, RS_LOOK_BAD, app->refusal);
    else if (!chosen)
        rs_paint(row, at->column + 2, width, RS_LOOK_DIM, "none has that in it; Enter opens the file of that path");
    else
        rs_paint_wrapped(row, at->column + 2, BELOW - 1, width, chosen->refused ? RS_LOOK_BAD : RS_LOOK_DIM,
                         chosen->about);
}

static void paint(struct rs_app *app, struct rs_rect at)
{
    const struct rs_preset_list *list = &app->presets;
    int room = at.rows - ABOVE - BELOW;
    size_t top = list->chosen >= (size_t)room ? list->chosen - (size_t)room + 1 : 0;
    int column = at.column + 2;
    column += rs_paint(at.row, column, at.columns - 4, RS_LOOK_TITLE, "Presets") + 2;
    rs_paint_format(at.row, column, at.columns - column - 2, RS_LOOK_DIM,
                    "%zu of %zu; type to search, Up and Down choose", list->shown_count, list->count);
    for (int i = 0; i < room && top + (size_t)i < list->shown_count; i++)
        paint_entry(app, top + (size_t)i, at.row + ABOVE + i, &at);
    paint_about(app, at.row + at.rows - BELOW + 1, &at);
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

static void ask(struct rs_app *app, const char *initial)
{
    static const struct rs_prompt_ops ops = {.question = "open: ",
                                             .takes_empty = true,
                                             .answer = answer,
                                             .changed = changed,
                                             .complete = complete,
                                             .move = move,
                                             .paint = paint};
    rs_app_ask(app, &ops, initial);
    app->prompt.entry.fresh = false;
    changed(app, initial);
}

/* The one that is open is chosen at first. */
static void choose_opened(struct rs_app *app)
{
    struct rs_preset_list *list = &app->presets;
    const char *opened = app->preset[0] ? app->preset : RS_PRESET_BUILT_IN;
    for (size_t i = 0; i < list->shown_count; i++) {
        const struct rs_preset_entry *entry = &list->entry[list->shown[i]];
        if (strcmp(entry->path, opened) == 0 || strcmp(entry->name, opened) == 0)
            list->chosen = i;
    }
}

enum rs_status rs_do_open(struct rs_app *app, const char *argument, struct rs_error *err)
{
    if (argument[0])
        return open_preset(app, argument, err);
    enum rs_status status = rs_preset_list_read(&app->presets, err);
    if (status != RS_OK)
        return status;
    ask(app, "");
    choose_opened(app);
    return RS_OK;
}
