/* Two groups of runs compared.
 *
 * The rule: with at least three seeds each, "better" is said only where the ranges do not overlap, that is, where every
 * seed of the winner beats every seed of the other. If the configurations were alike, all orders of the n + m values
 * would be equally likely, and 2 of the (n + m choose n) keep the groups apart: 1 in 10 for three against three,
 * 1 in 126 for five against five, but 1 in 3 for two against two, which is why two seeds are too few. That is the exact
 * rank test of Mann and Whitney (Annals of Mathematical Statistics 18, 1947) at its extreme, and a person can check it
 * by looking. Why seeds matter at all: Reimers and Gurevych, Reporting Score Distributions Makes a Difference, EMNLP
 * 2017, where two seeds of one network differ more than many published improvements. */
#include "recscope/experiment/verdict.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "recscope/base/text.h"
#include "recscope/experiment/preset.h"
#include "recscope/models/model.h"
#include "recscope/train/rows.h"

/* Values nearer than this look the same in four digits. */
#define SAME_DIGITS 0.00005

/* ---- what differs ------------------------------------------------------------------------------------------------ */

static bool counts(const struct rs_settings *settings, const struct rs_conf_row *row, bool with_seed)
{
    if (rs_row_describes(row) || row == &rs_row_threads || (row == &rs_row_seed && !with_seed))
        return false;
    return rs_row_applies(settings, row);
}

/* Whether the row, number i of both, is to be named. */
static bool differs(const struct rs_settings *settings, const struct rs_settings *other, size_t i, bool with_seed)
{
    return counts(settings, settings->rows[i], with_seed) && strcmp(settings->value[i].text, other->value[i].text) != 0;
}

static size_t name_value(char part[96], const struct rs_settings *settings, size_t i, bool first)
{
    const char *label = settings->rows[i]->label;
    const char *value = settings->value[i].text;
    snprintf(part, 96, "%s%c%.30s %.40s", first ? "" : ", ", tolower((unsigned char)label[0]), label + 1,
             value[0] ? value : "none");
    return strlen(part);
}

void rs_settings_difference(char *out, size_t size, const struct rs_settings *settings, const struct rs_settings *other,
                            bool with_seed)
{
    char part[96];
    size_t left = 0;
    size_t whole = 0;
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < settings->count; i++)
        if (differs(settings, other, i, with_seed))
            whole += name_value(part, settings, i, left++ == 0);
    size_t kept_free = whole < size ? 1 : sizeof ", and 99 more";
    for (size_t i = 0; i < settings->count && left > 0; i++) {
        if (!differs(settings, other, i, with_seed))
            continue;
        size_t length = name_value(part, settings, i, used == 0);
        if (used + length + kept_free > size)
            break;
        memcpy(out + used, part, length + 1);
        used += length;
        left--;
    }
    if (left > 0)
        snprintf(out + used, size - used, used ? ", and %zu more" : "%zu settings", left);
}

/* ---- which won --------------------------------------------------------------------------------------------------- */

struct spread {
    size_t count;
    double low, median, high;
};

/* The k-th smallest of the values that are there, found by counting: groups are small. */
static double ranked(const struct rs_verdict_group *group, size_t k)
{
    for (size_t i = 0; i < group->count; i++) {
        size_t below = 0;
        size_t equal = 0;
        for (size_t j = 0; j < group->count; j++) {
            below += group->best[j] < group->best[i];
            equal += group->best[j] == group->best[i];
        }
        if (isfinite(group->best[i]) && below <= k && k < below + equal)
            return group->best[i];
    }
    return NAN;
}

static struct spread spread_of(const struct rs_verdict_group *group)
{
    struct spread spread = {0};
    for (size_t i = 0; i < group->count; i++)
        spread.count += isfinite(group->best[i]) ? 1 : 0;
    if (spread.count == 0)
        return spread;
    spread.low = ranked(group, 0);
    spread.high = ranked(group, spread.count - 1);
    spread.median = (ranked(group, (spread.count - 1) / 2) + ranked(group, spread.count / 2)) / 2;
    return spread;
}

static void say_value(char *out, size_t size, const struct spread *spread)
{
    if (spread->count == 1)
        snprintf(out, size, "%.4f", spread->median);
    else
        snprintf(out, size, "%.4f (%.4f to %.4f)", spread->median, spread->low, spread->high);
}

/* What both groups are called: the settings in which they differ. */
struct names {
    char of[2][64];
    char brief[2][24];
};

static bool name_groups(struct names *names, const struct rs_verdict_group *const group[2])
{
    bool differ = false;
    for (int i = 0; i < 2; i++) {
        const struct rs_settings *other = group[1 - i]->settings;
        rs_settings_difference(names->of[i], sizeof names->of[i], group[i]->settings, other, false);
        rs_settings_difference(names->brief[i], sizeof names->brief[i], group[i]->settings, other, false);
        differ = differ || names->of[i][0];
    }
    for (int i = 0; i < 2; i++) /* a row that has a meaning in one of them only */
        if (!names->of[i][0]) {
            snprintf(names->of[i], sizeof names->of[i], "the other");
            snprintf(names->brief[i], sizeof names->brief[i], "the other");
        }
    return differ;
}

