/* lines.h -- the line reader between a preset's bytes and inih.
 *
 * inih (release 55) cuts a line that does not fit its buffer and parses the tail as a line of its own, keeps the
 * previous section after an unclosed "[section", cuts a long section name, ignores what stands behind "]", delivers an
 * indented line as one more value of the key above, and cannot tell a handler the line's number. This reader is called
 * once a line: it counts lines and refuses each of these before inih sees it.
 */
#ifndef RS_EXPERIMENT_LINES_H
#define RS_EXPERIMENT_LINES_H

#include <stddef.h>

#include "recscope/base/status.h"

/* Bytes of a line that fit beside CR, LF and NUL in inih's buffer of 200. */
#define RS_LINE_MOST 197

struct rs_ini_lines {
    const char *name; /* stands for the path in messages */
    const char *at, *end;
    size_t line; /* number of the line handed out last, 1-based */
    /* Called with the name of each [section] met; may be NULL. */
    enum rs_status (*section)(void *context, const char *section, struct rs_error *err);
    void *context;
    struct rs_error *err;
    enum rs_status status; /* the first refusal; reading ends with it */
};

/* name and bytes outlive the lines. */
void rs_ini_start(struct rs_ini_lines *lines, const char *bytes, size_t length, const char *name, struct rs_error *err);

/* The reader ini_parse_stream wants: fgets on a struct rs_ini_lines. NULL at the end and after a refusal. */
char *rs_ini_next(char *buffer, int size, void *lines);

#endif
