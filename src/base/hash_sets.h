/* hash_sets.h -- SHA-256's compression of whole blocks, one build per instruction set.
 *
 * Threads: pure functions of their arguments.
 */
#ifndef RS_BASE_HASH_SETS_H
#define RS_BASE_HASH_SETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __x86_64__
#define RS_HASH_X86 1
#endif

extern const uint32_t rs_hash_constant[64];

/* Absorb `blocks` blocks of 64 bytes. */
void rs_hash_blocks_plain(uint32_t state[8], const uint8_t *bytes, size_t blocks);
#ifdef RS_HASH_X86
/* With the SHA instructions; only where rs_hash_has_sha. */
void rs_hash_blocks_sha(uint32_t state[8], const uint8_t *bytes, size_t blocks);
#endif

bool rs_hash_has_sha(void);

#endif
