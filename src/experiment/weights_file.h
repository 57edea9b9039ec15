/* weights_file.h -- best.rsm: the weights of a model in one file.
 *
 * Layout, little-endian whatever the machine:
 *   0   8 bytes   "RSMODEL" and a NUL
 *   8   u32       version, 1
 *  12   u32       bytes of a value, 4
 *  16   u64       number of values
 *  24   values    IEEE 754 binary32, in the order of the model's weight block
 *  end  64 bytes  SHA-256 of everything above, hexadecimal
 */
#ifndef RS_EXPERIMENT_WEIGHTS_FILE_H
#define RS_EXPERIMENT_WEIGHTS_FILE_H

#include <stdint.h>

#include "recscope/train/record.h"

/* Replace path. Errors: RS_IO, RS_MEMORY. */
enum rs_status rs_weights_write(const char *path, const struct rs_weights *weights, struct rs_error *err) RS_CHECKED;

/* Owns: the caller frees *out with rs_free. Errors: RS_DATA (not such a file, damaged), RS_IO, RS_MEMORY. */
enum rs_status rs_weights_read(const char *path, float **out, uint64_t *count, struct rs_error *err) RS_CHECKED;

#endif
