#include "sitting.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "recscope/base/memory.h"
#include "recscope/base/text.h"
#include "recscope/experiment/preset.h"

/* ---- groups ------------------------------------------------------------------------------------------------------ */

bool rs_sitting_same_but_seed(const struct rs_settings *a, const struct rs_settings *b)
{
    for (size_t i = 0; i < a->count; i++) {
        const struct rs_conf_row *row = a->rows[i];
        if (row != &rs_row_seed && !rs_row_describes(row) && strcmp(a->value[i].text, b->value[i].text) != 0)
            return false;
    }
    return true;
}

static bool belongs(const struct rs_ended_run *run, const struct rs_settings *settings)
{
    return !run->changed_live && run->best >= 0 && rs_sitting_same_but_seed(run->settings, settings);
}

size_t rs_sitting_group(const struct rs_sitting *sitting, const struct rs_settings *settings,
                        double best[RS_SEEDS_MOST])
{
    size_t count = 0;
    for (size_t i = 0; i < sitting->ended_count && count < RS_SEEDS_MOST; i++)
        if (belongs(&sitting->ended[i], settings))
            best[count++] = sitting->ended[i].best;
    return count;
}

static bool has_seed(const struct rs_sitting *sitting, const struct rs_settings *settings, int64_t seed)
{
    for (size_t i = 0; i < sitting->ended_count; i++)
        if (belongs(&sitting->ended[i], settings) && rs_integer(sitting->ended[i].settings, &rs_row_seed) == seed)
            return true;
    return false;
}

/* ---- trying ------------------------------------------------------------------------------------------------------ */

void rs_app_try(struct rs_app *app, const struct rs_settings *settings)
{
    app->settings = *settings;
    app->opened_other = true; /* the form is ahead of the run that still trains */
    rs_app_finish_then(app, RS_NEXT_START);
}

void rs_sitting_forget_plan(struct rs_sitting *sitting)
{
    rs_free(sitting->planned);
    rs_free(sitting->form);
    sitting->planned = NULL;
    sitting->form = NULL;
    sitting->planned_count = 0;
}

static void begin_next(struct rs_app *app)
{
    struct rs_sitting *sitting = &app->sitting;
    if (sitting->planned_count > 0) {
        app->settings = sitting->planned[0];
        sitting->planned_count--;
        memmove(&sitting->planned[0], &sitting->planned[1], sitting->planned_count * sizeof *sitting->planned);
        rs_app_reset(app, true);
    } else if (sitting->form) {
        app->settings = *sitting->form;
        rs_sitting_forget_plan(sitting);
    }
}

static enum rs_status note(struct rs_app *app, struct rs_error *err)
{
    struct rs_sitting *sitting = &app->sitting;
    struct rs_settings *settings;
    if (sitting->ended_count == sitting->ended_room) {
        size_t room = sitting->ended_room ? 2 * sitting->ended_room : 16;
        enum rs_status status = rs_grow(&sitting->ended, sitting->ended_count, room, sizeof *sitting->ended, err);
        if (status != RS_OK)
            return status;
        sitting->ended_room = room;
    }
    enum rs_status status = rs_alloc(&settings, 1, sizeof *settings, err);
    if (status != RS_OK)
        return status;
    *settings = app->began;
    sitting->ended[sitting->ended_count++] = (struct rs_ended_run){.settings = settings,
                                                                   .changed_live = app->changed_live,
                                                                   .best = app->status.done.best_eval_rmse,
                                                                   .best_epoch = (double)app->status.done.best_epoch};
    return RS_OK;
}

void rs_sitting_ended(struct rs_app *app)
{
    struct rs_error err = {0};
    if (app->status.done.best_epoch > 0 && note(app, &err) != RS_OK)
        rs_app_say(app, true, "%s", err.message);
    if (app->next == RS_NEXT_NOTHING)
        begin_next(app);
}

void rs_sitting_free(struct rs_sitting *sitting)
{
    rs_sitting_forget_plan(sitting);
    for (size_t i = 0; i < sitting->ended_count; i++)
        rs_free(sitting->ended[i].settings);
    rs_free(sitting->ended);
}

/* ---- repeating --------------------------------------------------------------------------------------------------- */

size_t rs_sitting_sides(const struct rs_sitting *sitting, const struct rs_settings *side[2])
{
    size_t count = 0;
    for (size_t i = sitting->ended_count; i-- > 0 && count < 2;) {
        const struct rs_ended_run *run = &sitting->ended[i];
        if (!run->changed_live && run->best >= 0 && (count == 0 || !belongs(run, side[0])))
            side[count++] = run->settings;
    }
    return count;
}

/* Plan what is missing until the group has that many seeds: those that follow the run's own. */
static void plan(struct rs_sitting *sitting, const struct rs_settings *settings, size_t seeds)
{
    double best[RS_SEEDS_MOST];
    size_t there = rs_sitting_group(sitting, settings, best);
    int64_t seed = rs_integer(settings, &rs_row_seed);
    for (; there < seeds; seed++) {
        char text[RS_NUMBER_SIZE];
        struct rs_error err;
        if (has_seed(sitting, settings, seed))
            continue;
        struct rs_settings *next = &sitting->planned[sitting->planned_count];
        *next = *settings;
        snprintf(text, sizeof text, "%lld", (long long)seed);
        if (rs_settings_parse(next, &rs_row_seed, text, &err) != RS_OK)
            return; /* beyond the last seed there is none */
        sitting->planned_count++;
        there++;
    }
}

enum rs_status rs_do_repeat(struct rs_app *app, const char *argument, struct rs_error *err)
{
    int64_t seeds;
    const struct rs_settings *side[2];
    struct rs_sitting *sitting = &app->sitting;
    if (!rs_parse_integer(argument[0] ? argument : "3", 2, RS_SEEDS_MOST, &seeds))
        return rs_fail(err, RS_USAGE, "repeat %.40s: not a number of seeds, 2 .. %d: repeat 3", argument,
                       RS_SEEDS_MOST);
    size_t count = rs_sitting_sides(sitting, side);
    if (count == 0 || rs_app_is_training(app))
        return rs_fail(err, RS_USAGE,
                       count == 0 ? "no run with an eval error has ended yet"
                                  : "a run is under way: repeat when it has ended");
    rs_sitting_forget_plan(sitting);
    enum rs_status status = rs_alloc(&sitting->planned, 2 * RS_SEEDS_MOST, sizeof *sitting->planned, err);
    if (status == RS_OK)
        status = rs_alloc(&sitting->form, 1, sizeof *sitting->form, err);
    if (status != RS_OK)
        return status;
    *sitting->form = app->settings;
    for (size_t i = count; i-- > 0;)
        plan(sitting, side[i], (size_t)seeds);
    size_t runs = sitting->planned_count;
    if (runs == 0) {
        rs_sitting_forget_plan(sitting);
        return rs_fail(err, RS_USAGE, "there are %lld seeds already: repeat %lld", (long long)seeds,
                       (long long)seeds + 2);
    }
    begin_next(app);
    rs_app_say(app, false, "%zu runs to come, until %s %lld seeds", runs, count == 2 ? "both have" : "it has",
               (long long)seeds);
    return RS_OK;
}
