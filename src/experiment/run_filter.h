/* run_filter.h -- the language that filters runs; run_list.h says it. */
#ifndef RS_EXPERIMENT_RUN_FILTER_H
#define RS_EXPERIMENT_RUN_FILTER_H

#include "recscope/experiment/run_list.h"

#define RS_FILTER_TERMS 32
#define RS_FILTER_WORD  96

enum rs_filter_op {
    RS_FILTER_HAS,
    RS_FILTER_IS,
    RS_FILTER_NOT,
    RS_FILTER_LE,
    RS_FILTER_GE,
    RS_FILTER_LT,
    RS_FILTER_GT
};

struct rs_filter_term {
    bool denied;
    bool alternative; /* the first of an alternative */
    enum rs_filter_op op;
    struct rs_run_key key;
    char text[RS_FILTER_WORD];
    double number; /* NaN: the text is none */
};

struct rs_run_filter {
    struct rs_filter_term term[RS_FILTER_TERMS];
    size_t count;
};

/* Errors: RS_USAGE: an unknown key with the nearest name, no number where one is wanted, too many terms. */
enum rs_status rs_run_filter_parse(struct rs_run_filter *out, const char *text, struct rs_error *err) RS_CHECKED;
bool rs_run_filter_passes(const struct rs_run_filter *filter, const struct rs_stored_run *run);

#endif
