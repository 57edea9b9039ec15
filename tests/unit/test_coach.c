/* The coach's rules: curves on which each must speak, and curves on which it must not. The curves are formulas with the
 * shapes of real runs. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "recscope/experiment/coach.h"
#include "recscope/experiment/preset.h"

#define MOST 128

/* A run as the coach sees it, and the arrays behind it. */
static struct {
    struct rs_settings settings;
    struct rs_coach_view view;
    double epoch[MOST], train[MOST], eval[MOST];
} run;

static void set(const char *assignment)
{
    struct rs_error err;
    if (rs_preset_assign(&run.settings, assignment, &err) != RS_OK)
        fail_msg("%s", err.message);
}

/* A new run of the default preset; start: train RMSE of the untrained model, 0: it was not measured. */
static void begin(double start)
{
    struct rs_error err;
    memset(&run, 0, sizeof run);
    assert_int_equal(rs_preset_default(&run.settings, &err), RS_OK);
    run.view = (struct rs_coach_view){.settings = &run.settings,
                                      .epoch = run.epoch,
                                      .train = run.train,
                                      .eval = run.eval,
                                      .baseline_user_item = 0.87};
    if (start > 0) {
        run.train[0] = start;
        run.eval[0] = start + 0.01;
        run.view.count = 1;
    }
}

static void add(double train, double eval)
{
    size_t at = run.view.count++;
    assert_true(at < MOST);
    run.epoch[at] = at > 0 ? run.epoch[at - 1] + 1 : 1;
    run.train[at] = train;
    run.eval[at] = eval;
}

static struct rs_coach_advice advice(void)
{
    struct rs_coach_advice out;
    rs_coach_advise(&out, &run.view);
    assert_true(strlen(out.brief) < RS_COACH_BRIEF - 1 && strlen(out.sentence) < sizeof out.sentence - 1);
    assert_true((out.rule != NULL) == (out.brief[0] != '\0') && (out.rule != NULL) == (out.sentence[0] != '\0'));
    assert_true((out.row != NULL) == (out.offer[0] != '\0'));
    return out;
}

static const char *spoken(void)
{
    struct rs_coach_advice out = advice();
    return out.rule ? out.rule->name : "silent";
}

/* Noise without a generator: a fixed row of values in -1 .. 1. */
static double noise(size_t i)
{
    static const double values[] = {0.1, -0.8, 0.5, 0.9, -0.3, -1, 0.7, -0.1, 0.3, -0.6, 1, -0.4, 0.2};
    return values[i % (sizeof values / sizeof *values)];
}

/* Fast at first, then slower: epoch e of a run that falls from `from` to `to`. */
static double settling(double from, double to, double epochs, size_t e)
{
    return to + (from - to) * exp(-(double)e / epochs);
}

static void assert_offer(const char *offer, const char *sets)
{
    struct rs_coach_advice out = advice();
    struct rs_settings tried = run.settings;
    struct rs_error err;
    char made[128];
    assert_string_equal(out.offer, offer);
    assert_int_equal(rs_coach_apply(&out, &tried, &err), RS_OK);
    snprintf(made, sizeof made, "%s.%s=%s", out.row->section, out.row->key, rs_string(&tried, out.row));
    assert_string_equal(made, sets);
}

/* ---- silence ----------------------------------------------------------------------------------------------------- */

static void nothing_is_said_too_early(void **state)
{
    (void)state;
    begin(0);
    assert_string_equal(spoken(), "silent");
    begin(1.03);
    assert_string_equal(spoken(), "silent");
    add(0.93, 0.94);
    add(0.89, 0.91);
    assert_string_equal(spoken(), "silent");
    struct rs_coach_advice out = advice();
    struct rs_error err;
    assert_int_equal(rs_coach_apply(&out, &run.settings, &err), RS_USAGE);
}

