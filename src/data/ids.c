#include "ids.h"

#include <stdlib.h>
#include <string.h>

#include "recscope/base/memory.h"

#define FIRST_SLOTS ((size_t)1024)

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 32)) * UINT64_C(0xD6E8FEB86659FD93);
    return x ^ (x >> 32);
}

static uint64_t hash_of(const char *text, size_t length)
{
    uint64_t hash = length;
    uint64_t word = 0;
    for (; length >= sizeof word; text += sizeof word, length -= sizeof word) {
        memcpy(&word, text, sizeof word);
        hash = mix(hash ^ word);
    }
    word = 0;
    for (size_t i = 0; i < length; i++)
        word = word << 8 | (unsigned char)text[i];
    return mix(hash ^ word);
}

/* The slot that holds the id, or the free one where it belongs. */
static size_t slot_of(const struct rs_ids *ids, uint64_t hash, const char *text, size_t length)
{
    size_t at = (size_t)hash & (ids->slot_count - 1);
    for (;; at = (at + 1) & (ids->slot_count - 1)) {
        const struct rs_id_slot *slot = &ids->slots[at];
        if (slot->next_index == 0)
            return at;
        if (slot->hash != hash)
            continue;
        const char *known = ids->arena.data + ids->start[slot->next_index - 1];
        if (strncmp(known, text, length) == 0 && known[length] == '\0')
            return at;
    }
}

static enum rs_status widen(struct rs_ids *ids, struct rs_error *err)
{
    if (ids->count == ids->capacity) {
        uint32_t capacity = ids->capacity < FIRST_SLOTS ? (uint32_t)FIRST_SLOTS : ids->capacity;
        capacity = capacity > UINT32_MAX / 2 ? UINT32_MAX : 2 * capacity;
        enum rs_status status = rs_grow(&ids->start, ids->count, capacity, sizeof *ids->start, err);
        if (status != RS_OK)
            return status;
        ids->capacity = capacity;
    }
    if (ids->slot_count > 2 * (size_t)ids->count)
        return RS_OK;
    size_t wider = ids->slot_count ? 2 * ids->slot_count : FIRST_SLOTS;
    struct rs_id_slot *slots;
    enum rs_status status = rs_alloc(&slots, wider, sizeof *slots, err);
    if (status != RS_OK)
        return status;
    for (size_t i = 0; i < ids->slot_count; i++) {
        if (ids->slots[i].next_index == 0)
            continue;
        size_t at = (size_t)ids->slots[i].hash & (wider - 1);
        while (slots[at].next_index != 0)
            at = (at + 1) & (wider - 1);
        slots[at] = ids->slots[i];
    }
    rs_free(ids->slots);
    ids->slots = slots;
    ids->slot_count = wider;
    return RS_OK;
}

enum rs_status rs_ids_add(struct rs_ids *ids, const char *text, size_t length, uint32_t *index, bool *fresh,
                          struct rs_error *err)
{
    enum rs_status status = widen(ids, err);
    if (status != RS_OK)
        return status;
    uint64_t hash = hash_of(text, length);
    struct rs_id_slot *slot = &ids->slots[slot_of(ids, hash, text, length)];
    *fresh = slot->next_index == 0;
    if (!*fresh) {
        *index = slot->next_index - 1;
        return RS_OK;
    }
    if (ids->count == UINT32_MAX - 1)
        return rs_fail(err, RS_DATA, "more than %u different ids: that many are not handled", UINT32_MAX - 1);
    uint64_t start = ids->arena.length;
    if ((status = rs_text_add_bytes(&ids->arena, text, length, err)) != RS_OK ||
        (status = rs_text_add_bytes(&ids->arena, "", 1, err)) != RS_OK)
        return status;
    ids->start[ids->count] = start;
    *index = ids->count++;
    *slot = (struct rs_id_slot){hash, ids->count};
    return RS_OK;
}

/* A number as this table writes it: no leading zeros. */
static bool find_direct(const struct rs_ids *ids, const char *text, size_t length, uint32_t *index)
{
    uint64_t number = 0;
    if (length == 0 || length >= RS_ID_DIGITS || (text[0] == '0' && length > 1))
        return false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        number = number * 10 + (uint64_t)(text[i] - '0');
    }
    *index = (uint32_t)number;
    return number < ids->count && ids->seen[number];
}

