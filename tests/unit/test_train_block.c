/* Many numbers in memory or in a file: what is read is what was kept, or an error says why not. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../src/train/block.h"
#include "recscope/base/memory.h"

#define MANY ((size_t)5 << 19) /* more than is read at a time, and not a multiple of it */

static struct rs_error error;
static rs_real *numbers, *other;
static char folder[] = "/tmp/recscope-block-XXXXXX";

static int make_numbers(void **state)
{
    (void)state;
    if (!mkdtemp(folder) || setenv("TMPDIR", folder, 1) != 0)
        return -1;
    if (rs_alloc(&numbers, MANY, sizeof *numbers, &error) != RS_OK ||
        rs_alloc(&other, MANY, sizeof *other, &error) != RS_OK)
        return -1;
    for (size_t i = 0; i < MANY; i++)
        numbers[i] = (rs_real)i;
    return 0;
}

static int free_numbers(void **state)
{
    (void)state;
    rs_free(numbers);
    rs_free(other);
    return rmdir(folder); /* no file is left */
}

static int to_memory(void **state)
{
    (void)state;
    rs_block_file_above(0);
    return 0;
}

static struct rs_block *keep(size_t count, enum rs_block_place place)
{
    struct rs_block *block = NULL;
    if (rs_block_keep(&block, numbers, count, place, &error) != RS_OK)
        fail_msg("%s", error.message);
    return block;
}

static void loads(const struct rs_block *block, size_t count)
{
    memset(other, 0, count * sizeof *other);
    if (rs_block_load(block, other, &error) != RS_OK)
        fail_msg("%s", error.message);
    assert_memory_equal(other, numbers, count * sizeof *other);
}

static void what_was_kept_is_read(void **state)
{
    (void)state;
    rs_block_file_above(100);
    static const size_t counts[] = {1, 25, 26, 1000, (size_t)1 << 20, MANY};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        size_t bytes = counts[i] * sizeof *numbers;
        struct rs_block *memory = keep(counts[i], RS_BLOCK_MEMORY);
        struct rs_block *large = keep(counts[i], RS_BLOCK_LARGE);
        assert_true(memory->number && memory->file < 0);
        assert_int_equal(large->number == NULL, bytes > 100);
        assert_int_equal(rs_block_goes_to_file(counts[i], RS_BLOCK_LARGE), bytes > 100);
        assert_true(rs_block_bytes(memory) >= bytes);
        assert_true(rs_block_bytes(large) < bytes + 200 && (bytes <= 100 || rs_block_bytes(large) < 200));
        loads(memory, counts[i]);
        loads(large, counts[i]);
        rs_block_drop(memory);
        rs_block_drop(large);
    }
}

static void only_what_nobody_shares_is_filled_again(void **state)
{
    (void)state;
    for (int file = 0; file < 2; file++) {
        rs_block_file_above(file ? 1 : 0);
        struct rs_block *block = keep(10, RS_BLOCK_LARGE);
        struct rs_block *same = block;
        assert_int_equal(rs_block_keep(&block, numbers + 5, 10, RS_BLOCK_LARGE, &error), RS_OK);
        assert_ptr_equal(block, same);
        struct rs_block *shared = rs_block_take(block);
        assert_int_equal(rs_block_keep(&block, numbers, 10, RS_BLOCK_LARGE, &error), RS_OK);
        assert_ptr_not_equal(block, shared);
        loads(block, 10);
        assert_int_equal(rs_block_load(shared, other, &error), RS_OK);
        assert_memory_equal(other, numbers + 5, 10 * sizeof *other);
        rs_block_drop(block);
        rs_block_drop(shared);
    }
    rs_block_drop(NULL);
    assert_null(rs_block_take(NULL));
    assert_int_equal(rs_block_bytes(NULL), 0);
}

/* A limit on the size of files stands for a full disk. */
static void a_full_disk_is_told(void **state)
{
    (void)state;
    char wanted[300];
    struct rlimit before;
    rs_block_file_above(100);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit little = {.rlim_cur = 100000, .rlim_max = before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    struct rs_block *block = keep(1000, RS_BLOCK_LARGE);
    rs_block_drop(block);
    block = NULL;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    enum rs_status status = rs_block_keep(&block, numbers, MANY, RS_BLOCK_LARGE, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, RS_IO);
    assert_null(block);
    snprintf(wanted, sizeof wanted,
             "%s: 0.0 GB of weights cannot be kept there: File too large: set TMPDIR to a folder that has room for "
             "them",
             folder);
    assert_string_equal(error.message, wanted);
}

static void a_folder_that_is_not_there_is_told(void **state)
{
    (void)state;
    struct rs_block *block = NULL;
    rs_block_file_above(1);
    setenv("TMPDIR", "/nowhere", 1);
    enum rs_status status = rs_block_keep(&block, numbers, MANY, RS_BLOCK_LARGE, &error);
    setenv("TMPDIR", folder, 1);
    assert_int_equal(status, RS_IO);
    assert_null(block);
    assert_string_equal(error.message, "/nowhere: no file for 0.0 GB of weights: No such file or directory: set TMPDIR "
                                       "to a folder that has room for them");
}

static void a_damaged_file_is_told(void **state)
{
    (void)state;
    rs_block_file_above(1);
    struct rs_block *block = keep(MANY, RS_BLOCK_LARGE);
    rs_real wrong = -1;
    for (size_t at = 0; at < MANY; at += MANY / 5) {
        off_t place = (off_t)(at * sizeof wrong);
        assert_int_equal(pwrite(block->file, &wrong, sizeof wrong, place), sizeof wrong);
        assert_int_equal(rs_block_load(block, other, &error), RS_IO);
        assert_non_null(strstr(error.message, "are not what was written"));
        assert_int_equal(pwrite(block->file, &numbers[at], sizeof wrong, place), sizeof wrong);
        loads(block, MANY);
    }
    assert_int_equal(ftruncate(block->file, 1000), 0);
    assert_int_equal(rs_block_load(block, other, &error), RS_IO);
    assert_non_null(strstr(error.message, "the file has become shorter"));
    rs_block_drop(block);
}

#define TEST(name) cmocka_unit_test_teardown(name, to_memory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_kept_is_read),  TEST(only_what_nobody_shares_is_filled_again),
        TEST(a_full_disk_is_told),    TEST(a_folder_that_is_not_there_is_told),
        TEST(a_damaged_file_is_told),
    };
    return cmocka_run_group_tests(tests, make_numbers, free_numbers);
}
