/* DESIGN: a run has one or two phases. The search trains on train and measures eval; a refit, where it is asked for,
 * trains a fresh model on train + eval for the number of epochs that the search chose. Both walk through the same
 * rs_trainer_step: a phase is a model, an optimiser and a sampler, made anew. Test is touched once, by `finish`. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "recscope/base/clock.h"
#include "recscope/base/memory.h"
#include "trainer_internal.h"

/* A batch whose RMSE is this many times the width of the rating scale has exploded. */
#define EXPLODED 1000.0

/* best.rsm is renewed during training at most so often, so that saving costs little. */
#define SAVE_SECONDS 5.0

#define BIT(part) (1U << (part))

static double number(const struct rs_trainer *self, const struct rs_conf_row *row)
{
    return rs_number(&self->settings, row);
}

static bool has_eval(const struct rs_trainer *self)
{
    return self->phase == RS_PHASE_SEARCH && self->dataset->count[RS_EVAL] > 0;
}

static bool by_blocks(const struct rs_trainer *self)
{
    return rs_choice(&self->settings, &rs_row_sampling) == RS_SAMPLING_BLOCKS;
}

uint64_t rs_trainer_steps_per_epoch(const struct rs_trainer *self)
{
    uint64_t batch = by_blocks(self) ? 1 : (uint64_t)number(self, &rs_row_batch_size);
    return batch == 0 ? 1 : (self->model->units + batch - 1) / batch;
}

static enum rs_status tell_start(struct rs_trainer *self, struct rs_error *err)
{
    const struct rs_dataset *dataset = self->dataset;
    bool refit = self->phase == RS_PHASE_REFIT;
    struct rs_start_record record = {
        .settings = &self->settings,
        .dataset = dataset,
        .phase = self->phase,
        .parameters = rs_graph_weight_count(self->model->graph),
        .train = self->model->cells,
        .eval = refit ? 0 : dataset->count[RS_EVAL],
        .test = dataset->count[RS_TEST],
        .steps_per_epoch = rs_trainer_steps_per_epoch(self),
        .measured_train = self->measure.count_of_first,
        .noise_floor = dataset->ratings.noise_floor,
        .path = rs_graph_is_dense(self->model->graph) ? "dense" : "sparse",
    };
    enum rs_part part = record.eval > 0 ? RS_EVAL : record.test > 0 ? RS_TEST : RS_TRAIN;
    struct rs_errors mean;
    struct rs_errors user_item;
    rs_measure_baselines(&self->marginals, dataset, part, &mean, &user_item, &record.cold);
    record.baseline_mean = rs_rmse(&mean);
    self->noise = self->epoch == 0 ? record.baseline_mean * record.baseline_mean : self->noise;
    record.baseline_user_item = rs_rmse(&user_item);
    TELL(self, start, &record, err);
    return RS_OK;
}

static void end_phase(struct rs_trainer *self)
{
    rs_optimizer_free(self->optimizer);
    rs_model_free(self->model);
    rs_sampler_free(&self->sampler);
    rs_marginals_free(&self->marginals);
    rs_measure_free(&self->measure);
    self->optimizer = NULL;
    self->model = NULL;
}

static enum rs_status check_blocks(const struct rs_trainer *self, struct rs_error *err)
{
    const struct rs_settings *settings = &self->settings;
    const struct rs_conf_row *sampling = &rs_row_sampling;
    const struct rs_conf_row *optimizer = &rs_row_optimizer;
    if (!by_blocks(self))
        return RS_OK;
    if (!(rs_model_chosen(settings)->capabilities & RS_MODEL_BLOCKS))
        return rs_fail(
            err, RS_PRESET, "[%s] %s = %s: %s walks rows, not single ratings: shuffle, random, or the model mf",
            sampling->section, sampling->key, rs_string(settings, sampling), rs_model_chosen(settings)->name);
    if (rs_optimizer_is_own(rs_choice(settings, optimizer)))
        return RS_OK;
    char names[128];
    rs_optimizer_own_names(names, sizeof names);
    return rs_fail(err, RS_PRESET, "[%s] %s = %s: %s = %s steps a rating at a time: %s", optimizer->section,
                   optimizer->key, rs_string(settings, optimizer), sampling->key, rs_string(settings, sampling), names);
}

