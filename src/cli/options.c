#include "options.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "recscope/base/text.h"
#include "recscope/data/dataset.h"
#include "recscope/experiment/preset.h"
#include "recscope/train/rows.h"

enum {
    EXPLORE = 1,
    TRAIN = 2,
    REPLAY = 4,
    MODELS = 8,
    DATA = 16,
    EXPORT = 32,
    ANY = 63,
    TRAINS = EXPLORE | TRAIN | REPLAY
};

const struct rs_command rs_commands[] = {
    {"train", TRAIN, "train PRESET", "train without a screen, one line an epoch",
     "  recscope train playground\n"
     "  recscope train presets/autorec-ml100k.ini --data ~/ml-100k --seed 2\n"
     "  recscope train playground --set model.layers=100 --format=csv > epochs.csv\n",
     1, 1, rs_command_train},
    {"replay", REPLAY, "replay RUN|PRESET", "train again from a run folder, and compare",
     "  recscope replay ~/.local/share/recscope/runs/RUN --verify\n"
     "  recscope replay RUN --verify --threads 1 --format=jsonl\n",
     1, 1, rs_command_replay},
    {"export", EXPORT, "export RUN... -o FILE", "stored runs as one figure, text or table",
     "  recscope export RUN RUN -o curves.svg\n"
     "  recscope export RUN -o epochs.csv\n",
     1, 17, rs_command_export},
    {"models", MODELS, "models [NAME]", "the models, or one model's settings, source and size",
     "  recscope models\n"
     "  recscope models autorec\n",
     0, 1, rs_command_models},
    {"data", DATA, "data info [SOURCE]", "what is in a file or folder of ratings; data generate -o FILE: makes one",
     "  recscope data info ~/ml-1m\n"
     "  recscope data info builtin:playground --format=jsonl\n"
     "  recscope data generate --users 6040 --items 3706 --ratings 1000000 -o ratings.dat\n",
     1, 2, rs_command_data},
    {NULL, EXPLORE, "[PRESET]", "open the explorer (without a terminal: train, one line an epoch)",
     "  recscope\n"
     "  recscope presets/ice1.ini\n",
     0, 1, rs_command_explore},
};

enum option {
    OPTION_DATA,
    OPTION_SET,
    OPTION_SEED,
    OPTION_THREADS,
    OPTION_EPOCHS,
    OPTION_USERS,
    OPTION_ITEMS,
    OPTION_RATINGS,
    OPTION_FORMAT,
    OPTION_OUT,
    OPTION_OUTPUT,
    OPTION_TITLE,
    OPTION_OVERWRITE,
    OPTION_VERIFY,
    OPTION_QUIET,
    OPTION_COLOR,
    OPTION_THEME,
    OPTION_CHARSET,
    OPTION_FPS,
    OPTION_SCRIPT,
    OPTION_SNAPSHOT,
    OPTION_PLAIN,
    OPTION_SIZE,
    OPTION_HELP,
    OPTION_VERSION,
    OPTIONS
};

static const struct {
    const char *name;
    const char *argument; /* NULL: a switch */
    unsigned commands;
    const char *help;
} table[OPTIONS] = {
    [OPTION_DATA] = {"--data", "SOURCE", TRAINS, "a file, a folder or builtin:NAME instead of the preset's data"},
    [OPTION_SET] = {"--set", "SECTION.KEY=VALUE", TRAINS | DATA | MODELS, "change a setting; may be repeated"},
    [OPTION_SEED] = {"--seed", "N", EXPLORE | TRAIN | DATA, "the seed of everything but the split"},
    [OPTION_THREADS] = {"--threads", "N", TRAINS, "threads; the numbers do not depend on them"},
    [OPTION_EPOCHS] = {"--epochs", "N", EXPLORE | TRAIN, "epochs at most"},
    [OPTION_USERS] = {"--users", "N", DATA, "of generated ratings"},
    [OPTION_ITEMS] = {"--items", "N", DATA, "of generated ratings"},
    [OPTION_RATINGS] = {"--ratings", "N", DATA, "how many ratings to generate"},
    [OPTION_FORMAT] = {"--format", "plain|jsonl|csv", TRAINS | DATA, "how standard output is written"},
    [OPTION_OUT] = {"--out", "FOLDER", TRAINS, "the run folder; train has one of its own where this is not given"},
    [OPTION_OUTPUT] = {"--output", "FILE", EXPORT | DATA,
                       "where to (-o): .svg, .png, .pdf, .txt or .csv; a file of ratings"},
    [OPTION_TITLE] = {"--title", "TEXT", EXPORT, "above the figure, instead of the first run's title"},
    [OPTION_OVERWRITE] = {"--overwrite", NULL, TRAINS | EXPORT | DATA,
                          "write into a run folder that is not empty, over a file"},
    [OPTION_VERIFY] = {"--verify", NULL, REPLAY, "compare every epoch and the weights with the record"},
    [OPTION_QUIET] = {"--quiet", NULL, ANY, "no notes, and of the plain format the summary alone"},
    [OPTION_COLOR] = {"--color", "auto|always|never", ANY, "colours; auto honours NO_COLOR and TERM"},
    [OPTION_THEME] = {"--theme", "auto|dark|light", EXPLORE, "the explorer's colours; auto asks COLORFGBG, else dark"},
    [OPTION_CHARSET] = {"--charset", "NAME", EXPLORE, "of the chart: auto, octants, braille, quadrants or ASCII"},
    [OPTION_FPS] = {"--fps", "N", EXPLORE, "frames a second at most (30); a slow link gets fewer by itself"},
    [OPTION_SCRIPT] = {"--script", "FILE", EXPLORE, "commands for the explorer, one a line; without a terminal, too"},
    [OPTION_SNAPSHOT] = {"--snapshot", "PRESET", EXPLORE, "train, and print the curves as text"},
    [OPTION_PLAIN] = {"--plain", NULL, EXPLORE, "the explorer as lines: commands in, what happens out"},
    [OPTION_SIZE] = {"--size", "COLUMNSxROWS", EXPLORE | EXPORT, "of a screen without a terminal, of a text (120x40)"},
    [OPTION_HELP] = {"--help", NULL, ANY, "this help (-h)"},
    [OPTION_VERSION] = {"--version", NULL, ANY, "the version"},
};

