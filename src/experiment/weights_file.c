#include "weights_file.h"

#include <string.h>

#include "recscope/base/file.h"
#include "recscope/base/hash.h"
#include "recscope/base/memory.h"

enum { MAGIC_SIZE = 8, HEAD_SIZE = 24, VERSION = 1, SUM_SIZE = RS_HASH_TEXT - 1 };

static const char magic[MAGIC_SIZE] = "RSMODEL";

static void put(unsigned char *at, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

static uint64_t get(const unsigned char *at, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value |= (uint64_t)at[i] << (8 * i);
    return value;
}

static void make_head(unsigned char head[HEAD_SIZE], uint64_t count)
{
    memcpy(head, magic, MAGIC_SIZE);
    put(head + 8, VERSION, 4);
    put(head + 12, sizeof(float), 4);
    put(head + 16, count, 8);
}

/* A file on its way, and the hash of what is in it so far. */
struct pouring {
    struct rs_file_writer *file;
    struct rs_hash hash;
    float number[RS_WEIGHTS_PIECE];
    unsigned char bytes[RS_WEIGHTS_PIECE * sizeof(float)];
};

static enum rs_status pour(struct pouring *to, const unsigned char *bytes, size_t length, struct rs_error *err)
{
    rs_hash_add(&to->hash, bytes, length);
    return rs_file_add(to->file, bytes, length, err);
}

static enum rs_status pour_all(struct pouring *to, const struct rs_weights *weights, struct rs_error *err)
{
    rs_hash_start(&to->hash);
    make_head(to->bytes, weights->count);
    enum rs_status status = pour(to, to->bytes, HEAD_SIZE, err);
    for (uint64_t first = 0; first < weights->count && status == RS_OK; first += RS_WEIGHTS_PIECE) {
        uint64_t left = weights->count - first;
        size_t n = left < RS_WEIGHTS_PIECE ? (size_t)left : RS_WEIGHTS_PIECE;
        weights->read(weights->from, first, to->number, n);
        for (size_t i = 0; i < n; i++) {
            uint32_t bits;
            memcpy(&bits, &to->number[i], sizeof bits);
            put(to->bytes + i * sizeof bits, bits, 4);
        }
        status = pour(to, to->bytes, n * sizeof(float), err);
    }
    char sum[RS_HASH_TEXT];
    rs_hash_finish(&to->hash, sum);
    return status == RS_OK ? rs_file_add(to->file, sum, SUM_SIZE, err) : status;
}

enum rs_status rs_weights_write(const char *path, const struct rs_weights *weights, struct rs_error *err)
{
    struct pouring *to;
    enum rs_status status = rs_alloc(&to, 1, sizeof *to, err);
    if (status != RS_OK)
        return status;
    status = rs_file_begin(&to->file, path, err);
    if (status == RS_OK)
        status = pour_all(to, weights, err);
    if (status == RS_OK)
        status = rs_file_end(to->file, err);
    else
        rs_file_give_up(to->file);
    rs_free(to);
    return status;
}

static void checksum(char out[RS_HASH_TEXT], const unsigned char *bytes, size_t length)
{
    struct rs_hash hash;
    rs_hash_start(&hash);
    rs_hash_add(&hash, bytes, length);
    rs_hash_finish(&hash, out);
}

static enum rs_status check(const char *path, const unsigned char *bytes, size_t length, struct rs_error *err)
{
    if (length < HEAD_SIZE + SUM_SIZE || memcmp(bytes, magic, MAGIC_SIZE) != 0)
        return rs_fail(err, RS_DATA, "%s: not a file of weights: one that a run wrote", path);
    if (get(bytes + 8, 4) != VERSION || get(bytes + 12, 4) != sizeof(float))
        return rs_fail(err, RS_DATA, "%s: weights of another version: version %d", path, VERSION);
    size_t body = length - SUM_SIZE;
    char sum[RS_HASH_TEXT];
    checksum(sum, bytes, body);
    if (get(bytes + 16, 8) != (body - HEAD_SIZE) / sizeof(float) || memcmp(bytes + body, sum, SUM_SIZE) != 0)
        return rs_fail(err, RS_DATA, "%s: the file is damaged: its checksum does not fit", path);
    return RS_OK;
}

enum rs_status rs_weights_read(const char *path, float **out, uint64_t *count, struct rs_error *err)
{
    char *text = NULL;
    size_t length = 0;
    *out = NULL;
    enum rs_status status = rs_file_read(path, &text, &length, err);
    if (status != RS_OK)
        return status;
    const unsigned char *bytes = (const unsigned char *)text;
    status = check(path, bytes, length, err);
    if (status == RS_OK) {
        *count = get(bytes + 16, 8);
        status = rs_alloc(out, (size_t)*count, sizeof **out, err);
    }
    for (uint64_t i = 0; status == RS_OK && i < *count; i++) {
        uint32_t bits = (uint32_t)get(bytes + HEAD_SIZE + i * sizeof bits, 4);
        memcpy(&(*out)[i], &bits, sizeof bits);
    }
    rs_free(text);
    return status;
}
