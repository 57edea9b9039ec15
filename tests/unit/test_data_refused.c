/* Every mistake in a data file is refused with file and line, what is wrong and what would be right. */
#include "data_fixture.h"

/* A file of this name with this text is refused with this message. */
static const struct mistake {
    const char *file;
    const char *text;
    const char *message;
} mistakes[] = {
    {"ratings.txt", "", "HERE/ratings.txt: the file is empty: ratings are wanted, one a line"},
    {"ratings.txt", "\n\r\n\n", "HERE/ratings.txt: the file is empty: ratings are wanted, one a line"},
    {"ratings.csv", "userId,movieId,rating,timestamp\n",
     "HERE/ratings.csv: there is no rating in it: ratings are wanted, one a line"},
    {"ratings.txt", "\nlonely\n",
     "HERE/ratings.txt:2: 'lonely' is no form of ratings: user item rating, with tabs, blanks, commas or :: between"},
    {"ratings.txt", "1 2 3\n1 3\n",
     "HERE/ratings.txt:2: a field is missing, 2 of 3 are there: a line is user item rating, or user item rating "
     "timestamp in all"},
    {"ratings.txt", "1 2 3 4\n1 3 4\n",
     "HERE/ratings.txt:2: a field is missing, 3 of 4 are there: a line is user item rating, or user item rating "
     "timestamp in all"},
    {"ratings.txt", "1 2 3 4 5\n",
     "HERE/ratings.txt:1: too many fields, 5 instead of 4: a line is user item rating, or user item rating timestamp "
     "in all"},
    {"u.data", "1\t2\t3\t4\n\n1\t3\t4\n",
     "HERE/u.data:3: a field is missing, 3 of 4 are there: a line is user item rating timestamp, with tabs between"},
    {"u.data", "1\t2\t3\t4\n1\t3\t4\t5\t6\n",
     "HERE/u.data:2: too many fields, 5 instead of 4: a line is user item rating timestamp, with tabs between"},
    {"u.data", "1\t2\t3\t4\n1\t3\t9\t5\n",
     "HERE/u.data:2: the rating 9 is outside the scale 1 .. 5 by 1 of MovieLens 100K: correct it, or say [data] scale "
     "= LOW,HIGH,STEP"},
    {"u.data", "1\t2\t3\t4\n1\t3\t2.5\t5\n",
     "HERE/u.data:2: the rating 2.5 is outside the scale 1 .. 5 by 1 of MovieLens 100K: correct it, or say [data] "
     "scale = LOW,HIGH,STEP"},
    {"u.data", "1\t2\t3\tyesterday\n",
     "HERE/u.data:1: no timestamp is 'yesterday': whole seconds since 1970 are wanted"},
    {"ratings.dat", "1::2::3\n1::4::5::6\n",
     "HERE/ratings.dat:2: too many fields, 4 instead of 3: a line is user::item::rating, or "
     "user::item::rating::timestamp in all"},
    {"ratings.dat", "1::2::3\n1::4::nan\n",
     "HERE/ratings.dat:2: no rating is 'nan': a finite number is wanted, such as 3.5"},
    {"ratings.dat", "1::2::inf\n", "HERE/ratings.dat:1: no rating is 'inf': a finite number is wanted, such as 3.5"},
    {"ratings.dat", "1::2::1e39\n", "HERE/ratings.dat:1: no rating is '1e39': a finite number is wanted, such as 3.5"},
    {"ratings.dat", "1::2::0x3\n", "HERE/ratings.dat:1: no rating is '0x3': a finite number is wanted, such as 3.5"},
    {"ratings.dat", "1::2::.\n", "HERE/ratings.dat:1: no rating is '.': a finite number is wanted, such as 3.5"},
    {"ratings.dat", "1::2::3.1.4\n",
     "HERE/ratings.dat:1: no rating is '3.1.4': a finite number is wanted, such as 3.5"},
    {"ratings.dat", "1::2::\n", "HERE/ratings.dat:1: no rating is '': a finite number is wanted, such as 3.5"},
    {"ratings.dat", "1::2::five\xE9\n",
     "HERE/ratings.dat:1: no rating is 'five?': a finite number is wanted, such as 3.5"},
    {"ratings.dat", "::2::3\n", "HERE/ratings.dat:1: the user id is empty: give it a number or a name"},
    {"ratings.dat", "1::::3\n", "HERE/ratings.dat:1: the item id is empty: give it a number or a name"},
    {"ratings.dat", "1::2\x1B[2J::3\n",
     "HERE/ratings.dat:1: a control character stands in the id '2?[2J': letters, digits and signs are taken"},
    {"ratings.txt", "1 2 4\n1 3 4\n",
     "HERE/ratings.txt: all ratings are 4, which gives no scale: say which it is with [data] scale = LOW,HIGH,STEP"},
    {"ratings.csv", "userId,movieId\n1,2\n",
     "HERE/ratings.csv:1: the header names no column for the rating: call it rating or score or stars"},
    {"ratings.csv", "user,item,rating,userId\n1,2,3,4\n",
     "HERE/ratings.csv:1: columns 1 and 4 both name the user: one is wanted"},
    {"ratings.csv", "user,item,rating\n1,2,3\n1,2\n",
     "HERE/ratings.csv:3: a field is missing, 2 of 3 are there: a line is as many fields as the header has names"},
    {"ratings.csv", "user,item,rating\n1,\"2,3\n",
     "HERE/ratings.csv:2: a quote is not closed on its line: a line is as many fields as the header has names"},
    {"ratings.csv", "user,item,rating\n1,\"2\"x,3\n",
     "HERE/ratings.csv:2: text stands behind a closing quote: a line is as many fields as the header has names"},
    {"ratings.csv", "usr,itm,ratng\n1,2,3\n",
     "HERE/ratings.csv:1: no rating is 'ratng': a finite number is wanted, such as 3.5"},
};

