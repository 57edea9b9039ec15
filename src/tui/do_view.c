/* Keys, and the commands that change what is shown. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "paint.h"
#include "recscope/base/text.h"

#define HELP_PAGE    10 /* lines */
#define FIRST_OCTANT 0x1CD00

void rs_app_say(struct rs_app *app, bool bad, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(app->message, sizeof app->message, format, arguments);
    va_end(arguments);
    app->message_is_bad = bad;
    rs_log_add(&app->log, bad, app->message);
}

void rs_app_log(struct rs_app *app, const char *format, ...)
{
    char text[RS_ERROR_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    rs_log_add(&app->log, false, text);
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

enum rs_place rs_app_place(const struct rs_app *app)
{
    bool chart = app->chart_focus || app->projector; /* a projector has no form */
    if (rs_recommend_is_rating(app))
        return RS_ON_rating;
    return app->screen == RS_SCREEN_curves && chart ? RS_ON_chart : (enum rs_place)(1 << app->screen);
}

/* Movement scrolls the list, any other key closes it. */
static void help_key(struct rs_app *app, uint32_t key)
{
    const struct rs_binding *binding = rs_binding_of(RS_ON_all, key);
    int by = 0;
    if (binding && binding->command == RS_COMMAND_move) {
        bool page = strncmp(binding->argument, "page", 4) == 0;
        bool back = strstr(binding->argument, "up") || strcmp(binding->argument, "home") == 0;
        by = (back ? -1 : 1) * (page ? HELP_PAGE : 1);
    }
    app->helping = by != 0;
    app->help_top = app->help_top + by < 0 ? 0 : app->help_top + by;
}

/* A screen has its number, where no offer of the moment has taken it. */
static bool screen_key(struct rs_app *app, uint32_t key)
{
    if (rs_app_place(app) == RS_ON_rating)
        return false;
    if (key == '3' && app->advice.repeat) {
        rs_command_key(app, RS_COMMAND_repeat, "3");
        return true;
    }
    if (key < '1' || key >= '1' + RS_SCREENS)
        return false;
    rs_command_key(app, RS_COMMAND_screen, rs_screens[key - '1']->name);
    return true;
}

/* A press on a key's name is that key; the body belongs to its screen, a wheel elsewhere to nobody. */
static void take_mouse(struct rs_app *app, const struct rs_mouse *mouse)
{
    for (size_t i = 0; i < app->hits && mouse->kind == RS_MOUSE_PRESS; i++) {
        const struct rs_hit *hit = &app->hit[i];
        if (mouse->row == hit->row && mouse->column >= hit->column && mouse->column < hit->column + hit->columns) {
            rs_app_key(app, hit->key);
            return;
        }
    }
    const struct rs_screen_ops *screen = rs_screen_of(app);
    bool free = !app->prompt.ops && !app->helping && !app->form.editing;
    if (free && screen->mouse && rs_rect_holds(&app->layout.body, mouse->row, mouse->column))
        screen->mouse(app, mouse);
}

void rs_app_mouse(struct rs_app *app, const struct rs_mouse *mouse)
{
    if (mouse->kind == RS_MOUSE_PRESS) {
        app->message[0] = '\0';
        app->message_is_bad = false;
    }
    take_mouse(app, mouse);
}

void rs_app_key(struct rs_app *app, uint32_t key)
{
    app->message[0] = '\0';
    app->message_is_bad = false;
    if (app->prompt.ops) {
        rs_prompt_key(app, key);
    } else if (app->helping) {
        help_key(app, key);
    } else if (app->form.editing) {
        rs_app_edit_key(app, key);
    } else if (!screen_key(app, key)) {
        const struct rs_binding *binding = rs_binding_of(rs_app_place(app), key);
        if (binding)
            rs_command_key(app, binding->command, binding->argument);
    }
}

/* ---- screens ----------------------------------------------------------------------------------------------------- */

static enum rs_status show(struct rs_app *app, enum rs_screen screen, struct rs_error *err)
{
    enum rs_status status = rs_screens[screen]->enter ? rs_screens[screen]->enter(app, err) : RS_OK;
    if (status != RS_OK)
        return status;
    app->screen = screen;
    app->form.editing = false;
    return RS_OK;
}

enum rs_status rs_do_screen(struct rs_app *app, const char *argument, struct rs_error *err)
{
    const char *names[RS_SCREENS];
    for (size_t i = 0; i < RS_SCREENS; i++) {
        names[i] = rs_screens[i]->name;
        if (strcmp(names[i], argument) == 0)
            return show(app, (enum rs_screen)i, err);
    }
    const char *nearest = rs_nearest_name(argument, names, RS_SCREENS);
    return rs_fail(err, RS_USAGE, "screen %.40s: there is no such screen: %s", argument, nearest ? nearest : names[0]);
}

enum rs_status rs_do_next_screen(struct rs_app *app, const char *argument, struct rs_error *err)
{
    int by = strcmp(argument, "-") == 0 ? RS_SCREENS - 1 : 1;
    return show(app, (enum rs_screen)(((int)app->screen + by) % RS_SCREENS), err);
}

enum rs_status rs_do_move(struct rs_app *app, const char *argument, struct rs_error *err)
{
    static const char *const names[RS_MOVES] = {"up", "down", "left", "right", "page-up", "page-down", "home", "end"};
    const struct rs_screen_ops *screen = rs_screen_of(app);
    for (size_t i = 0; i < RS_MOVES; i++)
        if (strcmp(names[i], argument) == 0) {
            if (screen->move)
                screen->move(app, (enum rs_move)i);
            return RS_OK;
        }
    return rs_fail(err, RS_USAGE, "move %.40s: up, down, left, right, page-up, page-down, home or end", argument);
}

enum rs_status rs_do_choose(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    (void)err;
    const struct rs_screen_ops *screen = rs_screen_of(app);
    if (screen->choose)
        screen->choose(app);
    return RS_OK;
}

enum rs_status rs_do_back(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    const struct rs_screen_ops *screen = rs_screen_of(app);
    if ((screen->back && screen->back(app)) || app->screen == RS_SCREEN_curves)
        return RS_OK;
    return show(app, RS_SCREEN_curves, err);
}

/* ---- prompts ----------------------------------------------------------------------------------------------------- */

/* Remember a line that was typed, each once. */
static void remember(struct rs_app *app, const char *line)
{
    size_t at = 0;
    while (at < app->typed_count && strcmp(app->typed[at], line) != 0)
        at++;
    if (at == RS_TYPED_MOST)
        at--;
    memmove(app->typed[1], app->typed[0], at * sizeof *app->typed);
    app->typed_count += at == app->typed_count;
    rs_copy_string(app->typed[0], sizeof app->typed[0], line);
}

/* Up: the line typed before; Down: the one after it, at last an empty one. */
static void recall(struct rs_app *app, enum rs_move move)
{
    if (move == RS_MOVE_UP && app->typed_at < app->typed_count)
        app->typed_at++;
    else if (move == RS_MOVE_DOWN && app->typed_at > 0)
        app->typed_at--;
    rs_entry_begin(&app->prompt.entry, app->typed_at > 0 ? app->typed[app->typed_at - 1] : "");
    app->prompt.entry.fresh = false;
}

static void run_line(struct rs_app *app, const char *line)
{
    struct rs_error err = {0};
    remember(app, line);
    if (rs_command_line(app, line, &err) != RS_OK)
        rs_app_say(app, true, "%s", err.message);
}

enum rs_status rs_do_command(struct rs_app *app, const char *argument, struct rs_error *err)
{
    static const struct rs_prompt_ops ask = {
        .question = ":", .answer = run_line, .complete = rs_command_complete, .move = recall};
    (void)argument;
    (void)err;
    app->typed_at = 0;
    rs_app_ask(app, &ask, "");
    return RS_OK;
}

static enum rs_status look_for(struct rs_app *app, const char *text, struct rs_error *err)
{
    const struct rs_screen_ops *screen = rs_screen_of(app);
    if (!screen->find)
        return rs_fail(err, RS_USAGE, "there is nothing to search on this screen");
    rs_copy_string(app->last_found, sizeof app->last_found, text);
    return screen->find(app, text) ? RS_OK : rs_fail(err, RS_USAGE, "%.80s: not found", text);
}

static void look_or_say(struct rs_app *app, const char *text)
{
    struct rs_error err = {0};
    if (look_for(app, text, &err) != RS_OK)
        rs_app_say(app, true, "%s", err.message);
}

enum rs_status rs_do_find(struct rs_app *app, const char *argument, struct rs_error *err)
{
    static const struct rs_prompt_ops ask = {.question = "find: ", .answer = look_or_say};
    if (argument[0])
        return look_for(app, argument, err);
    rs_app_ask(app, &ask, app->last_found);
    return RS_OK;
}

/* ---- looks ------------------------------------------------------------------------------------------------------- */

enum rs_status rs_do_help(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    (void)err;
    app->helping = true;
    app->help_top = 0;
    return RS_OK;
}

enum rs_status rs_do_mouse(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    bool left = !app->mouse_left;
    if (!rs_terminal_capture_mouse(!left))
        return rs_fail(err, RS_USAGE, "this terminal says nothing of a mouse");
    app->mouse_left = left;
    rs_app_say(app, false, left ? "the mouse selects text; M takes it again" : "the mouse acts in the explorer again");
    return RS_OK;
}

enum rs_status rs_do_theme(struct rs_app *app, const char *argument, struct rs_error *err)
{
    enum rs_theme theme = app->theme == RS_THEME_DARK ? RS_THEME_LIGHT : RS_THEME_DARK;
    if (argument[0])
        theme = strcmp(argument, "light") == 0 ? RS_THEME_LIGHT : RS_THEME_DARK;
    if (argument[0] && strcmp(argument, rs_theme_name(theme)) != 0)
        return rs_fail(err, RS_USAGE, "theme %.40s: dark or light", argument);
    if (app->terminal.colors == 0)
        return rs_fail(err, RS_USAGE, "there are no colours here: a theme needs them");
    app->theme = theme;
    rs_paint_theme(theme);
    rs_app_say(app, false, "%s colours", rs_theme_name(theme));
    return RS_OK;
}

enum rs_status rs_do_repaint(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)app;
    (void)argument;
    (void)err;
    rs_terminal_repaint();
    return RS_OK;
}

enum rs_status rs_do_glyphs(struct rs_app *app, const char *argument, struct rs_error *err)
{
    if (!app->terminal.utf8)
        return rs_fail(err, RS_USAGE,
                       "the locale is not UTF-8, so the chart is ASCII: LC_ALL=C.UTF-8 has more characters");
    int glyphs = argument[0] ? 0 : ((int)app->glyphs + 1) % RS_GLYPHS;
    bool octants = rs_paint_shows(FIRST_OCTANT);
    while (argument[0] && glyphs < RS_GLYPHS && strcmp(rs_plot_glyphs_name((enum rs_plot_glyphs)glyphs), argument) != 0)
        glyphs++;
    if (glyphs == RS_GLYPHS)
        return rs_fail(err, RS_USAGE, "glyphs %.40s: there are none of that name: octants, braille, quadrants, ASCII",
                       argument);
    if (glyphs == RS_GLYPHS_OCTANTS && !octants && argument[0])
        return rs_fail(err, RS_USAGE, "this system does not know octants (Unicode 16): braille is as fine");
    if (glyphs == RS_GLYPHS_OCTANTS && !octants)
        glyphs = RS_GLYPHS_BRAILLE;
    app->glyphs = (enum rs_plot_glyphs)glyphs;
    rs_app_say(app, false, "drawn in %s", rs_plot_glyphs_name(app->glyphs));
    return RS_OK;
}
