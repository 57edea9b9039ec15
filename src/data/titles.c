#include "titles.h"

#include <string.h>

#include "recscope/base/memory.h"

const struct rs_titles_form rs_titles_pipes = {rs_split_character, '|', 2, "id|title|..."};
const struct rs_titles_form rs_titles_colons = {rs_split_colons, ':', 2, "id::title::genres"};
const struct rs_titles_form rs_titles_csv = {rs_split_csv, ',', 2, "movieId,title,genres"};

enum rs_status rs_titles_start(struct rs_titles *out, uint32_t items, struct rs_error *err)
{
    *out = (struct rs_titles){.place = NULL};
    return rs_alloc(&out->place, items, sizeof *out->place, err);
}

enum rs_status rs_titles_add(struct rs_titles *titles, uint32_t item, struct rs_span title, struct rs_error *err)
{
    titles->place[item] = titles->arena.length + 1;
    enum rs_status status = rs_text_add_bytes(&titles->arena, title.text, title.length, err);
    return status == RS_OK ? rs_text_add_bytes(&titles->arena, "", 1, err) : status;
}

static enum rs_status keep_title(struct rs_titles *titles, const struct rs_ids *items, const struct rs_fields *fields,
                                 struct rs_error *err)
{
    struct rs_span id = rs_span_trim(fields->field[0]);
    struct rs_span title = rs_span_trim(fields->field[1]);
    uint32_t item;
    if (title.length == 0 || !rs_ids_find(items, id.text, id.length, &item))
        return RS_OK;
    return rs_titles_add(titles, item, title, err);
}

static enum rs_status read_line(struct rs_titles *titles, const struct rs_ids *items, struct rs_fields *fields,
                                struct rs_span line, const char *name, uint64_t number,
                                const struct rs_titles_form *form, struct rs_error *err)
{
    const char *mistake = NULL;
    fields->count = 0;
    enum rs_status status = form->split(fields, line, form->delimiter, &mistake, err);
    if (status != RS_OK)
        return status;
    if (!mistake && memchr(line.text, '\0', line.length))
        mistake = "a NUL byte";
    if (!mistake && fields->count < form->least)
        mistake = "a field is missing";
    if (mistake)
        return rs_fail(err, RS_DATA, "%s:%llu: %s: a line is %s", name, (unsigned long long)number, mistake,
                       form->shape);
    return keep_title(titles, items, fields, err);
}

enum rs_status rs_titles_read(struct rs_titles *out, const struct rs_ids *items, struct rs_bytes bytes,
                              const struct rs_titles_form *form, struct rs_error *err)
{
    enum rs_status status = rs_titles_start(out, items->count, err);
    struct rs_fields fields = {.count = 0};
    struct rs_lines lines = rs_lines_start(bytes.text, bytes.length);
    struct rs_span line;
    while (status == RS_OK && rs_lines_next(&lines, &line))
        if (line.length > 0)
            status = read_line(out, items, &fields, line, bytes.name, lines.number, form, err);
    rs_text_free(&fields.scratch);
    if (status != RS_OK)
        rs_titles_free(out);
    return status;
}

void rs_titles_free(struct rs_titles *titles)
{
    rs_text_free(&titles->arena);
    rs_free(titles->place);
    *titles = (struct rs_titles){.place = NULL};
}
