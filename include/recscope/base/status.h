/* status.h -- what a fallible function returns, and the message that goes with it.
 *
 * One list gives the enum, its text and the exit status of the program. A function that can fail returns
 * `enum rs_status`, takes `struct rs_error *` last, and leaves the error untouched when it succeeds.
 * Threads: an rs_error belongs to one thread; there is no shared state.
 */
#ifndef RECSCOPE_BASE_STATUS_H
#define RECSCOPE_BASE_STATUS_H

#include <stddef.h>

/* XX(name, text, exit status of the program) */
#define RS_STATUS_MAP(XX)                                                                                              \
    XX(OK, "done", 0)                                                                                                  \
    XX(MEMORY, "out of memory", 1)                                                                                     \
    XX(IO, "input or output failed", 1)                                                                                \
    XX(DIVERGED, "training diverged", 1)                                                                               \
    XX(FAILED, "failed while running", 1)                                                                              \
    XX(USAGE, "wrong usage", 2)                                                                                        \
    XX(PRESET, "wrong preset or setting", 2)                                                                           \
    XX(DATA, "wrong data", 2)                                                                                          \
    XX(DIFFERS, "a replay differs from its record", 3)                                                                 \
    XX(ROUNDING, "a replay agrees to rounding, the record is from another kernel", 4)                                  \
    XX(INTERRUPTED, "interrupted", 130)

enum rs_status {
#define RS_STATUS_ENUM(name, text, code) RS_##name,
    RS_STATUS_MAP(RS_STATUS_ENUM)
#undef RS_STATUS_ENUM
};

/* Long enough for two paths, a line number and a sentence. */
#define RS_ERROR_SIZE 1024

struct rs_error {
    enum rs_status code;
    char message[RS_ERROR_SIZE]; /* "path:line: what is wrong: what would be right" */
};

#define RS_CHECKED           __attribute__((warn_unused_result))
#define RS_FORMAT(at, first) __attribute__((format(printf, at, first)))

/* Record code and message in err (err may be NULL) and return code, so that `return rs_fail(...)` reads as one word. */
enum rs_status rs_fail(struct rs_error *err, enum rs_status code, const char *format, ...) RS_FORMAT(3, 4);

/* Put "prefix: " before the message that err already holds; returns err->code. */
enum rs_status rs_fail_prefix(struct rs_error *err, const char *format, ...) RS_FORMAT(2, 3);

/* The text of a status, and the exit status the program ends with. */
const char *rs_status_text(enum rs_status status);
int rs_status_exit(enum rs_status status);

#endif
