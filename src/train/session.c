/* The reader's side of the session. */
#include "session_internal.h"

#include <signal.h>
#include <string.h>
#include <time.h>

#include "recscope/base/memory.h"
#include "recscope/base/text.h"

/* ---- open and close ---------------------------------------------------------------------------------------------- */

/* Signals are the terminal's business: the thread is born with all of them blocked. */
static enum rs_status start_thread(struct rs_session *self, struct rs_error *err)
{
    sigset_t all;
    sigset_t kept;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &kept);
    int failure = pthread_create(&self->thread, NULL, rs_session_work, self);
    pthread_sigmask(SIG_SETMASK, &kept, NULL);
    return failure ? rs_fail(err, RS_FAILED, "the training thread does not start: %s", strerror(failure)) : RS_OK;
}

static void free_session(struct rs_session *self)
{
    struct rs_session_list *lists[] = {&self->epochs,      &self->changed,     &self->epochs_out,
                                       &self->changed_out, &self->past_epochs, &self->past_changes};
    for (size_t kind = 0; kind < RS_PROBE_KINDS; kind++) {
        rs_probe_drop(self->answer[kind]);
        rs_probe_drop(self->answer_out[kind]);
    }
    rs_prober_free(&self->prober);
    rs_trainer_free(self->trainer);
    rs_dataset_drop(self->dataset);
    rs_checkpoint_drop(self->origin);
    rs_checkpoint_drop(self->spare);
    rs_shelf_clear(&self->shelf);
    rs_wake_close(&self->wake);
    pthread_mutex_destroy(&self->mutex);
    pthread_cond_destroy(&self->wanted);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        rs_free(lists[i]->data);
    rs_free(self);
}

/* Everything but the thread. */
static enum rs_status prepare(struct rs_session **out, const struct rs_settings *settings,
                              const struct rs_dataset *dataset, const struct rs_session_options *options,
                              struct rs_error *err)
{
    *out = NULL;
    if (options->count > RS_SESSION_OBSERVERS)
        return rs_fail(err, RS_FAILED, "%zu observers: at most %d", options->count, RS_SESSION_OBSERVERS);
    struct rs_session *self;
    enum rs_status status = rs_alloc(&self, 1, sizeof *self, err);
    if (status != RS_OK)
        return status;
    self->settings = self->shadow = *settings;
    self->dataset = dataset ? rs_dataset_take(dataset) : NULL;
    self->niceness = options->niceness;
    self->shelf.budget = options->checkpoint_bytes;
    self->shelf.every = 1;
    self->epochs.size = self->epochs_out.size = self->past_epochs.size = sizeof(struct rs_epoch_record);
    self->changed.size = self->changed_out.size = self->past_changes.size = sizeof(struct rs_change_record);
    for (size_t i = 0; i < options->count; i++)
        self->observer[i] = options->observers[i];
    self->observer[options->count] = rs_session_observer(self);
    self->observers = options->count + 1;
    pthread_mutex_init(&self->mutex, NULL);
    pthread_condattr_t by_clock;
    pthread_condattr_init(&by_clock);
    pthread_condattr_setclock(&by_clock, CLOCK_MONOTONIC);
    pthread_cond_init(&self->wanted, &by_clock);
    pthread_condattr_destroy(&by_clock);
    status = rs_wake_open(&self->wake, err);
    if (status != RS_OK) {
        free_session(self);
        return status;
    }
    *out = self;
    return RS_OK;
}

/* Start the thread, or free the session. */
static enum rs_status start(struct rs_session **inout, struct rs_error *err)
{
    enum rs_status status = start_thread(*inout, err);
    if (status == RS_OK)
        return RS_OK;
    free_session(*inout);
    *inout = NULL;
    return status;
}

enum rs_status rs_session_open(struct rs_session **out, const struct rs_settings *settings,
                               const struct rs_session_options *options, struct rs_error *err)
{
    enum rs_status status = prepare(out, settings, options->dataset, options, err);
    return status == RS_OK ? start(out, err) : status;
}

/* ---- fork -------------------------------------------------------------------------------------------------------- */

