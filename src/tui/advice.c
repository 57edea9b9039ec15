#include "advice.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "paint.h"
#include "recscope/base/text.h"
#include "recscope/experiment/coach.h"
#include "recscope/experiment/verdict.h"

static void set_text(struct rs_advice *advice, const char *topic, const char *text, const char *brief,
                     const char *offer)
{
    rs_copy_string(advice->topic, sizeof advice->topic, topic);
    rs_copy_string(advice->text, sizeof advice->text, text);
    rs_copy_string(advice->brief, sizeof advice->brief, brief);
    rs_copy_string(advice->offer, sizeof advice->offer, offer);
}

static void set_try(struct rs_advice *advice, const struct rs_conf_row *row, const char *value)
{
    advice->row = row;
    rs_copy_string(advice->value, sizeof advice->value, value);
}

static bool has_alarm(const struct rs_app *app)
{
    return app->status.alarm.text[0] != '\0';
}

static void sound_alarm(struct rs_app *app)
{
    const struct rs_session_alarm *alarm = &app->status.alarm;
    char offer[96] = "";
    if (alarm->row)
        snprintf(offer, sizeof offer, "try %c%s %.24s, same seed", tolower((unsigned char)alarm->row->label[0]),
                 alarm->row->label + 1, alarm->value);
    set_text(&app->advice, "alarm", alarm->text, alarm->text, offer);
    set_try(&app->advice, alarm->row, alarm->value);
    app->advice.bad = true;
}

/* The newest run against the one before it that differs; false: there are no two. */
static bool compare(struct rs_app *app)
{
    const struct rs_settings *side[2];
    double best[2][RS_SEEDS_MOST];
    struct rs_verdict_group group[2];
    if (rs_sitting_sides(&app->sitting, side) < 2 || !rs_dataset_same(side[0], side[1]))
        return false;
    for (size_t i = 0; i < 2; i++)
        group[i] = (struct rs_verdict_group){
            .settings = side[i], .count = rs_sitting_group(&app->sitting, side[i], best[i]), .best = best[i]};
    struct rs_verdict verdict;
    rs_verdict(&verdict, &group[0], &group[1]);
    set_text(&app->advice, "verdict", verdict.sentence, verdict.brief, verdict.offer);
    app->advice.repeat = verdict.offer[0] != '\0';
    return verdict.kind != RS_VERDICT_NOTHING;
}

#define UNITS_EVERY  5   /* epochs between two looks at the hidden units */
#define BATCHES_MOST 300 /* that the coach looks back at */

void rs_advise_units(struct rs_app *app, const struct rs_session_news *news)
{
    const struct rs_probe_answer *answer = news->answer[RS_PROBE_UNITS];
    struct rs_units_seen *units = &app->units;
    if (answer && !answer->problem[0]) {
        units->layers = answer->layers < RS_CONF_LIST_SIZE ? answer->layers : RS_CONF_LIST_SIZE;
        for (size_t l = 0; l < units->layers; l++) {
            const struct rs_probe_layer *layer = &answer->layer[l];
            double all = layer->units > 0 ? (double)layer->units : 1;
            units->layer[l] = (struct rs_coach_units){(double)layer->dead / all, (double)layer->saturated / all};
        }
    }
    if (app->status.state != RS_SESSION_RUNNING || app->status.epoch < units->asked + UNITS_EVERY)
        return;
    const struct rs_probe_question question = {.kind = RS_PROBE_UNITS};
    struct rs_error err;
    units->asked = app->status.epoch;
    if (rs_session_probe(app->session, &question, &err) != RS_OK)
        rs_app_log(app, "the hidden units were not looked at: %s", err.message);
}

