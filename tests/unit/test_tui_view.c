/* The view's state: zoom, pan, follow, the words for it, and smoothing against numbers computed by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/tui/view.h"

static struct rs_view_scales linear(void)
{
    const struct rs_plot_scale x = {0, 100, false};
    const struct rs_plot_scale y = {1, 3, false};
    return (struct rs_view_scales){x, y, x, y};
}

/* What would be shown after the view changed. */
static void apply(const struct rs_view *view, struct rs_view_scales *scales)
{
    scales->x = scales->all_x;
    if (view->zoomed_x) {
        scales->x.low = view->x_low;
        scales->x.high = view->x_high;
    }
}

static void zoom_keeps_the_value_under_the_cursor(void **state)
{
    (void)state;
    struct rs_view view = {0};
    struct rs_view_scales scales = linear();
    rs_view_zoom_x(&view, &scales, 2, 20);
    assert_true(view.zoomed_x && fabs(view.x_low - 10) < 1e-12 && fabs(view.x_high - 60) < 1e-12);
    apply(&view, &scales);
    assert_true(fabs(rs_plot_share(&scales.x, 20) - 0.2) < 1e-12);
    rs_view_zoom_x(&view, &scales, 0.5, 20);
    assert_false(view.zoomed_x); /* back to everything */
    rs_view_zoom_y(&view, &scales, 4, NAN);
    assert_true(view.zoomed_y && view.y_low == 1.75 && view.y_high == 2.25);
    rs_view_reset(&view);
    assert_false(view.zoomed_x || view.zoomed_y);
}

static void zoom_on_a_logarithmic_axis_goes_by_factors(void **state)
{
    (void)state;
    struct rs_view view = {.log_x = true};
    const struct rs_plot_scale x = {1, 10000, true};
    const struct rs_view_scales scales = {x, x, x, x};
    rs_view_zoom_x(&view, &scales, 2, 100);
    assert_true(fabs(view.x_low - 10) < 1e-9 && fabs(view.x_high - 1000) < 1e-9);
}

static void zoom_ends_before_rounding_shows(void **state)
{
    (void)state;
    struct rs_view view = {0};
    struct rs_view_scales scales = linear();
    for (int i = 0; i < 200; i++) {
        rs_view_zoom_x(&view, &scales, 2, 33);
        apply(&view, &scales);
    }
    assert_true(scales.x.low < 33 && scales.x.high > 33 && scales.x.high - scales.x.low > 1e-5);
    for (int i = 0; i < 200; i++) {
        rs_view_zoom_x(&view, &scales, 0.5, 33);
        apply(&view, &scales);
    }
    assert_false(view.zoomed_x);
}

static void pan_stops_where_nothing_is(void **state)
{
    (void)state;
    struct rs_view view = {0};
    struct rs_view_scales scales = linear();
    rs_view_pan_x(&view, &scales, 0.25);
    assert_false(view.zoomed_x); /* everything is in sight */
    rs_view_zoom_x(&view, &scales, 2, 0);
    apply(&view, &scales);
    view.follow = true;
    rs_view_pan_x(&view, &scales, 0.5);
    assert_true(view.x_low == 25 && view.x_high == 75 && !view.follow);
    for (int i = 0; i < 20; i++) {
        apply(&view, &scales);
        rs_view_pan_x(&view, &scales, 0.25);
    }
    assert_true(view.x_low <= 75 && view.x_low > 50);
}

static void following_takes_the_last_quarter(void **state)
{
    (void)state;
    struct rs_view view = {0};
    const struct rs_view_scales scales = linear();
    rs_view_follow(&view, &scales, true);
    assert_true(view.follow && view.zoomed_x && view.x_low == 75 && view.x_high == 100);
    rs_view_follow(&view, &scales, false);
    assert_false(view.follow);
}

static void a_plain_look_needs_no_words(void **state)
{
    (void)state;
    char text[RS_VIEW_TEXT];
    rs_view_text(&(struct rs_view){0}, text);
    assert_string_equal(text, "");
    rs_view_text(
        &(struct rs_view){
            .x = RS_X_STEPS, .log_x = true, .log_y = true, .smoothing = 2, .zoomed_x = true, .follow = true},
        text);
    assert_string_equal(text, "over steps, log x and y, smoothing 0.9, zoomed (following)");
}

static void smoothing_has_no_bias_at_its_start(void **state)
{
    (void)state;
    const double y[] = {4, 2, NAN, 1, INFINITY, 1};
    double out[6];
    rs_smooth(y, 6, 0.6, out);
    /* m = 1.6, 1.76, -, 1.456, -, 1.2736; divided by 1 - 0.6^n */
    assert_true(fabs(out[0] - 4) < 1e-12);
    assert_true(fabs(out[1] - 1.76 / 0.64) < 1e-12);
    assert_true(isnan(out[2]));
    assert_true(fabs(out[3] - 1.456 / 0.784) < 1e-12);
    assert_true(isinf(out[4]));
    assert_true(fabs(out[5] - 1.2736 / 0.8704) < 1e-12);
    const double same[] = {0.1, 0.1, NAN, 0.1};
    rs_smooth(same, 4, 0.97, out);
    assert_true(out[0] == 0.1 && out[1] == 0.1 && isnan(out[2]) && out[3] == 0.1);
    rs_smooth(y, 6, 0, out);
    assert_true(out[0] == 4 && out[1] == 2 && out[3] == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zoom_keeps_the_value_under_the_cursor),
        cmocka_unit_test(zoom_on_a_logarithmic_axis_goes_by_factors),
        cmocka_unit_test(zoom_ends_before_rounding_shows),
        cmocka_unit_test(pan_stops_where_nothing_is),
        cmocka_unit_test(following_takes_the_last_quarter),
        cmocka_unit_test(a_plain_look_needs_no_words),
        cmocka_unit_test(smoothing_has_no_bias_at_its_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
