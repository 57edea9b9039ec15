/* DESIGN: one mutex guards the mailbox: what the reader wants, the changes it asked for, the ring, the epochs, the
 * status. The training thread holds it for copies only, never while it computes. It sleeps on `wanted` while there is
 * nothing to do and looks at the mailbox between two batches, so a pause takes effect within one batch. The reader is
 * woken through a pipe; it drains, clears, then copies (base/wake.h).
 * Lock order: there is one lock. */
#include "recscope/train/session.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "recscope/base/memory.h"
#include "recscope/base/text.h"
#include "recscope/base/wake.h"

#define RING      4096 /* batch samples kept for a slow reader */
#define CHANGES   64   /* live edits that wait for the next batch */
#define OBSERVERS 7    /* the session's own is the eighth */

struct pending_change {
    const struct rs_conf_row *row;
    char value[RS_CONF_TEXT_SIZE];
};

/* A list that grows and is read from a cursor on. */
struct list {
    void *data;
    size_t count, room, size;
    size_t cursor; /* the reader's */
};

enum want { WANT_PAUSE, WANT_RUN, WANT_BATCH, WANT_EPOCH };

struct rs_session {
    struct rs_settings settings; /* the training thread's until it ends */
    struct rs_settings shadow;   /* the reader's: changes are checked against it */
    struct rs_observer observer[OBSERVERS + 1];
    size_t observers;
    struct rs_trainer *trainer; /* the training thread's */
    pthread_t thread;
    struct rs_wake wake;

    pthread_mutex_t mutex; /* guards everything below */
    pthread_cond_t wanted; /* the reader wants something new */
    enum want want;
    bool stop, closing;
    struct pending_change change[CHANGES];
    size_t changes;
    const struct rs_dataset *dataset;
    struct rs_batch_record ring[RING]; /* sample k is in slot k % RING */
    uint64_t head;                     /* samples ever put in */
    struct list epochs, changed;
    struct rs_session_status status;

    /* The reader's copies. */
    struct rs_batch_record batch_out[RING];
    uint64_t batch_cursor;
    struct list epochs_out, changed_out;
};

/* ---- training thread: telling ---------------------------------------------------------------------------------- */

static enum rs_status append(struct list *list, const void *element, struct rs_error *err)
{
    if (list->count == list->room) {
        size_t room = list->room ? 2 * list->room : 64;
        enum rs_status status = rs_grow(&list->data, list->count, room, list->size, err);
        if (status != RS_OK)
            return status;
        list->room = room;
    }
    memcpy((char *)list->data + list->count * list->size, element, list->size);
    list->count++;
    return RS_OK;
}

static enum rs_status on_start(void *context, const struct rs_start_record *record, struct rs_error *err)
{
    (void)err;
    struct rs_session *self = context;
    const struct rs_ratings *ratings = &record->dataset->ratings;
    pthread_mutex_lock(&self->mutex);
    struct rs_session_status *status = &self->status;
    status->phase = record->phase;
    status->steps_per_epoch = record->steps_per_epoch;
    if (record->phase == RS_PHASE_REFIT) {
        status->state = status->state == RS_SESSION_RUNNING ? RS_SESSION_TESTING : status->state;
    } else {
        status->parameters = record->parameters;
        status->users = ratings->users;
        status->items = ratings->items;
        status->train = record->train;
        status->eval = record->eval;
        status->test = record->test;
        status->baseline_mean = record->baseline_mean;
        status->baseline_user_item = record->baseline_user_item;
        status->noise_floor = record->noise_floor;
        memcpy(status->data_name, ratings->name, sizeof status->data_name);
    }
    pthread_mutex_unlock(&self->mutex);
    rs_wake(&self->wake);
    return RS_OK;
}

static enum rs_status on_batch(void *context, const struct rs_batch_record *record, struct rs_error *err)
{
    (void)err;
    struct rs_session *self = context;
    pthread_mutex_lock(&self->mutex);
    self->ring[self->head++ % RING] = *record;
    self->status.step = record->step;
    pthread_mutex_unlock(&self->mutex);
    rs_wake(&self->wake);
    return RS_OK;
}

