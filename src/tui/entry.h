/* entry.h -- one line of text being typed. Pure data: no screen. */
#ifndef RS_TUI_ENTRY_H
#define RS_TUI_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rs_entry {
    char text[1024]; /* UTF-8 */
    size_t length;   /* bytes */
    size_t cursor;   /* bytes; always at the begin of a character */
    bool fresh;      /* untouched: typing replaces the text */
};

void rs_entry_begin(struct rs_entry *entry, const char *text);

/* Take a key; false if it means nothing here (Enter, Esc, Tab, up and down are the caller's). */
bool rs_entry_key(struct rs_entry *entry, uint32_t key);

#endif
