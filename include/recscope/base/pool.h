/* pool.h -- threads that share out numbered blocks of work.
 *
 * The number of blocks is the caller's and never depends on the number of threads: threads only decide who does which
 * block. Work that keeps partial sums per block and adds them in block order therefore gives the same bits at any
 * thread count.
 * Threads: one caller at a time per pool; the caller works too.
 */
#ifndef RECSCOPE_BASE_POOL_H
#define RECSCOPE_BASE_POOL_H

#include <stddef.h>

#include "recscope/base/status.h"

struct rs_pool;

/* threads >= 1, the caller among them. Owns: the caller, who frees. Errors: RS_MEMORY, RS_FAILED (no thread). */
enum rs_status rs_pool_create(struct rs_pool **out, size_t threads, struct rs_error *err) RS_CHECKED;
void rs_pool_free(struct rs_pool *pool);
size_t rs_pool_threads(const struct rs_pool *pool);

/* work(context, block, thread) for every block in 0..blocks-1, in any order, on any thread; returns when all are done.
 * thread is 0..threads-1, for scratch memory. pool may be NULL: all on the caller. */
typedef void rs_pool_work(void *context, size_t block, size_t thread);
void rs_pool_run(struct rs_pool *pool, size_t blocks, rs_pool_work *work, void *context);

/* Processors this process may run on, at least 1. */
size_t rs_processors(void);

#endif
