#include "recscope/base/wake.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum rs_status rs_pipe_open(int fd[2], struct rs_error *err)
{
    if (pipe(fd) != 0) {
        fd[0] = fd[1] = -1;
        return rs_fail(err, RS_FAILED, "no pipe to be had: %s", strerror(errno));
    }
    for (int i = 0; i < 2; i++) {
        if (fcntl(fd[i], F_SETFL, O_NONBLOCK) != 0 || fcntl(fd[i], F_SETFD, FD_CLOEXEC) != 0) {
            enum rs_status status = rs_fail(err, RS_FAILED, "a pipe cannot be made non-blocking: %s", strerror(errno));
            close(fd[0]);
            close(fd[1]);
            fd[0] = fd[1] = -1;
            return status;
        }
    }
    return RS_OK;
}

enum rs_status rs_wake_open(struct rs_wake *wake, struct rs_error *err)
{
    atomic_init(&wake->pending, false);
    return rs_pipe_open(wake->fd, err);
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
    ssize_t written = write(wake->fd[1], "", 1);
    (void)written; /* a full pipe is awake already */
}

void rs_wake_drain(struct rs_wake *wake)
{
    char bytes[16];
    while (read(wake->fd[0], bytes, sizeof bytes) > 0)
        ;
    atomic_store(&wake->pending, false);
}
