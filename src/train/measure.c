#include "measure.h"

#include <math.h>
#include <string.h>

#include "recscope/base/memory.h"
#include "recscope/base/random.h"
#include "recscope/data/part_rows.h"

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

static bool has_part(const struct rs_dataset *dataset, uint64_t cell, unsigned parts)
{
    return (parts >> dataset->part[cell] & 1U) != 0;
}

/* Sums and counts, in the order by user; then means. */
static void fill_marginals(struct rs_marginals *marginals, const struct rs_dataset *dataset, unsigned parts)
{
    const struct rs_cells *cells = &dataset->ratings.by_user;
    uint64_t count = 0;
    for (uint32_t user = 0; user < cells->rows; user++) {
        for (uint64_t c = cells->offset[user]; c < cells->offset[user + 1]; c++) {
            if (!has_part(dataset, c, parts))
                continue;
            double value = (double)cells->value[c];
            uint32_t item = cells->column[c];
            marginals->mean += value;
            marginals->user_mean[user] += value;
            marginals->item_mean[item] += value;
            marginals->user_count[user]++;
            marginals->item_count[item]++;
            count++;
        }
    }
    marginals->mean /= count ? (double)count : 1;
    for (uint32_t u = 0; u < cells->rows; u++)
        marginals->user_mean[u] /= marginals->user_count[u] ? (double)marginals->user_count[u] : 1;
    for (uint32_t i = 0; i < cells->columns; i++)
        marginals->item_mean[i] /= marginals->item_count[i] ? (double)marginals->item_count[i] : 1;
}

enum rs_status rs_marginals_init(struct rs_marginals *marginals, const struct rs_dataset *dataset, unsigned train_parts,
                                 struct rs_error *err)
{
    memset(marginals, 0, sizeof *marginals);
    uint32_t users = dataset->ratings.by_user.rows;
    uint32_t items = dataset->ratings.by_user.columns;
    enum rs_status status = rs_alloc(&marginals->user_mean, users, sizeof(double), err);
    if (status == RS_OK)
        status = rs_alloc(&marginals->item_mean, items, sizeof(double), err);
    if (status == RS_OK)
        status = rs_alloc(&marginals->user_count, users, sizeof(uint32_t), err);
    if (status == RS_OK)
        status = rs_alloc(&marginals->item_count, items, sizeof(uint32_t), err);
    if (status == RS_OK)
        fill_marginals(marginals, dataset, train_parts);
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

void rs_measure_baselines(const struct rs_marginals *marginals, const struct rs_dataset *dataset, enum rs_part part,
                          struct rs_errors *mean, struct rs_errors *user_item, uint64_t *cold)
{
    const struct rs_cells *cells = &dataset->ratings.by_user;
    *mean = *user_item = (struct rs_errors){0};
    *cold = 0;
    for (uint32_t user = 0; user < cells->rows; user++) {
        for (uint64_t c = cells->offset[user]; c < cells->offset[user + 1]; c++) {
            if (!has_part(dataset, c, 1U << part))
                continue;
            uint32_t item = cells->column[c];
            bool is_known = !is_cold(marginals, user, item);
            double both = marginals->user_mean[user] + marginals->item_mean[item] - marginals->mean;
            double unknown = (double)dataset->cold_rating;
            add_error(mean, marginals->mean, cells->value[c], &dataset->ratings.scale);
            add_error(user_item, is_known ? both : unknown, cells->value[c], &dataset->ratings.scale);
            *cold += !is_known;
        }
    }
}

/* A row's cells of one part: all, or those that are drawn with probability `share`. Copied behind those that are there
 * already where there is room for them; returns how many they are in any case. */
static uint64_t add_row(struct rs_cells *to, const struct rs_part_rows *from, uint32_t row, double share, uint64_t seed)
{
    struct rs_rng rng = rs_rng_at(seed, RS_DRAW_METRIC, 0, 0, row);
    const struct rs_cells *cells = from->cells;
    uint64_t count = 0;
    for (uint64_t c = cells->offset[row]; c < cells->offset[row + 1]; c++) {
        if (!rs_part_has(from, c) || (share < 1 && rs_rng_uniform(&rng) >= share))
            continue;
        if (to->column) {
            to->column[to->count + count] = cells->column[c];
            to->value[to->count + count] = cells->value[c];
        }
        count++;
    }
    to->count += count;
    return count;
}

/* The rows of both parts one after the other: counted at first, since a sample has no size that is known before. */
static void add_rows(struct rs_measure *measure, const struct rs_part_rows part[2], double share, uint64_t seed)
{
    struct rs_cells *cells = &measure->cells;
    cells->count = measure->count_of_first = 0;
    for (uint32_t row = 0; row < cells->rows; row++) {
        measure->count_of_first += add_row(cells, &part[0], row, share, seed);
        measure->second[row] = cells->count;
        add_row(cells, &part[1], row, 1, seed);
        cells->offset[row + 1] = cells->count;
    }
}

static enum rs_status fill_measure(struct rs_measure *measure, const struct rs_part_rows part[2], double share,
                                   uint64_t seed, struct rs_error *err)
{
    struct rs_cells *cells = &measure->cells;
    cells->rows = part[0].cells->rows;
    cells->columns = part[0].cells->columns;
    enum rs_status status = rs_alloc(&cells->offset, (size_t)cells->rows + 1, sizeof *cells->offset, err);
    if (status == RS_OK)
        status = rs_alloc(&measure->second, cells->rows, sizeof *measure->second, err);
    if (status != RS_OK)
        return status;
    add_rows(measure, part, share, seed);
    size_t room = (size_t)cells->count;
    status = rs_alloc(&cells->column, room, sizeof *cells->column, err);
    if (status == RS_OK)
        status = rs_alloc(&cells->value, room, sizeof *cells->value, err);
    if (status == RS_OK)
        status = rs_alloc(&measure->prediction, room, sizeof *measure->prediction, err);
    if (status == RS_OK)
        add_rows(measure, part, share, seed);
    return status;
}

enum rs_status rs_measure_init(struct rs_measure *measure, const struct rs_dataset *dataset, unsigned first,
                               unsigned second, bool by_item, uint64_t most, uint64_t seed, struct rs_error *err)
{
    memset(measure, 0, sizeof *measure);
    struct rs_part_rows part[2] = {{0}, {0}};
    enum rs_status status = rs_part_rows_init(&part[0], dataset, first, by_item, err);
    if (status == RS_OK)
        status = rs_part_rows_init(&part[1], dataset, second, by_item, err);
    if (status == RS_OK) {
        double share = most > 0 && part[0].count > most ? (double)most / (double)part[0].count : 1;
        status = fill_measure(measure, part, share, seed, err);
    }
    rs_part_rows_free(&part[0]);
    rs_part_rows_free(&part[1]);
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
