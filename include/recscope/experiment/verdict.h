/* verdict.h -- which of two groups of runs is better, by how much, what differs, and whether a seed could explain it.
 *
 * A group is one configuration, run with one seed or several. Lower is better: the values are the best eval RMSEs.
 * Texts  : `sentence` is whole; `brief` says the same within RS_VERDICT_BRIEF - 1 columns. Both are ASCII.
 * Threads: pure functions of their arguments.
 */
#ifndef RECSCOPE_EXPERIMENT_VERDICT_H
#define RECSCOPE_EXPERIMENT_VERDICT_H

#include <stdint.h>

#include "recscope/base/settings.h"

#define RS_VERDICT_BRIEF 80

struct rs_verdict_group {
    const struct rs_settings *settings;
    size_t count;               /* runs, one a seed */
    const double *best;         /* (count) best eval RMSE; NaN: that run has none, and does not count */
    const uint64_t *best_epoch; /* (count) may be NULL */
};

enum rs_verdict_kind {
    RS_VERDICT_NOTHING,       /* a group has no eval RMSE */
    RS_VERDICT_SAME,          /* the groups have the same settings: only seeds differ */
    RS_VERDICT_FEW_SEEDS,     /* the lower one wins, and a seed could be the reason */
    RS_VERDICT_BETTER,        /* the winner's worst seed is below the other's best */
    RS_VERDICT_NO_DIFFERENCE, /* the ranges overlap, or the values are the same to the last digit shown */
};

struct rs_verdict {
    enum rs_verdict_kind kind;
    int winner;        /* 0: the first group, 1: the second, -1: neither; of few seeds: the one in front */
    double difference; /* of the medians, not negative [stars] */
    char sentence[512];
    char brief[RS_VERDICT_BRIEF];
    char offer[40]; /* what would settle it: "repeat both with 3 seeds"; "": it is settled */
};

void rs_verdict(struct rs_verdict *out, const struct rs_verdict_group *first, const struct rs_verdict_group *second);

/* Seeds that each of two groups needs before a verdict can be more than luck. */
#define RS_VERDICT_SEEDS 3

/* What `settings` has that `other` has not: "dropout 0.5, l2 10", as much as fits, then ", and 2 more"; "" where
 * nothing differs. Left out: what has no meaning beside the settings, describes an experiment without changing it, or
 * changes only its speed; and the seed, unless asked for. */
void rs_settings_difference(char *out, size_t size, const struct rs_settings *settings, const struct rs_settings *other,
                            bool with_seed);

#endif
