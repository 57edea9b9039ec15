#include "palette.h"

#include <stdlib.h>
#include <string.h>

#include "paint.h"

enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE, BRIGHT = 8, OWN = -1 };

/* Each pair is dark, light. Blue and orange stay apart for every kind of colour vision; the rest was chosen by the
 * distances that tests/unit/test_tui_palette.c computes. Where there are no colours, weight tells the looks apart. */
static const struct row {
    short many[RS_THEMES];    /* of 256 */
    short sixteen[RS_THEMES]; /* of 16 */
    short few;                /* of 8 */
    unsigned always, without; /* style with and without colours */
} rows[RS_LOOKS] = {
    [RS_PLOT_NOTHING] = {{254, 234}, {OWN, OWN}, OWN, 0, 0},
    [RS_PLOT_AXIS] = {{245, 241}, {BRIGHT + BLACK, BRIGHT + BLACK}, OWN, 0, RS_STYLE_DIM},
    [RS_PLOT_TEXT] = {{247, 240}, {OWN, OWN}, OWN, 0, 0},
    [RS_PLOT_PRIMARY] = {{75, 27}, {BRIGHT + CYAN, BLUE}, CYAN, 0, 0},
    [RS_PLOT_SECONDARY] = {{208, 130}, {BRIGHT + RED, RED}, RED, RS_STYLE_BOLD, RS_STYLE_BOLD},
    [RS_PLOT_NOISE] = {{242, 244}, {BRIGHT + BLACK, BRIGHT + BLACK}, OWN, 0, RS_STYLE_DIM},
    [RS_PLOT_RAW_PRIMARY] = {{61, 68}, {CYAN, CYAN}, CYAN, 0, RS_STYLE_DIM},
    [RS_PLOT_RAW_SECONDARY] = {{95, 137}, {RED, BRIGHT + RED}, RED, 0, RS_STYLE_DIM},
    [RS_PLOT_RAW_NOISE] = {{242, 244}, {BRIGHT + BLACK, BRIGHT + BLACK}, OWN, 0, RS_STYLE_DIM},
    [RS_PLOT_GHOST_PRIMARY] = {{61, 68}, {CYAN, CYAN}, CYAN, 0, RS_STYLE_DIM},
    [RS_PLOT_GHOST_SECONDARY] = {{95, 137}, {RED, BRIGHT + RED}, RED, 0, RS_STYLE_DIM},
    [RS_PLOT_RUN_2] = {{97, 97}, {BLUE, BRIGHT + BLUE}, BLUE, 0, RS_STYLE_DIM},
    [RS_PLOT_RUN_3] = {{65, 65}, {GREEN, GREEN}, GREEN, 0, RS_STYLE_DIM},
    [RS_PLOT_RUN_4] = {{132, 132}, {MAGENTA, MAGENTA}, MAGENTA, 0, RS_STYLE_DIM},
    [RS_PLOT_RUN_5] = {{101, 101}, {YELLOW, YELLOW}, YELLOW, 0, RS_STYLE_DIM},
    [RS_PLOT_RUN_6] = {{66, 66}, {CYAN, CYAN}, CYAN, 0, RS_STYLE_DIM},
    [RS_PLOT_BASELINE] = {{245, 241}, {OWN, OWN}, OWN, 0, RS_STYLE_DIM},
    [RS_PLOT_FLOOR] = {{157, 22}, {BRIGHT + GREEN, GREEN}, GREEN, 0, RS_STYLE_DIM},
    [RS_PLOT_REFERENCE] = {{176, 90}, {BRIGHT + MAGENTA, MAGENTA}, MAGENTA, 0, RS_STYLE_DIM},
    [RS_PLOT_BEST] = {{226, 53}, {BRIGHT + YELLOW, MAGENTA}, YELLOW, RS_STYLE_BOLD, RS_STYLE_BOLD},
    [RS_PLOT_CHANGE] = {{176, 90}, {BRIGHT + MAGENTA, MAGENTA}, MAGENTA, 0, 0},
    [RS_PLOT_STOP] = {{203, 160}, {BRIGHT + RED, RED}, RED, 0, 0},
    [RS_PLOT_FORK] = {{75, 27}, {BRIGHT + CYAN, BLUE}, CYAN, 0, 0},
    [RS_PLOT_CURSOR] = {{254, 234}, {OWN, OWN}, OWN, RS_STYLE_BOLD, RS_STYLE_BOLD},
    [RS_LOOK_PLAIN] = {{254, 234}, {OWN, OWN}, OWN, 0, 0},
    [RS_LOOK_TITLE] = {{255, 232}, {OWN, OWN}, OWN, RS_STYLE_BOLD, RS_STYLE_BOLD},
    [RS_LOOK_DIM] = {{246, 241}, {OWN, OWN}, OWN, 0, RS_STYLE_DIM},
    [RS_LOOK_CHANGED] = {{176, 90}, {BRIGHT + MAGENTA, MAGENTA}, MAGENTA, RS_STYLE_BOLD, RS_STYLE_BOLD},
    [RS_LOOK_FOCUS] = {{254, 234}, {OWN, OWN}, OWN, RS_STYLE_REVERSE, RS_STYLE_REVERSE},
    [RS_LOOK_FOCUS_AWAY] = {{254, 234}, {OWN, OWN}, OWN, RS_STYLE_UNDERLINE, RS_STYLE_UNDERLINE},
    [RS_LOOK_EDIT] =
        {{255, 232}, {OWN, OWN}, OWN, RS_STYLE_BOLD | RS_STYLE_UNDERLINE, RS_STYLE_BOLD | RS_STYLE_UNDERLINE},
    [RS_LOOK_LIVE] = {{78, 28}, {BRIGHT + GREEN, GREEN}, GREEN, 0, 0},
    [RS_LOOK_GOOD] = {{78, 28}, {BRIGHT + GREEN, GREEN}, GREEN, RS_STYLE_BOLD, RS_STYLE_BOLD},
    [RS_LOOK_BAD] = {{203, 160}, {BRIGHT + RED, RED}, RED, RS_STYLE_BOLD, RS_STYLE_BOLD},
    [RS_LOOK_KEY] = {{255, 232}, {OWN, OWN}, OWN, RS_STYLE_BOLD, RS_STYLE_BOLD},
    [RS_LOOK_BAR] = {{75, 27}, {BRIGHT + CYAN, BLUE}, CYAN, 0, 0},
};

