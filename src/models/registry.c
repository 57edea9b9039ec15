#include "registry.h"

#include <string.h>

#include "recscope/base/memory.h"

const struct rs_model_ops *const rs_model_table[] = {
#define MODEL(id) &rs_model_##id,
#include "models.def"
#undef MODEL
    NULL,
};

const struct rs_model_ops *rs_model_find(const char *name)
{
    for (size_t i = 0; rs_model_table[i]; i++)
        if (strcmp(rs_model_table[i]->name, name) == 0)
            return rs_model_table[i];
    return NULL;
}

const struct rs_model_ops *rs_model_chosen(const struct rs_settings *settings)
{
    return rs_model_table[rs_choice(settings, &rs_row_model)]; /* choices and table come from models.def alike */
}

enum rs_status rs_model_create(struct rs_model **out, const struct rs_model_env *env, struct rs_error *err)
{
    *out = NULL;
    const struct rs_model_ops *ops = rs_model_chosen(env->settings);
    struct rs_model *model;
    enum rs_status status = rs_alloc(&model, 1, ops->size, err);
    if (status != RS_OK)
        return status;
    model->ops = ops;
    status = ops->build(model, env, err);
    if (status != RS_OK) {
        rs_model_free(model);
        return status;
    }
    *out = model;
    return RS_OK;
}

void rs_model_free(struct rs_model *model)
{
    if (!model)
        return;
    model->ops->free(model);
    rs_free(model);
}

uint64_t rs_model_parameters(const struct rs_settings *settings, uint64_t users, uint64_t items)
{
    struct rs_shape shape[RS_SHAPES_MOST];
    size_t count = rs_model_chosen(settings)->shapes(settings, users, items, shape);
    uint64_t weights = 0;
    for (size_t i = 0; i < count; i++)
        weights += shape[i].rows * shape[i].columns;
    return weights;
}

uint64_t rs_model_padded(const struct rs_settings *settings, uint64_t users, uint64_t items, uint64_t *kept)
{
    struct rs_shape shape[RS_SHAPES_MOST];
    size_t count = rs_model_chosen(settings)->shapes(settings, users, items, shape);
    uint64_t weights = 0;
    uint64_t gradients = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t size = shape[i].rows * rs_padded((size_t)shape[i].columns);
        weights += size;
        gradients += shape[i].kept ? size : 0;
    }
    if (kept)
        *kept = gradients;
    return weights;
}

bool rs_row_applies(const struct rs_settings *settings, const struct rs_conf_row *row)
{
    if (row->applies && !row->applies(settings))
        return false;
    if (row == &rs_row_model || strcmp(row->section, rs_row_model.section) != 0)
        return true;
    const struct rs_conf_row *const *used = rs_model_chosen(settings)->rows;
    for (; *used; used++)
        if (*used == row)
            return true;
    return false;
}
