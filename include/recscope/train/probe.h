/* probe.h -- questions about a model while it learns, and what the training thread answers between two batches.
 *
 * An answer is a snapshot of its own: counted, never changed. Asking does not alter what is learned.
 * Cost   : while training runs at full speed, answering takes at most a few percent of the time: the next answer comes
 *          later where the last one was dear (an encoder's pass over all rows). At rest every answer comes at once.
 * Threads: an answer may be held, read and dropped on any thread.
 */
#ifndef RECSCOPE_TRAIN_PROBE_H
#define RECSCOPE_TRAIN_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "recscope/base/status.h"

enum rs_probe_kind {
    RS_PROBE_WEIGHTS, /* what the weights of each parameter are like */
    RS_PROBE_UNITS,   /* how active each hidden unit is over a sample of rows */
    RS_PROBE_MAP,     /* the vectors of the most rated items, in two dimensions */
    RS_PROBE_USER,    /* predictions of all items for a user */
    RS_PROBE_PERSON,  /* the same for somebody who is not in the data */
    RS_PROBE_KINDS
};

#define RS_PROBE_RATINGS_MOST 256 /* of a person */
#define RS_PROBE_PLACES_MOST  512 /* on a map */

struct rs_probe_question {
    enum rs_probe_kind kind;
    uint64_t serial;      /* the caller's number for it; the answer has the same */
    bool urgent;          /* somebody has just typed: however dear the answer is, it comes between the next batches */
    uint32_t user;        /* of RS_PROBE_USER */
    uint32_t places;      /* of RS_PROBE_MAP: how many items */
    const uint32_t *item; /* of RS_PROBE_PERSON (ratings), copied */
    const float *rating;  /* (ratings) */
    size_t ratings;
};

#define RS_PROBE_BINS 40

/* Bin i counts the values in low + i w .. low + (i + 1) w, w = (high - low) / RS_PROBE_BINS; the last includes high. */
struct rs_histogram {
    double low, high;
    uint64_t count[RS_PROBE_BINS];
};

struct rs_probe_parameter {
    char name[32]; /* the paper's letter, or what it is */
    size_t rows, columns;
    size_t looked_at; /* weights that what follows was computed of: all, or those of evenly spread rows */
    double norm;      /* of all weights; estimated where only some were looked at */
    double mean, deviation, low, high;
    double change;       /* norm of w - w', w' the weights at the end of changed_since; negative: not known */
    uint64_t not_finite; /* weights that are no numbers; they are counted nowhere else */
    struct rs_histogram histogram;
};

struct rs_probe_layer {
    char name[32]; /* "hidden 1, sigmoid" */
    size_t units;
    size_t rows;       /* of the sample */
    float *mean;       /* (units) mean activation */
    float *low, *high; /* (units) least and largest */
    uint8_t *state;    /* (units) enum rs_unit_state */
    size_t dead, saturated;
    double from, to;               /* range of the activation; equal where it has no bounds */
    struct rs_histogram histogram; /* of all activations */
};

/* dead: it never leaves the neighbourhood of 0 (relu: it is 0; sigmoid: below 0.05; tanh and identity: within 0.05, and
 * 0.001); saturated: at a bound (within 0.02 of it) in nine of ten rows, where the gradient is almost nothing. */
enum rs_unit_state { RS_UNIT_ALIVE, RS_UNIT_DEAD, RS_UNIT_SATURATED };

struct rs_probe_place {
    uint32_t item;
    float x, y;
};

struct rs_probe_answer {
    enum rs_probe_kind kind;
    uint64_t serial;
    uint64_t step, epoch;                 /* done, and finished, when it was answered */
    uint64_t changed_since;               /* weights: the epoch that change is counted from */
    char problem[160];                    /* why there is no answer; "": there is one */
    double seconds;                       /* that answering took */
    struct rs_probe_parameter *parameter; /* (parameters) */
    size_t parameters;
    struct rs_probe_layer *layer; /* (layers); none in a model without hidden layers */
    size_t layers;
    struct rs_probe_place *place; /* (places), the most rated item first */
    size_t places;
    double share[2]; /* part of the variance that each direction of the map shows */
    uint32_t user;   /* whom score is for */
    float *score;    /* (scores) prediction of each item, not clipped to the scale */
    size_t scores;
};

/* Keep an answer beyond the next poll, and give it back. NULL is fine. */
const struct rs_probe_answer *rs_probe_take(const struct rs_probe_answer *answer);
void rs_probe_drop(const struct rs_probe_answer *answer);

#endif
