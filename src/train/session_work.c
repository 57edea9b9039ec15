/* The training thread's side of the session. */
#include "session_internal.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#ifdef __linux__
#include <sys/resource.h>
#endif

#include "recscope/base/clock.h"
#include "recscope/base/memory.h"
#include "recscope/base/text.h"

/* ---- telling --------------------------------------------------------------------------------------------------- */

enum rs_status rs_session_append(struct rs_session_list *list, const void *element, struct rs_error *err)
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
    rs_sentinel_init(&self->sentinel, record->baseline_mean * record->baseline_mean);
    rs_wake(&self->wake);
    return RS_OK;
}

static double learning_rate(const struct rs_session *self)
{
    return rs_number(rs_trainer_settings(self->trainer), &rs_row_learning_rate);
}

/* With half the learning rate as the way out. */
static void set_alarm(const struct rs_session *self, struct rs_session_alarm *alarm, uint64_t step, const char *text)
{
    *alarm = (struct rs_session_alarm){.step = step, .row = &rs_row_learning_rate};
    rs_copy_string(alarm->text, sizeof alarm->text, text);
    snprintf(alarm->value, sizeof alarm->value, "%.4g", learning_rate(self) / 2);
}

/* Training stands still until the person has seen this. */
static void raise_alarm(struct rs_session *self, uint64_t step, const struct rs_explosion *explosion)
{
    char text[sizeof self->status.alarm.text];
    snprintf(text, sizeof text, "loss went from %.3g to %.3g in %llu step%s at learning rate %.4g", explosion->from,
             explosion->to, (unsigned long long)explosion->steps, explosion->steps == 1 ? "" : "s",
             learning_rate(self));
    pthread_mutex_lock(&self->mutex);
    set_alarm(self, &self->status.alarm, step, text);
    self->want = RS_WANT_PAUSE;
    pthread_mutex_unlock(&self->mutex);
}

static enum rs_status on_batch(void *context, const struct rs_batch_record *record, struct rs_error *err)
{
    (void)err;
    struct rs_session *self = context;
    struct rs_explosion explosion;
    if (rs_sentinel_add(&self->sentinel, record->step, record->loss, record->cells, &explosion))
        raise_alarm(self, record->step, &explosion);
    pthread_mutex_lock(&self->mutex);
    self->ring[self->head++ % RS_SESSION_RING] = *record;
    self->status.step = record->step;
    pthread_mutex_unlock(&self->mutex);
    rs_wake(&self->wake);
    return RS_OK;
}

/* Put the state of the epoch that has just ended on the shelf. */
static enum rs_status keep_checkpoint(struct rs_session *self, struct rs_error *err)
{
    struct rs_checkpoint *checkpoint = NULL;
    enum rs_status status = RS_OK;
    if (self->shelf.budget > 0 && !self->resuming) { /* the budget never changes */
        struct rs_checkpoint *spare = self->spare;
        self->spare = NULL;
        status = rs_trainer_checkpoint(self->trainer, spare, &checkpoint, err);
    }
    if (!checkpoint)
        return status;
    pthread_mutex_lock(&self->mutex);
    size_t gone = rs_shelf_add(&self->shelf, checkpoint, self->gone);
    pthread_mutex_unlock(&self->mutex);
    if (gone > 0)
        self->spare = self->gone[--gone];
    while (gone > 0)
        rs_checkpoint_drop(self->gone[--gone]);
    return RS_OK;
}

static enum rs_status on_epoch(void *context, const struct rs_epoch_record *record, struct rs_error *err)
{
    struct rs_session *self = context;
    enum rs_status status = keep_checkpoint(self, err);
    if (status != RS_OK)
        return status;
    pthread_mutex_lock(&self->mutex);
    status = rs_session_append(&self->epochs, record, err);
    self->status.epoch = record->epoch;
    self->status.step = record->step;
    self->status.since_best = record->best ? 0 : self->status.since_best + 1;
    pthread_mutex_unlock(&self->mutex);
    rs_wake(&self->wake);
    return status;
}

