/* big.h -- figures that are read from the last row of a room: digits of 3 x 5 dots, magnified. Pure. */
#ifndef RS_TUI_BIG_H
#define RS_TUI_BIG_H

#include <stdbool.h>

#define RS_BIG_ROWS 5 /* of dots */

/* Dots across: digits, '+', '-', '.' and '/'; anything else is a blank. A dot is scale rows by
 * scale + 1 columns, one cell where scale is 1. */
int rs_big_columns(const char *text, int scale);

/* Whether the cell at row (below RS_BIG_ROWS * scale) and column (below rs_big_columns) is filled. */
bool rs_big_cell(const char *text, int scale, int row, int column);

#endif
