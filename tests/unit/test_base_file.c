/* Memory that can be made to fail, and files that are replaced whole. */
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "recscope/base/file.h"
#include "recscope/base/memory.h"

/* ---- memory ---- */

static void test_memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    struct rs_error err;
    for (size_t count = 0; count < 200; count += 7) {
        char *memory;
        assert_int_equal(rs_alloc(&memory, count, 3, &err), RS_OK);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % 64, 0);
        for (size_t i = 0; i < 3 * count; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0x55, 3 * count);
        rs_free(memory);
    }
    rs_free(NULL);
    for (int again = 0; again < 2; again++) { /* the second time the heap gives back what the first has written */
        char *memory;
        assert_int_equal(rs_alloc(&memory, 100000, 1, &err), RS_OK);
        for (size_t i = 0; i < 100000; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0x55, 100000);
        rs_free(memory);
    }
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define INSTRUMENTED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define INSTRUMENTED 1
#endif
#endif

static long peak_kilobytes(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_maxrss;
}

static void test_what_is_not_touched_takes_no_room(void **state)
{
    (void)state;
#ifdef INSTRUMENTED
    skip(); /* memory has another size there */
#endif
    const size_t bytes = (size_t)256 << 20;
    struct rs_error err;
    char *memory;
    long before = peak_kilobytes();
    assert_int_equal(rs_alloc(&memory, bytes, 1, &err), RS_OK);
    memory[bytes / 2] = 1;
    assert_true(peak_kilobytes() - before < 16 << 10);
    assert_int_equal(memory[bytes / 2 + 1], 0);
    rs_free(memory);
}

static void test_sizes_beyond_memory_are_refused(void **state)
{
    (void)state;
    struct rs_error err;
    char *memory = (char *)&err;
    assert_int_equal(rs_alloc(&memory, SIZE_MAX / 2, 3, &err), RS_MEMORY);
    assert_null(memory);
    assert_int_equal(rs_alloc(&memory, SIZE_MAX, 1, &err), RS_MEMORY);
    assert_null(memory);
}

static void test_growing_keeps_and_zeroes(void **state)
{
    (void)state;
    struct rs_error err;
    uint32_t *numbers = NULL;
    assert_int_equal(rs_grow(&numbers, 0, 10, sizeof *numbers, &err), RS_OK);
    for (uint32_t i = 0; i < 10; i++)
        numbers[i] = i + 1;
    assert_int_equal(rs_grow(&numbers, 10, 1000, sizeof *numbers, &err), RS_OK);
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(numbers[i], i < 10 ? i + 1 : 0);
    rs_memory_fail_after(0);
    uint32_t *before = numbers;
    enum rs_status status = rs_grow(&numbers, 1000, 2000, sizeof *numbers, &err);
    rs_memory_fail_after(-1);
    assert_int_equal(status, RS_MEMORY);
    assert_ptr_equal(numbers, before);
    assert_int_equal(numbers[9], 10);
    rs_free(numbers);
}

static void test_the_chosen_allocation_fails(void **state)
{
    (void)state;
    struct rs_error err;
    char *text[3];
    rs_memory_fail_after(2);
    assert_int_equal(rs_alloc(&text[0], 3, 1, &err), RS_OK);
    assert_int_equal(rs_alloc(&text[1], 3, 1, &err), RS_OK);
    enum rs_status third = rs_alloc(&text[2], 5, 1, &err);
    enum rs_status fourth = rs_alloc(&text[2], 4, 1, &err);
    rs_memory_fail_after(-1);
    assert_int_equal(third, RS_MEMORY);
    assert_int_equal(fourth, RS_MEMORY);
    assert_null(text[2]);
    assert_non_null(text[0]);
    assert_non_null(text[1]);
    rs_free(text[0]);
    rs_free(text[1]);
}

/* ---- files ---- */

static int make_folder(void **state)
{
    char *folder = strdup("/tmp/recscope-file-XXXXXX");
    *state = folder;
    return folder && mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    int failed = rmdir(*state); /* every test leaves it empty */
    free(*state);
    return failed;
}

