/* DESIGN: two walks over the ratings, user after user in the drawn order: the first counts what is in each block, the
 * second puts it there. A band of users fills blocks of its own, so bands are shared out among the threads. */
#include "mf_blocks.h"

#include "recscope/base/memory.h"
#include "recscope/base/random.h"

/* Bands, at least: enough for 8 threads, whose blocks are not equally long. */
#define BANDS_LEAST 16

/* Bytes of a block's item rows: half of a core's second cache leaves room for the rest. */
#define BAND_BYTES ((uint64_t)1 << 19)

/* More bands to keep rows in the cache are no use where blocks would have fewer ratings than this. */
#define BLOCK_RATINGS ((uint64_t)4096)

/* Nor are there more bands than leave so many ratings in a block, on average: every round has ratings. */
#define BLOCK_LEAST ((uint64_t)8)

/* Places of items in a band are 16-bit. */
#define BAND_ITEMS ((uint32_t)1 << 16)

/* Users or items in the drawn order; those without a rating are left out. */
struct side {
    uint32_t *order;   /* (count) */
    uint32_t *start;   /* (bands + 1) into order */
    uint32_t *ratings; /* (rows) of each */
    float *share;      /* (rows) 1 / ratings */
    uint32_t rows, count;
};

struct rs_mf_blocks {
    const struct rs_kernels *kernels;
    struct rs_pool *pool;
    uint32_t bands;
    struct side user, item;
    uint64_t count;
    double mean;
    /* Block (u, i) is number u * bands + i. */
    uint64_t *first;     /* (bands * bands + 1) its ratings */
    uint64_t *first_run; /* (bands * bands + 1) its runs */
    struct rs_sgd_run *run;
    uint16_t *place;          /* (count) of the item in its band */
    float *value;             /* (count) */
    struct rs_sgd_item *slot; /* (item.count) in the drawn order */
    double *loss;             /* (bands) of the round's blocks */
};

/* The ratings of a user that are trained on: call for each, at a position of the dataset. */
struct source {
    const struct rs_dataset *dataset;
    unsigned parts;
    uint64_t seed;
};

static bool is_trained(const struct source *source, uint64_t at)
{
    return source->parts >> source->dataset->part[at] & 1U;
}

/* ---- bands ----------------------------------------------------------------------------------------------------- */

static enum rs_status make_side(struct side *side, uint32_t rows, struct rs_error *err)
{
    side->rows = rows;
    enum rs_status status = rs_alloc(&side->order, rows, sizeof *side->order, err);
    if (status == RS_OK)
        status = rs_alloc(&side->ratings, rows, sizeof *side->ratings, err);
    if (status == RS_OK)
        status = rs_alloc(&side->share, rows, sizeof *side->share, err);
    return status;
}

static void free_side(struct side *side)
{
    rs_free(side->order);
    rs_free(side->start);
    rs_free(side->ratings);
    rs_free(side->share);
}

static enum rs_status count_ratings(struct rs_mf_blocks *self, const struct source *source, struct rs_error *err)
{
    const struct rs_cells *all = &source->dataset->ratings.by_user;
    enum rs_status status = make_side(&self->user, all->rows, err);
    if (status == RS_OK)
        status = make_side(&self->item, all->columns, err);
    if (status != RS_OK)
        return status;
    double sum = 0;
    for (uint32_t user = 0; user < all->rows; user++) {
        for (uint64_t at = all->offset[user]; at < all->offset[user + 1]; at++) {
            if (!is_trained(source, at))
                continue;
            self->user.ratings[user]++;
            self->item.ratings[all->column[at]]++;
            self->count++;
            sum += (double)all->value[at];
        }
    }
    self->mean = self->count ? sum / (double)self->count : 0;
    return RS_OK;
}

