/* Comma-separated ratings: the later MovieLens sets, tables whose first line names the columns in any order, and bare
 * triples. A table may have semicolons or tabs instead of commas; fields may be quoted, a quote inside is doubled. */
#include <ctype.h>
#include <string.h>

#include "formats.h"

enum role { ROLE_USER, ROLE_ITEM, ROLE_RATING, ROLE_TIME, ROLES };

/* What a column may be called, in small letters without _, - and blanks. */
static const char *const role_names[ROLES][8] = {
    [ROLE_USER] = {"userid", "user", "uid", "username", "reviewerid"},
    [ROLE_ITEM] = {"movieid", "movie", "itemid", "item", "iid", "isbn", "productid"},
    [ROLE_RATING] = {"rating", "score", "stars", "bookrating", "overall"},
    [ROLE_TIME] = {"timestamp", "time", "unixreviewtime"},
};

static enum role role_of(struct rs_span name)
{
    char plain[32];
    size_t used = 0;
    for (size_t i = 0; i < name.length; i++) {
        unsigned char c = (unsigned char)name.text[i];
        if (c == '_' || c == '-' || c == ' ')
            continue;
        if (used + 1 == sizeof plain)
            return ROLES;
        plain[used++] = (char)tolower(c);
    }
    plain[used] = '\0';
    for (enum role role = 0; role < ROLES; role++)
        for (const char *const *known = role_names[role]; *known; known++)
            if (strcmp(plain, *known) == 0)
                return role;
    return ROLES;
}

/* The first of , ; and tab outside quotes; NUL where there is none. */
static char delimiter_of(struct rs_span line)
{
    bool quoted = false;
    for (size_t i = 0; i < line.length; i++) {
        if (line.text[i] == '"')
            quoted = !quoted;
        else if (!quoted && strchr(",;\t", line.text[i]))
            return line.text[i];
    }
    return '\0';
}

/* A header's cells carry no doubled quotes, so plain quotes around them are all there is to take away. */
static struct rs_span header_name(struct rs_span cell)
{
    cell = rs_span_trim(cell);
    if (cell.length >= 2 && cell.text[0] == '"' && cell.text[cell.length - 1] == '"')
        cell = (struct rs_span){cell.text + 1, cell.length - 2};
    return cell;
}

static size_t split_header(struct rs_fields *fields, struct rs_span line)
{
    const char *mistake = NULL;
    enum rs_status status = rs_split_character(fields, line, delimiter_of(line), &mistake, NULL);
    return status == RS_OK && fields->count < RS_FIELDS_MOST ? fields->count : RS_FIELDS_MOST;
}

static bool sniff_header(struct rs_span line)
{
    if (delimiter_of(line) == '\0')
        return false;
    struct rs_fields fields = {.count = 0};
    size_t count = split_header(&fields, line);
    for (size_t i = 0; i < count; i++)
        if (role_of(header_name(fields.field[i])) != ROLES)
            return true;
    return false;
}

static enum rs_status find_columns(struct rs_columns *columns, const struct rs_fields *fields, size_t count,
                                   struct rs_bytes bytes, uint64_t line, struct rs_error *err)
{
    static const char *const role_title[ROLES] = {"user", "item", "rating", "timestamp"};
    static const char *const role_hint[ROLES] = {"userId or user", "movieId or itemId or item",
                                                 "rating or score or stars", ""};
    size_t at[ROLES] = {RS_NO_COLUMN, RS_NO_COLUMN, RS_NO_COLUMN, RS_NO_COLUMN};
    for (size_t i = 0; i < count; i++) {
        enum role role = role_of(header_name(fields->field[i]));
        if (role == ROLES)
            continue;
        if (at[role] != RS_NO_COLUMN)
            return rs_fail(err, RS_DATA, "%s:%llu: columns %zu and %zu both name the %s: one is wanted", bytes.name,
                           (unsigned long long)line, at[role] + 1, i + 1, role_title[role]);
        at[role] = i;
    }
    for (enum role role = 0; role < ROLE_TIME; role++)
        if (at[role] == RS_NO_COLUMN)
            return rs_fail(err, RS_DATA, "%s:%llu: the header names no column for the %s: call it %s", bytes.name,
                           (unsigned long long)line, role_title[role], role_hint[role]);
    columns->user = at[ROLE_USER];
    columns->item = at[ROLE_ITEM];
    columns->rating = at[ROLE_RATING];
    columns->time = at[ROLE_TIME];
    return RS_OK;
}

static enum rs_status read_header(struct rs_reading *reading, struct rs_bytes bytes, struct rs_error *err)
{
    struct rs_lines lines = rs_lines_start(bytes.text, bytes.length);
    struct rs_span line = {"", 0};
    while (line.length == 0 && rs_lines_next(&lines, &line))
        ;
    struct rs_fields fields = {.count = 0};
    size_t count = split_header(&fields, line);
    if (fields.count > RS_FIELDS_MOST)
        return rs_fail(err, RS_DATA, "%s:%llu: the header has %zu columns: at most %d are taken", bytes.name,
                       (unsigned long long)lines.number, fields.count, RS_FIELDS_MOST);
    struct rs_columns columns = {.least = count,
                                 .most = count,
                                 .shape = "as many fields as the header has names",
                                 .split = rs_split_csv,
                                 .delimiter = delimiter_of(line)};
    enum rs_status status = find_columns(&columns, &fields, count, bytes, lines.number, err);
    return status == RS_OK ? rs_reading_lines(reading, bytes, &lines, &columns, err) : status;
}

const struct rs_format rs_format_csv_header = {
    .title = "csv with a header",
    .sniff = sniff_header,
    .read = read_header,
};

static bool sniff_movielens(struct rs_span line)
{
    static const char header[] = "userId,movieId,rating,timestamp";
    return line.length == sizeof header - 1 && memcmp(line.text, header, line.length) == 0;
}

const struct rs_format rs_format_movielens_csv = {
    .title = "MovieLens csv",
    .sniff = sniff_movielens,
    .read = read_header,
    .scale = {{0.5F, 5, 0.5F}},
};

static bool sniff_plain(struct rs_span line)
{
    return delimiter_of(line) == ',';
}

static enum rs_status read_plain(struct rs_reading *reading, struct rs_bytes bytes, struct rs_error *err)
{
    static const struct rs_columns columns = {
        .user = 0,
        .item = 1,
        .rating = 2,
        .time = 3,
        .least = 3,
        .most = 4,
        .shape = "user,item,rating or user,item,rating,timestamp in all, or a header names the columns",
        .split = rs_split_csv,
        .delimiter = ','};
    struct rs_lines lines = rs_lines_start(bytes.text, bytes.length);
    return rs_reading_lines(reading, bytes, &lines, &columns, err);
}

const struct rs_format rs_format_csv = {
    .title = "csv",
    .sniff = sniff_plain,
    .read = read_plain,
};
