/* Large files of plain numbers, which several threads read in pieces, against the same ratings read line by line. */
#include "data_fixture.h"

enum { LINES = 120000, USERS = 700, ITEMS = 900 };

/* What stands between two fields, behind a line and in front of the first line. */
struct form {
    const char *file, *between, *end, *head, *stars;
    bool timed;
};

static const struct form forms[] = {
    {"ratings.dat", "::", "\n", "", "", true},
    {"ratings.dat", "::", "\r\n", "\xEF\xBB\xBF", "", false},
    {"u.data", "\t", "\n", "", "", true},
    {"ratings.csv", ",", "\n", "userId,movieId,rating,timestamp\n", ".5", true},
    {"ratings.csv", ";", "\n", "user;item;rating\n", "", false},
    {"ratings.txt", " ", "\r\n", "", ".25", false},
};

/* Ratings that are the same whatever the form. Some pairs are met twice; sorted: users come in order. */
static void write_lines(struct rs_text *text, const struct form *form, bool sorted, struct rs_error *err)
{
    uint32_t state = 12345;
    text->length = 0;
    assert_int_equal(rs_text_add(text, err, "%s", form->head), RS_OK);
    for (unsigned i = 0; i < LINES; i++) {
        state = state * 1664525 + 1013904223;
        unsigned user = sorted ? 3 * (i * USERS / LINES) : 3 * (state >> 8) % (3 * USERS);
        unsigned item = 10007 + (state >> 9) % ITEMS;
        unsigned star = 1 + (state >> 5) % 4;
        char time[24];
        snprintf(time, sizeof time, "%s%u", form->between, 978300000 + i);
        assert_int_equal(rs_text_add(text, err, "%u%s%u%s%u%s%s%s", user, form->between, item, form->between, star,
                                     form->stars, form->timed ? time : "", form->end),
                         RS_OK);
    }
}

static const struct rs_dataset *load_text(struct fixture *f, const char *file, const struct rs_text *text)
{
    fixture_set(f, "source", fixture_write_bytes(f, file, text->data, text->length));
    return fixture_load(f);
}

/* A blank behind the last field changes nothing but the way a file is read. */
static void test_both_ways_agree(void **state)
{
    struct fixture *f = *state;
    struct rs_text text = {0};
    for (size_t i = 0; i < 2 * sizeof forms / sizeof *forms; i++) {
        const struct form *form = &forms[i / 2];
        write_lines(&text, form, i % 2 == 0, &f->err);
        fixture_set(f, "split", form->timed ? "time" : "random");
        const struct rs_dataset *quick = load_text(f, form->file, &text);
        fixture_sound(quick);
        assert_true(quick->ratings.duplicates > 0 && quick->ratings.count + quick->ratings.duplicates == LINES);
        text.length -= strlen(form->end);
        assert_int_equal(rs_text_add(&text, &f->err, " %s", form->end), RS_OK);
        const struct rs_dataset *slow = load_text(f, form->file, &text);
        fixture_equal(quick, slow);
        assert_string_not_equal(quick->ratings.hash, slow->ratings.hash);
        rs_dataset_drop(slow);
        rs_dataset_drop(quick);
    }
    rs_text_free(&text);
}

/* The text with `wrong` in place of the line `number`. */
static void write_wrong(struct fixture *f, const struct rs_text *text, unsigned number, const char *wrong,
                        struct rs_text *out)
{
    const char *at = text->data;
    for (unsigned line = 1; line < number; line++)
        at = strchr(at, '\n') + 1;
    const char *next = strchr(at, '\n');
    out->length = 0;
    assert_int_equal(rs_text_add_bytes(out, text->data, (size_t)(at - text->data), &f->err), RS_OK);
    assert_int_equal(rs_text_add(out, &f->err, "%s", wrong), RS_OK);
    assert_int_equal(rs_text_add_bytes(out, next, text->length - (size_t)(next - text->data), &f->err), RS_OK);
}

/* Of several mistakes, in pieces that several threads read, the first of the file is told, with its line. */
static void test_the_first_mistake_is_told(void **state)
{
    static const unsigned number[] = {2, 777, LINES / 2, LINES - 1, LINES};
    struct fixture *f = *state;
    struct rs_text good = {0};
    struct rs_text late = {0};
    struct rs_text both = {0};
    write_lines(&good, &forms[0], true, &f->err);
    write_wrong(f, &good, LINES, "1::2", &late);
    for (size_t i = 0; i < sizeof number / sizeof *number; i++) {
        char message[160];
        snprintf(message, sizeof message,
                 "HERE/ratings.dat:%u: no rating is '4x': a finite number is wanted, such as 3.5", number[i]);
        write_wrong(f, &late, number[i], "7::8::4x::9", &both);
        fixture_set(f, "source", fixture_write_bytes(f, "ratings.dat", both.data, both.length));
        fixture_refused(f, RS_DATA, message);
    }
    rs_text_free(&good);
    rs_text_free(&late);
    rs_text_free(&both);
}

