/* recorder.h -- an observer that opens a run folder when the first batch is trained, not when data are read.
 *
 * A session tells the start as soon as it is ready; a person who only looks leaves no folder behind. The start and the
 * untrained epoch are kept until then.
 * Threads: the observer runs on the training thread; rs_recorder_folder may be asked by any.
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

/* "" while nothing was written. */
const char *rs_recorder_folder(const struct rs_recorder *recorder);

#endif
