#include "mouse.h"

#define LARGEST    9999 /* row or column; more is no report */
#define BUTTON     3    /* bits of the first three buttons; all of them: released, in the form that cannot say which */
#define MOTION     32
#define WHEEL      64
#define FURTHER    128 /* buttons 8 to 11 */
#define CHARACTERS 32  /* what is added to each number */

void rs_mouse_begin(struct rs_mouse_reader *reader, enum rs_mouse_form form)
{
    *reader = (struct rs_mouse_reader){.form = form};
}

static bool finish(struct rs_mouse_reader *reader, bool release, struct rs_mouse *out)
{
    int code = reader->number[0];
    int button = code & BUTTON;
    reader->form = RS_MOUSE_NONE;
    *out = (struct rs_mouse){.row = reader->number[2] - 1, .column = reader->number[1] - 1};
    if (out->row < 0 || out->column < 0 || code & FURTHER)
        return false;
    if (code & WHEEL) {
        out->kind = button == 0 ? RS_MOUSE_WHEEL_UP : RS_MOUSE_WHEEL_DOWN;
        return button <= 1 && !release;
    }
    if (release || button == BUTTON) {
        out->kind = RS_MOUSE_RELEASE;
        return !(code & MOTION) && (button == 0 || button == BUTTON);
    }
    out->kind = code & MOTION ? RS_MOUSE_DRAG : RS_MOUSE_PRESS;
    return button == 0;
}

static bool take_decimal(struct rs_mouse_reader *reader, uint32_t character, struct rs_mouse *out)
{
    int *number = &reader->number[reader->count];
    if (character >= '0' && character <= '9' && *number <= LARGEST) {
        *number = *number * 10 + (int)(character - '0');
        return false;
    }
    if (character == ';' && reader->count < 2) {
        reader->count++;
        return false;
    }
    if ((character == 'M' || character == 'm') && reader->count == 2)
        return finish(reader, character == 'm', out);
    reader->form = RS_MOUSE_NONE;
    return false;
}

bool rs_mouse_take(struct rs_mouse_reader *reader, uint32_t character, struct rs_mouse *out)
{
    if (reader->form == RS_MOUSE_DECIMAL)
        return take_decimal(reader, character, out);
    if (reader->form == RS_MOUSE_NONE)
        return false;
    reader->number[reader->count++] = (int)(character & 0xFF) - CHARACTERS;
    return reader->count == 3 && finish(reader, false, out);
}
