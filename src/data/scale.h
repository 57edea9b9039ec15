/* scale.h -- which ratings the data can have.
 *
 * Threads: functions on distinct data are independent.
 */
#ifndef RECSCOPE_DATA_SCALE_H
#define RECSCOPE_DATA_SCALE_H

#include "formats.h"
#include "recscope/data/ratings.h"

/* wanted: "auto", or "low,high,step" as [data] scale has it.
 * auto: a scale of the format if all values are on it. If fewer than one in a hundred are not (or whatever their share
 * where `certain`, because the files' names say what the data are), those are mistakes and refused. Else the scale is
 * taken from the data: smallest, largest, and the smallest step that leads to all.
 * Errors: RS_DATA with the file and line of the first value outside; RS_PRESET for a scale that is none. */
enum rs_status rs_scale_decide(struct rs_scale *out, const char *wanted, const struct rs_reading *reading,
                               const struct rs_format *format, bool certain, struct rs_error *err) RS_CHECKED;

#endif