static enum rs_status begin_phase(struct rs_trainer *self, enum rs_phase phase, struct rs_error *err)
{
    end_phase(self);
    self->phase = phase;
    self->epoch = 0;
    self->inside_epoch = false;
    self->at_best = false;
    unsigned parts = BIT(RS_TRAIN) | (phase == RS_PHASE_REFIT ? BIT(RS_EVAL) : 0);
    struct rs_model_env env = {
        .dataset = self->dataset,
        .train_parts = parts,
        .settings = &self->settings,
        .pool = self->pool,
        .seed = self->seed,
        .blocks = by_blocks(self),
        .sinks = true,
    };
    enum rs_status status = check_blocks(self, err);
    if (status == RS_OK)
        status = rs_model_create(&self->model, &env, err);
    if (status == RS_OK)
        status = rs_optimizer_create(&self->optimizer, rs_choice(&self->settings, &rs_row_optimizer),
                                     self->model->graph, err);
    if (status == RS_OK)
        status = rs_sampler_init(&self->sampler, (enum rs_sampling)rs_choice(&self->settings, &rs_row_sampling),
                                 self->seed, self->model->units, err);
    if (status == RS_OK)
        status = rs_marginals_init(&self->marginals, self->dataset, parts, err);
    if (status == RS_OK)
        status = rs_measure_init(&self->measure, self->dataset, parts, has_eval(self) ? BIT(RS_EVAL) : 0,
                                 self->model->by_item, RS_MEASURED_MOST, self->seed, err);
    return status == RS_OK ? tell_start(self, err) : status;
}

/* The default is no more than the machine has. */
static size_t threads(const struct rs_trainer *self)
{
    size_t asked = (size_t)number(self, &rs_row_threads);
    size_t most = rs_processors();
    return rs_value(&self->settings, &rs_row_threads)->given || asked <= most ? asked : most;
}

enum rs_status rs_trainer_create(struct rs_trainer **out, const struct rs_settings *settings,
                                 const struct rs_dataset *dataset, const struct rs_observer *observers, size_t count,
                                 struct rs_error *err)
{
    *out = NULL;
    if (count > OBSERVERS)
        return rs_fail(err, RS_FAILED, "%zu observers: at most %d", count, OBSERVERS);
    struct rs_trainer *self;
    enum rs_status status = rs_alloc(&self, 1, sizeof *self, err);
    if (status != RS_OK)
        return status;
    self->settings = *settings;
    self->dataset = rs_dataset_take(dataset);
    if (count > 0)
        memcpy(self->observer, observers, count * sizeof *observers);
    self->observers = count;
    self->seed = (uint64_t)number(self, &rs_row_seed);
    self->epochs_wanted = (uint64_t)number(self, &rs_row_epochs);
    self->tolerant = number(self, &rs_row_tolerance) > 0;
    self->done.best_eval_rmse = -1;
    status = rs_pool_create(&self->pool, threads(self), err);
    if (status == RS_OK)
        status = begin_phase(self, RS_PHASE_SEARCH, err);
    if (status != RS_OK) {
        rs_trainer_free(self);
        return status;
    }
    *out = self;
    return RS_OK;
}

void rs_trainer_free(struct rs_trainer *self)
{
    if (!self)
        return;
    end_phase(self);
    rs_pool_free(self->pool);
    rs_dataset_drop(self->dataset);
    rs_block_drop(self->best);
    rs_block_drop(self->before);
    rs_free(self);
}

/* ---- the end --------------------------------------------------------------------------------------------------- */

static void read_weights(const void *from, uint64_t first, float *out, size_t n)
{
    rs_graph_save_some(from, first, out, n);
}

/* Those at hand, as they are kept in files. */
static struct rs_weights weights_at_hand(const struct rs_trainer *self)
{
    const struct rs_graph *graph = self->model->graph;
    return (struct rs_weights){.count = rs_graph_weight_count(graph), .from = graph, .read = read_weights};
}

static enum rs_status tell_weights(struct rs_trainer *self, struct rs_error *err)
{
    const struct rs_weights weights = weights_at_hand(self);
    TELL(self, best, &weights, err);
    return RS_OK;
}