static void a_healthy_run_is_left_alone(void **state)
{
    (void)state;
    begin(1.03);
    for (size_t e = 1; e <= 30; e++) {
        add(settling(1.0, 0.72, 8, e) + 0.0004 * noise(e), settling(1.0, 0.79, 8, e) + 0.001 * noise(e));
        if (e <= 24) /* then it settles */
            assert_string_equal(spoken(), "silent");
    }
}

static void what_was_not_measured_is_no_evidence(void **state)
{
    (void)state;
    begin(0);
    for (size_t e = 1; e <= 40; e++) {
        add(NAN, NAN);
        assert_string_equal(spoken(), "silent");
    }
    begin(1.03); /* no eval part */
    run.view.baseline_user_item = 0;
    for (size_t e = 1; e <= 40; e++) {
        add(settling(1.0, 0.2, 12, e), NAN);
        assert_string_equal(spoken(), "silent");
    }
}

/* ---- the rules --------------------------------------------------------------------------------------------------- */

/* The default playground run: the lowest eval in epoch 11, then up, while train goes on falling. */
static void add_over_fitting(size_t epochs)
{
    for (size_t e = 1; e <= epochs; e++) {
        double past = e > 11 ? (double)e - 11 : 0;
        add(settling(0.9, 0.05, 20, e), 0.832 + 0.07 * exp(-(double)e / 3) + 0.0035 * past + 0.002 * noise(e));
    }
}

static void over_fitting_is_named_with_its_figures(void **state)
{
    (void)state;
    begin(1.03);
    add_over_fitting(16);
    assert_string_equal(spoken(), "silent");
    begin(1.03);
    add_over_fitting(20);
    assert_string_equal(spoken(), "over_fitting");
    struct rs_coach_advice out = advice();
    assert_non_null(strstr(out.sentence, "best, epoch "));
    assert_non_null(strstr(out.sentence, "over-fitting"));
    assert_non_null(strstr(out.brief, "epochs while train fell"));
    assert_offer("try dropout 0 -> 0.5, same seed", "model.dropout=0.5");
}

/* The first epochs of `recscope train playground`, as they were measured. */
static void the_default_run_is_read_in_time(void **state)
{
    (void)state;
    static const double measured[][2] = {
        {0.8720, 0.9057}, {0.8224, 0.8820}, {0.7770, 0.8615}, {0.7371, 0.8493}, {0.7039, 0.8388}, {0.6740, 0.8374},
        {0.6467, 0.8349}, {0.6216, 0.8322}, {0.5966, 0.8351}, {0.5722, 0.8355}, {0.5478, 0.8319}, {0.5247, 0.8399},
        {0.5011, 0.8404}, {0.4806, 0.8427}, {0.4573, 0.8441}, {0.4359, 0.8511}, {0.4160, 0.8498}};
    begin(1.0281);
    run.view.baseline_user_item = 0.8666;
    run.view.noise_floor = 0.6967;
    for (size_t e = 0; e < sizeof measured / sizeof *measured; e++) {
        add(measured[e][0], measured[e][1]);
        assert_string_equal(spoken(), e < 13 ? "silent" : e < 16 ? "floor_reached" : "over_fitting");
    }
    assert_string_equal(advice().sentence, "eval has risen for 6 epochs, from 0.8319 (best, epoch 11) to 0.8498, while "
                                           "train fell from 0.5478 to 0.4160: over-fitting");
    assert_string_equal(advice().brief, "eval rose 0.0179 in 6 epochs while train fell 0.1318: over-fitting");
    assert_offer("try dropout 0 -> 0.5, same seed", "model.dropout=0.5");
}

