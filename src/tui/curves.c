#include "curves.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recscope/base/memory.h"
#include "recscope/base/text.h"
#include "recscope/train/rows.h"

#define COLUMNS 7

/* ---- one run ----------------------------------------------------------------------------------------------------- */

static void columns_of(struct rs_curve *curve, double **out[COLUMNS])
{
    double **const all[COLUMNS] = {&curve->epoch, &curve->step, &curve->ratings, &curve->seconds,
                                   &curve->train, &curve->eval, &curve->rate};
    memcpy(out, all, sizeof all);
}

static enum rs_status make_room(struct rs_curve *curve, size_t wanted, struct rs_error *err)
{
    double **columns[COLUMNS];
    size_t more = curve->capacity ? curve->capacity : 256;
    enum rs_status status = RS_OK;
    while (more < wanted)
        more *= 2;
    if (more == curve->capacity)
        return RS_OK;
    columns_of(curve, columns);
    for (size_t i = 0; i < COLUMNS && status == RS_OK; i++)
        status = rs_grow(columns[i], curve->capacity, more, sizeof **columns[i], err);
    if (status == RS_OK)
        curve->capacity = more;
    return status;
}

/* The values of a sample are in place: count it, and see whether it is the best so far. */
static void count_sample(struct rs_curve *curve)
{
    size_t at = curve->count++;
    if (at == 0)
        curve->best = curve->best_epoch = NAN;
    if (curve->epoch[at] > 0 && isfinite(curve->eval[at]) && !(curve->eval[at] >= curve->best)) {
        curve->best = curve->eval[at];
        curve->best_epoch = curve->epoch[at];
    }
}

/* The samples of `from`. A column it lacks is not known. */
static enum rs_status copy_run(struct rs_curve *to, const struct rs_curve *from, struct rs_error *err)
{
    double **columns[COLUMNS];
    const double *sources[COLUMNS] = {from->epoch, from->step, from->ratings, from->seconds,
                                      from->train, from->eval, from->rate};
    enum rs_status status = make_room(to, from->count, err);
    if (status != RS_OK)
        return status;
    columns_of(to, columns);
    for (size_t at = 0; at < from->count; at++) {
        for (size_t i = 0; i < COLUMNS; i++)
            (*columns[i])[at] = sources[i] ? sources[i][at] : NAN;
        count_sample(to);
    }
    to->steps_per_epoch = from->steps_per_epoch;
    to->group = from->group;
    return RS_OK;
}

static void free_curve(struct rs_curve *curve)
{
    double **columns[COLUMNS];
    columns_of(curve, columns);
    for (size_t i = 0; i < COLUMNS; i++)
        rs_free(*columns[i]);
    memset(curve, 0, sizeof *curve);
}

static void add_event(struct rs_curve *curve, double step, enum rs_plot_role role, const char *label)
{
    if (curve->events == RS_EVENTS_MOST) {
        memmove(&curve->event[0], &curve->event[1], (RS_EVENTS_MOST - 1) * sizeof curve->event[0]);
        curve->events--;
    }
    struct rs_curve_event *event = &curve->event[curve->events++];
    *event = (struct rs_curve_event){.step = step, .role = role};
    rs_copy_string(event->label, sizeof event->label, label);
}

/* ---- what arrives ------------------------------------------------------------------------------------------------ */

static double metric(const struct rs_epoch_record *record, enum rs_metric which)
{
    return record->metrics.has & 1u << which ? record->metrics.value[which] : NAN;
}

enum rs_status rs_curves_add_epoch(struct rs_curves *curves, const struct rs_epoch_record *record, struct rs_error *err)
{
    struct rs_curve *curve = &curves->now;
    enum rs_status status = make_room(curve, curve->count + 1, err);
    if (status != RS_OK)
        return status;
    size_t at = curve->count;
    curve->epoch[at] = (double)record->epoch;
    curve->step[at] = (double)record->step;
    curve->ratings[at] = (at > 0 ? curve->ratings[at - 1] : 0) + (double)record->cells;
    curve->seconds[at] = (at > 0 ? curve->seconds[at - 1] : 0) + record->seconds;
    curve->train[at] = metric(record, RS_TRAIN_RMSE);
    curve->eval[at] = metric(record, RS_EVAL_RMSE);
    curve->rate[at] = record->learning_rate;
    count_sample(curve);
    return RS_OK;
}

