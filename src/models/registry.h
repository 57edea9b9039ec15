/* registry.h -- declares what models.def lists; included by every model file. */
#ifndef RECSCOPE_MODELS_REGISTRY_H
#define RECSCOPE_MODELS_REGISTRY_H

#include "recscope/models/model.h"

#define MODEL(id) extern const struct rs_model_ops rs_model_##id;
#include "models.def"
#undef MODEL

#endif
