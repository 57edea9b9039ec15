#include "measure.h"

#include <math.h>
#include <string.h>

#include "recscope/base/memory.h"
#include "recscope/base/random.h"

double rs_rmse(const struct rs_errors *errors)
{
    return sqrt(errors->squares / (double)errors->count);
}

double rs_mae(const struct rs_errors *errors)
{
    return errors->absolutes / (double)errors->count;
}

static void add_error(struct rs_errors *errors, double prediction, float truth, const struct rs_scale *scale)
{
    double clipped = fmin(fmax(prediction, (double)scale->low), (double)scale->high);
    /* fmax and fmin pass a NaN over: a model that has diverged must not look good. */
    double error = isfinite(prediction) ? clipped - (double)truth : (double)NAN;
    errors->squares += error * error;
    errors->absolutes += fabs(error);
    errors->count++;
}

enum rs_status rs_marginals_init(struct rs_marginals *marginals, const struct rs_dataset *dataset, unsigned train_parts,
                                 struct rs_error *err)
{
    memset(marginals, 0, sizeof *marginals);
    struct rs_cells cells;
    enum rs_status status = rs_dataset_cells(&cells, dataset, train_parts, false, err);
    if (status != RS_OK)
        return status;
    status = rs_alloc(&marginals->user_mean, cells.rows, sizeof(double), err);
    if (status == RS_OK)
        status = rs_alloc(&marginals->item_mean, cells.columns, sizeof(double), err);
    if (status == RS_OK)
        status = rs_alloc(&marginals->user_count, cells.rows, sizeof(uint32_t), err);
    if (status == RS_OK)
        status = rs_alloc(&marginals->item_count, cells.columns, sizeof(uint32_t), err);
    for (uint32_t user = 0; status == RS_OK && user < cells.rows; user++) {
        for (uint64_t c = cells.offset[user]; c < cells.offset[user + 1]; c++) {
            marginals->mean += (double)cells.value[c];
            marginals->user_mean[user] += (double)cells.value[c];
            marginals->item_mean[cells.column[c]] += (double)cells.value[c];
            marginals->user_count[user]++;
            marginals->item_count[cells.column[c]]++;
        }
    }
    if (status == RS_OK) {
        marginals->mean /= cells.count ? (double)cells.count : 1;
        for (uint32_t u = 0; u < cells.rows; u++)
            marginals->user_mean[u] /= marginals->user_count[u] ? (double)marginals->user_count[u] : 1;
        for (uint32_t i = 0; i < cells.columns; i++)
            marginals->item_mean[i] /= marginals->item_count[i] ? (double)marginals->item_count[i] : 1;
    }
    rs_cells_free(&cells);
    return status;
}

void rs_marginals_free(struct rs_marginals *marginals)
{
    rs_free(marginals->user_mean);
    rs_free(marginals->item_mean);
    rs_free(marginals->user_count);
    rs_free(marginals->item_count);
    memset(marginals, 0, sizeof *marginals);
}

static bool is_cold(const struct rs_marginals *marginals, uint32_t user, uint32_t item)
{
    return marginals->user_count[user] == 0 || marginals->item_count[item] == 0;
}

enum rs_status rs_measure_baselines(const struct rs_marginals *marginals, const struct rs_dataset *dataset,
                                    enum rs_part part, struct rs_errors *mean, struct rs_errors *user_item,
                                    uint64_t *cold, struct rs_error *err)
{
    struct rs_cells cells;
    enum rs_status status = rs_dataset_cells(&cells, dataset, 1U << part, false, err);
    if (status != RS_OK)
        return status;
    *mean = *user_item = (struct rs_errors){0};
    *cold = 0;
    for (uint32_t user = 0; user < cells.rows; user++) {
        for (uint64_t c = cells.offset[user]; c < cells.offset[user + 1]; c++) {
            uint32_t item = cells.column[c];
            bool is_known = !is_cold(marginals, user, item);
            double both = marginals->user_mean[user] + marginals->item_mean[item] - marginals->mean;
            double unknown = (double)dataset->cold_rating;
            add_error(mean, marginals->mean, cells.value[c], &dataset->ratings.scale);
            add_error(user_item, is_known ? both : unknown, cells.value[c], &dataset->ratings.scale);
            *cold += !is_known;
        }
    }
    rs_cells_free(&cells);
    return RS_OK;
}

