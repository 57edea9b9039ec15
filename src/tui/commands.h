/* commands.h -- the one table of commands. Keys, the line behind `:` and scripts run them.
 *
 * Threads: main thread.
 */
#ifndef RS_TUI_COMMANDS_H
#define RS_TUI_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "recscope/base/status.h"

struct rs_app;

enum rs_command_id {
#define COMMAND(id, name_, argument_, help_) RS_COMMAND_##id,
#include "commands.def"
#undef COMMAND
    RS_COMMANDS
};

/* argument: never NULL, "" where none was given. An error's message is shown, and ends a script. */
#define COMMAND(id, name_, argument_, help_)                                                                           \
    enum rs_status rs_do_##id(struct rs_app *app, const char *argument, struct rs_error *err);
#include "commands.def"
#undef COMMAND

struct rs_command {
    const char *name;
    const char *argument; /* how it is written in help; NULL: it takes none */
    enum rs_status (*run)(struct rs_app *app, const char *argument, struct rs_error *err);
    const char *help;
};

extern const struct rs_command rs_command_table[RS_COMMANDS];

/* Run "name argument". Errors: RS_USAGE for an unknown name (with the nearest) or an argument too many or too few; what
 * the command itself says. */
enum rs_status rs_command_line(struct rs_app *app, const char *line, struct rs_error *err) RS_CHECKED;

/* The same for a key; what is wrong is shown in the message line. */
void rs_command_key(struct rs_app *app, enum rs_command_id id, const char *argument);

/* Complete the beginning of a line to what all candidates share: names of commands, of settings behind `set`, of
 * screens, choices of a setting. false: nothing to add. */
bool rs_command_complete(struct rs_app *app, const char *line, char *out, size_t size);

#endif
