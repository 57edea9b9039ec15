#include "recscope/base/settings.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "recscope/base/text.h"

const char *const rs_no_yes[] = {"no", "yes", NULL};

void rs_conf_range(const struct rs_conf_row *row, char *out, size_t size)
{
    char low[RS_NUMBER_SIZE];
    char high[RS_NUMBER_SIZE];
    rs_format_number(low, row->low);
    rs_format_number(high, row->high);
    size_t used = 0;
    out[0] = '\0';
    switch (row->type) {
    case RS_CONF_INTEGER:
        snprintf(out, size, "a whole number, %.0f .. %.0f", row->low, row->high);
        break;
    case RS_CONF_NUMBER:
        snprintf(out, size, "a number, %s .. %s", low, high);
        break;
    case RS_CONF_CHOICE:
        for (size_t i = 0; row->choices[i] && used < size; i++)
            used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "", row->choices[i]);
        break;
    case RS_CONF_LIST:
        snprintf(out, size, "whole numbers, %.0f .. %.0f, with commas between", row->low, row->high);
        break;
    case RS_CONF_TEXT:
        snprintf(out, size, "text, at most %d bytes", RS_CONF_TEXT_SIZE - 1);
        break;
    }
}

static enum rs_status refuse(const struct rs_conf_row *row, const char *text, const char *reason, struct rs_error *err)
{
    char range[256];
    rs_conf_range(row, range, sizeof range);
    return rs_fail(err, RS_PRESET, "[%s] %s = %.100s: %s: %s", row->section, row->key, text, reason, range);
}

static enum rs_status parse_integer(struct rs_conf_value *value, const struct rs_conf_row *row, const char *text,
                                    struct rs_error *err)
{
    int64_t number;
    if (!rs_parse_integer(text, INT64_MIN, INT64_MAX, &number))
        return refuse(row, text, "not a whole number", err);
    if ((double)number < row->low || (double)number > row->high)
        return refuse(row, text, "out of range", err);
    value->number = (double)number;
    snprintf(value->text, sizeof value->text, "%lld", (long long)number);
    return RS_OK;
}

static enum rs_status parse_number(struct rs_conf_value *value, const struct rs_conf_row *row, const char *text,
                                   struct rs_error *err)
{
    if (!rs_parse_number(text, &value->number))
        return refuse(row, text, "not a number", err);
    if (value->number < row->low || value->number > row->high)
        return refuse(row, text, "out of range", err);
    rs_format_number(value->text, value->number);
    return RS_OK;
}

static enum rs_status parse_choice(struct rs_conf_value *value, const struct rs_conf_row *row, const char *text,
                                   struct rs_error *err)
{
    size_t count = 0;
    for (; row->choices[count]; count++) {
        if (strcmp(row->choices[count], text) != 0)
            continue;
        value->number = (double)count;
        rs_copy_string(value->text, sizeof value->text, text);
        return RS_OK;
    }
    const char *nearest = rs_nearest_name(text, row->choices, count);
    char reason[128];
    snprintf(reason, sizeof reason, nearest ? "there is no such choice, did you mean %s?" : "there is no such choice%s",
             nearest ? nearest : "");
    return refuse(row, text, reason, err);
}

static enum rs_status parse_list(struct rs_conf_value *value, const struct rs_conf_row *row, const char *text,
                                 struct rs_error *err)
{
    size_t used = 0;
    for (const char *at = text;;) {
        char number[24];
        size_t length = strcspn(at, ",");
        const char *next = at + length;
        while (length > 0 && (*at == ' ' || *at == '\t'))
            at++, length--;
        while (length > 0 && (at[length - 1] == ' ' || at[length - 1] == '\t'))
            length--;
        int64_t entry;
        if (length == 0 || length >= sizeof number)
            return refuse(row, text, "an entry is not a whole number", err);
        memcpy(number, at, length);
        number[length] = '\0';
        if (!rs_parse_integer(number, INT64_MIN, INT64_MAX, &entry))
            return refuse(row, text, "an entry is not a whole number", err);
        if ((double)entry < row->low || (double)entry > row->high)
            return refuse(row, text, "an entry is out of range", err);
        if (value->length == RS_CONF_LIST_SIZE)
            return refuse(row, text, "more than 16 entries", err);
        value->list[value->length++] = (uint32_t)entry;
        used +=
            (size_t)snprintf(value->text + used, sizeof value->text - used, "%s%u", used ? "," : "", (unsigned)entry);
        if (*next == '\0')
            return RS_OK;
        at = next + 1;
    }
}

static enum rs_status parse_text(struct rs_conf_value *value, const struct rs_conf_row *row, const char *text,
                                 struct rs_error *err)
{
    for (const char *p = text; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7F)
            return refuse(row, text, "a control character stands in it", err);
    if (!rs_copy_string(value->text, sizeof value->text, text))
        return refuse(row, text, "longer than the reader takes", err);
    return RS_OK;
}

