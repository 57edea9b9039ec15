/* Splits: every rating is in exactly one part, the shares are exact, and the seed alone decides. */
#include "data_fixture.h"

#include "recscope/data/part_rows.h"

enum { USERS = 20, ITEMS = 15, RATINGS = USERS * ITEMS };

/* Every user rates every item; times run against the order of items, and users live one after the other. */
static void write_full(struct fixture *f, bool timed)
{
    static char text[RATINGS * 32];
    size_t used = 0;
    for (int u = 0; u < USERS; u++)
        for (int i = 0; i < ITEMS; i++) {
            used += (size_t)snprintf(text + used, sizeof text - used, "%d %d %d", u, i, 1 + (u * i) % 5);
            used += (size_t)snprintf(text + used, sizeof text - used, timed ? " %d\n" : "\n", u * 1000 + ITEMS - i);
        }
    fixture_write(f, "ratings.txt", text);
}

static void check_counts(const struct rs_dataset *dataset, uint64_t train, uint64_t eval, uint64_t test)
{
    fixture_sound(dataset);
    assert_int_equal(dataset->count[RS_TRAIN], train);
    assert_int_equal(dataset->count[RS_EVAL], eval);
    assert_int_equal(dataset->count[RS_TEST], test);
}

static const struct rs_dataset *load_shares(struct fixture *f, const char *test, const char *eval, const char *seed)
{
    fixture_set(f, "test_fraction", test);
    fixture_set(f, "eval_fraction", eval);
    fixture_set(f, "split_seed", seed);
    return fixture_load(f);
}

static void test_random(void **state)
{
    struct fixture *f = *state;
    write_full(f, false);
    const struct rs_dataset *one = load_shares(f, "0.1", "0.2", "1");
    check_counts(one, 216, 54, 30);
    const struct rs_dataset *same = load_shares(f, "0.1", "0.2", "1");
    const struct rs_dataset *other = load_shares(f, "0.1", "0.2", "2");
    check_counts(other, 216, 54, 30);
    assert_memory_equal(one->part, same->part, RATINGS);
    assert_string_equal(one->split_hash, same->split_hash);
    assert_memory_not_equal(one->part, other->part, RATINGS);
    assert_string_not_equal(one->split_hash, other->split_hash);
    /* Another share for eval leaves the test as it was. */
    const struct rs_dataset *less = load_shares(f, "0.1", "0.1", "1");
    check_counts(less, 243, 27, 30);
    for (size_t i = 0; i < RATINGS; i++)
        assert_int_equal(one->part[i] == RS_TEST, less->part[i] == RS_TEST);
    rs_dataset_drop(one);
    rs_dataset_drop(same);
    rs_dataset_drop(other);
    rs_dataset_drop(less);
}

/* The same bits on every machine, for ever: a run's record names its split by this hash. */
static void test_the_hash_stays(void **state)
{
    struct fixture *f = *state;
    write_full(f, false);
    const struct rs_dataset *dataset = load_shares(f, "0.1", "0.2", "1");
    assert_string_equal(dataset->split_hash, "1db04ba74f515064b6ded0d68e0d03a57cfd7da0671dcf3a4c76cd87bba1ce7d");
    rs_dataset_drop(dataset);
}

static void test_no_eval_and_no_test(void **state)
{
    struct fixture *f = *state;
    write_full(f, true);
    static const char *const splits[] = {"random", "time", "per-user"};
    for (size_t i = 0; i < 3; i++) {
        fixture_set(f, "split", splits[i]);
        const struct rs_dataset *dataset = load_shares(f, "0", "0", "1");
        check_counts(dataset, 300, 0, 0);
        rs_dataset_drop(dataset);
        dataset = load_shares(f, "0", "0.2", "1");
        check_counts(dataset, 240, 60, 0);
        rs_dataset_drop(dataset);
        dataset = load_shares(f, "0.2", "0", "1");
        check_counts(dataset, 240, 0, 60);
        rs_dataset_drop(dataset);
    }
}

