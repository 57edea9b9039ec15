/* Each form of rating file, ids, titles, duplicates and scales. */
#include "data_fixture.h"

static void check_scale(const struct rs_dataset *dataset, float low, float high, float step)
{
    assert_float_equal(dataset->ratings.scale.low, low, 0);
    assert_float_equal(dataset->ratings.scale.high, high, 0);
    assert_float_equal(dataset->ratings.scale.step, step, 0);
}

/* Three users, two items, four ratings, whatever the form: user 10 gave item 7 three and item 30 five stars. */
static void check_small(struct fixture *f, const char *format, bool timed)
{
    const struct rs_dataset *dataset = fixture_load(f);
    const struct rs_ratings *r = &dataset->ratings;
    fixture_sound(dataset);
    assert_string_equal(r->format, format);
    assert_int_equal(r->users, 3);
    assert_int_equal(r->items, 2);
    assert_int_equal(r->count, 4);
    assert_int_equal(r->duplicates, 0);
    assert_string_equal(r->user_ids.text[0], "2");
    assert_string_equal(r->user_ids.text[1], "10");
    assert_string_equal(r->user_ids.text[2], "11");
    assert_float_equal(fixture_rating(dataset, "10", "7"), 3, 0);
    assert_float_equal(fixture_rating(dataset, "10", "30"), 5, 0);
    assert_float_equal(fixture_rating(dataset, "2", "7"), 4, 0);
    assert_float_equal(fixture_rating(dataset, "11", "30"), 1, 0);
    assert_int_equal(r->timed, timed);
    assert_null(r->time); /* nobody asks for them */
    rs_dataset_drop(dataset);
    if (!timed)
        return;
    static const int64_t time[] = {300, 100, 200, 400};
    fixture_set(f, "split", "time");
    dataset = fixture_load(f);
    assert_memory_equal(dataset->ratings.time, time, sizeof time);
    rs_dataset_drop(dataset);
    fixture_set(f, "split", "random");
}

static void test_movielens_100k(void **state)
{
    struct fixture *f = *state;
    fixture_write(f, "u.data", "10\t7\t3\t100\n10\t30\t5\t200\n2\t7\t4\t300\n11\t30\t1\t400\n");
    check_small(f, "MovieLens 100K", true);
}

static void test_movielens_1m(void **state)
{
    struct fixture *f = *state;
    fixture_write(f, "ratings.dat", "10::7::3::100\n10::30::5::200\n2::7::4::300\n11::30::1::400\n");
    check_small(f, "MovieLens 1M", true);
    fixture_write(f, "ratings.dat", "10::7::3\n10::30::5\n2::7::4\n11::30::1\n");
    check_small(f, "MovieLens 1M", false);
}

static void test_movielens_csv(void **state)
{
    struct fixture *f = *state;
    fixture_write(f, "ratings.csv",
                  "userId,movieId,rating,timestamp\n10,7,3.0,100\n10,30,5.0,200\n2,7,4.0,300\n11,30,1.0,400\n");
    check_small(f, "MovieLens csv", true);
    const struct rs_dataset *dataset = fixture_load(f);
    check_scale(dataset, 0.5F, 5, 0.5F);
    rs_dataset_drop(dataset);
}

static void test_csv_with_a_header(void **state)
{
    struct fixture *f = *state;
    fixture_set(f, "source",
                fixture_write(f, "mine.csv",
                              "score,Item_ID,note,user\n3,7,\"so, so\",10\n5,30,,10\n"
                              "4,7,\"a \"\"hit\"\"\",2\n1,\"30\",no,11\n"));
    check_small(f, "csv with a header", false);
    fixture_write(f, "mine.csv",
                  "\"time\";\"User-ID\";\"ISBN\";\"Book-Rating\"\n100;10;7;3\n200;10;30;5\n300;2;7;4\n"
                  "400;11;30;1\n");
    check_small(f, "csv with a header", true);
    fixture_write(f, "mine.csv", "userID\tmovieID\trating\n10\t7\t3\n10\t30\t5\n2\t7\t4\n11\t30\t1\n");
    check_small(f, "csv with a header", false);
}

