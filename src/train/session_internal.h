/* session_internal.h -- the session as its two sides see it.
 *
 * DESIGN: one mutex guards the mailbox: what the reader wants, the changes it asked for, the ring, the epochs, the
 * status, the shelf of checkpoints. The training thread holds it for copies only, never while it computes. It sleeps on
 * `wanted` while there is nothing to do and looks at the mailbox between two batches, so a pause takes effect within
 * one batch. The reader is woken through a pipe; it drains, clears, then copies (base/wake.h).
 * session.c is the reader's side, session_work.c the training thread's.
 * Lock order: there is one lock.
 */
#ifndef RS_TRAIN_SESSION_INTERNAL_H
#define RS_TRAIN_SESSION_INTERNAL_H

#include <pthread.h>

#include "checkpoint.h"
#include "prober.h"
#include "recscope/base/wake.h"
#include "recscope/train/session.h"
#include "sentinel.h"

#define RS_SESSION_RING      4096 /* batch samples kept for a slow reader */
#define RS_SESSION_CHANGES   64   /* live edits that wait for the next batch */
#define RS_SESSION_OBSERVERS 7    /* the session's own is the eighth */

struct rs_pending_change {
    const struct rs_conf_row *row;
    char value[RS_CONF_TEXT_SIZE];
};

/* A list that grows and is read from a cursor on. */
struct rs_session_list {
    void *data;
    size_t count, room, size;
    size_t cursor; /* the reader's */
};

struct rs_pending_question {
    bool waits;
    uint64_t turn;                     /* the kind that has waited longest comes first */
    struct rs_probe_question question; /* item and rating point at the copies that follow */
    uint32_t item[RS_PROBE_RATINGS_MOST];
    float rating[RS_PROBE_RATINGS_MOST];
};

enum rs_want { RS_WANT_PAUSE, RS_WANT_RUN, RS_WANT_BATCH, RS_WANT_EPOCH };

struct rs_session {
    /* Set before the thread starts, and constant then. */
    struct rs_settings settings; /* as the run begins */
    struct rs_observer observer[RS_SESSION_OBSERVERS + 1];
    size_t observers;
    int niceness;
    struct rs_checkpoint *origin;                     /* of a fork: where it begins */
    struct rs_session_list past_epochs, past_changes; /* of a fork: what was told until there */
    bool forked;
    pthread_t thread;
    struct rs_wake wake;

    /* The training thread's. */
    struct rs_trainer *trainer;
    struct rs_sentinel sentinel;
    bool resuming;          /* what is told now is the past */
    double epoch_began;     /* where pace is counted from */
    uint64_t epoch_batches; /* done in it */
    struct rs_prober prober;
    struct rs_pending_question asked; /* the one that is being answered */
    double probe_after;               /* while training runs no answer comes before this time */
    struct rs_checkpoint *spare;      /* thinned out: its memory serves the next one */
    struct rs_checkpoint *gone[RS_SHELF_MOST + 1];

    pthread_mutex_t mutex; /* guards everything below */
    pthread_cond_t wanted; /* the reader wants something new; waits by the monotonic clock */
    enum rs_want want;
    bool stop, closing;
    double pace;
    bool pace_changed; /* or training stood still: what was planned is void */
    struct rs_pending_change change[RS_SESSION_CHANGES];
    size_t changes;
    struct rs_pending_question question[RS_PROBE_KINDS];
    uint64_t turns;
    const struct rs_probe_answer *answer[RS_PROBE_KINDS]; /* not fetched yet */
    const struct rs_dataset *dataset;
    struct rs_batch_record ring[RS_SESSION_RING]; /* sample k is in slot k % RS_SESSION_RING */
    uint64_t head;                                /* samples ever put in */
    struct rs_session_list epochs, changed;
    struct rs_session_status status;
    struct rs_shelf shelf;

    /* The reader's. */
    struct rs_settings shadow; /* changes are checked against it */
    struct rs_batch_record batch_out[RS_SESSION_RING];
    uint64_t batch_cursor;
    struct rs_session_list epochs_out, changed_out;
    const struct rs_probe_answer *answer_out[RS_PROBE_KINDS];
};

enum rs_status rs_session_append(struct rs_session_list *list, const void *element, struct rs_error *err) RS_CHECKED;

/* The training thread's main; argument is the session. And its observer. */
void *rs_session_work(void *session);
struct rs_observer rs_session_observer(struct rs_session *session);

/* Copy a question; the copy's pointers are its own. */
void rs_session_copy_question(struct rs_pending_question *to, const struct rs_probe_question *question);

/* What the state is while there is work. The mutex is held. */
enum rs_session_state rs_session_busy(const struct rs_session *session);

#endif
