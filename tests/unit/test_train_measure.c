/* Which cells are measured, and the baselines: against copies of the parts, the plain way. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/train/measure.h"
#include "recscope/base/random.h"
#include "recscope/experiment/preset.h"

#define SEED 5

static struct rs_settings settings;
static struct rs_error error;

static void set(const struct rs_conf_row *row, const char *text)
{
    if (rs_settings_parse(&settings, row, text, &error) != RS_OK)
        fail_msg("%s", error.message);
}

/* 60 x 80, and some are cold. */
static const struct rs_dataset *load(void)
{
    const struct rs_dataset *dataset;
    assert_int_equal(rs_preset_default(&settings, &error), RS_OK);
    set(&rs_row_world_users, "60");
    set(&rs_row_world_items, "80");
    set(&rs_row_world_ratings, "700");
    set(&rs_row_test_fraction, "0.3");
    set(&rs_row_eval_fraction, "0.3");
    if (rs_dataset_load(&dataset, &settings, &error) != RS_OK)
        fail_msg("%s", error.message);
    return dataset;
}

static struct rs_cells copy(const struct rs_dataset *dataset, unsigned parts, bool by_item)
{
    struct rs_cells cells;
    assert_int_equal(rs_dataset_cells(&cells, dataset, parts, by_item, &error), RS_OK);
    return cells;
}

/* The measured cells go on at *at with the row's cells of one part. */
static void check_row(const struct rs_measure *measure, uint64_t *at, const struct rs_cells *part, uint32_t row,
                      double share)
{
    struct rs_rng rng = rs_rng_at(SEED, RS_DRAW_METRIC, 0, 0, row);
    for (uint64_t c = part->offset[row]; c < part->offset[row + 1]; c++) {
        if (share < 1 && rs_rng_uniform(&rng) >= share)
            continue;
        assert_true(*at < measure->cells.count);
        assert_int_equal(measure->cells.column[*at], part->column[c]);
        assert_float_equal(measure->cells.value[(*at)++], part->value[c], 0);
    }
}

static void check_measured(const struct rs_dataset *dataset, unsigned first, unsigned second, bool by_item,
                           uint64_t most)
{
    struct rs_measure measure;
    struct rs_cells one = copy(dataset, first, by_item);
    struct rs_cells two = copy(dataset, second, by_item);
    double share = most > 0 && one.count > most ? (double)most / (double)one.count : 1;
    assert_int_equal(rs_measure_init(&measure, dataset, first, second, by_item, most, SEED, &error), RS_OK);
    uint64_t at = 0;
    uint64_t firsts = 0;
    for (uint32_t row = 0; row < one.rows; row++) {
        assert_int_equal(measure.cells.offset[row], at);
        check_row(&measure, &at, &one, row, share);
        assert_int_equal(measure.second[row], at);
        firsts += at - measure.cells.offset[row];
        check_row(&measure, &at, &two, row, 1);
    }
    assert_int_equal(measure.cells.offset[one.rows], at);
    assert_int_equal(measure.cells.count, at);
    assert_int_equal(measure.count_of_first, firsts);
    rs_measure_free(&measure);
    rs_cells_free(&one);
    rs_cells_free(&two);
}

static void the_measured_cells_are_those_of_the_parts(void **state)
{
    (void)state;
    const struct rs_dataset *dataset = load();
    for (int by_item = 0; by_item < 2; by_item++) {
        check_measured(dataset, 1U << RS_TRAIN, 1U << RS_EVAL, by_item, 0);
        check_measured(dataset, 1U << RS_TRAIN, 1U << RS_EVAL, by_item, 100); /* a sample of train */
        check_measured(dataset, 1U << RS_TRAIN | 1U << RS_EVAL, 0, by_item, 100);
        check_measured(dataset, 1U << RS_TEST, 0, by_item, 0);
    }
    rs_dataset_drop(dataset);
}

static void the_baselines_are_those_of_the_parts(void **state)
{
    (void)state;
    const struct rs_dataset *dataset = load();
    struct rs_cells train = copy(dataset, 1U << RS_TRAIN, false);
    struct rs_cells by_item = copy(dataset, 1U << RS_TRAIN, true);
    struct rs_cells test = copy(dataset, 1U << RS_TEST, false);
    struct rs_marginals marginals;
    assert_int_equal(rs_marginals_init(&marginals, dataset, 1U << RS_TRAIN, &error), RS_OK);
    double mean = 0;
    for (uint64_t c = 0; c < train.count; c++)
        mean += (double)train.value[c];
    mean /= (double)train.count;
    assert_memory_equal(&marginals.mean, &mean, sizeof mean);
    for (uint32_t user = 0; user < train.rows; user++)
        assert_int_equal(marginals.user_count[user], train.offset[user + 1] - train.offset[user]);
    for (uint32_t item = 0; item < by_item.rows; item++)
        assert_int_equal(marginals.item_count[item], by_item.offset[item + 1] - by_item.offset[item]);
    double squares = 0;
    uint64_t is_cold = 0;
    for (uint32_t user = 0; user < test.rows; user++) {
        for (uint64_t c = test.offset[user]; c < test.offset[user + 1]; c++) {
            squares += pow(mean - (double)test.value[c], 2);
            is_cold += marginals.user_count[user] == 0 || marginals.item_count[test.column[c]] == 0;
        }
    }
    struct rs_errors of_mean;
    struct rs_errors user_item;
    uint64_t cold;
    rs_measure_baselines(&marginals, dataset, RS_TEST, &of_mean, &user_item, &cold);
    assert_int_equal(of_mean.count, test.count);
    assert_true(fabs(rs_rmse(&of_mean) - sqrt(squares / (double)test.count)) < 1e-12);
    assert_int_equal(user_item.count, test.count);
    assert_true(cold > 0);
    assert_int_equal(cold, is_cold);
    rs_marginals_free(&marginals);
    rs_cells_free(&train);
    rs_cells_free(&by_item);
    rs_cells_free(&test);
    rs_dataset_drop(dataset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_measured_cells_are_those_of_the_parts),
        cmocka_unit_test(the_baselines_are_those_of_the_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
