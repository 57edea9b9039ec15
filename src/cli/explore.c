#include <unistd.h>

#include "commands.h"
#include "recscope/base/file.h"
#include "train_preset.h"

enum rs_status rs_command_explore(const struct rs_options *options, struct rs_error *err)
{
    const char *preset = options->words > 0 ? options->word[0] : "playground";
    const char *nearest = rs_options_nearest(preset);
    if (nearest && access(preset, F_OK) != 0)
        return rs_fail(err, RS_USAGE, "%s: unknown command, and there is no such preset: did you mean %s?", preset,
                       nearest);
    return rs_train_preset(options, preset, err);
}
