#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recscope/experiment/columns.h"

bool rs_wants_color(enum rs_color color, FILE *out)
{
    const char *no = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    if (color != RS_COLOR_AUTO)
        return color == RS_COLOR_ALWAYS;
    return isatty(fileno(out)) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

enum rs_status rs_report_write(FILE *out, const struct rs_text *text, struct rs_error *err)
{
    if (text->length > 0 && (fwrite(text->data, 1, text->length, out) != text->length || fflush(out) != 0))
        return rs_fail(err, RS_IO, "standard output cannot be written: %s", strerror(errno));
    return RS_OK;
}

static enum rs_status csv_start(void *context, const struct rs_start_record *record, struct rs_error *err)
{
    struct rs_report *report = context;
    struct rs_text text = {0};
    (void)record;
    if (report->started)
        return RS_OK;
    report->started = true;
    enum rs_status status = rs_epoch_csv_header(&text, err);
    if (status == RS_OK)
        status = rs_report_write(report->out, &text, err);
    rs_text_free(&text);
    return status;
}

static enum rs_status csv_epoch(void *context, const struct rs_epoch_record *record, struct rs_error *err)
{
    struct rs_report *report = context;
    struct rs_text text = {0};
    enum rs_status status = rs_epoch_csv(&text, record, err);
    if (status == RS_OK)
        status = rs_report_write(report->out, &text, err);
    rs_text_free(&text);
    return status;
}

struct rs_observer rs_report_csv(struct rs_report *report)
{
    return (struct rs_observer){.context = report, .start = csv_start, .epoch = csv_epoch};
}

struct rs_observer rs_report_observer(struct rs_report *report)
{
    switch (report->format) {
    case RS_FORMAT_JSONL:
        return rs_report_json(report);
    case RS_FORMAT_CSV:
        return rs_report_csv(report);
    case RS_FORMAT_PLAIN:
        break;
    }
    return rs_report_plain(report);
}
