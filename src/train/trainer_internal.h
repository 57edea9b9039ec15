/* trainer_internal.h -- what the files of the trainer share. */
#ifndef RECSCOPE_TRAIN_TRAINER_INTERNAL_H
#define RECSCOPE_TRAIN_TRAINER_INTERNAL_H

#include "block.h"
#include "checkpoint.h"
#include "measure.h"
#include "optimizer.h"
#include "recscope/train/trainer.h"
#include "sampler.h"

#define OBSERVERS 8

struct rs_trainer {
    struct rs_settings settings;
    const struct rs_dataset *dataset;
    struct rs_observer observer[OBSERVERS];
    size_t observers;
    struct rs_pool *pool;
    uint64_t seed;

    /* The phase. */
    enum rs_phase phase;
    struct rs_model *model;
    struct rs_optimizer *optimizer;
    struct rs_sampler sampler;
    struct rs_marginals marginals;
    struct rs_measure measure;
    uint64_t epochs_wanted;
    uint64_t epoch; /* finished ones of this phase */
    bool inside_epoch;

    /* The run. */
    uint64_t step;
    struct rs_epoch_record now; /* sums of the epoch at hand */
    uint64_t batches;           /* in it */
    struct rs_block *best;      /* padded weights of best_kept; NULL: none yet, or no eval */
    uint64_t best_kept;         /* the best epoch of the search; but the one before while the model is at_best */
    bool at_best;               /* the model has the weights of the best epoch */
    uint64_t best_told;         /* of which epoch of the search the observers have the weights; 0: none */
    uint64_t since_best;
    double saved_at;
    double noise;            /* mean squared error at the last measuring */
    bool tolerant;           /* a tolerance is set */
    struct rs_block *before; /* then: padded weights at the start of the epoch or step */
    struct rs_done_record done;
    bool finished;
    bool leaving; /* the end comes without test */
    bool resumed; /* a checkpoint was loaded, and no step done since */
};

/* Tells every observer, and returns from the function where one fails. */
#define TELL(trainer, event, record, err)                                                                              \
    for (size_t i_ = 0; i_ < (trainer)->observers; i_++) {                                                             \
        const struct rs_observer *o_ = &(trainer)->observer[i_];                                                       \
        enum rs_status s_ = o_->event ? o_->event(o_->context, record, err) : RS_OK;                                   \
        if (s_ != RS_OK)                                                                                               \
            return s_;                                                                                                 \
    }

/* The weights become these. */
enum rs_status rs_trainer_load(struct rs_trainer *self, const struct rs_block *weights,
                               struct rs_error *err) RS_CHECKED;
/* The best weights are in self->best, whoever changes the model's next. */
enum rs_status rs_trainer_keep_best(struct rs_trainer *self, struct rs_error *err) RS_CHECKED;
/* The observers hear of the weights at hand as the best. */
enum rs_status rs_trainer_save_best(struct rs_trainer *self, struct rs_error *err) RS_CHECKED;
void rs_trainer_note_errors(struct rs_trainer *self, const struct rs_metrics *metrics);

#endif
