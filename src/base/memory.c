#include "recscope/base/memory.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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

enum rs_status rs_alloc(void *out, size_t count, size_t size, struct rs_error *err)
{
    void *memory = NULL;
    memcpy(out, &memory, sizeof memory); /* out is a T **: copied as bytes, so that no alias rule is broken */
    if (size != 0 && count > (SIZE_MAX - ALIGNMENT) / size)
        return rs_fail(err, RS_MEMORY, "out of memory: %zu objects of %zu bytes are beyond any machine", count, size);
    size_t bytes = (count * size + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
    memory = fails_on_purpose() ? NULL : aligned_alloc(ALIGNMENT, bytes);
    if (!memory)
        return rs_fail(err, RS_MEMORY, "out of memory: %zu bytes were not to be had", bytes);
    memset(memory, 0, bytes);
    memcpy(out, &memory, sizeof memory);
    return RS_OK;
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
    free(old);
    memcpy(inout, &grown, sizeof grown);
    return RS_OK;
}

void rs_free(void *memory)
{
    free(memory);
}
