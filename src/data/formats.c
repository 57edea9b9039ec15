#include "formats.h"

#include <string.h>

const struct rs_format *const rs_formats[] = {
#define RS_FORMAT_ROW(name) &rs_format_##name,
#include "formats.def"
#undef RS_FORMAT_ROW
    NULL};

static enum rs_status refuse_nul(struct rs_bytes bytes, const char *nul, struct rs_error *err)
{
    uint64_t line = 1;
    for (const char *at = bytes.text; (at = memchr(at, '\n', (size_t)(nul - at))) != NULL; at++)
        line++;
    return rs_fail(err, RS_DATA, "%s:%llu: a NUL byte: ratings are text, one a line", bytes.name,
                   (unsigned long long)line);
}

static const struct rs_format *sniff(struct rs_span line)
{
    const struct rs_format *const *format = rs_formats;
    while (*format && !(*format)->sniff(line))
        format++;
    return *format;
}

static enum rs_status read_file(struct rs_reading *reading, struct rs_bytes bytes, const struct rs_format **format,
                                struct rs_error *err)
{
    struct rs_lines lines = rs_lines_start(bytes.text, bytes.length);
    struct rs_span first = {"", 0};
    while (first.length == 0 && rs_lines_next(&lines, &first))
        ;
    if (first.length == 0)
        return rs_fail(err, RS_DATA, "%s: the file is empty: ratings are wanted, one a line", bytes.name);
    *format = sniff(first);
    if (!*format) {
        char shown[RS_SHOWN_SIZE];
        rs_span_show(shown, first);
        return rs_fail(err, RS_DATA,
                       "%s:%llu: '%s' is no form of ratings: user item rating, with tabs, blanks, commas or :: between",
                       bytes.name, (unsigned long long)lines.number, shown);
    }
    uint64_t before = reading->count;
    reading->file[reading->files++].name = bytes.name;
    enum rs_status status = (*format)->read(reading, bytes, err);
    reading->file[reading->files - 1].end = reading->count;
    if (status == RS_OK && reading->count == before)
        return rs_fail(err, RS_DATA, "%s: there is no rating in it: ratings are wanted, one a line", bytes.name);
    return status;
}

/* A NUL is searched for only where something was wrong: plain numbers have none, and lines are searched before they are
 * read. */
enum rs_status rs_formats_read(struct rs_reading *reading, struct rs_bytes bytes, const struct rs_format **format,
                               struct rs_error *err)
{
    enum rs_status status = read_file(reading, bytes, format, err);
    const char *nul = status == RS_DATA ? memchr(bytes.text, '\0', bytes.length) : NULL;
    return nul ? refuse_nul(bytes, nul, err) : status;
}
