/* wake.h -- a pipe that wakes a poll() loop.
 *
 * The waker sets a pending flag and writes a byte only where the flag was clear, so that thousands of wakes cost one
 * byte. The reader drains the pipe, then clears the flag, then copies what it came for; in any other order the last
 * wake-up can be lost.
 * Threads: rs_wake from any thread; rs_wake_drain from the reader alone.
 */
#ifndef RECSCOPE_BASE_WAKE_H
#define RECSCOPE_BASE_WAKE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "recscope/base/status.h"

struct rs_wake {
    int fd[2]; /* read end, write end; both non-blocking, closed on exec */
    atomic_bool pending;
};

/* A pipe with both ends non-blocking and closed on exec; on error both are -1. */
enum rs_status rs_pipe_open(int fd[2], struct rs_error *err) RS_CHECKED;

enum rs_status rs_wake_open(struct rs_wake *wake, struct rs_error *err) RS_CHECKED;
void rs_wake_close(struct rs_wake *wake);
void rs_wake(struct rs_wake *wake);
/* Drain, then clear. Copy only after it returned. */
void rs_wake_drain(struct rs_wake *wake);

#endif
