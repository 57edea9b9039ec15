#include "generate.h"

#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "recscope/base/clock.h"
#include "recscope/base/memory.h"
#include "recscope/base/text.h"
#include "recscope/data/dataset.h"
#include "recscope/data/generate.h"
#include "recscope/experiment/preset.h"

/* A handler has no argument of its own. */
static atomic_bool interrupted;

static void on_signal(int number)
{
    (void)number;
    atomic_store(&interrupted, true);
}

static void catch_signals(void)
{
    struct sigaction stop = {.sa_handler = on_signal, .sa_flags = (int)(SA_RESETHAND | SA_RESTART)};
    sigemptyset(&stop.sa_mask);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
}

static enum rs_status whole_number(int64_t *out, const char *option, const char *text, int64_t low, int64_t high,
                                   struct rs_error *err)
{
    if (!text)
        return rs_fail(err, RS_USAGE, "data generate: %s is missing: a whole number, %" PRId64 " .. %" PRId64, option,
                       low, high);
    if (!rs_parse_integer(text, low, high, out))
        return rs_fail(err, RS_USAGE, "%s=%.40s: not a whole number, %" PRId64 " .. %" PRId64, option, text, low, high);
    return RS_OK;
}

static enum rs_status take_numbers(struct rs_generate *out, const struct rs_options *options, struct rs_error *err)
{
    int64_t users;
    int64_t items;
    int64_t ratings;
    int64_t seed;
    const char *seed_text = options->seed ? options->seed : "1";
    enum rs_status status;
    if ((status = whole_number(&users, "--users", options->users, 1, RS_GENERATE_USERS_MOST, err)) != RS_OK ||
        (status = whole_number(&items, "--items", options->items, 1, RS_GENERATE_ITEMS_MOST, err)) != RS_OK ||
        (status = whole_number(&ratings, "--ratings", options->ratings, 1, RS_GENERATE_RATINGS_MOST, err)) != RS_OK ||
        (status = whole_number(&seed, "--seed", seed_text, 0, (int64_t)rs_row_world_seed.high, err)) != RS_OK)
        return status;
    *out = (struct rs_generate){.users = (uint32_t)users,
                                .items = (uint32_t)items,
                                .ratings = (uint64_t)ratings,
                                .seed = (uint64_t)seed,
                                .overwrite = options->overwrite,
                                .stop = &interrupted};
    return RS_OK;
}

/* --set data.world_noise=0.5 and its like are heard; they belong to the built-in playground, which is the source. */
static enum rs_status take_settings(struct rs_settings *settings, const struct rs_options *options,
                                    struct rs_error *err)
{
    enum rs_status status = rs_preset_default(settings, err);
    struct rs_options sets = *options;
    sets.seed = NULL;
    return status == RS_OK ? rs_options_apply(&sets, settings, err) : status;
}

static enum rs_status check(const struct rs_options *options, struct rs_error *err)
{
    if (options->words > 1)
        return rs_fail(err, RS_USAGE, "%.60s: one word too many: data generate --users N --items N --ratings N -o FILE",
                       options->word[1]);
    if (options->format != RS_FORMAT_PLAIN)
        return rs_fail(err, RS_USAGE, "data generate prints nothing that --format could change");
    if (!options->output)
        return rs_fail(err, RS_USAGE, "data generate: where to is missing: -o FILE");
    return RS_OK;
}

enum rs_status rs_data_generate(const struct rs_options *options, struct rs_error *err)
{
    struct rs_generate wanted;
    struct rs_settings *settings = NULL;
    uint64_t bytes = 0;
    double started = rs_clock_seconds();
    enum rs_status status;
    if ((status = check(options, err)) != RS_OK || (status = take_numbers(&wanted, options, err)) != RS_OK ||
        (status = rs_alloc(&settings, 1, sizeof *settings, err)) != RS_OK)
        return status;
    catch_signals();
    status = take_settings(settings, options, err);
    if (status == RS_OK)
        status = rs_generate_file(options->output, &wanted, settings, &bytes, err);
    if (status == RS_OK && !options->quiet)
        fprintf(stderr,
                "recscope: note: %s: %" PRIu64 " ratings, %" PRIu32 " users, %" PRIu32 " items, %.2f GB in %.1f s\n",
                options->output, wanted.ratings, wanted.users, wanted.items, (double)bytes / 1e9,
                rs_clock_seconds() - started);
    rs_free(settings);
    return status;
}
