#include "record_file.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "recscope/base/file.h"
#include "recscope/base/memory.h"
#include "recscope/experiment/preset.h"
#include "recscope/train/record.h"
#include "run_files.h"

/* The numbers of [result] that may be absent. */
static double *number_named(struct rs_record *record, const char *key)
{
    const struct {
        const char *key;
        double *value;
    } numbers[] = {
        {RS_RESULT_BEST_EPOCH, &record->best_epoch},        {RS_RESULT_BEST_EVAL, &record->best_eval},
        {rs_metric_name(RS_TEST_RMSE), &record->test_rmse}, {rs_metric_name(RS_TEST_MAE), &record->test_mae},
        {RS_RESULT_TRAIN_SECONDS, &record->train_seconds},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(key, numbers[i].key) == 0)
            return numbers[i].value;
    return NULL;
}

static enum rs_status take_count(uint64_t *out, const char *section, const char *key, const char *value,
                                 struct rs_error *err)
{
    int64_t count;
    if (!rs_parse_integer(value, 0, INT64_MAX, &count))
        return rs_fail(err, RS_PRESET, "[%s] %s = %.60s: not a count: a whole number", section, key, value);
    *out = (uint64_t)count;
    return RS_OK;
}

static enum rs_status take_fork(struct rs_record *record, const char *key, const char *value, struct rs_error *err)
{
    if (strcmp(key, RS_FORK_RUN) == 0)
        rs_copy_string(record->parent, sizeof record->parent, value);
    return strcmp(key, RS_FORK_EPOCH) == 0 ? take_count(&record->parent_epoch, RS_SECTION_FORK, key, value, err)
                                           : RS_OK;
}

static enum rs_status take_pair(void *context, const char *section, const char *key, const char *value,
                                struct rs_error *err)
{
    struct rs_record *record = context;
    if (strcmp(section, RS_SECTION_PROVENANCE) == 0)
        rs_provenance_take(&record->provenance, key, value);
    if (strcmp(section, RS_SECTION_FORK) == 0)
        return take_fork(record, key, value, err);
    if (strcmp(section, RS_SECTION_RESULT) != 0)
        return RS_OK;
    if (strcmp(key, RS_RESULT_REASON) == 0)
        rs_copy_string(record->reason, sizeof record->reason, value);
    else if (strcmp(key, RS_RESULT_WEIGHTS_HASH) == 0)
        rs_copy_string(record->weights_hash, sizeof record->weights_hash, value);
    else if (strcmp(key, RS_RESULT_STEPS) == 0)
        return take_count(&record->steps, section, key, value, err);
    double *number = number_named(record, key);
    if (number && !rs_parse_number(value, number))
        return rs_fail(err, RS_PRESET, "[%s] %s = %.60s: not a number", section, key, value);
    return RS_OK;
}

/* Cut bytes into lines in place. A last line without its end was being written when the run broke off: left out. */
static enum rs_status cut_lines(char ***out, size_t *count, char *bytes, size_t length, struct rs_error *err)
{
    size_t lines = 0;
    for (size_t i = 0; i < length; i++)
        lines += bytes[i] == '\n';
    enum rs_status status = rs_alloc(out, lines, sizeof **out, err);
    if (status != RS_OK)
        return status;
    char *at = bytes;
    for (size_t i = 0; i < lines; i++) {
        char *end = memchr(at, '\n', length - (size_t)(at - bytes));
        *end = '\0';
        (*out)[i] = at;
        at = end + 1;
    }
    *count = lines;
    return RS_OK;
}

/* "step,section.key,value" */
static enum rs_status parse_change(struct rs_record_change *out, const struct rs_settings *settings, char *line,
                                   struct rs_error *err)
{
    char *name = strchr(line, ',');
    char *value = name ? strchr(name + 1, ',') : NULL;
    char *key = name ? strchr(name + 1, '.') : NULL;
    int64_t step;
    if (!value || !key || key > value)
        return rs_fail(err, RS_DATA, "%.60s: not a change: step,section.key,value", line);
    *name++ = '\0';
    *key++ = '\0';
    *value++ = '\0';
    if (!rs_parse_integer(line, 1, INT64_MAX, &step) || !rs_copy_string(out->value, sizeof out->value, value))
        return rs_fail(err, RS_DATA, "%.60s: not a change: step,section.key,value", line);
    out->step = (uint64_t)step;
    out->row = rs_settings_find(settings, name, key, err);
    return out->row ? RS_OK : RS_DATA;
}

