/* Parts of the chart: logarithmic axes, given ranges, bands, raw values, vertical lines, thick lines, the cross-hair.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "recscope/plot/chart.h"

#define ROWS    20
#define COLUMNS 80

static const double xs[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
static const double ones[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
static const double powers[] = {1000, 100, 10, 1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};

static struct rs_plot_cell cells[ROWS * COLUMNS];

/* Text of a row; '?' for what is not ASCII. */
static const char *row_text(int row)
{
    static char out[COLUMNS + 1];
    for (int i = 0; i < COLUMNS; i++) {
        uint32_t glyph = cells[row * COLUMNS + i].glyph;
        out[i] = glyph < 0x80 ? (char)glyph : '?';
    }
    return out;
}

static bool shows(const char *text)
{
    for (int row = 0; row < ROWS; row++)
        if (strstr(row_text(row), text))
            return true;
    return false;
}

static const struct rs_plot_cell *cell_at(const struct rs_plot_frame *frame, enum rs_plot_glyphs glyphs, double x,
                                          double y)
{
    int row;
    int column;
    assert_true(rs_chart_cell(frame, glyphs, x, y, &row, &column));
    return &cells[row * COLUMNS + column];
}

static struct rs_plot_series series_of(const double *y)
{
    return (struct rs_plot_series){
        .name = "loss", .x = xs, .y = y, .count = 11, .role = RS_PLOT_PRIMARY, .fit = true, .glyph = 'o'};
}

static struct rs_chart chart_of(const struct rs_plot_series *series)
{
    return (struct rs_chart){
        .x = {.label = "epoch", .whole = true}, .y = {.label = "RMSE"}, .series = series, .series_count = 1};
}

/* ---- axes -------------------------------------------------------------------------------------------------------- */

static void a_logarithmic_axis_spaces_powers_evenly(void **state)
{
    (void)state;
    const struct rs_plot_series series = series_of(powers);
    struct rs_chart chart = chart_of(&series);
    chart.y.log = true;
    struct rs_plot_frame frame = rs_chart_frame(&chart, ROWS, COLUMNS);
    assert_true(frame.y.log && frame.y.low > 0 && frame.y.low < 0.1 && frame.y.high > 1000);
    double step = rs_plot_share(&frame.y, 10) - rs_plot_share(&frame.y, 1);
    assert_true(fabs(rs_plot_share(&frame.y, 1000) - rs_plot_share(&frame.y, 100) - step) < 1e-12);
    rs_chart_draw(&chart, RS_GLYPHS_ASCII, ROWS, COLUMNS, cells);
    assert_non_null(strstr(row_text(0), "RMSE (log)"));
    assert_true(shows("1000+") && shows(" 100+") && shows("   1+") && shows(" 0.1+"));
    assert_int_equal(cell_at(&frame, RS_GLYPHS_ASCII, 1, 100)->glyph, 'o');
}

static void what_is_not_positive_is_a_gap_on_it(void **state)
{
    (void)state;
    const double y[] = {1, 2, -1, 2, 2, 0, 2, 2, 2, 2, 4};
    const struct rs_plot_series series = series_of(y);
    struct rs_chart chart = chart_of(&series);
    chart.y.log = chart.x.log = true;
    rs_chart_draw(&chart, RS_GLYPHS_ASCII, ROWS, COLUMNS, cells);
    struct rs_plot_frame frame = rs_chart_frame(&chart, ROWS, COLUMNS);
    assert_true(frame.x.low == 1 && frame.x.high == 10); /* the sample at 0 has no place */
    assert_int_equal(cell_at(&frame, RS_GLYPHS_ASCII, 3.5, 2)->glyph, 'o');
    assert_int_equal(cell_at(&frame, RS_GLYPHS_ASCII, 2.2, 2)->glyph, ' ');
    assert_int_equal(cell_at(&frame, RS_GLYPHS_ASCII, 5, 2)->glyph, ' ');
    assert_true(isnan(rs_plot_share(&frame.y, 0)) && isnan(rs_plot_share(&frame.y, -1)));
    assert_true(shows("epoch (log)"));
    chart.x.given = true; /* from 0 on, which it cannot show */
    chart.x.high = 20;
    frame = rs_chart_frame(&chart, ROWS, COLUMNS);
    assert_true(frame.x.log && frame.x.low == 1 && frame.x.high == 20);
}

