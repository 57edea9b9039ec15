#include "sentinel.h"

#include <math.h>
#include <string.h>

#define FEWEST_BATCHES 5  /* in the running loss */
#define FEWEST_RATINGS 64 /* in it, unless the batches are too many */

#define LASTING 4.0   /* the running loss is so many times the reference */
#define SUDDEN  100.0 /* two batches in a row are */
#define WORSE   10.0  /* before it speaks again */

void rs_sentinel_init(struct rs_sentinel *sentinel, double level)
{
    *sentinel = (struct rs_sentinel){.level = level, .best = -1, .patience = 1};
}

/* The median of the last batches; negative while there are too few. */
static double running_loss(const struct rs_sentinel *sentinel)
{
    double sorted[RS_SENTINEL_MOST] = {0};
    uint64_t ratings = 0;
    size_t count = 0;
    while (count < RS_SENTINEL_MOST && (count < FEWEST_BATCHES || ratings < FEWEST_RATINGS)) {
        if (count == sentinel->batches)
            return -1;
        size_t slot = (size_t)((sentinel->batches - 1 - count) % RS_SENTINEL_MOST);
        double loss = sentinel->loss[slot];
        size_t at = count++;
        for (; at > 0 && sorted[at - 1] > loss; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = loss;
        ratings += sentinel->cells[slot];
    }
    return sorted[count / 2];
}

bool rs_sentinel_add(struct rs_sentinel *sentinel, uint64_t step, double loss, uint64_t cells,
                     struct rs_explosion *explosion)
{
    if (sentinel->batches == 0) {
        sentinel->first = sentinel->calm_loss = loss;
        sentinel->calm_step = step;
    }
    sentinel->loss[sentinel->batches % RS_SENTINEL_MOST] = loss;
    sentinel->cells[sentinel->batches % RS_SENTINEL_MOST] = cells;
    sentinel->batches++;
    double running = running_loss(sentinel);
    double reference = fmax(sentinel->level, sentinel->best < 0 ? sentinel->first : sentinel->best);
    bool lasting = running > LASTING * reference * sentinel->patience;
    bool sudden = fmin(loss, sentinel->before) > SUDDEN * reference * sentinel->patience;
    bool lost = !isfinite(loss);
    sentinel->before = loss;
    if (lasting || sudden || lost) {
        *explosion =
            (struct rs_explosion){sentinel->calm_loss, lasting && !lost ? running : loss, step - sentinel->calm_step};
        while (isfinite(loss) && fmax(running, loss) > LASTING * reference * sentinel->patience)
            sentinel->patience *= WORSE;
        return true;
    }
    if (running >= 0 && (sentinel->best < 0 || running < sentinel->best))
        sentinel->best = running;
    if (running >= 0 && running <= reference) {
        sentinel->calm_loss = running;
        sentinel->calm_step = step;
    }
    return false;
}
