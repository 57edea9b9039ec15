#include "recscope/linalg/activation.h"

#include <stddef.h>

const char *const rs_activation_names[] = {
#define NAME(id, name) name,
    RS_ACTIVATION_MAP(NAME)
#undef NAME
        NULL,
};
