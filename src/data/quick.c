/* DESIGN: the text is cut at line ends into pieces whose number depends on its length alone. The lines of each are
 * counted first, so that every piece knows where its ratings go, and how much room all need. Then each is parsed into
 * its place. A piece that meets anything but a plain line gives up, and so do all: reading line by line finds out what
 * it is, with the right message. The pool hashes the text beside that. */
#include "quick.h"

#include <stdatomic.h>
#include <string.h>

#include "recscope/base/memory.h"

enum { PIECES = 64, SMALLEST_PIECE = 1 << 18, SHORTEST_LINE = 6, ID_DIGITS = 9, RATING_DIGITS = 8, TIME_DIGITS = 18 };

/* An id may be as large as this, and that many times the number of lines. */
#define ID_FREE  65536
#define ID_TIMES 8

struct piece {
    const char *start, *end;
    uint64_t lines;      /* with those of the pieces before it, once `place` ran */
    uint64_t at;         /* of its first triple */
    uint32_t user, item; /* largest ids */
};

struct quick {
    struct rs_reading *reading;
    struct rs_bytes whole;
    char delimiter;
    bool twice; /* the delimiter stands two times */
    bool timed;
    size_t pieces;
    struct piece piece[PIECES];
    atomic_bool odd; /* a line that is not plain was met */
};

/* What each line has: its delimiter, and whether a time. false: nothing this file knows. */
static bool recognise(struct quick *q, struct rs_lines lines, const struct rs_columns *columns)
{
    struct rs_span line;
    struct rs_fields fields = {.count = 0};
    const char *mistake = NULL;
    if (columns->user != 0 || columns->item != 1 || columns->rating != 2 || !rs_lines_next(&lines, &line) ||
        line.length == 0)
        return false;
    q->twice = columns->split == rs_split_colons;
    q->delimiter = q->twice ? ':' : columns->delimiter;
    if (columns->split == rs_split_blanks)
        q->delimiter = memchr(line.text, ' ', line.length) ? ' ' : '\t';
    bool split = memchr(line.text, '"', line.length) == NULL &&
                 columns->split(&fields, line, columns->delimiter, &mistake, NULL) == RS_OK;
    rs_text_free(&fields.scratch);
    q->timed = fields.count == 4;
    return split && !mistake && fields.count >= columns->least && fields.count <= columns->most &&
           fields.count == (columns->time == 3 && q->timed ? 4 : 3);
}

static void cut(struct quick *q, const char *text, const char *end)
{
    /* Empty lines at the very end hold nothing. */
    for (;;) {
        if (end - text >= 2 && end[-1] == '\n' && end[-2] == '\n')
            end -= 1;
        else if (end - text >= 3 && end[-1] == '\n' && end[-2] == '\r' && end[-3] == '\n')
            end -= 2;
        else
            break;
    }
    size_t length = (size_t)(end - text);
    q->pieces = length / SMALLEST_PIECE < PIECES ? length / SMALLEST_PIECE + 1 : PIECES;
    for (size_t i = 0; i < q->pieces; i++) {
        const char *start = i == 0 ? text : q->piece[i - 1].end;
        const char *stop = text + length / q->pieces * (i + 1);
        if (stop < start)
            stop = start;
        const char *newline = i + 1 < q->pieces ? memchr(stop, '\n', (size_t)(end - stop)) : NULL;
        q->piece[i] = (struct piece){.start = start, .end = newline ? newline + 1 : end};
    }
}

/* Line ends, in pieces of 128 whose count fits a byte: loops a compiler turns into vector code. */
static uint64_t count_lines(const char *at, const char *end)
{
    enum { LANES = 64, ROUNDS = 128 };
    uint64_t count = 0;
    while (end - at >= LANES) {
        uint8_t lane[LANES] = {0};
        for (int round = 0; round < ROUNDS && end - at >= LANES; round++, at += LANES)
            for (size_t i = 0; i < LANES; i++)
                lane[i] = (uint8_t)(lane[i] + (at[i] == '\n'));
        for (size_t i = 0; i < LANES; i++)
            count += lane[i];
    }
    for (; at < end; at++)
        count += *at == '\n';
    return count;
}

static void count_piece(void *context, size_t block, size_t thread)
{
    struct quick *q = context;
    struct piece *piece = &q->piece[block];
    (void)thread;
    piece->lines = count_lines(piece->start, piece->end);
    piece->lines += piece->end > piece->start && piece->end[-1] != '\n';
}

/* Whole numbers without leading zeros; NULL: not that. */
static inline const char *take_id(const char *at, uint32_t *out)
{
    unsigned digit = (unsigned)*at - '0';
    if (digit > 9)
        return NULL;
    uint32_t number = digit;
    const char *start = at++;
    for (; (digit = (unsigned)*at - '0') <= 9; at++)
        number = number * 10 + digit;
    if (at - start > ID_DIGITS || (*start == '0' && at - start > 1))
        return NULL;
    *out = number;
    return at;
}

/* Digits with at most one point among them. */
static inline const char *take_rating(const char *at, float *out)
{
    static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};
    const char *start = at;
    uint32_t number = 0;
    unsigned digit;
    for (; (digit = (unsigned)*at - '0') <= 9; at++)
        number = number * 10 + digit;
    ptrdiff_t whole = at - start;
    ptrdiff_t places = 0;
    if (*at == '.') {
        const char *point = ++at;
        for (; (digit = (unsigned)*at - '0') <= 9; at++)
            number = number * 10 + digit;
        places = at - point;
    }
    if (whole + places == 0 || whole + places > RATING_DIGITS)
        return NULL;
    *out = places == 0 ? (float)number : (float)((double)number / power[places]);
    return at;
}

