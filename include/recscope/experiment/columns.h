/* columns.h -- the columns of an epoch: their names, and how a record fills them.
 *
 * epochs.csv, `--format=csv`, `--format=jsonl` and the comparison of a replay all walk this table, so a number has one
 * name and one spelling everywhere. A value that was not measured is absent: an empty field, no JSON member.
 * Threads: pure functions of their arguments.
 */
#ifndef RECSCOPE_EXPERIMENT_COLUMNS_H
#define RECSCOPE_EXPERIMENT_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "recscope/base/text.h"
#include "recscope/train/record.h"

struct rs_epoch_column {
    const char *name;
    bool compared; /* by a replay: not the times, which differ from run to run, nor what follows from the rest */
    /* false: not measured */
    bool (*get)(const struct rs_epoch_record *record, double *out);
};

extern const struct rs_epoch_column rs_epoch_columns[];
extern const size_t rs_epoch_column_count;

#define RS_COLUMN_PHASE "phase"

/* "search", "refit": the last column of the csv, and "phase" in JSON where it is a refit. */
const char *rs_phase_name(enum rs_phase phase);

/* Append the header line, or the line of a record; numbers read back exactly. Errors: RS_MEMORY. */
enum rs_status rs_epoch_csv_header(struct rs_text *out, struct rs_error *err) RS_CHECKED;
enum rs_status rs_epoch_csv(struct rs_text *out, const struct rs_epoch_record *record, struct rs_error *err) RS_CHECKED;

#endif
