/* ids.h -- original ids, numbered as they are met.
 *
 * An id is any text: leading zeros count, and it may be longer than any integer. Where all ids are whole numbers, plain
 * and small, a table can do without texts: each id is its own number (`direct`).
 * Threads: a table belongs to one thread.
 */
#ifndef RECSCOPE_DATA_IDS_H
#define RECSCOPE_DATA_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recscope/base/status.h"
#include "recscope/base/text.h"

struct rs_id_slot {
    uint64_t hash;
    uint32_t next_index; /* index + 1; 0: free */
};

struct rs_ids {
    struct rs_text arena; /* the texts, one behind the other, each with a NUL */
    uint64_t *start;      /* (capacity) where text i begins in the arena */
    uint32_t count;
    uint32_t capacity;
    struct rs_id_slot *slots; /* (slot_count), a power of two, at most half full */
    size_t slot_count;
    bool direct;   /* number i is the id "i"; count is one more than the largest, and some may be missing */
    uint8_t *seen; /* direct: (count) whether the id is there */
};

/* Room for an id of a direct table. */
#define RS_ID_DIGITS 12

/* A direct table of numbers below count; the caller marks those that are there in ids->seen. Errors: RS_MEMORY. */
enum rs_status rs_ids_start_direct(struct rs_ids *ids, uint32_t count, struct rs_error *err) RS_CHECKED;

/* Give a direct table texts, its ids numbered anew; *number: (the count before) the new numbers, the caller frees.
 * Errors: RS_MEMORY. */
enum rs_status rs_ids_spell(struct rs_ids *ids, uint32_t **number, struct rs_error *err) RS_CHECKED;

/* Not of a direct table. *index = the number of this id; a new one gets the next number, and *fresh says so. Errors:
 * RS_MEMORY, RS_DATA where the numbers run out. */
enum rs_status rs_ids_add(struct rs_ids *ids, const char *text, size_t length, uint32_t *index, bool *fresh,
                          struct rs_error *err) RS_CHECKED;

/* false where the id is not in the table. */
bool rs_ids_find(const struct rs_ids *ids, const char *text, size_t length, uint32_t *index);

/* The id's text; a direct table writes it into digits. */
const char *rs_ids_text(const struct rs_ids *ids, uint32_t index, char digits[RS_ID_DIGITS]);

#define RS_NO_RANK UINT32_MAX

/* rank[i] = place of id i in the order of ids, RS_NO_RANK where a direct table misses it; *ranked = how many there are.
 * The order: whole numbers first, by value; then the others, by bytes. The order does
 * not depend on where in a file an id stands. Errors: RS_MEMORY. */
enum rs_status rs_ids_rank(const struct rs_ids *ids, uint32_t *rank, uint32_t *ranked, struct rs_error *err) RS_CHECKED;

void rs_ids_free(struct rs_ids *ids);

#endif
