/* outlet.h -- frames on their way to the terminal: what curses writes during a frame is collected, and leaves in one
 * piece, as fast as the terminal takes it.
 *
 * Curses writes at every movement of the cursor, some hundred times a frame, and waits where the terminal takes
 * nothing. So its descriptor leads into a file while it paints; then the whole frame is written by one call that does
 * not wait. What is left over goes once poll() says that the terminal takes more. Where there is no room for such a
 * file, or the terminal has no name to be opened by, curses writes straight to it, or the call may wait. Threads: main
 * thread.
 */
#ifndef RS_TUI_OUTLET_H
#define RS_TUI_OUTLET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "recscope/base/status.h"

struct rs_outlet {
    int terminal; /* what the frames go to */
    int own;      /* the same, not waiting; -1: it could not be opened */
    int curses;   /* the descriptor that curses writes to */
    FILE *file;   /* NULL: nothing is collected */
    char *bytes;  /* (length) of which the first `sent` have left */
    size_t length, sent, capacity;
    bool synchronised; /* the terminal shows what stands between two marks at once */
};

/* Borrows both descriptors until rs_outlet_close. */
void rs_outlet_open(struct rs_outlet *outlet, int terminal, int curses, bool synchronised);

/* What is left over has a second to leave; the rest is lost. */
void rs_outlet_close(struct rs_outlet *outlet);

/* Around what curses writes. A frame that ends while another is leaving goes behind it. false: it was lost. */
void rs_outlet_begin(struct rs_outlet *outlet);
bool rs_outlet_end(struct rs_outlet *outlet);

/* Behind what is leaving. */
void rs_outlet_say(struct rs_outlet *outlet, const char *text);

/* Go on; true: everything has left. */
bool rs_outlet_flush(struct rs_outlet *outlet);

/* Wait for that, a second at most. */
void rs_outlet_finish(struct rs_outlet *outlet);

/* Whether a terminal with this TERM and TERM_PROGRAM (NULL: not set) is known for synchronised output. */
bool rs_outlet_synchronises(const char *term, const char *program);

/* The end of a synchronised frame, for a terminal that was left in the middle of one. */
#define RS_OUTLET_MARK_END "\033[?2026l"

#endif