static const short paper[RS_THEMES] = {233, 231};

struct rs_ink rs_palette_ink(int colors, enum rs_theme theme, int look)
{
    const struct row *row = &rows[look];
    if (colors == 256)
        return (struct rs_ink){row->many[theme], paper[theme], row->always};
    short ink = colors == 16 ? row->sixteen[theme] : colors == 8 ? row->few : OWN;
    return (struct rs_ink){ink, OWN, ink == OWN ? row->without : row->always};
}

/* 16 of the terminal, a cube of 6 x 6 x 6, 24 greys. */
uint32_t rs_palette_rgb(int color)
{
    static const uint32_t basic[16] = {0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
                                       0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF};
    static const uint32_t level[6] = {0, 95, 135, 175, 215, 255};
    if (color < 16)
        return basic[color];
    if (color >= 232)
        return (uint32_t)(8 + 10 * (color - 232)) * 0x010101u;
    color -= 16;
    return level[color / 36] << 16 | level[color / 6 % 6] << 8 | level[color % 6];
}

const char *rs_theme_name(enum rs_theme theme)
{
    return theme == RS_THEME_LIGHT ? "light" : "dark";
}

enum rs_theme rs_theme_from(const char *colorfgbg)
{
    const char *last = colorfgbg ? strrchr(colorfgbg, ';') : NULL;
    char *end = NULL;
    long background = last ? strtol(last + 1, &end, 10) : 0;
    bool number = last && end > last + 1 && *end == '\0';
    bool light = background == WHITE || (background > BRIGHT && background < 16);
    return number && light ? RS_THEME_LIGHT : RS_THEME_DARK;
}
