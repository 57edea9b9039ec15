#include "tried.h"

#include <math.h>
#include <string.h>

#define FAR                                                                                                            \
    1.5 /* times the best: what is as bad as can be shown, so that one that diverged does not flatten the others */

size_t rs_tried_best(const struct rs_tried *tried)
{
    size_t best = 0;
    for (size_t i = 1; i < tried->count; i++)
        if (tried->value[i].best < tried->value[best].best)
            best = i;
    return best;
}

void rs_tried_thin(struct rs_tried *tried, size_t most, const char *keep)
{
    while (tried->count > most) {
        size_t worst = tried->count;
        for (size_t i = 0; i < tried->count; i++) {
            bool stays = strcmp(tried->value[i].text, keep) == 0;
            if (!stays && (worst == tried->count || tried->value[i].best > tried->value[worst].best))
                worst = i;
        }
        if (worst == tried->count)
            return;
        memmove(&tried->value[worst], &tried->value[worst + 1], (tried->count - worst - 1) * sizeof *tried->value);
        tried->count--;
    }
}

double rs_tried_share(const struct rs_tried *tried, size_t at)
{
    double best = tried->value[rs_tried_best(tried)].best;
    double worst = best;
    for (size_t i = 0; i < tried->count; i++)
        worst = fmax(worst, fmin(tried->value[i].best, best * FAR));
    return worst > best ? (fmin(tried->value[at].best, worst) - best) / (worst - best) : 0;
}