static enum rs_status on_change(void *context, const struct rs_change_record *record, struct rs_error *err)
{
    struct rs_session *self = context;
    pthread_mutex_lock(&self->mutex);
    enum rs_status status = rs_session_append(&self->changed, record, err);
    pthread_mutex_unlock(&self->mutex);
    rs_wake(&self->wake);
    return status;
}

struct rs_observer rs_session_observer(struct rs_session *self)
{
    return (struct rs_observer){
        .context = self, .start = on_start, .batch = on_batch, .epoch = on_epoch, .change = on_change};
}

/* The one place that announces an end: every path of the thread passes here once. */
static void announce(struct rs_session *self, enum rs_session_state state, const struct rs_error *err)
{
    pthread_mutex_lock(&self->mutex);
    struct rs_session_alarm *alarm = &self->status.alarm;
    if (state == RS_SESSION_FINISHED)
        self->status.done = *rs_trainer_done(self->trainer);
    else
        self->status.error = *err;
    if (state == RS_SESSION_FINISHED && self->status.done.reason == RS_REASON_DIVERGED && alarm->text[0] == '\0')
        set_alarm(self, alarm, self->status.step, self->status.done.advice);
    self->status.state = state;
    pthread_mutex_unlock(&self->mutex);
    rs_wake(&self->wake);
}

/* ---- loading --------------------------------------------------------------------------------------------------- */

/* Stand back behind other work. Linux counts niceness by thread, and threads that this one starts take it over;
 * elsewhere it would hold back the screen, too. */
static void stand_back(int niceness)
{
#ifdef __linux__
    if (niceness > 0) /* where the system does not allow it, training runs all the same */
        setpriority(PRIO_PROCESS, 0, niceness);
#else
    (void)niceness;
#endif
}

static enum rs_status resume(struct rs_session *self, struct rs_error *err)
{
    const struct rs_history history = {self->past_epochs.data, self->past_epochs.count, self->past_changes.data,
                                       self->past_changes.count};
    self->resuming = true;
    enum rs_status status = rs_trainer_resume(self->trainer, self->origin, &history, err);
    self->resuming = false;
    return status;
}

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
    if (status == RS_OK && self->origin)
        status = resume(self, err);
    if (status != RS_OK)
        return status;
    pthread_mutex_lock(&self->mutex);
    self->status.state = self->forked ? RS_SESSION_PAUSED : RS_SESSION_READY;
    pthread_mutex_unlock(&self->mutex);
    rs_wake(&self->wake);
    return RS_OK;
}

/* ---- pace ------------------------------------------------------------------------------------------------------ */

/* When the next batch may start: the batches of an epoch share out its time. The mutex is held, pace is set. */
static double due_at(struct rs_session *self)
{
    double steps = (double)rs_trainer_steps_per_epoch(self->trainer);
    double share = fmin((double)self->epoch_batches / steps, 1) / self->pace;
    double now = rs_clock_seconds();
    if (self->pace_changed) /* the time that has passed is not made up for */
        self->epoch_began = now - share;
    self->pace_changed = false;
    if (self->epoch_batches == 0 && now > self->epoch_began)
        self->epoch_began = now;
    return self->epoch_began + share;
}

static void count_batch(struct rs_session *self, bool epoch_ended)
{
    self->epoch_batches++;
    if (!epoch_ended)
        return;
    self->epoch_batches = 0;
    pthread_mutex_lock(&self->mutex);
    self->epoch_began += self->pace > 0 ? 1 / self->pace : 0;
    pthread_mutex_unlock(&self->mutex);
}

/* ---- questions ------------------------------------------------------------------------------------------------- */

/* While training runs, so many times what an answer took pass before the next one. */
#define PROBE_REST 25

