/* What is around a screen: tab bar, message line, footer, and the list of keys. */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "paint.h"
#include "projector.h"
#include "recscope/base/text.h"
#include "recscope/experiment/preset.h"

#define KEY_COLUMNS 14 /* of the list of keys */

void rs_paint_entry(int row, int column, int width, const struct rs_entry *entry)
{
    /* The end of a long text matters most: show the part around the cursor. */
    char before[sizeof entry->text];
    snprintf(before, sizeof before, "%.*s", (int)entry->cursor, entry->text);
    const char *shown = before;
    while (*shown && width > 1 && rs_paint_width(shown) >= width)
        shown += rs_paint_first(shown);
    rs_paint_blank(row, column, width, RS_LOOK_EDIT);
    int at = column + rs_paint(row, column, width, RS_LOOK_EDIT, shown);
    rs_paint(row, at, column + width - at, RS_LOOK_EDIT, entry->text + entry->cursor);
    const char *under = entry->text + entry->cursor;
    int last = column + width - 1;
    if (*under)
        rs_paint_format(row, at < last ? at : last, column + width - at, RS_LOOK_FOCUS, "%.*s",
                        (int)rs_paint_first(under), under);
    else
        rs_paint_glyph(row, at < last ? at : last, RS_LOOK_FOCUS, ' ');
}

/* ---- above ------------------------------------------------------------------------------------------------------- */

void rs_app_hit(struct rs_app *app, int row, int column, int columns, uint32_t key)
{
    if (app->hits < RS_HITS_MOST)
        app->hit[app->hits++] = (struct rs_hit){row, column, columns, key};
}

static void paint_tabs(struct rs_app *app)
{
    struct rs_rect at = app->layout.title;
    int column = at.column;
    for (size_t i = 0; i < RS_SCREENS; i++) {
        int look = i == (size_t)app->screen ? RS_LOOK_FOCUS : RS_LOOK_PLAIN;
        int used = rs_paint_format(at.row, column, at.columns - column, look, " %zu %s ", i + 1, rs_screens[i]->title);
        rs_app_hit(app, at.row, column, used, (uint32_t)('1' + i));
        column += used;
    }
    const char *title = rs_string(&app->settings, &rs_row_title);
    column += 2;
    column += rs_paint(at.row, column, at.columns / 4, RS_LOOK_TITLE, title[0] ? title : "recscope") + 2;
    char users[16];
    char items[16];
    char ratings[16];
    const struct rs_session_status *status = &app->status;
    if (status->users > 0)
        rs_paint_format(at.row, column, at.columns - column, RS_LOOK_DIM, "%s, %s users, %s items, %s ratings",
                        status->data_name, rs_short_count(users, (double)status->users),
                        rs_short_count(items, (double)status->items),
                        rs_short_count(ratings, (double)(status->train + status->eval + status->test)));
}

/* ---- below ------------------------------------------------------------------------------------------------------- */

static void paint_message(const struct rs_app *app)
{
    struct rs_rect at = app->layout.message;
    const struct rs_prompt *prompt = &app->prompt;
    if (prompt->ops) {
        int look = prompt->ops->confirm ? RS_LOOK_BAD : RS_LOOK_TITLE;
        int column = at.column + rs_paint(at.row, at.column, at.columns, look, prompt->question);
        if (!prompt->ops->confirm)
            rs_paint_entry(at.row, column, at.columns - column, &prompt->entry);
    } else if (app->message[0]) {
        rs_paint(at.row, at.column, at.columns, app->message_is_bad ? RS_LOOK_BAD : RS_LOOK_TITLE, app->message);
    }
}

/* Returns the column behind it; one that does not fit is left out. */
static int paint_footer_key(struct rs_app *app, int column, uint32_t key, const char *name, const char *text)
{
    struct rs_rect at = app->layout.footer;
    int width = (int)(strlen(name) + strlen(text)) + 1;
    if (column + width > at.column + at.columns)
        return column;
    rs_app_hit(app, at.row, column, width, key);
    column += rs_paint(at.row, column, width, RS_LOOK_KEY, name) + 1;
    return column + rs_paint(at.row, column, width, RS_LOOK_DIM, text) + 2;
}

