#include "sgr.h"

#include <stdbool.h>
#include <string.h>

#define UNKNOWN (-1)

struct colors {
    int foreground, background; /* of 256; UNKNOWN */
};

/* The length of a CSI ... m at the bytes; 0: there is none. */
static size_t sequence_at(const char *bytes, size_t length)
{
    if (length < 3 || bytes[0] != '\033' || bytes[1] != '[')
        return 0;
    size_t end = 2;
    while (end < length && (bytes[end] == ';' || (bytes[end] >= '0' && bytes[end] <= '9')))
        end++;
    return end < length && bytes[end] == 'm' ? end + 1 : 0;
}

/* N of "CSI 38;5;N m", say; UNKNOWN where the sequence is another one. */
static int color_of(const char *sequence, size_t length, const char *begin)
{
    size_t head = strlen(begin);
    int color = 0;
    if (length < head + 2 || memcmp(sequence, begin, head) != 0)
        return UNKNOWN;
    for (size_t i = head; i + 1 < length; i++) {
        if (sequence[i] == ';' || color > 255)
            return UNKNOWN;
        color = 10 * color + sequence[i] - '0';
    }
    return color;
}

/* Whether the sequence changes nothing; the colours are then those behind it. */
static bool is_idle(struct colors *now, const char *sequence, size_t length)
{
    int foreground = color_of(sequence, length, "\033[38;5;");
    int background = color_of(sequence, length, "\033[48;5;");
    bool idle = (foreground != UNKNOWN && foreground == now->foreground) ||
                (background != UNKNOWN && background == now->background);
    if (foreground != UNKNOWN)
        now->foreground = foreground;
    else if (background != UNKNOWN)
        now->background = background;
    else
        *now = (struct colors){UNKNOWN, UNKNOWN};
    return idle;
}

size_t rs_sgr_squeeze(char *bytes, size_t length)
{
    struct colors now = {UNKNOWN, UNKNOWN};
    size_t kept = 0;
    for (size_t at = 0; at < length;) {
        size_t sequence = sequence_at(bytes + at, length - at);
        size_t step = sequence ? sequence : 1;
        if (!sequence || !is_idle(&now, bytes + at, sequence)) {
            memmove(bytes + kept, bytes + at, step);
            kept += step;
        }
        at += step;
    }
    return kept;
}
