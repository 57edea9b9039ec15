/* The themes by figures: contrast with their background, and distances for every kind of colour vision. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/tui/paint.h"
#include "../../src/tui/palette.h"

#define TEXT_CONTRAST 4.5 /* WCAG 2.1, success criterion 1.4.3 */
#define LINE_CONTRAST 3.0 /* 1.4.11 */
#define APART         10  /* CIE76; about 2.3 is the least that can be seen */

/* Linear RGB as the colour-blind see it, complete deficiency: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A
 * Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15(6), 2009, 1291-1298. */
static const double vision[4][3][3] = {
    {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
    {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
    {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
    {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
};

static void linear_of(int color, double out[3])
{
    uint32_t rgb = rs_palette_rgb(color);
    for (int i = 0; i < 3; i++) {
        double value = (rgb >> (16 - 8 * i) & 0xFF) / 255.0;
        out[i] = value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
    }
}

static double contrast(int a, int b)
{
    double x[3];
    double y[3];
    linear_of(a, x);
    linear_of(b, y);
    double p = 0.2126 * x[0] + 0.7152 * x[1] + 0.0722 * x[2] + 0.05;
    double q = 0.2126 * y[0] + 0.7152 * y[1] + 0.0722 * y[2] + 0.05;
    return p > q ? p / q : q / p;
}

static double root(double t)
{
    return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

static void lab_of(int color, const double eye[3][3], double out[3])
{
    double rgb[3];
    double seen[3];
    linear_of(color, rgb);
    for (int i = 0; i < 3; i++)
        seen[i] = fmin(1, fmax(0, eye[i][0] * rgb[0] + eye[i][1] * rgb[1] + eye[i][2] * rgb[2]));
    double x = root((0.4124 * seen[0] + 0.3576 * seen[1] + 0.1805 * seen[2]) / 0.95047);
    double y = root(0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2]);
    double z = root((0.0193 * seen[0] + 0.1192 * seen[1] + 0.9505 * seen[2]) / 1.08883);
    out[0] = 116 * y - 16;
    out[1] = 500 * (x - y);
    out[2] = 200 * (y - z);
}

/* For the eye that tells them apart the least. */
static double distance(int a, int b)
{
    double least = INFINITY;
    for (int i = 0; i < 4; i++) {
        double p[3];
        double q[3];
        lab_of(a, vision[i], p);
        lab_of(b, vision[i], q);
        least = fmin(least, sqrt(pow(p[0] - q[0], 2) + pow(p[1] - q[1], 2) + pow(p[2] - q[2], 2)));
    }
    return least;
}

static bool is_dimmed_line(int look)
{
    return look == RS_PLOT_NOISE || (look >= RS_PLOT_RAW_PRIMARY && look <= RS_PLOT_RUN_6);
}

static void every_look_can_be_read(void **state)
{
    (void)state;
    for (int theme = 0; theme < RS_THEMES; theme++)
        for (int look = 0; look < RS_LOOKS; look++) {
            struct rs_ink ink = rs_palette_ink(256, (enum rs_theme)theme, look);
            double least = is_dimmed_line(look) ? LINE_CONTRAST : TEXT_CONTRAST;
            if (contrast(ink.foreground, ink.background) < least)
                fail_msg("look %d, theme %s: contrast %.2f", look, rs_theme_name((enum rs_theme)theme),
                         contrast(ink.foreground, ink.background));
        }
}

static void lines_are_told_apart_by_every_eye(void **state)
{
    static const int lines[] = {RS_PLOT_PRIMARY,         RS_PLOT_SECONDARY, RS_PLOT_GHOST_PRIMARY,
                                RS_PLOT_GHOST_SECONDARY, RS_PLOT_FLOOR,     RS_PLOT_BEST};
    (void)state;
    for (int theme = 0; theme < RS_THEMES; theme++)
        for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
            int a = rs_palette_ink(256, (enum rs_theme)theme, lines[i]).foreground;
            for (size_t k = 0; k < i; k++)
                assert_true(distance(a, rs_palette_ink(256, (enum rs_theme)theme, lines[k]).foreground) >= APART);
            for (int run = RS_PLOT_RUN_2; run <= RS_PLOT_RUN_6 && (i < 2 || i == 5); run++)
                assert_true(distance(a, rs_palette_ink(256, (enum rs_theme)theme, run).foreground) >= APART);
        }
}

/* With few colours, or none, the background is the terminal's, and what has no colour has a weight. */
static void fewer_colors_leave_the_background(void **state)
{
    (void)state;
    for (int look = 0; look < RS_LOOKS; look++)
        for (int colors = 0; colors <= 16; colors += 8) {
            struct rs_ink ink = rs_palette_ink(colors, RS_THEME_DARK, look);
            assert_int_equal(ink.background, -1);
            assert_true(ink.foreground < colors && (colors > 0 || ink.foreground == -1));
        }
    assert_int_equal(rs_palette_ink(0, RS_THEME_LIGHT, RS_PLOT_GHOST_PRIMARY).style, RS_STYLE_DIM);
    assert_int_equal(rs_palette_ink(8, RS_THEME_LIGHT, RS_PLOT_GHOST_PRIMARY).style, 0);
}

static void the_terminal_says_its_theme(void **state)
{
    (void)state;
    assert_int_equal(rs_theme_from(NULL), RS_THEME_DARK);
    assert_int_equal(rs_theme_from("15;0"), RS_THEME_DARK);
    assert_int_equal(rs_theme_from("0;15"), RS_THEME_LIGHT);
    assert_int_equal(rs_theme_from("0;default;7"), RS_THEME_LIGHT);
    assert_int_equal(rs_theme_from("7;8"), RS_THEME_DARK);
    assert_int_equal(rs_theme_from("15;default"), RS_THEME_DARK);
    assert_int_equal(rs_theme_from("0;"), RS_THEME_DARK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_look_can_be_read),
        cmocka_unit_test(lines_are_told_apart_by_every_eye),
        cmocka_unit_test(fewer_colors_leave_the_background),
        cmocka_unit_test(the_terminal_says_its_theme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
