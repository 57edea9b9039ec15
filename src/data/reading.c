#include "reading.h"

#include <string.h>

#include "recscope/base/memory.h"

#define FIRST_CAPACITY ((uint64_t)65536)

static enum rs_status more_room(struct rs_reading *reading, struct rs_error *err)
{
    uint64_t from = reading->count;
    uint64_t to = from ? 2 * from : FIRST_CAPACITY;
    enum rs_status status;
    if ((status = rs_grow(&reading->user, from, to, sizeof *reading->user, err)) != RS_OK ||
        (status = rs_grow(&reading->item, from, to, sizeof *reading->item, err)) != RS_OK ||
        (status = rs_grow(&reading->value, from, to, sizeof *reading->value, err)) != RS_OK ||
        (status = rs_grow(&reading->time, from, to, sizeof *reading->time, err)) != RS_OK ||
        (status = rs_grow(&reading->line, from, to, sizeof *reading->line, err)) != RS_OK)
        return status;
    reading->capacity = to;
    return RS_OK;
}

/* One place in a file: who is reading, and where. */
struct place {
    const char *name;
    uint64_t line;
};

static enum rs_status refuse(struct place at, const char *what, struct rs_span field, const char *right,
                             struct rs_error *err)
{
    char shown[RS_SHOWN_SIZE];
    rs_span_show(shown, field);
    return rs_fail(err, RS_DATA, "%s:%llu: %s '%s': %s", at.name, (unsigned long long)at.line, what, shown, right);
}

static enum rs_status take_id(struct rs_ids *ids, struct rs_span id, const char *whose, struct place at,
                              uint32_t *index, struct rs_error *err)
{
    if (id.length == 0)
        return rs_fail(err, RS_DATA, "%s:%llu: the %s id is empty: give it a number or a name", at.name,
                       (unsigned long long)at.line, whose);
    if (id.length > RS_ID_LONGEST)
        return rs_fail(err, RS_DATA, "%s:%llu: the %s id has %zu bytes: at most %d are taken", at.name,
                       (unsigned long long)at.line, whose, id.length, RS_ID_LONGEST);
    bool fresh;
    enum rs_status status = rs_ids_add(ids, id.text, id.length, index, &fresh, err);
    if (status != RS_OK || !fresh)
        return status;
    for (size_t i = 0; i < id.length; i++)
        if ((unsigned char)id.text[i] < ' ' || id.text[i] == 0x7F)
            return refuse(at, "a control character stands in the id", id, "letters, digits and signs are taken", err);
    return RS_OK;
}

static bool parse_time(struct rs_span span, int64_t *out)
{
    char text[RS_NUMBER_SIZE];
    if (span.length == 0 || span.length >= sizeof text)
        return false;
    int64_t seconds = 0;
    size_t i = 0;
    for (; i < span.length && i < 18 && span.text[i] >= '0' && span.text[i] <= '9'; i++)
        seconds = seconds * 10 + (span.text[i] - '0');
    *out = seconds;
    if (i == span.length)
        return true;
    memcpy(text, span.text, span.length);
    text[span.length] = '\0';
    return rs_parse_integer(text, INT64_MIN, INT64_MAX, out);
}

static enum rs_status take_line(struct rs_reading *reading, const struct rs_fields *fields,
                                const struct rs_columns *columns, bool timed, struct place at, struct rs_error *err)
{
    enum rs_status status = RS_OK;
    if (reading->count == reading->capacity && (status = more_room(reading, err)) != RS_OK)
        return status;
    uint64_t n = reading->count;
    struct rs_span rating = rs_span_trim(fields->field[columns->rating]);
    if ((status = take_id(&reading->users, rs_span_trim(fields->field[columns->user]), "user", at, &reading->user[n],
                          err)) != RS_OK ||
        (status = take_id(&reading->items, rs_span_trim(fields->field[columns->item]), "item", at, &reading->item[n],
                          err)) != RS_OK)
        return status;
    if (!rs_span_number(rating, &reading->value[n]))
        return refuse(at, "no rating is", rating, "a finite number is wanted, such as 3.5", err);
    if (timed) {
        struct rs_span time = rs_span_trim(fields->field[columns->time]);
        if (!parse_time(time, &reading->time[n]))
            return refuse(at, "no timestamp is", time, "whole seconds since 1970 are wanted", err);
    }
    reading->line[n] = (uint32_t)at.line;
    reading->count++;
    return RS_OK;
}

