/* The coach: what it looks at, how it offers an experiment, and which rule has the word. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "coach_rules.h"
#include "recscope/base/text.h"
#include "recscope/models/model.h"
#include "recscope/train/rows.h"

const struct rs_coach_rule *const rs_coach_rules[] = {
#define COACH(id, title) &rs_coach_rule_##id,
#include "coach.def"
#undef COACH
    NULL,
};

/* ---- texts and offers -------------------------------------------------------------------------------------------- */

void rs_coach_say(struct rs_coach_advice *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out->sentence, sizeof out->sentence, format, arguments);
    va_end(arguments);
}

void rs_coach_say_brief(struct rs_coach_advice *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out->brief, sizeof out->brief, format, arguments);
    va_end(arguments);
}

bool rs_coach_offer(struct rs_coach_advice *out, const struct rs_settings *settings, const struct rs_conf_row *row,
                    const char *value)
{
    struct rs_settings tried = *settings;
    struct rs_error err;
    const char *now = rs_string(settings, row);
    if (!rs_row_applies(settings, row) || rs_settings_parse(&tried, row, value, &err) != RS_OK ||
        strcmp(rs_string(&tried, row), now) == 0)
        return false;
    out->row = row;
    rs_copy_string(out->value, sizeof out->value, value);
    /* A label begins with a capital in the form; here it stands inside a sentence. */
    char label[24];
    rs_copy_string(label, sizeof label, row->label);
    label[0] = (char)(label[0] >= 'A' && label[0] <= 'Z' ? label[0] - 'A' + 'a' : label[0]);
    int length = snprintf(out->offer, sizeof out->offer, "try %s %s -> %s, same seed", label, now, value);
    if (length < 0 || (size_t)length >= sizeof out->offer)
        snprintf(out->offer, sizeof out->offer, "try other %s, same seed", label);
    return true;
}

/* 0.0333333 as 0.033: an offer is a step to try, not a computed optimum. */
static double two_figures(double value)
{
    char text[RS_NUMBER_SIZE];
    double rounded = value;
    snprintf(text, sizeof text, "%.1e", value);
    return rs_parse_number(text, &rounded) ? rounded : value;
}

bool rs_coach_offer_times(struct rs_coach_advice *out, const struct rs_settings *settings,
                          const struct rs_conf_row *row, double factor)
{
    char value[RS_NUMBER_SIZE];
    double wanted = two_figures(rs_number(settings, row) * factor);
    if (row->type == RS_CONF_INTEGER)
        wanted = floor(wanted + 0.5);
    rs_format_number(value, fmin(fmax(wanted, row->low), row->high));
    return rs_coach_offer(out, settings, row, value);
}

void rs_coach_offer_restraint(struct rs_coach_advice *out, const struct rs_settings *settings)
{
    /* Where l2 is off, about what the models' papers and our presets found: lambda 100 over all of a block of weights,
     * 0.1 for every rating. Beyond a thousand times a rating it only flattens the model. */
    bool by_rating = rs_choice(settings, &rs_row_l2_scope) == 1;
    double l2 = rs_number(settings, &rs_row_l2);
    double most = by_rating ? 10 : 10000;
    if (rs_row_applies(settings, &rs_row_dropout) && rs_number(settings, &rs_row_dropout) <= 0 &&
        rs_coach_offer(out, settings, &rs_row_dropout, "0.5"))
        return;
    if (l2 <= 0 && rs_coach_offer(out, settings, &rs_row_l2, by_rating ? "0.1" : "100"))
        return;
    if (l2 > 0 && l2 < most && rs_coach_offer_times(out, settings, &rs_row_l2, 3))
        return;
    if (rs_integer(settings, &rs_row_patience) == 0)
        rs_coach_offer(out, settings, &rs_row_patience, "10");
}

