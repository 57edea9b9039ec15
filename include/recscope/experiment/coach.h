/* coach.h -- what a run's curves say, in one sentence with its evidence, and the experiment that would test it.
 *
 * The rules stand in src/experiment/coach.def, most important first; each is a pure function of a view of the run. The
 * first rule that speaks is the advice. A rule that spoke keeps the word for RS_COACH_HOLD epochs unless a more
 * important one takes it, so that a sentence does not flicker with every wiggle of a curve.
 * Texts  : `sentence` is whole; `brief` fits 80 columns; `offer` is the experiment in a few words. All are ASCII.
 * Threads: pure functions of their arguments.
 */
#ifndef RECSCOPE_EXPERIMENT_COACH_H
#define RECSCOPE_EXPERIMENT_COACH_H

#include "recscope/train/record.h"

#define RS_COACH_HOLD  3
#define RS_COACH_BRIEF 80
#define RS_COACH_OFFER 64

struct rs_coach_units { /* of a hidden layer, each a share of its units, 0 .. 1; train/probe.h says what they mean */
    double dead;
    double saturated;
};

/* A run so far. Arrays are the caller's; those that may be NULL say nothing then. */
struct rs_coach_view {
    const struct rs_settings *settings; /* as trained, live changes included */
    size_t count;                       /* epochs measured, in order; the untrained model may stand first, as epoch 0 */
    const double *epoch;                /* (count) */
    const double *train, *eval;         /* (count) RMSE, dropout off; NaN: not measured [stars] */
    const double *batch_loss;           /* (batches) of the last batches, behind the last live edit; NULL */
    size_t batches;
    double baseline_user_item, noise_floor; /* RMSE on eval; 0: not known [stars] */
    const struct rs_coach_units *layer;     /* (layers) as last seen; NULL */
    size_t layers;
    uint64_t changed; /* the last epoch whose batches saw a live edit: curves are judged from there; 0: none */
    bool finished;
    enum rs_reason reason; /* of a finished run */
    const char *alarm;     /* what the divergence alarm said; NULL or "": it is quiet */
};

struct rs_coach_facts; /* a view, and what several rules want to know of it */
struct rs_coach_advice;

struct rs_coach_rule {
    const char *name;  /* [a-z_]+ */
    const char *title; /* "Over-fitting" */
    bool (*speaks)(const struct rs_coach_facts *facts, struct rs_coach_advice *out);
};

/* Every rule, most important first, NULL-terminated. */
extern const struct rs_coach_rule *const rs_coach_rules[];

struct rs_coach_advice {
    const struct rs_coach_rule *rule; /* NULL: nothing to say, all texts are "" */
    uint64_t epoch;                   /* the texts' figures are of this epoch */
    char sentence[400];
    char brief[RS_COACH_BRIEF];
    char offer[RS_COACH_OFFER];    /* "try dropout 0 -> 0.5, same seed"; "": nothing to try */
    const struct rs_conf_row *row; /* what the offer sets; NULL: no offer */
    char value[64];                /* and to what, as in a preset */
};

/* The most important advice; silence where all is well, or too early to tell. */
void rs_coach_advise(struct rs_coach_advice *out, const struct rs_coach_view *view);

/* Put the offer into the settings. Errors: RS_USAGE where the advice offers nothing, RS_PRESET. */
enum rs_status rs_coach_apply(const struct rs_coach_advice *advice, struct rs_settings *settings,
                              struct rs_error *err) RS_CHECKED;

#endif