/* Half as many points: of each four the least and the greatest, in their order, so that no spike is lost. */
static void thin(struct rs_curves *curves)
{
    const double *loss = curves->batch_loss;
    size_t kept = 0;
    for (size_t i = 0; i + 4 <= curves->batches; i += 4) {
        size_t low = i;
        size_t high = i;
        for (size_t k = i + 1; k < i + 4; k++) {
            low = loss[k] < loss[low] ? k : low;
            high = loss[k] >= loss[high] ? k : high;
        }
        size_t pair[2] = {low < high ? low : high, low < high ? high : low};
        for (size_t k = 0; k < 2; k++, kept++) {
            curves->batch_step[kept] = curves->batch_step[pair[k]];
            curves->batch_loss[kept] = curves->batch_loss[pair[k]];
        }
    }
    curves->batches = kept;
}

enum rs_status rs_curves_add_batch(struct rs_curves *curves, const struct rs_batch_record *record,
                                   uint64_t steps_per_epoch, struct rs_error *err)
{
    if (curves->batch_capacity == 0) {
        enum rs_status status = RS_OK;
        if (!curves->batch_step)
            status = rs_alloc(&curves->batch_step, RS_BATCHES_MOST, sizeof *curves->batch_step, err);
        if (status == RS_OK)
            status = rs_alloc(&curves->batch_loss, RS_BATCHES_MOST, sizeof *curves->batch_loss, err);
        if (status != RS_OK)
            return status;
        curves->batch_capacity = RS_BATCHES_MOST;
    }
    if (curves->batches == curves->batch_capacity)
        thin(curves);
    size_t at = curves->batches++;
    curves->now.steps_per_epoch = (double)steps_per_epoch;
    curves->batch_step[at] = (double)record->step;
    curves->batch_loss[at] = sqrt(record->loss);
    return RS_OK;
}

void rs_curves_add_change(struct rs_curves *curves, const struct rs_change_record *record, const char *before)
{
    char label[64];
    const char *name = record->row == &rs_row_learning_rate ? "lr" : record->row->label;
    snprintf(label, sizeof label, "%.20s %.16s \xE2\x86\x92 %.16s", name, before, record->value);
    add_event(&curves->now, record->step > 0 ? (double)record->step - 1 : 0, RS_PLOT_CHANGE, label);
}

void rs_curves_add_fork(struct rs_curves *curves, double step, const char *label)
{
    add_event(&curves->now, step, RS_PLOT_FORK, label);
}

/* ---- ghosts ------------------------------------------------------------------------------------------------------ */

void rs_curves_drop(struct rs_curves *curves, size_t ghost)
{
    size_t behind = curves->ghosts - ghost - 1;
    free_curve(&curves->ghost[ghost].curve);
    memmove(&curves->ghost[ghost], &curves->ghost[ghost + 1], behind * sizeof *curves->ghost);
    curves->ghosts--;
}

/* The curve becomes the newest ghost, which owns it from here on. */
static struct rs_ghost *push_ghost(struct rs_curves *curves, const struct rs_curve *curve)
{
    if (curves->ghosts == RS_GHOSTS)
        rs_curves_drop(curves, 0);
    struct rs_ghost *ghost = &curves->ghost[curves->ghosts++];
    *ghost = (struct rs_ghost){.curve = *curve, .serial = curves->serial++};
    return ghost;
}

void rs_curves_begin(struct rs_curves *curves, bool keep)
{
    if (keep) {
        push_ghost(curves, &curves->now);
        memset(&curves->now, 0, sizeof curves->now);
    }
    free_curve(&curves->now);
    curves->batches = 0;
}

