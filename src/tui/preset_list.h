/* preset_list.h -- the presets at hand: *.ini in this folder's presets/, in this folder, and those that are installed.
 */
#ifndef RS_TUI_PRESET_LIST_H
#define RS_TUI_PRESET_LIST_H

#include <stddef.h>

#define RS_PRESETS_MOST 64
#define RS_PRESET_BYTES 256

struct rs_preset_list {
    size_t count;
    char path[RS_PRESETS_MOST][RS_PRESET_BYTES]; /* sorted within each folder */
};

void rs_preset_list_read(struct rs_preset_list *list);

#endif
