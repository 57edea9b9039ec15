/* run_list.h -- all runs of a folder: read again where they changed, filtered, sorted, compared.
 *
 * A key names what runs are sorted and filtered by: a fact ("best", "tag") or a setting ("dropout", "model.dropout").
 * The filter: words with blanks between must all hold, `|` separates alternatives, `!` in front denies. A bare word is
 * looked for in name, tag, note, model, data and state; key=value, key!=value, key<number, key>number, <= and >=
 * compare. Letters match in either case. A test error that was not opened is not known here.
 * Threads: a list belongs to one thread.
 */
#ifndef RECSCOPE_EXPERIMENT_RUN_LIST_H
#define RECSCOPE_EXPERIMENT_RUN_LIST_H

#include "recscope/experiment/stored_run.h"

/* XX(id, name, it is a number) */
#define RS_RUN_FACT_MAP(XX)                                                                                            \
    XX(NAME, "name", false)                                                                                            \
    XX(TAG, "tag", false)                                                                                              \
    XX(BEST, "best", true)                                                                                             \
    XX(AT, "at", true)                                                                                                 \
    XX(LAST, "last", true)                                                                                             \
    XX(TEST, "test", true)                                                                                             \
    XX(TIME, "time", true)                                                                                             \
    XX(MODEL, "model", false)                                                                                          \
    XX(DATA, "data", false)                                                                                            \
    XX(STATE, "state", false)                                                                                          \
    XX(NOTE, "note", false)

enum rs_run_fact {
#define RS_RUN_FACT_ENUM(id, name, number) RS_FACT_##id,
    RS_RUN_FACT_MAP(RS_RUN_FACT_ENUM)
#undef RS_RUN_FACT_ENUM
        RS_FACTS
};

struct rs_run_key {
    enum rs_run_fact fact;         /* where row is NULL */
    const struct rs_conf_row *row; /* a setting */
};

/* "best", "dropout", "model.dropout". Errors: RS_USAGE with the nearest name. */
enum rs_status rs_run_key_find(struct rs_run_key *out, const char *name, struct rs_error *err) RS_CHECKED;
const char *rs_run_key_name(const struct rs_run_key *key);
/* A key of numbers gives one, NaN where the run has none; another key gives text, "" where the run has none. */
bool rs_run_key_is_number(const struct rs_run_key *key);
double rs_run_number(const struct rs_stored_run *run, const struct rs_run_key *key);
const char *rs_run_text(const struct rs_stored_run *run, const struct rs_run_key *key);

struct rs_run_stamp;

struct rs_run_list {
    char folder[RS_PATH_SIZE];
    struct rs_stored_run **run; /* (count) */
    struct rs_run_stamp *stamp; /* (count) of their files when they were read */
    size_t count, room;
    struct rs_stored_run **shown; /* (shown_count) those that the filter lets through, in order */
    size_t shown_count;
};

/* folder: NULL for the one that runs go to when nobody says. It need not be there yet. A list of zeros is empty.
 * Errors: RS_USAGE, RS_IO. */
enum rs_status rs_run_list_open(struct rs_run_list *list, const char *folder, struct rs_error *err) RS_CHECKED;
void rs_run_list_free(struct rs_run_list *list);

/* Read what is new or changed. *changed: something did, and `shown` is empty until the next rs_run_list_show.
 * Errors: RS_MEMORY, RS_IO. */
enum rs_status rs_run_list_refresh(struct rs_run_list *list, bool *changed, struct rs_error *err) RS_CHECKED;

/* Fill `shown`: the runs that pass, the least first (inverted: the greatest); those without a value stand last.
 * Errors: RS_USAGE for a filter that cannot be understood; `shown` is as it was. RS_MEMORY. */
enum rs_status rs_run_list_show(struct rs_run_list *list, const char *filter, const struct rs_run_key *key,
                                bool inverted, struct rs_error *err) RS_CHECKED;

/* Of which rows of rs_all_rows the shown runs have different values; the model, and what changes no result, left out.
 */
void rs_run_list_differing(const struct rs_run_list *list, bool differs[RS_CONF_ROWS_MAX]);

/* Same ratings, same parts: their errors can be compared. */
bool rs_runs_same_data(const struct rs_stored_run *a, const struct rs_stored_run *b);
/* How often the test error of these data was looked at, in all runs. */
int64_t rs_run_list_test_opened(const struct rs_run_list *list, const char *data_hash, const char *split_hash);

/* Values that were tried of one setting on these data, ascending, each with the best eval RMSE it came to; model: by
 * that one alone, NULL: by any. Runs whose settings changed while they trained tried no single value. Returns how
 * many. */
struct rs_tried_value {
    char text[64];
    double best; /* stars */
    size_t runs;
};
size_t rs_tried_values(const struct rs_run_list *list, const char *data_hash, const char *split_hash, const char *model,
                       const struct rs_conf_row *row, struct rs_tried_value *out, size_t most);

#endif
