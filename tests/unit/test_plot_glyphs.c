/* Characters of dots, against the names in the Unicode charts; dashes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/plot/glyphs.h"

/* The dots of "BLOCK OCTANT-137": 1 and 2 stand in the first row, 3 and 4 in the second. */
static unsigned dots_of(const char *digits)
{
    unsigned dots = 0;
    for (; *digits; digits++)
        dots |= 1u << (*digits - '1');
    return dots;
}

static void octants_are_those_of_the_charts(void **state)
{
    (void)state;
    static const struct {
        const char *octants;
        uint32_t glyph;
    } known[] = {
        {"3", 0x1CD00},       {"23", 0x1CD01},      {"123", 0x1CD02},
        {"4", 0x1CD03},       {"14", 0x1CD04},      {"124", 0x1CD05},
        {"234", 0x1CD08},     {"5", 0x1CD09},       {"135", 0x1CD0D},
        {"6", 0x1CD18},       {"1236", 0x1CD1F},    {"146", 0x1CD20},
        {"23456", 0x1CD35},   {"17", 0x1CD36},      {"1237", 0x1CD3C},
        {"2357", 0x1CD49},    {"1234567", 0x1CD70}, {"18", 0x1CD71},
        {"168", 0x1CD90},     {"178", 0x1CDAC},     {"1234678", 0x1CDDA},
        {"15678", 0x1CDDB},   {"235678", 0x1CDDF},  {"45678", 0x1CDE1},
        {"1345678", 0x1CDE4}, {"2345678", 0x1CDE5}, /* older characters: */ {"", ' '},
        {"1", 0x1CEA8},       {"2", 0x1CEAB},       {"7", 0x1CEA3},
        {"8", 0x1CEA0},       {"12", 0x1FB82},      {"123456", 0x1FB85},
        {"78", 0x2582},       {"345678", 0x2586},   {"35", 0x1FBE6},
        {"46", 0x1FBE7},      {"1234", 0x2580},     {"5678", 0x2584},
        {"1357", 0x258C},     {"2468", 0x2590},     {"13", 0x2598},
        {"24", 0x259D},       {"57", 0x2596},       {"68", 0x2597},
        {"1368", 0x259A},     {"2457", 0x259E},     {"123457", 0x259B},
        {"123468", 0x259C},   {"135678", 0x2599},   {"245678", 0x259F},
        {"12345678", 0x2588},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_int_equal(rs_glyphs_of(RS_GLYPHS_OCTANTS, dots_of(known[i].octants)), known[i].glyph);
}

/* No two sets of dots look the same. */
static void each_set_of_dots_has_its_own(void **state)
{
    (void)state;
    const enum rs_plot_glyphs kinds[] = {RS_GLYPHS_OCTANTS, RS_GLYPHS_BRAILLE, RS_GLYPHS_QUADRANTS};
    for (size_t k = 0; k < 3; k++) {
        int across;
        int down;
        rs_glyphs_dots(kinds[k], &across, &down);
        unsigned sets = 1u << across * down;
        for (unsigned a = 0; a < sets; a++)
            for (unsigned b = 0; b < a; b++)
                assert_int_not_equal(rs_glyphs_of(kinds[k], a), rs_glyphs_of(kinds[k], b));
    }
}

static void braille_counts_its_dots_by_columns(void **state)
{
    (void)state;
    assert_int_equal(rs_glyphs_of(RS_GLYPHS_BRAILLE, dots_of("1")), 0x2801);
    assert_int_equal(rs_glyphs_of(RS_GLYPHS_BRAILLE, dots_of("2")), 0x2808);
    assert_int_equal(rs_glyphs_of(RS_GLYPHS_BRAILLE, dots_of("7")), 0x2840);
    assert_int_equal(rs_glyphs_of(RS_GLYPHS_BRAILLE, dots_of("8")), 0x2880);
    assert_int_equal(rs_glyphs_of(RS_GLYPHS_BRAILLE, dots_of("12345678")), 0x28FF);
    assert_int_equal(rs_glyphs_of(RS_GLYPHS_QUADRANTS, dots_of("14")), 0x259A);
}

/* Within a legend's sample (6 cells) no two dashes are drawn alike. */
static void dashes_differ_within_a_sample(void **state)
{
    (void)state;
    unsigned drawn[RS_DASHES] = {0};
    for (int dash = 0; dash < RS_DASHES; dash++) {
        for (int at = 0; at < 12; at++)
            drawn[dash] |= (unsigned)rs_dash_on((enum rs_plot_dash)dash, at) << at;
        for (int other = 0; other < dash; other++)
            assert_int_not_equal(drawn[dash], drawn[other]);
    }
    assert_int_equal(drawn[RS_DASH_SOLID], 0xFFF);
    assert_int_equal(drawn[RS_DASH_DASHED], 0xF0F);
    assert_true(rs_dash_on(RS_DASH_DASHED, -5) && !rs_dash_on(RS_DASH_DASHED, -1)); /* on goes 4, off goes 4 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(octants_are_those_of_the_charts),
        cmocka_unit_test(each_set_of_dots_has_its_own),
        cmocka_unit_test(braille_counts_its_dots_by_columns),
        cmocka_unit_test(dashes_differ_within_a_sample),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
