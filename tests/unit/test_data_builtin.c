/* The data that need no file: the same bits on every machine, and a world with the properties it promises. */
#include <math.h>

#include "data_fixture.h"

static int builtin_start(void **state)
{
    int failed = fixture_start(state);
    if (failed == 0) {
        struct fixture *f = *state;
        fixture_defaults(f);
    }
    return failed;
}

static void test_playground_has_the_same_bits_everywhere(void **state)
{
    struct fixture *f = *state;
    const struct rs_dataset *dataset = fixture_load(f);
    assert_string_equal(dataset->ratings.hash, "bcb9738d1eead326f6238b15a34e01189d2c131675131ce8234934aaffd6650f");
    assert_string_equal(dataset->split_hash, "a927180cace2c043585819faf26ca0f6b684d2d1c1fa41329f0716add393c67b");
    rs_dataset_drop(dataset);
    fixture_set(f, "world", "bilinear");
    dataset = fixture_load(f);
    assert_string_equal(dataset->ratings.hash, "852cd8354b9948774247a1ec316427c55d18e6afdd4a554068adefcf6bd8a9f3");
    rs_dataset_drop(dataset);
}

static int compare_counts(const void *left, const void *right)
{
    uint64_t a;
    uint64_t b;
    memcpy(&a, left, sizeof a);
    memcpy(&b, right, sizeof b);
    return (a < b) - (a > b);
}

/* The share of all ratings that the most popular tenth of the items has. */
static double top_tenth(const struct rs_ratings *r)
{
    uint64_t *count = calloc(r->items, sizeof *count);
    for (uint32_t i = 0; i < r->items; i++)
        count[i] = r->by_item.offset[i + 1] - r->by_item.offset[i];
    qsort(count, r->items, sizeof *count, compare_counts);
    double sum = 0;
    for (uint32_t i = 0; i < r->items / 10; i++)
        sum += (double)count[i];
    free(count);
    return sum / (double)r->count;
}

static void test_playground_is_like_movielens(void **state)
{
    struct fixture *f = *state;
    const struct rs_dataset *dataset = fixture_load(f);
    const struct rs_ratings *r = &dataset->ratings;
    fixture_sound(dataset);
    assert_int_equal(r->users, 943);
    assert_int_equal(r->items, 1682);
    assert_int_equal(r->count, 100000);
    assert_true(r->generated);
    assert_string_equal(r->name, "builtin:playground");
    assert_string_equal(r->user_ids.text[942], "943");
    assert_string_equal(r->titles.text[0], "Item 1: comedy, space, crime");
    uint64_t stars[6] = {0};
    double sum = 0;
    for (uint64_t n = 0; n < r->count; n++) {
        float value = r->by_user.value[n];
        assert_true(value >= 1 && value <= 5 && value == floorf(value));
        stars[(size_t)value]++;
        sum += (double)value;
        assert_true(r->time[n] >= 946684800 && r->time[n] <= 946684800 + INT64_C(86400) * 720);
    }
    for (size_t star = 1; star <= 5; star++)
        assert_true(stars[star] > 1000);
    assert_true(sum / 1e5 > 3.4 && sum / 1e5 < 3.9);
    assert_true(top_tenth(r) > 0.3);
    assert_true(r->noise_floor > 0.6 && r->noise_floor < 0.8);
    rs_dataset_drop(dataset);
}

static void set_world(struct fixture *f, uint32_t users, uint32_t items, uint64_t ratings)
{
    char text[32];
    snprintf(text, sizeof text, "%u", (unsigned)users);
    fixture_set(f, "world_users", text);
    snprintf(text, sizeof text, "%u", (unsigned)items);
    fixture_set(f, "world_items", text);
    snprintf(text, sizeof text, "%llu", (unsigned long long)ratings);
    fixture_set(f, "world_ratings", text);
}

static void test_worlds_of_other_sizes(void **state)
{
    static const struct {
        uint32_t users, items;
        uint64_t ratings;
    } world[] = {{2, 2, 2}, {3, 40, 60}, {40, 3, 60}, {50, 50, 1250}, {60, 7, 60}};
    struct fixture *f = *state;
    fixture_set(f, "test_fraction", "0");
    fixture_set(f, "eval_fraction", "0");
    for (size_t i = 0; i < sizeof world / sizeof *world; i++) {
        set_world(f, world[i].users, world[i].items, world[i].ratings);
        const struct rs_dataset *dataset = fixture_load(f);
        fixture_sound(dataset);
        assert_int_equal(dataset->ratings.users, world[i].users);
        assert_int_equal(dataset->ratings.items, world[i].items);
        assert_int_equal(dataset->ratings.count, world[i].ratings);
        rs_dataset_drop(dataset);
    }
    set_world(f, 1, 2, 1);
    fixture_refused(f, RS_PRESET,
                    "[data] world_ratings = 1: 1 users and 2 items have at least 2 and at most 1 ratings");
    set_world(f, 200000, 200000, 200000);
    fixture_refused(f, RS_PRESET,
                    "[data] world_users = 200000: with world_items = 200000 these are more than 1e9 cells: fewer are "
                    "wanted");
}

static const struct rs_dataset *small_world(struct fixture *f, const char *key, const char *value)
{
    fixture_defaults(f);
    fixture_set(f, "world_users", "300");
    fixture_set(f, "world_items", "400");
    fixture_set(f, "world_ratings", "12000");
    fixture_set(f, key, value);
    return fixture_load(f);
}

