/* view.h -- how one looks at the curves: axes, smoothing, zoom, cross-hair.
 *
 * A zero view shows everything over epochs. Zoom and pan work on what is shown: shares of it, so that they mean the
 * same on a linear and on a logarithmic axis. A zoom stays as it is when data arrive; with `follow` it keeps its width
 * and the newest sample at its right end. Threads: plain values, pure functions.
 */
#ifndef RS_TUI_VIEW_H
#define RS_TUI_VIEW_H

#include "recscope/plot/chart.h"

enum rs_x_kind { RS_X_EPOCHS, RS_X_STEPS, RS_X_RATINGS, RS_X_SECONDS, RS_X_KINDS };

#define RS_SMOOTHINGS 4

struct rs_view {
    enum rs_x_kind x;
    bool log_x, log_y;
    size_t smoothing; /* index of rs_view_weights */
    bool batch_loss;  /* the loss of each batch is shown */
    bool thick;       /* for a projector */
    bool zoomed_x, zoomed_y;
    double x_low, x_high, y_low, y_high; /* where zoomed */
    bool follow;                         /* while zoomed_x */
    bool cursor;                         /* the cross-hair is shown */
    double cursor_epoch;
};

struct rs_view_scales {
    struct rs_plot_scale x, y;         /* as shown */
    struct rs_plot_scale all_x, all_y; /* without zoom */
};

/* Weights of the past: 0 (off), 0.6, 0.9, 0.97. */
extern const double rs_view_weights[RS_SMOOTHINGS];

/* "epochs", "steps", "ratings", "seconds": names for commands. */
const char *rs_x_kind_name(enum rs_x_kind kind);
/* What stands at the axis. */
const char *rs_x_kind_label(enum rs_x_kind kind);

/* Magnify by a factor (below 1: the other way) about a value; NaN: about the middle. Who zooms out beyond everything
 * sees everything. */
void rs_view_zoom_x(struct rs_view *view, const struct rs_view_scales *scales, double factor, double about);
void rs_view_zoom_y(struct rs_view *view, const struct rs_view_scales *scales, double factor, double about);

/* Move by shares of what is shown: 0.25 is a quarter to the right, up. No further than the middle leaves what there is.
 * Panning in x holds: it ends `follow`. */
void rs_view_pan_x(struct rs_view *view, const struct rs_view_scales *scales, double share);
void rs_view_pan_y(struct rs_view *view, const struct rs_view_scales *scales, double share);

/* Everything again. */
void rs_view_reset(struct rs_view *view);

/* Follow the newest sample, or hold. Without a zoom the last quarter of what is shown is taken. */
void rs_view_follow(struct rs_view *view, const struct rs_view_scales *scales, bool follow);

/* What differs from a plain look, for a status line: "over steps, log y, smoothing 0.9, zoomed (holding)"; "" where
 * nothing does. */
#define RS_VIEW_TEXT 96
void rs_view_text(const struct rs_view *view, char out[RS_VIEW_TEXT]);

/* Exponential smoothing without the bias of its start: out[i] = m / (1 - w^n), m = w m + (1 - w) y over the n finite
 * values so far. What is not finite passes through and is not counted; values that are all the same stay so to the
 * bit. */
void rs_smooth(const double *y, size_t count, double weight, double *out);

#endif
