/* The rules. Thresholds are shares of the RMSE, so that they mean the same on any rating scale; each says what it was
 * chosen against. "Real curves" are runs of the playground and of MovieLens 100K, healthy ones and spoiled ones. */
#include "coach_rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "recscope/models/model.h"
#include "recscope/train/rows.h"

#define WINDOW 10 /* epochs that a trend is judged by, at most */

/* ---- helpers ----------------------------------------------------------------------------------------------------- */

static bool is_measured(const double *values, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (!isfinite(values[i]))
            return false;
    return true;
}

static double mean(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum / (double)count;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const double *values, size_t count)
{
    double sorted[2 * WINDOW];
    memcpy(sorted, values, count * sizeof *values);
    qsort(sorted, count, sizeof *sorted, by_value);
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

/* The largest share of train that an epoch took off, the first epoch aside: that one also finds the means. */
static double largest_fall(const struct rs_coach_facts *facts)
{
    double largest = 0;
    for (size_t i = 1; i < facts->count; i++)
        largest = fmax(largest, 1 - facts->train[i] / facts->train[i - 1]);
    return largest;
}

/* RProp finds the length of its steps itself: its learning rate is only the first one. */
static bool adapts_its_steps(const struct rs_settings *settings)
{
    return strcmp(rs_string(settings, &rs_row_optimizer), "rprop") == 0;
}

static void offer_rate(struct rs_coach_advice *out, const struct rs_coach_facts *facts, double factor)
{
    rs_coach_offer_times(out, facts->view->settings, &rs_row_learning_rate, factor);
}

/* ---- divergence -------------------------------------------------------------------------------------------------- */

static bool divergence(const struct rs_coach_facts *facts, struct rs_coach_advice *out)
{
    const struct rs_coach_view *view = facts->view;
    bool ended = view->finished && view->reason == RS_REASON_DIVERGED;
    bool alarmed = view->alarm && view->alarm[0];
    if (!facts->latest || (!ended && !alarmed)) /* an alarm is of now */
        return false;
    if (alarmed)
        rs_coach_say(out, "%s: the steps are too long", view->alarm);
    else
        rs_coach_say(out, "training diverged after epoch %.0f: the steps are too long", (double)facts->epochs_so_far);
    rs_coach_say_brief(out, "training diverged: the learning rate is too high");
    offer_rate(out, facts, 0.5);
    return true;
}

/* ---- still: weights do not move ---------------------------------------------------------------------------------- */

/* The slowest real curve worth waiting for fell by 0.2 % an epoch; 0.01 % in all is no learning. */
#define STILL_SHARE  1e-4
#define STILL_EPOCHS 3

static bool still(const struct rs_coach_facts *facts, struct rs_coach_advice *out)
{
    size_t last = facts->count - 1;
    double begin = facts->start;
    if (facts->count <= STILL_EPOCHS || facts->view->changed > 0)
        return false;
    if (!isfinite(begin))
        begin = facts->train[0];
    for (size_t i = 0; i <= last; i++)
        if (!(fabs(facts->train[i] - begin) <= STILL_SHARE * begin))
            return false;
    rs_coach_say(out, "after %.0f epochs train is still %.4f, as at the beginning (%.4f): the weights hardly move",
                 facts->epoch[last], facts->train_now, begin);
    rs_coach_say_brief(out, "after %.0f epochs train is still %.4f: the weights hardly move", facts->epoch[last],
                       facts->train_now);
    offer_rate(out, facts, 10);
    return true;
}

/* ---- learning rate too high -------------------------------------------------------------------------------------- */

/* Train, measured on all cells without dropout, falls in nearly every epoch of a healthy run; near the end single
 * epochs rise by less than 0.1 %. Rates ten times too high let it rise in half of them, by 1 to 10 % in all. */
#define RISES_SHARE 0.4
#define RISES_SIZE  0.01
#define RISES_LEAST 6 /* epochs to judge by */

static bool train_jumps(const struct rs_coach_facts *facts, struct rs_coach_advice *out)
{
    size_t steps = facts->count > WINDOW ? WINDOW : facts->count > 0 ? facts->count - 1 : 0;
    size_t from = facts->count - steps;
    size_t rises = 0;
    double risen = 0;
    double largest = 0;
    if (steps < RISES_LEAST || !is_measured(facts->train, from - 1, facts->count))
        return false;
    for (size_t i = from; i < facts->count; i++) {
        double rise = facts->train[i] - facts->train[i - 1];
        rises += rise > 0;
        risen += fmax(rise, 0);
        largest = fmax(rise, largest);
    }
    if ((double)rises < RISES_SHARE * (double)steps || risen < RISES_SIZE * facts->train_now)
        return false;
    rs_coach_say(out, "train rose in %zu of the last %zu epochs, by up to %.4f: the learning rate is too high", rises,
                 steps, largest);
    rs_coach_say_brief(out, "train rose in %zu of the last %zu epochs: the learning rate is too high", rises, steps);
    return true;
}

/* The first epoch gains more than any other, unless its steps overshoot. */
#define FIRST_RISE   1.05
#define FIRST_EPOCHS 10 /* it is worth saying for so long */

static bool first_epoch_jumps(const struct rs_coach_facts *facts, struct rs_coach_advice *out)
{
    if (facts->view->changed > 0 || facts->count == 0 || facts->count > FIRST_EPOCHS ||
        !(facts->train[0] > FIRST_RISE * facts->start))
        return false;
    rs_coach_say(out,
                 "the first epoch made train worse, %.4f against %.4f before training: the learning rate is too high",
                 facts->train[0], facts->start);
    rs_coach_say_brief(out, "the first epoch made train worse, %.4f -> %.4f: learning rate too high", facts->start,
                       facts->train[0]);
    return true;
}

/* Large data have few epochs and many batches: there the loss of the batches tells first. The mean of 50 or more
 * batches is steady to a third even where a batch is one rating, so that two and a half times as much is no chance. */
#define BATCHES_LEAST 50
#define BATCHES_RISE  2.5

static bool batches_grow(const struct rs_coach_facts *facts, struct rs_coach_advice *out)
{
    const struct rs_coach_view *view = facts->view;
    size_t third = view->batches / 3;
    if (!facts->latest || third < BATCHES_LEAST || !is_measured(view->batch_loss, 0, view->batches))
        return false;
    double before = mean(view->batch_loss, third);
    double now = mean(view->batch_loss + view->batches - third, third);
    if (!(now > BATCHES_RISE * before))
        return false;
    rs_coach_say(out, "the loss of a batch grew from %.3f to %.3f within %zu steps: the learning rate is too high",
                 before, now, view->batches);
    rs_coach_say_brief(out, "a batch's loss grew from %.3f to %.3f: the learning rate is too high", before, now);
    return true;
}

static bool rate_high(const struct rs_coach_facts *facts, struct rs_coach_advice *out)
{
    if (adapts_its_steps(facts->view->settings))
        return false;
    if (!train_jumps(facts, out) && !first_epoch_jumps(facts, out) && !batches_grow(facts, out))
        return false;
    offer_rate(out, facts, 0.1);
    return true;
}

/* ---- dead or saturated units ------------------------------------------------------------------------------------- */

/* In healthy runs, deep ones among them, at most 4 % of the units are dead and none saturated; rates ten times too high
 * killed half of the relus, or drove every sigmoid to its end. Saturated units work as switches and can do well (the
 * authors' AutoRec rounds them to 0 and 1): they count where eval no longer improves. */
#define DEAD_SHARE      0.3
#define SATURATED_SHARE 0.5
#define UNITS_EPOCHS    3

static bool units(const struct rs_coach_facts *facts, struct rs_coach_advice *out)
{
    const struct rs_coach_view *view = facts->view;
    if (!facts->latest || facts->count < UNITS_EPOCHS)
        return false;
    for (size_t l = 0; l < view->layers; l++) {
        const struct rs_coach_units *layer = &view->layer[l];
        bool dead = layer->dead >= DEAD_SHARE;
        if (!dead && !(layer->saturated >= SATURATED_SHARE && facts->since_best >= UNITS_EPOCHS))
            continue;
        double share = 100 * (dead ? layer->dead : layer->saturated);
        rs_coach_say(out, "%.0f %% of the units in hidden layer %zu are %s", share, l + 1,
                     dead ? "dead, near 0 whatever the row: they neither help nor learn"
                          : "saturated, at an end of their range for nearly every row: they hardly learn");
        rs_coach_say_brief(out, "%.0f %% of the units in hidden layer %zu are %s", share, l + 1,
                           dead ? "dead: they hardly learn" : "saturated: they hardly learn");
        offer_rate(out, facts, 0.1);
        return true;
    }
    return false;
}

/* ---- over-fitting ------------------------------------------------------------------------------------------------ */

/* A best value by chance stands about 2.5 standard deviations below the others. The second differences of a curve are
 * free of its trend, and half of them are above 1.65 standard deviations: 2.5 times their median is 4 of those. */
#define RISE_EPOCHS 6
#define RISE_SHARE  0.005
#define RISE_NOISE  2.5
#define FALL_SHARE  0.005

static double noise_of(const double *values, size_t count)
{
    double second[WINDOW];
    size_t found = 0;
    for (size_t i = count; i >= 3 && found < WINDOW; i--)
        if (is_measured(values, i - 3, i))
            second[found++] = fabs(values[i - 1] - 2 * values[i - 2] + values[i - 3]);
    return found > 0 ? median(second, found) : 0;
}

static bool over_fitting(const struct rs_coach_facts *facts, struct rs_coach_advice *out)
{
    size_t last = facts->count - 1;
    if (facts->best >= facts->count || facts->since_best < RISE_EPOCHS || last < 2 ||
        !is_measured(facts->eval, last - 2, facts->count))
        return false;
    double best = facts->eval[facts->best];
    double rise = fmin(median(facts->eval + last - 2, 3), facts->now) - best;
    double train_then = facts->train[facts->best];
    bool rises = rise > RISE_SHARE * best && rise > RISE_NOISE * noise_of(facts->eval, facts->count);
    if (!rises || !(facts->train_now < (1 - FALL_SHARE) * train_then))
        return false;
    rs_coach_say(out,
                 "eval has risen for %.0f epochs, from %.4f (best, epoch %.0f) to %.4f, while train fell from %.4f to "
                 "%.4f: over-fitting",
                 facts->since_best, best, facts->epoch[facts->best], facts->now, train_then, facts->train_now);
    rs_coach_say_brief(out, "eval rose %.4f in %.0f epochs while train fell %.4f: over-fitting", facts->now - best,
                       facts->since_best, train_then - facts->train_now);
    rs_coach_offer_restraint(out, facts->view->settings);
    return true;
}

/* ---- learning rate too low --------------------------------------------------------------------------------------- */

/* Healthy runs fall by 2 to 6 % in each of their first epochs, and pass the user mean + item mean, which needs no
 * learning, within five. A run that creeps falls by less than 1 % an epoch, hardly slower from epoch to epoch, and what
 * it fell lately is a good part of what it fell in all. One that settles falls by less than half as much in the second
 * half of the window; one that overshot and stands has most of its fall behind it. */
#define CREEP_STEPS 8
#define CREEP_SHARE 0.01
#define CREEP_TEN   0.004 /* less than this an epoch: ten times the rate, else three times */
#define CREEP_KEEPS 0.5
#define CREEP_PART  0.1

static bool is_far(const struct rs_coach_facts *facts)
{
    double baseline = facts->view->baseline_user_item;
    if (baseline > 0 && isfinite(facts->best_so_far))
        return facts->best_so_far > baseline;
    return facts->train_now > 0.9 * facts->start;
}

static bool rate_low(const struct rs_coach_facts *facts, struct rs_coach_advice *out)
{
    size_t last = facts->count - 1;
    if (facts->count <= CREEP_STEPS || adapts_its_steps(facts->view->settings) || facts->since_best > 1 ||
        !is_measured(facts->train, last - CREEP_STEPS, facts->count) || !is_far(facts))
        return false;
    const double *train = facts->train + last - CREEP_STEPS;
    double early = train[0] - train[CREEP_STEPS / 2];
    double late = train[CREEP_STEPS / 2] - train[CREEP_STEPS];
    double each = (early + late) / CREEP_STEPS / train[0];
    for (size_t i = 0; i < CREEP_STEPS; i++)
        if (train[i + 1] >= train[i])
            return false;
    double begin = isfinite(facts->start) ? facts->start : facts->train[0];
    if (each >= CREEP_SHARE || late < CREEP_KEEPS * early || early + late < CREEP_PART * (begin - facts->train_now))
        return false;
    double baseline = facts->view->baseline_user_item;
    if (baseline > 0 && isfinite(facts->now))
        rs_coach_say(out,
                     "train falls by only %.2f %% an epoch, steadily, and eval %.4f is still worse than user mean + "
                     "item mean (%.4f): the learning rate is too low",
                     100 * each, facts->now, baseline);
    else
        rs_coach_say(out,
                     "train falls by only %.2f %% an epoch, steadily, and is still %.4f: the learning rate is too "
                     "low",
                     100 * each, facts->train_now);
    rs_coach_say_brief(out, "train falls by only %.2f %% an epoch, steadily: learning rate too low", 100 * each);
    offer_rate(out, facts, each < CREEP_TEN ? 10 : 3);
    return true;
}

/* ---- no better than a baseline ----------------------------------------------------------------------------------- */

/* Models that learn pass user mean + item mean within five epochs on all real curves; some reach it and over-fit at
 * once, which train below it tells. Fewer than 16 units or factors may be too few to hold even the means. Otherwise
 * the rate is wrong: too low where train never fell by 2 % in an epoch, else too high. */
#define BASELINE_EPOCHS 10
#define BASELINE_EQUAL  0.998
#define BASELINE_TRAIN  0.98
#define FEW_UNITS       16
#define EVER_FAST       0.02

static bool baseline(const struct rs_coach_facts *facts, struct rs_coach_advice *out)
{
    double means = facts->view->baseline_user_item;
    const struct rs_settings *settings = facts->view->settings;
    if (!(means > 0) || facts->epochs_so_far < BASELINE_EPOCHS || facts->count == 0 ||
        !(facts->best_so_far > BASELINE_EQUAL * means) || !(facts->train_now > BASELINE_TRAIN * means))
        return false;
    rs_coach_say(out,
                 "after %.0f epochs eval %.4f (best) is no better than user mean + item mean (%.4f), which needs no "
                 "learning",
                 (double)facts->epochs_so_far, facts->best_so_far, means);
    rs_coach_say_brief(out, "best eval %.4f after %.0f epochs: user mean + item mean has %.4f", facts->best_so_far,
                       (double)facts->epochs_so_far, means);
    if (rs_coach_capacity(settings) < FEW_UNITS)
        rs_coach_offer_capacity(out, settings, 4);
    else
        offer_rate(out, facts, largest_fall(facts) < EVER_FAST ? 3 : 0.1);
    return true;
}

/* ---- noise floor ------------------------------------------------------------------------------------------------- */

#define FLOOR_NEAR    1.01
#define FLOOR_BELOW   0.98
#define MEMORY_EPOCHS 3 /* eval may improve while train passes below the floor; this long it no longer does */

static bool floor_reached(const struct rs_coach_facts *facts, struct rs_coach_advice *out)
{
    double noise = facts->view->noise_floor;
    if (!(noise > 0) || facts->count == 0 || !isfinite(facts->now))
        return false;
    if (facts->now <= FLOOR_NEAR * noise) {
        rs_coach_say(out, "eval %.4f is within 1 %% of the noise floor %.4f: nothing is left to learn", facts->now,
                     noise);
        rs_coach_say_brief(out, "eval %.4f, noise floor %.4f: nothing is left to learn", facts->now, noise);
        return true;
    }
    if (!(facts->train_now < FLOOR_BELOW * noise) || facts->since_best < MEMORY_EPOCHS)
        return false;
    rs_coach_say(out,
                 "train %.4f is below the noise floor %.4f, and eval has not improved for %.0f epochs: it memorises "
                 "noise",
                 facts->train_now, noise, facts->since_best);
    rs_coach_say_brief(out, "train %.4f is below the noise floor %.4f: it memorises noise", facts->train_now, noise);
    rs_coach_offer_restraint(out, facts->view->settings);
    return true;
}

/* ---- plateau ----------------------------------------------------------------------------------------------------- */

/* The means of two halves, so that noise of a few tenths of a percent does not hide that nothing moves. */
#define PLATEAU_EVAL  0.001
#define PLATEAU_TRAIN 0.002

static double drift(const double *values)
{
    double before = mean(values, WINDOW / 2);
    return fabs(mean(values + WINDOW / 2, WINDOW / 2) - before) / before;
}

static bool plateau(const struct rs_coach_facts *facts, struct rs_coach_advice *out)
{
    if (facts->count <= WINDOW)
        return false;
    const double *train = facts->train + facts->count - WINDOW;
    const double *eval = facts->eval + facts->count - WINDOW;
    if (!is_measured(train, 0, WINDOW) || !is_measured(eval, 0, WINDOW) || drift(train) > PLATEAU_TRAIN ||
        drift(eval) > PLATEAU_EVAL)
        return false;
    rs_coach_say(out,
                 "for %d epochs neither eval (%.4f) nor train (%.4f) has moved: stop here, or give the model more room",
                 WINDOW, facts->now, facts->train_now);
    rs_coach_say_brief(out, "for %d epochs neither eval %.4f nor train %.4f moved: a plateau", WINDOW, facts->now,
                       facts->train_now);
    rs_coach_offer_capacity(out, facts->view->settings, 2);
    return true;
}

/* ---- ended while still improving --------------------------------------------------------------------------------- */

#define ENDING_STEPS 5
#define ENDING_SHARE 0.001

static bool unfinished(const struct rs_coach_facts *facts, struct rs_coach_advice *out)
{
    const struct rs_coach_view *view = facts->view;
    size_t last = facts->count - 1;
    if (!facts->latest || !view->finished || view->reason != RS_REASON_EPOCHS || facts->count <= ENDING_STEPS ||
        facts->best >= facts->count || facts->since_best > 1)
        return false;
    double fell = facts->eval[last - ENDING_STEPS] - facts->now;
    if (!(fell > ENDING_SHARE * facts->now))
        return false;
    rs_coach_say(out, "eval still fell, by %.4f in the last %d epochs, when the epochs ran out at %.0f", fell,
                 ENDING_STEPS, facts->epoch[last]);
    rs_coach_say_brief(out, "eval still fell (%.4f in %d epochs) when the epochs ran out", fell, ENDING_STEPS);
    rs_coach_offer_times(out, view->settings, &rs_row_epochs, 2);
    return true;
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

#define COACH(id, title) const struct rs_coach_rule rs_coach_rule_##id = {#id, title, id};
#include "coach.def"
#undef COACH
