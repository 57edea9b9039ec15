/* How much memory a run will take, added up from what the rooms allocate. */
#include "optimizer.h"
#include "recscope/train/session.h"
#include "session_internal.h"

#define CELL 8 /* bytes of an observed cell: column and value */

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Shares of the ratings, by the split's fractions. */
struct parts {
    uint64_t train, eval;
};

static struct parts split(const struct rs_settings *settings, uint64_t ratings)
{
    double rest = (double)ratings * (1 - rs_number(settings, &rs_row_test_fraction));
    double eval = rest * rs_number(settings, &rs_row_eval_fraction);
    return (struct parts){(uint64_t)(rest - eval), (uint64_t)eval};
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
        uint64_t batch = asked == 0 ? cells : asked;
        return batch * (3 * 24 + 2 * 4 * 4 * rs_padded((size_t)shape[0].columns));
    }
    uint64_t rows = users * items / (shape[0].rows > 0 ? shape[0].rows : 1);
    uint64_t batch = asked == 0 ? rows : least(asked, rows);
    uint64_t largest = batch > RS_ENCODE_MOST ? batch : least(RS_ENCODE_MOST, rows);
    uint64_t batch_cells = rows > 0 ? cells * largest / rows : 0;
    uint64_t partial = least(16 * batch * last, (uint64_t)1 << 24);
    return 2 * batch_cells * 24 + largest * width * 2 * sizeof(rs_real) + partial * sizeof(rs_real);
}

uint64_t rs_session_memory(const struct rs_settings *settings, uint64_t users, uint64_t items, uint64_t ratings,
                           uint64_t checkpoint_bytes)
{
    uint64_t kept;
    struct parts parts = split(settings, ratings);
    uint64_t weights = rs_model_padded(settings, users, items, &kept) * sizeof(rs_real);
    uint64_t moments = weights * rs_optimizer_moments(rs_choice(settings, &rs_row_optimizer));
    bool by_rating = rs_model_chosen(settings)->capabilities & RS_MODEL_BATCH_RATINGS;
    uint64_t data = ratings * (2 * CELL + 8 + 1) + 8 * 2 * (users + items); /* by user, by item; time and part */
    /* The model's cells, those that are measured with their predictions, and for mf users and the walk's order. */
    uint64_t cells = parts.train * CELL + (parts.train + parts.eval) * (CELL + 4) + (by_rating ? parts.train * 8 : 0);
    uint64_t best = parts.eval > 0 ? weights : 0;
    /* For a moment: cells while they are sorted out, at first; weights while they are written, later. */
    uint64_t moment = weights > (parts.train + parts.eval) * CELL ? weights : (parts.train + parts.eval) * CELL;
    uint64_t checkpoint = weights + moments;
    uint64_t all = (uint64_t)rs_integer(settings, &rs_row_epochs) * checkpoint;
    uint64_t shelf = checkpoint_bytes == 0 ? 0 : least(all, checkpoint_bytes);
    if (shelf > 0 && shelf < 3 * checkpoint) /* the best, the last, and the one that is being made */
        shelf = least(all, 3 * checkpoint);
    return sizeof(struct rs_session) + data + cells + weights + moments + kept * sizeof(rs_real) + best + moment +
           shelf + batch_bytes(settings, users, items, parts.train);
}
