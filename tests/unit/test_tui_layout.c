/* Over all sizes: nothing overlaps, nothing leaves the screen, nothing is empty. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/tui/big.h"
#include "../../src/tui/layout.h"

static void mark(unsigned char *screen, int rows, int columns, const struct rs_rect *rect)
{
    assert_true(rect->rows > 0 && rect->columns > 0);
    assert_true(rect->row >= 0 && rect->column >= 0);
    assert_true(rect->row + rect->rows <= rows && rect->column + rect->columns <= columns);
    for (int r = 0; r < rect->rows; r++)
        for (int c = 0; c < rect->columns; c++)
            assert_int_equal(screen[(rect->row + r) * columns + rect->column + c]++, 0);
}

static void every_size_is_divided_without_overlap(void **state)
{
    (void)state;
    static unsigned char screen[120 * 300];
    for (int rows = 1; rows <= 120; rows++) {
        for (int columns = 1; columns <= 300; columns++) {
            struct rs_layout layout = rs_layout_of(rows, columns, false);
            assert_int_equal(layout.fits, rows >= RS_LEAST_ROWS && columns >= RS_LEAST_COLUMNS);
            if (!layout.fits)
                continue;
            memset(screen, 0, sizeof screen);
            const struct rs_rect all[] = {layout.title,   layout.equation, layout.form,     layout.rule,
                                          layout.chart,   layout.coach,    layout.progress, layout.speed,
                                          layout.quality, layout.message,  layout.footer};
            for (size_t i = 0; i < sizeof all / sizeof *all; i++)
                mark(screen, rows, columns, &all[i]);
            assert_null(memchr(screen, 0, (size_t)rows * (size_t)columns));
            assert_true(layout.chart.columns >= 40 && layout.chart.rows >= 14);
        }
    }
}

static void a_projector_is_divided_without_overlap(void **state)
{
    (void)state;
    static unsigned char screen[100 * 250];
    for (int rows = 1; rows <= 100; rows++) {
        for (int columns = 1; columns <= 250; columns++) {
            struct rs_layout layout = rs_layout_of(rows, columns, true);
            assert_int_equal(layout.fits, rows >= RS_LEAST_ROWS && columns >= RS_LEAST_COLUMNS);
            if (!layout.fits)
                continue;
            memset(screen, 0, sizeof screen);
            const struct rs_rect all[] = {layout.title, layout.big,     layout.chart,
                                          layout.coach, layout.message, layout.footer};
            for (size_t i = 0; i < sizeof all / sizeof *all; i++)
                mark(screen, rows, columns, &all[i]);
            assert_null(memchr(screen, 0, (size_t)rows * (size_t)columns));
            assert_true(layout.chart.columns == columns && layout.chart.rows >= 13);
        }
    }
}

/* "10" magnified, and as wide as it says. */
static void figures_are_drawn_as_dots(void **state)
{
    static const char *const rows[RS_BIG_ROWS] = {" #  ###", "##  # #", " #  # #", " #  # #", "### ###"};
    (void)state;
    assert_int_equal(rs_big_columns("10", 1), 7);
    assert_int_equal(rs_big_columns("0.5", 1), 9);
    assert_int_equal(rs_big_columns("", 2), 0);
    for (int scale = 1; scale <= 3; scale++) {
        int wide = scale > 1 ? scale + 1 : 1;
        assert_int_equal(rs_big_columns("10", scale), 7 * wide);
        for (int row = 0; row < RS_BIG_ROWS * scale; row++)
            for (int column = 0; column < 7 * wide; column++)
                assert_int_equal(rs_big_cell("10", scale, row, column), rows[row / scale][column / wide] == '#');
    }
    assert_false(rs_big_cell("x", 1, 0, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_size_is_divided_without_overlap),
                                       cmocka_unit_test(a_projector_is_divided_without_overlap),
                                       cmocka_unit_test(figures_are_drawn_as_dots)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
