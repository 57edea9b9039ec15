/* palette.h -- how each look of paint.h is drawn, as numbers: by theme and by how many colours there are. Pure.
 *
 * With 256 colours the theme paints its own background, so that its contrasts hold on every terminal; with fewer the
 * background is the terminal's own. Colours are numbers of the terminal; from 16 on everybody draws them alike.
 */
#ifndef RS_TUI_PALETTE_H
#define RS_TUI_PALETTE_H

#include <stdbool.h>
#include <stdint.h>

enum rs_theme { RS_THEME_DARK, RS_THEME_LIGHT, RS_THEMES };

enum rs_style { RS_STYLE_BOLD = 1, RS_STYLE_DIM = 2, RS_STYLE_UNDERLINE = 4, RS_STYLE_REVERSE = 8 };

struct rs_ink {
    short foreground, background; /* -1: the terminal's own */
    unsigned style;               /* bits of rs_style */
};

/* colors: 256, 16, 8, or 0 for none; look: of enum rs_look. */
struct rs_ink rs_palette_ink(int colors, enum rs_theme theme, int look);

/* One of the 256 as 0xRRGGBB; of the first 16, which differ between terminals, xterm's. */
uint32_t rs_palette_rgb(int color);

/* "dark", "light". */
const char *rs_theme_name(enum rs_theme theme);

/* What COLORFGBG ("15;0": foreground, background) says of the terminal; dark where it says nothing. */
enum rs_theme rs_theme_from(const char *colorfgbg);

#endif
