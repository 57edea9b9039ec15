#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "generate.h"
#include "recscope/base/memory.h"
#include "recscope/data/dataset.h"
#include "recscope/experiment/preset.h"
#include "report.h"

#define BINS_MOST 64

struct histogram {
    size_t bins;
    double value[BINS_MOST]; /* the rating, or the low end of the bin */
    uint64_t count[BINS_MOST];
};

/* One bin a rating where the scale has few steps, ten bins where it is continuous. */
static void count_ratings(struct histogram *out, const struct rs_ratings *ratings)
{
    const struct rs_scale *scale = &ratings->scale;
    double span = (double)scale->high - (double)scale->low;
    double steps = scale->step > 0 ? floor(span / (double)scale->step + 0.5) + 1 : 0;
    bool exact = steps >= 1 && steps <= BINS_MOST;
    *out = (struct histogram){.bins = exact ? (size_t)steps : 10};
    double width = exact ? (double)scale->step : span / 10;
    for (size_t i = 0; i < out->bins; i++)
        out->value[i] = (double)scale->low + width * (double)i;
    for (uint64_t i = 0; i < ratings->count; i++) {
        double at = width > 0 ? ((double)ratings->by_user.value[i] - (double)scale->low) / width : 0;
        at = floor(exact ? at + 0.5 : at);
        size_t bin = at <= 0 ? 0 : at >= (double)out->bins ? out->bins - 1 : (size_t)at;
        out->count[bin]++;
    }
}

static uint32_t count_titles(const struct rs_ratings *ratings)
{
    uint32_t titles = 0;
    for (uint32_t i = 0; i < ratings->titles.count; i++)
        titles += ratings->titles.text[i] != NULL;
    return titles;
}

static double density(const struct rs_ratings *ratings)
{
    return (double)ratings->count / ((double)ratings->users * (double)ratings->items);
}

static enum rs_status add_bars(struct rs_text *text, const struct histogram *histogram, uint64_t total,
                               struct rs_error *err)
{
    static const char bar[] = "########################################";
    uint64_t most = 1;
    enum rs_status status = RS_OK;
    for (size_t i = 0; i < histogram->bins; i++)
        most = histogram->count[i] > most ? histogram->count[i] : most;
    for (size_t i = 0; i < histogram->bins && status == RS_OK; i++)
        status = rs_text_add(text, err, "  %6.4g %10" PRIu64 " %5.1f %% %.*s\n", histogram->value[i],
                             histogram->count[i], 100 * (double)histogram->count[i] / (double)total,
                             (int)(histogram->count[i] * (sizeof bar - 1) / most), bar);
    return status;
}

static enum rs_status add_plain(struct rs_text *text, const struct rs_dataset *dataset, bool split,
                                struct rs_error *err)
{
    const struct rs_ratings *ratings = &dataset->ratings;
    struct histogram histogram;
    count_ratings(&histogram, ratings);
    char step[RS_NUMBER_SIZE + 8] = "continuous";
    if (ratings->scale.step > 0)
        snprintf(step, sizeof step, "by %g", (double)ratings->scale.step);
    enum rs_status status =
        rs_text_add(text, err,
                    "data:       %s\nformat:     %s\nusers:      %" PRIu32 "\nitems:      %" PRIu32
                    "\nratings:    %" PRIu64 "\ndensity:    %.4g %%\nscale:      %g to %g, %s\nduplicates: %" PRIu64
                    "%s\ntimestamps: %s\ntitles:     %" PRIu32 "\nhash:       %s\n",
                    ratings->name, ratings->format, ratings->users, ratings->items, ratings->count,
                    100 * density(ratings), (double)ratings->scale.low, (double)ratings->scale.high, step,
                    ratings->duplicates, ratings->duplicates ? " (the last of each pair was kept)" : "",
                    ratings->timed ? "yes" : "no", count_titles(ratings), ratings->hash);
    if (status == RS_OK && ratings->generated)
        status =
            rs_text_add(text, err, "noise:      %.5f, the RMSE that no model can go below\n", ratings->noise_floor);
    if (status == RS_OK && split)
        status = rs_text_add(
            text, err, "split:      train %" PRIu64 ", eval %" PRIu64 ", test %" PRIu64 "\nsplit hash: %s\n",
            dataset->count[RS_TRAIN], dataset->count[RS_EVAL], dataset->count[RS_TEST], dataset->split_hash);
    return status == RS_OK ? add_bars(text, &histogram, ratings->count, err) : status;
}

static enum rs_status add_histogram(struct rs_text *text, const struct rs_ratings *ratings, struct rs_error *err)
{
    struct histogram histogram;
    count_ratings(&histogram, ratings);
    enum rs_status status = rs_text_add(text, err, ",\"histogram\":[");
    for (size_t i = 0; i < histogram.bins && status == RS_OK; i++)
        status = rs_text_add(text, err, "%s{\"rating\":%g,\"count\":%" PRIu64 "}", i ? "," : "", histogram.value[i],
                             histogram.count[i]);
    return status == RS_OK ? rs_text_add(text, err, "]}\n") : status;
}

