/* The store of curves and what a view makes of it: best epoch, ghosts, bands, marks, axes, zoom, cross-hair. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/tui/curves.h"
#include "recscope/train/rows.h"

static struct rs_curves curves;

static void add_epoch(uint64_t epoch, double train, double eval)
{
    struct rs_error err;
    struct rs_epoch_record record = {.epoch = epoch};
    record.metrics.has = 1u << RS_TRAIN_RMSE | (isnan(eval) ? 0u : 1u << RS_EVAL_RMSE);
    record.metrics.value[RS_TRAIN_RMSE] = train;
    record.metrics.value[RS_EVAL_RMSE] = isnan(eval) ? 0 : eval;
    assert_int_equal(rs_curves_add_epoch(&curves, &record, &err), RS_OK);
}

static void the_best_epoch_is_a_trained_one(void **state)
{
    (void)state;
    add_epoch(0, 2, 0.5);
    assert_true(isnan(curves.now.best));
    add_epoch(1, 1.0, 1.1);
    add_epoch(2, 0.9, 1.0);
    add_epoch(3, 0.8, 1.0);
    assert_true(curves.now.best == 1.0 && curves.now.best_epoch == 2);
    add_epoch(4, 0.8, NAN);
    assert_true(isnan(curves.now.eval[4])); /* not measured is a gap, never 0 */
    rs_curves_free(&curves);
}

static struct rs_chart chart_of(const struct rs_view *view, const struct rs_curves_facts *facts)
{
    struct rs_chart chart;
    struct rs_error err;
    assert_int_equal(rs_curves_chart(&curves, view, facts, &chart, &err), RS_OK);
    return chart;
}

static void former_runs_stay_behind(void **state)
{
    (void)state;
    const struct rs_view view = {0};
    const struct rs_curves_facts facts = {.epochs_most = 100, .mean = 1.1, .colors = true};
    for (unsigned run = 0; run < RS_GHOSTS + 2; run++) {
        add_epoch(1, 1.0 + run, 1.5 + run);
        rs_curves_begin(&curves, true);
    }
    assert_int_equal(curves.ghosts, RS_GHOSTS);
    assert_true(curves.ghost[0].curve.train[0] == 3.0); /* the two oldest gave way */
    add_epoch(1, 0.9, 0.95);
    struct rs_chart chart = chart_of(&view, &facts);
    assert_int_equal(chart.series_count, RS_GHOSTS + 1 + 2); /* eval of all, train of the newest and of the present */
    assert_int_equal(chart.series[RS_GHOSTS - 1].role, RS_PLOT_GHOST_PRIMARY);
    assert_int_equal(chart.series[RS_GHOSTS + 2].role, RS_PLOT_SECONDARY);
    assert_int_equal(chart.line_count, 1);
    assert_int_equal(chart.mark_count, 1);
    rs_curves_begin(&curves, false);
    assert_int_equal(curves.now.count, 0);
    rs_curves_unpin(&curves);
    assert_int_equal(chart_of(&view, &facts).series_count, 0);
    rs_curves_free(&curves);
}

static void a_spike_of_a_batch_survives_thinning(void **state)
{
    (void)state;
    struct rs_error err;
    const uint64_t batches = 20 * RS_BATCHES_MOST;
    for (uint64_t step = 1; step <= batches; step++) {
        struct rs_batch_record record = {.step = step, .loss = step == 777 ? 100 : step == 100001 ? 0.0001 : 1};
        assert_int_equal(rs_curves_add_batch(&curves, &record, 10, &err), RS_OK);
    }
    double least = INFINITY;
    double most = 0;
    for (size_t i = 0; i < curves.batches; i++) {
        least = fmin(least, curves.batch_loss[i]);
        most = fmax(most, curves.batch_loss[i]);
        assert_true(i == 0 || curves.batch_step[i] > curves.batch_step[i - 1]);
    }
    assert_true(curves.batches <= RS_BATCHES_MOST && curves.batches >= RS_BATCHES_MOST / 2);
    assert_true(most == 10 && fabs(least - 0.01) < 1e-12);
    rs_curves_free(&curves);
}

static void the_axis_grows_in_few_steps(void **state)
{
    (void)state;
    const struct rs_view view = {0};
    const struct rs_curves_facts facts = {.epochs_most = 120};
    double before = 0;
    int steps = 0;
    for (uint64_t epoch = 1; epoch <= 120; epoch++) {
        add_epoch(epoch, 1, 1);
        double end = chart_of(&view, &facts).x.high;
        assert_true(end >= (double)epoch && end <= 120 && end >= before);
        steps += end != before;
        before = end;
    }
    assert_true(steps <= 12);
    rs_curves_free(&curves);
}

/* ---- axes, marks, bands ------------------------------------------------------------------------------------------ */