/* Take a question that may be answered now. The mutex is held. at_rest: nothing else is to be done. */
static bool take_question(struct rs_session *self, bool at_rest)
{
    bool rested = at_rest || rs_clock_seconds() >= self->probe_after;
    struct rs_pending_question *next = NULL;
    for (size_t kind = 0; kind < RS_PROBE_KINDS; kind++) {
        struct rs_pending_question *pending = &self->question[kind];
        if (pending->waits && (rested || pending->question.urgent) && (!next || pending->turn < next->turn))
            next = pending;
    }
    if (!next)
        return false;
    rs_session_copy_question(&self->asked, &next->question);
    self->asked.waits = true;
    next->waits = false;
    return true;
}

/* The newest kept state that is not the present one. */
static struct rs_checkpoint *former_state(struct rs_session *self)
{
    uint64_t step = rs_trainer_steps(self->trainer);
    struct rs_checkpoint *former = NULL;
    pthread_mutex_lock(&self->mutex);
    if (self->status.phase == RS_PHASE_SEARCH)
        for (size_t i = self->shelf.count; i > 0 && !former; i--)
            if (self->shelf.at[i - 1]->step < step)
                former = rs_checkpoint_take(self->shelf.at[i - 1]);
    pthread_mutex_unlock(&self->mutex);
    return former;
}

static enum rs_status answer_question(struct rs_session *self, struct rs_error *err)
{
    struct rs_checkpoint *before = self->asked.question.kind == RS_PROBE_WEIGHTS ? former_state(self) : NULL;
    const struct rs_subject subject = {
        .model = rs_trainer_model(self->trainer),
        .dataset = self->dataset, /* constant since it was loaded */
        .step = rs_trainer_steps(self->trainer),
        .epoch = self->status.epoch, /* only this thread writes it */
        .before = before,
        .noise = rs_trainer_noise(self->trainer),
    };
    struct rs_probe_answer *answer;
    enum rs_status status = rs_prober_answer(&self->prober, &subject, &self->asked.question, &answer, err);
    rs_checkpoint_drop(before);
    self->asked.waits = false;
    if (status != RS_OK)
        return status;
    self->probe_after = rs_clock_seconds() + PROBE_REST * answer->seconds;
    pthread_mutex_lock(&self->mutex);
    const struct rs_probe_answer *unread = self->answer[answer->kind];
    self->answer[answer->kind] = answer;
    pthread_mutex_unlock(&self->mutex);
    rs_probe_drop(unread);
    rs_wake(&self->wake);
    return RS_OK;
}

/* ---- working --------------------------------------------------------------------------------------------------- */

/* What the reader asked for, taken out of the mailbox. */
struct errand {
    enum rs_want want; /* of the next batch; pause: it is not its time */
    bool stop, closing;
    struct rs_pending_change change[RS_SESSION_CHANGES];
    size_t changes;
};

enum rs_session_state rs_session_busy(const struct rs_session *self)
{
    return self->status.phase == RS_PHASE_REFIT ? RS_SESSION_TESTING : RS_SESSION_RUNNING;
}

/* Wait for the reader, or for the time of the next batch. true: it is its time. The mutex is held. */
static bool wait_for_errand(struct rs_session *self)
{
    while (!self->stop && !self->closing && self->changes == 0) {
        if (self->want == RS_WANT_PAUSE) {
            if (self->status.state == RS_SESSION_RUNNING || self->status.state == RS_SESSION_TESTING) {
                self->status.state = RS_SESSION_PAUSED;
                rs_wake(&self->wake);
            }
            self->pace_changed = true;
            if (take_question(self, true))
                return false;
            pthread_cond_wait(&self->wanted, &self->mutex);
            continue;
        }
        self->status.state = rs_session_busy(self);
        double due = self->pace > 0 && self->want != RS_WANT_BATCH ? due_at(self) : 0;
        bool is_due = due <= rs_clock_seconds();
        if (take_question(self, !is_due) || is_due)
            return is_due;
        double whole = floor(due);
        struct timespec until = {.tv_sec = (time_t)whole, .tv_nsec = (long)((due - whole) * 1e9)};
        pthread_cond_timedwait(&self->wanted, &self->mutex, &until);
    }
    return false;
}