static enum rs_status add_json(struct rs_text *text, const struct rs_dataset *dataset, bool split, struct rs_error *err)
{
    const struct rs_ratings *ratings = &dataset->ratings;
    enum rs_status status = rs_text_add(text, err, "{\"event\":\"data\",");
    if (status == RS_OK)
        status = rs_json_text(text, "data", ratings->name, err);
    if (status == RS_OK)
        status = rs_text_add(text, err, ",");
    if (status == RS_OK)
        status = rs_json_text(text, "format", ratings->format, err);
    if (status == RS_OK)
        status =
            rs_text_add(text, err,
                        ",\"users\":%" PRIu32 ",\"items\":%" PRIu32 ",\"ratings\":%" PRIu64
                        ",\"density\":%.9g,\"low\":%g,\"high\":%g,\"step\":%g,\"duplicates\":%" PRIu64
                        ",\"timestamps\":%s,\"titles\":%" PRIu32 ",\"hash\":\"%s\"",
                        ratings->users, ratings->items, ratings->count, density(ratings), (double)ratings->scale.low,
                        (double)ratings->scale.high, (double)ratings->scale.step, ratings->duplicates,
                        ratings->timed ? "true" : "false", count_titles(ratings), ratings->hash);
    if (status == RS_OK && ratings->generated)
        status = rs_text_add(text, err, ",\"noise_floor\":%.9g", ratings->noise_floor);
    if (status == RS_OK && split)
        status = rs_text_add(
            text, err, ",\"train\":%" PRIu64 ",\"eval\":%" PRIu64 ",\"test\":%" PRIu64 ",\"split_hash\":\"%s\"",
            dataset->count[RS_TRAIN], dataset->count[RS_EVAL], dataset->count[RS_TEST], dataset->split_hash);
    return status == RS_OK ? add_histogram(text, ratings, err) : status;
}

/* Without settings of its own the data are looked at whole: no split that could fail on them. */
static enum rs_status prepare(struct rs_settings *settings, const struct rs_options *options, bool *split,
                              struct rs_error *err)
{
    enum rs_status status = rs_preset_default(settings, err);
    if (status == RS_OK)
        status = rs_settings_parse(settings, &rs_row_test_fraction, "0", err);
    if (status == RS_OK)
        status = rs_settings_parse(settings, &rs_row_eval_fraction, "0", err);
    if (status == RS_OK && options->words > 1)
        status = rs_settings_parse(settings, &rs_row_source, options->word[1], err);
    if (status == RS_OK)
        status = rs_options_apply(options, settings, err);
    *split = options->sets > 0;
    return status;
}

static enum rs_status info(const struct rs_options *options, struct rs_error *err)
{
    struct rs_text text = {0};
    struct rs_settings *settings = NULL;
    const struct rs_dataset *dataset = NULL;
    bool split = false;
    if (options->format == RS_FORMAT_CSV)
        return rs_fail(err, RS_USAGE, "data info has no table: --format=plain or --format=jsonl");
    if (options->users || options->items || options->ratings || options->seed || options->output || options->overwrite)
        return rs_fail(err, RS_USAGE,
                       "data info: --users, --items, --ratings, --seed, --output and --overwrite are "
                       "for data generate");
    enum rs_status status = rs_alloc(&settings, 1, sizeof *settings, err);
    if (status == RS_OK)
        status = prepare(settings, options, &split, err);
    if (status == RS_OK)
        status = rs_dataset_load(&dataset, settings, err);
    if (status == RS_OK && !options->quiet && dataset->note[0])
        fprintf(stderr, "recscope: note: %s\n", dataset->note);
    if (status == RS_OK && options->format == RS_FORMAT_JSONL)
        status = add_json(&text, dataset, split, err);
    else if (status == RS_OK)
        status = add_plain(&text, dataset, split, err);
    if (status == RS_OK)
        status = rs_report_write(stdout, &text, err);
    rs_text_free(&text);
    rs_dataset_drop(dataset);
    rs_free(settings);
    return status;
}

static const struct sub_command {
    const char *name;
    enum rs_status (*run)(const struct rs_options *options, struct rs_error *err);
} sub_commands[] = {{"info", info}, {"generate", rs_data_generate}};

enum rs_status rs_command_data(const struct rs_options *options, struct rs_error *err)
{
    for (size_t i = 0; i < sizeof sub_commands / sizeof *sub_commands; i++)
        if (strcmp(sub_commands[i].name, options->word[0]) == 0)
            return sub_commands[i].run(options, err);
    return rs_fail(
        err, RS_USAGE,
        "data %.60s: unknown command: recscope data info [SOURCE], or recscope data generate --users N --items "
        "N --ratings N -o FILE",
        options->word[0]);
}
