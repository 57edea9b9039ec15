/* source.h -- where rating files stand: a file, or a folder in one of the known layouts.
 *
 * Threads: functions on distinct sources are independent.
 */
#ifndef RECSCOPE_DATA_SOURCE_H
#define RECSCOPE_DATA_SOURCE_H

#include <stdbool.h>

#include "reading.h"
#include "recscope/base/file.h"
#include "titles.h"

struct rs_source {
    char name[256];             /* the last part of the path, resolved */
    char folder[RS_PATH_SIZE];  /* where the files of a split by file stand */
    char ratings[RS_PATH_SIZE]; /* empty: a folder without a known file of ratings */
    char titles[RS_PATH_SIZE];  /* empty: there is none */
    const struct rs_titles_form *titles_form;
    bool certain; /* the files' names say which data they are, and so which scale they have */
};

/* Errors: RS_DATA, with where to get the data and how to name them; RS_IO (a path too long). */
enum rs_status rs_source_find(struct rs_source *out, const char *path, struct rs_error *err) RS_CHECKED;

#endif
