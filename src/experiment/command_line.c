#include "recscope/experiment/command_line.h"

#include <string.h>

#include "recscope/base/memory.h"
#include "recscope/experiment/preset.h"

/* What a shell takes as it stands; everything else goes between single quotes. */
#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:,=+-@%"

static enum rs_status add_quoted(struct rs_text *out, const char *word, struct rs_error *err)
{
    if (word[0] && word[strspn(word, PLAIN)] == '\0')
        return rs_text_add(out, err, "%s", word);
    enum rs_status status = rs_text_add(out, err, "'");
    while (*word && status == RS_OK) {
        size_t length = strcspn(word, "'");
        status = rs_text_add_bytes(out, word, length, err);
        word += length;
        if (*word == '\'' && status == RS_OK) {
            status = rs_text_add(out, err, "'\\''");
            word++;
        }
    }
    return status == RS_OK ? rs_text_add(out, err, "'") : status;
}

static enum rs_status add_assignment(struct rs_text *out, const struct rs_conf_row *row, const char *value,
                                     struct rs_error *err)
{
    struct rs_text word = {0};
    enum rs_status status = rs_text_add(&word, err, "%s.%s=%s", row->section, row->key, value);
    if (status == RS_OK)
        status = rs_text_add(out, err, " --set ");
    if (status == RS_OK)
        status = add_quoted(out, word.data, err);
    rs_text_free(&word);
    return status;
}

enum rs_status rs_command_line_of(struct rs_text *out, const struct rs_settings *settings, const char *preset,
                                  struct rs_error *err)
{
    struct rs_settings *base;
    enum rs_status status = rs_alloc(&base, 1, sizeof *base, err);
    if (status != RS_OK)
        return status;
    status = rs_preset_read(base, preset, err);
    if (status == RS_OK)
        status = rs_text_add(out, err, "recscope train ");
    if (status == RS_OK)
        status = add_quoted(out, preset, err);
    for (size_t i = 0; i < settings->count && status == RS_OK; i++)
        if (strcmp(settings->value[i].text, base->value[i].text) != 0)
            status = add_assignment(out, settings->rows[i], settings->value[i].text, err);
    rs_free(base);
    return status;
}
