/* capture.h -- what was painted, read back: as text, as text with colours, as a picture.
 *
 * Threads: main thread, between rs_terminal_start and rs_terminal_stop.
 */
#ifndef RS_TUI_CAPTURE_H
#define RS_TUI_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "recscope/base/text.h"

/* The screen as lines without blanks at their ends. */
enum rs_status rs_capture_text(struct rs_text *out, struct rs_error *err) RS_CHECKED;
/* The same with the escape sequences that give it its colours and weights again. */
enum rs_status rs_capture_ansi(struct rs_text *out, struct rs_error *err) RS_CHECKED;
/* Draw it into a .svg or .png file. light: the colours that the terminal itself would choose are dark on light. */
enum rs_status rs_capture_picture(const char *path, bool light, struct rs_error *err) RS_CHECKED;

/* Whether some row has that text in it. */
bool rs_capture_shows(const char *text);

#endif
