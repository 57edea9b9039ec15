#include "outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "recscope/base/clock.h"
#include "recscope/base/memory.h"
#include "sgr.h"

#define MARK_BEGIN   "\033[?2026h"
#define NAME_SIZE    256
#define LAST_SECONDS 1.0

/* Another opening of the same terminal: not to wait is a property of the opening, and the shell's must not have it. */
static int open_again(int terminal)
{
    char name[NAME_SIZE];
    if (ttyname_r(terminal, name, sizeof name) != 0)
        return -1;
    return open(name, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
}

void rs_outlet_open(struct rs_outlet *outlet, int terminal, int curses, bool synchronised)
{
    *outlet = (struct rs_outlet){.terminal = terminal,
                                 .own = open_again(terminal),
                                 .curses = curses,
                                 .file = tmpfile(),
                                 .synchronised = synchronised};
}

void rs_outlet_close(struct rs_outlet *outlet)
{
    rs_outlet_finish(outlet);
    if (outlet->own >= 0)
        close(outlet->own);
    if (outlet->file)
        fclose(outlet->file);
    rs_free(outlet->bytes);
    *outlet = (struct rs_outlet){.own = -1};
}

/* Room for so many more bytes; false: there is none. */
static bool make_room(struct rs_outlet *outlet, size_t more)
{
    struct rs_error err;
    size_t needed = outlet->length + more;
    if (needed <= outlet->capacity)
        return true;
    size_t capacity = needed + needed / 2;
    if (rs_grow(&outlet->bytes, outlet->capacity, capacity, 1, &err) != RS_OK)
        return false;
    outlet->capacity = capacity;
    return true;
}

void rs_outlet_say(struct rs_outlet *outlet, const char *text)
{
    size_t length = strlen(text);
    if (!make_room(outlet, length))
        return;
    memcpy(outlet->bytes + outlet->length, text, length);
    outlet->length += length;
    rs_outlet_flush(outlet);
}

void rs_outlet_begin(struct rs_outlet *outlet)
{
    if (outlet->file)
        dup2(fileno(outlet->file), outlet->curses);
}

/* The collected bytes, `size` of them, go behind those that are leaving. Returns whether there was room. */
static bool collect(struct rs_outlet *outlet, size_t size)
{
    const size_t marks = outlet->synchronised ? strlen(MARK_BEGIN) : 0;
    if (!make_room(outlet, size + 2 * marks))
        return false;
    char *to = outlet->bytes + outlet->length;
    memcpy(to, MARK_BEGIN, marks);
    ssize_t got = pread(fileno(outlet->file), to + marks, size, 0);
    if (got != (ssize_t)size)
        return false;
    size = rs_sgr_squeeze(to + marks, size);
    memcpy(to + marks + size, RS_OUTLET_MARK_END, marks);
    outlet->length += size + 2 * marks;
    return true;
}

bool rs_outlet_end(struct rs_outlet *outlet)
{
    if (!outlet->file)
        return true;
    off_t size = lseek(fileno(outlet->file), 0, SEEK_CUR);
    dup2(outlet->terminal, outlet->curses);
    bool whole = size >= 0 && (size == 0 || collect(outlet, (size_t)size));
    if (!whole || lseek(fileno(outlet->file), 0, SEEK_SET) < 0) { /* no memory, no disk: from now on without */
        fclose(outlet->file);
        outlet->file = NULL;
    }
    rs_outlet_flush(outlet);
    return whole;
}

bool rs_outlet_flush(struct rs_outlet *outlet)
{
    int to = outlet->own >= 0 ? outlet->own : outlet->terminal;
    while (outlet->sent < outlet->length) {
        ssize_t sent = write(to, outlet->bytes + outlet->sent, outlet->length - outlet->sent);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && errno == EAGAIN)
            return false;
        if (sent <= 0)
            break; /* the terminal is gone: the loop hears of that by itself */
        outlet->sent += (size_t)sent;
    }
    outlet->length = outlet->sent = 0;
    return true;
}

void rs_outlet_finish(struct rs_outlet *outlet)
{
    double end = rs_clock_seconds() + LAST_SECONDS;
    while (!rs_outlet_flush(outlet) && rs_clock_seconds() < end) {
        struct pollfd fd = {outlet->own, POLLOUT, 0};
        poll(&fd, 1, 50);
    }
    outlet->length = outlet->sent = 0;
}

/* Source: the documentation of these programs. tmux and screen pass the name of what they run in on, and are none of
 * them: a program counts only where TERM is one that it gives itself. */
bool rs_outlet_synchronises(const char *term, const char *program)
{
    static const char *const terms[] = {"alacritty", "contour",       "foot",       "rio",
                                        "wezterm",   "xterm-ghostty", "xterm-kitty"};
    static const char *const programs[] = {"WezTerm", "contour", "ghostty", "iTerm.app", "mintty", "rio"};
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
        if (strncmp(term, terms[i], strlen(terms[i])) == 0)
            return true;
    if (!program || strncmp(term, "xterm", 5) != 0)
        return false;
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        if (strcmp(program, programs[i]) == 0)
            return true;
    return false;
}