static void without_a_positive_value_it_stays_linear(void **state)
{
    (void)state;
    const double y[] = {-1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11};
    const struct rs_plot_series series = series_of(y);
    struct rs_chart chart = chart_of(&series);
    chart.y.log = true;
    rs_chart_draw(&chart, RS_GLYPHS_ASCII, ROWS, COLUMNS, cells);
    assert_false(rs_chart_frame(&chart, ROWS, COLUMNS).y.log);
    assert_false(shows("(log)"));
}

static void given_ranges_are_kept_and_neighbours_told_apart(void **state)
{
    (void)state;
    const double y[] = {5.5, 5.55, 5.546, 5.5455, 5.545, 6, 5.5445, 5.544, 5.544, 5.5439, 5.5438};
    const struct rs_plot_series series = series_of(y);
    struct rs_chart chart = chart_of(&series);
    chart.x = (struct rs_plot_axis){.label = "epoch", .given = true, .low = 3, .high = 9, .whole = true};
    chart.y = (struct rs_plot_axis){.label = "RMSE", .given = true, .low = 5.543, .high = 5.546};
    struct rs_plot_frame frame = rs_chart_frame(&chart, ROWS, COLUMNS);
    assert_true(frame.x.low == 3 && frame.x.high == 9 && frame.y.low == 5.543 && frame.y.high == 5.546);
    rs_chart_draw(&chart, RS_GLYPHS_ASCII, ROWS, COLUMNS, cells);
    assert_true(shows("5.544+") && shows("5.545+"));
    assert_true(shows("loss 5.5439")); /* the end of what is shown, not of the series */
    assert_false(shows("^"));          /* no arrows where one zoomed in */
}

static void cells_and_values_are_inverse(void **state)
{
    (void)state;
    const struct rs_plot_series series = series_of(powers);
    struct rs_chart chart = chart_of(&series);
    for (int log = 0; log < 2; log++) {
        chart.y.log = chart.x.log = log;
        struct rs_plot_frame frame = rs_chart_frame(&chart, ROWS, COLUMNS);
        for (int glyphs = 0; glyphs < RS_GLYPHS; glyphs++)
            for (int i = 0; i < frame.width && i < frame.height; i++) {
                enum rs_plot_glyphs kind = (enum rs_plot_glyphs)glyphs;
                int row;
                int column;
                double x = rs_chart_x_at(&frame, kind, frame.left + i);
                double y = rs_chart_y_at(&frame, kind, frame.top + i);
                assert_true(rs_chart_cell(&frame, kind, x, y, &row, &column));
                assert_int_equal(column, frame.left + i);
                assert_int_equal(row, frame.top + i);
            }
    }
}

/* ---- series ------------------------------------------------------------------------------------------------------ */