static void draw_order(struct side *side, uint64_t seed, uint64_t which)
{
    for (uint32_t row = 0; row < side->rows; row++) {
        if (side->ratings[row] == 0)
            continue;
        side->order[side->count++] = row;
        side->share[row] = 1 / (float)side->ratings[row];
    }
    struct rs_rng rng = rs_rng_at(seed, RS_DRAW_SHUFFLE, 0, 0, which);
    rs_rng_shuffle(&rng, side->order, side->count);
}

/* Bands of about equally many ratings; returns the most rows that one has. */
static uint32_t cut(struct side *side, uint64_t ratings, uint32_t bands)
{
    uint64_t behind = 0;
    uint32_t band = 0;
    uint32_t most = 0;
    for (uint32_t at = 0; at < side->count; at++) {
        while (band < bands && behind * bands >= band * ratings)
            side->start[band++] = at;
        behind += side->ratings[side->order[at]];
    }
    while (band <= bands)
        side->start[band++] = side->count;
    for (band = 0; band < bands; band++) {
        uint32_t rows = side->start[band + 1] - side->start[band];
        most = rows > most ? rows : most;
    }
    return most;
}

static uint32_t first_guess(const struct rs_mf_blocks *self, size_t factors)
{
    uint64_t bands = BANDS_LEAST;
    while (bands * BAND_BYTES < (uint64_t)self->item.count * factors * sizeof(rs_real) &&
           4 * bands * bands * BLOCK_RATINGS <= self->count)
        bands *= 2;
    uint64_t least = self->user.count < self->item.count ? self->user.count : self->item.count;
    while (bands > 1 && (bands > least || bands * bands * BLOCK_LEAST > self->count))
        bands /= 2;
    return (uint32_t)bands;
}

static enum rs_status make_bands(struct rs_mf_blocks *self, size_t factors, struct rs_error *err)
{
    uint32_t most;
    self->bands = first_guess(self, factors) / 2;
    do {
        self->bands = self->bands > 0 ? 2 * self->bands : 1;
        for (int i = 0; i < 2; i++) {
            struct side *side = i == 0 ? &self->user : &self->item;
            rs_free(side->start);
            side->start = NULL;
            enum rs_status status = rs_alloc(&side->start, (size_t)self->bands + 1, sizeof *side->start, err);
            if (status != RS_OK)
                return status;
            most = cut(side, self->count, self->bands);
        }
    } while (most > BAND_ITEMS);
    return RS_OK;
}

/* ---- blocks ---------------------------------------------------------------------------------------------------- */

/* Where an item is. */
struct seat {
    uint32_t band;
    uint16_t place;
};

struct filling {
    struct rs_mf_blocks *blocks;
    const struct source *source;
    const struct seat *seat; /* (items) */
    uint64_t *next;          /* (bands * bands) ratings of each block that are placed, or counted */
    uint64_t *next_run;
    uint32_t *last; /* (bands * bands) 1 + the user of its last run */
    bool counting;
};

static void take_rating(struct filling *f, uint64_t block, uint32_t user, const struct seat *seat, float value)
{
    struct rs_mf_blocks *self = f->blocks;
    bool begins = f->last[block] != user + 1;
    f->last[block] = user + 1;
    f->next_run[block] += begins;
    if (!f->counting) {
        struct rs_sgd_run *run = &self->run[f->next_run[block] - 1];
        run->user = user;
        run->count++;
        self->place[f->next[block]] = seat->place;
        self->value[f->next[block]] = value;
    }
    f->next[block]++;
}

static void fill_band(void *context, size_t band, size_t thread)
{
    (void)thread;
    struct filling *f = context;
    const struct rs_mf_blocks *self = f->blocks;
    const struct rs_cells *all = &f->source->dataset->ratings.by_user;
    for (uint32_t i = self->user.start[band]; i < self->user.start[band + 1]; i++) {
        uint32_t user = self->user.order[i];
        for (uint64_t at = all->offset[user]; at < all->offset[user + 1]; at++) {
            if (!is_trained(f->source, at))
                continue;
            const struct seat *seat = &f->seat[all->column[at]];
            take_rating(f, (uint64_t)band * self->bands + seat->band, user, seat, all->value[at]);
        }
    }
}

