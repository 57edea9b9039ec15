#include "thinning.h"

#include "recscope/base/memory.h"

void rs_thinning_start(struct rs_thinning *thinning, size_t most)
{
    *thinning = (struct rs_thinning){.most = most, .stretch = 1};
}

void rs_thinning_free(struct rs_thinning *thinning)
{
    rs_free(thinning->row);
    thinning->row = NULL;
}

/* A loss that is not a number is the largest of all: it must stay visible. */
static bool less(const struct rs_step_row *a, const struct rs_step_row *b)
{
    return a->loss < b->loss || (b->loss != b->loss && a->loss == a->loss);
}

/* Four rows (two stretches) become two: the smallest and the largest, in their order. */
static void halve(struct rs_thinning *thinning)
{
    size_t kept = 0;
    for (size_t i = 0; i + 3 < thinning->count; i += 4) {
        const struct rs_step_row *four = &thinning->row[i];
        size_t smallest = 0;
        size_t largest = 0;
        for (size_t k = 1; k < 4; k++) {
            smallest = less(&four[k], &four[smallest]) ? k : smallest;
            largest = less(&four[k], &four[largest]) ? largest : k; /* the last of equals, so that two rows stay */
        }
        struct rs_step_row first = four[smallest < largest ? smallest : largest];
        struct rs_step_row second = four[smallest < largest ? largest : smallest];
        thinning->row[kept++] = first;
        thinning->row[kept++] = second;
    }
    thinning->count = kept;
    /* Four single batches have become a stretch of four; two stretches one of twice the length. */
    thinning->stretch *= thinning->stretch == 1 ? 4 : 2;
    thinning->generation++;
}

static enum rs_status push(struct rs_thinning *thinning, const struct rs_step_row *row, struct rs_error *err)
{
    if (thinning->count == thinning->capacity) {
        size_t capacity = thinning->capacity ? 2 * thinning->capacity : 256;
        capacity = capacity < thinning->most + 2 ? capacity : thinning->most + 2;
        enum rs_status status = rs_grow(&thinning->row, thinning->count, capacity, sizeof *thinning->row, err);
        if (status != RS_OK)
            return status;
        thinning->capacity = capacity;
    }
    thinning->row[thinning->count++] = *row;
    return RS_OK;
}

enum rs_status rs_thinning_finish(struct rs_thinning *thinning, struct rs_error *err)
{
    if (thinning->pending == 0)
        return RS_OK;
    bool same = thinning->smallest.step == thinning->largest.step;
    bool rising = thinning->smallest.step < thinning->largest.step;
    enum rs_status status = push(thinning, rising ? &thinning->smallest : &thinning->largest, err);
    if (status == RS_OK && !same)
        status = push(thinning, rising ? &thinning->largest : &thinning->smallest, err);
    thinning->pending = 0;
    return status;
}

enum rs_status rs_thinning_add(struct rs_thinning *thinning, const struct rs_step_row *row, struct rs_error *err)
{
    if (thinning->pending == 0 && thinning->count >= thinning->most)
        halve(thinning);
    if (thinning->pending == 0 || less(row, &thinning->smallest))
        thinning->smallest = *row;
    if (thinning->pending == 0 || !less(row, &thinning->largest))
        thinning->largest = *row;
    thinning->pending++;
    return thinning->pending == thinning->stretch ? rs_thinning_finish(thinning, err) : RS_OK;
}
