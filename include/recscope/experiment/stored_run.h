/* stored_run.h -- a run folder read back as data: settings, results, state, label, and its epochs on demand.
 *
 * Units  : RMSE in stars, seconds of training (evaluation is not counted), steps and ratings since the run began.
 * Absent : numbers that are not known are NaN, texts are empty.
 * Threads: a stored run belongs to one thread.
 */
#ifndef RECSCOPE_EXPERIMENT_STORED_RUN_H
#define RECSCOPE_EXPERIMENT_STORED_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recscope/base/file.h"
#include "recscope/base/settings.h"

enum rs_run_state {
    RS_RUN_FINISHED,   /* it came to its end and has a result */
    RS_RUN_UNFINISHED, /* it is being written, or broke off */
    RS_RUN_DAMAGED     /* it cannot be read; `why` says what is wrong */
};

#define RS_LABEL_TAG  32
#define RS_LABEL_NOTE 120

/* label.ini: what a person said about a run. */
struct rs_run_label {
    char tag[RS_LABEL_TAG];
    char note[RS_LABEL_NOTE];
    int64_t test_opened; /* how often its test error was looked at */
};

struct rs_stored_run {
    char folder[RS_PATH_SIZE];
    const char *name; /* the last part of folder */
    enum rs_run_state state;
    char why[256];      /* damaged: what is wrong */
    const char **value; /* (rows of rs_all_rows) as in a preset; NULL: without a meaning in this run; NULL: damaged */
    char *texts;        /* what they point to */
    char data[160], data_hash[160], split_hash[160], date[160];
    char parent[160];      /* of a fork: the name of the folder that it comes from; else "" */
    uint64_t parent_epoch; /* and at the end of which epoch */
    char reason[16];       /* why it ended; "" for an unfinished one */
    double epochs;         /* of the search */
    size_t changes;        /* live edits */
    double best_eval, best_epoch, last_eval, test_rmse, test_mae, seconds;
    struct rs_run_label label;
};

/* "finished", "unfinished", "damaged" */
const char *rs_run_state_name(enum rs_run_state state);

/* A folder that cannot be read as a run is no error: it is damaged, and why is said.
 * Owns: the caller frees with rs_stored_run_free, after an error too. Errors: RS_MEMORY, RS_IO for a path too long. */
enum rs_status rs_stored_run_read(struct rs_stored_run *out, const char *folder, struct rs_error *err) RS_CHECKED;
void rs_stored_run_free(struct rs_stored_run *run);

/* Its settings, whole. Errors: as rs_preset_read. */
enum rs_status rs_stored_run_settings(const struct rs_stored_run *run, struct rs_settings *out,
                                      struct rs_error *err) RS_CHECKED;

/* What the run has as this setting's value; NULL: it has no meaning there, or the run is damaged. */
const char *rs_stored_run_value(const struct rs_stored_run *run, const struct rs_conf_row *row);

/* Epochs of the search phase; arrays (count), cumulative where the head of this file says so. */
struct rs_run_epochs {
    double *epoch, *step, *ratings, *seconds, *train, *eval, *rate;
    size_t count;
};

/* Owns: the caller frees with rs_run_epochs_free, after an error too. Errors: RS_IO, RS_DATA, RS_PRESET, RS_MEMORY. */
enum rs_status rs_run_epochs_read(struct rs_run_epochs *out, const char *folder, struct rs_error *err) RS_CHECKED;
void rs_run_epochs_free(struct rs_run_epochs *epochs);

/* ---- what a person does with a run ------------------------------------------------------------------------------- */

/* A folder without label.ini has an empty label. Errors: RS_PRESET, RS_IO, RS_MEMORY. */
enum rs_status rs_run_label_read(struct rs_run_label *out, const char *folder, struct rs_error *err) RS_CHECKED;
/* Replaces label.ini. Errors: RS_IO, RS_MEMORY. */
enum rs_status rs_run_label_write(const struct rs_run_label *label, const char *folder,
                                  struct rs_error *err) RS_CHECKED;
/* The test error of this run was looked at once more. */
enum rs_status rs_run_test_opened(const char *folder, struct rs_error *err) RS_CHECKED;

/* Delete the folder of a run: run.ini must be there, and nothing but a run's own files, none of them a link. Refused
 * while another process writes it; a run that this process writes is for the caller to leave alone.
 * Errors: RS_USAGE where it is refused (nothing is deleted), RS_IO. */
enum rs_status rs_run_delete(const char *folder, struct rs_error *err) RS_CHECKED;

#endif
