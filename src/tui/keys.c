#include "keys.h"

const struct rs_binding rs_bindings[] = {
#define KEY(code, action, name, footer, help) {code, RS_ACTION_##action, name, footer, help},
#include "keys.def"
#undef KEY
};
const size_t rs_binding_count = sizeof rs_bindings / sizeof *rs_bindings;

enum rs_action rs_action_of(uint32_t key)
{
    for (size_t i = 0; i < rs_binding_count; i++)
        if (rs_bindings[i].code == key)
            return rs_bindings[i].action;
    return RS_ACTION_NONE;
}
