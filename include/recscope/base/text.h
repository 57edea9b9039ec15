/* text.h -- growing text, strict numbers, and the nearest name for a typing mistake.
 *
 * Threads: an rs_text belongs to one thread. Numbers are read and written in the C locale: the program never sets
 * LC_NUMERIC.
 */
#ifndef RECSCOPE_BASE_TEXT_H
#define RECSCOPE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recscope/base/status.h"

struct rs_text {
    char *data;      /* NUL-terminated once anything was added; free with rs_text_free */
    size_t length;   /* bytes, without the NUL */
    size_t capacity; /* bytes */
};

enum rs_status rs_text_add(struct rs_text *text, struct rs_error *err, const char *format, ...) RS_CHECKED
    RS_FORMAT(3, 4);
enum rs_status rs_text_add_bytes(struct rs_text *text, const char *bytes, size_t length,
                                 struct rs_error *err) RS_CHECKED;
void rs_text_free(struct rs_text *text);

/* The whole of `text` is one finite number / one whole number in range. No blanks, no rest. */
bool rs_parse_number(const char *text, double *out);
bool rs_parse_integer(const char *text, int64_t low, int64_t high, int64_t *out);

/* "120x40": columns and rows, both 1 .. 1000. */
bool rs_parse_size(const char *text, int *columns, int *rows);

/* The shortest decimal that reads back as exactly the same double (float for the second). */
#define RS_NUMBER_SIZE 32
void rs_format_number(char out[RS_NUMBER_SIZE], double value);
void rs_format_float(char out[RS_NUMBER_SIZE], float value);

/* The name nearest to `text` by edit distance, NULL where none is near enough to be meant. names: count entries. */
const char *rs_nearest_name(const char *text, const char *const *names, size_t count);

/* true if `part` stands in `text`; capitals and small letters (of ASCII) are alike. */
bool rs_contains(const char *text, const char *part);

/* Copy with truncation, always NUL-terminated; false when it did not fit. */
bool rs_copy_string(char *out, size_t size, const char *text);

/* The UTF-8 of a code point; returns its length, 1 .. 4. */
size_t rs_utf8_encode(char out[4], uint32_t point);

/* There is something before the ending, and the ending. */
bool rs_ends_in(const char *text, const char *ending);

/* true if the bytes are well-formed UTF-8. */
bool rs_is_utf8(const char *bytes, size_t length);

#endif
