#include "write.h"

uint32_t rs_plot_code_point(const char **text)
{
    const unsigned char *p = (const unsigned char *)*text;
    int more = p[0] >= 0xF0 && p[0] < 0xF8 ? 3 : p[0] >= 0xE0 ? 2 : p[0] >= 0xC0 ? 1 : 0;
    if (p[0] == '\0')
        return 0;
    uint32_t point = more == 3 ? p[0] & 0x07u : more == 2 ? p[0] & 0x0Fu : more == 1 ? p[0] & 0x1Fu : p[0];
    for (int i = 1; i <= more; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            *text += 1;
            return '?';
        }
        point = point << 6 | (p[i] & 0x3Fu);
    }
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000}; /* less has a shorter form, which alone is valid */
    *text += more + 1;
    return (p[0] >= 0x80 && more == 0) || point < least[more] ? '?' : point;
}

int rs_text_columns(const char *text)
{
    int count = 0;
    while (rs_plot_code_point(&text) != 0)
        count++;
    return count;
}

static uint32_t ascii_of(uint32_t glyph)
{
    static const struct {
        uint32_t glyph;
        char ascii;
    } table[] = {{0x2191, '^'}, {0x2193, 'v'}, {0x2502, '|'}, {0x2500, '-'}, {0x254C, '-'},
                 {0x2514, '+'}, {0x2524, '+'}, {0x252C, '+'}, {0x25C6, '@'}, {0x2026, '~'},
                 {0x250A, ':'}, {0x2022, 'o'}, {0x2506, '!'}, {0x2192, '>'}};
    if (glyph < 0x80)
        return glyph;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].glyph == glyph)
            return (unsigned char)table[i].ascii;
    return '?';
}

void rs_page_put(struct rs_plot_page *page, int row, int column, uint32_t glyph, enum rs_plot_role role)
{
    if (row < 0 || column < 0 || row >= page->rows || column >= page->columns)
        return;
    page->cells[row * page->columns + column] = (struct rs_plot_cell){page->ascii ? ascii_of(glyph) : glyph, role, 0};
}

int rs_page_write(struct rs_plot_page *page, int row, int column, int width, enum rs_plot_role role, const char *text)
{
    int length = rs_text_columns(text);
    bool cut = length > width;
    int shown = cut ? width : length;
    for (int i = 0; i < shown; i++) {
        uint32_t glyph = rs_plot_code_point(&text);
        rs_page_put(page, row, column + i, cut && i == shown - 1 ? 0x2026 : glyph, role);
    }
    return shown > 0 ? shown : 0;
}
