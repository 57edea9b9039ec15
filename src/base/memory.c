#define _DEFAULT_SOURCE /* madvise */
#include "recscope/base/memory.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define ALIGNMENT ((size_t)64)

/* Test seam; negative means that allocations do not fail on purpose. */
static _Atomic int64_t successes_left = -1;

void rs_memory_fail_after(int64_t successes)
{
    atomic_store(&successes_left, successes);
}

static bool fails_on_purpose(void)
{
    int64_t left = atomic_load(&successes_left);
    if (left < 0)
        return false;
    if (left == 0)
        return true;
    atomic_store(&successes_left, left - 1);
    return false;
}

/* The system's own zeroed memory costs nothing before it is touched, but begins where it likes: a block begins at the
 * next multiple of ALIGNMENT, at least a pointer behind, and the place to be freed stands right before it. */
static void *aligned(unsigned char *start)
{
    unsigned char *block = start + ALIGNMENT - (uintptr_t)start % ALIGNMENT;
    memcpy(block - sizeof start, &start, sizeof start);
    return block;
}

static_assert(_Alignof(max_align_t) >= sizeof(void *), "a pointer fits before every block");

#define PAGE  ((size_t)4096)
#define LARGE ((size_t)4 << 20)

/* A wish: large pages mean fewer faults, and fewer misses of the address cache where rows are visited one by one. */
static void wish_for_large_pages(void *memory, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    size_t skip = (PAGE - (uintptr_t)memory % PAGE) % PAGE;
    if (bytes >= LARGE)
        (void)madvise((char *)memory + skip, bytes - skip, MADV_HUGEPAGE);
#else
    (void)memory;
    (void)bytes;
#endif
}

static enum rs_status allocate(void *out, size_t count, size_t size, bool zeroed, struct rs_error *err)
{
    void *memory = NULL;
    memcpy(out, &memory, sizeof memory); /* out is a T **: copied as bytes, so that no alias rule is broken */
    if (size != 0 && count > (SIZE_MAX - 2 * ALIGNMENT) / size)
        return rs_fail(err, RS_MEMORY, "out of memory: %zu objects of %zu bytes are beyond any machine", count, size);
    size_t bytes = (count * size + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
    unsigned char *start = NULL;
    if (!fails_on_purpose())
        start = zeroed ? calloc(1, bytes + ALIGNMENT) : malloc(bytes + ALIGNMENT);
    if (!start)
        return rs_fail(err, RS_MEMORY, "out of memory: %zu bytes were not to be had", bytes);
    memory = aligned(start);
    wish_for_large_pages(memory, bytes);
    memcpy(out, &memory, sizeof memory);
    return RS_OK;
}

enum rs_status rs_alloc(void *out, size_t count, size_t size, struct rs_error *err)
{
    return allocate(out, count, size, true, err);
}

enum rs_status rs_alloc_unfilled(void *out, size_t count, size_t size, struct rs_error *err)
{
    return allocate(out, count, size, false, err);
}

enum rs_status rs_grow(void *inout, size_t from, size_t to, size_t size, struct rs_error *err)
{
    void *old;
    void *grown;
    memcpy(&old, inout, sizeof old);
    enum rs_status status = rs_alloc(&grown, to, size, err);
    if (status != RS_OK)
        return status;
    if (old && from > 0)
        memcpy(grown, old, (from < to ? from : to) * size);
    rs_free(old);
    memcpy(inout, &grown, sizeof grown);
    return RS_OK;
}

void rs_free(void *memory)
{
    void *start = NULL;
    if (memory)
        memcpy(&start, (unsigned char *)memory - sizeof start, sizeof start);
    free(start);
}
