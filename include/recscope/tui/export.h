/* export.h -- stored runs as one figure, one text, or one table of numbers.
 *
 * The chart is the one that the explorer draws: the first run as the present one, the others behind it, named by what
 * differs from it.
 * Threads: safe from any thread on distinct paths.
 */
#ifndef RECSCOPE_TUI_EXPORT_H
#define RECSCOPE_TUI_EXPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "recscope/base/status.h"

struct rs_export_options {
    const char *path;  /* ends in .svg, .png, .pdf, .txt or .csv */
    const char *title; /* of a figure; NULL: the first run's */
    int columns, rows; /* of a text */
    bool utf8;         /* of a text: braille, else ASCII */
};

/* folders: (count), of runs. A file that is there is replaced, or left as it was.
 * Errors: RS_USAGE (another ending; a folder that is no run), RS_IO, RS_MEMORY. */
enum rs_status rs_export_runs(const char *const *folders, size_t count, const struct rs_export_options *options,
                              struct rs_error *err) RS_CHECKED;

#endif