/* Append the row's cells of `from`; each is kept with this probability. */
static void append_row(struct rs_measure *measure, const struct rs_cells *from, uint32_t row, double share,
                       uint64_t seed)
{
    struct rs_rng rng = rs_rng_at(seed, RS_DRAW_METRIC, 0, 0, row);
    for (uint64_t c = from->offset[row]; c < from->offset[row + 1]; c++) {
        if (share < 1 && rs_rng_uniform(&rng) >= share)
            continue;
        measure->cells.column[measure->cells.count] = from->column[c];
        measure->cells.value[measure->cells.count++] = from->value[c];
    }
}

static enum rs_status fill_measure(struct rs_measure *measure, const struct rs_cells *one, const struct rs_cells *two,
                                   double share, uint64_t seed, struct rs_error *err)
{
    struct rs_cells *cells = &measure->cells;
    uint64_t room = one->count + two->count;
    enum rs_status status = rs_alloc(&cells->offset, (size_t)one->rows + 1, sizeof *cells->offset, err);
    if (status == RS_OK)
        status = rs_alloc(&cells->column, room, sizeof *cells->column, err);
    if (status == RS_OK)
        status = rs_alloc(&cells->value, room, sizeof *cells->value, err);
    if (status == RS_OK)
        status = rs_alloc(&measure->prediction, room, sizeof *measure->prediction, err);
    if (status == RS_OK)
        status = rs_alloc(&measure->second, one->rows, sizeof *measure->second, err);
    if (status != RS_OK)
        return status;
    cells->rows = one->rows;
    cells->columns = one->columns;
    for (uint32_t row = 0; row < one->rows; row++) {
        append_row(measure, one, row, share, seed);
        measure->second[row] = cells->count;
        measure->count_of_first += cells->count - cells->offset[row];
        append_row(measure, two, row, 1, seed);
        cells->offset[row + 1] = cells->count;
    }
    return RS_OK;
}

enum rs_status rs_measure_init(struct rs_measure *measure, const struct rs_dataset *dataset, unsigned first,
                               unsigned second, bool by_item, uint64_t most, uint64_t seed, struct rs_error *err)
{
    memset(measure, 0, sizeof *measure);
    struct rs_cells one = {0};
    struct rs_cells two = {0};
    enum rs_status status = rs_dataset_cells(&one, dataset, first, by_item, err);
    if (status == RS_OK)
        status = rs_dataset_cells(&two, dataset, second, by_item, err);
    if (status == RS_OK) {
        double share = most > 0 && one.count > most ? (double)most / (double)one.count : 1;
        status = fill_measure(measure, &one, &two, share, seed, err);
    }
    rs_cells_free(&one);
    rs_cells_free(&two);
    return status;
}

void rs_measure_free(struct rs_measure *measure)
{
    rs_cells_free(&measure->cells);
    rs_free(measure->second);
    rs_free(measure->prediction);
    memset(measure, 0, sizeof *measure);
}

enum rs_status rs_measure_take(struct rs_measure *measure, struct rs_model *model, const struct rs_dataset *dataset,
                               const struct rs_marginals *marginals, struct rs_errors *first, struct rs_errors *second,
                               struct rs_error *err)
{
    enum rs_status status = model->ops->predict(model, &measure->cells, measure->prediction, err);
    if (status != RS_OK)
        return status;
    *first = *second = (struct rs_errors){0};
    const struct rs_cells *cells = &measure->cells;
    for (uint32_t row = 0; row < cells->rows; row++) {
        for (uint64_t c = cells->offset[row]; c < cells->offset[row + 1]; c++) {
            uint32_t user = model->by_item ? cells->column[c] : row;
            uint32_t item = model->by_item ? row : cells->column[c];
            bool cold = is_cold(marginals, user, item);
            add_error(c < measure->second[row] ? first : second,
                      (double)(cold ? dataset->cold_rating : measure->prediction[c]), cells->value[c],
                      &dataset->ratings.scale);
        }
    }
    return RS_OK;
}