double rs_coach_capacity(const struct rs_settings *settings)
{
    if (rs_row_applies(settings, &rs_row_factors))
        return rs_number(settings, &rs_row_factors);
    if (!rs_row_applies(settings, &rs_row_layers))
        return 0;
    const struct rs_conf_value *layers = rs_value(settings, &rs_row_layers);
    double least = INFINITY;
    for (size_t i = 0; i < layers->length; i++)
        least = fmin(least, layers->list[i]);
    return isfinite(least) ? least : 0;
}

void rs_coach_offer_capacity(struct rs_coach_advice *out, const struct rs_settings *settings, double factor)
{
    if (rs_row_applies(settings, &rs_row_factors)) {
        rs_coach_offer_times(out, settings, &rs_row_factors, factor);
        return;
    }
    const struct rs_conf_value *layers = rs_value(settings, &rs_row_layers);
    char value[64];
    size_t used = 0;
    for (size_t i = 0; i < layers->length && used < sizeof value; i++)
        used += (size_t)snprintf(value + used, sizeof value - used, "%s%.0f", i ? "," : "",
                                 fmin(layers->list[i] * factor, rs_row_layers.high));
    if (used < sizeof value)
        rs_coach_offer(out, settings, &rs_row_layers, value);
}

enum rs_status rs_coach_apply(const struct rs_coach_advice *advice, struct rs_settings *settings, struct rs_error *err)
{
    if (!advice->row)
        return rs_fail(err, RS_USAGE, "the coach offers nothing to try now");
    return rs_settings_parse(settings, advice->row, advice->value, err);
}

/* ---- what is looked at ------------------------------------------------------------------------------------------- */

static void find_best(struct rs_coach_facts *facts)
{
    facts->best = facts->count;
    for (size_t i = 0; i < facts->count; i++)
        if (isfinite(facts->eval[i]) && (facts->best == facts->count || facts->eval[i] < facts->eval[facts->best]))
            facts->best = i;
    if (facts->best < facts->count)
        facts->since_best = facts->epoch[facts->count - 1] - facts->epoch[facts->best];
}

/* The run as it was `back` epochs before its last one; false where there was none. */
static bool look(struct rs_coach_facts *out, const struct rs_coach_view *view, size_t back)
{
    if (back > view->count)
        return false;
    size_t end = view->count - back;
    size_t from = 0;
    *out = (struct rs_coach_facts){
        .view = view, .latest = back == 0, .start = NAN, .best_so_far = NAN, .now = NAN, .train_now = NAN};
    if (end > 0 && view->epoch[0] < 1)
        out->start = view->train[0];
    while (from < end && (view->epoch[from] < 1 || view->epoch[from] < (double)view->changed)) {
        if (view->epoch[from] >= 1 && isfinite(view->eval[from]))
            out->best_so_far = fmin(view->eval[from], isnan(out->best_so_far) ? INFINITY : out->best_so_far);
        from++;
    }
    out->epoch = view->epoch + from;
    out->train = view->train + from;
    out->eval = view->eval + from;
    out->count = end - from;
    if (out->count == 0)
        return back == 0;
    out->now = out->eval[out->count - 1];
    out->train_now = out->train[out->count - 1];
    out->epochs_so_far = (uint64_t)out->epoch[out->count - 1];
    find_best(out);
    if (out->best < out->count)
        out->best_so_far = fmin(out->eval[out->best], isnan(out->best_so_far) ? INFINITY : out->best_so_far);
    return true;
}

static bool ask(const struct rs_coach_rule *rule, const struct rs_coach_view *view, size_t back,
                struct rs_coach_advice *out)
{
    struct rs_coach_facts facts;
    memset(out, 0, sizeof *out);
    if (!look(&facts, view, back) || !rule->speaks(&facts, out))
        return false;
    out->rule = rule;
    out->epoch = facts.epochs_so_far;
    return true;
}

void rs_coach_advise(struct rs_coach_advice *out, const struct rs_coach_view *view)
{
    for (size_t r = 0; rs_coach_rules[r]; r++)
        for (size_t back = 0; back < RS_COACH_HOLD; back++)
            if (ask(rs_coach_rules[r], view, back, out))
                return;
    memset(out, 0, sizeof *out);
}