/* Ten epochs of 20 steps, 1000 ratings and half a second each; the second five take twice as long. */
static void add_ten_epochs(void)
{
    struct rs_error err;
    for (uint64_t epoch = 0; epoch <= 10; epoch++) {
        struct rs_epoch_record record = {.epoch = epoch,
                                         .step = 20 * epoch,
                                         .cells = epoch > 0 ? 1000 : 0,
                                         .seconds = epoch == 0   ? 0
                                                    : epoch <= 5 ? 0.5
                                                                 : 1,
                                         .learning_rate = 0.001};
        record.metrics.has = 1u << RS_TRAIN_RMSE | 1u << RS_EVAL_RMSE;
        record.metrics.value[RS_TRAIN_RMSE] = epoch > 0 ? 1.0 / (double)epoch : 3;
        record.metrics.value[RS_EVAL_RMSE] = epoch > 0 ? 1 + fabs((double)epoch - 4) / 10 : 3;
        assert_int_equal(rs_curves_add_epoch(&curves, &record, &err), RS_OK);
    }
}

static void every_x_axis_places_the_same_sample(void **state)
{
    (void)state;
    const struct rs_curves_facts facts = {.epochs_most = 10};
    static const double seventh[RS_X_KINDS] = {7, 140, 7000, 4.5};
    static const char *const labels[RS_X_KINDS] = {"epoch", "step", "ratings seen", "seconds"};
    add_ten_epochs();
    for (int kind = 0; kind < RS_X_KINDS; kind++) {
        const struct rs_view view = {.x = (enum rs_x_kind)kind, .cursor = true, .cursor_epoch = 7};
        struct rs_chart chart = chart_of(&view, &facts);
        assert_string_equal(chart.x.label, labels[kind]);
        assert_true(fabs(chart.series[0].x[7] - seventh[kind]) < 1e-12);
        assert_true(fabs(chart.cursor_x - seventh[kind]) < 1e-12);
        assert_true(fabs(chart.marks[0].x - rs_curve_convert(&curves.now, RS_X_EPOCHS, view.x, 4)) < 1e-12);
        assert_true(chart.x.high >= chart.series[0].x[10]);
    }
    /* between samples, and beyond them at the last pace */
    assert_true(rs_curve_convert(&curves.now, RS_X_STEPS, RS_X_SECONDS, 130) == 4);
    assert_true(rs_curve_convert(&curves.now, RS_X_EPOCHS, RS_X_SECONDS, 12) == 9.5);
    assert_true(rs_curve_convert(&curves.now, RS_X_SECONDS, RS_X_RATINGS, 1.25) == 2500);
    rs_curves_free(&curves);
}

static void batches_have_a_place_before_the_first_epoch(void **state)
{
    (void)state;
    struct rs_error err;
    const struct rs_view view = {.batch_loss = true};
    const struct rs_curves_facts facts = {.epochs_most = 10};
    const struct rs_batch_record record = {.step = 5, .loss = 4};
    assert_int_equal(rs_curves_add_batch(&curves, &record, 20, &err), RS_OK);
    struct rs_chart chart = chart_of(&view, &facts);
    assert_int_equal(chart.series_count, 1);
    assert_true(chart.series[0].x[0] == 0.25 && chart.series[0].y[0] == 2);
    assert_int_equal(chart.series[0].role, RS_PLOT_NOISE);
    rs_curves_free(&curves);
}

static const struct rs_plot_event *event_with(const struct rs_chart *chart, const char *label)
{
    for (size_t i = 0; i < chart->event_count; i++)
        if (strcmp(chart->events[i].label, label) == 0)
            return &chart->events[i];
    fail_msg("no event %s", label);
    return NULL;
}

static void changes_forks_and_the_end_of_patience_are_marked(void **state)
{
    (void)state;
    const struct rs_change_record change = {.step = 61, .row = &rs_row_learning_rate, .value = "0.01"};
    struct rs_curves_facts facts = {.epochs_most = 50, .patience = 8};
    struct rs_view view = {0};
    add_ten_epochs();
    rs_curves_add_change(&curves, &change, "0.001");
    rs_curves_add_fork(&curves, 40, "fork");
    struct rs_chart chart = chart_of(&view, &facts);
    assert_true(event_with(&chart, "lr 0.001 \xE2\x86\x92 0.01")->x == 3);
    assert_int_equal(event_with(&chart, "lr 0.001 \xE2\x86\x92 0.01")->role, RS_PLOT_CHANGE);
    assert_true(event_with(&chart, "fork")->x == 2);
    assert_true(event_with(&chart, "stops at 12 (2 left)")->x == 12);
    view.x = RS_X_SECONDS;
    chart = chart_of(&view, &facts);
    assert_true(event_with(&chart, "lr 0.001 \xE2\x86\x92 0.01")->x == 1.5);
    assert_true(event_with(&chart, "stops at 12 (2 left)")->x == 9.5);
    facts.stopped = true;
    chart = chart_of(&view, &facts);
    assert_true(event_with(&chart, "stopped: no better for 8")->x == 7.5);
    for (int i = 0; i < RS_EVENTS_MOST + 5; i++) /* no more than there is room for; the newest stay */
        rs_curves_add_fork(&curves, i, "again");
    assert_int_equal(curves.now.events, RS_EVENTS_MOST);
    rs_curves_free(&curves);
}

