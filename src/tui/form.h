/* form.h -- the experiment as a list of fields, one a configuration row. No screen: what is shown is painted elsewhere.
 *
 * The fields that one changes most stand first, then every other row of the settings, so that a new row appears without
 * being named here. A row that has no meaning beside the others is not shown. Where there is room, each section has a
 * heading.
 */
#ifndef RS_TUI_FORM_H
#define RS_TUI_FORM_H

#include "entry.h"
#include "recscope/base/settings.h"

#define RS_FORM_NO_FIELD SIZE_MAX
struct rs_form_line {
    size_t field;        /* RS_FORM_NO_FIELD: a heading, a blank line, or the last line, about what is hidden */
    const char *heading; /* NULL: none */
    bool rest;           /* the heading stands for a second time */
};

struct rs_form {
    const struct rs_conf_row *row[RS_CONF_ROWS_MAX];
    size_t count;
    size_t first;  /* so many of them stand first, out of the order of the settings */
    size_t hidden; /* rows that do not apply */
    size_t focus;
    struct rs_form_line line[2 * RS_CONF_ROWS_MAX];
    size_t lines;
    size_t top; /* the first line shown */
    bool editing;
    struct rs_entry entry;
};

/* What was edited, so that it can be undone: edits[0 .. done) stand, those behind were undone. */
#define RS_EDITS_MOST 32
struct rs_edit {
    const struct rs_conf_row *row;
    char before[RS_CONF_TEXT_SIZE], after[RS_CONF_TEXT_SIZE];
};
struct rs_edits {
    struct rs_edit edit[RS_EDITS_MOST];
    size_t done, count;
};

void rs_form_init(struct rs_form *form, const struct rs_settings *settings);

/* After the settings changed: other rows may apply now. The focus stays on its row, or on the one that took its place.
 */
void rs_form_update(struct rs_form *form, const struct rs_settings *settings);

/* The next field behind the focus, going round, whose label, key or help has the text in it; false: none has. */
bool rs_form_find(struct rs_form *form, const char *text);

/* Complete what is being typed: a choice of the row that begins so, or the next one where the text is a whole choice.
 * false: nothing to add. */
bool rs_form_complete(const struct rs_conf_row *row, const char *text, char out[RS_CONF_TEXT_SIZE]);

/* Whether there is anything to complete in this row. */
bool rs_form_completes(const struct rs_conf_row *row);

const struct rs_conf_row *rs_form_row(const struct rs_form *form);

/* Move by so many fields. */
void rs_form_move(struct rs_form *form, int by);

/* Lay the lines out for so many rows of a screen, the focused field among them. */
void rs_form_show(struct rs_form *form, int rows);

/* The value one step further (direction 1 or -1), as in a preset; false where there is none. Choices go round,
 * logarithmic numbers go through 1, 2, 5, 10 or are multiplied, the others move in whole steps, lists double or halve
 * each entry. A large step is three of these, or ten of a whole number; a list gets one entry more, or one less. */
bool rs_form_nudge(const struct rs_settings *settings, const struct rs_conf_row *row, int direction, bool large,
                   char out[RS_CONF_TEXT_SIZE]);

#endif
