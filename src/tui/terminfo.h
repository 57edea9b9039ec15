/* terminfo.h -- what the terminal can do. Apart from the rest, because <term.h> makes macros of words as `columns`. */
#ifndef RS_TUI_TERMINFO_H
#define RS_TUI_TERMINFO_H

#include <stdbool.h>

/* Look a terminal up by its name, for this descriptor; false: it is unknown. */
bool rs_terminfo_load(const char *name, int descriptor);

/* Forget it again: a screen of curses has a description of its own. */
void rs_terminfo_drop(void);

/* The bytes of a capability by its terminfo name ("cup"); NULL: it has none. */
const char *rs_terminfo_text(const char *name);

#endif
