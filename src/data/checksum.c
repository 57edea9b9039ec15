/* Loops over eight lanes that a compiler turns into vector code; compiled with -O3 for that. */
#include "checksum.h"

#include <string.h>

enum { LANES = 8, STRIPES = 16, STRIPE = LANES * 8 };

#define PRIME UINT64_C(0x9E3779B185EBCA87)

static const uint64_t key[LANES] = {UINT64_C(0xbe4ba423396cfeb8), UINT64_C(0x1cad21f72c81017c),
                                    UINT64_C(0xdb979083e96dd4de), UINT64_C(0x1f67b3b7a4a44072),
                                    UINT64_C(0x78e5c0cc4ee679cb), UINT64_C(0x2172ffcc7dd05a82),
                                    UINT64_C(0x8e2443f7744608b9), UINT64_C(0x4c263a81e69035e1)};

static inline void add_stripe(uint64_t sum[LANES], const uint8_t *bytes)
{
    uint64_t word[LANES];
    uint64_t product[LANES];
    memcpy(word, bytes, sizeof word);
    for (size_t i = 0; i < LANES; i++) {
        uint64_t x = word[i] ^ key[i];
        product[i] = (x & UINT32_MAX) * (x >> 32);
    }
    for (size_t i = 0; i < LANES; i++)
        sum[i] += product[i] + word[i ^ 1];
}

static uint64_t stir(uint64_t x)
{
    x = (x ^ (x >> 29)) * PRIME;
    return x ^ (x >> 32);
}

uint64_t rs_checksum(const void *bytes, size_t length)
{
    const uint8_t *at = bytes;
    size_t left = length;
    uint64_t sum[LANES];
    for (size_t i = 0; i < LANES; i++)
        sum[i] = (2 * i + 1) * PRIME;
    for (; left >= STRIPES * STRIPE; left -= STRIPES * STRIPE) {
        for (int stripe = 0; stripe < STRIPES; stripe++, at += STRIPE)
            add_stripe(sum, at);
        for (size_t i = 0; i < LANES; i++)
            sum[i] = (sum[i] ^ (sum[i] >> 47) ^ key[i]) * PRIME;
    }
    for (; left >= STRIPE; left -= STRIPE, at += STRIPE)
        add_stripe(sum, at);
    uint8_t tail[STRIPE] = {0};
    if (left > 0)
        memcpy(tail, at, left);
    add_stripe(sum, tail);
    uint64_t all = length * PRIME;
    for (size_t i = 0; i < LANES; i++)
        all = stir(all ^ stir(sum[i])) + i;
    return all;
}