/* Sleep until there is something to do, and say in the status whether we are. */
static void next_errand(struct rs_session *self, struct errand *errand)
{
    pthread_mutex_lock(&self->mutex);
    errand->want = wait_for_errand(self) ? self->want : RS_WANT_PAUSE;
    errand->stop = self->stop;
    errand->closing = self->closing;
    errand->changes = self->changes;
    memcpy(errand->change, self->change, self->changes * sizeof *self->change);
    self->changes = 0;
    if (errand->stop)
        self->status.state = rs_session_busy(self);
    pthread_mutex_unlock(&self->mutex);
}

/* A single batch or the rest of an epoch was asked for and is done: pause, unless something newer is wanted. */
static void after_step(struct rs_session *self, enum rs_want served, bool epoch_ended)
{
    if (served != RS_WANT_BATCH && !(served == RS_WANT_EPOCH && epoch_ended))
        return;
    pthread_mutex_lock(&self->mutex);
    if (self->want == served)
        self->want = RS_WANT_PAUSE;
    pthread_mutex_unlock(&self->mutex);
}

/* Closed in the middle: what was trained is still a run. */
static enum rs_status leave(struct rs_session *self, struct rs_error *err)
{
    enum rs_status status = rs_trainer_steps(self->trainer) > 0 ? rs_trainer_leave(self->trainer, err) : RS_OK;
    return status == RS_OK ? rs_fail(err, RS_INTERRUPTED, "closed") : status;
}

static enum rs_status work(struct rs_session *self, struct errand *errand, struct rs_error *err)
{
    enum rs_status status = load(self, err);
    bool finished = false;
    while (status == RS_OK && !finished) {
        next_errand(self, errand);
        if (errand->closing)
            return leave(self, err);
        for (size_t i = 0; i < errand->changes && status == RS_OK; i++)
            status = rs_trainer_change(self->trainer, errand->change[i].row, errand->change[i].value, err);
        if (status != RS_OK)
            break;
        if (errand->stop)
            return rs_trainer_stop(self->trainer, err);
        if (self->asked.waits)
            status = answer_question(self, err);
        if (status != RS_OK)
            break;
        if (errand->want == RS_WANT_PAUSE)
            continue;
        bool epoch_ended = false;
        status = rs_trainer_step(self->trainer, &epoch_ended, &finished, err);
        count_batch(self, epoch_ended);
        after_step(self, errand->want, epoch_ended);
    }
    return status;
}

/* The run is over, and may still be looked at. */
static void answer_until_closed(struct rs_session *self)
{
    struct rs_error error;
    bool closing = false;
    while (!closing) {
        pthread_mutex_lock(&self->mutex);
        while (!self->closing && !take_question(self, true))
            pthread_cond_wait(&self->wanted, &self->mutex);
        closing = self->closing;
        pthread_mutex_unlock(&self->mutex);
        if (self->asked.waits && answer_question(self, &error) != RS_OK)
            return; /* no memory for an answer: there is none */
    }
}

void *rs_session_work(void *session)
{
    struct rs_session *self = session;
    struct rs_error error = {0};
    struct errand *errand;
    stand_back(self->niceness);
    enum rs_status status = rs_alloc(&errand, 1, sizeof *errand, &error);
    if (status == RS_OK)
        status = work(self, errand, &error);
    rs_free(errand);
    announce(self, status == RS_OK ? RS_SESSION_FINISHED : RS_SESSION_FAILED, &error);
    if (status == RS_OK)
        answer_until_closed(self);
    return NULL;
}
