#include "events.h"

#include <math.h>

#include "places.h"
#include "strokes.h"

#define LABEL_ROWS  4
#define LEAST_LABEL 4 /* columns of one that is cut */

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

void rs_events_draw_labels(const struct rs_chart *chart, const struct rs_plot_frame *frame, struct rs_plot_page *page)
{
    struct rs_places places = {.left = frame->left,
                               .right = frame->left + frame->width,
                               .rows = frame->height / 3 < LABEL_ROWS ? frame->height / 3 : LABEL_ROWS,
                               .least = LEAST_LABEL};
    for (size_t i = 0; i < chart->event_count; i++) {
        const struct rs_plot_event *event = &chart->events[i];
        int column = column_of(frame, event->x);
        if (column < 0 || !event->label)
            continue;
        struct rs_place place = rs_places_take(&places, column, 1, rs_text_columns(event->label));
        if (place.row >= 0)
            rs_page_write(page, frame->top + place.row, place.from, place.to - place.from, event->role, event->label);
    }
}
