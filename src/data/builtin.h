/* builtin.h -- data that need no file.
 *
 * A builder fills a reading, as a format reader does, and says what scale and noise floor the data have.
 * Threads: functions on distinct readings are independent.
 */
#ifndef RECSCOPE_DATA_BUILTIN_H
#define RECSCOPE_DATA_BUILTIN_H

#include "reading.h"
#include "recscope/base/settings.h"
#include "recscope/data/ratings.h"
#include "titles.h"

#define RS_BUILTIN_PREFIX     "builtin:"
#define RS_BUILTIN_PLAYGROUND "builtin:playground"

struct rs_builtin_facts {
    struct rs_scale scale;
    double noise_floor; /* RMSE; 0 where it is not known */
};

/* true if the source names built-in data, known or not. */
bool rs_builtin_named(const char *source);

/* Fill the reading and the titles. Owns: the caller frees both, also after a failure. Errors: RS_DATA where there are
 * no such built-in data, RS_PRESET for a world that cannot be, RS_MEMORY. */
enum rs_status rs_builtin_read(struct rs_reading *reading, struct rs_titles *titles, struct rs_builtin_facts *facts,
                               const char *source, const struct rs_settings *settings, struct rs_error *err) RS_CHECKED;

/* builtin:playground, from the world_ settings. */
enum rs_status rs_generate_playground(struct rs_reading *reading, struct rs_titles *titles,
                                      struct rs_builtin_facts *facts, const struct rs_settings *settings,
                                      struct rs_error *err) RS_CHECKED;

#endif