static enum rs_status hash_weights(const struct rs_trainer *self, char out[RS_HASH_TEXT], struct rs_error *err)
{
    const struct rs_weights weights = weights_at_hand(self);
    struct rs_hash hash;
    float *piece;
    enum rs_status status = rs_alloc(&piece, RS_WEIGHTS_PIECE, sizeof *piece, err);
    if (status != RS_OK)
        return status;
    rs_hash_start(&hash);
    for (uint64_t first = 0; first < weights.count; first += RS_WEIGHTS_PIECE) {
        uint64_t left = weights.count - first;
        size_t n = left < RS_WEIGHTS_PIECE ? (size_t)left : RS_WEIGHTS_PIECE;
        weights.read(weights.from, first, piece, n);
        rs_hash_add(&hash, piece, n * sizeof *piece);
    }
    rs_hash_finish(&hash, out);
    rs_free(piece);
    return RS_OK;
}

static void set_metric(struct rs_metrics *metrics, enum rs_metric metric, double value)
{
    metrics->has |= BIT(metric);
    metrics->value[metric] = value;
}

/* The one look at the test part. */
static enum rs_status measure_test(struct rs_trainer *self, struct rs_error *err)
{
    if (self->dataset->count[RS_TEST] == 0)
        return RS_OK;
    struct rs_measure measure;
    struct rs_errors test;
    struct rs_errors none;
    enum rs_status status =
        rs_measure_init(&measure, self->dataset, BIT(RS_TEST), 0, self->model->by_item, 0, self->seed, err);
    if (status == RS_OK)
        status = rs_measure_take(&measure, self->model, self->dataset, &self->marginals, &test, &none, err);
    if (status == RS_OK) {
        set_metric(&self->done.metrics, RS_TEST_RMSE, rs_rmse(&test));
        set_metric(&self->done.metrics, RS_TEST_MAE, rs_mae(&test));
    }
    rs_measure_free(&measure);
    return status;
}

/* What training alone needs; the moments are most of a run's memory. */
static void end_training(struct rs_trainer *self)
{
    rs_optimizer_free(self->optimizer);
    rs_block_drop(self->best);
    rs_block_drop(self->before);
    self->optimizer = NULL;
    self->best = self->before = NULL;
}

/* The weights at hand are the result: save, hash, test, tell. */
static enum rs_status finish(struct rs_trainer *self, struct rs_error *err)
{
    end_training(self);
    enum rs_status status = hash_weights(self, self->done.weights_hash, err);
    bool told = self->at_best && self->best_told == self->done.best_epoch;
    if (status == RS_OK && !told)
        status = tell_weights(self, err);
    if (status == RS_OK && self->done.reason != RS_REASON_DIVERGED && !self->leaving)
        status = measure_test(self, err);
    if (status != RS_OK)
        return status;
    self->finished = true;
    TELL(self, done, &self->done, err);
    return RS_OK;
}

enum rs_status rs_trainer_load(struct rs_trainer *self, const struct rs_block *weights, struct rs_error *err)
{
    size_t count;
    return rs_block_load(weights, rs_graph_weights(self->model->graph, &count), err);
}

/* The best weights are copied no sooner than others are about to take their place: after the last epoch nobody is. */
enum rs_status rs_trainer_keep_best(struct rs_trainer *self, struct rs_error *err)
{
    if (!self->at_best || self->best_kept == self->done.best_epoch)
        return RS_OK;
    size_t count;
    const rs_real *weights = rs_graph_weights(self->model->graph, &count);
    self->best_kept = self->done.best_epoch;
    return rs_block_keep(&self->best, weights, count, RS_BLOCK_LARGE, err);
}

/* Weights are about to change. */
static enum rs_status leave_best(struct rs_trainer *self, struct rs_error *err)
{
    enum rs_status status = rs_trainer_keep_best(self, err);
    self->at_best = false;
    return status;
}

static enum rs_status back_to_best(struct rs_trainer *self, struct rs_error *err)
{
    if (self->at_best)
        return RS_OK;
    enum rs_status status = rs_trainer_load(self, self->best, err);
    self->at_best = status == RS_OK;
    return status;
}

/* Whether another phase follows a search that ended like this. */
static bool refits(const struct rs_trainer *self, enum rs_reason reason)
{
    bool chosen = reason != RS_REASON_DIVERGED && reason != RS_REASON_STOPPED;
    return chosen && self->done.best_epoch > 0 && rs_flag(&self->settings, &rs_row_refit);
}

