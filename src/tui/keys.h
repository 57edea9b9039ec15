/* keys.h -- the one table of keys: which command a key runs where. */
#ifndef RS_TUI_KEYS_H
#define RS_TUI_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "commands.h"
#include "screen.h"

/* Places where a key may mean something: bits. Curves has two, form and chart; so has Recommend, where digits are stars
 * while a person rates. */
enum rs_place {
#define SCREEN(id) RS_ON_##id = 1 << RS_SCREEN_##id,
#include "screens.def"
#undef SCREEN
    RS_ON_chart = 1 << RS_SCREENS,
    RS_ON_rating = 1 << (RS_SCREENS + 1),
    RS_ON_all = (1 << (RS_SCREENS + 2)) - 1
};

struct rs_binding {
    unsigned places;
    uint32_t code;
    enum rs_command_id command;
    const char *argument; /* NULL: none */
    const char *name;     /* NULL: named with the row above */
    const char *footer;   /* NULL: not there */
};

extern const struct rs_binding rs_bindings[];
extern const size_t rs_binding_count;

/* The binding of a key at a place; NULL where it means nothing. */
const struct rs_binding *rs_binding_of(enum rs_place place, uint32_t key);

#endif
