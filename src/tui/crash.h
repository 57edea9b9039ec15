/* crash.h -- what is done when the program is killed by a mistake of its own: the terminal is given back, then the
 * reason is printed, then the signal takes its course.
 *
 * The handler runs on whichever thread crashed, in whatever state the program is: it only writes bytes that were
 * prepared before, and restores modes that were read before.
 * Threads: main thread, except the handler. One plan at a time.
 */
#ifndef RS_TUI_CRASH_H
#define RS_TUI_CRASH_H

#include <stddef.h>
#include <termios.h>

#include "prints.h"

struct rs_crash_plan {
    int terminal;                   /* descriptor of the terminal; -1: there is none to give back */
    int report;                     /* descriptor that the reason is written to */
    const struct rs_prints *prints; /* what was printed meanwhile goes to the report, too; NULL: there is nothing */
    struct termios before;          /* modes of the terminal */
    char restore[256];              /* (restore_length) what it is sent first */
    size_t restore_length;
};

/* From now on until rs_crash_forget. Borrows the prints. */
void rs_crash_prepare(const struct rs_crash_plan *plan);
void rs_crash_forget(void);

/* Where the run is kept, for the report; "": nowhere yet. */
void rs_crash_note_run(const char *folder);

#endif