static enum rs_status check_width(size_t count, size_t width, const struct rs_columns *columns, struct place at,
                                  struct rs_error *err)
{
    size_t least = width ? width : columns->least;
    size_t most = width ? width : columns->most;
    if (at.line > UINT32_MAX)
        return rs_fail(err, RS_DATA, "%s:%llu: more lines than are handled: at most %u", at.name,
                       (unsigned long long)at.line, UINT32_MAX);
    if (count < least)
        return rs_fail(err, RS_DATA, "%s:%llu: a field is missing, %zu of %zu are there: a line is %s", at.name,
                       (unsigned long long)at.line, count, least, columns->shape);
    if (count > most)
        return rs_fail(err, RS_DATA, "%s:%llu: too many fields, %zu instead of %zu: a line is %s", at.name,
                       (unsigned long long)at.line, count, most, columns->shape);
    return RS_OK;
}

enum rs_status rs_reading_lines(struct rs_reading *reading, const char *name, struct rs_lines *lines,
                                const struct rs_columns *columns, struct rs_error *err)
{
    enum rs_status status = RS_OK;
    struct rs_fields fields = {.count = 0};
    struct rs_span line;
    size_t width = 0; /* the first line's */
    bool timed = false;
    while (status == RS_OK && rs_lines_next(lines, &line)) {
        if (line.length == 0)
            continue;
        struct place at = {name, lines->number};
        const char *mistake = NULL;
        fields.count = 0;
        status = columns->split(&fields, line, columns->delimiter, &mistake, err);
        if (status == RS_OK && mistake)
            status = rs_fail(err, RS_DATA, "%s:%llu: %s: a line is %s", name, (unsigned long long)at.line, mistake,
                             columns->shape);
        if (status == RS_OK)
            status = check_width(fields.count, width, columns, at, err);
        if (status != RS_OK)
            break;
        if (width == 0) {
            width = fields.count;
            timed = columns->time < width;
            reading->untimed = reading->untimed || !timed;
        }
        status = take_line(reading, &fields, columns, timed, at, err);
    }
    rs_text_free(&fields.scratch);
    return status;
}

enum rs_status rs_reading_add(struct rs_reading *reading, uint32_t user, uint32_t item, float value, int64_t time,
                              struct rs_error *err)
{
    enum rs_status status = reading->count == reading->capacity ? more_room(reading, err) : RS_OK;
    if (status != RS_OK)
        return status;
    uint64_t n = reading->count++;
    reading->user[n] = user;
    reading->item[n] = item;
    reading->value[n] = value;
    reading->time[n] = time;
    return RS_OK;
}

uint8_t rs_reading_file(const struct rs_reading *reading, uint64_t n)
{
    uint8_t file = 0;
    while (file + 1U < reading->files && n >= reading->file[file].end)
        file++;
    return file;
}

const char *rs_reading_name(const struct rs_reading *reading, uint64_t n)
{
    return reading->file[rs_reading_file(reading, n)].name;
}

void rs_reading_free(struct rs_reading *reading)
{
    rs_ids_free(&reading->users);
    rs_ids_free(&reading->items);
    rs_free(reading->user);
    rs_free(reading->item);
    rs_free(reading->value);
    rs_free(reading->time);
    rs_free(reading->line);
    *reading = (struct rs_reading){.count = 0};
}
