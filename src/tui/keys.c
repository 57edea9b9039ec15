#include "keys.h"

#include "terminal.h"

#define ON_FORM      RS_ON_curves
#define ON_CHART     RS_ON_chart
#define ON_CURVES    (ON_FORM | ON_CHART)
#define ON_RUNS      RS_ON_runs
#define ON_WEIGHTS   RS_ON_weights
#define ON_RATING    RS_ON_rating
#define ON_RECOMMEND (RS_ON_recommend | ON_RATING)
#define ON_ANY       RS_ON_all

const struct rs_binding rs_bindings[] = {
#define KEY(places, code, command, argument, name, footer) {places, code, RS_COMMAND_##command, argument, name, footer},
#include "keys.def"
#undef KEY
};
const size_t rs_binding_count = sizeof rs_bindings / sizeof *rs_bindings;

const struct rs_binding *rs_binding_of(enum rs_place place, uint32_t key)
{
    for (size_t i = 0; i < rs_binding_count; i++)
        if (rs_bindings[i].code == key && rs_bindings[i].places & (unsigned)place)
            return &rs_bindings[i];
    return NULL;
}
