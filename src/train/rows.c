/* The rows of [train], and the seed of [experiment]. */
#include "recscope/train/rows.h"

#include "optimizer.h"
#include "sampler.h"

static const char *const loss_scales[] = {"sum", "mean", NULL};
static const char *const l2_scopes[] = {"total", "ratings", NULL};
static const char *const tolerance_periods[] = {"epoch", "step", NULL};
static const char *const schedules[] = {"constant", "linear", NULL};

static bool tolerance_is_on(const struct rs_settings *settings)
{
    return rs_number(settings, &rs_row_tolerance) > 0;
}

static bool steps_in_batches(const struct rs_settings *settings)
{
    return rs_choice(settings, &rs_row_sampling) != RS_SAMPLING_BLOCKS;
}

const struct rs_conf_row rs_row_seed = {
    .section = "experiment",
    .key = "seed",
    .label = "Seed",
    .type = RS_CONF_INTEGER,
    .low = 0,
    .high = 9007199254740991,
    .fallback = "1",
    .help = "decides weights, order and dropout; the split has its own split_seed",
};

const struct rs_conf_row rs_row_optimizer = {
    .section = "train",
    .key = "optimizer",
    .label = "Optimizer",
    .type = RS_CONF_CHOICE,
    .fallback = "adam",
    .choices = rs_optimizer_names,
    .help = "how a gradient becomes a step; rprop wants batch_size = 0, row_adagrad is for blocks",
};

const struct rs_conf_row rs_row_learning_rate = {
    .section = "train",
    .key = "learning_rate",
    .label = "Learning rate",
    .type = RS_CONF_NUMBER,
    .low = 1e-9,
    .high = 100,
    .fallback = "0.001",
    .unit = "per step",
    .live = true,
    .logarithmic = true,
    .help = "size of a step (of rprop: of the first step)",
};

const struct rs_conf_row rs_row_schedule = {
    .section = "train",
    .key = "schedule",
    .label = "Schedule",
    .type = RS_CONF_CHOICE,
    .fallback = "constant",
    .choices = schedules,
    .help = "linear: the learning rate falls to nothing over the epochs",
};

const struct rs_conf_row rs_row_batch_size = {
    .section = "train",
    .key = "batch_size",
    .label = "Batch",
    .type = RS_CONF_INTEGER,
    .low = 0,
    .high = 1e9,
    .fallback = "128",
    .unit = "rows, or ratings for mf",
    .live = true,
    .logarithmic = true,
    .step = 2,
    .applies = steps_in_batches,
    .help = "rows (autorec) or ratings (mf) in a step; 0: all, plain gradient descent",
};

const struct rs_conf_row rs_row_sampling = {
    .section = "train",
    .key = "sampling",
    .label = "Sampling",
    .type = RS_CONF_CHOICE,
    .fallback = "shuffle",
    .choices = rs_sampling_names,
    .help = "shuffle: walk through an epoch; random: draw each batch (the lecture); blocks: one rating at a time (mf)",
};

const struct rs_conf_row rs_row_loss_scale = {
    .section = "train",
    .key = "loss_scale",
    .label = "Loss scale",
    .type = RS_CONF_CHOICE,
    .fallback = "sum",
    .choices = loss_scales,
    .applies = steps_in_batches,
    .help = "sum: a step takes the sum over the batch (the lecture); mean: divided by its ratings",
};

const struct rs_conf_row rs_row_lazy = {
    .section = "train",
    .key = "lazy",
    .label = "Lazy",
    .type = RS_CONF_CHOICE,
    .fallback = "yes",
    .choices = rs_no_yes,
    .applies = steps_in_batches,
    .help = "yes: weight rows without a rating in the batch are left alone by moments and penalty",
};

const struct rs_conf_row rs_row_epochs = {
    .section = "train",
    .key = "epochs",
    .label = "Epochs",
    .type = RS_CONF_INTEGER,
    .low = 1,
    .high = 1e6,
    .fallback = "60",
    .logarithmic = true,
    .help = "at most so many walks through the training data",
};

const struct rs_conf_row rs_row_l2 = {
    .section = "train",
    .key = "l2",
    .label = "L2",
    .type = RS_CONF_NUMBER,
    .low = 0,
    .high = 1e6,
    .fallback = "0",
    .logarithmic = true,
    .help = "lambda: J = sum of squared errors + lambda/2 |w|^2",
};

const struct rs_conf_row rs_row_l2_scope = {
    .section = "train",
    .key = "l2_scope",
    .label = "L2 scope",
    .type = RS_CONF_CHOICE,
    .fallback = "total",
    .choices = l2_scopes,
    .help = "total: lambda once an epoch; ratings: lambda for every rating that uses the row",
};

const struct rs_conf_row rs_row_patience = {
    .section = "train",
    .key = "patience",
    .label = "Patience",
    .type = RS_CONF_INTEGER,
    .low = 0,
    .high = 1e6,
    .fallback = "0",
    .unit = "epochs",
    .help = "stop after so many epochs without a better eval RMSE; 0: never",
};

const struct rs_conf_row rs_row_tolerance = {
    .section = "train",
    .key = "tolerance",
    .label = "Tolerance",
    .type = RS_CONF_NUMBER,
    .low = 0,
    .high = 1,
    .fallback = "0",
    .logarithmic = true,
    .step = 10,
    .help = "stop when |w' - w| / |w| is at most this (the lecture: 0.001); 0: never",
};

const struct rs_conf_row rs_row_tolerance_per = {
    .section = "train",
    .key = "tolerance_per",
    .label = "Tolerance per",
    .type = RS_CONF_CHOICE,
    .fallback = "epoch",
    .choices = tolerance_periods,
    .applies = tolerance_is_on,
    .help = "the change of a whole epoch, or of each step (the lecture's literal rule)",
};

const struct rs_conf_row rs_row_refit = {
    .section = "train",
    .key = "refit",
    .label = "Refit",
    .type = RS_CONF_CHOICE,
    .fallback = "no",
    .choices = rs_no_yes,
    .help = "yes: train once more on train + eval for the number of epochs that eval chose, then test",
};

const struct rs_conf_row rs_row_threads = {
    .section = "train",
    .key = "threads",
    .label = "Threads",
    .type = RS_CONF_INTEGER,
    .low = 1,
    .high = 256,
    .fallback = "2",
    .help = "threads that share the work; the curve is the same at any number",
};
