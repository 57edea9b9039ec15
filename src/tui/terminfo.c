#include "terminfo.h"

#include <curses.h>
#include <string.h>
#include <term.h>

bool rs_terminfo_load(const char *name, int descriptor)
{
    int found = 0;
    char writable[128]; /* older headers take no const */
    size_t length = strlen(name);
    if (length >= sizeof writable)
        return false;
    memcpy(writable, name, length + 1);
    return setupterm(writable, descriptor, &found) == OK;
}

void rs_terminfo_drop(void)
{
    del_curterm(cur_term);
}

const char *rs_terminfo_text(const char *name)
{
    char writable[16]; /* older headers take no const */
    int length = 0;
    while (length < (int)sizeof writable - 1 && name[length]) {
        writable[length] = name[length];
        length++;
    }
    writable[length] = '\0';
    const char *text = tigetstr(writable);
    return text == (const char *)-1 ? NULL : text;
}
