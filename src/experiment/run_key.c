/* What runs are sorted and filtered by. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "recscope/base/text.h"
#include "recscope/experiment/preset.h"
#include "recscope/experiment/run_list.h"
#include "recscope/models/model.h"

static const struct {
    const char *name;
    bool number;
} facts[RS_FACTS] = {
#define RS_RUN_FACT_ROW(id, name, number) {name, number},
    RS_RUN_FACT_MAP(RS_RUN_FACT_ROW)
#undef RS_RUN_FACT_ROW
};

static bool is_row_named(const struct rs_conf_row *row, const char *name)
{
    char dotted[128];
    snprintf(dotted, sizeof dotted, "%s.%s", row->section, row->key);
    return strcmp(name, dotted) == 0 || strcmp(name, row->key) == 0;
}

enum rs_status rs_run_key_find(struct rs_run_key *out, const char *name, struct rs_error *err)
{
    const char *names[RS_FACTS + RS_CONF_ROWS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < RS_FACTS; i++) {
        names[count++] = facts[i].name;
        *out = (struct rs_run_key){.fact = (enum rs_run_fact)i};
        if (strcmp(name, facts[i].name) == 0)
            return RS_OK;
    }
    for (size_t i = 0; rs_all_rows[i]; i++) {
        names[count++] = rs_all_rows[i]->key;
        *out = (struct rs_run_key){.row = rs_all_rows[i]};
        if (is_row_named(rs_all_rows[i], name))
            return RS_OK;
    }
    const char *nearest = rs_nearest_name(name, names, count);
    return rs_fail(err, RS_USAGE, "%.60s: runs have no such column or setting: %s%s%s", name,
                   nearest ? "did you mean " : "best, at, time, tag, note, model, data, state, or a setting",
                   nearest ? nearest : "", nearest ? "?" : "");
}

const char *rs_run_key_name(const struct rs_run_key *key)
{
    return key->row ? key->row->key : facts[key->fact].name;
}

bool rs_run_key_is_number(const struct rs_run_key *key)
{
    if (key->row)
        return key->row->type == RS_CONF_NUMBER || key->row->type == RS_CONF_INTEGER;
    return facts[key->fact].number;
}

double rs_run_number(const struct rs_stored_run *run, const struct rs_run_key *key)
{
    double value;
    const char *text = key->row ? rs_stored_run_value(run, key->row) : NULL;
    if (key->row)
        return text && rs_parse_number(text, &value) ? value : NAN;
    switch (key->fact) {
    case RS_FACT_BEST:
        return run->best_eval;
    case RS_FACT_AT:
        return run->best_epoch;
    case RS_FACT_LAST:
        return run->last_eval;
    case RS_FACT_TEST: /* sealed: not even its order is told */
        return run->label.test_opened > 0 ? run->test_rmse : NAN;
    case RS_FACT_TIME:
        return run->seconds;
    case RS_FACT_NAME:
    case RS_FACT_TAG:
    case RS_FACT_MODEL:
    case RS_FACT_DATA:
    case RS_FACT_STATE:
    case RS_FACT_NOTE:
    case RS_FACTS:
        break;
    }
    return NAN;
}

const char *rs_run_text(const struct rs_stored_run *run, const struct rs_run_key *key)
{
    const char *text = key->row ? rs_stored_run_value(run, key->row) : NULL;
    if (key->row)
        return text ? text : "";
    switch (key->fact) {
    case RS_FACT_NAME:
        return run->name;
    case RS_FACT_TAG:
        return run->label.tag;
    case RS_FACT_MODEL:
        text = rs_stored_run_value(run, &rs_row_model);
        return text ? text : "";
    case RS_FACT_DATA:
        return run->data;
    case RS_FACT_STATE:
        return rs_run_state_name(run->state);
    case RS_FACT_NOTE:
        return run->label.note;
    case RS_FACT_BEST:
    case RS_FACT_AT:
    case RS_FACT_LAST:
    case RS_FACT_TEST:
    case RS_FACT_TIME:
    case RS_FACTS:
        break;
    }
    return "";
}
