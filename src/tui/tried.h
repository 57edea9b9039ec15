/* tried.h -- the values of one setting that were tried, as a map: which is best, how far the others are from it.
 *
 * Threads: any; pure.
 */
#ifndef RS_TUI_TRIED_H
#define RS_TUI_TRIED_H

#include "recscope/experiment/run_list.h"

#define RS_TRIED_MOST 32

struct rs_tried {
    struct rs_tried_value value[RS_TRIED_MOST]; /* (count) ascending */
    size_t count;
};

/* The one with the least error; count must not be 0. */
size_t rs_tried_best(const struct rs_tried *tried);

/* Let at most so many stay: the worst give way, but not `keep`. */
void rs_tried_thin(struct rs_tried *tried, size_t most, const char *keep);

/* How far a value is from the best: 0 the best, 1 the worst, or one that is worse by half or more. */
double rs_tried_share(const struct rs_tried *tried, size_t at);

#endif
