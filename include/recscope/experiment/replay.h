/* replay.h -- a recorded run, trained again and compared.
 *
 * A replay reads a run folder: the settings, what they came from, every epoch, every live change, the end. While the
 * run is trained again, rs_replay_before_step does at each step what was done to the recorded run (a live change, a
 * stop by hand), and the observer compares every epoch.
 * Threads: one replay belongs to one thread; its observer is called where the trainer steps.
 */
#ifndef RECSCOPE_EXPERIMENT_REPLAY_H
#define RECSCOPE_EXPERIMENT_REPLAY_H

#include <stdbool.h>

#include "recscope/train/trainer.h"

struct rs_replay;

/* path: a run folder or its run.ini. Owns: the caller frees. Errors: RS_PRESET, RS_DATA with path and line, RS_IO. */
enum rs_status rs_replay_open(struct rs_replay **out, const char *path, struct rs_error *err) RS_CHECKED;
void rs_replay_free(struct rs_replay *replay);

/* true where path is a run folder, or the run.ini of one. */
bool rs_replay_is_run(const char *path);

/* The settings as recorded. The caller may change what does not change the arithmetic: threads, source. */
struct rs_settings *rs_replay_settings(struct rs_replay *replay);

/* Compares each epoch and the end with the record. */
struct rs_observer rs_replay_observer(struct rs_replay *replay);

/* Do what was done to the recorded run before its next step. *stop: there it ended by hand. Errors: RS_PRESET. */
enum rs_status rs_replay_before_step(struct rs_replay *replay, struct rs_trainer *trainer, bool *stop,
                                     struct rs_error *err) RS_CHECKED;

/* What the comparison found. RS_OK: the same to the last bit. RS_DIFFERS: err says in which epoch and what.
 * RS_ROUNDING: within 1e-4 of the record, which is from another instruction set, BLAS, kernel or CPU. */
enum rs_status rs_replay_verdict(const struct rs_replay *replay, struct rs_error *err) RS_CHECKED;

/* Epochs compared so far. */
size_t rs_replay_epochs(const struct rs_replay *replay);

#endif