/* The search is over: on to the refit, or to the end with the best weights. */
static enum rs_status end_search(struct rs_trainer *self, enum rs_reason reason, struct rs_error *err)
{
    self->done.reason = reason;
    self->done.epochs = self->epoch;
    if (self->done.best_epoch == 0) { /* there is no eval part, or no epoch has ended */
        self->done.best_epoch = self->epoch;
        return finish(self, err);
    }
    enum rs_status status = refits(self, reason) ? leave_best(self, err) : back_to_best(self, err);
    if (status != RS_OK)
        return status;
    return refits(self, reason) ? begin_phase(self, RS_PHASE_REFIT, err) : finish(self, err);
}

enum rs_status rs_trainer_stop(struct rs_trainer *self, struct rs_error *err)
{
    if (self->finished)
        return RS_OK;
    if (self->phase == RS_PHASE_SEARCH)
        return end_search(self, RS_REASON_STOPPED, err);
    /* A refit that was cut short is worth less than what the search found. */
    enum rs_status status = begin_phase(self, RS_PHASE_SEARCH, err);
    if (status != RS_OK)
        return status;
    self->epoch = self->done.epochs;
    return end_search(self, RS_REASON_STOPPED, err);
}

enum rs_status rs_trainer_leave(struct rs_trainer *self, struct rs_error *err)
{
    self->leaving = true;
    return rs_trainer_stop(self, err);
}

static enum rs_status diverge(struct rs_trainer *self, double loss, struct rs_error *err)
{
    double rate = number(self, &rs_row_learning_rate);
    snprintf(self->done.advice, sizeof self->done.advice,
             "epoch %llu, step %llu: the loss %s: try a learning rate of %.3g or less",
             (unsigned long long)self->epoch + 1, (unsigned long long)self->step,
             isfinite(loss) ? "exploded" : "is no longer a number", rate / 2);
    if (self->phase == RS_PHASE_REFIT) {
        self->done.reason = RS_REASON_DIVERGED;
        return finish(self, err);
    }
    return end_search(self, RS_REASON_DIVERGED, err);
}

/* ---- one step -------------------------------------------------------------------------------------------------- */

static double scheduled_rate(const struct rs_trainer *self)
{
    double rate = number(self, &rs_row_learning_rate);
    bool linear = rs_choice(&self->settings, &rs_row_schedule) == 1;
    return linear ? rate * (1 - (double)self->epoch / (double)self->epochs_wanted) : rate;
}

static enum rs_status keep_weights(struct rs_trainer *self, struct rs_error *err)
{
    size_t count;
    const rs_real *weights = rs_graph_weights(self->model->graph, &count);
    return self->tolerant ? rs_block_keep(&self->before, weights, count, RS_BLOCK_LARGE, err) : RS_OK;
}

struct change {
    const rs_real *now;
    double change, norm; /* squares */
};

static void add_change(void *context, const rs_real *before, size_t first, size_t n)
{
    struct change *sum = context;
    for (size_t i = 0; i < n; i++) {
        double old = (double)before[i];
        double moved = (double)sum->now[first + i] - old;
        sum->change += moved * moved;
        sum->norm += old * old;
    }
}

/* |w' - w| / |w| since keep_weights. */
static enum rs_status weight_change(const struct rs_trainer *self, double *out, struct rs_error *err)
{
    size_t count;
    struct change sum = {.now = rs_graph_weights(self->model->graph, &count)};
    enum rs_status status = rs_block_walk(self->before, add_change, &sum, err);
    *out = sum.norm > 0 ? sqrt(sum.change / sum.norm) : (double)INFINITY;
    return status;
}

static bool tolerance_per_step(const struct rs_trainer *self)
{
    return rs_choice(&self->settings, &rs_row_tolerance_per) == 1;
}

static enum rs_status begin_epoch(struct rs_trainer *self, struct rs_error *err)
{
    self->inside_epoch = true;
    self->now = (struct rs_epoch_record){.phase = self->phase, .epoch = self->epoch + 1, .weight_change = -1};
    self->batches = 0;
    rs_sampler_begin_epoch(&self->sampler, self->epoch + 1);
    return tolerance_per_step(self) ? RS_OK : keep_weights(self, err);
}

