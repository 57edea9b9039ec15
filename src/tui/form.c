#include "form.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "recscope/base/text.h"
#include "recscope/data/dataset.h"
#include "recscope/models/model.h"
#include "recscope/train/rows.h"

#define SMALLEST    1e-3 /* a logarithmic number that may be 0: what follows 0, and what is followed by it */
#define SAME        1e-9 /* relative: nearer than that is equal */
#define ROOMY       24   /* rows of a screen, from which on there are headings */
#define LARGE       3    /* steps in a large one */
#define LARGE_WHOLE 10   /* the same of whole numbers */

static const struct rs_conf_row *const named[] = {
    &rs_row_source,
    &rs_row_model,
    &rs_row_orientation,
    &rs_row_layers,
    &rs_row_factors,
    &rs_row_biases,
    &rs_row_hidden_activation,
    &rs_row_output_activation,
    &rs_row_dropout,
    &rs_row_input_dropout,
    &rs_row_optimizer,
    &rs_row_learning_rate,
    &rs_row_batch_size,
    &rs_row_l2,
    &rs_row_epochs,
    &rs_row_patience,
    &rs_row_seed,
};

static bool is_named(const struct rs_conf_row *row)
{
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (named[i] == row)
            return true;
    return false;
}

static void add(struct rs_form *form, const struct rs_settings *settings, const struct rs_conf_row *row)
{
    if (rs_row_applies(settings, row))
        form->row[form->count++] = row;
    else
        form->hidden++;
}

void rs_form_update(struct rs_form *form, const struct rs_settings *settings)
{
    const struct rs_conf_row *focused = form->count > 0 ? form->row[form->focus] : NULL;
    form->count = form->hidden = 0;
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        add(form, settings, named[i]);
    form->first = form->count;
    for (size_t i = 0; i < settings->count; i++)
        if (!is_named(settings->rows[i]))
            add(form, settings, settings->rows[i]);
    if (form->focus >= form->count)
        form->focus = form->count - 1;
    for (size_t i = 0; i < form->count; i++)
        if (form->row[i] == focused)
            form->focus = i;
}

void rs_form_init(struct rs_form *form, const struct rs_settings *settings)
{
    memset(form, 0, sizeof *form);
    rs_form_update(form, settings);
    form->focus = 1; /* the model: the first thing to try */
}

bool rs_form_find(struct rs_form *form, const char *text)
{
    for (size_t k = 1; k <= form->count; k++) {
        size_t at = (form->focus + k) % form->count;
        const struct rs_conf_row *row = form->row[at];
        if (!rs_contains(row->label, text) && !rs_contains(row->key, text) && !rs_contains(row->help, text))
            continue;
        form->focus = at;
        return true;
    }
    return false;
}

/* The texts a row may be given: its choices, or the built-in data of the source. */
static const char *const *choices_of(const struct rs_conf_row *row)
{
    static const char *const sources[] = {"builtin:playground", "builtin:ice1", NULL};
    return row->type == RS_CONF_CHOICE ? row->choices : row == &rs_row_source ? sources : NULL;
}

bool rs_form_completes(const struct rs_conf_row *row)
{
    return choices_of(row) != NULL;
}

bool rs_form_complete(const struct rs_conf_row *row, const char *text, char out[RS_CONF_TEXT_SIZE])
{
    const char *const *choices = choices_of(row);
    if (!choices)
        return false;
    for (size_t i = 0; choices[i]; i++)
        if (strcmp(choices[i], text) == 0)
            return rs_copy_string(out, RS_CONF_TEXT_SIZE, choices[i + 1] ? choices[i + 1] : choices[0]);
    for (size_t i = 0; choices[i]; i++)
        if (strncmp(choices[i], text, strlen(text)) == 0)
            return rs_copy_string(out, RS_CONF_TEXT_SIZE, choices[i]);
    return false;
}

const struct rs_conf_row *rs_form_row(const struct rs_form *form)
{
    return form->row[form->focus];
}