static void judge(struct rs_verdict *out, const struct spread spread[2])
{
    int front = spread[0].median <= spread[1].median ? 0 : 1;
    out->difference = spread[1 - front].median - spread[front].median;
    out->winner = out->difference < SAME_DIGITS ? -1 : front;
    bool enough = spread[0].count >= RS_VERDICT_SEEDS && spread[1].count >= RS_VERDICT_SEEDS;
    if (out->winner < 0)
        out->kind = RS_VERDICT_NO_DIFFERENCE;
    else if (!enough)
        out->kind = RS_VERDICT_FEW_SEEDS;
    else
        out->kind = spread[front].high < spread[1 - front].low ? RS_VERDICT_BETTER : RS_VERDICT_NO_DIFFERENCE;
    if (out->kind == RS_VERDICT_NO_DIFFERENCE)
        out->winner = -1;
    if (!enough)
        snprintf(out->offer, sizeof out->offer, "repeat both with %d seeds", RS_VERDICT_SEEDS);
}

static void say_winner(struct rs_verdict *out, const struct names *names, const struct spread spread[2])
{
    int won = out->winner;
    int lost = 1 - won;
    bool one = spread[0].count == 1 && spread[1].count == 1;
    char value[2][48];
    for (int i = 0; i < 2; i++)
        say_value(value[i], sizeof value[i], &spread[i]);
    if (out->kind == RS_VERDICT_BETTER) {
        snprintf(out->sentence, sizeof out->sentence,
                 "%s is better than %s: best eval %s against %s, median and range of %zu and %zu seeds, %.4f less; the "
                 "ranges do not overlap",
                 names->of[won], names->of[lost], value[won], value[lost], spread[won].count, spread[lost].count,
                 out->difference);
        snprintf(out->brief, sizeof out->brief, "%s is better: %.4f to %.4f against %.4f to %.4f", names->brief[won],
                 spread[won].low, spread[won].high, spread[lost].low, spread[lost].high);
        return;
    }
    snprintf(out->sentence, sizeof out->sentence, "%s beats %s: best eval %s against %s, %.4f less; %s", names->of[won],
             names->of[lost], value[won], value[lost], out->difference,
             one ? "one seed could be luck" : "so few seeds could be luck");
    int used = snprintf(out->brief, sizeof out->brief, "%s beats %s: %.4f against %.4f", names->brief[won],
                        names->brief[lost], spread[won].median, spread[lost].median);
    const char *luck = one ? ": one seed could be luck" : ": so few could be luck";
    if (used > 0 && (size_t)used + strlen(luck) < sizeof out->brief)
        memcpy(out->brief + used, luck, strlen(luck) + 1);
}

static void say_tie(struct rs_verdict *out, const struct names *names, const struct spread spread[2])
{
    char value[2][48];
    for (int i = 0; i < 2; i++)
        say_value(value[i], sizeof value[i], &spread[i]);
    bool single = spread[0].count == 1 && spread[1].count == 1;
    snprintf(out->sentence, sizeof out->sentence, "no difference%s: best eval %s with %s against %s with %s",
             single ? " in four digits" : " beyond the seeds' spread", value[0], names->of[0], value[1], names->of[1]);
    if (single)
        snprintf(out->brief, sizeof out->brief, "no difference: best eval %.4f with both", spread[0].median);
    else
        snprintf(out->brief, sizeof out->brief, "no difference beyond the seeds: %.4f to %.4f, %.4f to %.4f",
                 spread[0].low, spread[0].high, spread[1].low, spread[1].high);
}

static void say_same(struct rs_verdict *out, const struct spread spread[2])
{
    char value[2][48];
    for (int i = 0; i < 2; i++)
        say_value(value[i], sizeof value[i], &spread[i]);
    snprintf(out->sentence, sizeof out->sentence,
             "the same settings: best eval %s and %s; what lies between them is the seed's doing", value[0], value[1]);
    snprintf(out->brief, sizeof out->brief, "same settings: %.4f and %.4f, a seed's doing", spread[0].median,
             spread[1].median);
    out->kind = RS_VERDICT_SAME;
    out->winner = -1;
    out->offer[0] = '\0';
}

void rs_verdict(struct rs_verdict *out, const struct rs_verdict_group *first, const struct rs_verdict_group *second)
{
    const struct rs_verdict_group *const group[2] = {first, second};
    const struct spread spread[2] = {spread_of(first), spread_of(second)};
    struct names names = {0};
    memset(out, 0, sizeof *out);
    out->winner = -1;
    if (spread[0].count == 0 || spread[1].count == 0) {
        rs_copy_string(out->sentence, sizeof out->sentence, "nothing to compare: a run has no eval RMSE");
        rs_copy_string(out->brief, sizeof out->brief, out->sentence);
        return;
    }
    judge(out, spread);
    if (!name_groups(&names, group))
        say_same(out, spread);
    else if (out->winner >= 0)
        say_winner(out, &names, spread);
    else
        say_tie(out, &names, spread);
}
