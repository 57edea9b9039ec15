/* commands.h -- the sub-commands, one file each. Data go to standard output, messages to standard error. */
#ifndef RS_CLI_COMMANDS_H
#define RS_CLI_COMMANDS_H

#include "options.h"

enum rs_status rs_command_explore(const struct rs_options *options, struct rs_error *err) RS_CHECKED;
enum rs_status rs_command_train(const struct rs_options *options, struct rs_error *err) RS_CHECKED;
enum rs_status rs_command_replay(const struct rs_options *options, struct rs_error *err) RS_CHECKED;
enum rs_status rs_command_models(const struct rs_options *options, struct rs_error *err) RS_CHECKED;
enum rs_status rs_command_data(const struct rs_options *options, struct rs_error *err) RS_CHECKED;
enum rs_status rs_command_export(const struct rs_options *options, struct rs_error *err) RS_CHECKED;

#endif
