/* checksum.h -- 64 bits that tell whether bytes are still what they were. Against accidents, not against people.
 *
 * Threads: pure functions of their arguments.
 */
#ifndef RECSCOPE_DATA_CHECKSUM_H
#define RECSCOPE_DATA_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* The bytes are taken as 64-bit words w of the machine's own order, the last filled with zeros. Eight sums, one for
 * each eighth word, begin at different odd numbers; word w changes two of them:
 *     x = w ^ key;  sum[i] += low half of x * high half of x;  sum[i ^ 1] += w
 * and every 1024 bytes each sum is stirred (reversibly): s = (s ^ s >> 47 ^ key) * prime. At the end they and the
 * length are folded into one. A change of one word changes a sum for certain.
 * Source : the accumulation of XXH3 (Collet, 2019). */
uint64_t rs_checksum(const void *bytes, size_t length);

#endif
