/* curves.h -- what was measured so far, of this run and of the pinned ones, as a chart.
 *
 * Threads: main thread; the chart borrows the store until the next change.
 */
#ifndef RS_TUI_CURVES_H
#define RS_TUI_CURVES_H

#include "recscope/plot/chart.h"
#include "recscope/train/record.h"

#define RS_GHOSTS       4
#define RS_BATCHES_MOST 16384

/* One run. Values that were not measured are NaN. */
struct rs_curve {
    double *epoch, *train, *eval; /* (count) */
    size_t count, capacity;
    double best, best_epoch; /* eval; NaN: none */
};

struct rs_curves {
    struct rs_curve now;
    struct rs_curve ghost[RS_GHOSTS];
    char ghost_name[RS_GHOSTS][96];
    size_t ghosts;
    double *batch_x, *batch_y; /* (batches): epochs, root mean squared error */
    size_t batches, batch_capacity;
    /* what the chart points to */
    struct rs_plot_series series[3 + 2 * RS_GHOSTS];
    struct rs_plot_line lines[4];
    struct rs_plot_mark mark;
    char mark_label[64];
};

/* What a chart shows beside the curves. Zero where there is none. */
struct rs_chart_wish {
    double epochs_most; /* end of the run at the latest */
    double mean, user_item, floor, reference;
    bool batch_loss, colors, cursor;
    size_t cursor_at; /* index of the epoch under the cross-hair */
};

enum rs_status rs_curves_add_epoch(struct rs_curves *curves, const struct rs_epoch_record *record,
                                   struct rs_error *err) RS_CHECKED;
enum rs_status rs_curves_add_batch(struct rs_curves *curves, const struct rs_batch_record *record,
                                   uint64_t steps_per_epoch, struct rs_error *err) RS_CHECKED;

/* Empty the present run; with keep, its curves become a ghost (the oldest of RS_GHOSTS gives way). */
void rs_curves_begin(struct rs_curves *curves, bool keep);
/* Take one ghost away; the names of those behind it are the caller's to give anew. */
void rs_curves_drop(struct rs_curves *curves, size_t ghost);
void rs_curves_unpin(struct rs_curves *curves);
void rs_curves_free(struct rs_curves *curves);

/* Valid until the store changes or the next call. */
struct rs_chart rs_curves_chart(struct rs_curves *curves, const struct rs_chart_wish *wish);

#endif
