/* log.h -- what happened in this sitting, line by line, in a ring: the newest lines push the oldest out.
 *
 * Pure data: screen_log.c paints it. Threads: main thread.
 */
#ifndef RS_TUI_LOG_H
#define RS_TUI_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RS_LOG_LINES 1024
#define RS_LOG_BYTES 256 /* of a line; what is longer is cut */

struct rs_log_line {
    char clock[12]; /* "14:03:59" */
    bool bad;
    char text[RS_LOG_BYTES];
};

struct rs_log {
    struct rs_log_line line[RS_LOG_LINES]; /* line k is in slot k % RS_LOG_LINES */
    uint64_t count;                        /* lines ever put in */
};

/* One line for each line of the text; control characters become blanks. */
void rs_log_add(struct rs_log *log, bool bad, const char *text);

/* The first line that is still there. */
uint64_t rs_log_first(const struct rs_log *log);
const struct rs_log_line *rs_log_at(const struct rs_log *log, uint64_t line);

#endif
