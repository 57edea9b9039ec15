#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "recscope/base/memory.h"
#include "recscope/data/dataset.h"
#include "recscope/experiment/preset.h"
#include "recscope/models/model.h"
#include "report.h"

static enum rs_status add_row(struct rs_text *text, const struct rs_conf_row *row, struct rs_error *err)
{
    char range[256];
    rs_conf_range(row, range, sizeof range);
    return rs_text_add(text, err, "  %-28.28s %-14s %s%s%s%s\n      %s\n", row->key,
                       *row->fallback ? row->fallback : "(empty)", range, row->unit ? ", " : "",
                       row->unit ? row->unit : "", row->live ? "; acts at once while training" : "", row->help);
}

/* The settings that all models share, section by section. */
static enum rs_status add_shared(struct rs_text *text, struct rs_error *err)
{
    const char *section = "";
    enum rs_status status = RS_OK;
    for (size_t i = 0; rs_all_rows[i] && status == RS_OK; i++) {
        const struct rs_conf_row *row = rs_all_rows[i];
        if (strcmp(row->section, rs_row_model.section) == 0 && row != &rs_row_model)
            continue;
        if (strcmp(row->section, section) != 0)
            status = rs_text_add(text, err, "\n[%s]\n", row->section);
        section = row->section;
        if (status == RS_OK)
            status = add_row(text, row, err);
    }
    return status;
}

static enum rs_status add_list(struct rs_text *text, struct rs_error *err)
{
    enum rs_status status = RS_OK;
    for (size_t i = 0; rs_model_table[i] && status == RS_OK; i++)
        status = rs_text_add(text, err, "%-10s %s\n           %s\n", rs_model_table[i]->name, rs_model_table[i]->title,
                             rs_model_table[i]->summary);
    if (status == RS_OK)
        status = rs_text_add(text, err,
                             "\n`recscope models NAME` has the settings of one. Every model takes these "
                             "(default, range, meaning):\n");
    return status == RS_OK ? add_shared(text, err) : status;
}

static enum rs_status add_capabilities(struct rs_text *text, const struct rs_model_ops *model, struct rs_error *err)
{
    return rs_text_add(text, err, "trains:     a batch is so many %s; %s\n",
                       model->capabilities & RS_MODEL_BATCH_RATINGS ? "ratings" : "rows with all their ratings",
                       model->capabilities & RS_MODEL_OWN_UPDATE ? "it updates its weights itself"
                       : model->capabilities & RS_MODEL_BLOCKS
                           ? "any optimiser updates its weights, or with sampling = blocks it does itself"
                           : "any optimiser updates its weights");
}

static enum rs_status add_model(struct rs_text *text, const struct rs_model_ops *model,
                                const struct rs_settings *settings, struct rs_error *err)
{
    uint64_t users = (uint64_t)rs_integer(settings, &rs_row_world_users);
    uint64_t items = (uint64_t)rs_integer(settings, &rs_row_world_items);
    char equation[512];
    rs_model_equation(equation, sizeof equation, settings, false, sizeof equation);
    enum rs_status status = rs_text_add(text, err, "%s: %s\n%s\n\nequation:   %s\nsource:     %s\n", model->name,
                                        model->title, model->summary, equation, model->citation);
    if (status == RS_OK)
        status = add_capabilities(text, model, err);
    if (status == RS_OK)
        status = rs_text_add(text, err,
                             "parameters: %" PRIu64 " with these settings on %" PRIu64 " users x %" PRIu64
                             " items (the playground)\n\n[%s] (default, range, meaning)\n",
                             rs_model_parameters(settings, users, items), users, items, rs_row_model.section);
    for (size_t i = 0; model->rows[i] && status == RS_OK; i++)
        status = add_row(text, model->rows[i], err);
    return status;
}

static enum rs_status describe(struct rs_text *text, const char *name, const struct rs_options *options,
                               struct rs_error *err)
{
    struct rs_settings *settings = NULL;
    const struct rs_model_ops *model = rs_model_find(name);
    if (!model) {
        size_t count = 0;
        while (rs_row_model.choices[count])
            count++;
        const char *nearest = rs_nearest_name(name, rs_row_model.choices, count);
        return rs_fail(err, RS_USAGE,
                       nearest ? "%s: there is no such model: did you mean %s?"
                               : "%s: there is no such model: `recscope models` lists them%.0s",
                       name, nearest ? nearest : "");
    }
    enum rs_status status = rs_alloc(&settings, 1, sizeof *settings, err);
    if (status == RS_OK)
        status = rs_preset_default(settings, err);
    if (status == RS_OK)
        status = rs_options_apply(options, settings, err);
    if (status == RS_OK)
        status = rs_settings_parse(settings, &rs_row_model, name, err);
    if (status == RS_OK)
        status = add_model(text, model, settings, err);
    rs_free(settings);
    return status;
}

enum rs_status rs_command_models(const struct rs_options *options, struct rs_error *err)
{
    struct rs_text text = {0};
    enum rs_status status = options->words > 0 ? describe(&text, options->word[0], options, err) : add_list(&text, err);
    if (status == RS_OK)
        status = rs_report_write(stdout, &text, err);
    rs_text_free(&text);
    return status;
}
