/* Going back: the state between two epochs is kept, and a trainer goes on from one. */
#include <string.h>

#include "recscope/base/memory.h"
#include "trainer_internal.h"

/* A checkpoint with nothing in it but, perhaps, blocks that may be filled again. */
static enum rs_status empty_checkpoint(struct rs_checkpoint *spare, struct rs_checkpoint **out, struct rs_error *err)
{
    *out = spare;
    if (spare && atomic_load(&spare->references) == 1)
        return RS_OK;
    rs_checkpoint_drop(spare);
    enum rs_status status = rs_alloc(out, 1, sizeof **out, err);
    if (status == RS_OK)
        atomic_init(&(*out)->references, 1);
    return status;
}

/* Of the numbers that a checkpoint keeps. */
static uint64_t state_bytes(const struct rs_trainer *self)
{
    size_t weights;
    rs_graph_weights(self->model->graph, &weights);
    return ((uint64_t)weights + rs_optimizer_state(self->optimizer).count) * sizeof(rs_real);
}

enum rs_status rs_trainer_checkpoint(struct rs_trainer *self, struct rs_checkpoint *spare, struct rs_checkpoint **out,
                                     struct rs_error *err)
{
    *out = NULL;
    bool between = !self->finished && self->phase == RS_PHASE_SEARCH && !self->inside_epoch;
    if (!between || state_bytes(self) > RS_CHECKPOINT_MOST) {
        rs_checkpoint_drop(spare);
        return RS_OK;
    }
    struct rs_checkpoint *c;
    enum rs_status status = empty_checkpoint(spare, &c, err);
    if (status == RS_OK)
        status = rs_trainer_keep_best(self, err);
    if (status != RS_OK) {
        rs_checkpoint_drop(c);
        return status;
    }
    struct rs_optimizer_state state = rs_optimizer_state(self->optimizer);
    c->epoch = self->epoch;
    c->step = self->step;
    c->since_best = self->since_best;
    c->best_epoch = self->done.best_epoch;
    c->best_eval_rmse = self->done.best_eval_rmse;
    c->train_seconds = self->done.train_seconds;
    c->power1 = *state.power1;
    c->power2 = *state.power2;
    rs_block_drop(c->best);
    c->best = rs_block_take(self->best);
    if (c->best && c->best->number && c->best_epoch == c->epoch) {
        rs_block_drop(c->weights);
        c->weights = rs_block_take(c->best);
    } else {
        size_t count;
        const rs_real *weights = rs_graph_weights(self->model->graph, &count);
        status = rs_block_keep(&c->weights, weights, count, RS_BLOCK_MEMORY, err);
    }
    if (status == RS_OK && state.count > 0)
        status = rs_block_keep(&c->moments, state.moments, state.count, RS_BLOCK_MEMORY, err);
    if (status != RS_OK) {
        rs_checkpoint_drop(c);
        return status;
    }
    *out = c;
    return RS_OK;
}

static enum rs_status make_change(struct rs_trainer *self, const struct rs_change_record *record, struct rs_error *err)
{
    enum rs_status status = rs_settings_parse(&self->settings, record->row, record->value, err);
    if (status != RS_OK)
        return status;
    TELL(self, change, record, err);
    return RS_OK;
}

static enum rs_status tell_history(struct rs_trainer *self, const struct rs_history *history, struct rs_error *err)
{
    size_t change = 0;
    for (size_t i = 0; i < history->epochs; i++) {
        for (; change < history->changes && history->change[change].step <= history->epoch[i].step; change++) {
            enum rs_status status = make_change(self, &history->change[change], err);
            if (status != RS_OK)
                return status;
        }
        TELL(self, epoch, &history->epoch[i], err);
    }
    return RS_OK;
}

enum rs_status rs_trainer_resume(struct rs_trainer *self, const struct rs_checkpoint *checkpoint,
                                 const struct rs_history *history, struct rs_error *err)
{
    struct rs_optimizer_state state = rs_optimizer_state(self->optimizer);
    size_t weights;
    rs_graph_weights(self->model->graph, &weights);
    if (checkpoint->weights->count != weights || (checkpoint->moments ? checkpoint->moments->count : 0) != state.count)
        return rs_fail(err, RS_FAILED, "the state of epoch %llu is of another model or optimiser",
                       (unsigned long long)checkpoint->epoch);
    enum rs_status status = tell_history(self, history, err);
    if (status != RS_OK)
        return status;
    if (history->epochs > 0) {
        self->now = history->epoch[history->epochs - 1];
        rs_trainer_note_errors(self, &self->now.metrics);
    }
    self->resumed = true;
    self->epoch = checkpoint->epoch;
    self->step = checkpoint->step;
    self->since_best = checkpoint->since_best;
    self->done.best_epoch = checkpoint->best_epoch;
    self->done.best_eval_rmse = checkpoint->best_eval_rmse;
    self->done.train_seconds = checkpoint->train_seconds;
    rs_block_drop(self->best);
    self->best = rs_block_take(checkpoint->best);
    self->best_kept = checkpoint->best_epoch;
    if (self->best) /* what is best so far belongs to this run, too */
        status = rs_trainer_load(self, self->best, err);
    if (status == RS_OK && self->best)
        status = rs_trainer_save_best(self, err);
    if (status == RS_OK)
        status = rs_trainer_load(self, checkpoint->weights, err);
    if (status != RS_OK)
        return status;
    self->at_best = self->best && checkpoint->best_epoch == checkpoint->epoch;
    if (state.count > 0)
        memcpy(state.moments, checkpoint->moments->number, state.count * sizeof *state.moments);
    *state.power1 = checkpoint->power1;
    *state.power2 = checkpoint->power2;
    return RS_OK;
}
