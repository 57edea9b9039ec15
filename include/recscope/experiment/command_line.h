/* command_line.h -- the shell command that trains an experiment again. Threads: pure functions of their arguments. */
#ifndef RECSCOPE_EXPERIMENT_COMMAND_LINE_H
#define RECSCOPE_EXPERIMENT_COMMAND_LINE_H

#include "recscope/base/settings.h"
#include "recscope/base/text.h"

/* "recscope train PRESET --set section.key=value ...": with what differs from the preset, quoted for a POSIX shell.
 * preset: a path, or a name. Errors: as rs_preset_read; RS_MEMORY. */
enum rs_status rs_command_line_of(struct rs_text *out, const struct rs_settings *settings, const char *preset,
                                  struct rs_error *err) RS_CHECKED;

#endif