static enum rs_status on_epoch(void *context, const struct rs_epoch_record *record, struct rs_error *err)
{
    struct rs_session *self = context;
    pthread_mutex_lock(&self->mutex);
    enum rs_status status = append(&self->epochs, record, err);
    self->status.epoch = record->epoch;
    self->status.since_best = record->best ? 0 : self->status.since_best + 1;
    pthread_mutex_unlock(&self->mutex);
    rs_wake(&self->wake);
    return status;
}

static enum rs_status on_change(void *context, const struct rs_change_record *record, struct rs_error *err)
{
    struct rs_session *self = context;
    pthread_mutex_lock(&self->mutex);
    enum rs_status status = append(&self->changed, record, err);
    pthread_mutex_unlock(&self->mutex);
    rs_wake(&self->wake);
    return status;
}

/* The one place that announces an end: every path of the thread passes here once. */
static void announce(struct rs_session *self, enum rs_session_state state, const struct rs_error *err)
{
    pthread_mutex_lock(&self->mutex);
    if (state == RS_SESSION_FINISHED)
        self->status.done = *rs_trainer_done(self->trainer);
    else
        self->status.error = *err;
    self->status.state = state;
    pthread_mutex_unlock(&self->mutex);
    rs_wake(&self->wake);
}

/* ---- training thread: working ---------------------------------------------------------------------------------- */

static enum rs_status load(struct rs_session *self, struct rs_error *err)
{
    const struct rs_dataset *dataset = self->dataset; /* nobody else writes it while the state is loading */
    enum rs_status status = dataset ? RS_OK : rs_dataset_load(&dataset, &self->settings, err);
    if (status != RS_OK)
        return status;
    pthread_mutex_lock(&self->mutex);
    self->dataset = dataset;
    bool closing = self->closing;
    pthread_mutex_unlock(&self->mutex);
    if (closing)
        return rs_fail(err, RS_INTERRUPTED, "closed while loading");
    status = rs_trainer_create(&self->trainer, &self->settings, dataset, self->observer, self->observers, err);
    if (status != RS_OK)
        return status;
    pthread_mutex_lock(&self->mutex);
    self->status.state = RS_SESSION_READY;
    pthread_mutex_unlock(&self->mutex);
    rs_wake(&self->wake);
    return RS_OK;
}

/* What the reader asked for, taken out of the mailbox. */
struct errand {
    enum want want;
    bool stop, closing;
    struct pending_change change[CHANGES];
    size_t changes;
};

/* The mutex is held. */
static enum rs_session_state working_state(const struct rs_session *self)
{
    return self->status.phase == RS_PHASE_REFIT ? RS_SESSION_TESTING : RS_SESSION_RUNNING;
}

/* Sleep until there is something to do, and say in the status whether we are. */
static void next_errand(struct rs_session *self, struct errand *errand)
{
    pthread_mutex_lock(&self->mutex);
    while (self->want == WANT_PAUSE && !self->stop && !self->closing && self->changes == 0) {
        if (self->status.state == RS_SESSION_RUNNING || self->status.state == RS_SESSION_TESTING) {
            self->status.state = RS_SESSION_PAUSED;
            rs_wake(&self->wake);
        }
        pthread_cond_wait(&self->wanted, &self->mutex);
    }
    errand->want = self->want;
    errand->stop = self->stop;
    errand->closing = self->closing;
    errand->changes = self->changes;
    memcpy(errand->change, self->change, self->changes * sizeof *self->change);
    self->changes = 0;
    if (errand->want != WANT_PAUSE || errand->stop)
        self->status.state = working_state(self);
    pthread_mutex_unlock(&self->mutex);
}

/* A single batch or the rest of an epoch was asked for and is done: pause, unless something newer is wanted. */
static void after_step(struct rs_session *self, enum want served, bool epoch_ended)
{
    if (served != WANT_BATCH && !(served == WANT_EPOCH && epoch_ended))
        return;
    pthread_mutex_lock(&self->mutex);
    if (self->want == served)
        self->want = WANT_PAUSE;
    pthread_mutex_unlock(&self->mutex);
}

