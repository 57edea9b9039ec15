/* options.h -- the command line: sub-commands and options as two tables.
 *
 * Threads: called once, before there are others.
 */
#ifndef RS_CLI_OPTIONS_H
#define RS_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "recscope/base/settings.h"

enum rs_format { RS_FORMAT_PLAIN, RS_FORMAT_JSONL, RS_FORMAT_CSV };
enum rs_theme_choice { RS_THEME_CHOICE_AUTO, RS_THEME_CHOICE_DARK, RS_THEME_CHOICE_LIGHT };
enum rs_color { RS_COLOR_AUTO, RS_COLOR_ALWAYS, RS_COLOR_NEVER };

#define RS_WORDS_MAX 24
#define RS_SETS_MAX  64

struct rs_command;

struct rs_options {
    const struct rs_command *command;
    const char *word[RS_WORDS_MAX]; /* (words) what stands behind the command's name */
    size_t words;
    const char *set[RS_SETS_MAX]; /* (sets) section.key=value, in order */
    size_t sets;
    const char *data, *seed, *threads, *epochs; /* NULL: not given */
    const char *users, *items, *ratings;        /* of generated data; NULL: not given */
    const char *out;                            /* NULL: not given */
    const char *script, *snapshot;              /* NULL: not given */
    const char *output, *title;                 /* of export; NULL: not given */
    const char *charset;                        /* NULL: not given */
    int fps;                                    /* 0: not given */
    int columns, rows;                          /* of a screen without a terminal */
    enum rs_format format;
    enum rs_color color;
    enum rs_theme_choice theme;
    bool overwrite, quiet, verify, plain, help, version;
};

struct rs_command {
    const char *name; /* NULL: the explorer, which has no name */
    unsigned bit;     /* which options it takes */
    const char *usage;
    const char *summary;
    const char *examples; /* lines */
    size_t least, most;   /* words */
    enum rs_status (*run)(const struct rs_options *options, struct rs_error *err);
};

extern const struct rs_command rs_commands[]; /* ends with the explorer's row */

/* Errors: RS_USAGE with the nearest name. */
enum rs_status rs_options_parse(struct rs_options *out, int count, char **argument, struct rs_error *err) RS_CHECKED;

/* `--help`: of the command, or of the program where there is none. */
enum rs_status rs_options_help(const struct rs_options *options, struct rs_error *err) RS_CHECKED;

/* The command nearest to a word that is none; NULL when none is near. */
const char *rs_options_nearest(const char *word);

/* Bring --data, --set, --seed, --threads and --epochs into the settings, in this order. Errors: RS_PRESET, RS_USAGE. */
enum rs_status rs_options_apply(const struct rs_options *options, struct rs_settings *settings,
                                struct rs_error *err) RS_CHECKED;

#endif
