/* memory.h -- the one seam through which everything allocates.
 *
 * Sizes are checked for overflow, memory comes zeroed unless its name says not, and a test may make the N-th allocation
 * fail. Of a large block only what is touched takes room in the machine.
 * Threads: safe from any thread; rs_memory_fail_after is for single-threaded tests.
 */
#ifndef RECSCOPE_BASE_MEMORY_H
#define RECSCOPE_BASE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "recscope/base/status.h"

/* *out = count zeroed objects of `size` bytes, aligned to 64 bytes (a cache line, a vector register). count 0 gives
 * a valid pointer. Owns: the caller, who frees with rs_free. Errors: RS_MEMORY, *out is NULL. */
enum rs_status rs_alloc(void *out, size_t count, size_t size, struct rs_error *err) RS_CHECKED;

/* The same, not zeroed: for large room that is filled at once. */
enum rs_status rs_alloc_unfilled(void *out, size_t count, size_t size, struct rs_error *err) RS_CHECKED;

/* Grow *inout from `from` to `to` objects; the new tail is zeroed. Errors: RS_MEMORY, *inout is unchanged. */
enum rs_status rs_grow(void *inout, size_t from, size_t to, size_t size, struct rs_error *err) RS_CHECKED;

/* NULL is fine. */
void rs_free(void *memory);

/* Test seam: the allocation after `successes` more fails, and every one behind it; negative: never. */
void rs_memory_fail_after(int64_t successes);

#endif
