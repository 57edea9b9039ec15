/* hash.h -- SHA-256 (FIPS 180-4), for provenance: data, splits, weights.
 * Threads: an rs_hash belongs to one thread.
 */
#ifndef RECSCOPE_BASE_HASH_H
#define RECSCOPE_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define RS_HASH_TEXT 65 /* 64 hexadecimal digits and a NUL */

struct rs_hash {
    uint32_t state[8];
    uint64_t length; /* bytes so far */
    uint8_t block[64];
};

void rs_hash_start(struct rs_hash *hash);
void rs_hash_add(struct rs_hash *hash, const void *bytes, size_t length);
void rs_hash_finish(struct rs_hash *hash, char out[RS_HASH_TEXT]);

#endif
