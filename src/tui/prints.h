/* prints.h -- standard output and standard error while the screen is ours: what is printed there is kept from the
 * terminal, and can be read. A print never waits: what does not fit into the pipe is lost.
 *
 * Threads: taken and given back on the main thread; anyone may print.
 */
#ifndef RS_TUI_PRINTS_H
#define RS_TUI_PRINTS_H

#include <stdatomic.h>
#include <stddef.h>

#include "recscope/base/status.h"

#define RS_PRINTS_KEPT 1024

struct rs_prints {
    int pipe[2];
    int output, error; /* the true ones; error -1: it was no terminal, and is left as it is */
    /* What was read last, for whoever tells how the program died: an assertion speaks on one thread, and another may
     * have read it before the first is killed. Bytes beyond the length are not settled. */
    char kept[RS_PRINTS_KEPT];
    atomic_size_t kept_length;
};

/* Errors: RS_IO, and nothing has changed. */
enum rs_status rs_prints_take(struct rs_prints *prints, struct rs_error *err) RS_CHECKED;
void rs_prints_give_back(struct rs_prints *prints);

/* What was printed since the last call, with a NUL behind it; returns its length, 0: nothing. */
size_t rs_prints_read(struct rs_prints *prints, char *out, size_t size);

#endif
