/* train_preset.h -- what `train PRESET` does, for the explorer without a terminal and a replay without a record. */
#ifndef RS_CLI_TRAIN_PRESET_H
#define RS_CLI_TRAIN_PRESET_H

#include "options.h"

enum rs_status rs_train_preset(const struct rs_options *options, const char *preset, struct rs_error *err) RS_CHECKED;

#endif
