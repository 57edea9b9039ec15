/* The rows of [model]. They stand here once; each model lists the ones it uses. */
#include "recscope/linalg/activation.h"
#include "registry.h"

#define SECTION "model"

static const char *const model_names[] = {
#define MODEL(id) #id,
#include "models.def"
#undef MODEL
    NULL,
};

static const char *const orientations[] = {"item", "user", NULL};

const struct rs_conf_row rs_row_model = {
    .section = SECTION,
    .key = "name",
    .label = "Model",
    .type = RS_CONF_CHOICE,
    .fallback = "autorec",
    .choices = model_names,
    .help = "what learns: `recscope models` describes them",
};

const struct rs_conf_row rs_row_orientation = {
    .section = SECTION,
    .key = "orientation",
    .label = "Orientation",
    .type = RS_CONF_CHOICE,
    .fallback = "item",
    .choices = orientations,
    .help = "item: a row is an item's ratings over all users; user: a user's over all items",
};

const struct rs_conf_row rs_row_layers = {
    .section = SECTION,
    .key = "layers",
    .label = "Layers",
    .type = RS_CONF_LIST,
    .low = 1,
    .high = 65536,
    .fallback = "500",
    .unit = "units",
    .help = "widths of the hidden layers, with commas: 500 or 500,250,500",
};

static const char *const products[] = {"auto", "sparse", "dense", NULL};

const struct rs_conf_row rs_row_products = {
    .section = SECTION,
    .key = "products",
    .label = "Products",
    .type = RS_CONF_CHOICE,
    .fallback = "auto",
    .choices = products,
    .help = "how cells meet weights: sparse kernels, dense BLAS products, or (auto) what is faster for the data",
};

const struct rs_conf_row rs_row_hidden_activation = {
    .section = SECTION,
    .key = "hidden_activation",
    .label = "Hidden",
    .type = RS_CONF_CHOICE,
    .fallback = "sigmoid",
    .choices = rs_activation_names,
    .help = "activation of the hidden layers (g in the paper)",
};

const struct rs_conf_row rs_row_output_activation = {
    .section = SECTION,
    .key = "output_activation",
    .label = "Output",
    .type = RS_CONF_CHOICE,
    .fallback = "identity",
    .choices = rs_activation_names,
    .help = "activation of the output (f in the paper); sigmoid and tanh are moved to the rating scale",
};

const struct rs_conf_row rs_row_dropout = {
    .section = SECTION,
    .key = "dropout",
    .label = "Dropout",
    .type = RS_CONF_NUMBER,
    .low = 0,
    .high = 0.95,
    .fallback = "0",
    .unit = "share of units",
    .live = true,
    .step = 0.1,
    .help = "share of hidden units that are switched off in each step",
};

const struct rs_conf_row rs_row_input_dropout = {
    .section = SECTION,
    .key = "input_dropout",
    .label = "Input dropout",
    .type = RS_CONF_NUMBER,
    .low = 0,
    .high = 0.95,
    .fallback = "0",
    .unit = "share of ratings",
    .live = true,
    .step = 0.1,
    .help = "share of the input's ratings that are hidden from the encoder in each step",
};

const struct rs_conf_row rs_row_factors = {
    .section = SECTION,
    .key = "factors",
    .label = "Factors",
    .type = RS_CONF_INTEGER,
    .low = 1,
    .high = 65536,
    .fallback = "40",
    .unit = "columns",
    .logarithmic = true,
    .step = 2,
    .help = "latent dimension k: length of each user's and item's vector",
};

const struct rs_conf_row rs_row_biases = {
    .section = SECTION,
    .key = "biases",
    .label = "Biases",
    .type = RS_CONF_CHOICE,
    .fallback = "yes",
    .choices = rs_no_yes,
    .help = "add the global mean and a bias of each user and item",
};
