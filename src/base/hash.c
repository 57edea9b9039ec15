#include "recscope/base/hash.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash_sets.h"
#ifdef RS_HASH_X86
#include <cpuid.h>
#define SHA_BIT (1u << 29) /* of EBX, leaf 7: gcc and clang name it differently */
#endif

/* FIPS 180-4, 4.2.2: first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const uint32_t rs_hash_constant[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate(uint32_t x, int by)
{
    return (x >> by) | (x << (32 - by));
}

static void schedule(uint32_t w[64], const uint8_t block[64])
{
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 |
               block[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >> 3);
        uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >> 10);
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
}

/* One round: the eight words stay where they are, and the caller turns their names instead. `in` is constant + word. */
static inline void turn(uint32_t a, uint32_t b, uint32_t c, uint32_t *d, uint32_t e, uint32_t f, uint32_t g,
                        uint32_t *h, uint32_t in)
{
    uint32_t t1 = *h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + in;
    *d += t1;
    *h = t1 + (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
}

void rs_hash_blocks_plain(uint32_t state[8], const uint8_t *bytes, size_t blocks)
{
    uint32_t w[64];
    for (; blocks > 0; blocks--, bytes += 64) {
        schedule(w, bytes);
        uint32_t s[8];
        memcpy(s, state, sizeof s);
        for (int i = 0; i < 64; i += 8) {
            const uint32_t *k = rs_hash_constant + i;
            turn(s[0], s[1], s[2], &s[3], s[4], s[5], s[6], &s[7], k[0] + w[i]);
            turn(s[7], s[0], s[1], &s[2], s[3], s[4], s[5], &s[6], k[1] + w[i + 1]);
            turn(s[6], s[7], s[0], &s[1], s[2], s[3], s[4], &s[5], k[2] + w[i + 2]);
            turn(s[5], s[6], s[7], &s[0], s[1], s[2], s[3], &s[4], k[3] + w[i + 3]);
            turn(s[4], s[5], s[6], &s[7], s[0], s[1], s[2], &s[3], k[4] + w[i + 4]);
            turn(s[3], s[4], s[5], &s[6], s[7], s[0], s[1], &s[2], k[5] + w[i + 5]);
            turn(s[2], s[3], s[4], &s[5], s[6], s[7], s[0], &s[1], k[6] + w[i + 6]);
            turn(s[1], s[2], s[3], &s[4], s[5], s[6], s[7], &s[0], k[7] + w[i + 7]);
        }
        for (int i = 0; i < 8; i++)
            state[i] += s[i];
    }
}

bool rs_hash_has_sha(void)
{
#ifdef RS_HASH_X86
    unsigned a;
    unsigned b;
    unsigned c;
    unsigned d;
    bool ssse3_and_sse41 = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSSE3) && (c & bit_SSE4_1);
    return ssse3_and_sse41 && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & SHA_BIT);
#else
    return false;
#endif
}

#ifdef RS_HASH_X86
/* The processor is asked once: under a hypervisor that takes microseconds. RECSCOPE_ISA=plain asks for portable C. */
static bool use_sha(void)
{
    enum { UNKNOWN, PLAIN, SHA };
    static atomic_int known = UNKNOWN;
    int choice = atomic_load(&known);
    if (choice == UNKNOWN) {
        const char *wanted = getenv("RECSCOPE_ISA");
        choice = rs_hash_has_sha() && !(wanted && strcmp(wanted, "plain") == 0) ? SHA : PLAIN;
        atomic_store(&known, choice);
    }
    return choice == SHA;
}
#endif

static void absorb(struct rs_hash *hash, const uint8_t *bytes, size_t blocks)
{
#ifdef RS_HASH_X86
    if (use_sha()) {
        rs_hash_blocks_sha(hash->state, bytes, blocks);
        return;
    }
#endif
    rs_hash_blocks_plain(hash->state, bytes, blocks);
}

void rs_hash_start(struct rs_hash *hash)
{
    static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(hash->state, initial, sizeof initial);
    hash->length = 0;
}

void rs_hash_add(struct rs_hash *hash, const void *bytes, size_t length)
{
    const uint8_t *p = bytes;
    size_t held = hash->length % 64;
    hash->length += length;
    if (held > 0) {
        size_t fill = 64 - held < length ? 64 - held : length;
        memcpy(hash->block + held, p, fill);
        p += fill;
        length -= fill;
        if (held + fill < 64)
            return;
        absorb(hash, hash->block, 1);
    }
    absorb(hash, p, length / 64);
    if (length % 64 > 0)
        memcpy(hash->block, p + length / 64 * 64, length % 64);
}

void rs_hash_finish(struct rs_hash *hash, char out[RS_HASH_TEXT])
{
    uint64_t bits = hash->length * 8;
    uint8_t tail[72] = {0x80};
    size_t padding = (hash->length % 64 < 56 ? 56 : 120) - (size_t)(hash->length % 64);
    for (size_t i = 0; i < 8; i++)
        tail[padding + i] = (uint8_t)(bits >> (56 - 8 * i));
    rs_hash_add(hash, tail, padding + 8);
    for (size_t i = 0; i < 8; i++)
        snprintf(out + 8 * i, 9, "%08x", (unsigned)hash->state[i]);
}
