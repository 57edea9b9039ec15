#include "recscope/experiment/preset.h"

#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lines.h"
#include "recscope/base/file.h"
#include "recscope/base/memory.h"
#include "recscope/models/model.h"

struct reading {
    struct rs_settings *settings;
    const struct rs_preset_visitor *visitor;
    struct rs_ini_lines lines;
    size_t given_at[RS_CONF_ROWS_MAX]; /* line of each row, 0: not given */
};

static bool is_rest(const char *section)
{
    static const char *const names[] = {RS_SECTION_SWEEP, RS_SECTION_PROVENANCE, RS_SECTION_FORK, RS_SECTION_RESULT,
                                        RS_SECTION_LABEL};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(section, names[i]) == 0)
            return true;
    return false;
}

static enum rs_status check_section(void *context, const char *section, struct rs_error *err)
{
    const struct reading *reading = context;
    const char *names[RS_CONF_ROWS_MAX + 1];
    size_t count = 0;
    for (size_t i = 0; i < reading->settings->count; i++) {
        names[count++] = reading->settings->rows[i]->section;
        if (strcmp(section, names[i]) == 0)
            return RS_OK;
    }
    names[count++] = RS_SECTION_SWEEP;
    if (is_rest(section))
        return RS_OK;
    const char *nearest = rs_nearest_name(section, names, count);
    if (nearest)
        return rs_fail(err, RS_PRESET, "[%s]: there is no such section: did you mean [%s]?", section, nearest);
    return rs_fail(err, RS_PRESET, "[%s]: there is no such section: experiment, data, model, train, sweep, reference",
                   section);
}

/* "section.key": its row, or NULL with a message. */
static const struct rs_conf_row *find_dotted(const struct rs_settings *settings, const char *name, struct rs_error *err)
{
    char section[64];
    const char *dot = strchr(name, '.');
    size_t length = dot ? (size_t)(dot - name) : 0;
    if (length == 0 || length >= sizeof section) {
        rs_fail(err, RS_PRESET, "%.60s: not a setting's name: section.key, as in train.learning_rate", name);
        return NULL;
    }
    memcpy(section, name, length);
    section[length] = '\0';
    return rs_settings_find(settings, section, dot + 1, err);
}

/* A pair of a section that holds no settings. */
static enum rs_status take_rest(struct reading *reading, const char *section, const char *key, const char *value,
                                struct rs_error *err)
{
    if (strcmp(section, RS_SECTION_SWEEP) == 0) {
        if (!find_dotted(reading->settings, key, err))
            return rs_fail_prefix(err, "[%s] %.60s", section, key);
        if (value[0] == '\0')
            return rs_fail(err, RS_PRESET, "[%s] %s = : no value to try: values with blanks between", section, key);
    }
    const struct rs_preset_visitor *visitor = reading->visitor;
    return visitor ? visitor->pair(visitor->context, section, key, value, err) : RS_OK;
}

static enum rs_status take_setting(struct reading *reading, const char *section, const char *key, const char *value,
                                   struct rs_error *err)
{
    if (section[0] == '\0')
        return rs_fail(err, RS_PRESET, "%.60s = %.100s: a key before any section: [section] on a line above", key,
                       value);
    const struct rs_conf_row *row = rs_settings_find(reading->settings, section, key, err);
    if (!row)
        return RS_PRESET;
    size_t index = 0;
    while (reading->settings->rows[index] != row)
        index++;
    if (reading->given_at[index])
        return rs_fail(err, RS_PRESET, "[%s] %s = %.100s: already given on line %zu: once", section, key, value,
                       reading->given_at[index]);
    reading->given_at[index] = reading->lines.line;
    return rs_settings_parse(reading->settings, row, value, err);
}

/* What inih calls for each pair; 0 is an error. inih would go on after one: the line reader ends the file there. */
static int take_pair(void *context, const char *section, const char *key, const char *value)
{
    struct reading *reading = context;
    struct rs_ini_lines *lines = &reading->lines;
    lines->status = is_rest(section) ? take_rest(reading, section, key, value, lines->err)
                                     : take_setting(reading, section, key, value, lines->err);
    if (lines->status != RS_OK)
        lines->status = rs_fail_prefix(lines->err, "%s:%zu", lines->name, lines->line);
    return lines->status == RS_OK;
}