static void the_next_restraint_is_offered_in_turn(void **state)
{
    (void)state;
    begin(1.03);
    add_over_fitting(22);
    set("model.dropout=0.5");
    assert_offer("try l2 0 -> 100, same seed", "train.l2=100");
    set("train.l2=100");
    assert_offer("try l2 100 -> 300, same seed", "train.l2=300");
    set("train.l2=10000");
    assert_offer("try patience 0 -> 10, same seed", "train.patience=10");
    set("train.patience=5");
    assert_string_equal(spoken(), "over_fitting");
    assert_string_equal(advice().offer, "");
    set("train.l2=0");
    set("train.l2_scope=ratings");
    assert_offer("try l2 0 -> 0.1, same seed", "train.l2=0.1");
    set("model.name=mf"); /* has no dropout */
    set("model.dropout=0");
    assert_offer("try l2 0 -> 0.1, same seed", "train.l2=0.1");
}

static void a_flat_noisy_eval_is_no_over_fitting(void **state)
{
    (void)state;
    begin(1.03);
    for (size_t e = 1; e <= 60; e++) { /* a lucky best in epoch 5, and noise of half a percent */
        add(settling(0.9, 0.6, 30, e), e == 5 ? 0.815 : 0.825 + 0.008 * noise(e));
        assert_string_not_equal(spoken(), "over_fitting");
    }
    begin(1.03);
    for (size_t e = 1; e <= 40; e++) { /* eval rises, and train does not fall: that is no over-fitting */
        add(0.8, 0.82 + 0.0015 * (double)e);
        assert_string_not_equal(spoken(), "over_fitting");
    }
}

static void a_rate_that_is_too_high_makes_train_rise(void **state)
{
    (void)state;
    begin(1.03);
    for (size_t e = 1; e <= 12; e++)
        add(0.8 + 0.02 * noise(e), 0.83 + 0.02 * noise(e));
    assert_string_equal(spoken(), "rate_high");
    assert_non_null(strstr(advice().sentence, "of the last 10 epochs"));
    assert_offer("try learning rate 0.001 -> 0.0001, same seed", "train.learning_rate=0.0001");
    set("train.optimizer=rprop"); /* finds its steps itself */
    assert_string_not_equal(spoken(), "rate_high");
    begin(1.03);
    for (size_t e = 1; e <= 40; e++) { /* the last epochs of a healthy run wiggle a little */
        add(0.8 + 0.0008 * noise(e), 0.83 + 0.001 * noise(e));
        assert_string_not_equal(spoken(), "rate_high");
    }
}

static void a_first_epoch_that_makes_it_worse(void **state)
{
    (void)state;
    begin(1.03);
    add(1.14, 1.15);
    assert_string_equal(spoken(), "rate_high");
    assert_string_equal(advice().brief, "the first epoch made train worse, 1.0300 -> 1.1400: learning rate too high");
    for (size_t e = 2; e <= 14; e++)
        add(0.95 - 0.02 * (double)e, 0.96 - 0.02 * (double)e);
    assert_string_equal(spoken(), "silent"); /* it got over it */
    begin(0);                                /* where it began is not known */
    add(1.14, 1.15);
    assert_string_equal(spoken(), "silent");
}

static void batches_tell_before_the_first_epoch_ends(void **state)
{
    (void)state;
    double loss[180];
    begin(1.03);
    run.view.batch_loss = loss;
    run.view.batches = 180;
    for (size_t i = 0; i < 180; i++) /* as noisy as single ratings are */
        loss[i] = 1 + 0.99 * noise(i);
    assert_string_equal(spoken(), "silent");
    for (size_t i = 0; i < 180; i++)
        loss[i] *= exp((double)i / 90);
    assert_string_equal(spoken(), "rate_high");
    run.view.batches = 140;
    assert_string_equal(spoken(), "silent");
    loss[10] = NAN;
    run.view.batches = 180;
    assert_string_equal(spoken(), "silent");
}