static enum rs_status train_batch(struct rs_trainer *self, double *loss, struct rs_error *err)
{
    const uint32_t *units;
    uint32_t count;
    self->step++;
    rs_sampler_next(&self->sampler, (uint64_t)number(self, &rs_row_batch_size), self->epoch + 1, self->step, &units,
                    &count);
    struct rs_graph_step step = {
        .seed = self->seed,
        .epoch = self->epoch + 1,
        .step = self->step,
        .dropout = (rs_real)number(self, &rs_row_dropout),
        .input_dropout = (rs_real)number(self, &rs_row_input_dropout),
        .l2 = (rs_real)number(self, &rs_row_l2),
        .l2_scope = (enum rs_l2_scope)rs_choice(&self->settings, &rs_row_l2_scope),
        .share = (rs_real)((double)count / (double)self->model->units),
        .mean = rs_choice(&self->settings, &rs_row_loss_scale) == 1,
        .every_row = !rs_flag(&self->settings, &rs_row_lazy),
    };
    self->now.learning_rate = scheduled_rate(self);
    rs_optimizer_begin_step(self->optimizer, self->now.learning_rate);
    if (by_blocks(self))
        self->model->own = rs_optimizer_own_rate(self->optimizer);
    uint64_t cells = 0;
    double squares = 0;
    enum rs_status status = tolerance_per_step(self) ? keep_weights(self, err) : RS_OK;
    if (status == RS_OK)
        status = self->model->ops->step(self->model, units, count, &step, &squares, &cells, err);
    self->now.cells += cells;
    *loss = cells ? squares / (double)cells : 0;
    return status;
}

void rs_trainer_note_errors(struct rs_trainer *self, const struct rs_metrics *metrics)
{
    enum rs_metric told = metrics->has & BIT(RS_EVAL_RMSE) ? RS_EVAL_RMSE : RS_TRAIN_RMSE;
    if (metrics->has & BIT(told))
        self->noise = metrics->value[told] * metrics->value[told];
}

/* Measure, and remember the best. */
static enum rs_status measure_epoch(struct rs_trainer *self, struct rs_error *err)
{
    double start = rs_clock_seconds();
    struct rs_errors train;
    struct rs_errors eval;
    enum rs_status status =
        rs_measure_take(&self->measure, self->model, self->dataset, &self->marginals, &train, &eval, err);
    if (status != RS_OK)
        return status;
    struct rs_metrics *metrics = &self->now.metrics;
    if (train.count > 0)
        set_metric(metrics, RS_TRAIN_RMSE, rs_rmse(&train));
    self->since_best++;
    if (eval.count > 0) {
        set_metric(metrics, RS_EVAL_RMSE, rs_rmse(&eval));
        set_metric(metrics, RS_EVAL_MAE, rs_mae(&eval));
        double rmse = metrics->value[RS_EVAL_RMSE];
        self->now.best = self->done.best_epoch == 0 || rmse < self->done.best_eval_rmse;
        if (self->now.best) {
            self->done.best_eval_rmse = rmse;
            self->done.best_epoch = self->epoch;
            self->since_best = 0;
            self->at_best = true;
        }
    }
    rs_trainer_note_errors(self, metrics);
    self->now.eval_seconds = rs_clock_seconds() - start;
    return RS_OK;
}

/* The weights at hand are the best ones. */
enum rs_status rs_trainer_save_best(struct rs_trainer *self, struct rs_error *err)
{
    self->saved_at = rs_clock_seconds();
    self->best_told = self->done.best_epoch;
    return tell_weights(self, err);
}

/* Whether a stop rule fires at the end of an epoch. */
static bool should_stop(const struct rs_trainer *self, enum rs_reason *reason)
{
    uint64_t patience = (uint64_t)number(self, &rs_row_patience);
    double tolerance = number(self, &rs_row_tolerance);
    *reason = RS_REASON_EPOCHS;
    if (self->phase == RS_PHASE_REFIT)
        return self->epoch >= self->done.best_epoch;
    if (self->now.weight_change >= 0 && self->now.weight_change <= tolerance)
        *reason = RS_REASON_TOLERANCE;
    else if (has_eval(self) && patience > 0 && self->since_best >= patience)
        *reason = RS_REASON_PATIENCE;
    return *reason != RS_REASON_EPOCHS || self->epoch >= self->epochs_wanted;
}

