/* Real ratings, where they are at hand: in the folder that RECSCOPE_DATA names, by default ../shared/data. */
#include "data_fixture.h"

static const struct rs_dataset *load_real(struct fixture *f, const char *name)
{
    const char *folder = getenv("RECSCOPE_DATA");
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder ? folder : "../shared/data", name);
    if (!rs_is_folder(path)) {
        print_message("%s is not there: RECSCOPE_DATA names the folder of real ratings\n", path);
        skip();
    }
    fixture_set(f, "source", path);
    const struct rs_dataset *dataset = fixture_load(f);
    fixture_sound(dataset);
    return dataset;
}

static void check_size(const struct rs_dataset *dataset, uint32_t users, uint32_t items, uint64_t count)
{
    assert_int_equal(dataset->ratings.users, users);
    assert_int_equal(dataset->ratings.items, items);
    assert_int_equal(dataset->ratings.count, count);
}

static const char *title_of(const struct rs_dataset *dataset, const char *item)
{
    const struct rs_ratings *r = &dataset->ratings;
    for (uint32_t i = 0; i < r->items; i++)
        if (strcmp(r->item_ids.text[i], item) == 0)
            return r->titles.text[i];
    return NULL;
}

static void test_movielens_100k(void **state)
{
    struct fixture *f = *state;
    const struct rs_dataset *dataset = load_real(f, "ml-100k");
    check_size(dataset, 943, 1682, 100000);
    assert_string_equal(dataset->ratings.hash, "06416e597f82b7342361e41163890c81036900f418ad91315590814211dca490");
    assert_true(dataset->ratings.timed);
    assert_string_equal(title_of(dataset, "1"), "Toy Story (1995)");
    assert_string_equal(title_of(dataset, "267"), "unknown");
    assert_string_equal(title_of(dataset, "543"), "Mis\xC3\xA9rables, Les (1995)");
    rs_dataset_drop(dataset);
}

static void test_movielens_100k_by_file(void **state)
{
    struct fixture *f = *state;
    fixture_set(f, "split", "file");
    fixture_set(f, "train_file", "u1.base");
    fixture_set(f, "test_file", "u1.test");
    const struct rs_dataset *dataset = load_real(f, "ml-100k");
    check_size(dataset, 943, 1682, 100000);
    assert_int_equal(dataset->count[RS_TRAIN], 80000);
    assert_int_equal(dataset->count[RS_TEST], 20000);
    rs_dataset_drop(dataset);
    fixture_set(f, "eval_fraction", "0.05");
    dataset = fixture_load(f);
    assert_int_equal(dataset->count[RS_TRAIN], 76000);
    assert_int_equal(dataset->count[RS_EVAL], 4000);
    assert_int_equal(dataset->count[RS_TEST], 20000);
    rs_dataset_drop(dataset);
}

static void test_movielens_1m(void **state)
{
    static const uint64_t wanted[] = {0, 56174, 107557, 261197, 348971, 226310};
    struct fixture *f = *state;
    const struct rs_dataset *dataset = load_real(f, "ml-1m");
    check_size(dataset, 6040, 3706, 1000209);
    assert_string_equal(dataset->ratings.hash, "2dad134c8b493373beed8d2a42e18ec2a93606fd957bd76c0bfbdef5c514b985");
    assert_false(dataset->ratings.timed);
    uint64_t stars[6] = {0};
    for (uint64_t n = 0; n < dataset->ratings.count; n++)
        stars[(size_t)dataset->ratings.by_user.value[n]]++;
    assert_memory_equal(stars, wanted, sizeof wanted);
    for (uint32_t i = 0; i < 3706; i++)
        assert_non_null(dataset->ratings.titles.text[i]);
    assert_string_equal(title_of(dataset, "73"), "Mis\xC3\xA9rables, Les (1995)");
    rs_dataset_drop(dataset);
}

static void test_movietweetings(void **state)
{
    struct fixture *f = *state;
    const struct rs_dataset *dataset = load_real(f, "movietweetings-100k");
    check_size(dataset, 16554, 10506, 100000);
    assert_true(dataset->ratings.scale.low == 0 && dataset->ratings.scale.high == 10);
    assert_string_equal(title_of(dataset, "0104257"), "A Few Good Men (1992)");
    assert_null(title_of(dataset, "104257"));
    rs_dataset_drop(dataset);
}

static void test_filmtrust(void **state)
{
    struct fixture *f = *state;
    const struct rs_dataset *dataset = load_real(f, "filmtrust");
    check_size(dataset, 1508, 2071, 35494);
    assert_int_equal(dataset->ratings.duplicates, 3);
    assert_true(dataset->ratings.scale.low == 0.5F && dataset->ratings.scale.high == 4);
    assert_true(dataset->ratings.scale.step == 0.5F);
    rs_dataset_drop(dataset);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_start, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_movielens_100k), CASE(test_movielens_100k_by_file),
        CASE(test_movielens_1m),   CASE(test_movietweetings),
        CASE(test_filmtrust),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
