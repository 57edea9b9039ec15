/* session.h -- the one object that a screen and the training thread share.
 *
 * In go commands; out come batch samples through a ring (a slow reader loses the oldest and is told how many), epoch
 * samples that are never dropped, and one latest status that is never dropped. A pause takes effect within one batch.
 * The finish is announced exactly once on every path.
 * Reader : poll() rs_session_fd for input, then rs_session_poll.
 * Threads: every function from the reader's thread. The training thread blocks all signals.
 */
#ifndef RECSCOPE_TRAIN_SESSION_H
#define RECSCOPE_TRAIN_SESSION_H

#include "recscope/train/trainer.h"

struct rs_session;

enum rs_session_state {
    RS_SESSION_LOADING, /* data are being read, the model is being built */
    RS_SESSION_READY,   /* built, not one step done */
    RS_SESSION_RUNNING,
    RS_SESSION_PAUSED,
    RS_SESSION_TESTING,  /* the search is over: refit or test is under way */
    RS_SESSION_FINISHED, /* status.done is valid */
    RS_SESSION_FAILED    /* status.error is valid */
};

enum rs_session_command {
    RS_SESSION_START, /* from ready or paused: run; ignored otherwise */
    RS_SESSION_PAUSE,
    RS_SESSION_STEP_BATCH, /* one batch, then paused */
    RS_SESSION_STEP_EPOCH, /* to the end of this epoch, then paused */
    RS_SESSION_STOP        /* end and keep what was trained; ends as finished */
};

struct rs_session_status {
    enum rs_session_state state;
    uint64_t epoch;           /* finished epochs */
    uint64_t step;            /* steps done in the whole run */
    uint64_t steps_per_epoch; /* 0 while loading */
    uint64_t since_best;      /* epochs since the best eval RMSE */
    /* Valid from ready on. */
    uint64_t parameters, users, items, train, eval, test;
    char data_name[256];
    double baseline_mean, baseline_user_item, noise_floor;
    enum rs_phase phase;
    struct rs_done_record done;
    struct rs_error error;
};

/* What rs_session_poll copied out: only what is new since the last call. */
struct rs_session_news {
    const struct rs_batch_record *batch; /* (batches), valid until the next poll */
    size_t batches;
    uint64_t lost;                       /* batch samples overwritten before they were read */
    const struct rs_epoch_record *epoch; /* (epochs), valid until the next poll */
    size_t epochs;
    const struct rs_change_record *change; /* (changes), valid until the next poll */
    size_t changes;
    struct rs_session_status status;
};

/* Start a thread that loads the data (or takes `dataset`, when not NULL and rs_dataset_same says it serves) and builds
 * the trainer; it then waits for START. observers are called on that thread.
 * Owns: the caller closes. Errors: RS_MEMORY, RS_FAILED (no thread). Bad settings end in state FAILED. */
enum rs_status rs_session_open(struct rs_session **out, const struct rs_settings *settings,
                               const struct rs_dataset *dataset, const struct rs_observer *observers, size_t count,
                               struct rs_error *err) RS_CHECKED;

/* Stop without test, join the thread, free. NULL is fine. Takes at most one batch or one measuring. */
void rs_session_close(struct rs_session *session);

void rs_session_command(struct rs_session *session, enum rs_session_command command);

/* Change a live row; it acts before the next batch and comes back as a change record. Errors: RS_PRESET. */
enum rs_status rs_session_change(struct rs_session *session, const struct rs_conf_row *row, const char *value,
                                 struct rs_error *err) RS_CHECKED;

int rs_session_fd(const struct rs_session *session);
enum rs_status rs_session_poll(struct rs_session *session, struct rs_session_news *news,
                               struct rs_error *err) RS_CHECKED;

/* The dataset once loaded (a counted reference the caller drops), NULL before. */
const struct rs_dataset *rs_session_dataset(struct rs_session *session);

#endif