/* Take the parent's past until the checkpoint. The parent's mutex is held, if somebody else may write there. */
static enum rs_status take_past(struct rs_session *self, const struct rs_session *parent, struct rs_error *err)
{
    const struct rs_epoch_record *epoch = parent->epochs.data;
    const struct rs_change_record *change = parent->changed.data;
    enum rs_status status = RS_OK;
    for (size_t i = 0; i < parent->epochs.count && status == RS_OK; i++)
        if (epoch[i].phase == RS_PHASE_SEARCH && epoch[i].epoch <= self->origin->epoch)
            status = rs_session_append(&self->past_epochs, &epoch[i], err);
    for (size_t i = 0; i < parent->changed.count && status == RS_OK; i++) {
        if (change[i].step > self->origin->step)
            break;
        status = rs_session_append(&self->past_changes, &change[i], err);
        if (status == RS_OK)
            status = rs_settings_parse(&self->shadow, change[i].row, change[i].value, err);
    }
    for (size_t i = 0; i < parent->shelf.count && parent->shelf.at[i]->epoch <= self->origin->epoch; i++)
        self->shelf.at[self->shelf.count++] = rs_checkpoint_take(parent->shelf.at[i]);
    self->shelf.every = parent->shelf.every;
    return status;
}

static enum rs_status not_kept(const struct rs_shelf *shelf, uint64_t epoch, struct rs_error *err)
{
    size_t at = 0;
    while (at < shelf->count && shelf->at[at]->epoch < epoch)
        at++;
    unsigned long long below = at > 0 ? shelf->at[at - 1]->epoch : 0;
    if (at == shelf->count)
        return rs_fail(err, RS_USAGE, "epoch %llu is not kept: the last one that is is %llu", (unsigned long long)epoch,
                       below);
    return rs_fail(err, RS_USAGE, "epoch %llu is not kept: %llu and %llu are", (unsigned long long)epoch, below,
                   (unsigned long long)shelf->at[at]->epoch);
}

enum rs_status rs_session_fork(struct rs_session **out, struct rs_session *parent, uint64_t epoch,
                               const struct rs_session_options *options, struct rs_error *err)
{
    *out = NULL;
    const struct rs_dataset *dataset = rs_session_dataset(parent);
    if (!dataset)
        return rs_fail(err, RS_USAGE, "there is nothing to go back to while data are being read");
    enum rs_status status = prepare(out, &parent->settings, dataset, options, err);
    rs_dataset_drop(dataset);
    struct rs_session *self = *out;
    if (!self)
        return status;
    self->forked = true;
    self->status.forked_at = epoch;
    pthread_mutex_lock(&parent->mutex);
    self->origin = rs_checkpoint_take(rs_shelf_find(&parent->shelf, epoch));
    if (self->origin)
        status = take_past(self, parent, err);
    else if (epoch > 0)
        status = not_kept(&parent->shelf, epoch, err);
    pthread_mutex_unlock(&parent->mutex);
    if (status != RS_OK) {
        free_session(self);
        *out = NULL;
        return status;
    }
    return start(out, err);
}

void rs_session_checkpoints(struct rs_session *self, struct rs_session_kept *out)
{
    pthread_mutex_lock(&self->mutex);
    *out = (struct rs_session_kept){.count = self->shelf.count,
                                    .every = self->shelf.every,
                                    .bytes = rs_shelf_bytes(&self->shelf),
                                    .budget = self->shelf.budget};
    for (size_t i = 0; i < self->shelf.count; i++)
        out->epoch[i] = self->shelf.at[i]->epoch;
    pthread_mutex_unlock(&self->mutex);
}

/* ---- the reader's commands --------------------------------------------------------------------------------------- */

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
    if (command != RS_SESSION_PAUSE)
        self->status.alarm = (struct rs_session_alarm){0};
    switch (command) {
    case RS_SESSION_START:
        self->want = RS_WANT_RUN;
        break;
    case RS_SESSION_PAUSE:
        self->want = RS_WANT_PAUSE;
        break;
    case RS_SESSION_STEP_BATCH:
        self->want = RS_WANT_BATCH;
        break;
    case RS_SESSION_STEP_EPOCH:
        self->want = RS_WANT_EPOCH;
        break;
    case RS_SESSION_STOP:
        self->stop = true;
        break;
    }
    /* The reader sees at once what it asked for; the thread says when it sleeps again. */
    bool idle = self->status.state == RS_SESSION_READY || self->status.state == RS_SESSION_PAUSED;
    if (idle && (self->want != RS_WANT_PAUSE || self->stop))
        self->status.state = rs_session_busy(self);
    pthread_cond_signal(&self->wanted);
    pthread_mutex_unlock(&self->mutex);
}