static void a_band_lets_its_line_be_seen(void **state)
{
    (void)state;
    const double low[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    const double high[] = {2, 2, 2, 2, 2, 2, NAN, 2, 2, 2, 2};
    struct rs_plot_series series = series_of(ones);
    series.low = low;
    series.high = high;
    struct rs_chart chart = chart_of(&series);
    chart.y = (struct rs_plot_axis){.label = "RMSE", .given = true, .low = -1, .high = 3};
    rs_chart_draw(&chart, RS_GLYPHS_ASCII, ROWS, COLUMNS, cells);
    struct rs_plot_frame frame = rs_chart_frame(&chart, ROWS, COLUMNS);
    assert_int_equal(cell_at(&frame, RS_GLYPHS_ASCII, 3, 1)->glyph, 'o');
    assert_int_equal(cell_at(&frame, RS_GLYPHS_ASCII, 3, 1.7)->glyph, ':');
    assert_int_equal(cell_at(&frame, RS_GLYPHS_ASCII, 3, 0.3)->glyph, ':');
    assert_int_equal(cell_at(&frame, RS_GLYPHS_ASCII, 3, 2.7)->glyph, ' ');
    assert_int_equal(cell_at(&frame, RS_GLYPHS_ASCII, 6, 1.7)->glyph, ' '); /* a gap */
    rs_chart_draw(&chart, RS_GLYPHS_QUADRANTS, ROWS, COLUMNS, cells);
    assert_int_equal(cell_at(&frame, RS_GLYPHS_QUADRANTS, 3, 1.7)->glyph, 0x2591);
    uint32_t block = cell_at(&frame, RS_GLYPHS_QUADRANTS, 3, 1)->glyph;
    assert_true(block == 0x2580 || block == 0x2584); /* upper or lower half */
    rs_chart_draw(&chart, RS_GLYPHS_BRAILLE, ROWS, COLUMNS, cells);
    uint32_t hatched = cell_at(&frame, RS_GLYPHS_BRAILLE, 3, 1.7)->glyph;
    int dots = 0;
    for (int bit = 0; bit < 8; bit++)
        dots += (int)(hatched >> bit & 1);
    assert_int_equal(dots, 2); /* every fourth */
    uint32_t line = cell_at(&frame, RS_GLYPHS_BRAILLE, 3, 1)->glyph;
    assert_true(line == 0x2809 || line == 0x2812 || line == 0x2824 || line == 0x28C0); /* and nothing but the line */
}

/* The raw curve is dimmed behind, its spike keeps its place in the range, and the legend has one entry. */
static void raw_values_stand_behind_smoothed_ones(void **state)
{
    (void)state;
    const double raw[] = {1.4, 0.8, 1.4, 2, 0.8, 1.4, 0.8, 1.4, 1.4, 0.8, 1.4};
    struct rs_plot_series series = series_of(ones);
    series.raw = raw;
    struct rs_chart chart = chart_of(&series);
    rs_chart_draw(&chart, RS_GLYPHS_BRAILLE, ROWS, COLUMNS, cells);
    struct rs_plot_frame frame = rs_chart_frame(&chart, ROWS, COLUMNS);
    assert_true(frame.y.high > 2);
    assert_int_equal(cell_at(&frame, RS_GLYPHS_BRAILLE, 3, 2)->role, RS_PLOT_RAW_PRIMARY);
    assert_int_equal(cell_at(&frame, RS_GLYPHS_BRAILLE, 3, 1)->role, RS_PLOT_PRIMARY);
    assert_int_equal(cell_at(&frame, RS_GLYPHS_BRAILLE, 8, 1)->role, RS_PLOT_PRIMARY);
    const char *first = strstr(row_text(0), "loss");
    assert_non_null(first);
    assert_null(strstr(first + 1, "loss"));
}

static size_t dots_set(void)
{
    size_t count = 0;
    for (size_t i = 0; i < ROWS * COLUMNS; i++)
        for (unsigned bits = cells[i].dots; bits; bits >>= 1)
            count += bits & 1;
    return count;
}

static void thick_lines_have_more_dots(void **state)
{
    (void)state;
    struct rs_plot_series series = series_of(powers);
    struct rs_chart chart = chart_of(&series);
    chart.y.log = true;
    rs_chart_draw(&chart, RS_GLYPHS_BRAILLE, ROWS, COLUMNS, cells);
    size_t thin = dots_set();
    series.thick = 3;
    rs_chart_draw(&chart, RS_GLYPHS_BRAILLE, ROWS, COLUMNS, cells);
    assert_true(dots_set() > 2 * thin && dots_set() < 4 * thin);
}

/* Six flat lines, one role: without colours each has a pattern of its own. */
static void six_lines_differ_without_colours(void **state)
{
    (void)state;
    double y[6][11];
    struct rs_plot_series series[6];
    struct rs_chart chart = chart_of(series);
    for (int i = 0; i < 6; i++) {
        for (int k = 0; k < 11; k++)
            y[i][k] = i;
        series[i] = series_of(y[i]);
        series[i].name = NULL;
        series[i].dash = (enum rs_plot_dash)i;
    }
    chart.series_count = 6;
    rs_chart_draw(&chart, RS_GLYPHS_BRAILLE, ROWS, COLUMNS, cells);
    struct rs_plot_frame frame = rs_chart_frame(&chart, ROWS, COLUMNS);
    uint32_t rows[6][24];
    for (int i = 0; i < 6; i++) {
        int row;
        int column;
        assert_true(rs_chart_cell(&frame, RS_GLYPHS_BRAILLE, 0, i, &row, &column));
        unsigned kept = 0;
        for (int k = 0; k < 24; k++) {
            unsigned dots = cells[row * COLUMNS + frame.left + k].dots;
            rows[i][k] =
                (dots & 0x55 ? 1u : 0) | (dots & 0xAA ? 2u : 0); /* left, right; in which row does not matter */
            kept += rows[i][k] != 0;
        }
        assert_true(kept > 0);
        for (int other = 0; other < i; other++)
            assert_memory_not_equal(rows[i], rows[other], sizeof rows[i]);
    }
}

/* ---- vertical lines ---------------------------------------------------------------------------------------------- */

static void labels_of_events_do_not_meet(void **state)
{
    (void)state;
    const struct rs_plot_series series = series_of(ones);
    const struct rs_plot_event events[] = {{"lr 0.001 \xE2\x86\x92 0.01", 4, RS_PLOT_CHANGE},
                                           {"batch 128 \xE2\x86\x92 64", 4.2, RS_PLOT_CHANGE},
                                           {"stops at 10", 10, RS_PLOT_STOP},
                                           {"not in sight", 11, RS_PLOT_FORK}};
    struct rs_chart chart = chart_of(&series);
    chart.events = events;
    chart.event_count = 4;
    rs_chart_draw(&chart, RS_GLYPHS_ASCII, ROWS, COLUMNS, cells);
    struct rs_plot_frame frame = rs_chart_frame(&chart, ROWS, COLUMNS);
    assert_non_null(strstr(row_text(frame.top), "!lr 0.001 > 0.01"));
    assert_non_null(strstr(row_text(frame.top), "stops at 10!")); /* left of its line: there is no room to the right */
    assert_non_null(strstr(row_text(frame.top + 1), "!batch 128 > 64"));
    assert_false(shows("not in sight"));
    assert_int_equal(cell_at(&frame, RS_GLYPHS_ASCII, 4, frame.y.low)->role, RS_PLOT_CHANGE);
}

static void a_label_that_has_no_room_ends_in_an_ellipsis(void **state)
{
    (void)state;
    const struct rs_plot_series series = series_of(ones);
    struct rs_plot_event events[5];
    struct rs_chart chart = chart_of(&series);
    for (size_t i = 0; i < 5; i++)
        events[i] =
            (struct rs_plot_event){"a label that is longer than half of the plot area is wide", 5, RS_PLOT_FORK};
    chart.events = events;
    chart.event_count = 5;
    rs_chart_draw(&chart, RS_GLYPHS_ASCII, ROWS, COLUMNS, cells);
    struct rs_plot_frame frame = rs_chart_frame(&chart, ROWS, COLUMNS);
    int labels = 0;
    for (int row = frame.top; row < frame.top + frame.height; row++) {
        const char *label = strstr(row_text(row), "!a label");
        labels += label != NULL;
        if (label)
            assert_int_equal(row_text(row)[frame.left + frame.width - 1], '~');
    }
    assert_in_range(labels, 1, 4);
}

/* ---- cross-hair -------------------------------------------------------------------------------------------------- */

static void the_cross_hair_reads_every_series(void **state)
{
    (void)state;
    const double raw[] = {9, 9, 9, 2, 9, 9, 9, 9, 9, 9, 9};
    const double low[] = {0, 0, 0, 0.5, 0, 0, 0, 0, 0, 0, 0};
    struct rs_plot_series series[3] = {series_of(powers), series_of(ones), series_of(powers)};
    series[0].name = "ended";
    series[0].count = 3;
    series[1].name = "band";
    series[1].raw = raw;
    series[1].low = low;
    series[1].high = raw;
    struct rs_chart chart = chart_of(series);
    chart.series_count = 3;
    struct rs_plot_reading reading[8];
    assert_int_equal(rs_chart_read(&chart, 3.2, reading, 8), 2); /* the one that ended at 2 is not asked */
    assert_string_equal(reading[0].name, "loss");
    assert_true(reading[0].x == 3 && reading[0].value == 1 && reading[0].raw == 1 && isnan(reading[0].low));
    assert_string_equal(reading[1].name, "band");
    assert_true(reading[1].value == 1 && reading[1].raw == 2 && reading[1].low == 0.5 && reading[1].high == 2);
    assert_int_equal(rs_chart_read(&chart, 2.4, reading, 8), 3);
    assert_true(reading[2].value == 10 && reading[2].x == 2);
    assert_int_equal(rs_chart_read(&chart, 2.4, reading, 1), 1);
    assert_int_equal(rs_chart_read(&chart, NAN, reading, 8), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_logarithmic_axis_spaces_powers_evenly),
        cmocka_unit_test(what_is_not_positive_is_a_gap_on_it),
        cmocka_unit_test(without_a_positive_value_it_stays_linear),
        cmocka_unit_test(given_ranges_are_kept_and_neighbours_told_apart),
        cmocka_unit_test(cells_and_values_are_inverse),
        cmocka_unit_test(a_band_lets_its_line_be_seen),
        cmocka_unit_test(raw_values_stand_behind_smoothed_ones),
        cmocka_unit_test(thick_lines_have_more_dots),
        cmocka_unit_test(six_lines_differ_without_colours),
        cmocka_unit_test(labels_of_events_do_not_meet),
        cmocka_unit_test(a_label_that_has_no_room_ends_in_an_ellipsis),
        cmocka_unit_test(the_cross_hair_reads_every_series),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