static void the_reference_has_the_name_of_the_preset(void **state)
{
    (void)state;
    const struct rs_view view = {0};
    struct rs_curves_facts facts = {.reference = 0.831, .reference_label = "AutoRec, 2015", .floor = NAN};
    struct rs_chart chart = chart_of(&view, &facts);
    assert_int_equal(chart.line_count, 1);
    assert_string_equal(chart.lines[0].label, "AutoRec, 2015");
    facts.reference_label = NULL;
    assert_string_equal(chart_of(&view, &facts).lines[0].label, "published");
    rs_curves_free(&curves);
}

/* Three runs by hand: one is shorter, one lacks a value. */
static void a_band_is_median_and_range(void **state)
{
    (void)state;
    double epochs[] = {0, 1, 2, 3, 4};
    double evals[3][5] = {{3, 1.0, 0.9, 0.8, 0.7}, {3, 1.2, NAN, 0.9, 0.6}, {3, 1.1, 1.0, 0, 0}};
    struct rs_curve run[3] = {0};
    const struct rs_curve *runs[3] = {&run[0], &run[1], &run[2]};
    for (size_t i = 0; i < 3; i++) {
        run[i].epoch = epochs;
        run[i].eval = evals[i];
        run[i].count = i == 2 ? 3 : 5;
    }
    double epoch[13];
    double median[13];
    double low[13];
    double high[13];
    assert_int_equal(rs_curves_band(runs, 3, epoch, median, low, high), 5);
    assert_true(epoch[1] == 1 && median[1] == 1.1 && low[1] == 1.0 && high[1] == 1.2);
    assert_true(epoch[2] == 2 && fabs(median[2] - 0.95) < 1e-12 && low[2] == 0.9 && high[2] == 1.0);
    assert_true(epoch[4] == 4 && fabs(median[4] - 0.65) < 1e-12 && low[4] == 0.6 && high[4] == 0.7);
    run[1].count = 3; /* epochs 3 and 4 are now of one run of three: too few to speak for all */
    assert_int_equal(rs_curves_band(runs, 3, epoch, median, low, high), 3);
}

static void runs_of_a_group_are_drawn_as_one(void **state)
{
    (void)state;
    struct rs_error err;
    const struct rs_view view = {0};
    const struct rs_curves_facts facts = {.epochs_most = 10, .colors = true};
    for (int i = 0; i < 3; i++) {
        add_ten_epochs();
        curves.now.group = i < 2;
        curves.now.eval[5] += i;
        rs_curves_begin(&curves, true);
    }
    strcpy(curves.ghost[1].name, "dropout 0, 2 seeds");
    struct rs_chart chart = chart_of(&view, &facts);
    assert_int_equal(chart.series_count, 3); /* the band, train and eval of the one alone */
    assert_string_equal(chart.series[0].name, "dropout 0, 2 seeds");
    assert_true(fabs(chart.series[0].y[5] - 1.6) < 1e-12 && fabs(chart.series[0].low[5] - 1.1) < 1e-12 &&
                fabs(chart.series[0].high[5] - 2.1) < 1e-12);
    assert_null(chart.series[2].low);
    /* a stored run comes in by its arrays */
    struct rs_curve stored = {.epoch = curves.ghost[2].curve.epoch, .eval = curves.ghost[2].curve.eval, .count = 11};
    assert_int_equal(rs_curves_add_ghost(&curves, &stored, "stored", &err), RS_OK);
    assert_string_equal(curves.ghost[3].name, "stored");
    assert_true(curves.ghost[3].curve.best == 1 && isnan(curves.ghost[3].curve.train[2]));
    struct rs_plot_reading reading[8];
    chart = chart_of(&view, &facts);
    assert_int_equal(rs_chart_read(&chart, 5, reading, 8), 3);
    assert_string_equal(reading[0].name, "stored");
    assert_true(fabs(reading[2].low - 1.1) < 1e-12);
    rs_curves_free(&curves);
}

/* ---- smoothing, zoom, cross-hair --------------------------------------------------------------------------------- */

