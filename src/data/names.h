/* names.h -- tables of texts that are safe to show.
 *
 * Threads: functions on distinct tables are independent.
 */
#ifndef RECSCOPE_DATA_NAMES_H
#define RECSCOPE_DATA_NAMES_H

#include "recscope/base/text.h"
#include "recscope/data/ratings.h"

/* Text i, or NULL where there is none. */
typedef const char *rs_name_source(const void *context, uint32_t index);

/* A table of `count` texts, in one block. What is no UTF-8 is taken for Latin-1; control characters become '?'.
 * Owns: the caller frees with rs_names_free. Errors: RS_MEMORY. */
enum rs_status rs_names_make(struct rs_names *out, uint32_t count, rs_name_source *source, const void *context,
                             struct rs_error *err) RS_CHECKED;
/* The texts one behind the other, each with a NUL, in a form that rs_names_link takes apart. Errors: RS_MEMORY. */
enum rs_status rs_names_pack(struct rs_text *out, const struct rs_names *names, struct rs_error *err) RS_CHECKED;

/* A table with room for packed texts of `bytes` bytes, which go to *packed; rs_names_link then finds them there, and
 * says whether they are `count` texts. Owns: the caller frees with rs_names_free. Errors: RS_MEMORY. */
enum rs_status rs_names_room(struct rs_names *out, char **packed, uint32_t count, size_t bytes,
                             struct rs_error *err) RS_CHECKED;
bool rs_names_link(struct rs_names *names, char *packed, size_t bytes) RS_CHECKED;

void rs_names_free(struct rs_names *names);

#endif
