/* drive.h -- load the data, build the trainer, step it to its end; what train and replay share.
 *
 * SIGINT and SIGTERM end the run behind the batch under way and keep what was trained; a second one ends the program.
 * Threads: the caller's; the handlers only write to a pipe.
 */
#ifndef RS_CLI_DRIVE_H
#define RS_CLI_DRIVE_H

#include "options.h"
#include "recscope/experiment/replay.h"
#include "recscope/train/trainer.h"

#define RS_OBSERVERS_MAX 3

struct rs_drive {
    const struct rs_options *options;
    const struct rs_settings *settings;
    bool recorded;            /* the run gets a folder: options->out, or one where runs go when nobody says */
    struct rs_replay *replay; /* NULL: not a replay */
};

/* Notes first (unless --quiet), then the run. Errors: of data, preset and observers; RS_DIVERGED with the advice,
 * RS_INTERRUPTED with where the run was kept. */
enum rs_status rs_drive(const struct rs_drive *drive, struct rs_error *err) RS_CHECKED;

#endif