static size_t files_in(const char *folder)
{
    DIR *open = opendir(folder);
    assert_non_null(open);
    size_t count = 0;
    for (const struct dirent *entry = readdir(open); entry; entry = readdir(open))
        count += entry->d_name[0] != '.';
    closedir(open);
    return count;
}

static void join(char out[RS_PATH_SIZE], const char *folder, const char *name)
{
    struct rs_error err;
    assert_int_equal(rs_path_join(out, RS_PATH_SIZE, folder, name, &err), RS_OK);
}

static void write_and_read(const char *path, const char *bytes, size_t length)
{
    struct rs_error err;
    char *read = NULL;
    size_t got = 0;
    if (rs_file_write(path, bytes, length, &err) != RS_OK || rs_file_read(path, &read, &got, &err) != RS_OK)
        fail_msg("%s", err.message);
    assert_int_equal(got, length);
    assert_memory_equal(read, bytes, length);
    assert_memory_equal(read + length, "", 1);
    rs_free(read);
}

static void test_files_come_back_and_are_replaced(void **state)
{
    char path[RS_PATH_SIZE];
    char large[100000];
    join(path, *state, "file");
    for (size_t i = 0; i < sizeof large; i++)
        large[i] = (char)(i % 251);
    write_and_read(path, large, sizeof large);
    write_and_read(path, "a\0b", 3);
    write_and_read(path, "", 0);
    assert_int_equal(files_in(*state), 1);
    assert_true(rs_is_file(path));
    assert_false(rs_is_folder(path));
    struct stat about;
    mode_t mask = umask(0);
    umask(mask);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0666 & ~mask);
    unlink(path);
}

/* A reader that opened the old file keeps it whole: the new one stands beside it and takes its name. */
static void test_a_reader_keeps_the_old_file(void **state)
{
    char path[RS_PATH_SIZE];
    char line[16];
    struct rs_error err;
    join(path, *state, "file");
    assert_int_equal(rs_file_write(path, "old", 3, &err), RS_OK);
    FILE *reader = fopen(path, "r");
    assert_non_null(reader);
    assert_int_equal(rs_file_write(path, "new, longer", 11, &err), RS_OK);
    assert_non_null(fgets(line, sizeof line, reader));
    assert_string_equal(line, "old");
    fclose(reader);
    unlink(path);
}

static void test_a_file_in_pieces(void **state)
{
    char path[RS_PATH_SIZE];
    struct rs_error err;
    struct rs_file_writer *writer;
    char *read = NULL;
    size_t length = 0;
    join(path, *state, "file");
    assert_int_equal(rs_file_write(path, "old", 3, &err), RS_OK);
    assert_int_equal(rs_file_begin(&writer, path, &err), RS_OK);
    assert_int_equal(rs_file_add(writer, "new, ", 5, &err), RS_OK);
    rs_file_give_up(writer);
    assert_int_equal(files_in(*state), 1); /* nothing is left beside the old one */
    assert_int_equal(rs_file_begin(&writer, path, &err), RS_OK);
    assert_int_equal(rs_file_add(writer, "new, ", 5, &err), RS_OK);
    assert_int_equal(rs_file_add(writer, "longer", 6, &err), RS_OK);
    assert_int_equal(rs_file_read(path, &read, &length, &err), RS_OK);
    assert_string_equal(read, "old");
    rs_free(read);
    assert_int_equal(rs_file_end(writer, &err), RS_OK);
    assert_int_equal(rs_file_read(path, &read, &length, &err), RS_OK);
    assert_string_equal(read, "new, longer");
    rs_free(read);
    assert_int_equal(files_in(*state), 1);
    unlink(path);
    rs_file_give_up(NULL);
}

