/* places.h -- rows for labels beside vertical lines, so that no two of them meet. In cells or in points. */
#ifndef RS_PLOT_PLACES_H
#define RS_PLOT_PLACES_H

#include <stddef.h>

#define RS_PLACES_MOST 64

struct rs_place {
    int row; /* -1: there is none */
    int from, to;
};

struct rs_places {
    int left, right, rows; /* what there is: [left, right) of each row */
    int least;             /* of a label that has to be cut */
    struct rs_place taken[RS_PLACES_MOST];
    size_t count;
};

/* A place for a label of this length, `gap` right of a line at x in the first row with room; else left of it; else the
 * widest right of it, shorter than the label. It is taken from then on. */
struct rs_place rs_places_take(struct rs_places *places, int x, int gap, int length);

#endif