static void test_by_time(void **state)
{
    struct fixture *f = *state;
    write_full(f, true);
    fixture_set(f, "split", "time");
    const struct rs_dataset *dataset = load_shares(f, "0.1", "0.1", "1");
    check_counts(dataset, 243, 27, 30);
    int64_t latest[RS_PARTS] = {0};
    int64_t earliest[RS_PARTS] = {INT64_MAX, INT64_MAX, INT64_MAX};
    for (size_t i = 0; i < RATINGS; i++) {
        int64_t time = dataset->ratings.time[i];
        uint8_t part = dataset->part[i];
        latest[part] = time > latest[part] ? time : latest[part];
        earliest[part] = time < earliest[part] ? time : earliest[part];
    }
    assert_true(latest[RS_TRAIN] < earliest[RS_EVAL]);
    assert_true(latest[RS_EVAL] < earliest[RS_TEST]);
    rs_dataset_drop(dataset);
}

static void test_per_user(void **state)
{
    struct fixture *f = *state;
    write_full(f, true);
    fixture_set(f, "split", "per-user");
    const struct rs_dataset *dataset = load_shares(f, "0.2", "0.25", "1");
    check_counts(dataset, USERS * 9, USERS * 3, USERS * 3);
    for (uint32_t u = 0; u < USERS; u++)
        for (uint32_t i = 0; i < ITEMS; i++) /* the first items are the latest */
            assert_int_equal(dataset->part[u * ITEMS + i], i < 3 ? RS_TEST : i < 6 ? RS_EVAL : RS_TRAIN);
    rs_dataset_drop(dataset);
    fixture_write(f, "ratings.txt", "1 1 3 1\n2 1 4 1\n2 2 5 2\n");
    dataset = load_shares(f, "0.9", "0.9", "1");
    check_counts(dataset, 2, 0, 1); /* everyone keeps a rating for training */
    rs_dataset_drop(dataset);
}

static void test_time_needs_times(void **state)
{
    struct fixture *f = *state;
    write_full(f, false);
    static const char *const splits[] = {"time", "per-user"};
    for (size_t i = 0; i < 2; i++) {
        char message[256];
        fixture_set(f, "split", splits[i]);
        snprintf(message, sizeof message,
                 "%s: a split by time needs timestamps, and these ratings have none: [data] split = random",
                 strrchr(f->folder, '/') + 1);
        fixture_refused(f, RS_DATA, message);
    }
}

static void test_nothing_left_to_train(void **state)
{
    struct fixture *f = *state;
    char message[256];
    fixture_write(f, "ratings.txt", "1 1 3\n2 2 4\n");
    fixture_set(f, "test_fraction", "0.95");
    snprintf(message, sizeof message,
             "%s: of 2 ratings none is left to train on: smaller [data] test_fraction and eval_fraction are wanted",
             strrchr(f->folder, '/') + 1);
    fixture_refused(f, RS_DATA, message);
}

static void name_parts(struct fixture *f, const char *train, const char *eval, const char *test)
{
    fixture_set(f, "split", "file");
    fixture_set(f, "train_file", train);
    fixture_set(f, "eval_file", eval);
    fixture_set(f, "test_file", test);
}

