/* keys.h -- the one table of keys. */
#ifndef RS_TUI_KEYS_H
#define RS_TUI_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "terminal.h"

enum rs_action {
    RS_ACTION_NONE,
#define KEY(code, action, name, footer, help) RS_ACTION_##action,
#include "keys.def"
#undef KEY
    RS_ACTIONS
};

struct rs_binding {
    uint32_t code;
    enum rs_action action;
    const char *name;   /* NULL: named with the row above */
    const char *footer; /* NULL: not there */
    const char *help;
};

extern const struct rs_binding rs_bindings[];
extern const size_t rs_binding_count;

/* RS_ACTION_NONE for a key that has no meaning. */
enum rs_action rs_action_of(uint32_t key);

#endif
