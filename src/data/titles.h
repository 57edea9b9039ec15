/* titles.h -- the titles of items, from the file that stands beside the ratings.
 *
 * Threads: a table belongs to one thread.
 */
#ifndef RECSCOPE_DATA_TITLES_H
#define RECSCOPE_DATA_TITLES_H

#include "reading.h"

/* How a file of titles is written. A line that names the columns needs no word: no item is called movieId. */
struct rs_titles_form {
    rs_splitter *split;
    char delimiter;
    size_t least; /* fields of a line: id, title, ... */
    const char *shape;
};

struct rs_titles {
    struct rs_text arena;
    size_t *place; /* (items) 1 + where the title of item i begins in the arena; 0: there is none */
};

/* No titles yet, room for those of `items` items. Owns: the caller frees with rs_titles_free. Errors: RS_MEMORY. */
enum rs_status rs_titles_start(struct rs_titles *out, uint32_t items, struct rs_error *err) RS_CHECKED;
enum rs_status rs_titles_add(struct rs_titles *titles, uint32_t item, struct rs_span title,
                             struct rs_error *err) RS_CHECKED;

/* Read titles of the items that have ratings; those of others are ignored, of two for one item the last counts.
 * Owns: the caller frees with rs_titles_free. Errors: RS_DATA with name and line, RS_MEMORY. */
enum rs_status rs_titles_read(struct rs_titles *out, const struct rs_ids *items, struct rs_bytes bytes,
                              const struct rs_titles_form *form, struct rs_error *err) RS_CHECKED;
void rs_titles_free(struct rs_titles *titles);

extern const struct rs_titles_form rs_titles_pipes, rs_titles_colons, rs_titles_csv;

#endif
