/* screen_runs.h -- what the files of the Runs screen share. Threads: main thread. */
#ifndef RS_TUI_SCREEN_RUNS_H
#define RS_TUI_SCREEN_RUNS_H

#include <time.h>

#include "app.h"
#include "run_table.h"

#define RS_FILTER_SIZE 256

struct rs_runs_state {
    struct rs_run_list list;
    struct rs_run_table table;
    struct rs_run_key sort;
    bool inverted;
    bool entered;
    char filter[RS_FILTER_SIZE];
    char kept_filter[RS_FILTER_SIZE]; /* before the one that is being typed */
    size_t marked, top;               /* indices of what is shown */
    size_t first;                     /* the first column */
    int rows;                         /* of the last frame */
    time_t read_at;
};

/* NULL as long as runs were not read. */
struct rs_runs_state *rs_runs_state(struct rs_app *app);
/* Make the screen's state where there is none, and read what changed. */
enum rs_status rs_runs_read(struct rs_app *app, struct rs_error *err) RS_CHECKED;
/* Filter and sort anew; the marked run stays marked. */
enum rs_status rs_runs_show(struct rs_app *app, struct rs_error *err) RS_CHECKED;
/* The marked run. Errors: RS_USAGE where there is none. */
enum rs_status rs_runs_marked(struct rs_app *app, const struct rs_stored_run **out, struct rs_error *err) RS_CHECKED;
/* The run whose curves are the present ones; and it is being trained. */
bool rs_runs_is_present(const struct rs_app *app, const struct rs_stored_run *run);
bool rs_runs_is_now(const struct rs_app *app, const struct rs_stored_run *run);

#endif