/* Noise is the floor and nothing else is: without it the truth is met exactly, and with more it lies higher. */
static void test_noise_is_the_floor(void **state)
{
    struct fixture *f = *state;
    const struct rs_dataset *silent = small_world(f, "world_noise", "0");
    const struct rs_dataset *quiet = small_world(f, "world_noise", "0.3");
    const struct rs_dataset *loud = small_world(f, "world_noise", "1");
    assert_true(silent->ratings.noise_floor == 0);
    assert_true(quiet->ratings.noise_floor > 0.3 && quiet->ratings.noise_floor < 0.5);
    assert_true(loud->ratings.noise_floor > 0.75 && loud->ratings.noise_floor < 1.05);
    rs_dataset_drop(silent);
    rs_dataset_drop(quiet);
    rs_dataset_drop(loud);
}

static void test_skew_is_inequality(void **state)
{
    struct fixture *f = *state;
    const struct rs_dataset *flat = small_world(f, "world_skew", "0");
    const struct rs_dataset *usual = small_world(f, "world_skew", "1");
    const struct rs_dataset *steep = small_world(f, "world_skew", "2");
    assert_true(top_tenth(&flat->ratings) + 0.05 < top_tenth(&usual->ratings));
    assert_true(top_tenth(&usual->ratings) + 0.05 < top_tenth(&steep->ratings));
    rs_dataset_drop(flat);
    rs_dataset_drop(usual);
    rs_dataset_drop(steep);
}

/* The spread, over items, of the mean rating late less the mean rating early. */
static double drift_of(const struct rs_ratings *r)
{
    int64_t middle = 946684800 + INT64_C(86400) * 360;
    double *sum = calloc(4 * (size_t)r->items, sizeof *sum);
    for (uint64_t n = 0; n < r->count; n++) {
        double *item = sum + 4 * (size_t)r->by_user.column[n] + (r->time[n] > middle ? 2 : 0);
        item[0] += (double)r->by_user.value[n];
        item[1] += 1;
    }
    double squares = 0;
    double weights = 0;
    for (uint32_t i = 0; i < r->items; i++) {
        const double *s = sum + 4 * (size_t)i;
        if (s[1] < 15 || s[3] < 15)
            continue;
        double change = s[2] / s[3] - s[0] / s[1];
        squares += change * change;
        weights += 1;
    }
    free(sum);
    return sqrt(squares / weights);
}

static void test_drift_is_change(void **state)
{
    struct fixture *f = *state;
    const struct rs_dataset *still = small_world(f, "world_drift", "0");
    const struct rs_dataset *moving = small_world(f, "world_drift", "1");
    assert_true(drift_of(&moving->ratings) > 1.5 * drift_of(&still->ratings));
    rs_dataset_drop(still);
    rs_dataset_drop(moving);
}

static void test_another_seed_is_another_world(void **state)
{
    struct fixture *f = *state;
    const struct rs_dataset *one = small_world(f, "world_seed", "1");
    const struct rs_dataset *two = small_world(f, "world_seed", "2");
    const struct rs_dataset *split = small_world(f, "split_seed", "2");
    assert_string_not_equal(one->ratings.hash, two->ratings.hash);
    assert_string_equal(one->ratings.hash, split->ratings.hash);
    assert_string_not_equal(one->split_hash, split->split_hash);
    rs_dataset_drop(one);
    rs_dataset_drop(two);
    rs_dataset_drop(split);
}

static void test_exercise_1(void **state)
{
    static const char *const people[] = {"Tom", "Henry", "Arnold", "Shafiq"};
    static const char *const films[] = {"Sun", "Moon", "Stars", "Galaxies"};
    struct fixture *f = *state;
    fixture_set(f, "source", "builtin:ice1");
    fixture_set(f, "test_fraction", "0");
    fixture_set(f, "eval_fraction", "0");
    const struct rs_dataset *dataset = fixture_load(f);
    const struct rs_ratings *r = &dataset->ratings;
    fixture_sound(dataset);
    assert_int_equal(r->count, 9);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(r->user_ids.text[i], people[i]);
        assert_string_equal(r->item_ids.text[i], films[i]);
        assert_string_equal(r->titles.text[i], films[i]);
    }
    assert_true(r->scale.low == 0 && r->scale.high == 1 && r->scale.step == 1);
    assert_true(fixture_rating(dataset, "Tom", "Sun") == 1 && fixture_rating(dataset, "Arnold", "Sun") == 0);
    assert_true(fixture_rating(dataset, "Henry", "Moon") == 1 && fixture_rating(dataset, "Shafiq", "Moon") == 0);
    assert_true(fixture_rating(dataset, "Tom", "Stars") == 0 && fixture_rating(dataset, "Henry", "Stars") == 1);
    assert_true(fixture_rating(dataset, "Tom", "Galaxies") == 0 && fixture_rating(dataset, "Henry", "Galaxies") == 0);
    assert_true(fixture_rating(dataset, "Arnold", "Galaxies") == 1);
    rs_dataset_drop(dataset);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, builtin_start, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_playground_has_the_same_bits_everywhere),
        CASE(test_playground_is_like_movielens),
        CASE(test_worlds_of_other_sizes),
        CASE(test_noise_is_the_floor),
        CASE(test_skew_is_inequality),
        CASE(test_drift_is_change),
        CASE(test_another_seed_is_another_world),
        CASE(test_exercise_1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
