/* The chart: facts about cells at known points, and every size without a step out of bounds. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "recscope/plot/chart.h"

#define ROWS    20
#define COLUMNS 80
#define GUARD   0xDEADBEEFu

static const double epochs[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
static const double train[] = {2.8, 1.0, 0.96, 0.93, 0.91, 0.89, 0.87, 0.85, 0.83, 0.81, 0.79};
static const double eval[] = {2.8, 1.02, 0.99, 0.97, 0.955, 0.95, 0.948, 0.95, 0.953, 0.957, 0.962};

static const struct rs_plot_series curves[] = {
    {.name = "train", .x = epochs, .y = train, .count = 11, .role = RS_PLOT_PRIMARY, .fit = true, .glyph = 'o'},
    {.name = "eval", .x = epochs, .y = eval, .count = 11, .role = RS_PLOT_SECONDARY, .fit = true, .glyph = '*'},
};
static const struct rs_plot_line lines[] = {{"mean", 1.12, RS_PLOT_BASELINE}, {"floor", 0.80, RS_PLOT_FLOOR}};
static const struct rs_plot_mark marks[] = {{"best 0.948", 6, 0.948, RS_PLOT_BEST}};

static struct rs_chart known_chart(void)
{
    return (struct rs_chart){.x = {.label = "epoch", .whole = true},
                             .y = {.label = "RMSE"},
                             .series = curves,
                             .series_count = 2,
                             .lines = lines,
                             .line_count = 2,
                             .marks = marks,
                             .mark_count = 1};
}

static struct rs_plot_cell cells[200 * 60 + 1];

static const struct rs_plot_cell *cell_of(const struct rs_plot_frame *frame, enum rs_plot_glyphs glyphs, double x,
                                          double y)
{
    int row;
    int column;
    assert_true(rs_chart_cell(frame, glyphs, x, y, &row, &column));
    return &cells[row * frame->columns + column];
}

/* Text of a row, '?' for what is not ASCII. */
static void row_text(char out[COLUMNS + 1], int row)
{
    for (int i = 0; i < COLUMNS; i++) {
        uint32_t glyph = cells[row * COLUMNS + i].glyph;
        out[i] = glyph < 0x80 ? (char)glyph : '?';
    }
    out[COLUMNS] = '\0';
}

static void points_stand_where_they_belong(void **state)
{
    (void)state;
    struct rs_chart chart = known_chart();
    for (int glyphs = 0; glyphs < RS_GLYPHS; glyphs++) {
        rs_chart_draw(&chart, (enum rs_plot_glyphs)glyphs, ROWS, COLUMNS, cells);
        struct rs_plot_frame frame = rs_chart_frame(&chart, ROWS, COLUMNS);
        for (size_t i = 1; i < 11; i++) {
            const struct rs_plot_cell *cell = cell_of(&frame, (enum rs_plot_glyphs)glyphs, epochs[i], eval[i]);
            assert_int_equal(cell->role, i == 6 ? RS_PLOT_BEST : RS_PLOT_SECONDARY);
            assert_true(cell->glyph != ' ');
        }
    }
    struct rs_plot_frame frame = rs_chart_frame(&chart, ROWS, COLUMNS);
    assert_int_equal(cell_of(&frame, RS_GLYPHS_ASCII, 10, 0.79)->glyph, 'o');
    assert_int_equal(cell_of(&frame, RS_GLYPHS_ASCII, 6, 0.948)->glyph, '@');
}

static void the_untrained_epoch_does_not_flatten_the_rest(void **state)
{
    (void)state;
    struct rs_chart chart = known_chart();
    struct rs_plot_frame frame = rs_chart_frame(&chart, ROWS, COLUMNS);
    assert_true(frame.y.high < 1.6);
    assert_true(frame.y.low < 0.79 && frame.y.low > 0.6);
    rs_chart_draw(&chart, RS_GLYPHS_ASCII, ROWS, COLUMNS, cells);
    assert_int_equal(cells[frame.top * COLUMNS + frame.left].glyph, '^'); /* 2.8 is named at the border */
}

static void a_line_far_away_is_named_at_the_border(void **state)
{
    (void)state;
    struct rs_plot_line far[] = {{"mean", 5.0, RS_PLOT_BASELINE}};
    struct rs_chart chart = known_chart();
    chart.lines = far;
    chart.line_count = 1;
    struct rs_plot_frame frame = rs_chart_frame(&chart, ROWS, COLUMNS);
    assert_true(frame.y.high < 2);
    rs_chart_draw(&chart, RS_GLYPHS_ASCII, ROWS, COLUMNS, cells);
    char text[COLUMNS + 1];
    row_text(text, frame.top);
    assert_non_null(strstr(text, "^mean 5.000"));
}

static void lines_stand_alone_before_the_first_epoch(void **state)
{
    (void)state;
    struct rs_chart chart = known_chart();
    chart.series_count = chart.mark_count = 0;
    struct rs_plot_frame frame = rs_chart_frame(&chart, ROWS, COLUMNS);
    assert_true(frame.y.low < 0.80 && frame.y.high > 1.12);
    rs_chart_draw(&chart, RS_GLYPHS_ASCII, ROWS, COLUMNS, cells);
    char text[COLUMNS + 1];
    int found = 0;
    for (int row = 0; row < ROWS; row++) {
        row_text(text, row);
        found += strstr(text, "- mean 1.120") || strstr(text, "- floor 0.800");
    }
    assert_int_equal(found, 2);
}

