/* form.h -- the experiment as a list of fields, one a configuration row. No screen: what is shown is painted elsewhere.
 *
 * The fields that one changes most stand first, then every other row of the settings, so that a new row appears without
 * being named here.
 */
#ifndef RS_TUI_FORM_H
#define RS_TUI_FORM_H

#include "entry.h"
#include "recscope/base/settings.h"

struct rs_form {
    const struct rs_conf_row *row[RS_CONF_ROWS_MAX];
    size_t count;
    size_t first; /* how many of them are the ones named in form.c */
    size_t focus;
    size_t top; /* the first one shown */
    bool editing;
    struct rs_entry entry;
};

void rs_form_init(struct rs_form *form, const struct rs_settings *settings);

const struct rs_conf_row *rs_form_row(const struct rs_form *form);

/* Move by so many fields, and keep the focus among the `rows` that are shown. */
void rs_form_move(struct rs_form *form, int by, int rows);

/* The value one arrow key further (direction 1 or -1), as in a preset; false where arrows change nothing. Choices go
 * round, logarithmic numbers are multiplied, the others move in whole steps, lists double or halve each entry. */
bool rs_form_nudge(const struct rs_settings *settings, const struct rs_conf_row *row, int direction,
                   char out[RS_CONF_TEXT_SIZE]);

#endif
