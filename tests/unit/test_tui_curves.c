/* The store of curves: best epoch, ghosts, and batches thinned without losing a spike. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/tui/curves.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_epoch_is_a_trained_one),
        cmocka_unit_test(former_runs_stay_behind),
        cmocka_unit_test(a_spike_of_a_batch_survives_thinning),
        cmocka_unit_test(the_axis_grows_in_few_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
