/* recorder.h -- an observer that opens a run folder when the first batch is trained, not when data are read.
 *
 * A session tells the start as soon as it is ready, and a fork its past; a person who only looks leaves no folder
 * behind. All of that is kept until then.
 * Threads: the observer runs on the training thread; rs_recorder_folder may be asked by any; the others are for before
 * the first batch or after the end.
 */
#ifndef RS_TUI_RECORDER_H
#define RS_TUI_RECORDER_H

#include "recscope/train/record.h"

struct rs_recorder;

/* out: the folder, "" for the default place. Owns: the caller frees when the session is closed. */
enum rs_status rs_recorder_create(struct rs_recorder **out, const char *folder, bool overwrite,
                                  struct rs_error *err) RS_CHECKED;
void rs_recorder_free(struct rs_recorder *recorder);
struct rs_observer rs_recorder_observer(struct rs_recorder *recorder);

/* What is recorded goes on from the end of an epoch of that run, which is over. */
void rs_recorder_forked(struct rs_recorder *recorder, const struct rs_recorder *parent, uint64_t epoch);

/* "" while nothing was written. */
const char *rs_recorder_folder(const struct rs_recorder *recorder);

#endif