static void test_by_file(void **state)
{
    struct fixture *f = *state;
    fixture_write(f, "u.data", "this file is not read\n");
    fixture_write(f, "u.item", "1|One\n2|Two\n7|Seven\n");
    fixture_write(f, "u1.base", "1\t1\t1\t1\n1\t2\t2\t2\n2\t1\t3\t3\n2\t2\t4\t4\n1\t1\t5\t5\n");
    const char *test = fixture_write(f, "u1.test", "3\t7\t5\t6\n1\t7\t4\t7\n");
    name_parts(f, "u1.base", "", "u1.test");
    const struct rs_dataset *dataset = load_shares(f, "0.5", "0.25", "1");
    check_counts(dataset, 3, 1, 2);
    assert_int_equal(dataset->ratings.duplicates, 1);
    assert_int_equal(dataset->ratings.users, 3); /* user 3 and item 7 are cold */
    assert_string_equal(dataset->ratings.titles.text[2], "Seven");
    assert_int_equal(dataset->part[2], RS_TEST);
    assert_int_equal(dataset->part[5], RS_TEST);
    rs_dataset_drop(dataset);
    name_parts(f, "u1.base", "u1.valid", test);
    fixture_write(f, "u1.valid", "3\t1\t1\t1\n");
    dataset = fixture_load(f);
    check_counts(dataset, 4, 1, 2);
    assert_string_equal(dataset->ratings.user_ids.text[2], "3");
    assert_int_equal(dataset->part[5], RS_EVAL);
    rs_dataset_drop(dataset);
}

static void test_files_that_are_wrong(void **state)
{
    struct fixture *f = *state;
    name_parts(f, "", "", "");
    fixture_refused(f, RS_PRESET, "[data] train_file is empty: split = file needs one, such as u1.base");
    fixture_write(f, "u1.base", "1\t1\t1\t1\n1\t2\t2\t2\n");
    name_parts(f, "u1.base", "", "");
    fixture_refused(f, RS_PRESET, "[data] test_file is empty: split = file needs one, such as u1.test");
    name_parts(f, "u1.base", "", "u1.tset");
    fixture_refused(f, RS_DATA, "HERE/u1.tset: there is no such file: [data] test_file = u1.tset names it");
    fixture_write(f, "u1.test", "5\t5\t5\t1\n1\t2\t2\t2\n");
    name_parts(f, "u1.base", "", "u1.test");
    fixture_refused(f, RS_DATA,
                    "HERE/u1.test:2: the rating of item '2' by user '1' is also in HERE/u1.base:2: a rating is for "
                    "training, eval or test, not for two of them");
    fixture_write(f, "u1.test", "5\t5\n");
    fixture_refused(f, RS_DATA,
                    "HERE/u1.test:1: a field is missing, 2 of 3 are there: a line is user item rating, or user item "
                    "rating timestamp in all");
    fixture_set(f, "source", "builtin:ice1");
    fixture_refused(f, RS_PRESET, "[data] split = file: builtin:ice1 has no files: random, time, per-user");
}

static void test_cells_of_parts(void **state)
{
    struct fixture *f = *state;
    write_full(f, false);
    const struct rs_dataset *dataset = load_shares(f, "0.3", "0.3", "1");
    struct rs_cells rows;
    struct rs_cells columns;
    uint64_t together = 0;
    for (unsigned parts = 0; parts < 1U << RS_PARTS; parts++) {
        assert_int_equal(rs_dataset_cells(&rows, dataset, parts, false, &f->err), RS_OK);
        assert_int_equal(rs_dataset_cells(&columns, dataset, parts, true, &f->err), RS_OK);
        uint64_t wanted = 0;
        for (unsigned part = 0; part < RS_PARTS; part++)
            wanted += parts >> part & 1U ? dataset->count[part] : 0;
        assert_int_equal(rows.count, wanted);
        assert_int_equal(rows.offset[USERS], wanted);
        assert_int_equal(columns.offset[ITEMS], wanted);
        for (uint32_t u = 0; u < USERS; u++)
            for (uint64_t n = rows.offset[u]; n < rows.offset[u + 1]; n++) {
                uint64_t cell = u * ITEMS + rows.column[n]; /* the matrix is full */
                assert_true(parts >> dataset->part[cell] & 1U);
                assert_float_equal(rows.value[n], dataset->ratings.by_user.value[cell], 0);
                together++;
            }
        for (uint32_t i = 0; i < ITEMS; i++)
            for (uint64_t n = columns.offset[i]; n < columns.offset[i + 1]; n++)
                assert_true(parts >> dataset->part[columns.column[n] * ITEMS + i] & 1U);
        rs_cells_free(&rows);
        rs_cells_free(&columns);
    }
    assert_int_equal(together, 4 * RATINGS);
    rs_dataset_drop(dataset);
}

