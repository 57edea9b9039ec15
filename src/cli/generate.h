/* generate.h -- recscope data generate: a file of generated ratings, of any size.
 *
 * SIGINT and SIGTERM end the work and leave nothing behind.
 */
#ifndef RS_CLI_GENERATE_H
#define RS_CLI_GENERATE_H

#include "options.h"

enum rs_status rs_data_generate(const struct rs_options *options, struct rs_error *err) RS_CHECKED;

#endif
