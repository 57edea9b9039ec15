/* layout.h -- where everything stands: a pure function of the terminal's size and of who looks. */
#ifndef RS_TUI_LAYOUT_H
#define RS_TUI_LAYOUT_H

#include <stdbool.h>

#define RS_LEAST_ROWS    24
#define RS_LEAST_COLUMNS 80

struct rs_rect {
    int row, column, rows, columns;
};

/* That cell lies in the rectangle. */
bool rs_rect_holds(const struct rs_rect *rect, int row, int column);

struct rs_layout {
    bool fits;           /* else nothing below is set */
    struct rs_rect body; /* of a screen that cuts it up itself */
    struct rs_rect title, equation, form, rule, chart, coach, progress, speed, quality, message, footer;
    struct rs_rect big; /* figures of a projector */
};

/* projector: as a room sees it; form, rule, equation, progress, speed and quality are then empty, else big is. */
struct rs_layout rs_layout_of(int rows, int columns, bool projector);

#endif