static enum rs_status parse(struct rs_settings *out, const char *bytes, size_t length, const char *name,
                            const struct rs_preset_visitor *visitor, struct rs_error *err)
{
    struct rs_error unheard = {0};
    err = err ? err : &unheard;
    struct reading reading = {.settings = out, .visitor = visitor};
    enum rs_status status = rs_preset_default(out, err);
    if (status != RS_OK)
        return status;
    rs_ini_start(&reading.lines, bytes, length, name, err);
    reading.lines.section = check_section;
    reading.lines.context = &reading;
    int result = ini_parse_stream(rs_ini_next, &reading.lines, take_pair, &reading);
    if (reading.lines.status != RS_OK)
        return reading.lines.status;
    if (result != 0) /* not reached: the line reader refuses what inih would */
        return rs_fail(err, RS_PRESET, "%s:%d: cannot be read: key = value", name, result);
    return RS_OK;
}

enum rs_status rs_preset_default(struct rs_settings *out, struct rs_error *err)
{
    return rs_settings_init(out, rs_all_rows, err);
}

enum rs_status rs_preset_parse(struct rs_settings *out, const char *bytes, size_t length, const char *name,
                               struct rs_error *err)
{
    return parse(out, bytes, length, name, NULL, err);
}

/* ---- finding a preset ---------------------------------------------------------------------------------------------
 */

#ifndef RS_DATADIR
#define RS_DATADIR "/usr/local/share/recscope"
#endif
#define PLAYGROUND "playground"

bool rs_preset_folder(char out[RS_PATH_SIZE], enum rs_preset_place place)
{
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    const char *installed = getenv("RECSCOPE_DATADIR");
    int used = -1;
    if (place == RS_PRESETS_HERE)
        used = snprintf(out, RS_PATH_SIZE, "presets");
    else if (place == RS_PRESETS_INSTALLED)
        used = snprintf(out, RS_PATH_SIZE, "%s/presets", installed && installed[0] ? installed : RS_DATADIR);
    else if (data && data[0] == '/')
        used = snprintf(out, RS_PATH_SIZE, "%s/recscope/presets", data);
    else if (home)
        used = snprintf(out, RS_PATH_SIZE, "%s/.local/share/recscope/presets", home);
    return used > 0 && used < RS_PATH_SIZE;
}

/* A name without a slash may be that of a preset in one of the folders. */
static bool find_named(char out[RS_PATH_SIZE], const char *name)
{
    char folder[RS_PATH_SIZE];
    if (strchr(name, '/') || name[0] == '\0')
        return false;
    for (int place = 0; place < RS_PRESET_PLACES; place++) {
        if (!rs_preset_folder(folder, (enum rs_preset_place)place))
            continue;
        int used = snprintf(out, RS_PATH_SIZE, "%s/%s.ini", folder, name);
        if (used > 0 && used < RS_PATH_SIZE && rs_is_file(out))
            return true;
    }
    return false;
}

static enum rs_status missing(const char *path, struct rs_error *err)
{
    static const char *const shipped[] = {PLAYGROUND, "autorec-ml100k", "autorec-ml1m", "mf-ml100k", "mf-ml1m", "ice1"};
    const char *nearest = rs_nearest_name(path, shipped, sizeof shipped / sizeof *shipped);
    if (nearest)
        return rs_fail(err, RS_PRESET, "%s: there is no such preset: did you mean %s?", path, nearest);
    return rs_fail(err, RS_PRESET, "%s: there is no such preset: a file, or the name of one: playground", path);
}

enum rs_status rs_preset_visit(struct rs_settings *out, const char *path, const struct rs_preset_visitor *visitor,
                               struct rs_error *err)
{
    char found[RS_PATH_SIZE];
    const char *file = path;
    bool exists = access(path, F_OK) == 0; /* a pipe will do as well as a file */
    if (rs_is_folder(path))
        return rs_fail(err, RS_PRESET, "%s: this is a folder: the file of a preset", path);
    if (!exists && find_named(found, path))
        file = found;
    else if (!exists && strcmp(path, PLAYGROUND) == 0)
        return rs_preset_default(out, err);
    else if (!exists)
        return missing(path, err);
    char *bytes = NULL;
    size_t length = 0;
    enum rs_status status = rs_file_read(file, &bytes, &length, err);
    if (status == RS_IO)
        status = rs_fail_prefix(err, "the preset cannot be read");
    if (status == RS_OK)
        status = parse(out, bytes, length, file, visitor, err);
    rs_free(bytes);
    return status;
}

enum rs_status rs_preset_read(struct rs_settings *out, const char *path, struct rs_error *err)
{
    return rs_preset_visit(out, path, NULL, err);
}

/* ---- writing ------------------------------------------------------------------------------------------------------
 */

