#include "recscope/train/record.h"

#include <string.h>

static const struct {
    const char *name, *unit;
} metrics[] = {
#define METRIC(id, name, unit, lower) [RS_##id] = {name, unit},
    RS_METRIC_MAP(METRIC)
#undef METRIC
};

const char *rs_metric_name(enum rs_metric metric)
{
    return metrics[metric].name;
}

const char *rs_metric_unit(enum rs_metric metric)
{
    return metrics[metric].unit;
}

const char *rs_reason_name(enum rs_reason reason)
{
    static const char *const names[] = {
        [RS_REASON_EPOCHS] = "epochs",   [RS_REASON_PATIENCE] = "patience", [RS_REASON_TOLERANCE] = "tolerance",
        [RS_REASON_STOPPED] = "stopped", [RS_REASON_DIVERGED] = "diverged",
    };
    return names[reason];
}

static void read_list(const void *from, uint64_t first, float *out, size_t n)
{
    const float *list = from;
    if (n > 0)
        memcpy(out, list + first, n * sizeof *out);
}

struct rs_weights rs_weights_listed(const float *list, uint64_t count)
{
    return (struct rs_weights){.count = count, .from = list, .read = read_list};
}
