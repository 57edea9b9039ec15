/* The cache of loaded data: taken where nothing changed, made anew where anything did, and never believed damaged. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "../../src/data/checksum.h"
#include "data_fixture.h"

struct cached {
    struct fixture *f;
    char place[64];                 /* XDG_CACHE_HOME: in memory, where there is such a folder */
    char folder[160];               /* where the cache is */
    const struct rs_dataset *plain; /* loaded without a cache */
};

static int start(void **state)
{
    struct cached *c = calloc(1, sizeof *c);
    void *fixture = NULL;
    *state = c;
    if (!c || fixture_start(&fixture) != 0)
        return -1;
    c->f = fixture;
    snprintf(c->place, sizeof c->place, "%s/recscope-cache-XXXXXX", rs_is_folder("/dev/shm") ? "/dev/shm" : "/tmp");
    if (!mkdtemp(c->place))
        return -1;
    snprintf(c->folder, sizeof c->folder, "%s/recscope", c->place);
    setenv("XDG_CACHE_HOME", c->place, 1);
    fixture_set(c->f, "test_fraction", "0.3");
    fixture_set(c->f, "eval_fraction", "0.3");
    return 0;
}

static void empty_cache(const struct cached *c)
{
    DIR *folder = opendir(c->folder);
    for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", c->folder, entry->d_name);
        unlink(path);
    }
    if (folder)
        closedir(folder);
    rmdir(c->folder);
}

static int end(void **state)
{
    struct cached *c = *state;
    void *fixture = c->f;
    empty_cache(c);
    rmdir(c->place);
    rs_dataset_drop(c->plain);
    unsetenv("XDG_CACHE_HOME");
    free(c);
    return fixture_end(&fixture);
}

/* Twelve ratings with times and titles, one pair twice. */
static void write_data(struct cached *c)
{
    fixture_write(c->f, "ratings.dat",
                  "1::10::5::100\n1::20::3::200\n2::10::4::300\n2::30::2::400\n3::20::1::500\n3::30::5::600\n"
                  "1::30::4::700\n2::20::3::800\n3::10::2::900\n4::10::1::950\n4::20::2::960\n4::20::4::970\n");
    fixture_write(c->f, "movies.dat", "10::Heat (1995)::A\n30::Mis\xE9rables::B\n");
    c->plain = fixture_load(c->f);
    setenv("RECSCOPE_CACHE", "on", 1);
}

/* The one file in the cache with this ending; false where there is none. */
static bool find(const struct cached *c, const char *ending, char path[512])
{
    DIR *folder = opendir(c->folder);
    int found = 0;
    for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        assert_null(strstr(entry->d_name, "XXXXXX"));
        if (!rs_ends_in(entry->d_name, ending))
            continue;
        snprintf(path, 512, "%s/%s", c->folder, entry->d_name);
        found++;
    }
    if (folder)
        closedir(folder);
    assert_true(found <= 1);
    return found == 1;
}

static ino_t inode(const struct cached *c, const char *ending)
{
    char path[512];
    struct stat about;
    assert_true(find(c, ending, path));
    assert_int_equal(stat(path, &about), 0);
    return about.st_ino;
}

static void load_equal(const struct cached *c)
{
    const struct rs_dataset *dataset = fixture_load(c->f);
    fixture_sound(dataset);
    fixture_equal(c->plain, dataset);
    assert_string_equal(c->plain->ratings.hash, dataset->ratings.hash);
    assert_string_equal(dataset->note, "");
    rs_dataset_drop(dataset);
}

/* A file that replaces another has an inode of its own, as long as the other is there. */
static void test_taken_while_nothing_changes(void **state)
{
    struct cached *c = *state;
    write_data(c);
    load_equal(c);
    ino_t ratings = inode(c, ".ratings");
    ino_t split = inode(c, ".split");
    for (int i = 0; i < 2; i++)
        load_equal(c);
    assert_int_equal(inode(c, ".ratings"), ratings);
    assert_int_equal(inode(c, ".split"), split);
    /* Another split of the same ratings. */
    fixture_set(c->f, "split_seed", "9");
    rs_dataset_drop(fixture_load(c->f));
    assert_int_equal(inode(c, ".ratings"), ratings);
    assert_int_not_equal(inode(c, ".split"), split);
    fixture_set(c->f, "split_seed", "1");
    load_equal(c);
}

/* The same file by another way is the same file. */
static void test_times_and_parts_of_files(void **state)
{
    struct cached *c = *state;
    write_data(c);
    for (int by_file = 0; by_file < 2; by_file++) {
        fixture_set(c->f, "split", by_file ? "file" : "per-user");
        if (by_file) {
            fixture_write(c->f, "a", "1::10::5::100\n1::20::3::200\n2::10::4::300\n");
            fixture_write(c->f, "b", "1::40::5::100\n1::30::3::200\n9::10::4::300\n");
            fixture_set(c->f, "train_file", "a");
            fixture_set(c->f, "test_file", "b");
        }
        rs_dataset_drop(c->plain);
        setenv("RECSCOPE_CACHE", "off", 1);
        c->plain = fixture_load(c->f);
        setenv("RECSCOPE_CACHE", "on", 1);
        load_equal(c);
        ino_t ratings = inode(c, ".ratings");
        load_equal(c);
        assert_int_equal(inode(c, ".ratings"), ratings);
        empty_cache(c);
    }
}