static void test_mistakes(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        const char *path = fixture_write(f, mistakes[i].file, mistakes[i].text);
        fixture_refused(f, RS_DATA, mistakes[i].message);
        unlink(path);
    }
}

static void test_nul_bytes(void **state)
{
    struct fixture *f = *state;
    static const char text[] = "1 2 3\n1 3 4\n1\0 4 5\n";
    fixture_write_bytes(f, "ratings.txt", text, sizeof text - 1);
    fixture_refused(f, RS_DATA, "HERE/ratings.txt:3: a NUL byte: ratings are text, one a line");
    static const char titles[] = "1::A\n2::B\0C\n";
    fixture_write(f, "ratings.dat", "1::1::3\n1::2::4\n");
    fixture_write_bytes(f, "movies.dat", titles, sizeof titles - 1);
    fixture_refused(f, RS_DATA, "HERE/movies.dat:2: a NUL byte: a line is id::title::genres");
}

static void test_a_title_without_its_field(void **state)
{
    struct fixture *f = *state;
    fixture_write(f, "u.data", "1\t1\t3\t1\n");
    fixture_write(f, "u.item", "1|Heat\n\n2 Speed\n");
    fixture_refused(f, RS_DATA, "HERE/u.item:3: a field is missing: a line is id|title|...");
}

/* `before`, one byte many times, and `behind`, as a file. */
static void write_long(struct fixture *f, const char *before, char byte, size_t times, const char *behind)
{
    struct rs_text text = {0};
    assert_int_equal(rs_text_add(&text, &f->err, "%s", before), RS_OK);
    for (size_t i = 0; i < times; i++)
        assert_int_equal(rs_text_add_bytes(&text, &byte, 1, &f->err), RS_OK);
    assert_int_equal(rs_text_add(&text, &f->err, "%s", behind), RS_OK);
    fixture_write_bytes(f, "ratings.txt", text.data, text.length);
    rs_text_free(&text);
}

