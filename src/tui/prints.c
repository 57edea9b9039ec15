#include "prints.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "recscope/base/wake.h"

/* A sanitizer reports with its last breath: nobody would read the pipe after that. Only instrumented programs have it.
 */
void __sanitizer_set_report_fd(void *fd) __attribute__((weak)); /* NOLINT(bugprone-reserved-identifier) */

static void tell_sanitizer(int fd)
{
    if (__sanitizer_set_report_fd)
        __sanitizer_set_report_fd((void *)(intptr_t)fd); /* NOLINT(performance-no-int-to-ptr) */
}

enum rs_status rs_prints_take(struct rs_prints *prints, struct rs_error *err)
{
    enum rs_status status = rs_pipe_open(prints->pipe, err);
    if (status != RS_OK)
        return status;
    fflush(stdout);
    atomic_store(&prints->kept_length, 0);
    prints->output = dup(STDOUT_FILENO);
    prints->error = isatty(STDERR_FILENO) ? dup(STDERR_FILENO) : -1;
    bool taken = prints->output >= 0 && dup2(prints->pipe[1], STDOUT_FILENO) >= 0;
    if (taken && prints->error >= 0)
        taken = dup2(prints->pipe[1], STDERR_FILENO) >= 0;
    if (taken && prints->error >= 0)
        tell_sanitizer(prints->error);
    if (taken)
        return RS_OK;
    status = rs_fail(err, RS_IO, "standard output cannot be set aside: %s", strerror(errno));
    rs_prints_give_back(prints);
    return status;
}

/* What nobody has read is not lost: it stands on the terminal behind the screen. */
static void pass_on(struct rs_prints *prints)
{
    char text[4096];
    for (size_t length = 1; length > 0;) {
        length = rs_prints_read(prints, text, sizeof text);
        ssize_t ignored = write(prints->error >= 0 ? prints->error : STDERR_FILENO, text, length);
        (void)ignored;
    }
}

void rs_prints_give_back(struct rs_prints *prints)
{
    fflush(stdout);
    pass_on(prints);
    if (prints->output >= 0) {
        dup2(prints->output, STDOUT_FILENO);
        close(prints->output);
    }
    if (prints->error >= 0) {
        tell_sanitizer(STDERR_FILENO);
        dup2(prints->error, STDERR_FILENO);
        close(prints->error);
    }
    close(prints->pipe[0]);
    close(prints->pipe[1]);
    prints->output = prints->error = -1;
}

size_t rs_prints_read(struct rs_prints *prints, char *out, size_t size)
{
    ssize_t got = read(prints->pipe[0], out, size - 1);
    size_t length = got > 0 ? (size_t)got : 0;
    out[length] = '\0';
    if (length > 0) {
        size_t kept = length < RS_PRINTS_KEPT ? length : RS_PRINTS_KEPT;
        atomic_store(&prints->kept_length, 0);
        memcpy(prints->kept, out + length - kept, kept);
        atomic_store(&prints->kept_length, kept);
    }
    return length;
}
