/* The rows of [data]. */
#include <string.h>

#include "builtin.h"
#include "recscope/data/dataset.h"
#include "split.h"
#include "world.h"

#define SEED_MOST 9007199254740991.0 /* 2^53 - 1: whole numbers that a double holds */

static const char *const splits[] = {[RS_SPLIT_RANDOM] = "random",
                                     [RS_SPLIT_FILE] = "file",
                                     [RS_SPLIT_TIME] = "time",
                                     [RS_SPLIT_PER_USER] = "per-user",
                                     NULL};
static const char *const worlds[] = {[RS_WORLD_NONLINEAR] = "nonlinear", [RS_WORLD_BILINEAR] = "bilinear", NULL};

static bool by_file(const struct rs_settings *settings)
{
    return rs_choice(settings, &rs_row_split) == RS_SPLIT_FILE;
}

static bool not_by_file(const struct rs_settings *settings)
{
    return !by_file(settings);
}

static bool eval_is_drawn(const struct rs_settings *settings)
{
    return !by_file(settings) || rs_string(settings, &rs_row_eval_file)[0] == '\0';
}

static bool seed_is_used(const struct rs_settings *settings)
{
    size_t split = rs_choice(settings, &rs_row_split);
    return split == RS_SPLIT_RANDOM || (split == RS_SPLIT_FILE && eval_is_drawn(settings));
}

static bool from_file(const struct rs_settings *settings)
{
    return !rs_builtin_named(rs_string(settings, &rs_row_source));
}

static bool playground(const struct rs_settings *settings)
{
    return strcmp(rs_string(settings, &rs_row_source), RS_BUILTIN_PLAYGROUND) == 0;
}

const struct rs_conf_row rs_row_source = {
    .section = "data",
    .key = "source",
    .label = "data",
    .type = RS_CONF_TEXT,
    .fallback = RS_BUILTIN_PLAYGROUND,
    .help = "a file of ratings, a folder in a MovieLens layout, builtin:playground or builtin:ice1",
};

const struct rs_conf_row rs_row_split = {
    .section = "data",
    .key = "split",
    .label = "split",
    .type = RS_CONF_CHOICE,
    .fallback = "random",
    .choices = splits,
    .help = "how ratings are divided: random, by given files, the latest last, or each user's latest last",
};

const struct rs_conf_row rs_row_split_seed = {
    .section = "data",
    .key = "split_seed",
    .label = "split seed",
    .type = RS_CONF_INTEGER,
    .low = 0,
    .high = SEED_MOST,
    .fallback = "1",
    .applies = seed_is_used,
    .help = "decides the split alone; [experiment] seed decides everything else",
};

const struct rs_conf_row rs_row_test_fraction = {
    .section = "data",
    .key = "test_fraction",
    .label = "test share",
    .type = RS_CONF_NUMBER,
    .low = 0,
    .high = 0.95,
    .fallback = "0.1",
    .step = 0.05,
    .applies = not_by_file,
    .help = "share of all ratings kept for the one test at the end",
};

const struct rs_conf_row rs_row_eval_fraction = {
    .section = "data",
    .key = "eval_fraction",
    .label = "eval share",
    .type = RS_CONF_NUMBER,
    .low = 0,
    .high = 0.95,
    .fallback = "0.1",
    .step = 0.05,
    .applies = eval_is_drawn,
    .help = "share of what the test leaves, on which the epoch is chosen",
};

const struct rs_conf_row rs_row_train_file = {
    .section = "data",
    .key = "train_file",
    .label = "train file",
    .type = RS_CONF_TEXT,
    .fallback = "",
    .applies = by_file,
    .help = "ratings to train on, in the source folder, such as u1.base",
};

const struct rs_conf_row rs_row_eval_file = {
    .section = "data",
    .key = "eval_file",
    .label = "eval file",
    .type = RS_CONF_TEXT,
    .fallback = "",
    .applies = by_file,
    .help = "ratings on which the epoch is chosen; empty: eval_fraction of the train file",
};

