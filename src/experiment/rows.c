/* Every row of every room, in the order of a preset; and the rows that describe an experiment without changing it. */
#include "recscope/train/rows.h"
#include "recscope/data/dataset.h"
#include "recscope/experiment/preset.h"
#include "recscope/models/model.h"

const struct rs_conf_row rs_row_title = {
    .section = "experiment",
    .key = "title",
    .label = "Title",
    .type = RS_CONF_TEXT,
    .fallback = "",
    .help = "what the experiment is called",
};

const struct rs_conf_row rs_row_notes = {
    .section = "experiment",
    .key = "notes",
    .label = "Notes",
    .type = RS_CONF_TEXT,
    .fallback = "",
    .help = "what it is for",
};

const struct rs_conf_row rs_row_reference_label = {
    .section = "reference",
    .key = "label",
    .label = "Reference",
    .type = RS_CONF_TEXT,
    .fallback = "",
    .help = "what the published number belongs to: method, data and split",
};

const struct rs_conf_row rs_row_reference_rmse = {
    .section = "reference",
    .key = "rmse",
    .label = "Reference RMSE",
    .type = RS_CONF_NUMBER,
    .low = 0,
    .high = 1e6,
    .fallback = "0",
    .unit = "stars",
    .help = "the published test RMSE, drawn as a line; 0: there is none",
};

const struct rs_conf_row rs_row_reference_source = {
    .section = "reference",
    .key = "source",
    .label = "Reference source",
    .type = RS_CONF_TEXT,
    .fallback = "",
    .help = "where it was published",
};

bool rs_row_describes(const struct rs_conf_row *row)
{
    return row == &rs_row_title || row == &rs_row_notes || row == &rs_row_reference_label ||
           row == &rs_row_reference_rmse || row == &rs_row_reference_source;
}

const struct rs_conf_row *const rs_all_rows[] = {
    &rs_row_title,
    &rs_row_notes,
    &rs_row_seed,

    &rs_row_source,
    &rs_row_split,
    &rs_row_split_seed,
    &rs_row_test_fraction,
    &rs_row_eval_fraction,
    &rs_row_train_file,
    &rs_row_eval_file,
    &rs_row_test_file,
    &rs_row_min_ratings,
    &rs_row_scale,
    &rs_row_cold_rating,
    &rs_row_world,
    &rs_row_world_users,
    &rs_row_world_items,
    &rs_row_world_ratings,
    &rs_row_world_noise,
    &rs_row_world_skew,
    &rs_row_world_drift,
    &rs_row_world_seed,

    &rs_row_model,
    &rs_row_orientation,
    &rs_row_layers,
    &rs_row_hidden_activation,
    &rs_row_output_activation,
    &rs_row_dropout,
    &rs_row_input_dropout,
    &rs_row_factors,
    &rs_row_biases,
    &rs_row_products,

    &rs_row_optimizer,
    &rs_row_learning_rate,
    &rs_row_schedule,
    &rs_row_batch_size,
    &rs_row_sampling,
    &rs_row_loss_scale,
    &rs_row_lazy,
    &rs_row_epochs,
    &rs_row_l2,
    &rs_row_l2_scope,
    &rs_row_patience,
    &rs_row_tolerance,
    &rs_row_tolerance_per,
    &rs_row_refit,
    &rs_row_threads,

    &rs_row_reference_label,
    &rs_row_reference_rmse,
    &rs_row_reference_source,
    NULL,
};
