/* golden.h -- what one golden case holds. golden_cases.h has the numbers, made by make_golden.py.
 *
 * Arrays of weights, gradients and predictions are without padding: parameter after parameter, row after row, as
 * rs_graph_load takes them.
 */
#ifndef RECSCOPE_TESTS_GOLDEN_H
#define RECSCOPE_TESTS_GOLDEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The ratings all cases share, by user and then by item. */
struct golden_rating {
    uint32_t user, item;
    float value;
    uint8_t part; /* enum rs_part */
};

/* A step's settings, as in struct rs_graph_step. */
struct golden_step {
    uint64_t seed, epoch, step;
    float dropout, input_dropout, l2, share;
    bool ratings_scope, mean, every_row;
};

/* One batch: its squared error and the gradient of J's share. */
struct golden_gradient {
    const char *name;
    const char *settings; /* "key=value key=value", of [model] */
    struct golden_step step;
    const uint32_t *units; /* (count) the batch */
    size_t count;
    const float *weight; /* (weights) */
    size_t weights;
    double squared_error;
    const double *gradient;   /* (weights) */
    const double *prediction; /* of the cells of RS_EVAL and RS_TEST in the model's rows, dropout off */
    size_t predictions;
};

/* Three steps of an optimiser, one batch each; the epoch's counter is the settings', the step's counts from 0. */
struct golden_steps {
    const char *name;
    const char *optimizer; /* of struct rs_kernels: sgd, heavy_ball, adam, rprop */
    const char *settings;
    struct golden_step step;
    float rate;
    const uint32_t *units[3];
    size_t count[3];
    const float *weight; /* (weights) before */
    size_t weights;
    const double *after; /* (weights) */
};

#endif
