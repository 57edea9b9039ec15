#include "margin.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>

#define NAMES        24
#define NAME_COLUMNS 16
#define NAME_BYTES   (4 * NAME_COLUMNS + 32)

struct name {
    double y;
    enum rs_plot_role role;
    int row; /* -1: no room */
    char text[NAME_BYTES];
};

/* Where the part of the series that is shown ends. */
static const double *last_value(const struct rs_plot_series *series, const struct rs_plot_scale *x)
{
    for (size_t i = series->count; i-- > 0;)
        if (series->x[i] <= x->high && isfinite(rs_plot_share(x, series->x[i])) && isfinite(series->y[i]))
            return series->x[i] >= x->low ? &series->y[i] : NULL;
    return NULL;
}

/* "NAME value" in so many columns; a long name is cut, the value never: the legend has the whole name. */
static void compose(struct name *out, const char *name, int width, double value, int digits)
{
    char number[32];
    const char *end = name;
    int columns = 0;
    int room = width - 1 - snprintf(number, sizeof number, "%.*f", digits, value);
    room = room < 1 ? 1 : room < NAME_COLUMNS ? room : NAME_COLUMNS;
    bool cut = rs_text_columns(name) > room;
    while (columns < room - (cut ? 1 : 0) && rs_plot_code_point(&end) != 0)
        columns++;
    snprintf(out->text, sizeof out->text, "%.*s%s %s", (int)(end - name), name, cut ? "\xE2\x80\xA6" : "", number);
}

/* Series first: where room is short, lines of reference go without a name. */
static size_t collect(const struct rs_chart *chart, const struct rs_plot_scale *x, int width, struct name names[NAMES])
{
    size_t count = 0;
    for (size_t i = chart->series_count; i-- > 0 && count < NAMES;) {
        const double *y = last_value(&chart->series[i], x);
        if (!chart->series[i].name || !y)
            continue;
        names[count] = (struct name){.role = chart->series[i].role, .y = *y};
        compose(&names[count++], chart->series[i].name, width, *y, 4);
    }
    for (size_t i = 0; i < chart->line_count && count < NAMES; i++) {
        if (!isfinite(chart->lines[i].y))
            continue;
        names[count] = (struct name){.role = chart->lines[i].role, .y = chart->lines[i].y};
        compose(&names[count++], chart->lines[i].label, width, chart->lines[i].y, 3);
    }
    return count;
}

int rs_margin_width(const struct rs_chart *chart, const struct rs_plot_scale *x)
{
    struct name names[NAMES];
    size_t count = collect(chart, x, INT_MAX, names);
    int width = 0;
    for (size_t i = 0; i < count; i++)
        if (rs_text_columns(names[i].text) > width)
            width = rs_text_columns(names[i].text);
    return width > 0 ? width + 1 : 0;
}

/* The free row nearest to the wanted one; -1: none. */
static int nearest_free(const bool *taken, int height, int wanted)
{
    for (int distance = 0; distance < height; distance++) {
        if (wanted + distance < height && !taken[wanted + distance])
            return wanted + distance;
        if (wanted - distance >= 0 && !taken[wanted - distance])
            return wanted - distance;
    }
    return -1;
}

/* The order of the names down the margin is that of their values: swap two that the search for room crossed. */
static void untangle(struct name *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++)
            if (names[i].row >= 0 && names[k].row >= 0 && names[i].y > names[k].y && names[i].row > names[k].row) {
                int row = names[i].row;
                names[i].row = names[k].row;
                names[k].row = row;
            }
}

void rs_margin_draw(const struct rs_chart *chart, const struct rs_plot_frame *frame, struct rs_plot_page *page)
{
    struct name names[NAMES];
    bool taken[512] = {false};
    int height = frame->height < 512 ? frame->height : 512;
    if (frame->margin < 2 || height < 1)
        return;
    size_t count = collect(chart, &frame->x, frame->margin - 1, names);
    for (size_t i = 0; i < count; i++) {
        double share = 1 - rs_plot_share(&frame->y, names[i].y);
        int wanted = isnan(share) ? height - 1 : (int)fmin(fmax(floor(share * height), 0), height - 1);
        names[i].row = nearest_free(taken, height, wanted);
        if (names[i].row >= 0)
            taken[names[i].row] = true;
    }
    untangle(names, count);
    for (size_t i = 0; i < count; i++) {
        if (names[i].row < 0)
            continue;
        int column = frame->left + frame->width;
        bool above = names[i].y > frame->y.high;
        if (above || names[i].y < frame->y.low)
            rs_page_put(page, frame->top + names[i].row, column, above ? 0x2191 : 0x2193, names[i].role);
        rs_page_write(page, frame->top + names[i].row, column + 1, frame->margin - 1, names[i].role, names[i].text);
    }
}
