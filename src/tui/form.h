/* form.h -- the experiment as a list of fields, one a configuration row. No screen: what is shown is painted elsewhere.
 *
 * The fields that one changes most stand first, then every other row of the settings, so that a new row appears without
 * being named here. A row that has no meaning beside the others is not shown.
 */
#ifndef RS_TUI_FORM_H
#define RS_TUI_FORM_H

#include "entry.h"
#include "recscope/base/settings.h"

struct rs_form {
    const struct rs_conf_row *row[RS_CONF_ROWS_MAX];
    size_t count;
    size_t hidden; /* rows that do not apply */
    size_t focus;
    size_t top; /* the first one shown */
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
bool rs_form_find(struct rs_form *form, const char *text, int rows);

/* Complete what is being typed: a choice of the row that begins so, or the next one where the text is a whole choice.
 * false: nothing to add. */
bool rs_form_complete(const struct rs_conf_row *row, const char *text, char out[RS_CONF_TEXT_SIZE]);

const struct rs_conf_row *rs_form_row(const struct rs_form *form);

/* Move by so many fields, and keep the focus among the `rows` that are shown. */
void rs_form_move(struct rs_form *form, int by, int rows);

/* The value one arrow key further (direction 1 or -1), as in a preset; false where arrows change nothing. Choices go
 * round, logarithmic numbers are multiplied, the others move in whole steps, lists double or halve each entry. */
bool rs_form_nudge(const struct rs_settings *settings, const struct rs_conf_row *row, int direction,
                   char out[RS_CONF_TEXT_SIZE]);

#endif