static void a_rate_that_is_too_low_creeps(void **state)
{
    (void)state;
    begin(1.03);
    for (size_t e = 1; e <= 12; e++)
        add(1.02 * pow(0.998, (double)e), 1.03 * pow(0.998, (double)e));
    assert_string_equal(spoken(), "rate_low");
    assert_non_null(strstr(advice().sentence, "0.20 % an epoch"));
    assert_non_null(strstr(advice().sentence, "user mean + item mean (0.8700)"));
    assert_offer("try learning rate 0.001 -> 0.01, same seed", "train.learning_rate=0.01");
    begin(0); /* no eval part, no baseline: train itself has hardly fallen */
    run.view.baseline_user_item = 0;
    add(1.03, NAN);
    run.epoch[0] = 0;
    for (size_t e = 1; e <= 12; e++)
        add(1.02 * pow(0.995, (double)e), NAN);
    assert_string_equal(spoken(), "rate_low");
    assert_offer("try learning rate 0.001 -> 0.003, same seed", "train.learning_rate=0.003");
}

static void slow_is_not_too_slow_once_it_has_got_somewhere(void **state)
{
    (void)state;
    begin(1.03);
    for (size_t e = 1; e <= 40; e++) { /* falls as slowly, and is better than the means */
        add(0.84 * pow(0.998, (double)e), 0.86 * pow(0.998, (double)e));
        assert_string_equal(spoken(), "silent");
    }
    begin(1.03);
    for (size_t e = 1; e <= 40; e++) { /* settles above them: that is not the rate's fault alone */
        add(settling(1.0, 0.9, 4, e), settling(1.0, 0.91, 4, e));
        assert_string_not_equal(spoken(), "rate_low");
    }
}

static void what_overshot_and_stands_does_not_creep(void **state)
{
    (void)state;
    begin(1.03);
    add(1.01, 1.02);
    add(0.93, 0.94);
    for (size_t e = 3; e <= 20; e++) { /* most of its fall is behind it */
        add(0.89 * pow(0.999, (double)e), 0.92 * pow(0.999, (double)e));
        assert_string_not_equal(spoken(), "rate_low");
    }
    assert_offer("try learning rate 0.001 -> 0.0001, same seed", "train.learning_rate=0.0001");
}

static void weights_that_do_not_move(void **state)
{
    (void)state;
    begin(1.03);
    for (size_t e = 1; e <= 5; e++)
        add(1.03 - 1e-6 * (double)e, 1.04);
    assert_string_equal(spoken(), "still");
    assert_offer("try learning rate 0.001 -> 0.01, same seed", "train.learning_rate=0.01");
    begin(1.03);
    for (size_t e = 1; e <= 5; e++)
        add(1.03 - 1e-3 * (double)e, 1.04);
    assert_string_not_equal(spoken(), "still");
}

static void no_better_than_the_means(void **state)
{
    (void)state;
    begin(1.03);
    for (size_t e = 1; e <= 12; e++) /* fast at first, then it stands */
        add(settling(1.0, 0.9, 1, e), settling(1.0, 0.91, 1, e));
    assert_string_equal(spoken(), "baseline");
    assert_offer("try learning rate 0.001 -> 0.0001, same seed", "train.learning_rate=0.0001");
    set("model.layers=5");
    assert_offer("try layers 5 -> 20, same seed", "model.layers=20");
    set("model.name=mf");
    set("model.factors=4");
    assert_offer("try factors 4 -> 16, same seed", "model.factors=16");
    run.view.baseline_user_item = 0.95;
    assert_string_not_equal(spoken(), "baseline");
    begin(1.03); /* it fits what it trains on: over-fitting is another rule's word */
    for (size_t e = 1; e <= 12; e++)
        add(settling(1.0, 0.3, 10, e), 0.9);
    assert_string_not_equal(spoken(), "baseline");
}

