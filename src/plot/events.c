#include "events.h"

#include <math.h>

#include "strokes.h"

#define LABEL_ROWS  4
#define LEAST_LABEL 4 /* columns of one that is cut */
#define MOST_EVENTS 64

/* The event's column in the grid; -1: not in sight. */
static int column_of(const struct rs_plot_frame *frame, double x)
{
    double dots = rs_strokes_x(frame, 2, x);
    if (isnan(dots) || lround(dots) < 0 || lround(dots) >= 2L * frame->width)
        return -1;
    return frame->left + (int)(lround(dots) / 2);
}

void rs_events_draw_lines(const struct rs_chart *chart, const struct rs_plot_frame *frame, struct rs_plot_page *page)
{
    for (size_t i = 0; i < chart->event_count; i++) {
        int column = column_of(frame, chart->events[i].x);
        for (int row = 0; row < frame->height && column >= 0; row++)
            rs_page_put(page, frame->top + row, column, 0x2506, chart->events[i].role);
    }
}

struct place {
    int row, from, to; /* columns [from, to) that are taken */
};

/* How many columns from `from` on are free in a row, to the end of the plot area. */
static int room_at(const struct place *places, size_t count, const struct rs_plot_frame *frame, int row, int from)
{
    int end = frame->left + frame->width;
    for (size_t i = 0; i < count; i++) {
        if (places[i].row != row || places[i].to <= from)
            continue;
        if (places[i].from < end)
            end = places[i].from;
    }
    return end > from ? end - from : 0;
}

/* Right of the line in the first row with room; else left of it; else the row with the most room, cut. */
static struct place find_place(const struct place *places, size_t count, const struct rs_plot_frame *frame, int column,
                               int length)
{
    int rows = frame->height / 3 < LABEL_ROWS ? frame->height / 3 : LABEL_ROWS;
    struct place best = {-1, 0, 0};
    for (int row = 0; row < rows; row++) {
        int room = room_at(places, count, frame, row, column + 1);
        int left = column - length;
        if (room >= length)
            return (struct place){row, column + 1, column + 1 + length};
        if (left >= frame->left && room_at(places, count, frame, row, left) >= length)
            return (struct place){row, left, column};
        if (room >= LEAST_LABEL && room > best.to - best.from)
            best = (struct place){row, column + 1, column + 1 + room};
    }
    return best;
}

void rs_events_draw_labels(const struct rs_chart *chart, const struct rs_plot_frame *frame, struct rs_plot_page *page)
{
    struct place places[MOST_EVENTS];
    size_t count = 0;
    for (size_t i = 0; i < chart->event_count && count < sizeof places / sizeof *places; i++) {
        const struct rs_plot_event *event = &chart->events[i];
        int column = column_of(frame, event->x);
        if (column < 0 || !event->label)
            continue;
        struct place place = find_place(places, count, frame, column, rs_text_columns(event->label));
        if (place.row < 0)
            continue;
        rs_page_write(page, frame->top + place.row, place.from, place.to - place.from, event->role, event->label);
        /* A blank column keeps neighbours apart. */
        places[count++] = (struct place){place.row, place.from - 1, place.to + 1};
    }
}
