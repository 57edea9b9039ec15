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

#include "recscope/train/probe.h"
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

/* The loss has gone off the rails (train/sentinel.h says when that is) and the session has paused by itself; or, where
 * the loss was no number any more, the run has ended as diverged. */
struct rs_session_alarm {
    char text[256];                /* one sentence, "": all is well; a command that trains on clears it */
    uint64_t step;                 /* the batch that raised it */
    const struct rs_conf_row *row; /* what would help: this setting ... */
    char value[64];                /* ... at this value */
};

struct rs_session_status {
    enum rs_session_state state;
    uint64_t epoch;           /* finished epochs */
    uint64_t step;            /* steps done in the whole run */
    uint64_t steps_per_epoch; /* 0 while loading */
    uint64_t since_best;      /* epochs since the best eval RMSE */
    uint64_t forked_at;       /* epoch of the parent where this run begins; 0: at the first step */
    struct rs_session_alarm alarm;
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
    /* The newest answer of each kind that was not told yet, or NULL; valid until the next poll unless it is taken. */
    const struct rs_probe_answer *answer[RS_PROBE_KINDS];
    struct rs_session_status status;
};

/* How a session is opened. All zero is fine: data are loaded, nobody else is told, no checkpoint is kept. */
struct rs_session_options {
    const struct rs_dataset *dataset;    /* taken (counted) when not NULL and rs_dataset_same says it serves */
    const struct rs_observer *observers; /* (count), copied; called on the training thread */
    size_t count;
    uint64_t checkpoint_bytes; /* memory for the states of past epochs; 0: none are kept */
    int niceness;              /* 0..19: how far training stands back behind other work of the machine (Linux) */
};

/* Start a thread that loads the data (or takes options->dataset) and builds the trainer; it then waits for START.
 * Owns: the caller closes. Errors: RS_MEMORY, RS_FAILED (no thread). Bad settings end in state FAILED. */
enum rs_status rs_session_open(struct rs_session **out, const struct rs_settings *settings,
                               const struct rs_session_options *options, struct rs_error *err) RS_CHECKED;

/* A new session that is PAUSED where the parent stood at the end of `epoch`: same data, weights and moments, and the
 * same checkpoints up to there. 0 is the first step. Observers are told the start, and the parent's epochs and changes
 * up to there; so are the new session's news. rs_session_change and START follow as the caller likes; without a change
 * the fork ends with the parent's bits. The parent may be in any state past loading, and may be closed at any time.
 * options->dataset is not used. Owns: the caller closes.
 * Errors: RS_USAGE where the epoch is not kept (the message says what is), RS_MEMORY, RS_FAILED (no thread). */
enum rs_status rs_session_fork(struct rs_session **out, struct rs_session *parent, uint64_t epoch,
                               const struct rs_session_options *options, struct rs_error *err) RS_CHECKED;

/* Join the thread, free. A run that has begun and is not over is told as done, with reason stopped and without test, to
 * the observers. NULL is fine. Takes at most one batch or one measuring. */
void rs_session_close(struct rs_session *session);

void rs_session_command(struct rs_session *session, enum rs_session_command command);

/* At most so many epochs a second: the thread waits between batches, so that an epoch takes at least 1/pace seconds.
 * 0 (at first): as fast as the machine goes. Arithmetic and training times are the same; a wait ends at once when
 * something else is wanted. */
void rs_session_pace(struct rs_session *session, double epochs_per_second);

/* Change a live row; it acts before the next batch and comes back as a change record. Errors: RS_PRESET. */
enum rs_status rs_session_change(struct rs_session *session, const struct rs_conf_row *row, const char *value,
                                 struct rs_error *err) RS_CHECKED;

/* Ask about the model; the answer comes with the news. A newer question of a kind replaces one that waits, a newer
 * answer one that was not fetched. It works from ready on: while training runs, is paused, and when it is over (about
 * the weights that were tested). Errors: RS_USAGE (too many ratings). */
enum rs_status rs_session_probe(struct rs_session *session, const struct rs_probe_question *question,
                                struct rs_error *err) RS_CHECKED;

#define RS_SESSION_KEPT_MOST 1024

/* The epochs that rs_session_fork can go back to, ascending; 0, which always works, is not listed. When the memory for
 * checkpoints is spent, only multiples of `every` stay, and always the best and the last epoch. */
struct rs_session_kept {
    size_t count;
    uint64_t epoch[RS_SESSION_KEPT_MOST];
    uint64_t every;
    uint64_t bytes, budget;
};
void rs_session_checkpoints(struct rs_session *session, struct rs_session_kept *out);

/* About how many bytes a session with these settings needs at its peak, the data included, for data of this size:
 * cells, weights, moments, best weights, checkpoints, buffers. Without what the program has before it. */
uint64_t rs_session_memory(const struct rs_settings *settings, uint64_t users, uint64_t items, uint64_t ratings,
                           uint64_t checkpoint_bytes);

int rs_session_fd(const struct rs_session *session);
enum rs_status rs_session_poll(struct rs_session *session, struct rs_session_news *news,
                               struct rs_error *err) RS_CHECKED;

/* The dataset once loaded (a counted reference the caller drops), NULL before. */
const struct rs_dataset *rs_session_dataset(struct rs_session *session);

#endif
