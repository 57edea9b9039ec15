#include "lines.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "recscope/base/text.h"

#define SECTION_MOST 49 /* inih keeps this many bytes of a section's name */

void rs_ini_start(struct rs_ini_lines *lines, const char *bytes, size_t length, const char *name, struct rs_error *err)
{
    *lines = (struct rs_ini_lines){.name = name, .at = bytes, .end = bytes + length, .err = err};
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) /* a byte order mark */
        lines->at += 3;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Where a comment behind a value starts: a semicolon after a blank, as inih sees it. */
static size_t comment_start(const char *text, size_t length)
{
    for (size_t i = 1; i < length; i++)
        if (text[i] == ';' && is_blank(text[i - 1]))
            return i;
    return length;
}

/* "[name]", and nothing but a comment behind it. */
static enum rs_status check_section(struct rs_ini_lines *lines, const char *text, size_t length)
{
    size_t whole = length;
    length = comment_start(text, length);
    const char *close = memchr(text, ']', length);
    if (!close)
        return rs_fail(lines->err, RS_PRESET, "%.60s: the section is not closed: [section]", text);
    size_t size = (size_t)(close - text) - 1;
    char name[SECTION_MOST + 1];
    if (size > SECTION_MOST)
        return rs_fail(lines->err, RS_PRESET, "[%.60s: the section's name has %zu bytes: at most %d", text + 1, size,
                       SECTION_MOST);
    memcpy(name, text + 1, size);
    name[size] = '\0';
    const char *rest = close + 1;
    while (rest < text + whole && is_blank(*rest))
        rest++;
    if (rest < text + whole && *rest != ';' && *rest != '#')
        return rs_fail(lines->err, RS_PRESET, "[%s] %.60s: text behind the section: key = value on a line of its own",
                       name, rest);
    return lines->section ? lines->section(lines->context, name, lines->err) : RS_OK;
}

static enum rs_status check_bytes(struct rs_ini_lines *lines, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned byte = (unsigned char)text[i];
        if (byte == 0)
            return rs_fail(lines->err, RS_PRESET, "a NUL byte: a preset is plain text");
        if ((byte < 0x20 && byte != '\t') || byte == 0x7F)
            return rs_fail(lines->err, RS_PRESET, "a control character (byte 0x%02X): a preset is plain text", byte);
    }
    if (!rs_is_utf8(text, length))
        return rs_fail(lines->err, RS_PRESET, "not UTF-8: save the file as UTF-8");
    return RS_OK;
}

/* text: a line without its end, NUL-terminated. */
static enum rs_status check_line(struct rs_ini_lines *lines, const char *text, size_t length)
{
    size_t start = 0;
    while (start < length && is_blank(text[start]))
        start++;
    if (start == length || text[start] == ';' || text[start] == '#')
        return RS_OK;
    if (start > 0)
        return rs_fail(lines->err, RS_PRESET, "%.60s: the line is indented: keys and sections start their line",
                       text + start);
    if (text[0] == '[')
        return check_section(lines, text, length);
    size_t before_comment = comment_start(text, length);
    if (!memchr(text, '=', before_comment) && !memchr(text, ':', before_comment))
        return rs_fail(lines->err, RS_PRESET, "%.60s: neither a section nor a key: key = value", text);
    return RS_OK;
}

char *rs_ini_next(char *buffer, int size, void *context)
{
    struct rs_ini_lines *lines = context;
    if (lines->status != RS_OK || lines->at == lines->end)
        return NULL;
    lines->line++;
    size_t left = (size_t)(lines->end - lines->at);
    const char *newline = memchr(lines->at, '\n', left);
    size_t taken = newline ? (size_t)(newline - lines->at) + 1 : left;
    size_t length = newline ? taken - 1 : left;
    if (length > 0 && lines->at[length - 1] == '\r')
        length--;

    size_t most = size > RS_LINE_MOST + 2 ? RS_LINE_MOST : size < 3 ? 0 : (size_t)size - 3;
    lines->status = check_bytes(lines, lines->at, length);
    if (lines->status == RS_OK && length > most)
        lines->status =
            rs_fail(lines->err, RS_PRESET, "%.60s...: the line has %zu bytes: at most %zu", lines->at, length, most);
    if (lines->status == RS_OK) {
        memcpy(buffer, lines->at, length);
        buffer[length] = '\0';
        lines->status = check_line(lines, buffer, length);
    }
    if (lines->status != RS_OK) {
        lines->status = rs_fail_prefix(lines->err, "%s:%zu", lines->name, lines->line);
        return NULL;
    }
    lines->at += taken;
    memcpy(buffer + length, "\n", 2);
    return buffer;
}
