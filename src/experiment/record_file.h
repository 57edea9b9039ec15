/* record_file.h -- a run folder read back: what a replay does again and compares with, and a list of runs shows.
 *
 * Threads: a record belongs to one thread.
 */
#ifndef RS_EXPERIMENT_RECORD_FILE_H
#define RS_EXPERIMENT_RECORD_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "provenance.h"
#include "recscope/base/settings.h"

struct rs_record_change {
    uint64_t step; /* applied before it */
    const struct rs_conf_row *row;
    char value[64];
};

struct rs_record {
    struct rs_settings settings;
    struct rs_provenance provenance;
    char parent[RS_PROVENANCE_SIZE]; /* of a fork: the name of the folder that it comes from; else empty */
    uint64_t parent_epoch;
    char reason[16]; /* empty: the run did not come to its end */
    uint64_t steps;
    double best_epoch, best_eval, test_rmse, test_mae, train_seconds; /* of [result]; NaN: not there */
    char weights_hash[RS_HASH_TEXT];
    struct rs_record_change *change; /* (changes), in order of their steps */
    size_t changes;
    char *epochs; /* the bytes of epochs.csv, cut into lines by NULs */
    char **line;  /* (lines): the header, then one an epoch */
    size_t lines;
};

/* path: the folder or its run.ini. Owns: the caller frees with rs_record_free, after an error too.
 * Errors: RS_PRESET, RS_DATA with path and line, RS_IO, RS_MEMORY. */
enum rs_status rs_record_read(struct rs_record *out, const char *path, struct rs_error *err) RS_CHECKED;

/* Which column of epochs.csv has this name; SIZE_MAX: none. */
size_t rs_record_column(const struct rs_record *record, const char *name);
/* That field of a line, at most size - 1 bytes of it; empty where there is none. */
void rs_record_field(const struct rs_record *record, size_t line, size_t column, char *out, size_t size);

void rs_record_free(struct rs_record *record);

#endif
