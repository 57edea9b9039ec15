/* Batches: what is added by row is listed by column, whatever the batch before was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "recscope/autodiff/batch.h"
#include "recscope/base/memory.h"
#include "recscope/base/random.h"

enum { COLUMNS = 4000 };

static void must(enum rs_status status, const struct rs_error *err)
{
    if (status != RS_OK)
        fail_msg("%s", err->message);
}

static struct rs_batch make(void)
{
    struct rs_batch batch;
    struct rs_error err;
    must(rs_batch_init(&batch, COLUMNS, &err), &err);
    return batch;
}

/* Rows of random length, some of them empty; a column may occur twice in a row. */
static void fill(struct rs_batch *batch, uint64_t number, size_t rows, bool every)
{
    struct rs_error err;
    struct rs_rng rng = rs_rng_at(1, RS_DRAW_TEST, 0, 0, number);
    rs_batch_clear(batch);
    for (size_t b = 0; b < rows; b++) {
        uint32_t column[8];
        float value[8];
        size_t count = (size_t)rs_rng_below(&rng, 9);
        for (size_t i = 0; i < count; i++) {
            column[i] = (uint32_t)rs_rng_below(&rng, COLUMNS / 2) * 2; /* odd columns have no cell */
            value[i] = (float)rs_rng_uniform(&rng);
        }
        must(rs_batch_add_row(batch, column, number % 2 ? value : NULL, count, &err), &err);
        assert_int_equal(batch->offset[b + 1] - batch->offset[b], count);
    }
    must(rs_batch_close(batch, every, &err), &err);
}

/* Each cell is listed once, under its column, with its row; rows ascend; columns ascend, or come as they are met. */
static void check(const struct rs_batch *batch, bool every)
{
    size_t listed = 0;
    size_t first_before = 0;
    uint32_t touched = 0;
    bool met[COLUMNS] = {false};
    bool ascending = every || batch->cells >= batch->columns / 8;
    for (uint32_t v = 0; v < batch->visits; v++) {
        size_t first = batch->cells;
        bool has_cells = batch->visit_from[v] < batch->visit_from[v + 1];
        assert_true(has_cells || every);
        touched += has_cells;
        for (size_t i = batch->visit_from[v]; i < batch->visit_from[v + 1]; i++, listed++) {
            uint32_t cell = batch->visit_cell[i];
            uint32_t row = batch->visit_row[i];
            assert_int_equal(batch->column[cell], batch->visit[v]);
            assert_true(cell >= batch->offset[row] && cell < batch->offset[row + 1]);
            assert_true(i == batch->visit_from[v] || cell > batch->visit_cell[i - 1]);
            first = cell < first ? cell : first;
        }
        assert_true(v == 0 || (ascending ? batch->visit[v] > batch->visit[v - 1] : first > first_before));
        first_before = first;
        assert_false(met[batch->visit[v]]);
        met[batch->visit[v]] = true;
    }
    assert_int_equal(listed, batch->cells);
    assert_int_equal(touched, batch->touched);
    assert_true(!every || batch->visits == COLUMNS);
}

static void test_cells_are_listed_by_column(void **state)
{
    (void)state;
    struct rs_batch batch = make();
    for (uint64_t number = 0; number < 300; number++) {
        size_t rows = (size_t)(number * 7 % 300); /* longer and shorter than the one before */
        fill(&batch, number, rows, number % 3 == 0);
        assert_int_equal(batch.rows, rows);
        check(&batch, number % 3 == 0);
        for (size_t c = 0; c < batch.cells && number % 2 == 0; c++)
            assert_true(batch.value[c] == 1);
    }
    rs_batch_free(&batch);
}

static void test_stamps_may_go_round(void **state)
{
    (void)state;
    struct rs_batch batch = make();
    fill(&batch, 1, 20, false);
    batch.now = UINT32_MAX; /* the next is 1 again, as these stamps are */
    for (uint64_t number = 2; number < 6; number++) {
        fill(&batch, number, 20, false);
        check(&batch, false);
    }
    rs_batch_free(&batch);
}

static void test_one_cell_a_row(void **state)
{
    (void)state;
    struct rs_batch batch = make();
    struct rs_error err;
    uint32_t column[200];
    float value[200];
    for (uint32_t i = 0; i < 200; i++) {
        column[i] = i * i % COLUMNS;
        value[i] = (float)i;
    }
    must(rs_batch_set_ones(&batch, column, value, 200, &err), &err);
    must(rs_batch_close(&batch, true, &err), &err);
    check(&batch, true);
    for (size_t i = 0; i < 200; i++) {
        assert_int_equal(batch.offset[i], i);
        assert_int_equal(batch.column[i], column[i]);
        assert_true((double)batch.value[i] == (double)i);
    }
    must(rs_batch_set_ones(&batch, column, NULL, 3, &err), &err);
    must(rs_batch_close(&batch, false, &err), &err);
    check(&batch, false);
    assert_int_equal(batch.rows, 3);
    assert_true(batch.value[2] == 1);
    rs_batch_free(&batch);
}

static void test_a_batch_survives_failed_allocations(void **state)
{
    (void)state;
    struct rs_error err;
    for (int64_t successes = 0; successes < 5; successes++) {
        struct rs_batch batch;
        rs_memory_fail_after(successes);
        enum rs_status status = rs_batch_init(&batch, COLUMNS, &err);
        rs_memory_fail_after(-1);
        assert_int_equal(status, RS_MEMORY);
        rs_batch_free(&batch);
    }
    struct rs_batch batch = make();
    fill(&batch, 3, 50, true);
    uint32_t column[2000] = {0};
    for (int64_t successes = 0; successes < 4; successes++) {
        rs_memory_fail_after(successes);
        enum rs_status status = rs_batch_add_row(&batch, column, NULL, 2000, &err);
        rs_memory_fail_after(-1);
        assert_int_equal(status, RS_MEMORY);
        assert_int_equal(batch.rows, 50);
    }
    must(rs_batch_add_row(&batch, column, NULL, 2000, &err), &err);
    must(rs_batch_close(&batch, true, &err), &err);
    check(&batch, true);
    rs_batch_free(&batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells_are_listed_by_column),
        cmocka_unit_test(test_stamps_may_go_round),
        cmocka_unit_test(test_one_cell_a_row),
        cmocka_unit_test(test_a_batch_survives_failed_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