static const char *const format_names[] = {"plain", "jsonl", "csv", NULL};
static const char *const theme_names[] = {"auto", "dark", "light", NULL};
static const char *const color_names[] = {"auto", "always", "never", NULL};

/* ---- parsing ------------------------------------------------------------------------------------------------------
 */

static enum rs_status unknown_option(const char *text, size_t length, struct rs_error *err)
{
    char name[64];
    const char *names[OPTIONS];
    snprintf(name, sizeof name, "%.*s", (int)length, text);
    for (size_t i = 0; i < OPTIONS; i++)
        names[i] = table[i].name;
    const char *nearest = rs_nearest_name(name, names, OPTIONS);
    if (nearest)
        return rs_fail(err, RS_USAGE, "%s: unknown option: did you mean %s?", name, nearest);
    return rs_fail(err, RS_USAGE, "%s: unknown option: recscope --help lists them", name);
}

static enum rs_status choose(size_t *out, enum option option, const char *text, const char *const *names,
                             struct rs_error *err)
{
    for (size_t i = 0; names[i]; i++) {
        if (strcmp(names[i], text) != 0)
            continue;
        *out = i;
        return RS_OK;
    }
    return rs_fail(err, RS_USAGE, "%s=%.60s: there is no such choice: %s", table[option].name, text,
                   table[option].argument);
}

/* Where an option's text goes, or where its switch is; 0 (the command's place): somewhere else. */
static const size_t text_at[OPTIONS] = {
    [OPTION_DATA] = offsetof(struct rs_options, data),         [OPTION_SEED] = offsetof(struct rs_options, seed),
    [OPTION_THREADS] = offsetof(struct rs_options, threads),   [OPTION_EPOCHS] = offsetof(struct rs_options, epochs),
    [OPTION_USERS] = offsetof(struct rs_options, users),       [OPTION_ITEMS] = offsetof(struct rs_options, items),
    [OPTION_RATINGS] = offsetof(struct rs_options, ratings),   [OPTION_OUTPUT] = offsetof(struct rs_options, output),
    [OPTION_TITLE] = offsetof(struct rs_options, title),       [OPTION_OUT] = offsetof(struct rs_options, out),
    [OPTION_CHARSET] = offsetof(struct rs_options, charset),   [OPTION_SCRIPT] = offsetof(struct rs_options, script),
    [OPTION_SNAPSHOT] = offsetof(struct rs_options, snapshot),
};
static const size_t switch_at[OPTIONS] = {
    [OPTION_OVERWRITE] = offsetof(struct rs_options, overwrite),
    [OPTION_VERIFY] = offsetof(struct rs_options, verify),
    [OPTION_QUIET] = offsetof(struct rs_options, quiet),
    [OPTION_PLAIN] = offsetof(struct rs_options, plain),
    [OPTION_HELP] = offsetof(struct rs_options, help),
    [OPTION_VERSION] = offsetof(struct rs_options, version),
};

