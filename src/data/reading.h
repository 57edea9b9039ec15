/* reading.h -- what a format reader needs: lines, fields, and the triples it fills.
 *
 * Readers are pure functions of bytes: a file's name is only for messages.
 * Threads: a reading belongs to one thread.
 */
#ifndef RECSCOPE_DATA_READING_H
#define RECSCOPE_DATA_READING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ids.h"
#include "recscope/base/hash.h"
#include "recscope/base/pool.h"
#include "recscope/base/status.h"
#include "recscope/base/text.h"

#define RS_ID_LONGEST  1024 /* bytes */
#define RS_FIELDS_MOST 64   /* columns of a line that are looked at */
#define RS_FILES_MOST  3    /* train, eval, test */

/* A stretch of bytes that somebody else owns; no NUL behind it. */
struct rs_span {
    const char *text;
    size_t length;
};

/* Bytes with the name that messages give them; a NUL stands behind them. */
struct rs_bytes {
    const char *name;
    const char *text;
    size_t length;
};

struct rs_lines {
    const char *at;
    const char *end;
    uint64_t number; /* of the line last given, from 1 */
};

/* Lines end with LF or CRLF; the last may lack it. A UTF-8 byte order mark in front is skipped. */
struct rs_lines rs_lines_start(const char *text, size_t length);
bool rs_lines_next(struct rs_lines *lines, struct rs_span *line);

struct rs_fields {
    struct rs_span field[RS_FIELDS_MOST];
    size_t count;           /* all of them, also those beyond RS_FIELDS_MOST */
    struct rs_text scratch; /* where doubled quotes are undone */
};

/* Cut a line into fields. delimiter is for splitters that take one. Errors: a text in *mistake, NULL where there is
 * none; RS_MEMORY. */
typedef enum rs_status rs_splitter(struct rs_fields *fields, struct rs_span line, char delimiter, const char **mistake,
                                   struct rs_error *err);
rs_splitter rs_split_character; /* at each delimiter */
rs_splitter rs_split_colons;    /* at each "::" */
rs_splitter rs_split_blanks;    /* at runs of blanks and tabs */
rs_splitter rs_split_csv;       /* at each delimiter outside quotes */

#define RS_NO_COLUMN SIZE_MAX

/* Where a line's fields stand. */
struct rs_columns {
    size_t user, item, rating;
    size_t time;        /* RS_NO_COLUMN: there is none */
    size_t least, most; /* fields of a line; the first line decides among them */
    const char *shape;  /* what a line looks like, for messages */
    rs_splitter *split;
    char delimiter;
};

/* Triples as they were read, files one behind the other. */
struct rs_reading {
    struct rs_ids users, items;
    uint64_t count, capacity;
    uint32_t *user, *item;
    float *value;
    int64_t *time;        /* seconds since 1970, 0 where the file has none; NULL unless dated */
    uint32_t *line;       /* of the files that have no first_line; NULL while there is none */
    bool dated;           /* times are kept; else they are only checked */
    bool untimed;         /* a file without times was read */
    bool in_order;        /* users and items keep the order in which they were met */
    bool unnumbered;      /* ids other than plain small numbers were met */
    struct rs_pool *pool; /* for large files; NULL: all on the caller */
    struct rs_hash *hash; /* gets the bytes of each file; NULL: nobody wants that */
    /* The files, in the order they were read; names are the caller's. */
    struct {
        const char *name;
        uint64_t end;        /* triples of this file and those before it */
        uint64_t first_line; /* of the first triple, where each line after it holds one; 0: see `line` */
    } file[RS_FILES_MOST];
    size_t files;
};

/* The number of the file that triple n was read from, and its name. */
uint8_t rs_reading_file(const struct rs_reading *reading, uint64_t n);
const char *rs_reading_name(const struct rs_reading *reading, uint64_t n);

/* The line in its file that triple n was read from. */
uint64_t rs_reading_line(const struct rs_reading *reading, uint64_t n);

/* Room for `count` triples in all. Errors: RS_MEMORY. */
enum rs_status rs_reading_room(struct rs_reading *reading, uint64_t count, bool lines, struct rs_error *err) RS_CHECKED;

/* Forget the triples and keep what numbers and ids say about them; they can be read no more. */
void rs_reading_release(struct rs_reading *reading);

/* Read the rest of the lines of `whole` as ratings: all at once where they are plain numbers, else one by one.
 * Errors: RS_DATA "name:line: what is wrong: what would be right", RS_MEMORY. */
enum rs_status rs_reading_lines(struct rs_reading *reading, struct rs_bytes whole, struct rs_lines *lines,
                                const struct rs_columns *columns, struct rs_error *err) RS_CHECKED;

/* One more triple, from no file. user and item were numbered by rs_ids_add. Errors: RS_MEMORY. */
enum rs_status rs_reading_add(struct rs_reading *reading, uint32_t user, uint32_t item, float value, int64_t time,
                              struct rs_error *err) RS_CHECKED;

void rs_reading_free(struct rs_reading *reading);

/* A field as a message may show it: no control characters, not too long. */
#define RS_SHOWN_SIZE 48
void rs_span_show(char out[RS_SHOWN_SIZE], struct rs_span span);

/* One finite number that a float holds. */
bool rs_span_number(struct rs_span span, float *out);

/* The span without blanks and tabs at its ends. */
struct rs_span rs_span_trim(struct rs_span span);

#endif
