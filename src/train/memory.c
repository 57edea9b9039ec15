/* How much memory a run will take, added up from what the rooms allocate. */
#include <string.h>

#include "measure.h"
#include "optimizer.h"
#include "recscope/train/session.h"
#include "sampler.h"
#include "session_internal.h"

#define CELL     8          /* bytes of an observed cell: column and value */
#define BLOCKED  8          /* in a block: place and value, and its part of a run */
#define MEASURED (CELL + 4) /* of one that is measured: with its prediction */

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t most(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* Shares of the ratings, by the split's fractions. */
struct parts {
    uint64_t train, eval, test;
};

static struct parts split(const struct rs_settings *settings, uint64_t ratings)
{
    double rest = (double)ratings * (1 - rs_number(settings, &rs_row_test_fraction));
    double eval = rest * rs_number(settings, &rs_row_eval_fraction);
    return (struct parts){(uint64_t)(rest - eval), (uint64_t)eval, ratings - (uint64_t)rest};
}

/* What the largest batch needs: its cells twice, values and gradients of the layers, the decoder's partial sums. */
static uint64_t batch_bytes(const struct rs_settings *settings, uint64_t users, uint64_t items, uint64_t cells)
{
    const struct rs_model_ops *ops = rs_model_chosen(settings);
    uint64_t asked = (uint64_t)rs_integer(settings, &rs_row_batch_size);
    struct rs_shape shape[RS_SHAPES_MOST];
    size_t count = ops->shapes(settings, users, items, shape);
    uint64_t width = 0; /* of all layers' rows, each of which passes through four operators */
    uint64_t last = 0;
    for (size_t i = 0; i + 2 < count; i += 2)
        width += 4 * (last = rs_padded((size_t)shape[i].columns));
    if (ops->capabilities & RS_MODEL_BATCH_RATINGS) {
        bool blocks = rs_choice(settings, &rs_row_sampling) == RS_SAMPLING_BLOCKS;
        uint64_t batch = blocks ? 0 : asked == 0 ? cells : asked;
        return batch * (3 * 24 + 2 * 4 * 4 * rs_padded((size_t)shape[0].columns));
    }
    uint64_t rows = users * items / (shape[0].rows > 0 ? shape[0].rows : 1);
    uint64_t batch = asked == 0 ? rows : least(asked, rows);
    uint64_t largest = batch > RS_ENCODE_MOST ? batch : least(RS_ENCODE_MOST, rows);
    uint64_t batch_cells = rows > 0 ? cells * largest / rows : 0;
    uint64_t partial = least(8 * batch * last, (uint64_t)1 << 24);
    return 2 * batch_cells * 24 + largest * width * 2 * sizeof(rs_real) + partial * sizeof(rs_real);
}

/* Copies of the weights: of the best epoch, unless it is on the shelf, and for the tolerance. Large ones are in files.
 */
static uint64_t copies_bytes(const struct rs_settings *settings, uint64_t weights, bool has_eval)
{
    uint64_t best = has_eval && rs_integer(settings, &rs_row_epochs) > 1 ? weights : 0;
    uint64_t before = rs_number(settings, &rs_row_tolerance) > 0 ? weights : 0;
    return rs_block_goes_to_file((size_t)(weights / sizeof(rs_real)), RS_BLOCK_LARGE) ? 0 : best + before;
}

/* checkpoint: bytes of one. */
static uint64_t shelf_bytes(const struct rs_settings *settings, uint64_t checkpoint, uint64_t budget)
{
    uint64_t all = (uint64_t)rs_integer(settings, &rs_row_epochs) * checkpoint;
    if (budget == 0 || checkpoint > RS_CHECKPOINT_MOST)
        return 0;
    return least(all, most(budget, 3 * checkpoint)); /* the best, the last, and the one that is being made */
}

/* Times are kept where the split looks at them. */
static bool is_dated(const struct rs_settings *settings)
{
    const char *split = rs_string(settings, &rs_row_split);
    return strcmp(split, "time") == 0 || strcmp(split, "per-user") == 0;
}

static uint64_t rows_of(const struct rs_settings *settings, uint64_t users, uint64_t items)
{
    struct rs_shape shape[RS_SHAPES_MOST];
    size_t count = rs_model_chosen(settings)->shapes(settings, users, items, shape);
    uint64_t rows = 0;
    for (size_t i = 0; i < count; i++)
        rows += shape[i].rows;
    return rows;
}

uint64_t rs_session_memory(const struct rs_settings *settings, uint64_t users, uint64_t items, uint64_t ratings,
                           uint64_t checkpoint_bytes)
{
    uint64_t kept;
    struct parts parts = split(settings, ratings);
    uint64_t weights = rs_model_padded(settings, users, items, &kept) * sizeof(rs_real);
    uint64_t moments = rs_optimizer_numbers(rs_choice(settings, &rs_row_optimizer), weights / sizeof(rs_real),
                                            rows_of(settings, users, items)) *
                       sizeof(rs_real);
    bool by_rating = rs_model_chosen(settings)->capabilities & RS_MODEL_BATCH_RATINGS;
    uint64_t data = ratings * (2 * CELL + 1) + (2 * 8 + 12) * (users + items); /* by user, by item; part; means */
    data += is_dated(settings) ? ratings * 8 : 0;
    /* Of the model: its cells, for mf in blocks or with users and the walk's order; or a bit for each of the data's. */
    bool blocks = rs_choice(settings, &rs_row_sampling) == RS_SAMPLING_BLOCKS;
    uint64_t own = by_rating ? parts.train * (blocks ? BLOCKED : CELL + 8) : ratings / 8;
    uint64_t measured = (least(parts.train, RS_MEASURED_MOST) + parts.eval) * MEASURED;
    /* While it trains, and at the end, when the state of the optimiser and the copies have gone. */
    uint64_t shelf = shelf_bytes(settings, weights + moments, checkpoint_bytes);
    uint64_t copies = copies_bytes(settings, weights, parts.eval > 0 && shelf == 0);
    uint64_t training = moments + copies + batch_bytes(settings, users, items, parts.train);
    uint64_t testing = parts.test * MEASURED + ratings / 4;
    return sizeof(struct rs_session) + data + own + measured + weights + kept * sizeof(rs_real) +
           most(training, testing) + shelf;
}
