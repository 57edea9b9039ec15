#include "places.h"

/* How far from `from` on the row is free. */
static int room_at(const struct rs_places *places, int row, int from)
{
    int end = places->right;
    for (size_t i = 0; i < places->count; i++)
        if (places->taken[i].row == row && places->taken[i].to > from && places->taken[i].from < end)
            end = places->taken[i].from;
    return end > from ? end - from : 0;
}

struct rs_place rs_places_take(struct rs_places *places, int x, int gap, int length)
{
    struct rs_place best = {-1, 0, 0};
    int from = x + gap;
    int left = x - gap + 1 - length;
    if (places->count == RS_PLACES_MOST)
        return best;
    for (int row = 0; row < places->rows; row++) {
        int room = room_at(places, row, from);
        if (room >= length)
            best = (struct rs_place){row, from, from + length};
        else if (left >= places->left && room_at(places, row, left) >= length)
            best = (struct rs_place){row, left, left + length};
        else if (room >= places->least && room > best.to - best.from)
            best = (struct rs_place){row, from, from + room};
        if (best.to - best.from == length)
            break;
    }
    if (best.row >= 0) /* what stands beside it keeps a gap */
        places->taken[places->count++] = (struct rs_place){best.row, best.from - gap, best.to + gap};
    return best;
}