static void check_rating(const struct cached *c, const char *user, const char *item, double rating)
{
    const struct rs_dataset *dataset = fixture_load(c->f);
    assert_float_equal(fixture_rating(dataset, user, item), rating, 0);
    rs_dataset_drop(dataset);
}

static void set_time(const char *path, time_t seconds)
{
    struct timespec times[2] = {{.tv_sec = seconds}, {.tv_sec = seconds}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* Same path, inode, size and time of change: only the time of the inode's change tells. */
static void test_made_anew_when_a_file_changes(void **state)
{
    struct cached *c = *state;
    write_data(c);
    const char *path = c->f->path[0];
    check_rating(c, "1", "10", 5);
    set_time(path, 1000);
    check_rating(c, "1", "10", 5);
    int fd = open(path, O_WRONLY);
    assert_int_equal(pwrite(fd, "1::10::2", 8, 0), 8);
    assert_int_equal(close(fd), 0);
    set_time(path, 1000);
    check_rating(c, "1", "10", 2);
    fd = open(path, O_WRONLY);
    assert_int_equal(pwrite(fd, "1::10::4", 8, 0), 8);
    assert_int_equal(close(fd), 0);
    set_time(path, 1000);
    check_rating(c, "1", "10", 4);
    fd = open(path, O_WRONLY | O_APPEND);
    assert_int_equal(write(fd, "8::10::1::1\n", 12), 12);
    assert_int_equal(close(fd), 0);
    check_rating(c, "8", "10", 1);
    fixture_write(c->f, "ratings.dat", "1::10::3\n1::20::4\n1::30::4\n1::40::4\n1::50::4\n");
    check_rating(c, "1", "10", 3);
    const struct rs_dataset *dataset = fixture_load(c->f);
    assert_string_equal(dataset->ratings.titles.text[0], "Heat (1995)");
    rs_dataset_drop(dataset);
    fixture_write(c->f, "movies.dat", "10::Cold (1995)::A\n");
    dataset = fixture_load(c->f);
    assert_string_equal(dataset->ratings.titles.text[0], "Cold (1995)");
    rs_dataset_drop(dataset);
    unlink(c->f->path[1]);
    dataset = fixture_load(c->f);
    assert_int_equal(dataset->ratings.titles.count, 0);
    rs_dataset_drop(dataset);
}

/* The split belongs to these ratings: the same lines at other times are split otherwise. */
static void test_splits_follow_the_ratings(void **state)
{
    struct cached *c = *state;
    char hash[2][RS_HASH_TEXT];
    setenv("RECSCOPE_CACHE", "on", 1);
    fixture_set(c->f, "split", "time");
    for (int i = 0; i < 2; i++) {
        fixture_write(c->f, "ratings.dat",
                      i ? "1::10::5::900\n1::20::3::200\n2::10::4::300\n2::30::2::400\n"
                        : "1::10::5::100\n1::20::3::200\n2::10::4::300\n2::30::2::400\n");
        const struct rs_dataset *dataset = fixture_load(c->f);
        memcpy(hash[i], dataset->split_hash, sizeof hash[i]);
        rs_dataset_drop(dataset);
    }
    assert_string_not_equal(hash[0], hash[1]);
}

/* A setting that alters the ratings has ratings of its own, and one that is wrong is still refused. */
static void test_settings_count(void **state)
{
    struct cached *c = *state;
    write_data(c);
    load_equal(c);
    fixture_set(c->f, "min_ratings", "3");
    const struct rs_dataset *dataset = fixture_load(c->f);
    assert_int_equal(dataset->ratings.users, 3);
    rs_dataset_drop(dataset);
    fixture_set(c->f, "min_ratings", "1");
    fixture_set(c->f, "scale", "1,10,1");
    dataset = fixture_load(c->f);
    assert_float_equal(dataset->ratings.scale.high, 10, 0);
    rs_dataset_drop(dataset);
    fixture_set(c->f, "scale", "1,4,1");
    assert_int_equal(rs_dataset_load(&dataset, &c->f->settings, &c->f->err), RS_DATA);
    fixture_set(c->f, "scale", "auto");
    fixture_set(c->f, "cold_rating", "7");
    assert_int_equal(rs_dataset_load(&dataset, &c->f->settings, &c->f->err), RS_PRESET);
    fixture_set(c->f, "cold_rating", "mean");
    load_equal(c);
}

static void write_bytes(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* Whatever the cache holds, the data are right, and the cache is what it was. */
static void check_repaired(const struct cached *c, const char *path, const char *whole, size_t length)
{
    struct rs_error err;
    char *now;
    size_t size;
    load_equal(c);
    assert_int_equal(rs_file_read(path, &now, &size, &err), RS_OK);
    assert_int_equal(size, length);
    assert_memory_equal(now, whole, length);
    rs_free(now);
}

static void check_damages(const struct cached *c, const char *ending)
{
    char path[512];
    char *whole;
    size_t length;
    assert_true(find(c, ending, path));
    assert_int_equal(rs_file_read(path, &whole, &length, &c->f->err), RS_OK);
    char *damaged = malloc(length + 1);
    assert_non_null(damaged);
    for (size_t i = 0; i < length; i++) {
        memcpy(damaged, whole, length);
        damaged[i] = (char)(damaged[i] ^ (1 << i % 8));
        write_bytes(path, damaged, length);
        check_repaired(c, path, whole, length);
    }
    memcpy(damaged, whole, length + 1);
    for (size_t kept = 0; kept <= length + 1; kept++) {
        if (kept == length)
            continue;
        write_bytes(path, damaged, kept);
        check_repaired(c, path, whole, length);
    }
    free(damaged);
    rs_free(whole);
}

static void test_every_damage_is_found(void **state)
{
    struct cached *c = *state;
    write_data(c);
    load_equal(c);
    check_damages(c, ".ratings");
    check_damages(c, ".split");
}

static void check_note(const struct cached *c, const char *part)
{
    const struct rs_dataset *dataset = fixture_load(c->f);
    fixture_equal(c->plain, dataset);
    if (!strstr(dataset->note, part))
        fail_msg("'%s' lacks '%s'", dataset->note, part);
    assert_true(part[0] != '\0' || dataset->note[0] == '\0');
    rs_dataset_drop(dataset);
}

/* No folder, a file in its place, no room: the data are loaded, and a note says why they are not kept. */
static void test_a_cache_that_cannot_be_written(void **state)
{
    struct cached *c = *state;
    char path[512];
    write_data(c);
    setenv("XDG_CACHE_HOME", c->f->path[0], 1);
    check_note(c, "the data were not cached: ");
    check_note(c, "; RECSCOPE_CACHE=off goes without");
    setenv("RECSCOPE_CACHE", "off", 1);
    check_note(c, "");
    setenv("RECSCOPE_CACHE", "on", 1);
    char *home = getenv("HOME");
    char kept[512];
    snprintf(kept, sizeof kept, "%s", home ? home : "/");
    unsetenv("XDG_CACHE_HOME");
    unsetenv("HOME");
    check_note(c, "neither XDG_CACHE_HOME nor HOME names a folder");
    setenv("HOME", c->f->folder, 1);
    check_note(c, "");
    char under[160];
    snprintf(under, sizeof under, "%s/.cache/recscope", c->f->folder);
    assert_true(rs_is_folder(under));
    struct cached home_cache = *c;
    memcpy(home_cache.folder, under, sizeof under);
    assert_true(find(&home_cache, ".ratings", path));
    empty_cache(&home_cache);
    *strrchr(under, '/') = '\0';
    rmdir(under);
    setenv("HOME", kept, 1);
    setenv("XDG_CACHE_HOME", c->place, 1);
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    struct rlimit little = {.rlim_cur = 100, .rlim_max = limit.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    check_note(c, "the data were not cached: ");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    signal(SIGXFSZ, SIG_DFL);
    assert_false(find(c, "", path));
}

static void test_off(void **state)
{
    struct cached *c = *state;
    write_data(c);
    setenv("RECSCOPE_CACHE", "off", 1);
    load_equal(c);
    assert_false(rs_is_folder(c->folder));
}

/* Each bit of a few lengths changes the checksum, and so does the length. */
static void test_checksum(void **state)
{
    (void)state;
    static uint8_t bytes[2200];
    static const size_t lengths[] = {1, 8, 63, 64, 65, 1023, 1024, 1100, 2200};
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 256);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        uint64_t whole = rs_checksum(bytes, lengths[i]);
        assert_int_not_equal(whole, rs_checksum(bytes, lengths[i] - 1));
        for (size_t bit = 0; bit < 8 * lengths[i]; bit++) {
            bytes[bit / 8] = (uint8_t)(bytes[bit / 8] ^ 1U << bit % 8);
            assert_int_not_equal(whole, rs_checksum(bytes, lengths[i]));
            bytes[bit / 8] = (uint8_t)(bytes[bit / 8] ^ 1U << bit % 8);
        }
    }
    assert_int_not_equal(rs_checksum("", 0), rs_checksum("\0", 1));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_taken_while_nothing_changes),
        CASE(test_times_and_parts_of_files),
        CASE(test_made_anew_when_a_file_changes),
        CASE(test_splits_follow_the_ratings),
        CASE(test_settings_count),
        CASE(test_every_damage_is_found),
        CASE(test_a_cache_that_cannot_be_written),
        CASE(test_off),
        cmocka_unit_test(test_checksum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
