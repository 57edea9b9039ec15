/* quick.h -- the numeric forms, read by all processors.
 *
 * Threads: a reading belongs to one thread, which lends it to the threads of its pool while this runs.
 */
#ifndef RECSCOPE_DATA_QUICK_H
#define RECSCOPE_DATA_QUICK_H

#include "reading.h"

/* Read the rest of the lines, if each is a plain one: user, item, rating and perhaps a time in this order with single
 * delimiters between; ids are whole numbers without leading zeros, below a bound that depends on the number of lines;
 * no blanks, quotes or empty lines. *done: they were, and the reading is what a line by line reading makes of them.
 * Else it is as it was. reading->hash gets `whole` meanwhile, done or not, and is forgotten. Errors: RS_MEMORY. */
enum rs_status rs_quick_lines(struct rs_reading *reading, struct rs_bytes whole, struct rs_lines lines,
                              const struct rs_columns *columns, bool *done, struct rs_error *err) RS_CHECKED;

#endif
