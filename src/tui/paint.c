#define NCURSES_WIDECHAR 1
#include "paint.h"

#include <curses.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "cluster.h"

#define LINE_BYTES 1280

/* As much of the terminal as painting must know; curses keeps the rest of its state by itself in the same way. */
static struct {
    bool utf8;
    int colors;
    enum rs_theme theme;
} the;

void rs_paint_theme(enum rs_theme theme)
{
    cchar_t blank;
    the.theme = theme;
    if (the.colors == 0)
        return;
    for (int i = 0; i < RS_LOOKS; i++) {
        struct rs_ink ink = rs_palette_ink(the.colors, theme, i);
        bool own = use_default_colors() == OK;
        init_pair((short)(i + 1), ink.foreground < 0 && !own ? COLOR_WHITE : ink.foreground,
                  ink.background < 0 && !own ? COLOR_BLACK : ink.background);
    }
    if (setcchar(&blank, L" ", 0, RS_LOOK_PLAIN + 1, NULL) == OK)
        bkgrndset(&blank); /* what erasing leaves */
}

int rs_paint_start(bool colors, bool utf8, enum rs_theme theme)
{
    the.utf8 = utf8;
    the.colors = 0;
    if (colors && has_colors() && start_color() != ERR)
        the.colors = COLORS >= 256 ? 256 : COLORS >= 16 ? 16 : COLORS >= 8 ? 8 : 0;
    rs_paint_theme(theme);
    return the.colors;
}

int rs_paint_paper(void)
{
    return rs_palette_ink(the.colors, the.theme, RS_LOOK_PLAIN).background;
}

void rs_paint_erase(void)
{
    werase(stdscr);
}

static attr_t attributes_of(int look)
{
    unsigned style = rs_palette_ink(the.colors, the.theme, look).style;
    return (style & RS_STYLE_BOLD ? A_BOLD : 0) | (style & RS_STYLE_DIM ? A_DIM : 0) |
           (style & RS_STYLE_UNDERLINE ? A_UNDERLINE : 0) | (style & RS_STYLE_REVERSE ? A_REVERSE : 0);
}

bool rs_paint_shows(uint32_t glyph)
{
    return glyph < 0x80 || (the.utf8 && wcwidth((wchar_t)glyph) == 1);
}

/* One character with its marks. */
static void put(int row, int column, int look, const wchar_t *text)
{
    cchar_t cell;
    if (row < 0 || column < 0 || row >= LINES || column >= COLS)
        return;
    if (setcchar(&cell, text, attributes_of(look), the.colors > 0 ? (short)(look + 1) : 0, NULL) == OK)
        mvadd_wch(row, column, &cell);
}

void rs_paint_glyph(int row, int column, int look, uint32_t glyph)
{
    const wchar_t text[2] = {(wchar_t)(glyph < 0x80 || the.utf8 ? glyph : '?'), L'\0'};
    put(row, column, look, text);
}

void rs_paint_blank(int row, int column, int width, int look)
{
    for (int i = 0; i < width; i++)
        rs_paint_glyph(row, column + i, look, ' ');
}

int rs_paint_width(const char *text)
{
    return rs_cluster_columns(text, the.utf8);
}

size_t rs_paint_first(const char *text)
{
    struct rs_cluster cluster;
    const char *next = text;
    return rs_cluster_next(&next, the.utf8, &cluster) ? (size_t)(next - text) : 0;
}

int rs_paint(int row, int column, int width, int look, const char *text)
{
    struct rs_cluster cluster;
    bool cut = rs_paint_width(text) > width;
    const char *end = text + rs_cluster_fit(text, the.utf8, cut ? width - 1 : width);
    int used = 0;
    while (text < end && rs_cluster_next(&text, the.utf8, &cluster)) {
        put(row, column + used, look, cluster.text);
        used += cluster.columns;
    }
    if (cut && width > 0)
        rs_paint_glyph(row, column + used++, look, the.utf8 ? 0x2026 : '~');
    return used;
}

int rs_paint_format(int row, int column, int width, int look, const char *format, ...)
{
    char text[LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return rs_paint(row, column, width, look, text);
}

int rs_paint_wrapped(int row, int column, int rows, int width, int look, const char *text)
{
    int line = 0;
    while (*text && line < rows && width > 0) {
        size_t length = rs_cluster_fit_line(text, the.utf8, width);
        bool last = line == rows - 1 || length == 0; /* what does not fit is cut with an ellipsis */
        if (last)
            rs_paint(row + line++, column, width, look, text);
        else
            rs_paint_format(row + line++, column, width, look, "%.*s", (int)length, text);
        text += last ? strlen(text) : length;
        text += strspn(text, " ");
    }
    return line;
}

const char *rs_short_count(char out[16], double count)
{
    const char *unit = count >= 1e9 ? "G" : count >= 1e6 ? "M" : count >= 1e4 ? "k" : "";
    double value = count >= 1e9 ? count / 1e9 : count >= 1e6 ? count / 1e6 : count >= 1e4 ? count / 1e3 : count;
    snprintf(out, 16, *unit && value < 100 ? "%.1f%s" : "%.0f%s", value, unit);
    return out;
}
