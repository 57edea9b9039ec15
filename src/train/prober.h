/* prober.h -- answers questions about a model. Threads: the training thread. */
#ifndef RS_TRAIN_PROBER_H
#define RS_TRAIN_PROBER_H

#include "checkpoint.h"
#include "recscope/models/model.h"
#include "recscope/train/probe.h"

/* What is kept from one answer to the next. All zero at first. */
struct rs_prober {
    uint32_t *popular; /* (items) items by training ratings, the most rated first */
    double *former;    /* (places, 2) the last map */
    size_t former_places;
};

/* What is asked about. */
struct rs_subject {
    struct rs_model *model;
    const struct rs_dataset *dataset;
    uint64_t step, epoch;
    const struct rs_checkpoint *before; /* what change is counted from; NULL: not known */
    double noise;                       /* variance of a rating around its prediction */
};

/* A problem with the question, or the weights, is an answer. Owns: the caller, who drops it. Errors: RS_MEMORY. */
enum rs_status rs_prober_answer(struct rs_prober *prober, const struct rs_subject *subject,
                                const struct rs_probe_question *question, struct rs_probe_answer **out,
                                struct rs_error *err) RS_CHECKED;
void rs_prober_free(struct rs_prober *prober);

#endif