static enum rs_status work(struct rs_session *self, struct errand *errand, struct rs_error *err)
{
    enum rs_status status = load(self, err);
    bool finished = false;
    while (status == RS_OK && !finished) {
        next_errand(self, errand);
        if (errand->closing)
            return rs_fail(err, RS_INTERRUPTED, "closed");
        for (size_t i = 0; i < errand->changes && status == RS_OK; i++)
            status = rs_trainer_change(self->trainer, errand->change[i].row, errand->change[i].value, err);
        if (status != RS_OK)
            break;
        if (errand->stop)
            return rs_trainer_stop(self->trainer, err);
        bool epoch_ended = false;
        if (errand->want != WANT_PAUSE)
            status = rs_trainer_step(self->trainer, &epoch_ended, &finished, err);
        after_step(self, errand->want, epoch_ended);
    }
    return status;
}

static void *thread_main(void *argument)
{
    struct rs_session *self = argument;
    struct rs_error error = {0};
    struct errand *errand;
    enum rs_status status = rs_alloc(&errand, 1, sizeof *errand, &error);
    if (status == RS_OK)
        status = work(self, errand, &error);
    rs_free(errand);
    announce(self, status == RS_OK ? RS_SESSION_FINISHED : RS_SESSION_FAILED, &error);
    return NULL;
}

/* ---- reader ---------------------------------------------------------------------------------------------------- */

/* Signals are the terminal's business: the thread is born with all of them blocked. */
static enum rs_status start_thread(struct rs_session *self, struct rs_error *err)
{
    sigset_t all;
    sigset_t kept;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &kept);
    int failure = pthread_create(&self->thread, NULL, thread_main, self);
    pthread_sigmask(SIG_SETMASK, &kept, NULL);
    return failure ? rs_fail(err, RS_FAILED, "the training thread does not start: %s", strerror(failure)) : RS_OK;
}

static void free_session(struct rs_session *self)
{
    rs_trainer_free(self->trainer);
    rs_dataset_drop(self->dataset);
    rs_wake_close(&self->wake);
    pthread_mutex_destroy(&self->mutex);
    pthread_cond_destroy(&self->wanted);
    rs_free(self->epochs.data);
    rs_free(self->changed.data);
    rs_free(self->epochs_out.data);
    rs_free(self->changed_out.data);
    rs_free(self);
}

enum rs_status rs_session_open(struct rs_session **out, const struct rs_settings *settings,
                               const struct rs_dataset *dataset, const struct rs_observer *observers, size_t count,
                               struct rs_error *err)
{
    *out = NULL;
    if (count > OBSERVERS)
        return rs_fail(err, RS_FAILED, "%zu observers: at most %d", count, OBSERVERS);
    struct rs_session *self;
    enum rs_status status = rs_alloc(&self, 1, sizeof *self, err);
    if (status != RS_OK)
        return status;
    self->settings = self->shadow = *settings;
    self->dataset = dataset ? rs_dataset_take(dataset) : NULL;
    self->epochs.size = self->epochs_out.size = sizeof(struct rs_epoch_record);
    self->changed.size = self->changed_out.size = sizeof(struct rs_change_record);
    for (size_t i = 0; i < count; i++)
        self->observer[i] = observers[i];
    self->observer[count] = (struct rs_observer){
        .context = self, .start = on_start, .batch = on_batch, .epoch = on_epoch, .change = on_change};
    self->observers = count + 1;
    pthread_mutex_init(&self->mutex, NULL);
    pthread_cond_init(&self->wanted, NULL);
    status = rs_wake_open(&self->wake, err);
    if (status == RS_OK)
        status = start_thread(self, err);
    if (status != RS_OK) {
        free_session(self);
        return status;
    }
    *out = self;
    return RS_OK;
}

void rs_session_close(struct rs_session *self)
{
    if (!self)
        return;
    pthread_mutex_lock(&self->mutex);
    self->closing = true;
    pthread_cond_signal(&self->wanted);
    pthread_mutex_unlock(&self->mutex);
    pthread_join(self->thread, NULL);
    free_session(self);
}