const struct rs_conf_row rs_row_test_file = {
    .section = "data",
    .key = "test_file",
    .label = "test file",
    .type = RS_CONF_TEXT,
    .fallback = "",
    .applies = by_file,
    .help = "ratings for the one test at the end, such as u1.test",
};

const struct rs_conf_row rs_row_min_ratings = {
    .section = "data",
    .key = "min_ratings",
    .label = "min ratings",
    .type = RS_CONF_INTEGER,
    .low = 1,
    .high = 1e6,
    .fallback = "1",
    .unit = "ratings",
    .help = "users and items with fewer are dropped, until all that are left have as many",
};

const struct rs_conf_row rs_row_scale = {
    .section = "data",
    .key = "scale",
    .label = "scale",
    .type = RS_CONF_TEXT,
    .fallback = "auto",
    .unit = "stars",
    .applies = from_file,
    .help = "auto: of the format or taken from the data; or LOW,HIGH,STEP, as in 1,5,1",
};

const struct rs_conf_row rs_row_cold_rating = {
    .section = "data",
    .key = "cold_rating",
    .label = "cold rating",
    .type = RS_CONF_TEXT,
    .fallback = RS_COLD_MEAN,
    .unit = "stars",
    .help = "prediction for a user or item without a training rating: mean (of train), or a number such as 3",
};

const struct rs_conf_row rs_row_world = {
    .section = "data",
    .key = "world",
    .label = "world",
    .type = RS_CONF_CHOICE,
    .fallback = "nonlinear",
    .choices = worlds,
    .applies = playground,
    .help = "the truth behind the generated ratings: nonlinear, or bilinear as matrix factorisation supposes",
};

const struct rs_conf_row rs_row_world_users = {
    .section = "data",
    .key = "world_users",
    .label = "world users",
    .type = RS_CONF_INTEGER,
    .low = 1,
    .high = 200000,
    .fallback = "943",
    .unit = "users",
    .logarithmic = true,
    .applies = playground,
    .help = "users of the generated data",
};

const struct rs_conf_row rs_row_world_items = {
    .section = "data",
    .key = "world_items",
    .label = "world items",
    .type = RS_CONF_INTEGER,
    .low = 1,
    .high = 200000,
    .fallback = "1682",
    .unit = "items",
    .logarithmic = true,
    .applies = playground,
    .help = "items of the generated data",
};

const struct rs_conf_row rs_row_world_ratings = {
    .section = "data",
    .key = "world_ratings",
    .label = "world ratings",
    .type = RS_CONF_INTEGER,
    .low = 1,
    .high = 5e7,
    .fallback = "100000",
    .unit = "ratings",
    .logarithmic = true,
    .applies = playground,
    .help = "ratings of the generated data: at least one a user and an item, at most half of all cells",
};

const struct rs_conf_row rs_row_world_noise = {
    .section = "data",
    .key = "world_noise",
    .label = "world noise",
    .type = RS_CONF_NUMBER,
    .low = 0,
    .high = 3,
    .fallback = "0.7",
    .unit = "stars",
    .step = 0.1,
    .applies = playground,
    .help = "standard deviation of what no model can know, before rounding to stars",
};

const struct rs_conf_row rs_row_world_skew = {
    .section = "data",
    .key = "world_skew",
    .label = "world skew",
    .type = RS_CONF_NUMBER,
    .low = 0,
    .high = 2,
    .fallback = "1",
    .step = 0.1,
    .applies = playground,
    .help = "how unequal popularity is: 0 none, 1 like films, 2 extreme",
};

const struct rs_conf_row rs_row_world_drift = {
    .section = "data",
    .key = "world_drift",
    .label = "world drift",
    .type = RS_CONF_NUMBER,
    .low = 0,
    .high = 2,
    .fallback = "0.1",
    .unit = "stars",
    .step = 0.1,
    .applies = playground,
    .help = "how far the worth of an item drifts from the first day to the last",
};

const struct rs_conf_row rs_row_world_seed = {
    .section = "data",
    .key = "world_seed",
    .label = "world seed",
    .type = RS_CONF_INTEGER,
    .low = 0,
    .high = SEED_MOST,
    .fallback = "1",
    .applies = playground,
    .help = "decides the generated data alone",
};