static void take_seats(struct rs_mf_blocks *self, struct seat *seat)
{
    for (uint32_t band = 0; band < self->bands; band++) {
        for (uint32_t i = self->item.start[band]; i < self->item.start[band + 1]; i++) {
            seat[self->item.order[i]] = (struct seat){band, (uint16_t)(i - self->item.start[band])};
            self->slot[i].row = self->item.order[i];
        }
    }
}

/* first = where each block begins, given how much is in each; next begins there, too. */
static void add_up(uint64_t *first, uint64_t *next, uint64_t blocks)
{
    for (uint64_t i = 0; i < blocks; i++) {
        first[i + 1] = first[i] + next[i];
        next[i] = first[i];
    }
}

static enum rs_status fill(struct rs_mf_blocks *self, struct filling *f, struct rs_error *err)
{
    uint64_t blocks = (uint64_t)self->bands * self->bands;
    f->counting = true;
    rs_pool_run(self->pool, self->bands, fill_band, f);
    add_up(self->first, f->next, blocks);
    add_up(self->first_run, f->next_run, blocks);
    for (uint64_t i = 0; i < blocks; i++)
        f->last[i] = 0;
    enum rs_status status = rs_alloc(&self->run, self->first_run[blocks], sizeof *self->run, err);
    if (status == RS_OK)
        status = rs_alloc(&self->place, self->count, sizeof *self->place, err);
    if (status == RS_OK)
        status = rs_alloc(&self->value, self->count, sizeof *self->value, err);
    if (status != RS_OK)
        return status;
    f->counting = false;
    rs_pool_run(self->pool, self->bands, fill_band, f);
    return RS_OK;
}

static enum rs_status make_blocks(struct rs_mf_blocks *self, const struct source *source, struct rs_error *err)
{
    uint64_t blocks = (uint64_t)self->bands * self->bands;
    struct filling f = {.blocks = self, .source = source};
    struct seat *seat = NULL;
    enum rs_status status = rs_alloc(&seat, self->item.rows, sizeof *seat, err);
    if (status == RS_OK)
        status = rs_alloc(&f.next, blocks, sizeof *f.next, err);
    if (status == RS_OK)
        status = rs_alloc(&f.next_run, blocks, sizeof *f.next_run, err);
    if (status == RS_OK)
        status = rs_alloc(&f.last, blocks, sizeof *f.last, err);
    if (status == RS_OK)
        status = rs_alloc(&self->first, blocks + 1, sizeof *self->first, err);
    if (status == RS_OK)
        status = rs_alloc(&self->first_run, blocks + 1, sizeof *self->first_run, err);
    if (status == RS_OK)
        status = rs_alloc(&self->slot, self->item.count, sizeof *self->slot, err);
    if (status == RS_OK)
        status = rs_alloc(&self->loss, self->bands, sizeof *self->loss, err);
    if (status == RS_OK) {
        take_seats(self, seat);
        f.seat = seat;
        status = fill(self, &f, err);
    }
    rs_free(seat);
    rs_free(f.next);
    rs_free(f.next_run);
    rs_free(f.last);
    return status;
}

enum rs_status rs_mf_blocks_create(struct rs_mf_blocks **out, const struct rs_model_env *env, size_t factors,
                                   struct rs_error *err)
{
    *out = NULL;
    const struct source source = {env->dataset, env->train_parts, env->seed};
    struct rs_mf_blocks *self;
    enum rs_status status = rs_alloc(&self, 1, sizeof *self, err);
    if (status != RS_OK)
        return status;
    self->kernels = rs_kernels_best();
    self->pool = env->pool;
    status = count_ratings(self, &source, err);
    if (status == RS_OK) {
        draw_order(&self->user, env->seed, 0);
        draw_order(&self->item, env->seed, 1);
        status = make_bands(self, factors, err);
    }
    if (status == RS_OK)
        status = make_blocks(self, &source, err);
    if (status != RS_OK) {
        rs_mf_blocks_free(self);
        return status;
    }
    *out = self;
    return RS_OK;
}