static inline const char *take_time(const char *at, int64_t *out)
{
    const char *start = at;
    uint64_t seconds = 0;
    unsigned digit;
    for (; (digit = (unsigned)*at - '0') <= 9; at++)
        seconds = seconds * 10 + digit;
    *out = (int64_t)seconds;
    return at == start || at - start > TIME_DIGITS ? NULL : at;
}

static inline const char *take_delimiter(const struct quick *q, const char *at)
{
    if (!at || *at != q->delimiter || (q->twice && at[1] != q->delimiter))
        return NULL;
    return at + (q->twice ? 2 : 1);
}

/* One line, from `at`; returns where the next begins, NULL where it is not plain. */
static inline const char *take_line(const struct quick *q, const char *at, const char *end, uint64_t n, int64_t *time)
{
    const struct rs_reading *reading = q->reading;
    at = take_delimiter(q, take_id(at, &reading->user[n]));
    at = at ? take_delimiter(q, take_id(at, &reading->item[n])) : NULL;
    at = at ? take_rating(at, &reading->value[n]) : NULL;
    if (q->timed) {
        at = take_delimiter(q, at);
        at = at ? take_time(at, time) : NULL;
    }
    if (!at)
        return NULL;
    at += *at == '\r' && at < end;
    if (at == end)
        return at;
    return *at == '\n' ? at + 1 : NULL;
}

static void parse_piece(struct quick *q, struct piece *piece)
{
    const struct rs_reading *reading = q->reading;
    const char *at = piece->start;
    for (uint64_t n = piece->at; at < piece->end; n++) {
        int64_t time = 0;
        at = take_line(q, at, piece->end, n, &time);
        if (!at || (n % 4096 == 0 && atomic_load_explicit(&q->odd, memory_order_relaxed))) {
            atomic_store(&q->odd, true);
            return;
        }
        if (reading->time)
            reading->time[n] = time;
        piece->user = reading->user[n] > piece->user ? reading->user[n] : piece->user;
        piece->item = reading->item[n] > piece->item ? reading->item[n] : piece->item;
    }
}

/* The hash needs the bytes one after the other: it is the first block, and the pieces are the others. */
static void parse_block(void *context, size_t block, size_t thread)
{
    struct quick *q = context;
    (void)thread;
    if (block > 0)
        parse_piece(q, &q->piece[block - 1]);
    else if (q->reading->hash)
        rs_hash_add(q->reading->hash, q->whole.text, q->whole.length);
}

/* Where the triples of each piece go. false: lines so short that not all can be plain. */
static bool place_pieces(struct quick *q, uint64_t *count)
{
    uint64_t bytes = 0;
    *count = q->reading->count;
    for (size_t i = 0; i < q->pieces; i++) {
        q->piece[i].at = *count;
        *count += q->piece[i].lines;
        bytes += (uint64_t)(q->piece[i].end - q->piece[i].start);
    }
    return (*count - q->reading->count) <= (bytes + 1) / SHORTEST_LINE + 1 && *count <= UINT32_MAX;
}

/* Mark the ids that were read. Threads would write the same bytes, and there are few. */
static enum rs_status mark(struct rs_ids *ids, const uint32_t *id, uint64_t from, uint64_t to, uint32_t largest,
                           struct rs_error *err)
{
    uint32_t count = largest + 1 > ids->count ? largest + 1 : ids->count;
    enum rs_status status = rs_ids_start_direct(ids, count, err);
    for (uint64_t n = from; n < to && status == RS_OK; n++)
        ids->seen[id[n]] = 1;
    return status;
}

static enum rs_status finish(struct quick *q, uint64_t count, uint64_t first_line, bool *done, struct rs_error *err)
{
    struct rs_reading *reading = q->reading;
    uint32_t user = 0;
    uint32_t item = 0;
    for (size_t i = 0; i < q->pieces; i++) {
        user = q->piece[i].user > user ? q->piece[i].user : user;
        item = q->piece[i].item > item ? q->piece[i].item : item;
    }
    uint64_t bound = ID_FREE + ID_TIMES * count;
    if (user >= bound || item >= bound)
        return RS_OK;
    enum rs_status status = mark(&reading->users, reading->user, reading->count, count, user, err);
    if (status == RS_OK)
        status = mark(&reading->items, reading->item, reading->count, count, item, err);
    if (status != RS_OK)
        return status;
    reading->count = count;
    reading->untimed = reading->untimed || !q->timed;
    reading->file[reading->files - 1].first_line = first_line;
    *done = true;
    return RS_OK;
}

static void hash_alone(struct quick *q)
{
    if (q->reading->hash)
        rs_hash_add(q->reading->hash, q->whole.text, q->whole.length);
}

enum rs_status rs_quick_lines(struct rs_reading *reading, struct rs_bytes whole, struct rs_lines lines,
                              const struct rs_columns *columns, bool *done, struct rs_error *err)
{
    struct quick q = {.reading = reading, .whole = whole};
    uint64_t count;
    enum rs_status status = RS_OK;
    *done = false;
    bool can = !reading->unnumbered && recognise(&q, lines, columns);
    if (can) {
        cut(&q, lines.at, lines.end);
        rs_pool_run(reading->pool, q.pieces, count_piece, &q);
        can = place_pieces(&q, &count);
    }
    if (can)
        status = rs_reading_room(reading, count, false, err);
    if (can && status == RS_OK) {
        rs_pool_run(reading->pool, q.pieces + 1, parse_block, &q);
        if (!atomic_load(&q.odd))
            status = finish(&q, count, lines.number + 1, done, err);
    } else {
        hash_alone(&q);
    }
    reading->hash = NULL;
    return status;
}
