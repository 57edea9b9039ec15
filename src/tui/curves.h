/* curves.h -- what was measured so far, of this run and of former ones, and how it becomes a chart.
 *
 * A store of plain numbers; view.h says how one looks at them; rs_curves_chart brings both together. Nothing here knows
 * a screen.
 * Units  : RMSE in stars, seconds of training (evaluation is not counted), steps and ratings since the run began.
 * Threads: main thread; a chart borrows the store until the next change.
 */
#ifndef RS_TUI_CURVES_H
#define RS_TUI_CURVES_H

#include "recscope/plot/chart.h"
#include "recscope/train/record.h"
#include "view.h"

#define RS_GHOSTS       16
#define RS_BATCHES_MOST 16384
#define RS_EVENTS_MOST  32 /* of a run; the oldest give way */
#define RS_GHOST_NAME   96

struct rs_curve_event {
    double step;            /* happened when so many steps were done */
    enum rs_plot_role role; /* RS_PLOT_CHANGE, RS_PLOT_FORK */
    char label[64];
};

/* One run. Values that were not measured are NaN. */
struct rs_curve {
    double *epoch, *step, *ratings, *seconds; /* (count), ascending: the x axes */
    double *train, *eval, *rate;              /* (count) RMSE, RMSE, learning rate */
    size_t count, capacity;
    double best, best_epoch; /* eval; NaN: none */
    double steps_per_epoch;  /* 0: not known */
    struct rs_curve_event event[RS_EVENTS_MOST];
    size_t events;
    unsigned group; /* runs of one group differ in their seed only; 0: of none */
};

struct rs_ghost {
    struct rs_curve curve;
    char name[RS_GHOST_NAME]; /* what differs; the caller's to give */
    unsigned serial;          /* counts the ghosts; its colour and its dash */
};

struct rs_curves {
    struct rs_curve now;
    struct rs_ghost ghost[RS_GHOSTS]; /* the newest last */
    size_t ghosts;
    unsigned serial;
    double *batch_step, *batch_loss; /* (batches): steps, root mean squared error */
    size_t batches, batch_capacity;
    /* what the chart points to */
    struct rs_plot_series series[3 + 2 * RS_GHOSTS];
    struct rs_plot_line lines[4];
    struct rs_plot_event events[RS_EVENTS_MOST + 1];
    struct rs_plot_mark mark;
    char mark_label[64], stop_label[64];
    double *scratch; /* (scratch_size): smoothed values, bands */
    size_t scratch_size;
};

/* What is known beside the curves. Zero, or NULL, where there is nothing. */
struct rs_curves_facts {
    double epochs_most; /* end of the run at the latest */
    double mean, user_item, floor, reference;
    const char *reference_label; /* NULL: "published" */
    double patience;             /* epochs */
    bool stopped;                /* the run ended because its patience did */
    bool colors;                 /* else lines differ by their dashes alone */
};

enum rs_status rs_curves_add_epoch(struct rs_curves *curves, const struct rs_epoch_record *record,
                                   struct rs_error *err) RS_CHECKED;
enum rs_status rs_curves_add_batch(struct rs_curves *curves, const struct rs_batch_record *record,
                                   uint64_t steps_per_epoch, struct rs_error *err) RS_CHECKED;

/* A vertical mark "lr 0.001 -> 0.01" where the setting was changed. before: the value it had. */
void rs_curves_add_change(struct rs_curves *curves, const struct rs_change_record *record, const char *before);

/* A vertical mark where the run left the one it was forked from, after so many steps. */
void rs_curves_add_fork(struct rs_curves *curves, double step, const char *label);

/* Empty the present run; with keep, its curves become a ghost (the oldest of RS_GHOSTS gives way). */
void rs_curves_begin(struct rs_curves *curves, bool keep);

/* A run read from its folder becomes the newest ghost. Arrays (count) as in rs_curve, cumulative; a NULL one is not
 * known. They are copied. Errors: RS_MEMORY; nothing has changed then. */
enum rs_status rs_curves_add_ghost(struct rs_curves *curves, const struct rs_curve *run, const char *name,
                                   struct rs_error *err) RS_CHECKED;

/* Take one ghost away; those behind it move down by one. */
void rs_curves_drop(struct rs_curves *curves, size_t ghost);
void rs_curves_unpin(struct rs_curves *curves);
void rs_curves_free(struct rs_curves *curves);

/* ---- what follows from the numbers ------------------------------------------------------------------------------- */

/* The value on another x axis of this run: between samples by interpolation, beyond them at the last pace. NaN: the run
 * has too few samples to tell. */
double rs_curve_convert(const struct rs_curve *curve, enum rs_x_kind from, enum rs_x_kind to, double x);

/* The run whose samples place what has no run of its own: the present one, or the newest ghost before it has begun. */
const struct rs_curve *rs_curves_leading(const struct rs_curves *curves);

/* Eval of several runs epoch by epoch: median, least, greatest, where at least half of the runs have a value. The four
 * arrays have room for all samples of all runs. Returns the number of epochs. count is at most RS_GHOSTS + 1. */
size_t rs_curves_band(const struct rs_curve *const *runs, size_t count, double *epoch, double *median, double *low,
                      double *high);

/* ---- chart ------------------------------------------------------------------------------------------------------- */

/* Valid until the store changes or the next call. Errors: RS_MEMORY. */
enum rs_status rs_curves_chart(struct rs_curves *curves, const struct rs_view *view,
                               const struct rs_curves_facts *facts, struct rs_chart *out,
                               struct rs_error *err) RS_CHECKED;

/* What is shown now and what would be without zoom, as the functions of view.h want it. Errors: RS_MEMORY. */
enum rs_status rs_curves_scales(struct rs_curves *curves, const struct rs_view *view,
                                const struct rs_curves_facts *facts, struct rs_view_scales *out,
                                struct rs_error *err) RS_CHECKED;

/* The cross-hair goes to another sample of the leading run; to the one nearest to x (a value on the view's axis). A
 * zoomed view pans so that it stays in sight; scales are those shown. */
void rs_curves_step_cursor(const struct rs_curves *curves, struct rs_view *view, const struct rs_view_scales *scales,
                           long by);
void rs_curves_point(const struct rs_curves *curves, struct rs_view *view, double x);

/* Values under the cross-hair: rs_chart_read(&chart, chart.cursor_x, ...). */

/* Another x axis; the zoom is kept as well as the samples tell. */
void rs_curves_set_x(const struct rs_curves *curves, struct rs_view *view, enum rs_x_kind kind);

#endif
