#include "entry.h"

#include <string.h>

#include "recscope/base/text.h"
#include "terminal.h"

#define CTRL_U 21

void rs_entry_begin(struct rs_entry *entry, const char *text)
{
    rs_copy_string(entry->text, sizeof entry->text, text);
    entry->length = entry->cursor = strlen(entry->text);
    entry->fresh = true;
}

static bool continues(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

static size_t before(const struct rs_entry *entry)
{
    size_t at = entry->cursor;
    while (at > 0 && continues(entry->text[--at]))
        ;
    return at;
}

static size_t behind(const struct rs_entry *entry)
{
    size_t at = entry->cursor;
    while (at < entry->length && continues(entry->text[++at]))
        ;
    return at;
}

static void cut(struct rs_entry *entry, size_t from, size_t to)
{
    memmove(entry->text + from, entry->text + to, entry->length - to + 1);
    entry->length -= to - from;
    entry->cursor = from;
}

static void insert(struct rs_entry *entry, uint32_t point)
{
    char bytes[4];
    size_t count = rs_utf8_encode(bytes, point);
    if (entry->length + count >= sizeof entry->text)
        return;
    memmove(entry->text + entry->cursor + count, entry->text + entry->cursor, entry->length - entry->cursor + 1);
    memcpy(entry->text + entry->cursor, bytes, count);
    entry->length += count;
    entry->cursor += count;
}

bool rs_entry_key(struct rs_entry *entry, uint32_t key)
{
    bool fresh = entry->fresh;
    entry->fresh = false;
    if (key == RS_KEY_LEFT)
        entry->cursor = before(entry);
    else if (key == RS_KEY_RIGHT)
        entry->cursor = behind(entry);
    else if (key == RS_KEY_HOME)
        entry->cursor = 0;
    else if (key == RS_KEY_END)
        entry->cursor = entry->length;
    else if (key == RS_KEY_ERASE)
        cut(entry, before(entry), entry->cursor);
    else if (key == RS_KEY_DELETE)
        cut(entry, entry->cursor, behind(entry));
    else if (key == CTRL_U)
        cut(entry, 0, entry->length);
    else if (key >= ' ' && key < RS_KEY_UP && !(key >= 0x7F && key < 0xA0)) {
        if (fresh)
            cut(entry, 0, entry->length);
        insert(entry, key);
    } else {
        entry->fresh = fresh;
        return false;
    }
    return true;
}