static void the_noise_floor(void **state)
{
    (void)state;
    begin(1.03);
    run.view.noise_floor = 0.70;
    for (size_t e = 1; e <= 6; e++)
        add(settling(1.0, 0.69, 1, e), settling(1.0, 0.70, 1, e));
    assert_string_equal(spoken(), "floor_reached");
    assert_string_equal(advice().offer, "");
    assert_non_null(strstr(advice().sentence, "nothing is left to learn"));
    begin(1.03); /* below the floor on what it trains on, and eval stands */
    run.view.noise_floor = 0.70;
    for (size_t e = 1; e <= 9; e++)
        add(0.9 - 0.03 * (double)e, e == 5 ? 0.829 : 0.83);
    assert_string_equal(spoken(), "floor_reached");
    assert_non_null(strstr(advice().sentence, "memorises"));
    assert_offer("try dropout 0 -> 0.5, same seed", "model.dropout=0.5");
    run.eval[run.view.count - 1] = 0.82; /* eval improves all the same */
    run.eval[run.view.count - 2] = 0.825;
    run.eval[run.view.count - 3] = 0.827;
    assert_string_equal(spoken(), "silent");
}

static void dead_and_saturated_units(void **state)
{
    (void)state;
    struct rs_coach_units layer[2] = {{0.1, 0.2}, {0.6, 0}};
    begin(1.03);
    set("model.hidden_activation=relu");
    for (size_t e = 1; e <= 5; e++)
        add(settling(1.0, 0.7, 5, e), settling(1.0, 0.8, 5, e));
    assert_string_equal(spoken(), "silent");
    run.view.layer = layer;
    run.view.layers = 2;
    assert_string_equal(spoken(), "units");
    assert_string_equal(advice().brief, "60 % of the units in hidden layer 2 are dead: they hardly learn");
    assert_offer("try learning rate 0.001 -> 0.0001, same seed", "train.learning_rate=0.0001");
    layer[1] = (struct rs_coach_units){0, 0.95};
    assert_string_equal(spoken(), "silent"); /* eval improves all the same */
    for (size_t e = 0; e < 3; e++)
        add(run.train[run.view.count - 1] - 0.01, 0.9);
    assert_string_equal(spoken(), "units");
    assert_offer("try learning rate 0.001 -> 0.0001, same seed", "train.learning_rate=0.0001");
    layer[1].saturated = 0.4;
    assert_string_equal(spoken(), "silent");
}

static void a_plateau(void **state)
{
    (void)state;
    begin(1.03);
    for (size_t e = 1; e <= 25; e++)
        add(settling(1.0, 0.8, 2, e) + 0.0005 * noise(e), settling(1.0, 0.83, 2, e) + 0.002 * noise(e));
    assert_string_equal(spoken(), "plateau");
    assert_offer("try layers 500 -> 1000, same seed", "model.layers=1000");
    set("model.layers=500,250,500");
    assert_offer("try layers 500,250,500 -> 1000,500,1000, same seed", "model.layers=1000,500,1000");
}

static void what_moves_is_no_plateau(void **state)
{
    (void)state;
    begin(1.03);
    for (size_t e = 1; e <= 25; e++) { /* eval stands, train still falls */
        add(settling(0.9, 0.5, 20, e), 0.83 + 0.0005 * noise(e));
        assert_string_equal(spoken(), "silent");
    }
    begin(1.03);
    for (size_t e = 1; e <= 25; e++) { /* train stands, eval still falls */
        add(0.8 + 0.0005 * noise(e), settling(0.86, 0.7, 20, e));
        assert_string_equal(spoken(), "silent");
    }
}

static void divergence_comes_first(void **state)
{
    (void)state;
    begin(1.03);
    add_over_fitting(25);
    run.view.alarm = "loss 3.1e+05 in step 70";
    assert_string_equal(spoken(), "divergence");
    assert_string_equal(advice().sentence, "loss 3.1e+05 in step 70: the steps are too long");
    assert_offer("try learning rate 0.001 -> 0.0005, same seed", "train.learning_rate=0.0005");
    run.view.alarm = "";
    assert_string_equal(spoken(), "over_fitting");
    begin(0); /* not one epoch */
    run.view.finished = true;
    run.view.reason = RS_REASON_DIVERGED;
    assert_string_equal(spoken(), "divergence");
}