static enum rs_status end_epoch(struct rs_trainer *self, struct rs_error *err)
{
    self->inside_epoch = false;
    self->epoch++;
    self->now.step = self->step;
    self->now.batch_loss /= (double)self->batches;
    enum rs_status status = RS_OK;
    if (self->tolerant && !tolerance_per_step(self))
        status = weight_change(self, &self->now.weight_change, err);
    if (status == RS_OK)
        status = measure_epoch(self, err);
    if (status != RS_OK)
        return status;
    TELL(self, epoch, &self->now, err);
    double measured = self->now.metrics.value[RS_TRAIN_RMSE];
    if (!isfinite(measured))
        return diverge(self, measured, err);
    enum rs_reason reason;
    bool stops = should_stop(self, &reason);
    bool tells = stops && !refits(self, reason); /* the end tells of the best weights, too */
    if (self->now.best && !tells && rs_clock_seconds() - self->saved_at >= SAVE_SECONDS)
        status = rs_trainer_save_best(self, err);
    if (status != RS_OK || !stops)
        return status;
    return self->phase == RS_PHASE_REFIT ? finish(self, err) : end_search(self, reason, err);
}

/* The run ended at the very epoch that was resumed: it ends there again. */
static enum rs_status end_again(struct rs_trainer *self, bool *ended, struct rs_error *err)
{
    enum rs_reason reason;
    *ended = self->resumed && should_stop(self, &reason);
    self->resumed = false;
    return *ended ? end_search(self, reason, err) : RS_OK;
}

enum rs_status rs_trainer_step(struct rs_trainer *self, bool *epoch_ended, bool *finished, struct rs_error *err)
{
    *epoch_ended = false;
    *finished = self->finished;
    if (self->finished)
        return RS_OK;
    if (self->resumed) {
        enum rs_status again = end_again(self, epoch_ended, err);
        *finished = self->finished;
        if (again != RS_OK || *epoch_ended)
            return again;
    }
    enum rs_status status = self->inside_epoch ? RS_OK : begin_epoch(self, err);
    if (status == RS_OK)
        status = leave_best(self, err);
    double start = rs_clock_seconds();
    double loss = 0;
    uint64_t cells_before = self->now.cells;
    if (status == RS_OK)
        status = train_batch(self, &loss, err);
    double seconds = rs_clock_seconds() - start;
    if (status != RS_OK)
        return status;
    self->now.seconds += seconds;
    self->done.train_seconds += seconds;
    self->now.batch_loss += loss;
    self->batches++;
    struct rs_batch_record record = {
        .step = self->step, .epoch = self->epoch + 1, .loss = loss, .cells = self->now.cells - cells_before};
    TELL(self, batch, &record, err);
    double span = (double)self->dataset->ratings.scale.high - (double)self->dataset->ratings.scale.low;
    if (!isfinite(loss) || sqrt(loss) > EXPLODED * fmax(span, 1))
        status = diverge(self, loss, err);
    else if (self->tolerant && tolerance_per_step(self) && self->phase == RS_PHASE_SEARCH)
        status = weight_change(self, &self->now.weight_change, err);
    /* The lecture's literal rule ends the epoch at the step that fired it. */
    bool fired = self->now.weight_change >= 0 && self->now.weight_change <= number(self, &rs_row_tolerance);
    if (status == RS_OK && !self->finished && (fired || rs_sampler_ended(&self->sampler))) {
        *epoch_ended = true;
        status = end_epoch(self, err);
    }
    *finished = self->finished;
    return status;
}

enum rs_status rs_trainer_change(struct rs_trainer *self, const struct rs_conf_row *row, const char *value,
                                 struct rs_error *err)
{
    if (!row->live)
        return rs_fail(err, RS_PRESET, "[%s] %s: it cannot change while training runs: reset the run", row->section,
                       row->key);
    enum rs_status status = rs_settings_parse(&self->settings, row, value, err);
    if (status != RS_OK)
        return status;
    struct rs_change_record record = {.step = self->step + 1, .row = row};
    snprintf(record.value, sizeof record.value, "%.63s", rs_string(&self->settings, row));
    TELL(self, change, &record, err);
    return RS_OK;
}

const struct rs_settings *rs_trainer_settings(const struct rs_trainer *self)
{
    return &self->settings;
}

struct rs_model *rs_trainer_model(struct rs_trainer *self)
{
    return self->model;
}

double rs_trainer_noise(const struct rs_trainer *self)
{
    /* Ratings are rounded to the scale's steps: a model that has learned them by heart does not know them better. */
    double step = (double)self->dataset->ratings.scale.step;
    return fmax(self->noise, fmax(step * step / 12, 1e-3));
}

uint64_t rs_trainer_steps(const struct rs_trainer *self)
{
    return self->step;
}

const struct rs_done_record *rs_trainer_done(const struct rs_trainer *self)
{
    return &self->done;
}