static void test_csv_without_a_header(void **state)
{
    struct fixture *f = *state;
    fixture_set(f, "source", fixture_write(f, "mine.csv", "10,7,3\n10,30,5\n2,7,4\n11,30,1\n"));
    check_small(f, "csv", false);
    fixture_write(f, "mine.csv", "10, 7, 3, 100\n10,30,5,200\n2,7,4,300\n11,30,1,400\n");
    check_small(f, "csv", true);
}

static void test_blanks(void **state)
{
    struct fixture *f = *state;
    fixture_write(f, "ratings.txt", "10 7 3\n10 30   5\n 2 7\t4 \n11 30 1\n");
    check_small(f, "blank-separated triples", false);
    fixture_write(f, "ratings.txt", "10 7 3 100\n10 30 5 200\n2 7 4 300\n11 30 1 400\n");
    check_small(f, "blank-separated triples", true);
}

static void test_line_ends(void **state)
{
    struct fixture *f = *state;
    fixture_write(f, "ratings.dat", "10::7::3\r\n10::30::5\r\n2::7::4\r\n11::30::1");
    check_small(f, "MovieLens 1M", false);
    fixture_write(f, "ratings.dat", "\xEF\xBB\xBF\n10::7::3\n\n10::30::5\n2::7::4\n11::30::1\n\n");
    check_small(f, "MovieLens 1M", false);
    unlink(f->path[0]);
    fixture_write(f, "ratings.csv",
                  "\xEF\xBB\xBFuserId,movieId,rating,timestamp\r\n10,7,3,100\r\n10,30,5,200\r\n"
                  "2,7,4,300\r\n11,30,1,400");
    check_small(f, "MovieLens csv", true);
}

static void test_ids_are_text(void **state)
{
    struct fixture *f = *state;
    static const char *const items[] = {"7", "07", "007", "10", "12345678901234567890123", "Alien", "b c", "\xC3\xA9"};
    fixture_set(f, "source",
                fixture_write(f, "mine.csv",
                              "b,b c,1\nb,12345678901234567890123,2\nb,007,3\na,Alien,4\na,10,5\n"
                              "a,07,1\na,7,2\na,\xC3\xA9,3\n"));
    const struct rs_dataset *dataset = fixture_load(f);
    fixture_sound(dataset);
    assert_int_equal(dataset->ratings.items, 8);
    for (uint32_t i = 0; i < 8; i++)
        assert_string_equal(dataset->ratings.item_ids.text[i], items[i]);
    assert_string_equal(dataset->ratings.user_ids.text[0], "a");
    assert_float_equal(fixture_rating(dataset, "b", "007"), 3, 0);
    assert_float_equal(fixture_rating(dataset, "a", "7"), 2, 0);
    rs_dataset_drop(dataset);
}

static void test_titles_100k(void **state)
{
    struct fixture *f = *state;
    fixture_write(f, "u.data", "1\t1\t3\t1\n1\t2\t5\t2\n1\t5\t4\t3\n");
    fixture_write(f, "u.item", "1|Caf\xE9 \x93Noir\x94 (1995)|01-Jan-1995||x|0\n3|Nobody saw it||\n5|||\n");
    const struct rs_dataset *dataset = fixture_load(f);
    assert_int_equal(dataset->ratings.titles.count, 3);
    assert_string_equal(dataset->ratings.titles.text[0], "Caf\xC3\xA9 ?Noir? (1995)");
    assert_null(dataset->ratings.titles.text[1]);
    assert_null(dataset->ratings.titles.text[2]);
    rs_dataset_drop(dataset);
}