/* A limit on the size of files stands for a full disk. */
static void test_a_full_disk(void **state)
{
    char path[RS_PATH_SIZE];
    char wanted[2 * RS_PATH_SIZE];
    char bytes[1000] = {0};
    struct rs_error err;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit little = {.rlim_cur = 500, .rlim_max = before.rlim_max};
    join(path, *state, "file");
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    enum rs_status status = rs_file_write(path, bytes, sizeof bytes, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, RS_IO);
    snprintf(wanted, sizeof wanted, "%s: cannot be written: File too large", path);
    assert_string_equal(err.message, wanted);
    assert_int_equal(files_in(*state), 0);
}

static void test_what_cannot_be_read_or_written(void **state)
{
    char path[RS_PATH_SIZE];
    char wanted[2 * RS_PATH_SIZE];
    struct rs_error err;
    char *bytes = (char *)path;
    size_t length;
    join(path, *state, "absent");
    assert_int_equal(rs_file_read(path, &bytes, &length, &err), RS_IO);
    assert_null(bytes);
    snprintf(wanted, sizeof wanted, "%s: No such file or directory", path);
    assert_string_equal(err.message, wanted);
    assert_int_equal(rs_file_read(*state, &bytes, &length, &err), RS_IO);
    snprintf(wanted, sizeof wanted, "%s: this is a folder: a file is wanted", (const char *)*state);
    assert_string_equal(err.message, wanted);
    join(path, *state, "absent/file");
    assert_int_equal(rs_file_write(path, "x", 1, &err), RS_IO);
    snprintf(wanted, sizeof wanted, "%s: cannot be written: No such file or directory", path);
    assert_string_equal(err.message, wanted);
    /* A folder stands where the file should: nothing is left beside it. */
    join(path, *state, "folder");
    assert_int_equal(rs_folder_make(path, &err), RS_OK);
    assert_int_equal(rs_file_write(path, "x", 1, &err), RS_IO);
    assert_int_equal(files_in(*state), 1);
    rmdir(path);
}

static void test_folders(void **state)
{
    char path[RS_PATH_SIZE];
    struct rs_error err;
    join(path, *state, "a/b/c");
    assert_int_equal(rs_folder_make(path, &err), RS_OK);
    assert_int_equal(rs_folder_make(path, &err), RS_OK);
    assert_true(rs_is_folder(path));
    join(path, *state, "a/b/c/file");
    assert_int_equal(rs_file_write(path, "x", 1, &err), RS_OK);
    assert_int_equal(rs_folder_make(path, &err), RS_IO);
    assert_int_equal(rs_folder_make("", &err), RS_IO);
    unlink(path);
    static const char *const made[] = {"a/b/c", "a/b", "a"};
    for (size_t i = 0; i < 3; i++) {
        join(path, *state, made[i]);
        assert_int_equal(rmdir(path), 0);
    }
}

static void test_paths_are_joined(void **state)
{
    (void)state;
    char out[12];
    struct rs_error err;
    assert_int_equal(rs_path_join(out, sizeof out, "runs", "one", &err), RS_OK);
    assert_string_equal(out, "runs/one");
    assert_int_equal(rs_path_join(out, sizeof out, "runs/", "one", &err), RS_OK);
    assert_string_equal(out, "runs/one");
    assert_int_equal(rs_path_join(out, sizeof out, "runs", "long-er", &err), RS_IO);
    assert_string_equal(err.message, "runs...: the path is longer than 11 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_is_zeroed_and_aligned),
        cmocka_unit_test(test_what_is_not_touched_takes_no_room),
        cmocka_unit_test(test_sizes_beyond_memory_are_refused),
        cmocka_unit_test(test_growing_keeps_and_zeroes),
        cmocka_unit_test(test_the_chosen_allocation_fails),
        cmocka_unit_test_setup_teardown(test_files_come_back_and_are_replaced, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_a_reader_keeps_the_old_file, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_a_file_in_pieces, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_a_full_disk, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_what_cannot_be_read_or_written, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_folders, make_folder, remove_folder),
        cmocka_unit_test(test_paths_are_joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
