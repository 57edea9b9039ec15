#include <stdio.h>
#include <unistd.h>

#include "commands.h"
#include "recscope/base/memory.h"
#include "recscope/experiment/preset.h"
#include "recscope/tui/explorer.h"
#include "train_preset.h"

#define DEFAULT_PRESET "playground"
#define SNAPSHOT       "start\nwait finished\nsave-screen -\n"

static enum rs_status print(const char *bytes, size_t length, struct rs_error *err)
{
    bool done = fwrite(bytes, 1, length, stdout) == length && fflush(stdout) == 0;
    return done ? RS_OK : rs_fail(err, RS_IO, "standard output cannot be written");
}

/* Open the explorer on the preset, and say behind it where the last run is. */
static enum rs_status explore(const struct rs_options *options, const char *preset, struct rs_error *err)
{
    static const enum rs_explorer_color colors[] = {
        [RS_COLOR_AUTO] = RS_EXPLORER_COLOR_AUTO,
        [RS_COLOR_ALWAYS] = RS_EXPLORER_COLOR_ALWAYS,
        [RS_COLOR_NEVER] = RS_EXPLORER_COLOR_NEVER,
    };
    static const enum rs_explorer_theme themes[] = {
        [RS_THEME_CHOICE_AUTO] = RS_EXPLORER_THEME_AUTO,
        [RS_THEME_CHOICE_DARK] = RS_EXPLORER_THEME_DARK,
        [RS_THEME_CHOICE_LIGHT] = RS_EXPLORER_THEME_LIGHT,
    };
    bool detached = options->snapshot || options->plain || (options->script && !isatty(STDOUT_FILENO));
    struct rs_explorer_report report = {0};
    struct rs_settings *settings = NULL;
    enum rs_status status = rs_alloc(&settings, 1, sizeof *settings, err);
    if (status == RS_OK)
        status = rs_preset_read(settings, preset, err);
    if (status == RS_OK)
        status = rs_options_apply(options, settings, err);
    if (status == RS_OK) {
        const struct rs_explorer_options explorer = {.settings = settings,
                                                     .preset = options->words > 0 ? preset : NULL,
                                                     .out = options->out,
                                                     .overwrite = options->overwrite,
                                                     .color = colors[options->color],
                                                     .theme = themes[options->theme],
                                                     .charset = options->charset,
                                                     .fps = options->fps,
                                                     .script = options->script  ? options->script
                                                               : options->plain ? "-"
                                                                                : NULL,
                                                     .plain = options->plain,
                                                     .commands = options->snapshot ? SNAPSHOT : NULL,
                                                     .detached = detached,
                                                     .rows = options->rows,
                                                     .columns = options->columns,
                                                     .print = detached ? print : NULL,
                                                     .report = &report};
        status = rs_explorer_run(&explorer, err);
    }
    if (report.run[0] && !options->quiet)
        fprintf(stderr, "run: %s\n", report.run);
    if (report.command[0] && !options->quiet)
        fprintf(stderr, "%s\n", report.command);
    rs_free(settings);
    return status;
}

enum rs_status rs_command_explore(const struct rs_options *options, struct rs_error *err)
{
    const char *preset = options->snapshot ? options->snapshot : options->words > 0 ? options->word[0] : DEFAULT_PRESET;
    if (options->snapshot && options->words > 0)
        return rs_fail(err, RS_USAGE, "%.60s: one preset is enough: --snapshot=%.60s", options->word[0], preset);
    if (options->snapshot && options->script)
        return rs_fail(err, RS_USAGE, "--snapshot and --script: one of them (a script has save-screen)");
    const char *nearest = rs_options_nearest(preset);
    if (nearest && access(preset, F_OK) != 0)
        return rs_fail(err, RS_USAGE, "%s: unknown command, and there is no such preset: did you mean %s?", preset,
                       nearest);
    bool screen = isatty(STDOUT_FILENO) || options->script || options->snapshot || options->plain;
    return screen ? explore(options, preset, err) : rs_train_preset(options, preset, err);
}
