/* The pool: every block once, on threads whose numbers are in range, job after job; and the pipe that wakes a poll. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "recscope/base/pool.h"
#include "recscope/base/wake.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

enum { MOST_BLOCKS = 100 };

struct job {
    atomic_uint times[MOST_BLOCKS];
    atomic_uint out_of_range;
    size_t threads, blocks;
};

static void count_block(void *context, size_t block, size_t thread)
{
    struct job *job = context;
    if (thread >= job->threads || block >= job->blocks)
        atomic_fetch_add(&job->out_of_range, 1);
    else
        atomic_fetch_add(&job->times[block], 1);
}

static void check_pool(struct rs_pool *pool, size_t blocks)
{
    struct job job = {.threads = rs_pool_threads(pool), .blocks = blocks};
    rs_pool_run(pool, blocks, count_block, &job);
    assert_int_equal(atomic_load(&job.out_of_range), 0);
    for (size_t i = 0; i < MOST_BLOCKS; i++)
        assert_int_equal(atomic_load(&job.times[i]), i < blocks ? 1 : 0);
}

static void test_every_block_once(void **state)
{
    (void)state;
    static const size_t threads[] = {1, 2, 3, 8};
    static const size_t blocks[] = {0, 1, 2, 3, 7, 16, MOST_BLOCKS};
    for (size_t t = 0; t < LENGTH(threads); t++) {
        struct rs_error err;
        struct rs_pool *pool;
        assert_int_equal(rs_pool_create(&pool, threads[t], &err), RS_OK);
        assert_int_equal(rs_pool_threads(pool), threads[t]);
        for (int again = 0; again < 300; again++)
            check_pool(pool, blocks[(size_t)again % LENGTH(blocks)]);
        rs_pool_free(pool);
    }
}

static void test_no_pool_is_the_caller_alone(void **state)
{
    (void)state;
    check_pool(NULL, 16);
    assert_int_equal(rs_pool_threads(NULL), 1);
    rs_pool_free(NULL);
    assert_true(rs_processors() >= 1);
}

/* What the blocks wrote is there when run returns, and what the caller wrote is there for the blocks. */
struct sum {
    uint64_t in[MOST_BLOCKS], out[MOST_BLOCKS];
};

static void square(void *context, size_t block, size_t thread)
{
    (void)thread;
    struct sum *sum = context;
    sum->out[block] = sum->in[block] * sum->in[block];
}

static void test_memory_is_seen_on_both_sides(void **state)
{
    (void)state;
    struct rs_error err;
    struct rs_pool *pool;
    assert_int_equal(rs_pool_create(&pool, 3, &err), RS_OK);
    for (uint64_t again = 0; again < 300; again++) {
        struct sum sum;
        for (size_t i = 0; i < MOST_BLOCKS; i++)
            sum.in[i] = again + i;
        memset(sum.out, 0, sizeof sum.out);
        rs_pool_run(pool, MOST_BLOCKS, square, &sum);
        for (size_t i = 0; i < MOST_BLOCKS; i++)
            assert_true(sum.out[i] == (again + i) * (again + i));
    }
    rs_pool_free(pool);
}

/* Every thread but the caller dawdles. */
static void dawdle(void *context, size_t block, size_t thread)
{
    nanosleep(&(struct timespec){.tv_nsec = thread > 0 ? 2000000 : 20000}, NULL);
    count_block(context, block, thread);
}

static void test_run_returns_when_all_is_done(void **state)
{
    (void)state;
    struct rs_error err;
    struct rs_pool *pool;
    assert_int_equal(rs_pool_create(&pool, 3, &err), RS_OK);
    for (int again = 0; again < 20; again++) {
        struct job job = {.threads = 3, .blocks = MOST_BLOCKS};
        rs_pool_run(pool, MOST_BLOCKS, dawdle, &job);
        for (size_t i = 0; i < MOST_BLOCKS; i++)
            assert_int_equal(atomic_load(&job.times[i]), 1);
    }
    rs_pool_free(pool);
}

/* ---- wake ---- */

static bool is_awake(const struct rs_wake *wake, int milliseconds)
{
    struct pollfd watched = {.fd = wake->fd[0], .events = POLLIN};
    return poll(&watched, 1, milliseconds) == 1;
}

static void test_wakes_are_one_byte(void **state)
{
    (void)state;
    struct rs_wake wake;
    struct rs_error err;
    assert_int_equal(rs_wake_open(&wake, &err), RS_OK);
    for (int i = 0; i < 2; i++) {
        assert_true(fcntl(wake.fd[i], F_GETFL) & O_NONBLOCK);
        assert_true(fcntl(wake.fd[i], F_GETFD) & FD_CLOEXEC);
    }
    assert_false(is_awake(&wake, 0));
    for (int i = 0; i < 100000; i++)
        rs_wake(&wake);
    char bytes[16];
    assert_true(is_awake(&wake, 0));
    assert_int_equal(read(wake.fd[0], bytes, sizeof bytes), 1);
    rs_wake_drain(&wake);
    assert_false(is_awake(&wake, 0));
    rs_wake(&wake);
    assert_true(is_awake(&wake, 0));
    rs_wake_close(&wake);
    assert_int_equal(wake.fd[0], -1);
}

struct counter {
    struct rs_wake wake;
    atomic_uint made; /* events that the reader is to see */
};

enum { EVENTS = 20000 };

static void *make_events(void *context)
{
    struct counter *counter = context;
    for (int i = 0; i < EVENTS; i++) {
        atomic_fetch_add(&counter->made, 1);
        rs_wake(&counter->wake);
    }
    return NULL;
}

/* The reader sleeps until it is woken; a lost wake-up would let it sleep with events unseen. */
static void test_no_wake_up_is_lost(void **state)
{
    (void)state;
    struct counter counter = {.made = 0};
    struct rs_error err;
    pthread_t thread;
    assert_int_equal(rs_wake_open(&counter.wake, &err), RS_OK);
    assert_int_equal(pthread_create(&thread, NULL, make_events, &counter), 0);
    unsigned seen = 0;
    while (seen < EVENTS) {
        bool awake = is_awake(&counter.wake, 5000);
        if (!awake)
            fail_msg("a wake-up was lost: %u of %d events seen", seen, EVENTS);
        rs_wake_drain(&counter.wake);
        seen = atomic_load(&counter.made);
    }
    pthread_join(thread, NULL);
    rs_wake_close(&counter.wake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_block_once),
        cmocka_unit_test(test_no_pool_is_the_caller_alone),
        cmocka_unit_test(test_memory_is_seen_on_both_sides),
        cmocka_unit_test(test_run_returns_when_all_is_done),
        cmocka_unit_test(test_wakes_are_one_byte),
        cmocka_unit_test(test_no_wake_up_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
