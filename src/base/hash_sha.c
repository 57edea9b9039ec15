/* SHA-256 with the SHA instructions of x86.
 * Source : Intel, "Intel SHA Extensions", 2013: two registers hold ABEF and CDGH, an instruction does two rounds. */
#include "hash_sets.h"

#ifdef RS_HASH_X86
#include <immintrin.h>
#include <string.h>

static inline __m128i load(const void *from)
{
    __m128i x;
    memcpy(&x, from, sizeof x);
    return x;
}

/* Rounds 4 i .. 4 i + 3 with the message words w. */
static inline void four_rounds(__m128i *abef, __m128i *cdgh, __m128i w, int i)
{
    __m128i in = _mm_add_epi32(w, load(rs_hash_constant + 4 * (size_t)i));
    *cdgh = _mm_sha256rnds2_epu32(*cdgh, *abef, in);
    *abef = _mm_sha256rnds2_epu32(*abef, *cdgh, _mm_shuffle_epi32(in, 0x0E));
}

/* The next four message words from the last sixteen. */
static inline __m128i next_words(__m128i w0, __m128i w1, __m128i w2, __m128i w3)
{
    __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4));
    return _mm_sha256msg2_epu32(sum, w3);
}

void rs_hash_blocks_sha(uint32_t state[8], const uint8_t *bytes, size_t blocks)
{
    const __m128i swap = _mm_set_epi64x(0x0C0D0E0F08090A0B, 0x0405060700010203); /* big-endian words */
    __m128i low = _mm_shuffle_epi32(load(state), 0xB1);                          /* CDAB */
    __m128i high = _mm_shuffle_epi32(load(state + 4), 0x1B);                     /* EFGH */
    __m128i abef = _mm_alignr_epi8(low, high, 8);
    __m128i cdgh = _mm_blend_epi16(high, low, 0xF0);
    for (; blocks > 0; blocks--, bytes += 64) {
        __m128i abef_before = abef;
        __m128i cdgh_before = cdgh;
        __m128i w[4];
        for (size_t i = 0; i < 4; i++) {
            w[i] = _mm_shuffle_epi8(load(bytes + 16 * i), swap);
            four_rounds(&abef, &cdgh, w[i], (int)i);
        }
        for (int i = 4; i < 16; i += 4) {
            w[0] = next_words(w[0], w[1], w[2], w[3]);
            four_rounds(&abef, &cdgh, w[0], i);
            w[1] = next_words(w[1], w[2], w[3], w[0]);
            four_rounds(&abef, &cdgh, w[1], i + 1);
            w[2] = next_words(w[2], w[3], w[0], w[1]);
            four_rounds(&abef, &cdgh, w[2], i + 2);
            w[3] = next_words(w[3], w[0], w[1], w[2]);
            four_rounds(&abef, &cdgh, w[3], i + 3);
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    low = _mm_shuffle_epi32(abef, 0x1B);  /* FEBA */
    high = _mm_shuffle_epi32(cdgh, 0xB1); /* DCHG */
    abef = _mm_blend_epi16(low, high, 0xF0);
    cdgh = _mm_alignr_epi8(high, low, 8);
    memcpy(state, &abef, sizeof abef);     /* DCBA */
    memcpy(state + 4, &cdgh, sizeof cdgh); /* HGFE */
}
#endif
