/* Commands that write files: presets, figures. */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "recscope/base/text.h"
#include "recscope/experiment/command_line.h"
#include "recscope/experiment/preset.h"
#include "recscope/models/model.h"
#include "recscope/plot/figure.h"

/* ---- save -------------------------------------------------------------------------------------------------------- */

static enum rs_status write_preset(struct rs_app *app, const char *path, struct rs_error *err)
{
    enum rs_status status = rs_preset_write(path, &app->settings, err);
    if (status != RS_OK)
        return status;
    rs_copy_string(app->preset, sizeof app->preset, path);
    rs_app_say(app, false, "saved as %s", app->preset);
    return RS_OK;
}

/* ---- writing a file that a person named -------------------------------------------------------------------------- */

static void write_or_say(struct rs_app *app, const char *path)
{
    struct rs_error err = {0};
    if (app->write(app, path, &err) != RS_OK)
        rs_app_say(app, true, "%s", err.message);
}

/* A confirmation carries no text of its own. */
static void write_over(struct rs_app *app, const char *text)
{
    (void)text;
    write_or_say(app, app->write_path);
}

static void write_or_ask(struct rs_app *app, const char *path)
{
    static const struct rs_prompt_ops over = {.question = "", .confirm = true, .answer = write_over};
    rs_copy_string(app->write_path, sizeof app->write_path, path);
    if (rs_is_file(path))
        rs_app_confirm(app, &over, "%.120s is there: y writes over it, any other key does not", path);
    else
        write_or_say(app, path);
}

/* ---- save -------------------------------------------------------------------------------------------------------- */

/* The file that was opened, if it is not the program's own; else one here. */
static void propose(const struct rs_app *app, char *name, size_t size)
{
    char installed[RS_PATH_SIZE];
    bool is_ours =
        rs_preset_folder(installed, RS_PRESETS_INSTALLED) && strncmp(app->preset, installed, strlen(installed)) == 0;
    const char *slash = strrchr(app->preset, '/');
    if (rs_is_file(app->preset)) {
        rs_copy_string(name, size, is_ours && slash ? slash + 1 : app->preset);
        return;
    }
    const char *data = rs_string(&app->settings, &rs_row_source);
    const char *last = data + strlen(data);
    while (last > data && last[-1] != '/' && last[-1] != ':')
        last--;
    snprintf(name, size, "%s-%s.ini", rs_string(&app->settings, &rs_row_model), *last ? last : "data");
}

enum rs_status rs_do_save(struct rs_app *app, const char *argument, struct rs_error *err)
{
    static const struct rs_prompt_ops ask = {.question = "save as: ", .answer = write_or_ask};
    char name[RS_PATH_SIZE];
    if (argument[0])
        return write_preset(app, argument, err);
    propose(app, name, sizeof name);
    app->write = write_preset;
    rs_app_ask(app, &ask, name);
    return RS_OK;
}

/* ---- export ------------------------------------------------------------------------------------------------------ */

static enum rs_status write_figure(struct rs_app *app, const char *path, struct rs_error *err)
{
    char subtitle[512];
    struct rs_chart chart;
    const char *title = rs_string(&app->began, &rs_row_title);
    const struct rs_figure_options options = {.title = title[0] ? title : "recscope", .subtitle = subtitle};
    snprintf(subtitle, sizeof subtitle, "%s on %.200s, seed %s", rs_model_chosen(&app->began)->title,
             app->status.data_name, rs_string(&app->began, &rs_row_seed));
    enum rs_status status = rs_app_chart(app, &chart, err);
    if (status == RS_OK)
        status = rs_figure_write(path, &chart, &options, err);
    if (status == RS_OK)
        rs_app_say(app, false, "the chart is in %s", path);
    return status;
}

enum rs_status rs_do_export(struct rs_app *app, const char *argument, struct rs_error *err)
{
    static const struct rs_prompt_ops ask = {.question = "figure (.svg, .png, .pdf): ", .answer = write_or_ask};
    if (argument[0])
        return write_figure(app, argument, err);
    app->write = write_figure;
    rs_app_ask(app, &ask, "curves.svg");
    return RS_OK;
}

/* ---- shell ------------------------------------------------------------------------------------------------------- */

/* In the message line, whole in the log, and behind the explorer on the shell's screen. */
enum rs_status rs_do_shell(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    struct rs_text text = {0};
    enum rs_status status = rs_command_line_of(&text, &app->settings, app->preset[0] ? app->preset : "playground", err);
    if (status == RS_OK)
        rs_app_say(app, false, "%s", text.data);
    if (status == RS_OK && app->options->report)
        rs_copy_string(app->options->report->command, sizeof app->options->report->command, text.data);
    rs_text_free(&text);
    return status;
}
