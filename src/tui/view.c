#include "view.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "recscope/base/status.h"

#define LEAST_SPAN 1e-6 /* of the ends of an axis: a further zoom would show rounding */

const double rs_view_weights[RS_SMOOTHINGS] = {0, 0.6, 0.9, 0.97};

const char *rs_x_kind_name(enum rs_x_kind kind)
{
    static const char *const names[RS_X_KINDS] = {"epochs", "steps", "ratings", "seconds"};
    return names[kind];
}

const char *rs_x_kind_label(enum rs_x_kind kind)
{
    static const char *const labels[RS_X_KINDS] = {"epoch", "step", "ratings seen", "seconds"};
    return labels[kind];
}

/* ---- zoom -------------------------------------------------------------------------------------------------------- */

struct window {
    bool zoomed;
    double low, high;
};

/* The part of what is shown between two shares of it; everything where that is not less. */
static struct window window_of(const struct rs_plot_scale *shown, const struct rs_plot_scale *all, double from,
                               double to)
{
    struct window window = {true, rs_plot_value(shown, from), rs_plot_value(shown, to)};
    double at[2] = {rs_plot_share(all, window.low), rs_plot_share(all, window.high)};
    if (!(at[0] > 1e-9) && !(at[1] < 1 - 1e-9))
        window.zoomed = false;
    if (!isfinite(window.low) || !isfinite(window.high) ||
        window.high - window.low < LEAST_SPAN * fmax(fabs(window.low), fabs(window.high)))
        window = (struct window){true, shown->low, shown->high};
    return window;
}

static struct window zoom(const struct rs_plot_scale *shown, const struct rs_plot_scale *all, double factor,
                          double about)
{
    double share = rs_plot_share(shown, about);
    if (!(share >= 0 && share <= 1))
        share = 0.5;
    return window_of(shown, all, share - share / factor, share + (1 - share) / factor);
}

static struct window pan(const struct rs_plot_scale *shown, const struct rs_plot_scale *all, double share)
{
    double middle = rs_plot_share(all, rs_plot_value(shown, 0.5 + share));
    if (!(middle >= 0 && middle <= 1))
        return (struct window){true, shown->low, shown->high};
    return window_of(shown, all, share, 1 + share);
}

static void set_x(struct rs_view *view, struct window window)
{
    view->zoomed_x = window.zoomed;
    view->x_low = window.low;
    view->x_high = window.high;
    view->follow = view->follow && window.zoomed;
}

static void set_y(struct rs_view *view, struct window window)
{
    view->zoomed_y = window.zoomed;
    view->y_low = window.low;
    view->y_high = window.high;
}

void rs_view_zoom_x(struct rs_view *view, const struct rs_view_scales *scales, double factor, double about)
{
    set_x(view, zoom(&scales->x, &scales->all_x, factor, about));
}

void rs_view_zoom_y(struct rs_view *view, const struct rs_view_scales *scales, double factor, double about)
{
    set_y(view, zoom(&scales->y, &scales->all_y, factor, about));
}

void rs_view_pan_x(struct rs_view *view, const struct rs_view_scales *scales, double share)
{
    view->follow = false;
    if (view->zoomed_x)
        set_x(view, pan(&scales->x, &scales->all_x, share));
}

void rs_view_pan_y(struct rs_view *view, const struct rs_view_scales *scales, double share)
{
    if (view->zoomed_y)
        set_y(view, pan(&scales->y, &scales->all_y, share));
}

void rs_view_reset(struct rs_view *view)
{
    view->zoomed_x = view->zoomed_y = view->follow = false;
}

void rs_view_follow(struct rs_view *view, const struct rs_view_scales *scales, bool follow)
{
    if (!view->zoomed_x && follow)
        set_x(view, window_of(&scales->x, &scales->all_x, 0.75, 1));
    else if (view->zoomed_x)
        set_x(view, window_of(&scales->x, &scales->all_x, 0, 1)); /* hold what is shown */
    view->follow = follow && view->zoomed_x;
}

/* ---- words ------------------------------------------------------------------------------------------------------- */

static void add(char out[RS_VIEW_TEXT], const char *format, ...) RS_FORMAT(2, 3);

static void add(char out[RS_VIEW_TEXT], const char *format, ...)
{
    size_t used = strlen(out);
    if (used > 0)
        used += (size_t)snprintf(out + used, RS_VIEW_TEXT - used, ", ");
    va_list arguments;
    va_start(arguments, format);
    if (used < RS_VIEW_TEXT)
        vsnprintf(out + used, RS_VIEW_TEXT - used, format, arguments);
    va_end(arguments);
}

void rs_view_text(const struct rs_view *view, char out[RS_VIEW_TEXT])
{
    out[0] = '\0';
    if (view->x != RS_X_EPOCHS)
        add(out, "over %s", rs_x_kind_name(view->x));
    if (view->log_x || view->log_y)
        add(out, "log %s", view->log_x && view->log_y ? "x and y" : view->log_x ? "x" : "y");
    if (view->smoothing > 0)
        add(out, "smoothing %g", rs_view_weights[view->smoothing]);
    if (view->zoomed_x || view->zoomed_y)
        add(out, "zoomed%s", !view->zoomed_x ? " in y" : view->follow ? " (following)" : " (holding)");
}

/* ---- smoothing --------------------------------------------------------------------------------------------------- */

static bool is_constant(const double *y, size_t count)
{
    double first = NAN;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(y[i]))
            continue;
        if (isnan(first))
            first = y[i];
        if (y[i] != first)
            return false;
    }
    return true;
}

void rs_smooth(const double *y, size_t count, double weight, double *out)
{
    bool constant = is_constant(y, count);
    double mean = 0;
    double left = 1; /* weight of the start that is not there: w^n */
    for (size_t i = 0; i < count; i++) {
        out[i] = y[i];
        if (constant || !isfinite(y[i]))
            continue;
        mean = weight * mean + (1 - weight) * y[i];
        left *= weight;
        out[i] = mean / (1 - left);
    }
}
