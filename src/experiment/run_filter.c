#include "run_filter.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "recscope/base/text.h"

/* ---- parsing ----------------------------------------------------------------------------------------------------- */

/* The longer ones first. */
static const struct {
    const char *sign;
    enum rs_filter_op op;
} operators[] = {{"!=", RS_FILTER_NOT}, {"<=", RS_FILTER_LE}, {">=", RS_FILTER_GE},
                 {"=", RS_FILTER_IS},   {"<", RS_FILTER_LT},  {">", RS_FILTER_GT}};

/* Where the operator of a word stands; NULL: it has none. */
static char *find_operator(char *word, enum rs_filter_op *op, size_t *length)
{
    for (char *at = word; *at; at++)
        for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
            if (strncmp(at, operators[i].sign, strlen(operators[i].sign)) == 0) {
                *op = operators[i].op;
                *length = strlen(operators[i].sign);
                return at;
            }
    return NULL;
}

static enum rs_status parse_word(struct rs_filter_term *term, char *word, struct rs_error *err)
{
    size_t length = 0;
    term->op = RS_FILTER_HAS;
    term->denied = word[0] == '!' && word[1] != '=';
    word += term->denied;
    char *sign = find_operator(word, &term->op, &length);
    rs_copy_string(term->text, sizeof term->text, sign ? sign + length : word);
    if (!sign)
        return RS_OK;
    *sign = '\0';
    if (!rs_parse_number(term->text, &term->number))
        term->number = NAN;
    enum rs_status status = rs_run_key_find(&term->key, word, err);
    if (status == RS_OK && term->op > RS_FILTER_NOT && (isnan(term->number) || !rs_run_key_is_number(&term->key)))
        return rs_fail(err, RS_USAGE, "%s and < or > want numbers: best<0.95", word);
    return status;
}

enum rs_status rs_run_filter_parse(struct rs_run_filter *out, const char *text, struct rs_error *err)
{
    *out = (struct rs_run_filter){0};
    bool alternative = true;
    while (*text) {
        char word[RS_FILTER_WORD];
        size_t length = strcspn(text, " |");
        if (length == 0) {
            alternative = alternative || *text == '|';
            text++;
            continue;
        }
        if (length >= sizeof word || out->count == RS_FILTER_TERMS)
            return rs_fail(err, RS_USAGE, "the filter is too long: at most %d words of %d bytes", RS_FILTER_TERMS,
                           RS_FILTER_WORD - 1);
        memcpy(word, text, length);
        word[length] = '\0';
        text += length;
        struct rs_filter_term *term = &out->term[out->count];
        enum rs_status status = parse_word(term, word, err);
        if (status != RS_OK)
            return status;
        term->alternative = alternative;
        alternative = false;
        out->count++;
    }
    return RS_OK;
}

/* ---- matching ---------------------------------------------------------------------------------------------------- */

static bool contains(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (; strlen(text) >= length; text++)
        if (strncasecmp(text, word, length) == 0)
            return true;
    return false;
}

static bool has_word(const struct rs_stored_run *run, const char *word)
{
    static const enum rs_run_fact where[] = {RS_FACT_NAME,  RS_FACT_TAG,  RS_FACT_NOTE,
                                             RS_FACT_MODEL, RS_FACT_DATA, RS_FACT_STATE};
    for (size_t i = 0; i < sizeof where / sizeof *where; i++)
        if (contains(rs_run_text(run, &(struct rs_run_key){.fact = where[i]}), word))
            return true;
    return false;
}

static bool is_equal(const struct rs_stored_run *run, const struct rs_filter_term *term)
{
    if (rs_run_key_is_number(&term->key) && !isnan(term->number))
        return rs_run_number(run, &term->key) == term->number;
    return strcasecmp(rs_run_text(run, &term->key), term->text) == 0;
}

static bool holds(const struct rs_stored_run *run, const struct rs_filter_term *term)
{
    double number = term->op > RS_FILTER_NOT ? rs_run_number(run, &term->key) : NAN;
    switch (term->op) {
    case RS_FILTER_HAS:
        return has_word(run, term->text);
    case RS_FILTER_IS:
        return is_equal(run, term);
    case RS_FILTER_NOT:
        return !is_equal(run, term);
    case RS_FILTER_LE:
        return number <= term->number;
    case RS_FILTER_GE:
        return number >= term->number;
    case RS_FILTER_LT:
        return number < term->number;
    case RS_FILTER_GT:
        return number > term->number;
    }
    return false;
}

bool rs_run_filter_passes(const struct rs_run_filter *filter, const struct rs_stored_run *run)
{
    bool passes = true;
    for (size_t i = 0; i < filter->count; i++) {
        if (filter->term[i].alternative && i > 0) {
            if (passes)
                return true;
            passes = true;
        }
        passes = passes && holds(run, &filter->term[i]) != filter->term[i].denied;
    }
    return passes;
}
