/* settings.h -- configuration rows and the values they hold.
 *
 * One row describes one key: defaults, the INI reader and writer, --set, the form, the manual and the table of a model
 * all come from it, and the key's name stands in the source once, in its row. Code that needs a value names the row:
 * rs_number(settings, &rs_row_dropout).
 * Settings are plain memory: copy them by assignment, compare them with rs_settings_equal.
 * Threads: const use from any thread; changing one needs the owner.
 */
#ifndef RECSCOPE_BASE_SETTINGS_H
#define RECSCOPE_BASE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recscope/base/status.h"

enum rs_conf_type {
    RS_CONF_INTEGER, /* a whole number in low..high                     */
    RS_CONF_NUMBER,  /* a finite number in low..high                    */
    RS_CONF_CHOICE,  /* one of choices                                  */
    RS_CONF_LIST,    /* whole numbers in low..high, with commas between */
    RS_CONF_TEXT     /* anything on one line                            */
};

#define RS_CONF_TEXT_SIZE 1024
#define RS_CONF_LIST_SIZE 16
#define RS_CONF_ROWS_MAX  96

struct rs_settings;

struct rs_conf_row {
    const char *section;
    const char *key;
    const char *label; /* what the form calls it */
    enum rs_conf_type type;
    double low, high;     /* of a number, an integer, a list's entries; both included */
    const char *fallback; /* the default, written as in a preset */
    const char *unit;
    const char *const *choices; /* NULL-terminated, for RS_CONF_CHOICE */
    bool live;                  /* may change while training runs, and acts at once */
    bool logarithmic;           /* the arrow keys multiply instead of add */
    double step;                /* what one arrow key adds, 0: 1; or multiplies by, 0: goes through 1, 2, 5, 10 */
    /* Whether the key has a meaning beside the other settings; NULL: always. */
    bool (*applies)(const struct rs_settings *settings);
    const char *help; /* one line */
};

struct rs_conf_value {
    char text[RS_CONF_TEXT_SIZE]; /* as written in a preset; canonical, so that equal values have equal text */
    double number;                /* INTEGER and NUMBER: the value; CHOICE: the index */
    uint32_t list[RS_CONF_LIST_SIZE];
    size_t length; /* of list */
    bool given;    /* a preset, an option or a person set it */
};

struct rs_settings {
    const struct rs_conf_row *const *rows; /* NULL-terminated; every room's rows, in form order */
    size_t count;
    struct rs_conf_value value[RS_CONF_ROWS_MAX];
};

/* Every row at its default. rows outlives the settings. Errors: RS_FAILED if a default does not fit its own row. */
enum rs_status rs_settings_init(struct rs_settings *settings, const struct rs_conf_row *const *rows,
                                struct rs_error *err) RS_CHECKED;

/* Parse text into the row's value. Errors: RS_PRESET, "[section] key = text: reason: what would be right"; the value
 * is unchanged. */
enum rs_status rs_settings_parse(struct rs_settings *settings, const struct rs_conf_row *row, const char *text,
                                 struct rs_error *err) RS_CHECKED;

/* The row of [section] key; NULL with a message that names the nearest section or key when there is none. */
const struct rs_conf_row *rs_settings_find(const struct rs_settings *settings, const char *section, const char *key,
                                           struct rs_error *err);

/* Typed reads. The row must be among the settings' rows. */
const struct rs_conf_value *rs_value(const struct rs_settings *settings, const struct rs_conf_row *row);
double rs_number(const struct rs_settings *settings, const struct rs_conf_row *row);
int64_t rs_integer(const struct rs_settings *settings, const struct rs_conf_row *row);
size_t rs_choice(const struct rs_settings *settings, const struct rs_conf_row *row);
bool rs_flag(const struct rs_settings *settings, const struct rs_conf_row *row); /* of rs_no_yes */
const char *rs_string(const struct rs_settings *settings, const struct rs_conf_row *row);

/* Both hold the same values (whoever gave them). */
bool rs_settings_equal(const struct rs_settings *a, const struct rs_settings *b);

/* "0 .. 1", "item, user", "1 .. 65536, with commas between": what would be right. */
void rs_conf_range(const struct rs_conf_row *row, char *out, size_t size);

extern const char *const rs_no_yes[]; /* "no", "yes", NULL: a flag is this choice */

#endif
