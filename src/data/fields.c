/* Lines and their fields. */
#include <string.h>

#include "reading.h"

struct rs_lines rs_lines_start(const char *text, size_t length)
{
    bool marked = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;
    return (struct rs_lines){text + (marked ? 3 : 0), text + length, 0};
}

bool rs_lines_next(struct rs_lines *lines, struct rs_span *line)
{
    if (lines->at == lines->end)
        return false;
    size_t left = (size_t)(lines->end - lines->at);
    const char *newline = memchr(lines->at, '\n', left);
    size_t length = newline ? (size_t)(newline - lines->at) : left;
    *line = (struct rs_span){lines->at, length};
    lines->at += length + (newline ? 1 : 0);
    lines->number++;
    if (length > 0 && line->text[length - 1] == '\r')
        line->length--;
    return true;
}

static void add_field(struct rs_fields *fields, const char *text, size_t length)
{
    if (fields->count < RS_FIELDS_MOST)
        fields->field[fields->count] = (struct rs_span){text, length};
    fields->count++;
}

enum rs_status rs_split_character(struct rs_fields *fields, struct rs_span line, char delimiter, const char **mistake,
                                  struct rs_error *err)
{
    (void)mistake;
    (void)err;
    const char *start = line.text;
    const char *end = line.text + line.length;
    for (const char *at = start; at < end; at++) {
        if (*at != delimiter)
            continue;
        add_field(fields, start, (size_t)(at - start));
        start = at + 1;
    }
    add_field(fields, start, (size_t)(end - start));
    return RS_OK;
}

enum rs_status rs_split_colons(struct rs_fields *fields, struct rs_span line, char delimiter, const char **mistake,
                               struct rs_error *err)
{
    (void)delimiter;
    (void)mistake;
    (void)err;
    const char *start = line.text;
    const char *end = line.text + line.length;
    for (const char *at = start; at + 1 < end; at++) {
        if (at[0] != ':' || at[1] != ':')
            continue;
        add_field(fields, start, (size_t)(at - start));
        start = ++at + 1;
    }
    add_field(fields, start, (size_t)(end - start));
    return RS_OK;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

enum rs_status rs_split_blanks(struct rs_fields *fields, struct rs_span line, char delimiter, const char **mistake,
                               struct rs_error *err)
{
    (void)delimiter;
    (void)mistake;
    (void)err;
    const char *at = line.text;
    const char *end = line.text + line.length;
    for (;;) {
        while (at < end && is_blank(*at))
            at++;
        if (at == end)
            return RS_OK;
        const char *start = at;
        while (at < end && !is_blank(*at))
            at++;
        add_field(fields, start, (size_t)(at - start));
    }
}

/* text[0] is the opening quote. *length: bytes from there to behind the closing quote; 0: it is not closed. *doubled:
 * a quote stands inside, written twice. */
static void quoted_length(struct rs_span text, size_t *length, bool *doubled)
{
    *length = 0;
    *doubled = false;
    for (size_t i = 1; i < text.length; i++) {
        if (text.text[i] != '"')
            continue;
        if (i + 1 == text.length || text.text[i + 1] != '"') {
            *length = i + 1;
            return;
        }
        *doubled = true;
        i++;
    }
}

/* Undo the doubled quotes of a field of this line, in a copy of the line that all its fields share. */
static enum rs_status undouble(struct rs_fields *fields, struct rs_span line, struct rs_span *field,
                               struct rs_error *err)
{
    if (fields->scratch.length == 0) {
        enum rs_status status = rs_text_add_bytes(&fields->scratch, line.text, line.length, err);
        if (status != RS_OK)
            return status;
    }
    char *out = fields->scratch.data + (field->text - line.text);
    size_t used = 0;
    for (size_t i = 0; i < field->length; i++) {
        out[used++] = field->text[i];
        if (field->text[i] == '"')
            i++;
    }
    *field = (struct rs_span){out, used};
    return RS_OK;
}

enum rs_status rs_split_csv(struct rs_fields *fields, struct rs_span line, char delimiter, const char **mistake,
                            struct rs_error *err)
{
    const char *end = line.text + line.length;
    const char *at = line.text;
    fields->scratch.length = 0;
    for (;;) {
        size_t left = (size_t)(end - at);
        struct rs_span field = {at, 0};
        if (left > 0 && *at == '"') {
            size_t length;
            bool doubled;
            quoted_length((struct rs_span){at, left}, &length, &doubled);
            if (length == 0) {
                *mistake = "a quote is not closed on its line";
                return RS_OK;
            }
            field = (struct rs_span){at + 1, length - 2};
            enum rs_status status = doubled ? undouble(fields, line, &field, err) : RS_OK;
            if (status != RS_OK)
                return status;
            at += length;
            if (at < end && *at != delimiter) {
                *mistake = "text stands behind a closing quote";
                return RS_OK;
            }
        } else {
            const char *next = memchr(at, delimiter, left);
            field.length = next ? (size_t)(next - at) : left;
            at += field.length;
        }
        add_field(fields, field.text, field.length);
        if (at == end)
            return RS_OK;
        at++;
    }
}

struct rs_span rs_span_trim(struct rs_span span)
{
    while (span.length > 0 && is_blank(span.text[0]))
        span = (struct rs_span){span.text + 1, span.length - 1};
    while (span.length > 0 && is_blank(span.text[span.length - 1]))
        span.length--;
    return span;
}

void rs_span_show(char out[RS_SHOWN_SIZE], struct rs_span span)
{
    size_t longest = RS_SHOWN_SIZE - 4;
    size_t kept = span.length < longest ? span.length : longest;
    for (size_t i = 0; i < kept; i++)
        out[i] = span.text[i] >= ' ' && span.text[i] <= '~' ? span.text[i] : '?';
    memcpy(out + kept, kept < span.length ? "..." : "", kept < span.length ? 4 : 1);
}

/* Digits with at most one point among them; false also where there are too many for the short way. */
static bool short_decimal(struct rs_span span, float *out)
{
    static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    if (span.length == 0 || span.length > 15)
        return false;
    uint64_t digits = 0;
    size_t point = span.length;
    for (size_t i = 0; i < span.length; i++) {
        char c = span.text[i];
        if (c == '.' && point == span.length)
            point = i;
        else if (c >= '0' && c <= '9')
            digits = digits * 10 + (uint64_t)(c - '0');
        else
            return false;
    }
    if (point < span.length && span.length == 1)
        return false;
    size_t places = point < span.length ? span.length - point - 1 : 0;
    *out = (float)((double)digits / power[places]);
    return true;
}

bool rs_span_number(struct rs_span span, float *out)
{
    if (short_decimal(span, out))
        return true;
    char text[RS_NUMBER_SIZE * 2];
    double number;
    if (span.length >= sizeof text)
        return false;
    memcpy(text, span.text, span.length);
    text[span.length] = '\0';
    if (!rs_parse_number(text, &number) || number > 3.0e38 || number < -3.0e38)
        return false;
    *out = (float)number;
    return true;
}