enum rs_status rs_curves_add_ghost(struct rs_curves *curves, const struct rs_curve *run, const char *name,
                                   struct rs_error *err)
{
    struct rs_curve copy = {0};
    enum rs_status status = copy_run(&copy, run, err);
    if (status != RS_OK) {
        free_curve(&copy);
        return status;
    }
    struct rs_ghost *ghost = push_ghost(curves, &copy);
    rs_copy_string(ghost->name, sizeof ghost->name, name);
    return RS_OK;
}

void rs_curves_unpin(struct rs_curves *curves)
{
    while (curves->ghosts > 0)
        free_curve(&curves->ghost[--curves->ghosts].curve);
}

void rs_curves_free(struct rs_curves *curves)
{
    rs_curves_unpin(curves);
    free_curve(&curves->now);
    rs_free(curves->batch_step);
    rs_free(curves->batch_loss);
    rs_free(curves->scratch);
    memset(curves, 0, sizeof *curves);
}

/* ---- what follows from the numbers ------------------------------------------------------------------------------- */

static const double *axis_of(const struct rs_curve *curve, enum rs_x_kind kind)
{
    const double *const axes[RS_X_KINDS] = {curve->epoch, curve->step, curve->ratings, curve->seconds};
    return axes[kind];
}

/* Epochs and steps convert even before the first epoch is over. */
static double by_pace(const struct rs_curve *curve, enum rs_x_kind from, enum rs_x_kind to, double x)
{
    if (from == RS_X_STEPS && to == RS_X_EPOCHS && curve->steps_per_epoch > 0)
        return x / curve->steps_per_epoch;
    if (from == RS_X_EPOCHS && to == RS_X_STEPS && curve->steps_per_epoch > 0)
        return x * curve->steps_per_epoch;
    return x == 0 ? 0 : NAN;
}

double rs_curve_convert(const struct rs_curve *curve, enum rs_x_kind from, enum rs_x_kind to, double x)
{
    const double *a = axis_of(curve, from);
    const double *b = axis_of(curve, to);
    if (from == to)
        return x;
    if (curve->count < 2)
        return by_pace(curve, from, to, x);
    size_t low = 0; /* a[low] <= x < a[low + 1], or the first or last interval */
    size_t high = curve->count - 1;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (a[middle] <= x)
            low = middle;
        else
            high = middle;
    }
    double run = a[low + 1] - a[low];
    return run > 0 ? b[low] + (x - a[low]) / run * (b[low + 1] - b[low]) : b[low];
}

const struct rs_curve *rs_curves_leading(const struct rs_curves *curves)
{
    bool begun = curves->now.count > 1 || curves->ghosts == 0;
    return begun ? &curves->now : &curves->ghost[curves->ghosts - 1].curve;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

size_t rs_curves_band(const struct rs_curve *const *runs, size_t count, double *epoch, double *median, double *low,
                      double *high)
{
    size_t next[RS_GHOSTS + 1] = {0};
    size_t epochs = 0;
    for (;;) {
        double values[RS_GHOSTS + 1];
        size_t found = 0;
        double at = INFINITY;
        for (size_t i = 0; i < count; i++)
            if (next[i] < runs[i]->count)
                at = fmin(at, runs[i]->epoch[next[i]]);
        if (!isfinite(at))
            return epochs;
        for (size_t i = 0; i < count; i++) {
            if (next[i] == runs[i]->count || runs[i]->epoch[next[i]] != at)
                continue;
            double value = runs[i]->eval[next[i]++];
            if (isfinite(value))
                values[found++] = value;
        }
        if (found == 0 || 2 * found < count)
            continue;
        qsort(values, found, sizeof *values, by_value);
        epoch[epochs] = at;
        median[epochs] = (values[(found - 1) / 2] + values[found / 2]) / 2;
        low[epochs] = values[0];
        high[epochs++] = values[found - 1];
    }
}
