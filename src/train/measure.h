/* measure.h -- errors of a model on parts of the data, and the baselines beside it.
 *
 * Predictions are made with dropout off and clipped to the rating scale; a cell whose user or item has no training
 * rating gets the dataset's cold rating instead.
 * Units : rating units (stars).
 */
#ifndef RECSCOPE_TRAIN_MEASURE_H
#define RECSCOPE_TRAIN_MEASURE_H

#include "recscope/models/model.h"

/* Above so many training cells train_rmse is measured on a seeded sample of as many. */
#define RS_MEASURED_MOST 2000000

struct rs_errors {
    double squares, absolutes;
    uint64_t count;
};

double rs_rmse(const struct rs_errors *errors);
double rs_mae(const struct rs_errors *errors);

/* How often each user and item occurs in the training cells: what is cold, and the means of the baselines. */
struct rs_marginals {
    double mean;                   /* of all training ratings */
    double *user_mean, *item_mean; /* (users), (items) */
    uint32_t *user_count, *item_count;
};

enum rs_status rs_marginals_init(struct rs_marginals *marginals, const struct rs_dataset *dataset, unsigned train_parts,
                                 struct rs_error *err) RS_CHECKED;
void rs_marginals_free(struct rs_marginals *marginals);

/* Errors of "everyone gets the mean" and of "user mean + item mean - mean" on one part; *cold counts its cold cells. */
void rs_measure_baselines(const struct rs_marginals *marginals, const struct rs_dataset *dataset, enum rs_part part,
                          struct rs_errors *mean, struct rs_errors *user_item, uint64_t *cold);

/* Cells to be measured again and again: of two parts in one pass, so that an autoencoder encodes each row once. */
struct rs_measure {
    struct rs_cells cells;   /* the model's rows; in a row first those of part one, then those of part two */
    uint64_t *second;        /* (rows) where part two begins in each row */
    float *prediction;       /* (cells.count) */
    uint64_t count_of_first; /* cells of part one */
};

/* first, second: bits of parts. Of the first at most `most` cells are kept, drawn by seed (0: all). */
enum rs_status rs_measure_init(struct rs_measure *measure, const struct rs_dataset *dataset, unsigned first,
                               unsigned second, bool by_item, uint64_t most, uint64_t seed,
                               struct rs_error *err) RS_CHECKED;
void rs_measure_free(struct rs_measure *measure);

enum rs_status rs_measure_take(struct rs_measure *measure, struct rs_model *model, const struct rs_dataset *dataset,
                               const struct rs_marginals *marginals, struct rs_errors *first, struct rs_errors *second,
                               struct rs_error *err) RS_CHECKED;

#endif
