/* The two main axes of points. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recscope/base/random.h"
#include "recscope/linalg/axes.h"

enum { ROWS = 60, COLUMNS = 20 };

static double tens_of(size_t i)
{
    size_t tens = i / 10;
    return (double)tens;
}

static struct rs_error error;

/* Points on a grid of 10 x 6, turned into 20 dimensions along two directions that are orthogonal. */
static void a_plane_is_found(void **state)
{
    (void)state;
    rs_real x[ROWS * COLUMNS];
    double out[ROWS * 2];
    double share[2];
    for (size_t i = 0; i < ROWS; i++)
        for (size_t k = 0; k < COLUMNS; k++)
            x[i * COLUMNS + k] = (rs_real)(7 + (k % 2 == 0 ? (double)(i % 10) : 0.5 * tens_of(i)));
    assert_int_equal(rs_main_axes(x, ROWS, COLUMNS, out, share, &error), RS_OK);
    assert_true(fabs(share[0] + share[1] - 1) < 1e-5 && share[0] > share[1] && share[1] > 0);
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t j = 0; j < ROWS; j++) { /* distances are those of the grid */
            double dx = (double)(i % 10) - (double)(j % 10);
            double dy = 0.5 * (tens_of(i) - tens_of(j));
            double wanted = sqrt(10 * dx * dx + 10 * dy * dy);
            assert_true(fabs(hypot(out[2 * i] - out[2 * j], out[2 * i + 1] - out[2 * j + 1]) - wanted) < 1e-2);
        }
    }
}

static void what_has_no_direction_is_zero(void **state)
{
    (void)state;
    rs_real x[4 * COLUMNS];
    double out[8];
    double share[2];
    for (size_t i = 0; i < 4 * COLUMNS; i++)
        x[i] = 3;
    assert_int_equal(rs_main_axes(x, 4, COLUMNS, out, share, &error), RS_OK);
    for (size_t i = 0; i < 8; i++)
        assert_true(out[i] == 0);
    x[5] = (rs_real)NAN; /* weights of a run that has diverged */
    assert_int_equal(rs_main_axes(x, 4, COLUMNS, out, share, &error), RS_OK);
    for (size_t i = 0; i < 8; i++)
        assert_true(out[i] == 0);
    assert_int_equal(rs_main_axes(x, 1, COLUMNS, out, share, &error), RS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plane_is_found),
        cmocka_unit_test(what_has_no_direction_is_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
