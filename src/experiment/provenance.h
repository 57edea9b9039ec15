/* provenance.h -- what a run's numbers come from: program, data, machine.
 *
 * Written into run.ini's [provenance] and compared by a replay.
 * Threads: an rs_provenance belongs to one thread.
 */
#ifndef RS_EXPERIMENT_PROVENANCE_H
#define RS_EXPERIMENT_PROVENANCE_H

#include <stdbool.h>

#include "recscope/base/text.h"
#include "recscope/data/dataset.h"

/* XX(id, key): first the program, then the data, then the machine. */
#define RS_PROVENANCE_MAP(XX)                                                                                          \
    XX(VERSION, "version")                                                                                             \
    XX(COMMIT, "commit")                                                                                               \
    XX(DATE, "date")                                                                                                   \
    XX(DATA, "data")                                                                                                   \
    XX(FORMAT, "format")                                                                                               \
    XX(RATINGS, "ratings")                                                                                             \
    XX(DATA_HASH, "data_hash")                                                                                         \
    XX(SPLIT_HASH, "split_hash")                                                                                       \
    XX(INSTRUCTION_SET, "instruction_set")                                                                             \
    XX(BLAS, "blas")                                                                                                   \
    XX(BLAS_KERNEL, "blas_kernel")                                                                                     \
    XX(CPU, "cpu")                                                                                                     \
    XX(PROCESSORS, "processors")

enum rs_provenance_key {
#define RS_PROVENANCE_ENUM(id, key) RS_PROVENANCE_##id,
    RS_PROVENANCE_MAP(RS_PROVENANCE_ENUM)
#undef RS_PROVENANCE_ENUM
        RS_PROVENANCE_KEYS
};

#define RS_PROVENANCE_SIZE 160 /* with its key it fits a preset's line */

struct rs_provenance {
    char value[RS_PROVENANCE_KEYS][RS_PROVENANCE_SIZE]; /* empty: not known */
};

const char *rs_provenance_name(enum rs_provenance_key key);

/* This program, this machine, these data, now. */
void rs_provenance_now(struct rs_provenance *out, const struct rs_dataset *dataset);

/* Take one recorded pair; an unknown key is ignored, so that later versions may add some. */
void rs_provenance_take(struct rs_provenance *provenance, const char *key, const char *value);

/* true where both name the same instruction set, BLAS, BLAS kernel and CPU. */
bool rs_provenance_same_machine(const struct rs_provenance *a, const struct rs_provenance *b);

/* Append the section. Errors: RS_MEMORY. */
enum rs_status rs_provenance_format(struct rs_text *out, const struct rs_provenance *provenance,
                                    struct rs_error *err) RS_CHECKED;

/* Append "key = value", made to fit and to read back: what an INI line cannot hold is replaced by a comma or cut. */
enum rs_status rs_record_pair(struct rs_text *out, const char *key, const char *value, struct rs_error *err) RS_CHECKED;

#endif
