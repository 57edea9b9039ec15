/* run_table.h -- runs as a table: which columns it has, how wide they are, and what stands in a cell.
 *
 * Threads: main thread.
 */
#ifndef RS_TUI_RUN_TABLE_H
#define RS_TUI_RUN_TABLE_H

#include "recscope/experiment/run_list.h"

#define RS_CELL_SIZE 160

struct rs_run_column {
    struct rs_run_key key;
    const char *title; /* a word of the field, "best eval" */
    int width;         /* columns of the widest cell, the title's at least */
    bool right;        /* numbers stand at the right */
};

#define RS_RUN_COLUMNS_MOST (RS_FACTS + RS_CONF_ROWS_MAX)

struct rs_run_table {
    struct rs_run_column column[RS_RUN_COLUMNS_MOST];
    size_t count;
};

/* The columns for the runs that are shown: the facts, and of the settings those that differ. */
void rs_run_table_build(struct rs_run_table *table, const struct rs_run_list *list, bool no_clock);

/* What stands in the cell; times are left out with no_clock. */
void rs_run_cell(char out[RS_CELL_SIZE], const struct rs_stored_run *run, const struct rs_run_column *column,
                 bool no_clock);

/* 1 for the run with the least eval RMSE among those shown; 0: it has none. */
size_t rs_run_rank(const struct rs_run_list *list, const struct rs_stored_run *run);

/* How many columns, from `first` on, are whole within width; columns stand two blanks apart. At least 1. */
size_t rs_run_table_fit(const struct rs_run_table *table, size_t first, int width);

#endif
