#include "cluster.h"

#include <stdint.h>

#include "recscope/plot/chart.h"

/* Characters without a column that terminals make different things of: none of them is shown. */
static bool is_left_out(uint32_t point)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x00AD, 0x00AD},   /* soft hyphen */
        {0x200B, 0x200F},   /* zero-width blanks and joiners, marks of direction */
        {0x202A, 0x202E},   /* embedded directions */
        {0x2060, 0x206F},   /* word joiner, invisible operators, isolated directions */
        {0xFE00, 0xFE0F},   /* variation selectors */
        {0xFEFF, 0xFEFF},   /* byte order mark */
        {0xE0000, 0xE01EF}, /* tags, further variation selectors */
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return false;
}

/* Columns of a code point that is shown: 0, 1 or 2; -1: it cannot be. */
static int width_of(uint32_t point, bool utf8)
{
    bool mark = point >= 0x0300 && point <= 0x036F; /* so that an accent is no '?' where there are only its letters */
    if (point < 0x80)
        return point >= ' ' && point < 0x7F ? 1 : -1;
    return utf8 ? wcwidth((wchar_t)point) : mark ? 0 : -1;
}

/* The next code point that is shown, *text behind it; 0: the text is over. */
static uint32_t next_shown(const char **text)
{
    uint32_t point = rs_plot_code_point(text);
    while (point != 0 && is_left_out(point))
        point = rs_plot_code_point(text);
    return point;
}

/* Add the marks that follow. */
static void add_marks(const char **text, bool utf8, struct rs_cluster *out)
{
    size_t count = 1;
    const char *next = *text;
    uint32_t point = next_shown(&next);
    while (point != 0 && width_of(point, utf8) == 0) {
        if (utf8 && count < RS_CLUSTER_POINTS)
            out->text[count++] = (wchar_t)point;
        *text = next;
        point = next_shown(&next);
    }
    if (point == 0)
        *text = next; /* what is left out at the end */
    out->text[count] = L'\0';
}

bool rs_cluster_next(const char **text, bool utf8, struct rs_cluster *out)
{
    const char *begin = *text;
    uint32_t point = next_shown(text);
    if (point == 0)
        return false;
    int columns = width_of(point, utf8);
    out->columns = columns > 1 ? columns : 1;
    out->text[0] = columns < 0 ? L'?' : (wchar_t)point;
    if (columns == 0) { /* a mark without a base stands on a blank */
        out->text[0] = L' ';
        *text = begin;
    }
    add_marks(text, utf8, out);
    return true;
}

int rs_cluster_columns(const char *text, bool utf8)
{
    struct rs_cluster cluster;
    int columns = 0;
    while (rs_cluster_next(&text, utf8, &cluster))
        columns += cluster.columns;
    return columns;
}

size_t rs_cluster_fit(const char *text, bool utf8, int columns)
{
    struct rs_cluster cluster;
    const char *end = text;
    const char *next = text;
    while (rs_cluster_next(&next, utf8, &cluster) && (columns -= cluster.columns) >= 0)
        end = next;
    return (size_t)(end - text);
}

size_t rs_cluster_fit_line(const char *text, bool utf8, int columns)
{
    size_t whole = rs_cluster_fit(text, utf8, columns);
    size_t end = whole;
    if (text[whole] == '\0')
        return whole;
    while (end > 0 && text[end] != ' ' && text[end - 1] != '/' && text[end - 1] != ',')
        end--;
    return end > 0 ? end : whole;
}
