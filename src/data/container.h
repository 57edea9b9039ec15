/* container.h -- a file of arrays that is believed only when every byte of it is what was written.
 *
 * Layout, in the machine's own byte order: a head (magic, order mark, lengths, checksums), the key, the facts, the
 * length of each section; then the sections, one behind the other. The head's checksum covers all before
 * the sections, the body's the checksums of the sections' blocks.
 * Threads: a container belongs to one thread, which lends it to the threads of the pool it passes.
 */
#ifndef RECSCOPE_DATA_CONTAINER_H
#define RECSCOPE_DATA_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recscope/base/pool.h"
#include "recscope/base/status.h"

#define RS_SECTIONS_MOST 16

struct rs_section {
    void *bytes;
    uint64_t length;
    uint32_t below; /* not 0: an array of 32-bit numbers, each smaller than this */
};

struct rs_container {
    int fd;
    size_t sections;
    struct rs_section section[RS_SECTIONS_MOST];
    uint64_t body;  /* checksum that the sections must have */
    uint64_t first; /* where they begin */
};

/* Open the container at path if it is whole as far as its head tells, has this key and facts of this size, and is just
 * as long as the head says. false: it is not there, or is something else. The sections' lengths are in it.
 * Owns: the caller closes it. */
bool rs_container_open(struct rs_container *out, const char *path, const char *key, void *facts, size_t facts_size);

/* Read the sections, each into its `bytes`, which has room for its length: in one pass, checked while they come.
 * false: a byte is not what was written, or reading failed. */
bool rs_container_read(struct rs_container *container, struct rs_pool *pool);
void rs_container_close(struct rs_container *container);

/* Replace the container at path: written beside it, then renamed. There is no fsync: what a crash leaves is not whole,
 * and found out. Errors: RS_IO, RS_MEMORY; nothing is left behind. */
enum rs_status rs_container_write(const char *path, const char *key, const void *facts, size_t facts_size,
                                  const struct rs_section *section, size_t sections, struct rs_error *err) RS_CHECKED;

#endif
