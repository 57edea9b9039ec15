/* record.h -- what training tells: the start, each batch, each epoch, each live change, the end.
 *
 * Observers get these on the training thread. A metric that was not measured is absent: its bit in `has` is clear.
 * Units : RMSE and MAE in rating units (stars), times in seconds.
 */
#ifndef RECSCOPE_TRAIN_RECORD_H
#define RECSCOPE_TRAIN_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "recscope/base/hash.h"
#include "recscope/base/settings.h"
#include "recscope/data/dataset.h"

/* The metrics of an epoch and of the end; XX(id, name in JSON and csv, unit, lower is better). */
#define RS_METRIC_MAP(XX)                                                                                              \
    XX(TRAIN_RMSE, "train_rmse", "stars", true)                                                                        \
    XX(EVAL_RMSE, "eval_rmse", "stars", true)                                                                          \
    XX(EVAL_MAE, "eval_mae", "stars", true)                                                                            \
    XX(TEST_RMSE, "test_rmse", "stars", true)                                                                          \
    XX(TEST_MAE, "test_mae", "stars", true)

enum rs_metric {
#define RS_METRIC_ENUM(id, name, unit, lower) RS_##id,
    RS_METRIC_MAP(RS_METRIC_ENUM)
#undef RS_METRIC_ENUM
        RS_METRICS
};

struct rs_metrics {
    unsigned has; /* bit 1 << enum rs_metric */
    double value[RS_METRICS];
};

const char *rs_metric_name(enum rs_metric metric);
const char *rs_metric_unit(enum rs_metric metric);

enum rs_phase { RS_PHASE_SEARCH, RS_PHASE_REFIT };

struct rs_start_record {
    const struct rs_settings *settings; /* valid during the call */
    const struct rs_dataset *dataset;
    enum rs_phase phase;
    uint64_t parameters;        /* weights of the model */
    uint64_t train, eval, test; /* cells of each part as used in this phase */
    uint64_t steps_per_epoch;
    uint64_t measured_train;   /* cells that train_rmse is measured on; train, or a sample above 2 million */
    double baseline_mean;      /* RMSE on eval (test where there is no eval) of the global mean of train */
    double baseline_user_item; /* of user mean + item mean - global mean */
    double noise_floor;        /* 0: not known */
    uint64_t cold;             /* eval and test cells whose user or item has no training rating */
    const char *path;          /* "sparse", "dense" */
};

struct rs_batch_record {
    uint64_t step;  /* 1-based, over the whole run */
    uint64_t epoch; /* 1-based */
    double loss;    /* mean squared error of the batch's cells, dropout on */
    uint64_t cells; /* ratings in it */
};

struct rs_epoch_record {
    enum rs_phase phase;
    uint64_t epoch;      /* 1-based */
    uint64_t step;       /* steps so far */
    double seconds;      /* training time of this epoch */
    double eval_seconds; /* time measuring took */
    double learning_rate;
    double batch_loss;    /* mean over the epoch's batches */
    double weight_change; /* |w' - w| / |w| over the epoch; negative: not measured */
    uint64_t cells;       /* ratings seen in this epoch */
    struct rs_metrics metrics;
    bool best; /* the best eval RMSE so far */
};

struct rs_change_record {
    uint64_t step; /* applied before this step, 1-based */
    const struct rs_conf_row *row;
    char value[64]; /* as in a preset */
};

enum rs_reason { RS_REASON_EPOCHS, RS_REASON_PATIENCE, RS_REASON_TOLERANCE, RS_REASON_STOPPED, RS_REASON_DIVERGED };
const char *rs_reason_name(enum rs_reason reason);

struct rs_done_record {
    enum rs_reason reason;
    uint64_t epochs;           /* finished ones, of the search phase */
    uint64_t best_epoch;       /* 0: none finished */
    double best_eval_rmse;     /* negative: there is no eval part */
    struct rs_metrics metrics; /* test, where there is a test part */
    double train_seconds;
    char weights_hash[RS_HASH_TEXT]; /* of the weights that were tested: best, or refitted */
    char advice[256];                /* diverged: the epoch and what to try; else empty */
};

/* The weights of a result, to be read in pieces: they may be larger than what is left of memory for a copy. Valid
 * during the call that tells of them. */
struct rs_weights {
    uint64_t count;
    const void *from; /* what read reads from */
    /* Numbers first..first + n to out; first + n <= count. */
    void (*read)(const void *from, uint64_t first, float *out, size_t n);
};

#define RS_WEIGHTS_PIECE ((size_t)1 << 16) /* numbers: a piece of good size */

/* Those of a list. */
struct rs_weights rs_weights_listed(const float *list, uint64_t count);

struct rs_observer {
    void *context;
    /* Each may be NULL. An error ends the run as failed. */
    enum rs_status (*start)(void *context, const struct rs_start_record *record, struct rs_error *err);
    enum rs_status (*batch)(void *context, const struct rs_batch_record *record, struct rs_error *err);
    enum rs_status (*epoch)(void *context, const struct rs_epoch_record *record, struct rs_error *err);
    enum rs_status (*change)(void *context, const struct rs_change_record *record, struct rs_error *err);
    /* What best.rsm keeps; told again when there is a better one. */
    enum rs_status (*best)(void *context, const struct rs_weights *weights, struct rs_error *err);
    enum rs_status (*done)(void *context, const struct rs_done_record *record, struct rs_error *err);
};

#endif
