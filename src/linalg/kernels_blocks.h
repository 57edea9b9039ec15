/* kernels_blocks.h -- one block of ratings of a matrix factorisation, a rating at a time; part of kernels_body.h.
 *
 * The ratings of a user follow each other, so that the user's row stays in registers. A rating needs one sum over a
 * row, p . q: the squared lengths of p and q, which the rates need, follow from it and from those before,
 * |a p + c q|^2 = a^2 |p|^2 + 2 a c p . q + c^2 |q|^2, anew in each block. The four rates of a rating (of p, q and the
 * two biases) and all that belongs to them are worked out side by side in a `quad`.
 * Bits: a product that is added to something is written as fused(a, b, 0), so that no compiler contracts it in a way
 * of its own.
 */

/* Numbers in a register; a row's 16 lanes are REGISTERS of them. */
#define PART (sizeof(reg) / sizeof(rs_real))

/* Rows of so many times 16 numbers, at most, stay in registers. */
#define HELD_MOST 8

typedef rs_real eight __attribute__((vector_size(8 * sizeof(rs_real))));
typedef rs_real quad __attribute__((vector_size(4 * sizeof(rs_real))));

/* The numbers i, j, k, l of a and b, which are counted through. Written as a list of elements, gcc takes vectors apart
 * that come from memory; older compilers have no name for it. */
#ifdef __has_builtin
#if __has_builtin(__builtin_shufflevector)
#define MIX(a, b, ...)       __builtin_shufflevector(a, b, __VA_ARGS__)
#define HALVES_OF_A_REGISTER 1
#endif
#endif
#ifndef MIX
#define PICK(a, b, i)         ((i) < 4 ? (a)[(i)&3] : (b)[(i)&3])
#define MIX(a, b, i, j, k, l) ((quad){PICK(a, b, i), PICK(a, b, j), PICK(a, b, k), PICK(a, b, l)})
#endif

