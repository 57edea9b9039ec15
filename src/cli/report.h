/* report.h -- what training tells, written to standard output: an observer for each format.
 *
 * Threads: the observer is called where the trainer steps.
 */
#ifndef RS_CLI_REPORT_H
#define RS_CLI_REPORT_H

#include <stdio.h>

#include "options.h"
#include "recscope/base/text.h"
#include "recscope/train/record.h"

struct rs_report {
    FILE *out;
    enum rs_format format;
    bool quiet;      /* plain: the summary alone */
    bool color;      /* plain */
    const char *run; /* the run folder, NULL: none is written */
    bool started;    /* a refit, and a search taken up again behind it, go on under the same start */
    /* Kept for the summary. */
    const struct rs_settings *settings; /* outlives the report */
    double baseline_mean, baseline_user_item, noise_floor;
    bool has_eval, has_test;
};

struct rs_observer rs_report_observer(struct rs_report *report);

/* The observers behind it, one file each; a csv row is a line of epochs.csv. */
struct rs_observer rs_report_plain(struct rs_report *report);
struct rs_observer rs_report_json(struct rs_report *report);
struct rs_observer rs_report_csv(struct rs_report *report);

/* "name":"text" with what JSON wants escaped. */
enum rs_status rs_json_text(struct rs_text *out, const char *name, const char *text, struct rs_error *err) RS_CHECKED;

/* Write and flush; a pipe that nobody reads, or a full disk, is an error. Errors: RS_IO. */
enum rs_status rs_report_write(FILE *out, const struct rs_text *text, struct rs_error *err) RS_CHECKED;

/* Whether a terminal wants colours: --color, NO_COLOR, TERM. */
bool rs_wants_color(enum rs_color color, FILE *out);

#endif
