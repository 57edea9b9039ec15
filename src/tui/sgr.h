/* sgr.h -- colours that are set though they stand already, taken out of what curses writes.
 *
 * Curses names foreground and background at every change of one of them. Pure functions.
 */
#ifndef RS_TUI_SGR_H
#define RS_TUI_SGR_H

#include <stddef.h>

/* Take out of the bytes, in place, each CSI 38;5;N m and CSI 48;5;N m that sets the colour that is set. What stands
 * before the first one is not known; any other CSI ... m makes it unknown again. Returns the length that is left. */
size_t rs_sgr_squeeze(char *bytes, size_t length);

#endif
