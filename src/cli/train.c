#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "drive.h"
#include "recscope/base/memory.h"
#include "recscope/experiment/preset.h"
#include "train_preset.h"

/* Sections that hold no settings are none of training's business; of a sweep it is said. */
static enum rs_status see_pair(void *context, const char *section, const char *key, const char *value,
                               struct rs_error *err)
{
    (void)key;
    (void)value;
    (void)err;
    bool *sweep = context;
    *sweep = *sweep || strcmp(section, RS_SECTION_SWEEP) == 0;
    return RS_OK;
}

enum rs_status rs_train_preset(const struct rs_options *options, const char *preset, struct rs_error *err)
{
    bool sweep = false;
    struct rs_settings *settings = NULL;
    const struct rs_preset_visitor visitor = {.context = &sweep, .pair = see_pair};
    enum rs_status status = rs_alloc(&settings, 1, sizeof *settings, err);
    if (status == RS_OK)
        status = rs_preset_visit(settings, preset, &visitor, err);
    if (status == RS_OK)
        status = rs_options_apply(options, settings, err);
    if (status == RS_OK && sweep && !options->quiet)
        fprintf(stderr, "recscope: note: %s has a [%s] section: this trains the preset itself, once\n", preset,
                RS_SECTION_SWEEP);
    if (status == RS_OK) {
        struct rs_drive drive = {.options = options, .settings = settings, .recorded = true};
        status = rs_drive(&drive, err);
    }
    rs_free(settings);
    return status;
}

enum rs_status rs_command_train(const struct rs_options *options, struct rs_error *err)
{
    return rs_train_preset(options, options->word[0], err);
}
