#include "recscope/train/record.h"

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