static void a_spike_survives_sharing_a_column(void **state)
{
    (void)state;
    static double x[100000];
    static double y[100000];
    for (size_t i = 0; i < 100000; i++) {
        x[i] = (double)i;
        y[i] = i == 54321 ? 2.0 : i == 12345 ? 0.6 : 1.0;
    }
    struct rs_plot_series series = {
        .name = "loss", .x = x, .y = y, .count = 100000, .role = RS_PLOT_NOISE, .fit = true, .glyph = '.'};
    struct rs_chart chart = {.x = {.label = "step", .whole = true},
                             .y = {.label = "loss", .given = true, .low = 0.5, .high = 2.5},
                             .series = &series,
                             .series_count = 1};
    rs_chart_draw(&chart, RS_GLYPHS_BRAILLE, ROWS, COLUMNS, cells);
    struct rs_plot_frame frame = rs_chart_frame(&chart, ROWS, COLUMNS);
    assert_int_equal(cell_of(&frame, RS_GLYPHS_BRAILLE, 54321, 2.0)->role, RS_PLOT_NOISE);
    assert_int_equal(cell_of(&frame, RS_GLYPHS_BRAILLE, 54321, 1.5)->role, RS_PLOT_NOISE);
    assert_int_equal(cell_of(&frame, RS_GLYPHS_BRAILLE, 12345, 0.8)->role, RS_PLOT_NOISE);
}

static void what_is_not_finite_is_a_gap(void **state)
{
    (void)state;
    double y[] = {1, 1, NAN, 1, 1, INFINITY, 1, 1, 1, 1, 1};
    struct rs_plot_series series = {
        .x = epochs, .y = y, .count = 11, .role = RS_PLOT_PRIMARY, .fit = true, .glyph = 'o'};
    struct rs_chart chart = {.x = {.label = "epoch", .given = true, .high = 10},
                             .y = {.label = "RMSE", .given = true, .high = 2},
                             .series = &series,
                             .series_count = 1};
    rs_chart_draw(&chart, RS_GLYPHS_ASCII, ROWS, COLUMNS, cells);
    struct rs_plot_frame frame = rs_chart_frame(&chart, ROWS, COLUMNS);
    assert_int_equal(cell_of(&frame, RS_GLYPHS_ASCII, 0.5, 1)->glyph, 'o');
    assert_int_equal(cell_of(&frame, RS_GLYPHS_ASCII, 1.5, 1)->glyph, ' ');
    assert_int_equal(cell_of(&frame, RS_GLYPHS_ASCII, 2, 1)->glyph, ' ');
    assert_int_equal(cell_of(&frame, RS_GLYPHS_ASCII, 5.5, 1)->glyph, ' ');
    assert_int_equal(cell_of(&frame, RS_GLYPHS_ASCII, 3.5, 1)->glyph, 'o');
}

/* Values that no chart expects, over every size: a guard behind the grid stays, every cell is written. */
static void no_size_steps_out_of_bounds(void **state)
{
    (void)state;
    double wild[] = {NAN, 1e308, -1e308, INFINITY, 0, 1e-308, 5, 5, -INFINITY, 1e9, 3};
    struct rs_plot_series series[] = {
        curves[0],
        curves[1],
        {.name = "wild", .x = epochs, .y = wild, .count = 11, .role = RS_PLOT_NOISE, .dash = RS_DASH_DASHED},
        {.name = "wilder",
         .x = epochs,
         .y = eval,
         .raw = wild,
         .low = train,
         .high = wild,
         .count = 11,
         .role = RS_PLOT_NOISE,
         .fit = true,
         .thick = 3},
    };
    struct rs_chart chart = known_chart();
    chart.series = series;
    chart.cursor = true;
    chart.cursor_x = 3;
    struct rs_plot_event events[] = {{"lr 0.001 \xE2\x86\x92 0.01", 4, RS_PLOT_CHANGE},
                                     {"fork", 4.1, RS_PLOT_FORK},
                                     {NULL, NAN, RS_PLOT_STOP},
                                     {"stops at 8 (3 left)", 8, RS_PLOT_STOP}};
    chart.events = events;
    chart.event_count = 4;
    for (size_t count = 2; count <= 4; count++) {
        chart.series_count = count;
        for (int rows = 1; rows <= 60; rows++) {
            for (int columns = 1; columns <= 200; columns++) {
                size_t size = (size_t)rows * (size_t)columns;
                chart.x.log = columns % 2 == 0;
                chart.y.log = rows % 2 == 0;
                cells[size - 1].glyph = 0;
                cells[size].glyph = GUARD;
                rs_chart_draw(&chart, (enum rs_plot_glyphs)((rows + columns) % RS_GLYPHS), rows, columns, cells);
                assert_int_equal(cells[size].glyph, GUARD);
                assert_int_not_equal(cells[size - 1].glyph, 0);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_stand_where_they_belong),
        cmocka_unit_test(the_untrained_epoch_does_not_flatten_the_rest),
        cmocka_unit_test(a_line_far_away_is_named_at_the_border),
        cmocka_unit_test(lines_stand_alone_before_the_first_epoch),
        cmocka_unit_test(a_spike_survives_sharing_a_column),
        cmocka_unit_test(what_is_not_finite_is_a_gap),
        cmocka_unit_test(no_size_steps_out_of_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
