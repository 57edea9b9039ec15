#include "block.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recscope/base/file.h"
#include "recscope/base/memory.h"
#include "recscope/base/text.h"

/* Numbers that are written or read at a time. */
#define PIECE ((size_t)1 << 20)

static _Atomic uint64_t file_above = RS_BLOCK_FILE;

void rs_block_file_above(uint64_t bytes)
{
    atomic_store(&file_above, bytes > 0 ? bytes : RS_BLOCK_FILE);
}

bool rs_block_goes_to_file(size_t count, enum rs_block_place place)
{
    return place == RS_BLOCK_LARGE && (uint64_t)count * sizeof(rs_real) > atomic_load(&file_above);
}

/* ---- the file -------------------------------------------------------------------------------------------------- */

static int open_in(const char *folder)
{
    char path[RS_PATH_SIZE];
    int size = snprintf(path, sizeof path, "%s/recscope-XXXXXX", folder);
    if (size < 0 || (size_t)size >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int file = mkstemp(path);
    if (file < 0)
        return -1;
    unlink(path);
    fcntl(file, F_SETFD, FD_CLOEXEC);
    return file;
}

static enum rs_status open_file(struct rs_block *block, struct rs_error *err)
{
    const char *asked = getenv("TMPDIR");
    bool chosen = asked && asked[0];
    const char *folder = chosen ? asked : "/var/tmp";
    block->file = open_in(folder);
    if (block->file < 0 && !chosen)
        block->file = open_in(folder = "/tmp");
    if (block->file < 0)
        return rs_fail(err, RS_IO,
                       "%.200s: no file for %.1f GB of weights: %s: set TMPDIR to a folder that has room for them",
                       folder, (double)block->count * sizeof(rs_real) / 1e9, strerror(errno));
    rs_copy_string(block->folder, sizeof block->folder, folder);
    return RS_OK;
}

/* FNV-1a over words of 64 bits, of which a number that is changed changes the result. */
static uint64_t add_to_sum(uint64_t sum, const rs_real *number, size_t n)
{
    const unsigned char *bytes = (const unsigned char *)number;
    size_t length = n * sizeof *number;
    for (size_t at = 0; at < length; at += sizeof(uint64_t)) {
        uint64_t word = 0;
        memcpy(&word, bytes + at, length - at < sizeof word ? length - at : sizeof word);
        sum = (sum ^ word) * UINT64_C(0x100000001B3);
    }
    return sum;
}

static enum rs_status write_piece(const struct rs_block *block, const rs_real *number, size_t first, size_t n,
                                  struct rs_error *err)
{
    const char *bytes = (const char *)number;
    size_t length = n * sizeof *number;
    off_t at = (off_t)(first * sizeof *number);
    while (length > 0) {
        ssize_t written = pwrite(block->file, bytes, length, at);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return rs_fail(err, RS_IO,
                           "%s: %.1f GB of weights cannot be kept there: %s: set TMPDIR to a folder that has room "
                           "for them",
                           block->folder, (double)block->count * sizeof(rs_real) / 1e9, strerror(errno));
        bytes += written;
        length -= (size_t)written;
        at += written;
    }
    return RS_OK;
}

static enum rs_status read_piece(const struct rs_block *block, rs_real *number, size_t first, size_t n,
                                 struct rs_error *err)
{
    char *bytes = (char *)number;
    size_t length = n * sizeof *number;
    off_t at = (off_t)(first * sizeof *number);
    while (length > 0) {
        ssize_t got = pread(block->file, bytes, length, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return rs_fail(err, RS_IO, "%s: the weights that were kept there cannot be read: %s", block->folder,
                           got < 0 ? strerror(errno) : "the file has become shorter");
        bytes += got;
        length -= (size_t)got;
        at += got;
    }
    return RS_OK;
}

static enum rs_status fill_file(struct rs_block *block, const rs_real *number, struct rs_error *err)
{
    enum rs_status status = RS_OK;
    block->sum = 0;
    for (size_t first = 0; first < block->count && status == RS_OK; first += PIECE) {
        size_t n = block->count - first < PIECE ? block->count - first : PIECE;
        block->sum = add_to_sum(block->sum, number + first, n);
        status = write_piece(block, number + first, first, n, err);
    }
    return status;
}

/* ---- blocks ---------------------------------------------------------------------------------------------------- */

static enum rs_status create(struct rs_block **out, size_t count, enum rs_block_place place, struct rs_error *err)
{
    *out = NULL;
    struct rs_block *block;
    enum rs_status status = rs_alloc(&block, 1, sizeof *block, err);
    if (status != RS_OK)
        return status;
    block->count = count;
    block->file = -1;
    atomic_init(&block->references, 1);
    status = rs_block_goes_to_file(count, place) ? open_file(block, err)
                                                 : rs_alloc(&block->number, count, sizeof *block->number, err);
    if (status != RS_OK) {
        rs_free(block);
        return status;
    }
    *out = block;
    return RS_OK;
}

enum rs_status rs_block_keep(struct rs_block **inout, const rs_real *number, size_t count, enum rs_block_place place,
                             struct rs_error *err)
{
    struct rs_block *block = *inout;
    enum rs_status status = RS_OK;
    if (!block || atomic_load(&block->references) > 1) {
        rs_block_drop(block);
        *inout = NULL;
        status = create(&block, count, place, err);
        if (status != RS_OK)
            return status;
    }
    if (block->number)
        memcpy(block->number, number, count * sizeof *number);
    else
        status = fill_file(block, number, err);
    if (status != RS_OK) {
        rs_block_drop(block);
        block = NULL;
    }
    *inout = block;
    return status;
}

struct rs_block *rs_block_take(struct rs_block *block)
{
    if (block)
        atomic_fetch_add(&block->references, 1);
    return block;
}

void rs_block_drop(struct rs_block *block)
{
    if (!block || atomic_fetch_sub(&block->references, 1) > 1)
        return;
    if (block->file >= 0)
        close(block->file);
    rs_free(block->number);
    rs_free(block);
}

uint64_t rs_block_bytes(const struct rs_block *block)
{
    if (!block)
        return 0;
    return sizeof *block + (block->number ? block->count * sizeof *block->number : 0);
}

enum rs_status rs_block_walk(const struct rs_block *block, rs_block_visit *visit, void *context, struct rs_error *err)
{
    if (block->number) {
        visit(context, block->number, 0, block->count);
        return RS_OK;
    }
    rs_real *piece;
    uint64_t sum = 0;
    enum rs_status status = rs_alloc(&piece, PIECE, sizeof *piece, err);
    for (size_t first = 0; status == RS_OK && first < block->count; first += PIECE) {
        size_t n = block->count - first < PIECE ? block->count - first : PIECE;
        status = read_piece(block, piece, first, n, err);
        if (status != RS_OK)
            break;
        sum = add_to_sum(sum, piece, n);
        visit(context, piece, first, n);
    }
    rs_free(piece);
    if (status == RS_OK && sum != block->sum)
        return rs_fail(err, RS_IO, "%s: the weights that were kept there are not what was written: is the disk sound?",
                       block->folder);
    return status;
}

static void copy_piece(void *context, const rs_real *number, size_t first, size_t n)
{
    rs_real *out = context;
    memcpy(out + first, number, n * sizeof *number);
}

enum rs_status rs_block_load(const struct rs_block *block, rs_real *out, struct rs_error *err)
{
    return rs_block_walk(block, copy_piece, out, err);
}
