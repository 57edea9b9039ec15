#include "layout.h"

#include "big.h"

#define ABOVE        2 /* title, equation */
#define COACH        2 /* what is happening, and what is offered */
#define BELOW        5 /* progress, speed, quality, message, footer */
#define NARROW_FORM  32
#define WIDE_FORM    44
#define WIDE_COLUMNS 110
#define VAST_FORM    56
#define VAST_COLUMNS 180
#define VAST_ROWS    50

/* For a room: title, figures (their names above them), chart, coach, message, footer. */
static struct rs_layout for_projector(int rows, int columns)
{
    int scale = columns >= VAST_COLUMNS && rows >= VAST_ROWS ? 2 : 1;
    int big = 1 + RS_BIG_ROWS * scale;
    int row = rows - 2 - COACH;
    return (struct rs_layout){
        .fits = true,
        .body = {1, 0, rows - 3, columns},
        .title = {0, 0, 1, columns},
        .big = {1, 0, big, columns},
        .chart = {1 + big, 0, row - 1 - big, columns},
        .coach = {row, 0, COACH, columns},
        .message = {rows - 2, 0, 1, columns},
        .footer = {rows - 1, 0, 1, columns},
    };
}

struct rs_layout rs_layout_of(int rows, int columns, bool projector)
{
    if (rows < RS_LEAST_ROWS || columns < RS_LEAST_COLUMNS)
        return (struct rs_layout){.fits = false};
    if (projector)
        return for_projector(rows, columns);
    int form = columns >= VAST_COLUMNS ? VAST_FORM : columns >= WIDE_COLUMNS ? WIDE_FORM : NARROW_FORM;
    int height = rows - ABOVE - BELOW - COACH;
    int row = rows - BELOW;
    return (struct rs_layout){
        .fits = true,
        .body = {1, 0, rows - 3, columns},
        .title = {0, 0, 1, columns},
        .equation = {1, 0, 1, columns},
        .form = {ABOVE, 0, height, form},
        .rule = {ABOVE, form, height, 1},
        .chart = {ABOVE, form + 1, height, columns - form - 1},
        .coach = {row - COACH, 0, COACH, columns},
        .progress = {row, 0, 1, columns},
        .speed = {row + 1, 0, 1, columns},
        .quality = {row + 2, 0, 1, columns},
        .message = {row + 3, 0, 1, columns},
        .footer = {row + 4, 0, 1, columns},
    };
}

bool rs_rect_holds(const struct rs_rect *rect, int row, int column)
{
    return row >= rect->row && row < rect->row + rect->rows && column >= rect->column &&
           column < rect->column + rect->columns;
}