static enum rs_status parse_value(struct rs_conf_value *value, const struct rs_conf_row *row, const char *text,
                                  struct rs_error *err)
{
    switch (row->type) {
    case RS_CONF_INTEGER:
        return parse_integer(value, row, text, err);
    case RS_CONF_NUMBER:
        return parse_number(value, row, text, err);
    case RS_CONF_CHOICE:
        return parse_choice(value, row, text, err);
    case RS_CONF_LIST:
        return parse_list(value, row, text, err);
    case RS_CONF_TEXT:
        break;
    }
    return parse_text(value, row, text, err);
}

enum rs_status rs_settings_init(struct rs_settings *settings, const struct rs_conf_row *const *rows,
                                struct rs_error *err)
{
    memset(settings, 0, sizeof *settings);
    settings->rows = rows;
    for (; rows[settings->count]; settings->count++) {
        const struct rs_conf_row *row = rows[settings->count];
        if (settings->count == RS_CONF_ROWS_MAX)
            return rs_fail(err, RS_FAILED, "more than %d configuration rows", RS_CONF_ROWS_MAX);
        if (parse_value(&settings->value[settings->count], row, row->fallback, err) != RS_OK) {
            err->code = RS_FAILED;
            return rs_fail_prefix(err, "a default does not fit its own row");
        }
    }
    return RS_OK;
}

static size_t row_index(const struct rs_settings *settings, const struct rs_conf_row *row)
{
    size_t i = 0;
    while (i < settings->count && settings->rows[i] != row)
        i++;
    return i;
}

enum rs_status rs_settings_parse(struct rs_settings *settings, const struct rs_conf_row *row, const char *text,
                                 struct rs_error *err)
{
    size_t index = row_index(settings, row);
    if (index == settings->count)
        return rs_fail(err, RS_FAILED, "[%s] %s is not among these settings", row->section, row->key);
    struct rs_conf_value value = {.given = true};
    enum rs_status status = parse_value(&value, row, text, err);
    if (status == RS_OK)
        settings->value[index] = value;
    return status;
}

/* The distinct sections, or the keys of one section. */
static size_t collect_names(const struct rs_settings *settings, const char *section,
                            const char *names[RS_CONF_ROWS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < settings->count; i++) {
        const struct rs_conf_row *row = settings->rows[i];
        bool known = false;
        for (size_t k = 0; k < count && !section; k++)
            known = known || strcmp(names[k], row->section) == 0;
        if (section ? strcmp(row->section, section) == 0 : !known)
            names[count++] = section ? row->key : row->section;
    }
    return count;
}

const struct rs_conf_row *rs_settings_find(const struct rs_settings *settings, const char *section, const char *key,
                                           struct rs_error *err)
{
    for (size_t i = 0; i < settings->count; i++) {
        const struct rs_conf_row *row = settings->rows[i];
        if (strcmp(row->section, section) == 0 && strcmp(row->key, key) == 0)
            return row;
    }
    const char *names[RS_CONF_ROWS_MAX];
    size_t count = collect_names(settings, section, names);
    bool known_section = count > 0;
    if (!known_section)
        count = collect_names(settings, NULL, names);
    const char *nearest = rs_nearest_name(known_section ? key : section, names, count);
    const char *what = known_section ? "there is no such key" : "there is no such section";
    if (nearest)
        rs_fail(err, RS_PRESET, "[%.60s] %.60s: %s: did you mean %s?", section, key, what, nearest);
    else
        rs_fail(err, RS_PRESET, "[%.60s] %.60s: %s: `recscope models` lists them", section, key, what);
    return NULL;
}

const struct rs_conf_value *rs_value(const struct rs_settings *settings, const struct rs_conf_row *row)
{
    static const struct rs_conf_value none;
    size_t index = row_index(settings, row);
    return index < settings->count ? &settings->value[index] : &none;
}

double rs_number(const struct rs_settings *settings, const struct rs_conf_row *row)
{
    return rs_value(settings, row)->number;
}

int64_t rs_integer(const struct rs_settings *settings, const struct rs_conf_row *row)
{
    return (int64_t)rs_value(settings, row)->number;
}

size_t rs_choice(const struct rs_settings *settings, const struct rs_conf_row *row)
{
    return (size_t)rs_value(settings, row)->number;
}

bool rs_flag(const struct rs_settings *settings, const struct rs_conf_row *row)
{
    return rs_choice(settings, row) == 1;
}

const char *rs_string(const struct rs_settings *settings, const struct rs_conf_row *row)
{
    return rs_value(settings, row)->text;
}

bool rs_settings_equal(const struct rs_settings *a, const struct rs_settings *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->value[i].text, b->value[i].text) != 0)
            return false;
    return true;
}
