/* DESIGN: the caller publishes a job under the lock and everyone, the caller too, takes block numbers from one atomic
 * counter. A worker joins a job that is still open, and the caller waits for those that joined, so the job may live on
 * the caller's stack and nobody waits for a worker that is slow to wake. Jobs of a training step follow each other
 * within microseconds, which is less than sleeping and waking take: whoever waits looks on for a moment before it
 * sleeps, where there is a processor for each. Lock order: there is one lock. */
#define _GNU_SOURCE /* sched_getaffinity */
#include "recscope/base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "recscope/base/memory.h"

struct worker {
    struct rs_pool *pool;
    size_t index; /* 1..threads-1; the caller is 0 */
    pthread_t thread;
};

struct rs_pool {
    size_t threads;
    struct worker *workers; /* (threads - 1) */
    size_t started;
    bool patient;          /* looks on before it sleeps */
    pthread_mutex_t mutex; /* guards what follows but `next`; the atomic ones are looked at without it */
    pthread_cond_t wake;   /* a job is there, or the end */
    pthread_cond_t idle;   /* the last worker left the job */
    size_t asleep;         /* workers that wait for `wake` */
    rs_pool_work *work;
    void *context;
    size_t blocks;
    bool open;             /* the job may be joined */
    _Atomic(uint64_t) job; /* number of the published job */
    atomic_size_t busy;    /* workers inside it */
    bool leaving;          /* the pool is being freed */
    atomic_size_t next;    /* block to take */
};

/* Some tens of microseconds. */
#define LOOKS 4000

static void breathe(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

static void take_blocks(struct rs_pool *pool, rs_pool_work *work, void *context, size_t blocks, size_t thread)
{
    for (;;) {
        size_t block = atomic_fetch_add(&pool->next, 1);
        if (block >= blocks)
            return;
        work(context, block, thread);
    }
}

/* Returns with the lock held: there is a job beyond `seen`, or the end. */
static void await_job(struct rs_pool *pool, uint64_t seen)
{
    for (int looks = 0; pool->patient && looks < LOOKS && atomic_load(&pool->job) == seen; looks++)
        breathe();
    pthread_mutex_lock(&pool->mutex);
    pool->asleep++;
    while (atomic_load(&pool->job) == seen && !pool->leaving)
        pthread_cond_wait(&pool->wake, &pool->mutex);
    pool->asleep--;
}

static void *worker_main(void *argument)
{
    struct worker *self = argument;
    struct rs_pool *pool = self->pool;
    uint64_t seen = 0;
    for (;;) {
        await_job(pool, seen);
        if (pool->leaving)
            break;
        seen = atomic_load(&pool->job);
        if (pool->open) {
            atomic_fetch_add(&pool->busy, 1);
            rs_pool_work *work = pool->work;
            void *context = pool->context;
            size_t blocks = pool->blocks;
            pthread_mutex_unlock(&pool->mutex);
            take_blocks(pool, work, context, blocks, self->index);
            pthread_mutex_lock(&pool->mutex);
            if (atomic_fetch_sub(&pool->busy, 1) == 1)
                pthread_cond_signal(&pool->idle);
        }
        pthread_mutex_unlock(&pool->mutex);
    }
    pthread_mutex_unlock(&pool->mutex);
    return NULL;
}

/* Workers take no signals: those are the terminal's business. */
static int start_worker(struct worker *worker)
{
    sigset_t all;
    sigset_t kept;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &kept);
    int failure = pthread_create(&worker->thread, NULL, worker_main, worker);
    pthread_sigmask(SIG_SETMASK, &kept, NULL);
    return failure;
}

enum rs_status rs_pool_create(struct rs_pool **out, size_t threads, struct rs_error *err)
{
    *out = NULL;
    struct rs_pool *pool;
    enum rs_status status = rs_alloc(&pool, 1, sizeof *pool, err);
    if (status != RS_OK)
        return status;
    pool->threads = threads;
    pool->patient = threads <= rs_processors();
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->wake, NULL);
    pthread_cond_init(&pool->idle, NULL);
    status = rs_alloc(&pool->workers, threads, sizeof *pool->workers, err);
    while (status == RS_OK && pool->started + 1 < threads) {
        struct worker *worker = &pool->workers[pool->started];
        *worker = (struct worker){.pool = pool, .index = pool->started + 1};
        int failure = start_worker(worker);
        if (failure)
            status = rs_fail(err, RS_FAILED, "thread %zu of %zu does not start: %s: ask for fewer threads",
                             worker->index + 1, threads, strerror(failure));
        else
            pool->started++;
    }
    if (status != RS_OK) {
        rs_pool_free(pool);
        return status;
    }
    *out = pool;
    return RS_OK;
}

void rs_pool_free(struct rs_pool *pool)
{
    if (!pool)
        return;
    pthread_mutex_lock(&pool->mutex);
    pool->leaving = true;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->mutex);
    for (size_t i = 0; i < pool->started; i++)
        pthread_join(pool->workers[i].thread, NULL);
    pthread_mutex_destroy(&pool->mutex);
    pthread_cond_destroy(&pool->wake);
    pthread_cond_destroy(&pool->idle);
    rs_free(pool->workers);
    rs_free(pool);
}

size_t rs_pool_threads(const struct rs_pool *pool)
{
    return pool ? pool->threads : 1;
}

void rs_pool_run(struct rs_pool *pool, size_t blocks, rs_pool_work *work, void *context)
{
    if (!pool || pool->started == 0 || blocks <= 1) {
        for (size_t block = 0; block < blocks; block++)
            work(context, block, 0);
        return;
    }
    pthread_mutex_lock(&pool->mutex);
    pool->work = work;
    pool->context = context;
    pool->blocks = blocks;
    pool->open = true;
    atomic_store(&pool->next, 0);
    atomic_fetch_add(&pool->job, 1);
    if (pool->asleep > 0)
        pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->mutex);

    take_blocks(pool, work, context, blocks, 0);

    pthread_mutex_lock(&pool->mutex);
    pool->open = false;
    pthread_mutex_unlock(&pool->mutex);
    for (int looks = 0; pool->patient && looks < LOOKS && atomic_load(&pool->busy) > 0; looks++)
        breathe();
    pthread_mutex_lock(&pool->mutex);
    while (atomic_load(&pool->busy) > 0)
        pthread_cond_wait(&pool->idle, &pool->mutex);
    pthread_mutex_unlock(&pool->mutex);
}

size_t rs_processors(void)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    size_t processors = online > 0 ? (size_t)online : 1;
#ifdef CPU_COUNT
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0 && CPU_COUNT(&allowed) > 0)
        processors = (size_t)CPU_COUNT(&allowed);
#endif
    return processors;
}
