/* coach_rules.h -- what the rules are given. */
#ifndef RS_EXPERIMENT_COACH_RULES_H
#define RS_EXPERIMENT_COACH_RULES_H

#include "recscope/experiment/coach.h"

struct rs_coach_facts {
    const struct rs_coach_view *view;
    /* Epochs that are judged: trained ones, behind the last live edit, up to the one that is looked at. */
    const double *epoch, *train, *eval;
    size_t count;
    bool latest;            /* the last of them is the view's last epoch */
    double start;           /* train RMSE of the untrained model; NaN: not known */
    size_t best;            /* index of the lowest eval RMSE; count: none was measured */
    double best_so_far;     /* the lowest eval RMSE of the whole run; NaN: none was measured */
    double since_best;      /* epochs */
    double now, train_now;  /* the last eval and train RMSE; NaN where there are none */
    uint64_t epochs_so_far; /* of the whole run */
};

#define COACH(id, title) extern const struct rs_coach_rule rs_coach_rule_##id;
#include "coach.def"
#undef COACH

/* The sentence and its short form, both with the same figures. */
void rs_coach_say(struct rs_coach_advice *out, const char *format, ...) RS_FORMAT(2, 3);
void rs_coach_say_brief(struct rs_coach_advice *out, const char *format, ...) RS_FORMAT(2, 3);

/* Offer the value; false, and no offer, where the row does not apply, has it already, or does not take it. */
bool rs_coach_offer(struct rs_coach_advice *out, const struct rs_settings *settings, const struct rs_conf_row *row,
                    const char *value);
/* The same for the present value times `factor`, within the row's range, rounded to two figures. */
bool rs_coach_offer_times(struct rs_coach_advice *out, const struct rs_settings *settings,
                          const struct rs_conf_row *row, double factor);
/* Dropout where the model has it and it is off, else more l2, else patience. */
void rs_coach_offer_restraint(struct rs_coach_advice *out, const struct rs_settings *settings);
/* Wider layers, or more factors. */
void rs_coach_offer_capacity(struct rs_coach_advice *out, const struct rs_settings *settings, double factor);
/* The width of the narrowest layer, or the number of factors; 0 where the model has neither. */
double rs_coach_capacity(const struct rs_settings *settings);

#endif