static void test_titles_1m(void **state)
{
    struct fixture *f = *state;
    fixture_write(f, "ratings.dat", "1::0012::3\n1::2::5\n");
    fixture_write(f, "movies.dat",
                  "12::Another::Drama\n0012::L'\xC3\x82ge d'or (1930)::Drama\r\n2::\x1B[2JBell\x07::x\n");
    const struct rs_dataset *dataset = fixture_load(f);
    assert_string_equal(dataset->ratings.item_ids.text[1], "0012");
    assert_string_equal(dataset->ratings.titles.text[1], "L'\xC3\x82ge d'or (1930)");
    assert_string_equal(dataset->ratings.titles.text[0], "?[2JBell?");
    rs_dataset_drop(dataset);
}

static void test_titles_csv(void **state)
{
    struct fixture *f = *state;
    fixture_write(f, "ratings.csv", "userId,movieId,rating,timestamp\n1,1,3,1\n1,2,4,1\n1,9,5,1\n");
    fixture_write(f, "movies.csv",
                  "movieId,title,genres\n1,\"American President, The (1995)\",Comedy\n"
                  "2,\"Say \"\"Cheese\"\" (2000)\",Drama\n3,Heat,Action\n");
    const struct rs_dataset *dataset = fixture_load(f);
    assert_string_equal(dataset->ratings.titles.text[0], "American President, The (1995)");
    assert_string_equal(dataset->ratings.titles.text[1], "Say \"Cheese\" (2000)");
    assert_null(dataset->ratings.titles.text[2]);
    rs_dataset_drop(dataset);
    unlink(f->path[1]);
    dataset = fixture_load(f);
    assert_int_equal(dataset->ratings.titles.count, 0);
    rs_dataset_drop(dataset);
}

static void test_the_last_of_equal_pairs_wins(void **state)
{
    struct fixture *f = *state;
    fixture_write(f, "ratings.txt", "1 1 2\n1 2 3\n1 1 4\n2 1 1\n1 1 5\n2 2 2\n2 2 2\n");
    const struct rs_dataset *dataset = fixture_load(f);
    fixture_sound(dataset);
    assert_int_equal(dataset->ratings.count, 4);
    assert_int_equal(dataset->ratings.duplicates, 3);
    assert_float_equal(fixture_rating(dataset, "1", "1"), 5, 0);
    rs_dataset_drop(dataset);
}

static void load_scale(struct fixture *f, float low, float high, float step)
{
    const struct rs_dataset *dataset = fixture_load(f);
    check_scale(dataset, low, high, step);
    rs_dataset_drop(dataset);
}

static void test_scales(void **state)
{
    struct fixture *f = *state;
    fixture_write(f, "ratings.dat", "1::1::3\n1::2::4\n");
    load_scale(f, 1, 5, 1);
    fixture_write(f, "ratings.dat", "1::1::3\n1::2::4.5\n");
    load_scale(f, 0.5F, 5, 0.5F);
    fixture_write(f, "ratings.dat", "1::1::0\n1::2::10\n1::3::7\n1::4::6\n");
    load_scale(f, 0, 10, 1);
    unlink(f->path[0]);
    fixture_write(f, "ratings.txt", "1 1 0.1\n1 2 0.7\n1 3 0.3\n1 4 -0.1\n");
    load_scale(f, -0.1F, 0.7F, 0.2F);
    fixture_write(f, "ratings.txt", "1 1 0.1\n1 2 0.75\n1 3 0.3\n1 4 -10\n");
    load_scale(f, -10, 0.75F, 0);
    fixture_write(f, "ratings.txt", "1 1 4\n1 2 4\n");
    fixture_set(f, "scale", "1, 5, 1");
    load_scale(f, 1, 5, 1);
}

static void test_numbers(void **state)
{
    struct fixture *f = *state;
    fixture_write(f, "ratings.txt", "1 1 .5\n1 2 5.\n1 3 +2\n1 4 1e0\n1 5 0000000000000000000003\n1 6 4.50\n");
    static const float wanted[] = {0.5F, 5, 2, 1, 3, 4.5F};
    const struct rs_dataset *dataset = fixture_load(f);
    assert_memory_equal(dataset->ratings.by_user.value, wanted, sizeof wanted);
    rs_dataset_drop(dataset);
}

