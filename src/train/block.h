/* block.h -- many numbers that are kept: counted, in memory or, where they are very many, in a file.
 *
 * A block never changes once somebody shares it. The file has no name: it goes when the block goes, or the process. It
 * lies in $TMPDIR, otherwise in /var/tmp, where larger files are expected, or in /tmp where that is not there.
 * Threads: counts are atomic; a block may be read on any thread.
 */
#ifndef RECSCOPE_TRAIN_BLOCK_H
#define RECSCOPE_TRAIN_BLOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "recscope/base/status.h"
#include "recscope/linalg/real.h"

struct rs_block {
    atomic_uint references;
    size_t count;
    rs_real *number; /* (count), NULL: they are in the file */
    int file;        /* negative: they are in memory */
    uint64_t sum;    /* of what was written to the file, to be compared when it is read */
    char folder[64]; /* of the file, for messages; cut off */
};

/* Where blocks live. */
enum rs_block_place {
    RS_BLOCK_MEMORY, /* in memory, whatever their size */
    RS_BLOCK_LARGE   /* in a file where they have more than RS_BLOCK_FILE bytes */
};

#define RS_BLOCK_FILE ((uint64_t)1 << 30)

/* Test seam: files from so many bytes on; 0: RS_BLOCK_FILE again. */
void rs_block_file_above(uint64_t bytes);

/* true where a block of so many numbers would be in a file. */
bool rs_block_goes_to_file(size_t count, enum rs_block_place place);

/* *inout holds these numbers; where somebody shares it, or there is none, it is a new block with one reference, the
 * caller's. Errors: RS_MEMORY; RS_IO (no room for the file, say), after which *inout may be empty. */
enum rs_status rs_block_keep(struct rs_block **inout, const rs_real *number, size_t count, enum rs_block_place place,
                             struct rs_error *err) RS_CHECKED;
struct rs_block *rs_block_take(struct rs_block *block); /* NULL is fine, here and below */
void rs_block_drop(struct rs_block *block);
/* Bytes of memory. */
uint64_t rs_block_bytes(const struct rs_block *block);

/* Show the numbers piece by piece, from the first to the last. Errors: RS_MEMORY, RS_IO; the file is known to be what
 * was written only when this has returned RS_OK. */
typedef void rs_block_visit(void *context, const rs_real *number, size_t first, size_t n);
enum rs_status rs_block_walk(const struct rs_block *block, rs_block_visit *visit, void *context,
                             struct rs_error *err) RS_CHECKED;

/* Copy all numbers to out. Errors: as above. */
enum rs_status rs_block_load(const struct rs_block *block, rs_real *out, struct rs_error *err) RS_CHECKED;

#endif