void rs_form_move(struct rs_form *form, int by)
{
    long to = (long)form->focus + by;
    form->focus = to < 0 ? 0 : to >= (long)form->count ? form->count - 1 : (size_t)to;
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

static const char *heading_of(const struct rs_conf_row *row)
{
    static const char *const headings[][2] = {{"experiment", "Experiment"},
                                              {"data", "Data"},
                                              {"model", "Model"},
                                              {"train", "Training"},
                                              {"reference", "Published result"}};
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        if (strcmp(row->section, headings[i][0]) == 0)
            return headings[i][1];
    return row->section;
}

/* Whether a heading says what the field below it says anyway. */
static bool same_words(const char *heading, const char *label)
{
    return rs_contains(heading, label) && strlen(heading) == strlen(label);
}

static bool has_begun(const struct rs_form *form, size_t field)
{
    for (size_t i = 0; i < form->first && i < field; i++)
        if (strcmp(form->row[i]->section, form->row[field]->section) == 0)
            return true;
    return false;
}

static void begin_section(struct rs_form *form, size_t field)
{
    const char *heading = heading_of(form->row[field]);
    bool rest = has_begun(form, field);
    if (!rest && same_words(heading, form->row[field]->label))
        heading = NULL;
    if (heading || field > 0)
        form->line[form->lines++] = (struct rs_form_line){RS_FORM_NO_FIELD, heading, rest};
}

static void lay_lines(struct rs_form *form, bool headings)
{
    form->lines = 0;
    for (size_t i = 0; i < form->count; i++) {
        if (headings && (i == 0 || strcmp(form->row[i]->section, form->row[i - 1]->section) != 0))
            begin_section(form, i);
        form->line[form->lines++] = (struct rs_form_line){.field = i};
    }
    if (form->hidden > 0)
        form->line[form->lines++] = (struct rs_form_line){.field = RS_FORM_NO_FIELD};
}

static size_t line_of(const struct rs_form *form, size_t field)
{
    size_t line = 0;
    while (form->line[line].field != field)
        line++;
    return line;
}

void rs_form_show(struct rs_form *form, int rows)
{
    size_t room = rows > 0 ? (size_t)rows : 1;
    lay_lines(form, rows >= ROOMY);
    size_t line = line_of(form, form->focus);
    size_t above = line > 0 && form->line[line - 1].field == RS_FORM_NO_FIELD && room > 1 ? line - 1 : line;
    /* Below the last field stands what is hidden: it comes into sight with that field. */
    size_t below = form->focus + 1 == form->count && room > 1 ? form->lines - 1 : line;
    if (form->top + room > form->lines)
        form->top = form->lines > room ? form->lines - room : 0;
    if (above < form->top)
        form->top = above;
    if (below >= form->top + room)
        form->top = below - room + 1;
}

/* ---- steps ------------------------------------------------------------------------------------------------------- */

static double clamp(const struct rs_conf_row *row, double value)
{
    return fmin(fmax(value, row->low), row->high);
}

/* The neighbour of a number among 1, 2, 5, 10, 20 ... */
static double neighbour(double value, int direction)
{
    static const double pleasant[] = {0.5, 1, 2, 5, 10};
    double decade = pow(10, floor(log10(value) + SAME));
    size_t i = direction > 0 ? 0 : sizeof pleasant / sizeof *pleasant - 1;
    while (direction > 0 ? pleasant[i] * decade <= value * (1 + SAME) : pleasant[i] * decade >= value * (1 - SAME))
        i = direction > 0 ? i + 1 : i - 1;
    return pleasant[i] * decade;
}

static double multiplied(const struct rs_conf_row *row, double value, int direction)
{
    double smallest = row->type == RS_CONF_INTEGER ? 1 : SMALLEST;
    if (value <= 0)
        return direction > 0 ? smallest : value;
    double factor = direction > 0 ? row->step : 1 / row->step;
    double next = row->step > 1 ? value * factor : neighbour(value, direction);
    if (row->low <= 0 && next < smallest * (1 - SAME))
        return 0;
    if (row->type == RS_CONF_INTEGER) /* one step is always a step */
        return direction > 0 ? fmax(round(next), value + 1) : fmin(round(next), value - 1);
    return next;
}

static double added(const struct rs_conf_row *row, double value, int direction)
{
    double step = row->step > 0 ? row->step : 1;
    /* Whole steps from zero: 0.25 in steps of 0.1 goes to 0.3, not to 0.35. */
    double steps = value / step;
    double next = direction > 0 ? floor(steps + 1 + SAME) : ceil(steps - 1 - SAME);
    return next * step;
}

static bool nudge_choice(const struct rs_settings *settings, const struct rs_conf_row *row, int direction, char *out)
{
    size_t count = 1;
    while (row->choices[count - 1] && row->choices[count])
        count++;
    size_t next = (rs_choice(settings, row) + count + (direction > 0 ? 1 : count - 1)) % count;
    return rs_copy_string(out, RS_CONF_TEXT_SIZE, row->choices[next]);
}

/* Each entry doubled or halved; or with one more like the last, or without the last. */
static bool nudge_list(const struct rs_settings *settings, const struct rs_conf_row *row, int direction, bool large,
                       char *out)
{
    const struct rs_conf_value *value = rs_value(settings, row);
    size_t length = large ? value->length + (size_t)direction : value->length;
    size_t used = 0;
    if (value->length == 0 || length == 0 || length > RS_CONF_LIST_SIZE)
        return false;
    for (size_t i = 0; i < length; i++) {
        double entry = value->list[i < value->length ? i : value->length - 1];
        if (!large)
            entry = direction > 0 ? entry * 2 : floor(entry / 2);
        used += (size_t)snprintf(out + used, RS_CONF_TEXT_SIZE - used, "%s%.0f", i ? "," : "", clamp(row, entry));
    }
    return true;
}

static double nudge_number(const struct rs_conf_row *row, double value, int direction, bool large)
{
    int steps = !large ? 1 : row->type == RS_CONF_INTEGER && !row->logarithmic ? LARGE_WHOLE : LARGE;
    for (int i = 0; i < steps; i++)
        value = clamp(row, row->logarithmic ? multiplied(row, value, direction) : added(row, value, direction));
    return value;
}

bool rs_form_nudge(const struct rs_settings *settings, const struct rs_conf_row *row, int direction, bool large,
                   char out[RS_CONF_TEXT_SIZE])
{
    switch (row->type) {
    case RS_CONF_CHOICE:
        return nudge_choice(settings, row, direction, out);
    case RS_CONF_LIST:
        return nudge_list(settings, row, direction, large, out);
    case RS_CONF_TEXT:
        return false;
    case RS_CONF_INTEGER:
    case RS_CONF_NUMBER:
        break;
    }
    snprintf(out, RS_CONF_TEXT_SIZE, row->type == RS_CONF_INTEGER ? "%.0f" : "%.6g",
             nudge_number(row, rs_number(settings, row), direction, large));
    return true;
}
