/* run.h -- run folders: written by an observer while training, read back by replay.
 *
 * run.ini     the whole preset as run, plus [provenance], [fork] and [result]
 * epochs.csv  append-only, one row an epoch, floats that read back exactly
 * changes.csv step,key,value of every live edit
 * steps.csv   loss of every batch, thinned beyond 100,000 rows without losing a spike; of a fork, from there on
 * best.rsm    the weights that were tested
 * log.txt     what was said
 */
#ifndef RECSCOPE_EXPERIMENT_RUN_H
#define RECSCOPE_EXPERIMENT_RUN_H

#include "recscope/train/record.h"

struct rs_run_writer;

/* Where runs go when nobody says: $XDG_DATA_HOME/recscope/runs (~/.local/share/...). */
enum rs_status rs_run_folder_root(char *out, size_t size, struct rs_error *err) RS_CHECKED;

/* Make the folder of a new run in it, STAMP-MODEL-DATA. No other run gets the same one, in whatever process. */
enum rs_status rs_run_folder_make(char *out, size_t size, const struct rs_settings *settings,
                                  struct rs_error *err) RS_CHECKED;

/* An observer that writes `folder`; NULL: a new one where runs go when nobody says. Nothing is created before the run
 * starts. A folder that is there and not empty is refused unless overwrite. Owns: the caller frees after the run. */
enum rs_status rs_run_writer_create(struct rs_run_writer **out, const char *folder, bool overwrite,
                                    struct rs_error *err) RS_CHECKED;
struct rs_observer rs_run_writer_observer(struct rs_run_writer *writer);
/* "" before the start, where the folder is a new one. The text is the writer's. */
const char *rs_run_writer_folder(const struct rs_run_writer *writer);

/* The run goes on from the end of an epoch of another run, and is told that one's epochs and changes as its own:
 * run.ini names both in [fork]. parent: its folder. To be called before the start. */
void rs_run_writer_forked(struct rs_run_writer *writer, const char *parent, uint64_t epoch);
void rs_run_writer_free(struct rs_run_writer *writer);

#endif
