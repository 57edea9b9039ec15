/* preset_list.h -- the presets at hand, to choose from. No screen: it is painted elsewhere.
 *
 * At hand are the *.ini of the folders in which the names of presets are looked up (rs_preset_folder), one of a kind,
 * as names are found; those in the present folder; and the built-in default. Threads: main thread.
 */
#ifndef RS_TUI_PRESET_LIST_H
#define RS_TUI_PRESET_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "recscope/base/file.h"

#define RS_PRESET_BUILT_IN "playground" /* what is there without any file */

struct rs_preset_entry {
    char path[RS_PATH_SIZE]; /* as it is opened */
    const char *place;       /* "yours", "presets", "this folder", "installed", "built-in" */
    char name[64];           /* of the file, without .ini in the places where names are looked up */
    char title[160];         /* what it calls itself; of one that is refused: why */
    char about[512];         /* "autorec on builtin:playground: notes"; of one that is refused: why, with the path */
    bool refused;
    bool without_data; /* what it trains on is not here */
};

struct rs_preset_list {
    struct rs_preset_entry *entry; /* (count) */
    size_t count, room;
    size_t *shown; /* (shown_count) indices of those that have the text in them */
    size_t shown_count;
    size_t chosen; /* of those shown */
};

/* Read them, in place of what the list held. A preset that is refused is in it, with the reason.
 * Owns: the caller frees with rs_preset_list_free, after an error too. Errors: RS_MEMORY. */
enum rs_status rs_preset_list_read(struct rs_preset_list *list, struct rs_error *err) RS_CHECKED;
void rs_preset_list_free(struct rs_preset_list *list);

/* Show those with the text in their path, name or title; the one whose name or path it is, or else the first, is
 * chosen. */
void rs_preset_list_filter(struct rs_preset_list *list, const char *text);

/* The next one that is shown, or the one before, going round. */
void rs_preset_list_move(struct rs_preset_list *list, int by);

/* The chosen one; NULL where none is shown. */
const struct rs_preset_entry *rs_preset_list_chosen(const struct rs_preset_list *list);

#endif
