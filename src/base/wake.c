#include "recscope/base/wake.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum rs_status rs_wake_open(struct rs_wake *wake, struct rs_error *err)
{
    atomic_init(&wake->pending, false);
    if (pipe(wake->fd) != 0) {
        wake->fd[0] = wake->fd[1] = -1;
        return rs_fail(err, RS_FAILED, "no pipe to be had: %s", strerror(errno));
    }
    for (int i = 0; i < 2; i++) {
        if (fcntl(wake->fd[i], F_SETFL, O_NONBLOCK) != 0 || fcntl(wake->fd[i], F_SETFD, FD_CLOEXEC) != 0) {
            rs_wake_close(wake);
            return rs_fail(err, RS_FAILED, "a pipe cannot be made non-blocking: %s", strerror(errno));
        }
    }
    return RS_OK;
}

void rs_wake_close(struct rs_wake *wake)
{
    for (int i = 0; i < 2; i++) {
        if (wake->fd[i] >= 0)
            close(wake->fd[i]);
        wake->fd[i] = -1;
    }
}

void rs_wake(struct rs_wake *wake)
{
    if (atomic_exchange(&wake->pending, true))
        return;
    int kept = errno; /* a signal handler may be calling */
    ssize_t written = write(wake->fd[1], "", 1);
    (void)written; /* a full pipe is awake already */
    errno = kept;
}

void rs_wake_drain(struct rs_wake *wake)
{
    char bytes[16];
    while (read(wake->fd[0], bytes, sizeof bytes) > 0)
        ;
    atomic_store(&wake->pending, false);
}