static void test_one_user_or_one_item(void **state)
{
    struct fixture *f = *state;
    fixture_write(f, "ratings.txt", "1 1 1\n1 2 5\n1 3 2\n");
    const struct rs_dataset *dataset = fixture_load(f);
    fixture_sound(dataset);
    assert_int_equal(dataset->ratings.users, 1);
    rs_dataset_drop(dataset);
    fixture_write(f, "ratings.txt", "1 1 1\n2 1 5\n3 1 2\n");
    dataset = fixture_load(f);
    fixture_sound(dataset);
    assert_int_equal(dataset->ratings.items, 1);
    rs_dataset_drop(dataset);
}

static void test_rare_ones_are_dropped(void **state)
{
    struct fixture *f = *state;
    /* User 3 falls with item 9, and item 8 with user 3: only the square of 1, 2 and 4, 5 stays. */
    fixture_write(f, "ratings.txt", "1 4 1\n1 5 2\n2 4 3\n2 5 4\n3 8 5\n3 9 1\n1 8 2\n");
    fixture_set(f, "min_ratings", "2");
    const struct rs_dataset *dataset = fixture_load(f);
    fixture_sound(dataset);
    assert_int_equal(dataset->ratings.count, 4);
    assert_int_equal(dataset->ratings.users, 2);
    assert_int_equal(dataset->ratings.items, 2);
    assert_string_equal(dataset->ratings.item_ids.text[1], "5");
    assert_float_equal(fixture_rating(dataset, "2", "5"), 4, 0);
    rs_dataset_drop(dataset);
}

static void test_names_and_hashes(void **state)
{
    struct fixture *f = *state;
    const char *path = fixture_write(f, "ratings.txt", "abc 1 1\nabd 1 2\n");
    const struct rs_dataset *dataset = fixture_load(f);
    assert_string_equal(dataset->ratings.name, strrchr(f->folder, '/') + 1);
    assert_string_equal(dataset->ratings.hash, "86b9ec0d30e8df055b1ea1b557a2b68364a2c04fa724dbc6f470e05f1798a687");
    rs_dataset_drop(dataset);
    fixture_set(f, "source", path);
    dataset = fixture_load(f);
    assert_string_equal(dataset->ratings.name, "ratings.txt");
    rs_dataset_drop(dataset);
}

/* Where a line stands in the file decides nothing but which of equal pairs wins. */
static void test_order_of_lines_is_free(void **state)
{
    struct fixture *f = *state;
    fixture_set(f, "test_fraction", "0.3");
    fixture_write(f, "ratings.txt", "3 a 1\n1 b 2\n2 c 3\n1 a 4\n2 b 5\n3 c 1\n20 a 3\n");
    const struct rs_dataset *one = fixture_load(f);
    fixture_write(f, "ratings.txt", "20 a 3\n3 c 1\n2 b 5\n1 a 4\n2 c 3\n1 b 2\n3 a 1\n");
    const struct rs_dataset *two = fixture_load(f);
    assert_string_equal(one->split_hash, two->split_hash);
    assert_memory_equal(one->ratings.by_user.column, two->ratings.by_user.column, 7 * sizeof(uint32_t));
    assert_memory_equal(one->ratings.by_user.value, two->ratings.by_user.value, 7 * sizeof(float));
    rs_dataset_drop(one);
    rs_dataset_drop(two);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_start, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_movielens_100k),
        CASE(test_movielens_1m),
        CASE(test_movielens_csv),
        CASE(test_csv_with_a_header),
        CASE(test_csv_without_a_header),
        CASE(test_blanks),
        CASE(test_line_ends),
        CASE(test_ids_are_text),
        CASE(test_titles_100k),
        CASE(test_titles_1m),
        CASE(test_titles_csv),
        CASE(test_the_last_of_equal_pairs_wins),
        CASE(test_scales),
        CASE(test_numbers),
        CASE(test_one_user_or_one_item),
        CASE(test_rare_ones_are_dropped),
        CASE(test_names_and_hashes),
        CASE(test_order_of_lines_is_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
