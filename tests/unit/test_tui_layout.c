/* Over all sizes: nothing overlaps, nothing leaves the screen, nothing is empty. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

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
            struct rs_layout layout = rs_layout_of(rows, columns);
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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_size_is_divided_without_overlap)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
