#include "form.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "recscope/base/text.h"
#include "recscope/data/dataset.h"
#include "recscope/models/model.h"
#include "recscope/train/rows.h"

#define SMALLEST 1e-3 /* a logarithmic number that may be 0: what follows 0, and what is followed by it */

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

/* strstr that takes capitals for small letters (ASCII). */
static bool holds(const char *text, const char *part)
{
    for (; *text; text++) {
        size_t same = 0;
        while (part[same] && tolower((unsigned char)text[same]) == tolower((unsigned char)part[same]))
            same++;
        if (!part[same])
            return true;
    }
    return false;
}

bool rs_form_find(struct rs_form *form, const char *text, int rows)
{
    for (size_t k = 1; k <= form->count; k++) {
        size_t at = (form->focus + k) % form->count;
        const struct rs_conf_row *row = form->row[at];
        if (!holds(row->label, text) && !holds(row->key, text) && !holds(row->help, text))
            continue;
        rs_form_move(form, (int)((long)at - (long)form->focus), rows);
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

void rs_form_move(struct rs_form *form, int by, int rows)
{
    long to = (long)form->focus + by;
    form->focus = to < 0 ? 0 : to >= (long)form->count ? form->count - 1 : (size_t)to;
    if (form->focus < form->top)
        form->top = form->focus;
    if (rows > 0 && form->focus >= form->top + (size_t)rows)
        form->top = form->focus - (size_t)rows + 1;
}

static double clamp(const struct rs_conf_row *row, double value)
{
    return fmin(fmax(value, row->low), row->high);
}

static double multiplied(const struct rs_conf_row *row, double value, int direction)
{
    double factor = row->step > 1 ? row->step : 2;
    double smallest = row->type == RS_CONF_INTEGER ? 1 : SMALLEST;
    if (value <= 0)
        return direction > 0 ? smallest : value;
    double next = direction > 0 ? value * factor : value / factor;
    if (row->low <= 0 && next < smallest * (1 - 1e-9))
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
    double next = direction > 0 ? floor(steps + 1 + 1e-9) : ceil(steps - 1 - 1e-9);
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

static bool nudge_list(const struct rs_settings *settings, const struct rs_conf_row *row, int direction, char *out)
{
    const struct rs_conf_value *value = rs_value(settings, row);
    size_t used = 0;
    for (size_t i = 0; i < value->length; i++) {
        double entry = direction > 0 ? value->list[i] * 2.0 : floor(value->list[i] / 2.0);
        used += (size_t)snprintf(out + used, RS_CONF_TEXT_SIZE - used, "%s%.0f", i ? "," : "", clamp(row, entry));
    }
    return value->length > 0;
}

bool rs_form_nudge(const struct rs_settings *settings, const struct rs_conf_row *row, int direction,
                   char out[RS_CONF_TEXT_SIZE])
{
    double value = rs_number(settings, row);
    switch (row->type) {
    case RS_CONF_CHOICE:
        return nudge_choice(settings, row, direction, out);
    case RS_CONF_LIST:
        return nudge_list(settings, row, direction, out);
    case RS_CONF_TEXT:
        return false;
    case RS_CONF_INTEGER:
    case RS_CONF_NUMBER:
        break;
    }
    value = clamp(row, row->logarithmic ? multiplied(row, value, direction) : added(row, value, direction));
    snprintf(out, RS_CONF_TEXT_SIZE, row->type == RS_CONF_INTEGER ? "%.0f" : "%.6g", value);
    return true;
}