void rs_session_pace(struct rs_session *self, double epochs_per_second)
{
    pthread_mutex_lock(&self->mutex);
    self->pace = epochs_per_second;
    self->pace_changed = true;
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
    if (at == RS_SESSION_CHANGES) {
        status = rs_fail(err, RS_PRESET, "%d changes wait for the next batch already", RS_SESSION_CHANGES);
    } else {
        self->change[at].row = row;
        rs_copy_string(self->change[at].value, sizeof self->change[at].value, rs_string(&self->shadow, row));
        self->changes = at == self->changes ? at + 1 : self->changes;
        pthread_cond_signal(&self->wanted);
    }
    pthread_mutex_unlock(&self->mutex);
    return status;
}

void rs_session_copy_question(struct rs_pending_question *to, const struct rs_probe_question *question)
{
    to->question = *question;
    for (size_t i = 0; i < question->ratings; i++) {
        to->item[i] = question->item[i];
        to->rating[i] = question->rating[i];
    }
    to->question.item = to->item;
    to->question.rating = to->rating;
}

enum rs_status rs_session_probe(struct rs_session *self, const struct rs_probe_question *question, struct rs_error *err)
{
    if (question->ratings > RS_PROBE_RATINGS_MOST)
        return rs_fail(err, RS_USAGE, "%zu ratings: at most %d", question->ratings, RS_PROBE_RATINGS_MOST);
    pthread_mutex_lock(&self->mutex);
    struct rs_pending_question *pending = &self->question[question->kind];
    uint64_t serial = pending->waits ? pending->question.serial : 0;
    if (!pending->waits)
        pending->turn = self->turns++;
    rs_session_copy_question(pending, question);
    if (serial > question->serial) /* whoever counts hears of the one that was replaced, too */
        pending->question.serial = serial;
    pending->waits = true;
    pthread_cond_signal(&self->wanted);
    pthread_mutex_unlock(&self->mutex);
    return RS_OK;
}

int rs_session_fd(const struct rs_session *self)
{
    return self->wake.fd[0];
}

/* Copy what is behind the cursor; the copy starts anew. */
static enum rs_status copy_news(struct rs_session_list *from, struct rs_session_list *to, struct rs_error *err)
{
    enum rs_status status = RS_OK;
    to->count = 0;
    for (; from->cursor < from->count && status == RS_OK; from->cursor++)
        status = rs_session_append(to, (const char *)from->data + from->cursor * from->size, err);
    return status;
}

enum rs_status rs_session_poll(struct rs_session *self, struct rs_session_news *news, struct rs_error *err)
{
    rs_wake_drain(&self->wake);
    memset(news, 0, sizeof *news);
    pthread_mutex_lock(&self->mutex);
    uint64_t oldest = self->head > RS_SESSION_RING ? self->head - RS_SESSION_RING : 0;
    news->lost = self->batch_cursor < oldest ? oldest - self->batch_cursor : 0;
    for (uint64_t k = self->batch_cursor + news->lost; k < self->head; k++)
        self->batch_out[news->batches++] = self->ring[k % RS_SESSION_RING];
    self->batch_cursor = self->head;
    enum rs_status status = copy_news(&self->epochs, &self->epochs_out, err);
    if (status == RS_OK)
        status = copy_news(&self->changed, &self->changed_out, err);
    news->status = self->status;
    for (size_t kind = 0; kind < RS_PROBE_KINDS; kind++) {
        rs_probe_drop(self->answer_out[kind]);
        news->answer[kind] = self->answer_out[kind] = self->answer[kind];
        self->answer[kind] = NULL;
    }
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