/* A line of a megabyte is a line like others: its parts are judged, and its number is right. */
static void test_long_lines(void **state)
{
    enum { LONG = 1 << 20 };
    struct fixture *f = *state;
    write_long(f, "1 2 3\n1 ", '7', LONG, " 4\n");
    fixture_refused(f, RS_DATA, "HERE/ratings.txt:2: the item id has 1048576 bytes: at most 1024 are taken");
    write_long(f, "1 2 3\n1 ", '7', 1024, " 4\n");
    const struct rs_dataset *dataset = fixture_load(f);
    assert_int_equal(strlen(dataset->ratings.item_ids.text[1]), 1024);
    rs_dataset_drop(dataset);
    write_long(f, "1 2 3\n1 ", ' ', LONG, "5 4\nx");
    fixture_refused(f, RS_DATA,
                    "HERE/ratings.txt:3: a field is missing, 1 of 3 are there: a line is user item rating, or user "
                    "item rating timestamp in all");
    write_long(f, "", ',', LONG, "");
    fixture_refused(f, RS_DATA,
                    "HERE/ratings.txt:1: too many fields, 1048577 instead of 4: a line is user,item,rating or "
                    "user,item,rating,timestamp in all, or a header names the columns");
    write_long(f, "1 2 3\n1 3 ", '4', LONG, "\n");
    fixture_refused(f, RS_DATA,
                    "HERE/ratings.txt:2: no rating is '44444444444444444444444444444444444444444444...': a finite "
                    "number is wanted, such as 3.5");
}

/* In a MovieLens form, few values off the scale are mistakes; many are another scale. */
static void test_few_values_off_the_scale(void **state)
{
    struct fixture *f = *state;
    char text[200 * 16];
    size_t used = 0;
    for (int i = 0; i < 200; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "1::%d::%d\n", i, i == 150 ? 6 : 3);
    fixture_write(f, "ratings.dat", text);
    fixture_refused(f, RS_DATA,
                    "HERE/ratings.dat:151: the rating 6 is outside the scale 1 .. 5 by 1 of MovieLens 1M: correct "
                    "it, or say [data] scale = LOW,HIGH,STEP");
    fixture_set(f, "scale", "1,6,1");
    rs_dataset_drop(fixture_load(f));
    fixture_set(f, "scale", "1,5,1");
    fixture_refused(f, RS_DATA,
                    "HERE/ratings.dat:151: the rating 6 is outside the scale 1 .. 5 by 1 of [data] scale: correct "
                    "it, or say [data] scale = LOW,HIGH,STEP");
}

static void test_scales_that_are_none(void **state)
{
    static const char *const wrong[] = {"", "1", "1,5", "5,1,1", "1,5,1,1", "1,5,-1", "one,5,1", "1,nan,1"};
    struct fixture *f = *state;
    fixture_write(f, "ratings.txt", "1 1 1\n1 2 5\n");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char message[256];
        snprintf(message, sizeof message,
                 "[data] scale = %s: no scale: auto, or the lowest rating, the highest and the step between two (0: "
                 "any), as in 1,5,1",
                 wrong[i]);
        fixture_set(f, "scale", wrong[i]);
        fixture_refused(f, RS_PRESET, message);
    }
}

static void test_sources_that_are_not_there(void **state)
{
    struct fixture *f = *state;
    fixture_refused(f, RS_DATA,
                    "HERE: no ratings were found in this folder: u.data, ratings.dat, ratings.csv or ratings.txt is "
                    "wanted, or name the file itself");
    fixture_set(f, "source", "no/datasets/ml-100k");
    fixture_refused(f, RS_DATA,
                    "no/datasets/ml-100k: there is no such file or folder: MovieLens 100K is wanted: get it from "
                    "https://grouplens.org/datasets/movielens/100k/ and unpack it, then name what you have with --data "
                    "FOLDER or [data] source = FOLDER");
    fixture_set(f, "source", "no/such");
    fixture_refused(f, RS_DATA,
                    "no/such: there is no such file or folder: ratings are wanted: name what you have with --data "
                    "FOLDER or [data] source = FOLDER");
    fixture_set(f, "source", "");
    fixture_refused(f, RS_DATA,
                    "[data] source is empty: a file or folder of ratings, builtin:playground or builtin:ice1");
    fixture_set(f, "source", "builtin:playgrund");
    fixture_refused(f, RS_DATA, "builtin:playgrund: there are no such built-in data: did you mean builtin:playground?");
    fixture_set(f, "source", "builtin:nothing-like-it");
    fixture_refused(
        f, RS_DATA,
        "builtin:nothing-like-it: there are no such built-in data: there is builtin:playground, builtin:ice1");
}

