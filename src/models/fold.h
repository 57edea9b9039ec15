/* fold.h -- a new person's vector from a few ratings, everything learned held fixed.
 *
 * Ratings are products: y_i = x_i . w + e_i, where x_i is what the model has of item i and w the person's vector. The
 * known people say what vectors are like: w is normal with their means and variances, column by column, e with variance
 * `noise`. Then the expected w given the ratings is a ridge regression around the mean person:
 *     w = m + S X' (X S X' + noise I)^-1 (y - X m),     S = diag(variances).
 * Source : Salakhutdinov and Mnih, Bayesian Probabilistic Matrix Factorization, ICML 2008, eq. 11-13 (the conditional
 *          of one user's vector), in its dual form, which is as large as the ratings are many.
 */
#ifndef RS_MODELS_FOLD_H
#define RS_MODELS_FOLD_H

#include "registry.h"

/* The people that were trained on: what their vectors look like. */
struct rs_people {
    const struct rs_parameter_info *vector; /* (people, width) */
    const struct rs_parameter_info *bias;   /* (people, 1); NULL: there is none */
};

/* w (width + 1): the person's vector, then their bias, which is 0 where people have none.
 * x (count, width): the vectors of the rated items; y (count): the ratings less what is not the person's.
 * Errors: RS_MEMORY, RS_FAILED. */
enum rs_status rs_fold_person(const struct rs_people *people, const float *x, const double *y, size_t count,
                              double noise, double *w, struct rs_error *err) RS_CHECKED;

#endif
