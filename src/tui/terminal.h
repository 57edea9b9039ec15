/* terminal.h -- the terminal itself: taken, given back, its size, its signals and its keys.
 *
 * Handlers only note the signal and wake the loop, whichever thread they land on; those of a crash give the terminal
 * back with bytes prepared beforehand and let the signal take its course.
 * Threads: main thread. One terminal at a time.
 */
#ifndef RS_TUI_TERMINAL_H
#define RS_TUI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mouse.h"
#include "palette.h"
#include "recscope/base/status.h"

struct rs_terminal {
    int rows, columns;
    bool detached;
    bool utf8;
    bool blocks_only; /* the Linux console: its font has no braille */
    int colors;       /* 0, 8, 16 or 256 */
};

/* What a key is: a code point, or one of these, which lie beyond Unicode. */
enum rs_key {
    RS_KEY_NONE = 0,
    RS_KEY_TAB = '\t',
    RS_KEY_ENTER = '\r',
    RS_KEY_ESCAPE = 27,
    RS_KEY_ERASE = 127,
    RS_KEY_UP = 0x110000,
    RS_KEY_DOWN,
    RS_KEY_LEFT,
    RS_KEY_RIGHT,
    RS_KEY_HOME,
    RS_KEY_END,
    RS_KEY_PAGE_UP,
    RS_KEY_PAGE_DOWN,
    RS_KEY_DELETE,
    RS_KEY_BACK_TAB,
    RS_KEY_MOUSE, /* rs_terminal_mouse has what it did */
    RS_KEY_OTHER
};

struct rs_terminal_wish {
    bool colors; /* use them where the terminal has any */
    enum rs_theme theme;
    bool detached;     /* no terminal: the screen is kept, and nobody sees it */
    int rows, columns; /* of a detached one */
};

/* Errors: RS_USAGE, RS_IO. */
enum rs_status rs_terminal_start(struct rs_terminal *out, const struct rs_terminal_wish *wish,
                                 struct rs_error *err) RS_CHECKED;
void rs_terminal_stop(void);

/* For poll(): readable when a signal arrived. */
int rs_terminal_signal_fd(void);

/* Deal with what arrived: a new size, Ctrl-Z and its return. Returns the number of a signal that ends the program, or
 * 0. */
int rs_terminal_signals(struct rs_terminal *terminal);

/* The next key; RS_KEY_NONE when there is none now. */
uint32_t rs_terminal_key(void);

/* What the mouse did, after RS_KEY_MOUSE. */
struct rs_mouse rs_terminal_mouse(void);

/* Have the mouse's events sent, or leave them to the terminal, which selects text with them. false: it sends none. */
bool rs_terminal_capture_mouse(bool on);

/* Whether the last frame has left: only then is the next one painted. A slow link may take its time. */
bool rs_terminal_is_ready(void);
/* For poll() until then: writable when the terminal takes more. */
int rs_terminal_frame_fd(void);

/* For poll(): readable when somebody printed to standard output or error meanwhile; -1 where nothing is set aside. */
int rs_terminal_print_fd(void);
/* What that was, with a NUL behind it; returns its length. */
size_t rs_terminal_prints(char *out, size_t size);

/* For poll(): where keys come from; -1 where there is no terminal. */
int rs_terminal_key_fd(void);

/* Another size of a detached terminal; on a real one its own size stays. */
void rs_terminal_resize(struct rs_terminal *terminal, int rows, int columns);

/* Show what was painted. */
void rs_terminal_show(void);

/* The next frame paints every cell anew. */
void rs_terminal_repaint(void);

#endif