void rs_session_command(struct rs_session *self, enum rs_session_command command)
{
    pthread_mutex_lock(&self->mutex);
    switch (command) {
    case RS_SESSION_START:
        self->want = WANT_RUN;
        break;
    case RS_SESSION_PAUSE:
        self->want = WANT_PAUSE;
        break;
    case RS_SESSION_STEP_BATCH:
        self->want = WANT_BATCH;
        break;
    case RS_SESSION_STEP_EPOCH:
        self->want = WANT_EPOCH;
        break;
    case RS_SESSION_STOP:
        self->stop = true;
        break;
    }
    /* The reader sees at once what it asked for; the thread says when it sleeps again. */
    bool idle = self->status.state == RS_SESSION_READY || self->status.state == RS_SESSION_PAUSED;
    if (idle && (self->want != WANT_PAUSE || self->stop))
        self->status.state = working_state(self);
    pthread_cond_signal(&self->wanted);
    pthread_mutex_unlock(&self->mutex);
}

enum rs_status rs_session_change(struct rs_session *self, const struct rs_conf_row *row, const char *value,
                                 struct rs_error *err)
{
    if (!row->live)
        return rs_fail(err, RS_PRESET, "[%s] %s: it cannot change while training runs: reset the run", row->section,
                       row->key);
    enum rs_status status = rs_settings_parse(&self->shadow, row, value, err);
    if (status != RS_OK)
        return status;
    pthread_mutex_lock(&self->mutex);
    size_t at = 0;
    while (at < self->changes && self->change[at].row != row)
        at++; /* a second edit before the next batch replaces the first */
    if (at == CHANGES) {
        status = rs_fail(err, RS_PRESET, "%d changes wait for the next batch already", CHANGES);
    } else {
        self->change[at].row = row;
        rs_copy_string(self->change[at].value, sizeof self->change[at].value, rs_string(&self->shadow, row));
        self->changes = at == self->changes ? at + 1 : self->changes;
        pthread_cond_signal(&self->wanted);
    }
    pthread_mutex_unlock(&self->mutex);
    return status;
}

int rs_session_fd(const struct rs_session *self)
{
    return self->wake.fd[0];
}

/* Copy what is behind the cursor; the copy starts anew. */
static enum rs_status copy_news(struct list *from, struct list *to, struct rs_error *err)
{
    enum rs_status status = RS_OK;
    to->count = 0;
    for (; from->cursor < from->count && status == RS_OK; from->cursor++)
        status = append(to, (const char *)from->data + from->cursor * from->size, err);
    return status;
}

enum rs_status rs_session_poll(struct rs_session *self, struct rs_session_news *news, struct rs_error *err)
{
    rs_wake_drain(&self->wake);
    memset(news, 0, sizeof *news);
    pthread_mutex_lock(&self->mutex);
    uint64_t oldest = self->head > RING ? self->head - RING : 0;
    news->lost = self->batch_cursor < oldest ? oldest - self->batch_cursor : 0;
    for (uint64_t k = self->batch_cursor + news->lost; k < self->head; k++)
        self->batch_out[news->batches++] = self->ring[k % RING];
    self->batch_cursor = self->head;
    enum rs_status status = copy_news(&self->epochs, &self->epochs_out, err);
    if (status == RS_OK)
        status = copy_news(&self->changed, &self->changed_out, err);
    news->status = self->status;
    pthread_mutex_unlock(&self->mutex);
    news->batch = self->batch_out;
    news->epoch = self->epochs_out.data;
    news->epochs = self->epochs_out.count;
    news->change = self->changed_out.data;
    news->changes = self->changed_out.count;
    return status;
}

const struct rs_dataset *rs_session_dataset(struct rs_session *self)
{
    pthread_mutex_lock(&self->mutex);
    const struct rs_dataset *dataset = self->dataset ? rs_dataset_take(self->dataset) : NULL;
    pthread_mutex_unlock(&self->mutex);
    return dataset;
}
