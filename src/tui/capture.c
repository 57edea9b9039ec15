#define NCURSES_WIDECHAR 1
#include "capture.h"

#include <curses.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "paint.h"
#include "recscope/base/memory.h"
#include "recscope/plot/picture.h"

#define ROW_BYTES 8192 /* enough for a row of any terminal */

struct cell {
    char text[(CCHARW_MAX + 1) * MB_LEN_MAX]; /* in the locale's encoding: UTF-8 or ASCII */
    int width;
    short foreground, background; /* -1: the terminal's own */
    attr_t attributes;
};

static bool read_cell(int row, int column, struct cell *out)
{
    cchar_t cell;
    wchar_t text[CCHARW_MAX + 1] = {0};
    short pair = 0;
    size_t used = 0;
    *out = (struct cell){.width = 1, .foreground = -1, .background = -1};
    if (mvin_wch(row, column, &cell) == ERR || getcchar(&cell, text, &out->attributes, &pair, NULL) == ERR)
        return false;
    for (size_t i = 0; i < CCHARW_MAX && text[i]; i++) {
        int length = wctomb(out->text + used, text[i]);
        used += length > 0 ? (size_t)length : 0;
    }
    out->text[used] = '\0';
    out->width = wcwidth(text[0]) > 1 ? wcwidth(text[0]) : 1;
    if (pair > 0)
        pair_content(pair, &out->foreground, &out->background);
    return true;
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

static bool is_blank(const struct cell *cell)
{
    bool plain = cell->background < 0 || cell->background == rs_paint_paper();
    return strcmp(cell->text, " ") == 0 && !(cell->attributes & A_REVERSE) && plain;
}

/* The number of columns that have something in them. */
static int end_of(int row)
{
    int end = 0;
    struct cell cell;
    for (int column = 0; column < COLS && read_cell(row, column, &cell); column += cell.width)
        if (!is_blank(&cell))
            end = column + cell.width;
    return end;
}

enum rs_status rs_capture_text(struct rs_text *out, struct rs_error *err)
{
    enum rs_status status = RS_OK;
    struct cell cell;
    for (int row = 0; row < LINES && status == RS_OK; row++) {
        int end = end_of(row);
        for (int column = 0; column < end && status == RS_OK && read_cell(row, column, &cell); column += cell.width)
            status = rs_text_add(out, err, "%s", cell.text);
        if (status == RS_OK)
            status = rs_text_add(out, err, "\n");
    }
    return status;
}

bool rs_capture_shows(const char *text)
{
    bool found = false;
    struct cell cell;
    for (int row = 0; row < LINES && !found; row++) {
        char line[ROW_BYTES];
        size_t used = 0;
        for (int column = 0; column < COLS && read_cell(row, column, &cell); column += cell.width) {
            size_t length = strlen(cell.text);
            if (length >= sizeof line - used)
                break;
            memcpy(line + used, cell.text, length);
            used += length;
        }
        line[used] = '\0';
        found = strstr(line, text) != NULL;
    }
    return found;
}

static enum rs_status add_color(struct rs_text *out, int color, int base, struct rs_error *err)
{
    if (color < 0)
        return RS_OK;
    if (COLORS >= 256)
        return rs_text_add(out, err, ";%d;5;%d", base + 8, color);
    return rs_text_add(out, err, ";%d", color < 8 ? base + color : base + 60 + color - 8);
}

static enum rs_status add_looks(struct rs_text *out, const struct cell *cell, struct rs_error *err)
{
    static const struct {
        attr_t attribute;
        int code;
    } codes[] = {{A_BOLD, 1}, {A_DIM, 2}, {A_UNDERLINE, 4}, {A_REVERSE, 7}};
    enum rs_status status = rs_text_add(out, err, "\033[0");
    for (size_t i = 0; i < sizeof codes / sizeof *codes && status == RS_OK; i++)
        if (cell->attributes & codes[i].attribute)
            status = rs_text_add(out, err, ";%d", codes[i].code);
    if (status == RS_OK)
        status = add_color(out, cell->foreground, 30, err);
    if (status == RS_OK)
        status = add_color(out, cell->background, 40, err);
    return status == RS_OK ? rs_text_add(out, err, "m") : status;
}

static bool looks_like(const struct cell *a, const struct cell *b)
{
    return a->attributes == b->attributes && a->foreground == b->foreground && a->background == b->background;
}

enum rs_status rs_capture_ansi(struct rs_text *out, struct rs_error *err)
{
    const struct cell plain = {.foreground = -1, .background = -1};
    struct cell before = plain;
    struct cell cell;
    enum rs_status status = RS_OK;
    for (int row = 0; row < LINES && status == RS_OK; row++) {
        int end = end_of(row);
        for (int column = 0; column < end && status == RS_OK && read_cell(row, column, &cell); column += cell.width) {
            if (!looks_like(&cell, &before))
                status = add_looks(out, &cell, err);
            before = cell;
            if (status == RS_OK)
                status = rs_text_add(out, err, "%s", cell.text);
        }
        if (status == RS_OK)
            status = rs_text_add(out, err, looks_like(&before, &plain) ? "\n" : "\033[0m\n");
        before = plain;
    }
    return status;
}

/* ---- picture ----------------------------------------------------------------------------------------------------- */

/* What the terminal itself would choose. */
static uint32_t own_paper(bool light)
{
    return rs_palette_rgb(light ? 231 : 233);
}

static void fill(struct rs_picture_cell *out, const struct cell *cell, bool light)
{
    uint32_t ink = cell->foreground < 0 ? (light ? 0x1C1C1Cu : 0xE4E4E4u) : rs_palette_rgb(cell->foreground);
    uint32_t paper = cell->background < 0 ? own_paper(light) : rs_palette_rgb(cell->background);
    bool reverse = cell->attributes & A_REVERSE;
    *out = (struct rs_picture_cell){.ink = reverse ? paper : ink,
                                    .paper = reverse ? ink : paper,
                                    .width = cell->width,
                                    .bold = cell->attributes & A_BOLD,
                                    .dim = cell->attributes & A_DIM,
                                    .underline = cell->attributes & A_UNDERLINE};
    rs_copy_string(out->text, sizeof out->text, cell->text);
}

enum rs_status rs_capture_picture(const char *path, bool light, struct rs_error *err)
{
    struct rs_picture_cell *cells;
    struct cell cell;
    enum rs_status status = rs_alloc(&cells, (size_t)LINES * (size_t)COLS, sizeof *cells, err);
    if (status != RS_OK)
        return status;
    for (int row = 0; row < LINES; row++)
        for (int column = 0; column < COLS && read_cell(row, column, &cell); column += cell.width)
            fill(&cells[row * COLS + column], &cell, light);
    status = rs_picture_write(path, cells, LINES, COLS, own_paper(light), err);
    rs_free(cells);
    return status;
}
