#include "recscope/base/text.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recscope/base/memory.h"

static enum rs_status reserve(struct rs_text *text, size_t more, struct rs_error *err)
{
    size_t need = text->length + more + 1;
    if (need <= text->capacity)
        return RS_OK;
    size_t capacity = text->capacity ? text->capacity : 256;
    while (capacity < need)
        capacity *= 2;
    enum rs_status status = rs_grow(&text->data, text->length, capacity, 1, err);
    if (status == RS_OK)
        text->capacity = capacity;
    return status;
}

enum rs_status rs_text_add_bytes(struct rs_text *text, const char *bytes, size_t length, struct rs_error *err)
{
    enum rs_status status = reserve(text, length, err);
    if (status != RS_OK)
        return status;
    memcpy(text->data + text->length, bytes, length);
    text->length += length;
    text->data[text->length] = '\0';
    return RS_OK;
}

enum rs_status rs_text_add(struct rs_text *text, struct rs_error *err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        return rs_fail(err, RS_FAILED, "text cannot be formatted: %s", strerror(errno));
    enum rs_status status = reserve(text, (size_t)length, err);
    if (status != RS_OK)
        return status;
    va_start(arguments, format);
    vsnprintf(text->data + text->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    text->length += (size_t)length;
    return RS_OK;
}

void rs_text_free(struct rs_text *text)
{
    rs_free(text->data);
    *text = (struct rs_text){0};
}

/* strtod and strtoll take leading blanks, hexadecimal, "inf" and "nan"; a setting does not. */
static bool starts_like_number(const char *text)
{
    if (*text == '+' || *text == '-')
        text++;
    return (*text >= '0' && *text <= '9') || *text == '.';
}

bool rs_parse_number(const char *text, double *out)
{
    if (!starts_like_number(text) || strpbrk(text, "xX"))
        return false;
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(value))
        return false;
    *out = value;
    return true;
}

bool rs_parse_integer(const char *text, int64_t low, int64_t high, int64_t *out)
{
    if (!starts_like_number(text))
        return false;
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno == ERANGE || value < low || value > high)
        return false;
    *out = value;
    return true;
}

/* 100, not 1e+02: %g takes to exponents as soon as there are fewer digits than places. */
static void spell_out(char out[RS_NUMBER_SIZE], double value)
{
    if (strchr(out, 'e') && fabs(value) >= 1 && fabs(value) < 1e15)
        snprintf(out, RS_NUMBER_SIZE, "%.0f", value);
}

bool rs_parse_size(const char *text, int *columns, int *rows)
{
    char first[8];
    int64_t a;
    int64_t b;
    size_t length = strcspn(text, "x");
    if (text[length] != 'x' || length >= sizeof first)
        return false;
    memcpy(first, text, length);
    first[length] = '\0';
    if (!rs_parse_integer(first, 1, 1000, &a) || !rs_parse_integer(text + length + 1, 1, 1000, &b))
        return false;
    *columns = (int)a;
    *rows = (int)b;
    return true;
}

void rs_format_number(char out[RS_NUMBER_SIZE], double value)
{
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(out, RS_NUMBER_SIZE, "%.*g", digits, value);
        if (strtod(out, NULL) == value)
            break;
    }
    spell_out(out, value);
}

void rs_format_float(char out[RS_NUMBER_SIZE], float value)
{
    for (int digits = 1; digits <= 9; digits++) {
        snprintf(out, RS_NUMBER_SIZE, "%.*g", digits, (double)value);
        if (strtof(out, NULL) == value)
            break;
    }
    spell_out(out, (double)value);
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein distance; names are short, longer ones count as far away. */
static size_t edit_distance(const char *a, const char *b)
{
    enum { LONGEST = 63 };
    size_t n = strlen(a);
    size_t m = strlen(b);
    if (n > LONGEST || m > LONGEST)
        return SIZE_MAX;
    size_t row[LONGEST + 1];
    for (size_t j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t change = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = smaller(smaller(row[j], row[j - 1]) + 1, change);
        }
    }
    return row[m];
}

const char *rs_nearest_name(const char *text, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t length = strlen(text);
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t distance = edit_distance(text, names[i]);
        /* "learning" is meant for "learning_rate" although many letters are missing. */
        if (length >= 3 && strncmp(names[i], text, length) == 0)
            distance = smaller(distance, 1);
        if (distance < least) {
            least = distance;
            nearest = names[i];
        }
    }
    return nearest && least <= 1 + length / 3 ? nearest : NULL;
}

bool rs_contains(const char *text, const char *part)
{
    for (;; text++) {
        size_t same = 0;
        while (part[same] && tolower((unsigned char)text[same]) == tolower((unsigned char)part[same]))
            same++;
        if (!part[same])
            return true;
        if (!*text)
            return false;
    }
}

bool rs_copy_string(char *out, size_t size, const char *text)
{
    size_t length = strlen(text);
    size_t kept = length < size ? length : size - 1;
    memcpy(out, text, kept);
    out[kept] = '\0';
    return kept == length;
}

/* Bytes of the well-formed character at p (RFC 3629), 0 where there is none. */
static size_t utf8_character(const unsigned char *p, size_t left)
{
    if (p[0] < 0x80)
        return 1;
    size_t length = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xF0 && p[1] < 0x90);
    bool surrogate = p[0] == 0xED && p[1] > 0x9F;
    bool beyond = p[0] == 0xF4 && p[1] > 0x8F;
    return overlong || surrogate || beyond ? 0 : length;
}

bool rs_is_utf8(const char *bytes, size_t length)
{
    const unsigned char *p = (const unsigned char *)bytes;
    for (size_t i = 0; i < length;) {
        size_t step = utf8_character(p + i, length - i);
        if (step == 0)
            return false;
        i += step;
    }
    return true;
}

size_t rs_utf8_encode(char out[4], uint32_t point)
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    size_t count = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = count - 1; i > 0; i--, point >>= 6)
        out[i] = (char)(0x80 | (point & 0x3F));
    out[0] = (char)((0xF00u >> count & 0xF0u) | point);
    return count;
}

bool rs_ends_in(const char *text, const char *ending)
{
    size_t length = strlen(text);
    size_t tail = strlen(ending);
    return length > tail && strcmp(text + length - tail, ending) == 0;
}
