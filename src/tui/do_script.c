/* Commands that scripts need more than people do: keys by name, the screen as text. */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "capture.h"
#include "recscope/base/file.h"
#include "recscope/base/text.h"

/* ---- keys by name ------------------------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    uint32_t key;
} named[] = {
    {"Space", ' '},
    {"Enter", RS_KEY_ENTER},
    {"Esc", RS_KEY_ESCAPE},
    {"Tab", RS_KEY_TAB},
    {"Up", RS_KEY_UP},
    {"Down", RS_KEY_DOWN},
    {"Left", RS_KEY_LEFT},
    {"Right", RS_KEY_RIGHT},
    {"Home", RS_KEY_HOME},
    {"End", RS_KEY_END},
    {"PgUp", RS_KEY_PAGE_UP},
    {"PgDn", RS_KEY_PAGE_DOWN},
    {"Delete", RS_KEY_DELETE},
    {"Erase", RS_KEY_ERASE},
    {"Shift-Tab", RS_KEY_BACK_TAB},
};
#define NAMED (sizeof named / sizeof *named)

/* A name of the table, Ctrl-X, or one character. 0: none of them. */
static uint32_t key_of(const char *name)
{
    for (size_t i = 0; i < NAMED; i++)
        if (strcmp(named[i].name, name) == 0)
            return named[i].key;
    if (strncmp(name, "Ctrl-", 5) == 0 && name[5] >= 'A' && name[5] <= 'Z' && !name[6])
        return (uint32_t)(name[5] - 'A' + 1);
    uint32_t key = rs_plot_code_point(&name);
    return *name ? 0 : key;
}

enum rs_status rs_do_key(struct rs_app *app, const char *argument, struct rs_error *err)
{
    const char *names[NAMED];
    for (size_t i = 0; i < NAMED; i++)
        names[i] = named[i].name;
    while (*argument) {
        char name[32];
        size_t length = strcspn(argument, " \t");
        snprintf(name, sizeof name, "%.*s", (int)length, argument);
        uint32_t key = length < sizeof name ? key_of(name) : 0;
        const char *nearest = rs_nearest_name(name, names, NAMED);
        if (key == 0)
            return rs_fail(err, RS_USAGE, "key %s: there is no key of that name: %s", name,
                           nearest ? nearest : "a character, Ctrl-X, Space, Enter, Esc, Tab, Up, PgUp ...");
        rs_app_key(app, key);
        argument += length;
        argument += strspn(argument, " \t");
    }
    return RS_OK;
}

enum rs_status rs_do_type(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)err;
    for (uint32_t key = rs_plot_code_point(&argument); key; key = rs_plot_code_point(&argument))
        rs_app_key(app, key);
    return RS_OK;
}

static const char *next_word(const char *text, char *out, size_t size)
{
    size_t length = strcspn(text, " \t");
    snprintf(out, size, "%.*s", (int)length, text);
    return text + length + strspn(text + length, " \t");
}

enum rs_status rs_do_click(struct rs_app *app, const char *argument, struct rs_error *err)
{
    char row[16];
    char column[16];
    int64_t at[2];
    const char *kind = next_word(next_word(argument, row, sizeof row), column, sizeof column);
    bool known = !kind[0] || strcmp(kind, "up") == 0 || strcmp(kind, "down") == 0 || strcmp(kind, "drag") == 0;
    if (!known || !rs_parse_integer(row, 1, 1000, &at[0]) || !rs_parse_integer(column, 1, 1000, &at[1]))
        return rs_fail(err, RS_USAGE, "click %.40s: not a place: click 3 40, click 3 40 up", argument);
    struct rs_mouse mouse = {(int)at[0] - 1, (int)at[1] - 1, RS_MOUSE_PRESS};
    if (kind[0])
        mouse.kind = kind[0] == 'u' ? RS_MOUSE_WHEEL_UP : kind[1] == 'o' ? RS_MOUSE_WHEEL_DOWN : RS_MOUSE_DRAG;
    rs_app_mouse(app, &mouse);
    if (mouse.kind == RS_MOUSE_PRESS)
        rs_app_mouse(app, &(struct rs_mouse){mouse.row, mouse.column, RS_MOUSE_RELEASE});
    return RS_OK;
}

/* ---- screen ------------------------------------------------------------------------------------------------------ */

enum rs_status rs_do_size(struct rs_app *app, const char *argument, struct rs_error *err)
{
    int columns;
    int rows;
    if (!rs_parse_size(argument, &columns, &rows))
        return rs_fail(err, RS_USAGE, "size %.40s: not a size: size 120x40", argument);
    if (!app->terminal.detached)
        return rs_fail(err, RS_USAGE, "size %.40s: this terminal has a size of its own", argument);
    rs_terminal_resize(&app->terminal, rows, columns);
    return RS_OK;
}

enum rs_status rs_do_expect(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)app;
    return rs_capture_shows(argument) ? RS_OK
                                      : rs_fail(err, RS_USAGE, "expect %.200s: the screen does not show it", argument);
}

/* Text goes where the path says, "-" to whoever takes standard output. */
static enum rs_status put_text(const struct rs_app *app, const char *path, const struct rs_text *text,
                               struct rs_error *err)
{
    if (strcmp(path, "-") != 0)
        return rs_file_write(path, text->data, text->length, err);
    if (!app->options->print)
        return rs_fail(err, RS_USAGE, "save-screen -: the terminal shows the explorer: name a file");
    return app->options->print(text->data, text->length, err);
}

enum rs_status rs_do_save_screen(struct rs_app *app, const char *argument, struct rs_error *err)
{
    struct rs_text text = {0};
    enum rs_status status;
    if (rs_ends_in(argument, ".svg") || rs_ends_in(argument, ".png"))
        return rs_capture_picture(argument, app->theme == RS_THEME_LIGHT, err);
    status = rs_ends_in(argument, ".ansi") ? rs_capture_ansi(&text, err) : rs_capture_text(&text, err);
    if (status == RS_OK)
        status = put_text(app, argument, &text, err);
    rs_text_free(&text);
    if (status == RS_OK && strcmp(argument, "-") != 0)
        rs_app_say(app, false, "the screen is in %s", argument);
    return status;
}

/* What a clock says differs from run to run: without it screens can be compared. */
enum rs_status rs_do_clock(struct rs_app *app, const char *argument, struct rs_error *err)
{
    if (strcmp(argument, "on") != 0 && strcmp(argument, "off") != 0)
        return rs_fail(err, RS_USAGE, "clock %.40s: on or off", argument);
    app->no_clock = strcmp(argument, "off") == 0;
    return RS_OK;
}