static void epochs_that_ran_out(void **state)
{
    (void)state;
    begin(1.03);
    for (size_t e = 1; e <= 20; e++)
        add(settling(0.9, 0.6, 20, e), settling(0.87, 0.7, 20, e));
    assert_string_equal(spoken(), "silent");
    run.view.finished = true;
    run.view.reason = RS_REASON_STOPPED;
    assert_string_equal(spoken(), "silent");
    run.view.reason = RS_REASON_EPOCHS;
    assert_string_equal(spoken(), "unfinished");
    assert_offer("try epochs 60 -> 120, same seed", "train.epochs=120");
}

/* ---- in time ----------------------------------------------------------------------------------------------------- */

static void a_rule_keeps_the_word_for_some_epochs(void **state)
{
    (void)state;
    begin(1.03);
    add_over_fitting(20);
    assert_string_equal(spoken(), "over_fitting");
    uint64_t then = advice().epoch;
    for (size_t i = 1; i < RS_COACH_HOLD; i++) { /* eval dips to its best, as noise may let it */
        add(run.train[run.view.count - 1] - 0.01, 0.8);
        assert_string_equal(spoken(), "over_fitting");
        assert_int_equal(advice().epoch, then);
    }
    add(run.train[run.view.count - 1] - 0.01, 0.8);
    assert_string_equal(spoken(), "silent");
}

static void a_live_edit_begins_a_new_judgement(void **state)
{
    (void)state;
    begin(1.03);
    add_over_fitting(20);
    assert_string_equal(spoken(), "over_fitting");
    run.view.changed = 20; /* dropout was turned up: what came before is another model's doing */
    assert_string_equal(spoken(), "silent");
    for (size_t e = 1; e <= 4; e++) /* train rises then, and no learning rate is to blame */
        add(run.train[run.view.count - 1] + 0.02, run.eval[run.view.count - 1] - 0.002);
    assert_string_equal(spoken(), "silent");
}

static void every_rule_has_a_name_and_a_title(void **state)
{
    (void)state;
    size_t count = 0;
    for (; rs_coach_rules[count]; count++)
        assert_true(rs_coach_rules[count]->name[0] && rs_coach_rules[count]->title[0]);
    assert_int_equal(count, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_said_too_early),
        cmocka_unit_test(a_healthy_run_is_left_alone),
        cmocka_unit_test(what_was_not_measured_is_no_evidence),
        cmocka_unit_test(over_fitting_is_named_with_its_figures),
        cmocka_unit_test(the_default_run_is_read_in_time),
        cmocka_unit_test(the_next_restraint_is_offered_in_turn),
        cmocka_unit_test(a_flat_noisy_eval_is_no_over_fitting),
        cmocka_unit_test(a_rate_that_is_too_high_makes_train_rise),
        cmocka_unit_test(a_first_epoch_that_makes_it_worse),
        cmocka_unit_test(batches_tell_before_the_first_epoch_ends),
        cmocka_unit_test(a_rate_that_is_too_low_creeps),
        cmocka_unit_test(slow_is_not_too_slow_once_it_has_got_somewhere),
        cmocka_unit_test(what_overshot_and_stands_does_not_creep),
        cmocka_unit_test(weights_that_do_not_move),
        cmocka_unit_test(no_better_than_the_means),
        cmocka_unit_test(the_noise_floor),
        cmocka_unit_test(dead_and_saturated_units),
        cmocka_unit_test(a_plateau),
        cmocka_unit_test(what_moves_is_no_plateau),
        cmocka_unit_test(divergence_comes_first),
        cmocka_unit_test(epochs_that_ran_out),
        cmocka_unit_test(a_rule_keeps_the_word_for_some_epochs),
        cmocka_unit_test(a_live_edit_begins_a_new_judgement),
        cmocka_unit_test(every_rule_has_a_name_and_a_title),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
