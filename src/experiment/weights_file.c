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

static void checksum(char out[RS_HASH_TEXT], const unsigned char *bytes, size_t length)
{
    struct rs_hash hash;
    rs_hash_start(&hash);
    rs_hash_add(&hash, bytes, length);
    rs_hash_finish(&hash, out);
}

enum rs_status rs_weights_write(const char *path, const float *weights, uint64_t count, struct rs_error *err)
{
    if (count > (SIZE_MAX - HEAD_SIZE - SUM_SIZE) / sizeof(float))
        return rs_fail(err, RS_MEMORY, "%s: too many weights", path);
    size_t body = HEAD_SIZE + (size_t)count * sizeof(float);
    unsigned char *bytes = NULL;
    enum rs_status status = rs_alloc(&bytes, body + SUM_SIZE, 1, err);
    if (status != RS_OK)
        return status;
    memcpy(bytes, magic, MAGIC_SIZE);
    put(bytes + 8, VERSION, 4);
    put(bytes + 12, sizeof(float), 4);
    put(bytes + 16, count, 8);
    for (uint64_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &weights[i], sizeof bits);
        put(bytes + HEAD_SIZE + i * sizeof bits, bits, 4);
    }
    char sum[RS_HASH_TEXT];
    checksum(sum, bytes, body);
    memcpy(bytes + body, sum, SUM_SIZE);
    status = rs_file_write(path, bytes, body + SUM_SIZE, err);
    rs_free(bytes);
    return status;
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