/* What is almost a plain number is not taken for one: the text of an id counts. */
static void test_almost_plain(void **state)
{
    static const char *const odd[] = {"007::8::4::9",        "7::08::4::9",      "7::8::+4::9",
                                      "7::8::4e0::9",        "7::8::4::0000009", "1234567890::8::4::9",
                                      "7::4294967295::4::9", "seven::8::4::9",   "7:: 8::4::9"};
    struct fixture *f = *state;
    struct rs_text good = {0};
    struct rs_text text = {0};
    write_lines(&good, &forms[0], true, &f->err);
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        write_wrong(f, &good, LINES - 7, odd[i], &text);
        const struct rs_dataset *dataset = load_text(f, "ratings.dat", &text);
        char user[24];
        char item[24];
        snprintf(user, sizeof user, "%.*s", (int)strcspn(odd[i], ":"), odd[i]);
        const char *second = odd[i] + strlen(user) + 2 + (odd[i][strlen(user) + 2] == ' ');
        snprintf(item, sizeof item, "%.*s", (int)strcspn(second, ":"), second);
        assert_float_equal(fixture_rating(dataset, user, item), 4, 0);
        assert_int_equal(dataset->ratings.count + dataset->ratings.duplicates, LINES);
        rs_dataset_drop(dataset);
    }
    rs_text_free(&good);
    rs_text_free(&text);
}

/* Empty lines in the middle and at the end, and none at the last line. */
static void test_empty_lines(void **state)
{
    static const char *const ends[] = {"", "\n\n\n", "\r\n\r\n\n", "\r"};
    struct fixture *f = *state;
    struct rs_text good = {0};
    write_lines(&good, &forms[0], false, &f->err);
    const struct rs_dataset *dataset = load_text(f, "ratings.dat", &good);
    good.length--;
    size_t length = good.length;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        good.length = length;
        assert_int_equal(rs_text_add(&good, &f->err, "%s", ends[i]), RS_OK);
        const struct rs_dataset *same = load_text(f, "ratings.dat", &good);
        fixture_equal(dataset, same);
        rs_dataset_drop(same);
    }
    struct rs_text text = {0};
    good.length = length;
    write_wrong(f, &good, 3, "\n\n3::4::5::6", &text);
    write_wrong(f, &text, 60000, "3::4::none::6", &good);
    fixture_write_bytes(f, "ratings.dat", good.data, good.length);
    fixture_refused(f, RS_DATA, "HERE/ratings.dat:60000: no rating is 'none': a finite number is wanted, such as 3.5");
    rs_dataset_drop(dataset);
    rs_text_free(&good);
    rs_text_free(&text);
}

/* A NUL far behind is told before any other mistake. */
static void test_a_nul_byte(void **state)
{
    struct fixture *f = *state;
    struct rs_text text = {0};
    struct rs_text wrong = {0};
    write_lines(&text, &forms[0], true, &f->err);
    write_wrong(f, &text, 9, "oh", &wrong);
    *strrchr(wrong.data, '4') = '\0';
    fixture_write_bytes(f, "ratings.dat", wrong.data, wrong.length);
    fixture_refused(f, RS_DATA, "HERE/ratings.dat:120000: a NUL byte: ratings are text, one a line");
    rs_text_free(&text);
    rs_text_free(&wrong);
    static const char beside[] = "user,item,rating,genre\n1,2,3,a\n1,3,4,b\0c\n";
    fixture_set(f, "source", f->folder);
    unlink(f->path[0]);
    fixture_write_bytes(f, "ratings.csv", beside, sizeof beside - 1);
    fixture_refused(f, RS_DATA, "HERE/ratings.csv:3: a NUL byte: ratings are text, one a line");
}

/* The second file of a split has names where the first has numbers: they are one table. */
static void test_numbers_and_names(void **state)
{
    struct fixture *f = *state;
    struct rs_text text = {0};
    write_lines(&text, &forms[2], true, &f->err);
    fixture_write_bytes(f, "a.base", text.data, text.length);
    fixture_write(f, "a.test", "3\tHeat\t4\t1\nAnna\t10010\t2\t1\n0\t10007\t5\t1\n");
    fixture_set(f, "split", "file");
    fixture_set(f, "train_file", "a.base");
    fixture_set(f, "test_file", "a.test");
    const struct rs_dataset *dataset = fixture_load(f);
    fixture_sound(dataset);
    assert_int_equal(dataset->count[RS_TEST], 3);
    assert_int_equal(dataset->ratings.users, USERS + 1);
    assert_float_equal(fixture_rating(dataset, "3", "Heat"), 4, 0);
    assert_float_equal(fixture_rating(dataset, "Anna", "10010"), 2, 0);
    assert_string_equal(dataset->ratings.user_ids.text[1], "3");
    rs_dataset_drop(dataset);
    const char *pair = strstr(text.data + text.length - 200, "\n2097\t") + 6;
    char again[64];
    snprintf(again, sizeof again, "Anna\tHeat\t4\t1\n2097\t%.5s\t2\t1\n", pair);
    fixture_write(f, "a.test", again);
    assert_int_equal(rs_dataset_load(&dataset, &f->settings, &f->err), RS_DATA);
    assert_non_null(strstr(f->err.message, "/a.test:2: the rating of item '"));
    assert_non_null(strstr(f->err.message, "by user '2097' is also in "));
    rs_text_free(&text);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_start, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_both_ways_agree), CASE(test_the_first_mistake_is_told),
        CASE(test_almost_plain),    CASE(test_empty_lines),
        CASE(test_a_nul_byte),      CASE(test_numbers_and_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