bool rs_ids_find(const struct rs_ids *ids, const char *text, size_t length, uint32_t *index)
{
    if (ids->direct)
        return find_direct(ids, text, length, index);
    if (ids->slot_count == 0)
        return false;
    const struct rs_id_slot *slot = &ids->slots[slot_of(ids, hash_of(text, length), text, length)];
    if (slot->next_index == 0)
        return false;
    *index = slot->next_index - 1;
    return true;
}

static const char *write_digits(char digits[RS_ID_DIGITS], uint32_t number)
{
    char *at = &digits[RS_ID_DIGITS - 1];
    *at = '\0';
    do
        *--at = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    return at;
}

const char *rs_ids_text(const struct rs_ids *ids, uint32_t index, char digits[RS_ID_DIGITS])
{
    return ids->direct ? write_digits(digits, index) : ids->arena.data + ids->start[index];
}

enum rs_status rs_ids_start_direct(struct rs_ids *ids, uint32_t count, struct rs_error *err)
{
    enum rs_status status = ids->seen ? rs_grow(&ids->seen, ids->count, count, sizeof *ids->seen, err)
                                      : rs_alloc(&ids->seen, count, sizeof *ids->seen, err);
    if (status != RS_OK)
        return status;
    ids->direct = true;
    ids->count = count;
    return RS_OK;
}

enum rs_status rs_ids_spell(struct rs_ids *ids, uint32_t **number, struct rs_error *err)
{
    struct rs_ids spelled = {.count = 0};
    enum rs_status status = rs_alloc(number, ids->count, sizeof **number, err);
    for (uint32_t i = 0; i < ids->count && status == RS_OK; i++) {
        char digits[RS_ID_DIGITS] = "";
        bool fresh;
        if (!ids->seen[i])
            continue;
        const char *text = write_digits(digits, i);
        status = rs_ids_add(&spelled, text, strlen(text), &(*number)[i], &fresh, err);
    }
    rs_ids_free(ids);
    *ids = spelled;
    return status;
}

struct ranked {
    const char *text;
    size_t zeros; /* in front of a whole number */
    size_t digits;
    bool number;
    uint32_t index;
};

static int compare_ids(const void *left, const void *right)
{
    const struct ranked *a = left;
    const struct ranked *b = right;
    if (a->number != b->number)
        return a->number ? -1 : 1;
    if (!a->number)
        return strcmp(a->text, b->text);
    if (a->digits != b->digits)
        return a->digits < b->digits ? -1 : 1;
    int order = strcmp(a->text + a->zeros, b->text + b->zeros);
    if (order != 0)
        return order;
    return (a->zeros > b->zeros) - (a->zeros < b->zeros);
}

enum rs_status rs_ids_rank(const struct rs_ids *ids, uint32_t *rank, uint32_t *ranked, struct rs_error *err)
{
    struct ranked *order;
    if (ids->direct) {
        *ranked = 0;
        for (uint32_t i = 0; i < ids->count; i++)
            rank[i] = ids->seen[i] ? (*ranked)++ : RS_NO_RANK;
        return RS_OK;
    }
    *ranked = ids->count;
    enum rs_status status = rs_alloc(&order, ids->count, sizeof *order, err);
    if (status != RS_OK)
        return status;
    for (uint32_t i = 0; i < ids->count; i++) {
        const char *text = ids->arena.data + ids->start[i];
        size_t zeros = strspn(text, "0");
        size_t digits = strspn(text + zeros, "0123456789");
        order[i] = (struct ranked){text, zeros, digits, text[zeros + digits] == '\0', i};
    }
    qsort(order, ids->count, sizeof *order, compare_ids);
    for (uint32_t i = 0; i < ids->count; i++)
        rank[order[i].index] = i;
    rs_free(order);
    return RS_OK;
}

void rs_ids_free(struct rs_ids *ids)
{
    rs_text_free(&ids->arena);
    rs_free(ids->start);
    rs_free(ids->slots);
    rs_free(ids->seen);
    *ids = (struct rs_ids){0};
}
