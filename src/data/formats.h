/* formats.h -- the forms of rating files: one file per family, one row each in formats.def.
 *
 * Threads: functions on distinct readings are independent.
 */
#ifndef RECSCOPE_DATA_FORMATS_H
#define RECSCOPE_DATA_FORMATS_H

#include "reading.h"
#include "recscope/data/ratings.h"

#define RS_FORMAT_SCALES 2

struct rs_format {
    const char *title;
    /* Whether a file whose first line is this one has the form. The first row of the table that says yes reads it. */
    bool (*sniff)(struct rs_span first_line);
    enum rs_status (*read)(struct rs_reading *reading, struct rs_bytes bytes, struct rs_error *err);
    /* The scales that data of this form have, most likely first; high 0: no more. */
    struct rs_scale scale[RS_FORMAT_SCALES];
};

#define RS_FORMAT_ROW(name) extern const struct rs_format rs_format_##name;
#include "formats.def"
#undef RS_FORMAT_ROW

/* Every row, NULL-terminated. */
extern const struct rs_format *const rs_formats[];

/* Read one more file into the reading. *format = the reader that took it. bytes.name must outlive the reading.
 * Errors: RS_DATA with name and line, RS_MEMORY. */
enum rs_status rs_formats_read(struct rs_reading *reading, struct rs_bytes bytes, const struct rs_format **format,
                               struct rs_error *err) RS_CHECKED;

#endif