void rs_mf_blocks_free(struct rs_mf_blocks *self)
{
    if (!self)
        return;
    free_side(&self->user);
    free_side(&self->item);
    rs_free(self->first);
    rs_free(self->first_run);
    rs_free(self->run);
    rs_free(self->place);
    rs_free(self->value);
    rs_free(self->slot);
    rs_free(self->loss);
    rs_free(self);
}

uint64_t rs_mf_blocks_cells(const struct rs_mf_blocks *self)
{
    return self->count;
}

uint32_t rs_mf_blocks_rounds(const struct rs_mf_blocks *self)
{
    return self->bands;
}

double rs_mf_blocks_mean(const struct rs_mf_blocks *self)
{
    return self->mean;
}

/* ---- a step ---------------------------------------------------------------------------------------------------- */

struct round {
    struct rs_mf_blocks *blocks;
    struct rs_sgd_block all; /* what the blocks have in common */
    uint32_t number;
};

static uint32_t item_band(const struct rs_mf_blocks *self, size_t user_band, uint32_t round)
{
    return (uint32_t)((user_band + round) % self->bands);
}

static void walk_block(void *context, size_t user_band, size_t thread)
{
    (void)thread;
    const struct round *round = context;
    struct rs_mf_blocks *self = round->blocks;
    uint32_t band = item_band(self, user_band, round->number);
    uint64_t number = (uint64_t)user_band * self->bands + band;
    struct rs_sgd_block block = round->all;
    block.run = self->run + self->first_run[number];
    block.runs = (size_t)(self->first_run[number + 1] - self->first_run[number]);
    block.place = self->place + self->first[number];
    block.value = self->value + self->first[number];
    block.slot = self->slot + self->item.start[band];
    block.slots = self->item.start[band + 1] - self->item.start[band];
    self->loss[user_band] = self->kernels->sgd_block(&block);
}

static struct rs_sgd_side side_of(const struct rs_model *model, rs_parameter vectors, const float *share)
{
    const struct rs_graph *graph = model->graph;
    bool biases = rs_graph_parameters(graph) > 2;
    rs_parameter bias = vectors + 2;
    return (struct rs_sgd_side){
        .row = rs_graph_parameter_info(graph, vectors)->weight,
        .bias = biases ? rs_graph_parameter_info(graph, bias)->weight : NULL,
        .row_sum = model->own.sum[vectors],
        .bias_sum = biases ? model->own.sum[bias] : NULL,
        .share = share,
    };
}

void rs_mf_blocks_step(struct rs_mf_blocks *self, const struct rs_model *model, uint32_t round,
                       const struct rs_graph_step *settings, double mean, double *squared_error, uint64_t *cells)
{
    bool total = settings->l2_scope == RS_L2_TOTAL;
    struct round work = {
        .blocks = self,
        .number = round,
        .all =
            {
                .user = side_of(model, 0, total ? self->user.share : NULL),
                .item = side_of(model, 1, total ? self->item.share : NULL),
                .n = rs_graph_parameter_info(model->graph, 0)->ld,
                .rate = model->own.rate,
                .l2 = settings->l2,
                .mean = (rs_real)mean,
            },
    };
    rs_pool_run(self->pool, self->bands, walk_block, &work);
    for (uint32_t band = 0; band < self->bands; band++) {
        uint64_t number = (uint64_t)band * self->bands + item_band(self, band, round);
        *squared_error += self->loss[band];
        *cells += self->first[number + 1] - self->first[number];
    }
}
