/* sitting.h -- the runs of this sitting: those that ended, and those that are still to be trained by themselves.
 *
 * Runs whose settings differ in nothing but the seed are one group, a band on the chart and one side of a comparison.
 * Threads: main thread.
 */
#ifndef RS_TUI_SITTING_H
#define RS_TUI_SITTING_H

#include <stdbool.h>
#include <stddef.h>

#include "recscope/base/settings.h"

#define RS_SEEDS_MOST 16 /* of one group */

struct rs_app;

/* A run that ended with a result. */
struct rs_ended_run {
    struct rs_settings *settings; /* as it began; live changes make it unlike any other */
    bool changed_live;
    double best; /* eval RMSE; negative: there is none */
    double best_epoch;
};

struct rs_sitting {
    struct rs_ended_run *ended; /* (ended_count), the newest last */
    size_t ended_count, ended_room;
    struct rs_settings *planned; /* (planned_count), the next first */
    size_t planned_count;
    struct rs_settings *form; /* what the form showed before the first of them; NULL: none is planned */
};

/* Best eval values of the runs that have these settings but for the seed; returns how many, at most RS_SEEDS_MOST. */
size_t rs_sitting_group(const struct rs_sitting *sitting, const struct rs_settings *settings,
                        double best[RS_SEEDS_MOST]);

/* What is compared: the newest run, and the newest before it that differs in more than the seed. Returns how many there
 * are; they are valid until the next run ends. */
size_t rs_sitting_sides(const struct rs_sitting *sitting, const struct rs_settings *side[2]);

/* The two settings differ in nothing that trains, but perhaps the seed. */
bool rs_sitting_same_but_seed(const struct rs_settings *a, const struct rs_settings *b);

/* Begin a run with these settings, which the form shows from now on; the present one is stopped and kept first. */
void rs_app_try(struct rs_app *app, const struct rs_settings *settings);

/* A run has ended: note it, and begin the next that is planned. */
void rs_sitting_ended(struct rs_app *app);

/* What a person begins goes before what was planned. */
void rs_sitting_forget_plan(struct rs_sitting *sitting);

void rs_sitting_free(struct rs_sitting *sitting);

#endif
