#include <stdio.h>
#include <unistd.h>

#include "commands.h"
#include "recscope/base/file.h"
#include "recscope/base/memory.h"
#include "recscope/experiment/preset.h"
#include "recscope/tui/explorer.h"
#include "train_preset.h"

static enum rs_explorer_color color_of(enum rs_color color)
{
    return color == RS_COLOR_ALWAYS  ? RS_EXPLORER_COLOR_ALWAYS
           : color == RS_COLOR_NEVER ? RS_EXPLORER_COLOR_NEVER
                                     : RS_EXPLORER_COLOR_AUTO;
}

static enum rs_status explore(const struct rs_options *options, const char *preset, struct rs_error *err)
{
    struct rs_settings *settings = NULL;
    struct rs_explorer_report report = {0};
    enum rs_status status = rs_alloc(&settings, 1, sizeof *settings, err);
    if (status == RS_OK)
        status = rs_preset_read(settings, preset, err);
    if (status == RS_OK)
        status = rs_options_apply(options, settings, err);
    if (status == RS_OK) {
        const struct rs_explorer_options explorer = {.settings = settings,
                                                     .preset = preset,
                                                     .out = options->out,
                                                     .overwrite = options->overwrite,
                                                     .color = color_of(options->color),
                                                     .report = &report};
        status = rs_explorer_run(&explorer, err);
        if (status == RS_OK && report.run[0] && !options->quiet)
            fprintf(stderr, "recscope: the last run is kept in %s\n", report.run);
    }
    rs_free(settings);
    return status;
}

/* Where there is no terminal to draw on, the same preset is trained and its epochs are printed. */
enum rs_status rs_command_explore(const struct rs_options *options, struct rs_error *err)
{
    const char *preset = options->words > 0 ? options->word[0] : "playground";
    const char *nearest = rs_options_nearest(preset);
    if (nearest && access(preset, F_OK) != 0)
        return rs_fail(err, RS_USAGE, "%s: unknown command, and there is no such preset: did you mean %s?", preset,
                       nearest);
    if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
        return explore(options, preset, err);
    return rs_train_preset(options, preset, err);
}