static enum rs_status take_choice(struct rs_options *out, enum option option, const char *value, struct rs_error *err)
{
    size_t choice = 0;
    const char *const *names = option == OPTION_FORMAT  ? format_names
                               : option == OPTION_COLOR ? color_names
                                                        : theme_names;
    enum rs_status status = choose(&choice, option, value, names, err);
    if (option == OPTION_FORMAT)
        out->format = (enum rs_format)choice;
    else if (option == OPTION_COLOR)
        out->color = (enum rs_color)choice;
    else
        out->theme = (enum rs_theme_choice)choice;
    return status;
}

static enum rs_status take(struct rs_options *out, enum option option, const char *value, struct rs_error *err)
{
    bool on = true;
    if (text_at[option]) {
        memcpy((char *)out + text_at[option], &value, sizeof value);
    } else if (switch_at[option]) {
        memcpy((char *)out + switch_at[option], &on, sizeof on);
    } else if (option == OPTION_SET) {
        if (out->sets == RS_SETS_MAX)
            return rs_fail(err, RS_USAGE, "more than %d times --set: a preset", RS_SETS_MAX);
        out->set[out->sets++] = value;
    } else if (option == OPTION_SIZE) {
        if (!rs_parse_size(value, &out->columns, &out->rows))
            return rs_fail(err, RS_USAGE, "%s=%.40s: not a size: --size=120x40", table[option].name, value);
    } else if (option == OPTION_FPS) {
        int64_t fps;
        if (!rs_parse_integer(value, 1, 240, &fps))
            return rs_fail(err, RS_USAGE, "%s=%.40s: not a whole number, 1 .. 240", table[option].name, value);
        out->fps = (int)fps;
    } else {
        return take_choice(out, option, value, err);
    }
    return RS_OK;
}

/* The option at *at, which it moves past a value of its own; *given gets the option's bit. */
static enum rs_status parse_option(struct rs_options *out, char **argument, int count, int *at, unsigned *given,
                                   struct rs_error *err)
{
    const char *text = strcmp(argument[*at], "-h") == 0   ? table[OPTION_HELP].name
                       : strcmp(argument[*at], "-o") == 0 ? table[OPTION_OUTPUT].name
                                                          : argument[*at];
    size_t length = strcspn(text, "=");
    size_t option = 0;
    while (option < OPTIONS && (strlen(table[option].name) != length || memcmp(table[option].name, text, length) != 0))
        option++;
    if (option == OPTIONS)
        return unknown_option(text, length, err);
    const char *value = text[length] == '=' ? text + length + 1 : NULL;
    if (!table[option].argument && value)
        return rs_fail(err, RS_USAGE, "%.60s: %s takes no value", text, table[option].name);
    if (table[option].argument && !value) {
        if (*at + 1 == count)
            return rs_fail(err, RS_USAGE, "%s: a value is missing: %s %s", text, text, table[option].argument);
        value = argument[++*at];
    }
    *given |= 1u << option;
    return take(out, (enum option)option, value, err);
}

static const struct rs_command *find_command(const char *name)
{
    const struct rs_command *command = rs_commands;
    while (command->name && !(name && strcmp(command->name, name) == 0))
        command++;
    return command;
}

/* Every option belongs to the command, and there are as many words as it takes. */
static enum rs_status check(const struct rs_options *options, unsigned given, struct rs_error *err)
{
    const struct rs_command *command = options->command;
    const char *name = command->name ? command->name : "the explorer";
    if (options->help || options->version)
        return RS_OK;
    for (size_t i = 0; i < OPTIONS; i++)
        if ((given & (1u << i)) && !(table[i].commands & command->bit))
            return rs_fail(err, RS_USAGE, "%s is no option of %s: recscope %s%s--help lists them", table[i].name, name,
                           command->name ? command->name : "", command->name ? " " : "");
    if (options->words < command->least)
        return rs_fail(err, RS_USAGE, "%s: something is missing: recscope %s", name, command->usage);
    if (options->words > command->most) {
        const char *word = command->name ? options->word[command->most] : options->word[0];
        const char *nearest = command->name ? NULL : rs_options_nearest(word);
        if (nearest)
            return rs_fail(err, RS_USAGE, "%.60s: unknown command: did you mean %s?", word, nearest);
        return rs_fail(err, RS_USAGE,
                       command->name ? "%.60s: one word too many: recscope %s"
                                     : "%.60s: unknown command: recscope --help lists them%.0s",
                       word, command->usage);
    }
    return RS_OK;
}

