/* load.c -- what it takes until the ratings of a source stand in memory with their split: seconds of every load.
 *
 *   load FOLDER TIMES       (XDG_CACHE_HOME names an empty folder, or one with the cache; RECSCOPE_CACHE=off goes
 * without)
 */
#include <stdio.h>
#include <stdlib.h>

#include "recscope/base/clock.h"
#include "recscope/data/dataset.h"
#include "recscope/experiment/preset.h"

static int refuse(const struct rs_error *err)
{
    fprintf(stderr, "load: %s\n", err->message);
    return EXIT_FAILURE;
}

int main(int count, char **argument)
{
    struct rs_settings settings;
    struct rs_error err;
    if (count != 3) {
        fprintf(stderr, "load FOLDER TIMES\n");
        return EXIT_FAILURE;
    }
    if (rs_preset_default(&settings, &err) != RS_OK ||
        rs_settings_parse(&settings, &rs_row_source, argument[1], &err) != RS_OK)
        return refuse(&err);
    for (long i = strtol(argument[2], NULL, 10); i > 0; i--) {
        const struct rs_dataset *dataset;
        double start = rs_clock_seconds();
        if (rs_dataset_load(&dataset, &settings, &err) != RS_OK)
            return refuse(&err);
        printf("%.6f\n", rs_clock_seconds() - start);
        rs_dataset_drop(dataset);
    }
    return EXIT_SUCCESS;
}