/* The squared errors of the last batches behind the last live edit, which would change them, too. */
static size_t recent_batches(const struct rs_curves *curves, double after, double loss[BATCHES_MOST])
{
    size_t from = curves->batches;
    size_t count = 0;
    while (from > 0 && curves->batches - from < BATCHES_MOST && curves->batch_step[from - 1] > after)
        from--;
    for (; from < curves->batches; from++)
        loss[count++] = curves->batch_loss[from] * curves->batch_loss[from];
    return count;
}

/* The coach looks at the curves as the person does. A fork is judged from where it begins, as a live edit is. */
static void consult(struct rs_app *app)
{
    const struct rs_curve *now = &app->curves.now;
    uint64_t per_epoch = app->status.steps_per_epoch > 0 ? app->status.steps_per_epoch : 1;
    uint64_t forked = app->parent_steps / per_epoch;
    uint64_t changed = app->changed_epoch > forked ? app->changed_epoch : forked;
    double loss[BATCHES_MOST];
    const struct rs_coach_view view = {.settings = &app->running,
                                       .count = now->count,
                                       .epoch = now->epoch,
                                       .train = now->train,
                                       .eval = now->eval,
                                       .batch_loss = loss,
                                       .batches = recent_batches(&app->curves, (double)(changed * per_epoch), loss),
                                       .baseline_user_item = app->status.baseline_user_item,
                                       .noise_floor = app->status.noise_floor,
                                       .layer = app->units.layer,
                                       .layers = app->units.layers,
                                       .changed = changed,
                                       .finished = app->status.state == RS_SESSION_FINISHED,
                                       .reason = app->status.done.reason};
    struct rs_coach_advice advice;
    rs_coach_advise(&advice, &view);
    set_text(&app->advice, advice.rule ? advice.rule->name : "", advice.sentence, advice.brief, advice.offer);
    set_try(&app->advice, advice.row, advice.value);
}

void rs_advise(struct rs_app *app)
{
    bool silent = app->advice.silent;
    bool finished = app->status.state == RS_SESSION_FINISHED;
    app->advice = (struct rs_advice){.silent = silent};
    if (has_alarm(app))
        sound_alarm(app);
    else if (finished && app->sitting.planned_count == 0 && compare(app))
        return;
    else if (!silent)
        consult(app);
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

enum rs_status rs_do_try(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    if (!app->advice.row)
        return rs_fail(err, RS_USAGE, "nothing is offered to try");
    struct rs_settings settings = app->began;
    enum rs_status status = rs_settings_parse(&settings, app->advice.row, app->advice.value, err);
    if (status == RS_OK)
        rs_app_try(app, &settings);
    return status;
}

enum rs_status rs_do_silence(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    (void)err;
    app->advice.silent = !app->advice.silent;
    rs_advise(app);
    rs_app_say(app, false, app->advice.silent ? "the coach is silent" : "the coach speaks again");
    return RS_OK;
}

/* ---- painting ---------------------------------------------------------------------------------------------------- */

void rs_paint_advice(struct rs_app *app, struct rs_rect at)
{
    const struct rs_advice *advice = &app->advice;
    const char *key = advice->repeat ? "[3]" : "[t]";
    if (!advice->text[0])
        return;
    int room = at.columns;
    int offer = advice->offer[0] ? (int)(strlen(key) + strlen(advice->offer)) + 3 : 0;
    bool whole = (int)strlen(advice->text) + offer <= room;
    int look = advice->bad ? RS_LOOK_BAD : RS_LOOK_TITLE;
    int column = at.column;
    column += rs_paint(at.row, column, at.rows > 1 ? room : room - offer, look, whole ? advice->text : advice->brief);
    if (offer == 0)
        return;
    int row = at.row;
    if (!whole && at.rows > 1) {
        row++;
        column = at.column - 2;
    }
    rs_app_hit(app, row, column + 2, offer, advice->repeat ? '3' : 't');
    column += 2 + rs_paint(row, column + 2, room, RS_LOOK_KEY, key);
    rs_paint_format(row, column + 1, at.column + room - column - 1, RS_LOOK_PLAIN, "%s", advice->offer);
}