enum rs_status rs_options_parse(struct rs_options *out, int count, char **argument, struct rs_error *err)
{
    *out = (struct rs_options){.columns = 120, .rows = 40};
    bool options_end = false;
    unsigned given = 0;
    for (int i = 1; i < count; i++) {
        const char *text = argument[i];
        if (!options_end && strcmp(text, "--") == 0) {
            options_end = true;
        } else if (!options_end && text[0] == '-' && text[1] != '\0') {
            enum rs_status status = parse_option(out, argument, count, &i, &given, err);
            if (status != RS_OK)
                return status;
        } else if (!out->command && out->words == 0 && find_command(text)->name) {
            out->command = find_command(text);
        } else if (out->words == RS_WORDS_MAX) {
            return rs_fail(err, RS_USAGE, "%.60s: one word too many", text);
        } else {
            out->word[out->words++] = text;
        }
    }
    if (!out->command)
        out->command = find_command(NULL);
    return check(out, given, err);
}

const char *rs_options_nearest(const char *word)
{
    const char *names[sizeof rs_commands / sizeof *rs_commands];
    size_t count = 0;
    for (const struct rs_command *command = rs_commands; command->name; command++)
        names[count++] = command->name;
    return rs_nearest_name(word, names, count);
}

/* ---- settings -----------------------------------------------------------------------------------------------------
 */

/* What an option sets is checked as if a preset said it. */
static enum rs_status assign(struct rs_settings *settings, const struct rs_conf_row *row, const char *value,
                             enum option option, struct rs_error *err)
{
    struct rs_text text = {0};
    if (!value)
        return RS_OK;
    enum rs_status status = rs_text_add(&text, err, "%s.%s=%s", row->section, row->key, value);
    if (status == RS_OK)
        status = rs_preset_assign(settings, text.data, err);
    rs_text_free(&text);
    return status == RS_OK ? RS_OK : rs_fail_prefix(err, "%s", table[option].name);
}

enum rs_status rs_options_apply(const struct rs_options *options, struct rs_settings *settings, struct rs_error *err)
{
    enum rs_status status = assign(settings, &rs_row_source, options->data, OPTION_DATA, err);
    for (size_t i = 0; i < options->sets && status == RS_OK; i++) {
        status = rs_preset_assign(settings, options->set[i], err);
        if (status != RS_OK)
            status = rs_fail_prefix(err, "%s", table[OPTION_SET].name);
    }
    if (status == RS_OK)
        status = assign(settings, &rs_row_seed, options->seed, OPTION_SEED, err);
    if (status == RS_OK)
        status = assign(settings, &rs_row_threads, options->threads, OPTION_THREADS, err);
    if (status == RS_OK)
        status = assign(settings, &rs_row_epochs, options->epochs, OPTION_EPOCHS, err);
    return status;
}

/* ---- help ---------------------------------------------------------------------------------------------------------
 */

static enum rs_status add_options(struct rs_text *text, unsigned commands, struct rs_error *err)
{
    enum rs_status status = rs_text_add(text, err, "\nOptions:\n");
    for (size_t i = 0; i < OPTIONS && status == RS_OK; i++) {
        char name[64];
        if (!(table[i].commands & commands))
            continue;
        snprintf(name, sizeof name, "%s%s%s", table[i].name, table[i].argument ? "=" : "",
                 table[i].argument ? table[i].argument : "");
        status = rs_text_add(text, err, "  %-28s %s\n", name, table[i].help);
    }
    return status;
}

static enum rs_status add_overview(struct rs_text *text, struct rs_error *err)
{
    enum rs_status status = rs_text_add(text, err, "Examples:\n%s", find_command(NULL)->examples);
    for (const struct rs_command *command = rs_commands; command->name && status == RS_OK; command++)
        status = rs_text_add(text, err, "%.*s\n", (int)strcspn(command->examples, "\n"), command->examples);
    if (status == RS_OK)
        status = rs_text_add(text, err, "\nCommands:\n");
    for (const struct rs_command *command = rs_commands; status == RS_OK; command++) {
        status = rs_text_add(text, err, "  recscope %-22s %s\n", command->usage, command->summary);
        if (!command->name)
            break;
    }
    if (status == RS_OK)
        status = add_options(text, ANY, err);
    return status == RS_OK
               ? rs_text_add(
                     text, err,
                     "\nExit status: 0 done, 1 failed while running, 2 wrong usage, preset or data, 3 a replay\n"
                     "differs from its record, 4 it agrees to rounding and the record is from another machine,\n"
                     "130 interrupted.\n")
               : status;
}

enum rs_status rs_options_help(const struct rs_options *options, struct rs_error *err)
{
    struct rs_text text = {0};
    const struct rs_command *command = options->command;
    enum rs_status status;
    if (command->name) {
        status = rs_text_add(&text, err, "Examples:\n%s\nrecscope %s [options]: %s\n", command->examples,
                             command->usage, command->summary);
        if (status == RS_OK)
            status = add_options(&text, command->bit, err);
    } else {
        status = add_overview(&text, err);
    }
    if (status == RS_OK)
        fputs(text.data, stdout);
    rs_text_free(&text);
    return status;
}
