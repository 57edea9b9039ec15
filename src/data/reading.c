#include "reading.h"

#include <string.h>

#include "quick.h"
#include "recscope/base/memory.h"

#define FIRST_CAPACITY ((uint64_t)65536)
#define SHORTEST_LINE  6 /* bytes: "1 2 3\n" */

/* Move an array that may not be there yet into a larger room. */
static enum rs_status widen(void *inout, uint64_t used, uint64_t room, size_t size, struct rs_error *err)
{
    void *old;
    void *wider;
    memcpy(&old, inout, sizeof old);
    enum rs_status status = rs_alloc_unfilled(&wider, room, size, err);
    if (status != RS_OK)
        return status;
    if (old && used > 0)
        memcpy(wider, old, used * size);
    rs_free(old);
    memcpy(inout, &wider, sizeof wider);
    return RS_OK;
}

enum rs_status rs_reading_room(struct rs_reading *reading, uint64_t count, bool lines, struct rs_error *err)
{
    uint64_t used = reading->count;
    enum rs_status status = RS_OK;
    bool more = count > reading->capacity;
    if (more && ((status = widen(&reading->user, used, count, sizeof *reading->user, err)) != RS_OK ||
                 (status = widen(&reading->item, used, count, sizeof *reading->item, err)) != RS_OK ||
                 (status = widen(&reading->value, used, count, sizeof *reading->value, err)) != RS_OK))
        return status;
    if (reading->dated && (more || !reading->time) &&
        (status = widen(&reading->time, used, count, sizeof *reading->time, err)) != RS_OK)
        return status;
    count = more ? count : reading->capacity;
    if ((reading->line ? more : lines) &&
        (status = widen(&reading->line, reading->line ? used : 0, count, sizeof *reading->line, err)) != RS_OK)
        return status;
    reading->capacity = count;
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
    uint64_t n = reading->count;
    int64_t seconds = 0;
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
        if (!parse_time(time, &seconds))
            return refuse(at, "no timestamp is", time, "whole seconds since 1970 are wanted", err);
    }
    if (reading->dated)
        reading->time[n] = seconds;
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

/* Numbers that were their own ids become those of a table. */
static enum rs_status renumber(struct rs_ids *ids, uint32_t *id, uint64_t count, struct rs_error *err)
{
    uint32_t *number = NULL;
    if (!ids->direct)
        return RS_OK;
    enum rs_status status = rs_ids_spell(ids, &number, err);
    for (uint64_t n = 0; n < count && status == RS_OK; n++)
        id[n] = number[id[n]];
    rs_free(number);
    return status;
}

/* What reading line by line needs: tables of ids, room for as many ratings as there can be, and no NUL. */
static enum rs_status prepare(struct rs_reading *reading, struct rs_bytes whole, const struct rs_lines *lines,
                              struct rs_error *err)
{
    reading->unnumbered = true;
    enum rs_status status;
    if ((status = renumber(&reading->users, reading->user, reading->count, err)) != RS_OK ||
        (status = renumber(&reading->items, reading->item, reading->count, err)) != RS_OK)
        return status;
    if (memchr(whole.text, '\0', whole.length))
        return rs_fail(err, RS_DATA, "%s: a NUL byte", whole.name);
    uint64_t bytes = (uint64_t)(lines->end - lines->at);
    uint64_t count = 1;
    for (const char *at = lines->at; (at = memchr(at, '\n', (size_t)(lines->end - at))) != NULL; at++)
        count++;
    count = count < bytes / SHORTEST_LINE + 1 ? count : bytes / SHORTEST_LINE + 1;
    return rs_reading_room(reading, reading->count + count, true, err);
}

static enum rs_status read_lines(struct rs_reading *reading, const char *name, struct rs_lines *lines,
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

enum rs_status rs_reading_lines(struct rs_reading *reading, struct rs_bytes whole, struct rs_lines *lines,
                                const struct rs_columns *columns, struct rs_error *err)
{
    bool done;
    enum rs_status status = rs_quick_lines(reading, whole, *lines, columns, &done, err);
    if (status != RS_OK || done)
        return status;
    status = prepare(reading, whole, lines, err);
    return status == RS_OK ? read_lines(reading, whole.name, lines, columns, err) : status;
}

enum rs_status rs_reading_add(struct rs_reading *reading, uint32_t user, uint32_t item, float value, int64_t time,
                              struct rs_error *err)
{
    uint64_t room = reading->count ? 2 * reading->count : FIRST_CAPACITY;
    enum rs_status status = reading->count == reading->capacity ? rs_reading_room(reading, room, false, err) : RS_OK;
    if (status != RS_OK)
        return status;
    uint64_t n = reading->count++;
    reading->user[n] = user;
    reading->item[n] = item;
    reading->value[n] = value;
    if (reading->dated)
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

uint64_t rs_reading_line(const struct rs_reading *reading, uint64_t n)
{
    uint8_t file = rs_reading_file(reading, n);
    uint64_t first = reading->file[file].first_line;
    uint64_t start = file > 0 ? reading->file[file - 1].end : 0;
    return first ? first + (n - start) : reading->line[n];
}

void rs_reading_release(struct rs_reading *reading)
{
    rs_free(reading->user);
    rs_free(reading->item);
    rs_free(reading->value);
    reading->user = reading->item = NULL;
    reading->value = NULL;
    reading->capacity = 0;
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