/* The same without a copy. */
static void test_rows_of_parts(void **state)
{
    struct fixture *f = *state;
    write_full(f, false);
    const struct rs_dataset *dataset = load_shares(f, "0.3", "0.3", "1");
    for (unsigned parts = 0; parts < 1U << RS_PARTS; parts++) {
        for (int by_item = 0; by_item < 2; by_item++) {
            struct rs_cells copy;
            struct rs_part_rows rows;
            uint32_t column[USERS + ITEMS];
            float value[USERS + ITEMS];
            double sum = 0;
            assert_int_equal(rs_dataset_cells(&copy, dataset, parts, by_item, &f->err), RS_OK);
            assert_int_equal(rs_part_rows_init(&rows, dataset, parts, by_item, &f->err), RS_OK);
            assert_int_equal(rows.count, copy.count);
            assert_int_equal(rows.longest, by_item ? USERS : ITEMS);
            assert_int_equal(rows.cells->rows, copy.rows);
            for (uint32_t row = 0; row < copy.rows; row++) {
                uint64_t from = copy.offset[row];
                size_t count = rs_part_row(&rows, row, column, value);
                assert_int_equal(count, copy.offset[row + 1] - from);
                assert_memory_equal(column, copy.column + from, count * sizeof *column);
                assert_memory_equal(value, copy.value + from, count * sizeof *value);
                for (size_t i = 0; i < count; i++)
                    sum += (double)value[i];
            }
            double mean = rs_part_mean(&rows);
            sum /= copy.count ? (double)copy.count : 1;
            assert_memory_equal(&mean, &sum, sizeof mean);
            rs_cells_free(&copy);
            rs_part_rows_free(&rows);
        }
    }
    rs_dataset_drop(dataset);
}

static void test_cold_rating_and_sharing(void **state)
{
    struct fixture *f = *state;
    fixture_write(f, "ratings.txt", "1 1 1\n1 2 5\n1 3 3\n1 4 2\n");
    const struct rs_dataset *dataset = fixture_load(f);
    assert_float_equal(dataset->cold_rating, 2.75, 1e-6);
    assert_ptr_equal(rs_dataset_take(dataset), dataset);
    rs_dataset_drop(dataset);
    assert_int_equal(dataset->count[RS_TRAIN], 4);
    rs_dataset_drop(dataset);
    rs_dataset_drop(NULL);
    fixture_set(f, "cold_rating", "3");
    dataset = fixture_load(f);
    assert_float_equal(dataset->cold_rating, 3, 0);
    rs_dataset_drop(dataset);
}

static void test_same_data(void **state)
{
    struct fixture *f = *state;
    struct rs_settings kept = f->settings;
    assert_true(rs_dataset_same(&kept, &f->settings));
    fixture_set(f, "world_noise", "0.1"); /* means nothing beside a file */
    fixture_set(f, "train_file", "u1.base");
    assert_true(rs_dataset_same(&kept, &f->settings));
    fixture_set(f, "split_seed", "7");
    assert_false(rs_dataset_same(&kept, &f->settings));
    f->settings = kept;
    fixture_set(f, "source", "builtin:playground");
    assert_false(rs_dataset_same(&kept, &f->settings));
    kept = f->settings;
    fixture_set(f, "world_noise", "0.1");
    assert_false(rs_dataset_same(&kept, &f->settings));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_start, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_random),
        CASE(test_the_hash_stays),
        CASE(test_no_eval_and_no_test),
        CASE(test_by_time),
        CASE(test_per_user),
        CASE(test_time_needs_times),
        CASE(test_nothing_left_to_train),
        CASE(test_by_file),
        CASE(test_files_that_are_wrong),
        CASE(test_cells_of_parts),
        CASE(test_rows_of_parts),
        CASE(test_cold_rating_and_sharing),
        CASE(test_same_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