static void the_untrained_epoch_is_no_part_of_smoothing(void **state)
{
    (void)state;
    const struct rs_view view = {.smoothing = 1};
    const struct rs_curves_facts facts = {.epochs_most = 10, .colors = true};
    add_ten_epochs();
    struct rs_chart chart = chart_of(&view, &facts);
    const struct rs_plot_series *train = &chart.series[0];
    assert_ptr_equal(train->raw, curves.now.train);
    assert_true(train->y[0] == 3 && fabs(train->y[1] - 1) < 1e-12);
    assert_true(fabs(train->y[2] - (0.6 * 0.4 * 1 + 0.4 * 0.5) / (1 - 0.36)) < 1e-12);
    rs_curves_begin(&curves, true);
    chart = chart_of(&view, &facts);
    assert_null(chart.series[0].raw); /* a ghost is faint enough */
    rs_curves_free(&curves);
}

static struct rs_view_scales scales_of(const struct rs_view *view, const struct rs_curves_facts *facts)
{
    struct rs_view_scales scales;
    struct rs_error err;
    assert_int_equal(rs_curves_scales(&curves, view, facts, &scales, &err), RS_OK);
    return scales;
}

static void a_zoom_is_kept_when_data_arrive(void **state)
{
    (void)state;
    struct rs_view view = {0};
    const struct rs_curves_facts facts = {.epochs_most = 1000};
    add_ten_epochs();
    struct rs_view_scales scales = scales_of(&view, &facts);
    rs_view_zoom_x(&view, &scales, 5, 4);
    rs_view_zoom_y(&view, &scales, 2, NAN);
    struct rs_view_scales before = scales_of(&view, &facts);
    assert_true(before.x.high - before.x.low < 3 && before.x.low < 4 && before.x.high > 4);
    for (uint64_t epoch = 11; epoch <= 60; epoch++)
        add_epoch(epoch, 0.05, 2);
    struct rs_view_scales after = scales_of(&view, &facts);
    assert_memory_equal(&before.x, &after.x, sizeof after.x);
    assert_memory_equal(&before.y, &after.y, sizeof after.y);
    /* following, the newest sample is at the right, and the width stays */
    rs_view_follow(&view, &after, true);
    struct rs_view_scales follows = scales_of(&view, &facts);
    assert_true(fabs((follows.x.high - follows.x.low) - (before.x.high - before.x.low)) < 1e-9);
    assert_true(follows.x.high > 60 && follows.x.high < 60.2);
    rs_view_reset(&view);
    assert_true(scales_of(&view, &facts).x.low == 0);
    rs_curves_free(&curves);
}

static void the_cursor_steps_from_sample_to_sample(void **state)
{
    (void)state;
    struct rs_view view = {.cursor = true};
    const struct rs_curves_facts facts = {.epochs_most = 10};
    add_ten_epochs();
    struct rs_view_scales scales = scales_of(&view, &facts);
    rs_curves_step_cursor(&curves, &view, &scales, 3);
    assert_true(view.cursor_epoch == 3);
    rs_curves_step_cursor(&curves, &view, &scales, 100);
    assert_true(view.cursor_epoch == 10);
    rs_curves_point(&curves, &view, 6.4);
    assert_true(view.cursor_epoch == 6);
    rs_view_zoom_x(&view, &scales, 5, 2);
    scales = scales_of(&view, &facts);
    rs_curves_step_cursor(&curves, &view, &scales, 2); /* out of sight: the window comes along */
    scales = scales_of(&view, &facts);
    assert_true(scales.x.low < 8 && scales.x.high > 8);
    rs_curves_set_x(&curves, &view, RS_X_STEPS);
    struct rs_view_scales steps = scales_of(&view, &facts);
    assert_true(fabs(steps.x.low - 20 * scales.x.low) < 1e-9 && fabs(steps.x.high - 20 * scales.x.high) < 1e-9);
    rs_curves_begin(&curves, true); /* before the next run has begun, the ghost has the cross-hair */
    rs_curves_point(&curves, &view, 100);
    assert_true(view.cursor_epoch == 5);
    rs_curves_free(&curves);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_epoch_is_a_trained_one),
        cmocka_unit_test(former_runs_stay_behind),
        cmocka_unit_test(a_spike_of_a_batch_survives_thinning),
        cmocka_unit_test(the_axis_grows_in_few_steps),
        cmocka_unit_test(every_x_axis_places_the_same_sample),
        cmocka_unit_test(batches_have_a_place_before_the_first_epoch),
        cmocka_unit_test(changes_forks_and_the_end_of_patience_are_marked),
        cmocka_unit_test(the_reference_has_the_name_of_the_preset),
        cmocka_unit_test(a_band_is_median_and_range),
        cmocka_unit_test(runs_of_a_group_are_drawn_as_one),
        cmocka_unit_test(the_untrained_epoch_is_no_part_of_smoothing),
        cmocka_unit_test(a_zoom_is_kept_when_data_arrive),
        cmocka_unit_test(the_cursor_steps_from_sample_to_sample),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