/* A text that no line of a preset can hold would not be the same when it is read back. */
static enum rs_status check_text(const struct rs_conf_row *row, const char *text, struct rs_error *err)
{
    size_t length = strlen(text);
    size_t most = RS_LINE_MOST - strlen(row->key) - strlen("=");
    const char *reason = NULL;
    if (length == 0)
        return RS_OK;
    if (length > most)
        return rs_fail(err, RS_PRESET, "[%s] %s = %.60s...: %zu bytes do not fit on a preset's line: at most %zu",
                       row->section, row->key, text, length, most);
    if (strchr(" \t", text[0]) || strchr(" \t", text[length - 1]))
        reason = "a preset keeps no blanks at the ends of a value: without them";
    else if (strstr(text, " ;") || strstr(text, "\t;"))
        reason = "a semicolon behind a blank starts a comment in a preset: another sign";
    else if (!rs_is_utf8(text, length))
        reason = "not UTF-8: text in UTF-8";
    return reason ? rs_fail(err, RS_PRESET, "[%s] %s = %.100s: %s", row->section, row->key, text, reason) : RS_OK;
}

enum rs_status rs_preset_assign(struct rs_settings *settings, const char *assignment, struct rs_error *err)
{
    char name[128];
    const char *equals = strchr(assignment, '=');
    size_t length = equals ? (size_t)(equals - assignment) : 0;
    if (length == 0 || length >= sizeof name)
        return rs_fail(err, RS_USAGE, "%.100s: not an assignment: section.key=value, as in train.learning_rate=0.001",
                       assignment);
    memcpy(name, assignment, length);
    name[length] = '\0';
    const struct rs_conf_row *row = find_dotted(settings, name, err);
    if (!row)
        return RS_PRESET;
    enum rs_status status = check_text(row, equals + 1, err);
    return status == RS_OK ? rs_settings_parse(settings, row, equals + 1, err) : status;
}

/* With blanks around the sign, but for what only fits, or only is no comment, without them. */
static enum rs_status add_pair(struct rs_text *out, const char *key, const char *text, struct rs_error *err)
{
    bool tight = text[0] == ';' || strlen(key) + strlen(" = ") + strlen(text) > RS_LINE_MOST;
    const char *sign = tight ? "=" : *text ? " = " : " =";
    return rs_text_add(out, err, "%s%s%s\n", key, sign, text);
}

static enum rs_status format(struct rs_text *out, const struct rs_settings *settings, const bool *wanted,
                             struct rs_error *err)
{
    const char *section = "";
    enum rs_status status = RS_OK;
    for (size_t i = 0; i < settings->count && status == RS_OK; i++) {
        const struct rs_conf_row *row = settings->rows[i];
        if (!wanted[i])
            continue;
        status = check_text(row, settings->value[i].text, err);
        if (status == RS_OK && strcmp(section, row->section) != 0)
            status = rs_text_add(out, err, "%s[%s]\n", *section ? "\n" : "", row->section);
        section = row->section;
        if (status == RS_OK)
            status = add_pair(out, row->key, settings->value[i].text, err);
    }
    return status;
}

/* Which rows to write: those that differ from their default, and the given ones or all that have a meaning. */
static enum rs_status choose(bool wanted[RS_CONF_ROWS_MAX], const struct rs_settings *settings, bool full,
                             struct rs_error *err)
{
    struct rs_settings *plain = NULL;
    enum rs_status status = rs_alloc(&plain, 1, sizeof *plain, err);
    if (status == RS_OK)
        status = rs_settings_init(plain, settings->rows, err);
    for (size_t i = 0; i < settings->count && status == RS_OK; i++) {
        const struct rs_conf_value *value = &settings->value[i];
        wanted[i] = value->given || strcmp(value->text, plain->value[i].text) != 0 ||
                    (full && rs_row_applies(settings, settings->rows[i]));
    }
    rs_free(plain);
    return status;
}

enum rs_status rs_preset_format(struct rs_text *out, const struct rs_settings *settings, struct rs_error *err)
{
    bool wanted[RS_CONF_ROWS_MAX] = {false};
    enum rs_status status = choose(wanted, settings, false, err);
    return status == RS_OK ? format(out, settings, wanted, err) : status;
}

enum rs_status rs_preset_format_full(struct rs_text *out, const struct rs_settings *settings, struct rs_error *err)
{
    bool wanted[RS_CONF_ROWS_MAX] = {false};
    enum rs_status status = choose(wanted, settings, true, err);
    return status == RS_OK ? format(out, settings, wanted, err) : status;
}

enum rs_status rs_preset_write(const char *path, const struct rs_settings *settings, struct rs_error *err)
{
    struct rs_text text = {0};
    enum rs_status status = rs_preset_format(&text, settings, err);
    if (status == RS_OK)
        status = rs_file_write(path, text.length ? text.data : "", text.length, err);
    rs_text_free(&text);
    return status;
}
