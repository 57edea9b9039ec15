#include "names.h"

#include <string.h>

#include "recscope/base/memory.h"
#include "recscope/base/text.h"

/* Stands for a text that is not there: clean texts hold no control characters. */
#define MISSING "\x01"

/* Write the text as clean UTF-8 with a final NUL, or only count where out is NULL. Returns the bytes with the NUL. */
static size_t write_clean(char *out, const char *text)
{
    size_t length = strlen(text);
    bool utf8 = rs_is_utf8(text, length);
    size_t used = 0;
    for (size_t i = 0; i <= length; i++) {
        unsigned char c = (unsigned char)text[i];
        unsigned char next = i < length ? (unsigned char)text[i + 1] : 0;
        /* The second set of control characters: bytes 80..9F of Latin-1, which UTF-8 writes C2 80 .. C2 9F. */
        bool second = utf8 ? c == 0xC2 && next < 0xA0 : c >= 0x80 && c < 0xA0;
        char bytes[2] = {(char)c, 0};
        size_t size = 1;
        if (second || (c < ' ' && i < length) || c == 0x7F) {
            bytes[0] = '?';
            i += second && utf8;
        } else if (!utf8 && c >= 0xA0) {
            bytes[0] = (char)(0xC0 | c >> 6);
            bytes[1] = (char)(0x80 | (c & 0x3F));
            size = 2;
        }
        if (out)
            memcpy(out + used, bytes, size);
        used += size;
    }
    return used;
}

enum rs_status rs_names_room(struct rs_names *out, char **packed, uint32_t count, size_t bytes, struct rs_error *err)
{
    *out = (struct rs_names){NULL, 0};
    size_t pointers = (size_t)count * sizeof *out->text;
    enum rs_status status = rs_alloc(&out->text, pointers + bytes, 1, err);
    if (status != RS_OK)
        return status;
    out->count = count;
    *packed = (char *)out->text + pointers;
    return RS_OK;
}

enum rs_status rs_names_make(struct rs_names *out, uint32_t count, rs_name_source *source, const void *context,
                             struct rs_error *err)
{
    size_t bytes = 0;
    for (uint32_t i = 0; i < count; i++) {
        const char *text = source(context, i);
        bytes += text ? write_clean(NULL, text) : 0;
    }
    char *at;
    enum rs_status status = rs_names_room(out, &at, count, bytes, err);
    if (status != RS_OK)
        return status;
    for (uint32_t i = 0; i < count; i++) {
        const char *text = source(context, i);
        if (!text)
            continue;
        out->text[i] = at;
        at += write_clean(at, text);
    }
    return RS_OK;
}

enum rs_status rs_names_pack(struct rs_text *out, const struct rs_names *names, struct rs_error *err)
{
    enum rs_status status = RS_OK;
    for (uint32_t i = 0; i < names->count && status == RS_OK; i++) {
        const char *text = names->text[i] ? names->text[i] : MISSING;
        status = rs_text_add_bytes(out, text, strlen(text) + 1, err);
    }
    return status;
}

bool rs_names_link(struct rs_names *names, char *packed, size_t bytes)
{
    char *end = packed + bytes;
    for (uint32_t i = 0; i < names->count; i++) {
        char *next = packed < end ? memchr(packed, '\0', (size_t)(end - packed)) : NULL;
        if (!next)
            return false;
        names->text[i] = strcmp(packed, MISSING) == 0 ? NULL : packed;
        packed = next + 1;
    }
    return packed == end;
}

void rs_names_free(struct rs_names *names)
{
    rs_free(names->text);
    *names = (struct rs_names){NULL, 0};
}
