#include "glyphs.h"

#define BRAILLE 0x2800u
#define OCTANTS 0x1CD00u

const char *rs_plot_glyphs_name(enum rs_plot_glyphs glyphs)
{
    static const char *const names[RS_GLYPHS] = {"octants", "braille", "quadrants", "ASCII"};
    return names[glyphs];
}

void rs_glyphs_dots(enum rs_plot_glyphs glyphs, int *across, int *down)
{
    *across = glyphs == RS_GLYPHS_ASCII ? 1 : 2;
    *down = glyphs == RS_GLYPHS_ASCII ? 1 : glyphs == RS_GLYPHS_QUADRANTS ? 2 : 4;
}

/* Source: The Unicode Standard 16.0, Symbols for Legacy Computing Supplement. The octants from U+1CD00 to U+1CDE5 stand
 * in the order of their bits, without those that other blocks had before: these. */
static const struct {
    unsigned char dots;
    uint32_t glyph;
} older[] = {
    {0x00, ' '},     {0x01, 0x1CEA8}, {0x02, 0x1CEAB}, {0x03, 0x1FB82}, {0x05, 0x2598}, {0x0A, 0x259D}, {0x0F, 0x2580},
    {0x14, 0x1FBE6}, {0x28, 0x1FBE7}, {0x3F, 0x1FB85}, {0x40, 0x1CEA3}, {0x50, 0x2596}, {0x55, 0x258C}, {0x5A, 0x259E},
    {0x5F, 0x259B},  {0x80, 0x1CEA0}, {0xA0, 0x2597},  {0xA5, 0x259A},  {0xAA, 0x2590}, {0xAF, 0x259C}, {0xC0, 0x2582},
    {0xF0, 0x2584},  {0xF5, 0x2599},  {0xFA, 0x259F},  {0xFC, 0x2586},  {0xFF, 0x2588},
};

static uint32_t octant_of(unsigned dots)
{
    uint32_t before = 0;
    for (size_t i = 0; i < sizeof older / sizeof *older && older[i].dots <= dots; i++, before++)
        if (older[i].dots == dots)
            return older[i].glyph;
    return OCTANTS + dots - before;
}

static uint32_t braille_of(unsigned dots)
{
    /* The block counts down the left column, down the right one, then along the lowest row. */
    static const unsigned char bit[8] = {0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80};
    uint32_t glyph = BRAILLE;
    for (unsigned i = 0; i < 8; i++)
        if (dots >> i & 1)
            glyph |= bit[i];
    return dots ? glyph : ' ';
}

uint32_t rs_glyphs_of(enum rs_plot_glyphs glyphs, unsigned dots)
{
    static const uint32_t quadrants[16] = {' ',    0x2598, 0x259D, 0x2580, 0x2596, 0x258C, 0x259E, 0x259B,
                                           0x2597, 0x259A, 0x2590, 0x259C, 0x2584, 0x2599, 0x259F, 0x2588};
    if (glyphs == RS_GLYPHS_QUADRANTS)
        return quadrants[dots & 15];
    return glyphs == RS_GLYPHS_OCTANTS ? octant_of(dots & 255) : braille_of(dots & 255);
}

/* clang-format off */
const unsigned char rs_dash_parts[RS_DASHES][RS_DASH_PARTS] = {
    [RS_DASH_SOLID]        = {0},
    [RS_DASH_DASHED]       = {4, 4},
    [RS_DASH_DOTTED]       = {1, 3},
    [RS_DASH_DASH_DOT]     = {6, 2, 2, 2},
    [RS_DASH_LONG]         = {9, 3},
    [RS_DASH_DASH_DOT_DOT] = {4, 2, 1, 2, 1, 2},
    [RS_DASH_SHORT]        = {2, 2},
};
/* clang-format on */

bool rs_dash_on(enum rs_plot_dash dash, int at)
{
    const unsigned char *parts = rs_dash_parts[dash];
    int period = 0;
    for (int i = 0; i < RS_DASH_PARTS; i++)
        period += parts[i];
    if (period == 0)
        return true;
    at = (at % period + period) % period;
    int part = 0;
    while (at >= parts[part])
        at -= parts[part++];
    return part % 2 == 0;
}
