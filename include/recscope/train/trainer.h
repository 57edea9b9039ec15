/* trainer.h -- the one epoch loop.
 *
 * A trainer owns a model, an optimiser and the measuring; rs_trainer_step does one batch and, at the end of an epoch,
 * measures, decides whether to stop, and tells the observers. Everything that trains (train, replay, the session's
 * thread) calls it, so pausing and stepping cannot change the arithmetic.
 * Objective: J(w) = sum of squared errors over observed training cells + l2/2 |w|^2 (models/NAME.c says what differs).
 * Threads  : one thread at a time per trainer; it uses its own pool inside.
 */
#ifndef RECSCOPE_TRAIN_TRAINER_H
#define RECSCOPE_TRAIN_TRAINER_H

#include "recscope/models/model.h"
#include "recscope/train/record.h"
#include "recscope/train/rows.h"

struct rs_trainer;

/* Build everything and tell the observers the start. dataset is taken (counted). observers: count entries, copied.
 * Owns: the caller frees. Errors: RS_PRESET (shapes, settings that do not fit the data), RS_MEMORY. */
enum rs_status rs_trainer_create(struct rs_trainer **out, const struct rs_settings *settings,
                                 const struct rs_dataset *dataset, const struct rs_observer *observers, size_t count,
                                 struct rs_error *err) RS_CHECKED;
void rs_trainer_free(struct rs_trainer *trainer);

/* One batch. *finished: the run is over and `done` was told. *epoch_ended: this batch ended an epoch.
 * Errors: RS_IO and others from observers, RS_MEMORY. Divergence is not an error here: the run finishes with
 * reason diverged. */
enum rs_status rs_trainer_step(struct rs_trainer *trainer, bool *epoch_ended, bool *finished,
                               struct rs_error *err) RS_CHECKED;

/* End now with what was trained: test at the best epoch, tell `done` with reason stopped. Idempotent. */
enum rs_status rs_trainer_stop(struct rs_trainer *trainer, struct rs_error *err) RS_CHECKED;

/* The same without test: whoever leaves in the middle has not asked for it. Idempotent. */
enum rs_status rs_trainer_leave(struct rs_trainer *trainer, struct rs_error *err) RS_CHECKED;

/* Set a live row before the next step, and tell the observers. Errors: RS_PRESET (not live, out of range). */
enum rs_status rs_trainer_change(struct rs_trainer *trainer, const struct rs_conf_row *row, const char *value,
                                 struct rs_error *err) RS_CHECKED;

/* Steps done so far in the whole run, and steps in one epoch. */
uint64_t rs_trainer_steps(const struct rs_trainer *trainer);
uint64_t rs_trainer_steps_per_epoch(const struct rs_trainer *trainer);

/* The settings as they are now, live changes included. */
const struct rs_settings *rs_trainer_settings(const struct rs_trainer *trainer);

/* The model at hand, for looking at between two steps; after the end it has the weights that were tested. And how far
 * its ratings are from its predictions: their mean squared error at the last measuring, on eval where there is one. */
struct rs_model *rs_trainer_model(struct rs_trainer *trainer);
double rs_trainer_noise(const struct rs_trainer *trainer);

/* The state at the end of an epoch of the search, to be called there; *out is NULL where the trainer is not at one.
 * spare is an old one whose memory serves again (the trainer takes the reference), or NULL: fresh pages are dear.
 * Owns: the caller drops it (train/checkpoint.h). Errors: RS_MEMORY. */
struct rs_checkpoint;
enum rs_status rs_trainer_checkpoint(struct rs_trainer *trainer, struct rs_checkpoint *spare,
                                     struct rs_checkpoint **out, struct rs_error *err) RS_CHECKED;

/* What a run told until some epoch, in the order of its steps. */
struct rs_history {
    const struct rs_epoch_record *epoch; /* (epochs) */
    size_t epochs;
    const struct rs_change_record *change; /* (changes) */
    size_t changes;
};

/* Go on from a checkpoint instead of from the first step: right after rs_trainer_create, with the settings that the run
 * began with. The history is told to the observers and its changes are made; what follows is bit for bit what followed
 * there. Errors: RS_FAILED where the checkpoint is of another model, RS_MEMORY, and observers'. */
enum rs_status rs_trainer_resume(struct rs_trainer *trainer, const struct rs_checkpoint *checkpoint,
                                 const struct rs_history *history, struct rs_error *err) RS_CHECKED;

/* Where the run ended. Valid once *finished was true. */
const struct rs_done_record *rs_trainer_done(const struct rs_trainer *trainer);

#endif