static enum rs_status read_changes(struct rs_record *record, const char *folder, struct rs_error *err)
{
    char path[RS_PATH_SIZE];
    char *bytes = NULL;
    char **line = NULL;
    size_t length = 0;
    size_t lines = 0;
    enum rs_status status = rs_path_join(path, sizeof path, folder, RS_RUN_CHANGES, err);
    if (status == RS_OK)
        status = rs_file_read(path, &bytes, &length, err);
    if (status == RS_OK)
        status = cut_lines(&line, &lines, bytes, length, err);
    if (status == RS_OK)
        status = rs_alloc(&record->change, lines, sizeof *record->change, err);
    for (size_t i = 1; i < lines && status == RS_OK; i++) { /* line 0 is the header */
        status = parse_change(&record->change[record->changes++], &record->settings, line[i], err);
        if (status != RS_OK)
            status = rs_fail_prefix(err, "%s:%zu", path, i + 1);
    }
    rs_free(line);
    rs_free(bytes);
    return status;
}

static enum rs_status read_epochs(struct rs_record *record, const char *folder, struct rs_error *err)
{
    char path[RS_PATH_SIZE];
    size_t length = 0;
    enum rs_status status = rs_path_join(path, sizeof path, folder, RS_RUN_EPOCHS, err);
    if (status == RS_OK)
        status = rs_file_read(path, &record->epochs, &length, err);
    if (status == RS_OK)
        status = cut_lines(&record->line, &record->lines, record->epochs, length, err);
    if (status == RS_OK && record->lines == 0)
        status = rs_fail(err, RS_DATA, "%s: there is no header: a record of epochs", path);
    return status;
}

enum rs_status rs_record_read(struct rs_record *out, const char *path, struct rs_error *err)
{
    *out = (struct rs_record){
        .best_epoch = NAN, .best_eval = NAN, .test_rmse = NAN, .test_mae = NAN, .train_seconds = NAN};
    char folder[RS_PATH_SIZE];
    char ini[RS_PATH_SIZE];
    if (!rs_copy_string(folder, sizeof folder, path))
        return rs_fail(err, RS_IO, "%.200s...: the path is longer than %d bytes", path, RS_PATH_SIZE - 1);
    if (!rs_is_folder(path)) { /* the folder that run.ini stands in */
        char *slash = strrchr(folder, '/');
        if (!slash)
            rs_copy_string(folder, sizeof folder, ".");
        else
            slash[slash == folder] = '\0';
    }
    struct rs_preset_visitor visitor = {.context = out, .pair = take_pair};
    enum rs_status status = rs_path_join(ini, sizeof ini, folder, RS_RUN_INI, err);
    if (status == RS_OK)
        status = rs_preset_visit(&out->settings, ini, &visitor, err);
    if (status == RS_OK)
        status = read_changes(out, folder, err);
    if (status == RS_OK)
        status = read_epochs(out, folder, err);
    return status;
}

size_t rs_record_column(const struct rs_record *record, const char *name)
{
    size_t column = 0;
    size_t length = strlen(name);
    for (const char *at = record->line[0];; column++) {
        size_t here = strcspn(at, ",");
        if (here == length && memcmp(at, name, length) == 0)
            return column;
        if (at[here] == '\0')
            return SIZE_MAX;
        at += here + 1;
    }
}

void rs_record_field(const struct rs_record *record, size_t line, size_t column, char *out, size_t size)
{
    const char *at = record->line[line];
    out[0] = '\0';
    for (; column > 0; column--) {
        at = strchr(at, ',');
        if (!at)
            return;
        at++;
    }
    snprintf(out, size, "%.*s", (int)strcspn(at, ","), at);
}

void rs_record_free(struct rs_record *record)
{
    rs_free(record->change);
    rs_free(record->line);
    rs_free(record->epochs);
    *record = (struct rs_record){0};
}
