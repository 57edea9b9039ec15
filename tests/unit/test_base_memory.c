/* The one seam through which everything allocates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "recscope/base/memory.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define INSTRUMENTED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define INSTRUMENTED 1
#endif
#endif

static struct rs_error error;

static void blocks_are_aligned_and_zero(void **state)
{
    (void)state;
    const size_t sizes[] = {0, 1, 63, 64, 65, 4096, 100000, 3 << 20};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (int again = 0; again < 3; again++) { /* memory that was used before is zero, too */
            unsigned char *block;
            assert_int_equal(rs_alloc(&block, sizes[i], 1, &error), RS_OK);
            assert_int_equal((uintptr_t)block % 64, 0);
            for (size_t k = 0; k < sizes[i]; k++)
                assert_int_equal(block[k], 0);
            memset(block, 0xff, sizes[i]);
            rs_free(block);
        }
    }
    rs_free(NULL);
}

static void growing_keeps_what_was_there(void **state)
{
    (void)state;
    int *list = NULL;
    assert_int_equal(rs_grow(&list, 0, 3, sizeof *list, &error), RS_OK);
    for (int i = 0; i < 3; i++)
        list[i] = i + 1;
    assert_int_equal(rs_grow(&list, 3, 1000, sizeof *list, &error), RS_OK);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(list[i], i < 3 ? i + 1 : 0);
    rs_memory_fail_after(0);
    assert_int_equal(rs_grow(&list, 1000, 2000, sizeof *list, &error), RS_MEMORY);
    rs_memory_fail_after(-1);
    assert_int_equal(list[2], 3);
    assert_int_equal(rs_grow(&list, 1000, SIZE_MAX / 2, sizeof *list, &error), RS_MEMORY);
    rs_free(list);
}

static long resident(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_maxrss;
}

static void what_is_not_touched_takes_no_room(void **state)
{
    (void)state;
#ifdef INSTRUMENTED
    skip(); /* memory has another size there */
#endif
    const size_t bytes = (size_t)256 << 20;
    long before = resident();
    unsigned char *block;
    assert_int_equal(rs_alloc(&block, bytes, 1, &error), RS_OK);
    block[bytes / 2] = 1;
    assert_true(resident() - before < 16 << 10); /* kB */
    assert_int_equal(block[bytes / 2 + 1], 0);
    rs_free(block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_aligned_and_zero),
        cmocka_unit_test(growing_keeps_what_was_there),
        cmocka_unit_test(what_is_not_touched_takes_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
