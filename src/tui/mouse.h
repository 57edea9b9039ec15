/* mouse.h -- what terminals send about the mouse, decoded. Pure.
 *
 * Two forms follow their introducers, which curses recognises as keys: of ESC [ <, "button;column;row" in decimal and
 * then M (press, motion) or m (release); of ESC [ M, three characters, each 32 more than the number. The button has the
 * modifiers in bits 2, 3 and 4, motion in bit 5, the wheel in bit 6. Source: xterm, Control Sequences, "Mouse
 * Tracking".
 */
#ifndef RS_TUI_MOUSE_H
#define RS_TUI_MOUSE_H

#include <stdbool.h>
#include <stdint.h>

struct rs_mouse {
    int row, column;
    enum rs_mouse_kind { RS_MOUSE_PRESS, RS_MOUSE_RELEASE, RS_MOUSE_DRAG, RS_MOUSE_WHEEL_UP, RS_MOUSE_WHEEL_DOWN } kind;
};

enum rs_mouse_form { RS_MOUSE_NONE, RS_MOUSE_DECIMAL, RS_MOUSE_CHARACTERS };

/* A report may come in pieces: form is RS_MOUSE_NONE once nothing more is awaited. */
struct rs_mouse_reader {
    enum rs_mouse_form form;
    int count;     /* of numbers that are whole */
    int number[3]; /* button, column, row */
};

void rs_mouse_begin(struct rs_mouse_reader *reader, enum rs_mouse_form form);

/* Take the next character of a report. true: it is whole, and *out has an event of the first button or the wheel. */
bool rs_mouse_take(struct rs_mouse_reader *reader, uint32_t character, struct rs_mouse *out);

#endif