/* In a projector's footer. */
static bool is_for_a_room(enum rs_command_id id)
{
    return id == RS_COMMAND_toggle || id == RS_COMMAND_step_epoch || id == RS_COMMAND_reset ||
           id == RS_COMMAND_projector || id == RS_COMMAND_quit;
}

static void paint_footer(struct rs_app *app)
{
    bool room = rs_projector_is_shown(app);
    unsigned place = (unsigned)rs_app_place(app);
    int column = app->layout.footer.column;
    if (app->form.editing || app->prompt.ops) {
        bool confirm = app->prompt.ops && app->prompt.ops->confirm;
        column = confirm ? paint_footer_key(app, column, 'y', "y", "does it")
                         : paint_footer_key(app, column, RS_KEY_ENTER, "Enter", "takes it");
        column = paint_footer_key(app, column, RS_KEY_ESCAPE, "Esc", "leaves it as it was");
        if (app->prompt.ops ? app->prompt.ops->complete != NULL : rs_form_completes(rs_form_row(&app->form)))
            paint_footer_key(app, column, RS_KEY_TAB, "Tab", "completes");
        return;
    }
    for (size_t i = 0; i < rs_binding_count; i++)
        if (rs_bindings[i].footer && rs_bindings[i].places & place && (!room || is_for_a_room(rs_bindings[i].command)))
            column = paint_footer_key(app, column, rs_bindings[i].code, rs_bindings[i].name, rs_bindings[i].footer);
}

/* ---- all --------------------------------------------------------------------------------------------------------- */

/* The keys of this place, from help_top on as many as fit. */
static void paint_help(struct rs_app *app)
{
    int lines = 0;
    int room = app->terminal.rows - 2;
    unsigned place = (unsigned)rs_app_place(app);
    for (size_t i = 0; i < rs_binding_count; i++)
        lines += rs_bindings[i].name && rs_bindings[i].places & place;
    if (app->help_top > lines - room)
        app->help_top = lines > room ? lines - room : 0;
    rs_paint_format(0, 0, app->terminal.columns, RS_LOOK_TITLE, "Keys on the screen %s%s", rs_screen_of(app)->title,
                    lines > room ? " (Up, Down scroll; any other key closes this list)"
                                 : " (any key closes this list)");
    int line = 0;
    for (size_t i = 0; i < rs_binding_count; i++) {
        const struct rs_binding *binding = &rs_bindings[i];
        if (!binding->name || !(binding->places & place) || line++ < app->help_top || line > app->help_top + room)
            continue;
        int row = 1 + line - app->help_top;
        int used = rs_paint(row, 2, app->terminal.columns - 2, RS_LOOK_KEY, binding->name) + 4;
        int column = used > KEY_COLUMNS ? used : KEY_COLUMNS;
        rs_paint(row, column, app->terminal.columns - column, RS_LOOK_PLAIN, rs_command_table[binding->command].help);
    }
}

static void paint_too_small(const struct rs_app *app)
{
    rs_paint_format(0, 0, app->terminal.columns, RS_LOOK_TITLE, "%d x %d is too small", app->terminal.columns,
                    app->terminal.rows);
    rs_paint_format(1, 0, app->terminal.columns, RS_LOOK_PLAIN, "needs %d x %d: enlarge, or q", RS_LEAST_COLUMNS,
                    RS_LEAST_ROWS);
}

void rs_app_paint(struct rs_app *app)
{
    rs_paint_erase();
    app->hits = 0;
    app->layout = rs_layout_of(app->terminal.rows, app->terminal.columns, rs_projector_is_shown(app));
    if (!app->layout.fits) {
        paint_too_small(app);
    } else if (app->helping) {
        paint_help(app);
    } else {
        if (!rs_projector_is_shown(app))
            paint_tabs(app);
        if (app->prompt.ops && app->prompt.ops->paint)
            app->prompt.ops->paint(app, app->layout.body);
        else
            rs_screen_of(app)->paint(app, app->layout.body);
        paint_message(app);
        paint_footer(app);
    }
    rs_terminal_show();
}