static void test_cold_ratings(void **state)
{
    static const char *const wrong[] = {"median", "", "0", "6", "nan"};
    struct fixture *f = *state;
    fixture_write(f, "ratings.txt", "1 1 1\n1 2 5\n1 3 3\n1 4 2\n");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char message[256];
        snprintf(message, sizeof message, "[data] cold_rating = %s: no rating of these data: mean, or a number, 1 .. 5",
                 wrong[i]);
        fixture_set(f, "cold_rating", wrong[i]);
        fixture_refused(f, RS_PRESET, message);
    }
}

/* Whatever is cut off, and whatever byte is put anywhere, a load ends with data or with a message. */
static void test_damaged_files(void **state)
{
    static const char *const whole[] = {"10\t7\t3\t100\n10\t30\t5\t200\n2\t7\t4\t300\n", "1::2::3\r\n2::2::4\r\n",
                                        "userId,movieId,rating,timestamp\n1,\"2\",3,4\n2,\"a \"\"b\"\"\",4,5\n",
                                        "\xEF\xBB\xBF-1,2,3\n4,5,1\n"};
    static const char bytes[] = {'\0', '\n', '\r', ':', ',', '"', '\t', ' ', '.', '-', 'e', '9', '\xFF'};
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        size_t length = strlen(whole[i]);
        for (size_t at = 0; at < length * sizeof bytes; at++) {
            char text[128];
            memcpy(text, whole[i], length);
            text[at / sizeof bytes] = bytes[at % sizeof bytes];
            size_t kept = at % sizeof bytes == 0 ? at / sizeof bytes : length;
            fixture_set(f, "source", fixture_write_bytes(f, "damaged", text, kept));
            const struct rs_dataset *dataset;
            enum rs_status status = rs_dataset_load(&dataset, &f->settings, &f->err);
            if (status == RS_OK)
                fixture_sound(dataset);
            else
                assert_int_equal(status, RS_DATA);
            rs_dataset_drop(dataset);
        }
    }
}

/* Every allocation of a load may fail: it says so, and leaves nothing behind (the leak checker sees to that). */
static void test_memory_runs_out(void **state)
{
    struct fixture *f = *state;
    fixture_write(f, "ratings.csv", "userId,movieId,rating,timestamp\n1,1,3,1\n1,\"2\"\"\",4,1\n1,9,5,1\n");
    fixture_write(f, "movies.csv", "movieId,title,genres\n1,\"\"\"A\"\"\",C\n");
    fixture_set(f, "min_ratings", "1");
    fixture_set(f, "split", "time");
    enum rs_status status = RS_MEMORY;
    int64_t successes = 0;
    for (; status == RS_MEMORY; successes++) {
        const struct rs_dataset *dataset;
        rs_memory_fail_after(successes);
        status = rs_dataset_load(&dataset, &f->settings, &f->err);
        rs_memory_fail_after(-1);
        rs_dataset_drop(dataset);
    }
    assert_int_equal(status, RS_OK);
    assert_true(successes > 30);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_start, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_mistakes),
        CASE(test_nul_bytes),
        CASE(test_a_title_without_its_field),
        CASE(test_long_lines),
        CASE(test_few_values_off_the_scale),
        CASE(test_scales_that_are_none),
        CASE(test_sources_that_are_not_there),
        CASE(test_cold_ratings),
        CASE(test_damaged_files),
        CASE(test_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