static inline reg part_load(const rs_real *p)
{
    reg v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline void part_store(rs_real *p, reg v)
{
    memcpy(p, &v, sizeof v);
}

static inline reg part_all(rs_real x)
{
    reg v = {0};
    return x - v; /* x - 0 is x, of either sign */
}

static inline quad quad_all(rs_real x)
{
    return (quad){x, x, x, x};
}

static inline quad quad_fused(quad a, quad b, quad c)
{
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
    return a * b + c;
#else
    return (quad){fused_one(a[0], b[0], c[0]), fused_one(a[1], b[1], c[1]), fused_one(a[2], b[2], c[2]),
                  fused_one(a[3], b[3], c[3])};
#endif
}

static inline quad quad_product(quad a, quad b)
{
    return quad_fused(a, b, quad_all(0));
}

static inline quad quad_root(quad v)
{
    return (quad){SQUARE_ROOT(v[0]), SQUARE_ROOT(v[1]), SQUARE_ROOT(v[2]), SQUARE_ROOT(v[3])};
}

/* The 16 lanes of v[REGISTERS], added in halves; the sum in all four places. */
static inline quad sum_across(const reg *v)
{
    eight low;
    eight high;
#if REGISTER_BYTES == 64 && !defined(RS_DOUBLE) && defined(HALVES_OF_A_REGISTER)
    low = MIX(v[0], v[0], 0, 1, 2, 3, 4, 5, 6, 7);
    high = MIX(v[0], v[0], 8, 9, 10, 11, 12, 13, 14, 15);
#else
    memcpy(&low, v, sizeof low);
    memcpy(&high, (const char *)v + sizeof low, sizeof high);
#endif
    low += high;
    quad a;
    quad b;
    memcpy(&a, &low, sizeof a);
    memcpy(&b, (const char *)&low + sizeof a, sizeof b);
    a += b;
    a += MIX(a, a, 2, 3, 0, 1);
    a += MIX(a, a, 1, 0, 3, 2);
    return a;
}

/* What is in registers during a user's run. Width 0 stands for any: then the row stays in memory. */
struct held {
    reg p[HELD_MOST * REGISTERS];
};

static inline reg user_part(const struct held *held, const rs_real *row, size_t width, size_t i)
{
    return width ? held->p[i] : part_load(row + i * PART);
}

static inline void set_user_part(struct held *held, rs_real *row, size_t width, size_t i, reg v)
{
    if (width)
        held->p[i] = v;
    else
        part_store(row + i * PART, v);
}

/* p . q, in all four places: four chains of sums over the row, a quarter of its 16 lanes each. */
static inline quad row_product(const struct held *held, const rs_real *p, const rs_real *q, size_t width, size_t n)
{
    const reg zero = part_all(0);
    reg sum[4][REGISTERS];
    for (size_t i = 0; i < REGISTERS; i++)
        sum[0][i] = sum[1][i] = sum[2][i] = sum[3][i] = zero;
    size_t chunks = width ? width : n / RS_LANES;
#pragma GCC unroll 8
    for (size_t c = 0; c < chunks; c++)
#pragma GCC unroll 8
        for (size_t i = 0; i < REGISTERS; i++) {
            reg own = user_part(held, p, width, c * REGISTERS + i);
            reg other = part_load(q + (c * REGISTERS + i) * PART);
            sum[c % 4][i] = fused_part(own, other, sum[c % 4][i]);
        }
#pragma GCC unroll 8
    for (size_t i = 0; i < REGISTERS; i++) {
        reg left = chunks > 1 ? sum[0][i] + sum[1][i] : sum[0][i];
        reg right = chunks > 3 ? sum[2][i] + sum[3][i] : chunks > 2 ? sum[2][i] : zero;
        sum[0][i] = chunks > 2 ? left + right : left;
    }
    return sum_across(sum[0]);
}

/* p = a p + c q and q = a' q + c' p, of the old p and q; step = a, a', c, c'. */
static inline void move_rows(struct held *held, rs_real *p, rs_real *q, size_t width, size_t n, quad keep, quad pull)
{
    const reg zero = part_all(0);
    const reg keep_p = part_all(keep[0]), keep_q = part_all(keep[1]);
    const reg pull_p = part_all(pull[0]), pull_q = part_all(pull[1]);
    size_t parts = (width ? width : n / RS_LANES) * REGISTERS;
#pragma GCC unroll 32
    for (size_t i = 0; i < parts; i++) {
        reg own = user_part(held, p, width, i);
        reg other = part_load(q + i * PART);
        set_user_part(held, p, width, i, fused_part(pull_p, other, fused_part(keep_p, own, zero)));
        part_store(q + i * PART, fused_part(pull_q, own, fused_part(keep_q, other, zero)));
    }
}

/* Rows of a single number are not padded. */
static inline quad numbers_product(const rs_real *p, const rs_real *q)
{
    return quad_product(quad_all(*p), quad_all(*q));
}

static inline void move_numbers(rs_real *p, rs_real *q, quad keep, quad pull)
{
    quad own = {*p, *q, 0, 0};
    quad other = {*q, *p, 0, 0};
    own = quad_fused(pull, other, quad_product(keep, own));
    *p = own[0];
    *q = own[1];
}

static inline rs_real square_of_row(const rs_real *row, size_t n)
{
    return n == 1 ? *row * *row : row_product(NULL, row, row, 0, n)[0];
}

/* The state of a user or an item while its ratings pass: |row|^2, bias, sums of squared gradients of both. */
static inline quad open_row(const struct rs_sgd_side *side, size_t row, size_t n)
{
    return (quad){square_of_row(side->row + row * n, n), side->bias ? side->bias[row] : 0,
                  side->row_sum ? side->row_sum[row] : 0, side->bias_sum ? side->bias_sum[row] : 0};
}

static inline void close_row(const struct rs_sgd_side *side, size_t row, quad state)
{
    if (side->bias)
        side->bias[row] = state[1];
    if (side->row_sum)
        side->row_sum[row] = state[2];
    if (side->bias_sum)
        side->bias_sum[row] = state[3];
}

static inline quad quad_load(const rs_real *p)
{
    quad v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline void quad_store(rs_real *p, quad v)
{
    memcpy(p, &v, sizeof v);
}

/* What all ratings of a block have in common. Places: p, q, the user's bias, the item's. */
struct common {
    quad rate;  /* 0 for biases that are not there */
    quad share; /* of a gradient's square that the sum takes */
    rs_real mean;
};

/* One rating's step: the rows' and biases' gradients are -2 e other + l2 own. */
static inline void step_rates(const struct common *common, bool sums, quad product, rs_real value, quad l2, quad *user,
                              quad *item, quad *keep, quad *pull, double *loss)
{
    const quad one = quad_all(1);
    quad own = MIX(*user, *item, 0, 4, 1, 5);
    quad sum = MIX(*user, *item, 2, 6, 3, 7);
    quad rate = sums ? common->rate / quad_root(one + sum) : common->rate;
    quad error = (quad_all(value - common->mean) - quad_all(own[2]) - quad_all(own[3])) - product;
    *loss += (double)error[0] * (double)error[0];
    quad twice = error + error;
    *keep = quad_fused(-rate, l2, one);
    *pull = quad_product(rate, twice);
    quad bias = quad_fused(*keep, own, *pull);
    if (sums) {
        quad squares = quad_product(own, own);
        quad inner = MIX(product, own, 0, 1, 6, 7);
        quad other = MIX(own, one, 1, 0, 6, 7);
        own = MIX(own, squares, 0, 1, 6, 7);
        quad shrunk = quad_product(l2, inner);
        quad slope = quad_fused(twice, other, -(shrunk + shrunk));
        quad gradient = quad_fused(twice, slope, quad_product(l2, quad_product(l2, own)));
        sum = quad_fused(gradient, common->share, sum);
        quad kept = quad_product(*keep, inner);
        quad moved = quad_fused(*pull, other, kept + kept);
        own = quad_fused(*pull, moved, quad_product(*keep, quad_product(*keep, own)));
    }
    own = MIX(own, bias, 0, 1, 6, 7);
    *user = MIX(own, sum, 0, 2, 4, 6);
    *item = MIX(own, sum, 1, 3, 5, 7);
}

#define LINE ((size_t)64 / sizeof(rs_real))

static inline void fetch_row(const rs_real *row, size_t n)
{
    for (size_t k = 0; k < n; k += LINE)
        __builtin_prefetch(row + k, 1);
}

/* A user's row and what belongs to it come from memory: ask for them before they are wanted. */
static inline void fetch_user(const struct rs_sgd_side *side, size_t row, size_t n)
{
    fetch_row(side->row + row * n, n);
    if (side->bias)
        __builtin_prefetch(side->bias + row, 1);
    if (side->row_sum)
        __builtin_prefetch(side->row_sum + row, 1);
    if (side->bias_sum)
        __builtin_prefetch(side->bias_sum + row, 1);
}

/* So many runs, and ratings, ahead. */
#define RUNS_AHEAD    2
#define RATINGS_AHEAD 4

/* width: 16 numbers each; 0: any. sums: rates fall with the row's sum of squared gradients. */
INLINE double walk(const struct rs_sgd_block *b, size_t width, bool sums)
{
    const size_t n = b->n;
    const struct common common = {
        .rate = {b->rate, b->rate, b->user.bias ? b->rate : 0, b->item.bias ? b->rate : 0},
        .share = {RS_SUM_SHARE / (rs_real)n, RS_SUM_SHARE / (rs_real)n, RS_SUM_SHARE, RS_SUM_SHARE},
        .mean = b->mean,
    };
    const uint16_t *place = b->place;
    const float *value = b->value;
    double loss = 0;
    for (size_t r = 0; r < b->runs; r++) {
        const size_t row = b->run[r].user;
        if (r + RUNS_AHEAD < b->runs)
            fetch_user(&b->user, b->run[r + RUNS_AHEAD].user, n);
        rs_real *p = b->user.row + row * n;
        struct held held;
        for (size_t i = 0; i < width * REGISTERS; i++)
            held.p[i] = part_load(p + i * PART);
        quad user = open_row(&b->user, row, n);
        const rs_real user_l2 = b->user.share ? b->l2 * (rs_real)b->user.share[row] : b->l2;
        for (const uint16_t *end = place + b->run[r].count; place < end; place++, value++) {
            struct rs_sgd_item *slot = &b->slot[*place];
            if (end - place > RATINGS_AHEAD)
                fetch_row(b->slot[place[RATINGS_AHEAD]].vector, width ? width * RS_LANES : n);
            rs_real *q = slot->vector;
            quad item = quad_load(slot->state);
            quad l2 = {user_l2, slot->l2, user_l2, slot->l2};
            quad keep;
            quad pull;
            quad product = n == 1 ? numbers_product(p, q) : row_product(&held, p, q, width, n);
            step_rates(&common, sums, product, (rs_real)*value, l2, &user, &item, &keep, &pull, &loss);
            quad_store(slot->state, item);
            if (n == 1)
                move_numbers(p, q, keep, pull);
            else
                move_rows(&held, p, q, width, n, keep, pull);
        }
        for (size_t i = 0; i < width * REGISTERS; i++)
            part_store(p + i * PART, held.p[i]);
        close_row(&b->user, row, user);
    }
    return loss;
}

static double sgd_block(const struct rs_sgd_block *b)
{
    for (size_t s = 0; s < b->slots; s++) {
        struct rs_sgd_item *slot = &b->slot[s];
        quad_store(slot->state, open_row(&b->item, slot->row, b->n));
        slot->vector = b->item.row + slot->row * b->n;
        slot->l2 = b->item.share ? b->l2 * (rs_real)b->item.share[slot->row] : b->l2;
    }
    const bool sums = b->user.row_sum != NULL;
    double loss = 0;
    switch (b->n % RS_LANES == 0 ? b->n / RS_LANES : 0) {
#define WIDTH(w)                                                                                                       \
    case w:                                                                                                            \
        loss = sums ? walk(b, w, true) : walk(b, w, false);                                                            \
        break;
        WIDTH(1)
        WIDTH(2)
        WIDTH(3)
        WIDTH(4)
        WIDTH(5)
        WIDTH(6)
        WIDTH(7)
        WIDTH(8)
#undef WIDTH
    default:
        loss = sums ? walk(b, 0, true) : walk(b, 0, false);
        break;
    }
    for (size_t s = 0; s < b->slots; s++)
        close_row(&b->item, b->slot[s].row, quad_load(b->slot[s].state));
    return loss;
}

/* One step of a whole row by the same rule: s holds the row's sum. */
static void row_adagrad(const struct rs_update *u, rs_real *w, const struct rs_row_gradient *g, rs_real *s, rs_real *t,
                        size_t n)
{
    lanes squares = all(0);
    size_t k = 0;
    for (; k + RS_LANES <= n; k += RS_LANES) {
        lanes gradient = row_gradient(g, g->sum ? g->sum + k : NULL, load(w + k));
        squares = fused(gradient, gradient, squares);
    }
    rs_real lane[16];
    store(lane, squares);
    for (; k < n; k++) {
        rs_real gradient = rs_gradient_at(g, w, k);
        lane[k % RS_LANES] = fused_one(gradient, gradient, lane[k % RS_LANES]);
    }
    struct rs_update now = *u;
    now.rate = u->rate / SQUARE_ROOT(1 + *s);
    update_row(sgd_lanes, 0, &now, w, g, NULL, t, n);
    *s = fused_one(sum_lanes(load(lane)), RS_SUM_SHARE / (rs_real)n, *s);
}
