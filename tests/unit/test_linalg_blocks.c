/* A block of ratings, walked by every instruction set this machine runs: against loops in double precision, and bit for
 * bit against each other. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "recscope/base/random.h"
#include "recscope/linalg/kernels.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

enum { WIDEST = 176, USERS = 5, ITEMS = 7, SLOTS = 4, RUNS = 6, CELLS = 21 };

/* Padded row lengths: a single number, those that stay in registers, and beyond. */
static const size_t widths[] = {1, 16, 32, 48, 64, 80, 96, 112, 128, 144, 176};

struct variant {
    size_t n;
    bool biases, sums, shares;
};

/* Rows of users and of items, what belongs to them, and a block of ratings. */
struct world {
    rs_real p[USERS * WIDEST], q[ITEMS * WIDEST];
    rs_real user[3][USERS], item[3][ITEMS]; /* bias, sum of the row, sum of the bias */
    float user_share[USERS], item_share[ITEMS];
    struct rs_sgd_run run[RUNS];
    struct rs_sgd_item slot[SLOTS];
    uint16_t place[CELLS];
    float value[CELLS];
};

static void draw(rs_real *out, size_t count, double low, double high, struct rs_rng *rng)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (rs_real)(low + (high - low) * rs_rng_uniform(rng));
}

static struct world make(uint64_t number)
{
    struct world world;
    struct rs_rng rng = rs_rng_at(1, RS_DRAW_TEST, 0, 0, number);
    memset(&world, 0, sizeof world);
    draw(world.p, LENGTH(world.p), -0.3, 0.5, &rng);
    draw(world.q, LENGTH(world.q), -0.3, 0.5, &rng);
    for (int i = 0; i < 3; i++) {
        draw(world.user[i], USERS, 0, 2, &rng);
        draw(world.item[i], ITEMS, 0, 2, &rng);
    }
    for (int i = 0; i < USERS; i++)
        world.user_share[i] = 1 / (float)(i + 1);
    for (int i = 0; i < ITEMS; i++)
        world.item_share[i] = 1 / (float)(2 * i + 1);
    uint32_t left = CELLS;
    for (uint32_t i = 0; i < RUNS; i++) { /* user 1 comes twice, user 4 has no rating */
        world.run[i] = (struct rs_sgd_run){i % 4, i + 1 < RUNS ? 1 + i : left};
        left -= world.run[i].count;
    }
    for (uint32_t i = 0; i < SLOTS; i++)
        world.slot[i].row = 6 - i;
    for (int i = 0; i < CELLS; i++) {
        world.place[i] = (uint16_t)rs_rng_below(&rng, SLOTS - 1); /* the last item has no rating */
        world.value[i] = (float)(1 + rs_rng_below(&rng, 5));
    }
    return world;
}

static double walk(const struct rs_kernels *kernels, struct world *world, const struct variant *v)
{
    const struct rs_sgd_block block = {
        .run = world->run,
        .runs = RUNS,
        .place = world->place,
        .value = world->value,
        .slot = world->slot,
        .slots = SLOTS,
        .user = {world->p, v->biases ? world->user[0] : NULL, v->sums ? world->user[1] : NULL,
                 v->sums && v->biases ? world->user[2] : NULL, v->shares ? world->user_share : NULL},
        .item = {world->q, v->biases ? world->item[0] : NULL, v->sums ? world->item[1] : NULL,
                 v->sums && v->biases ? world->item[2] : NULL, v->shares ? world->item_share : NULL},
        .n = v->n,
        .rate = (rs_real)0.02,
        .l2 = (rs_real)0.1,
        .mean = 3,
    };
    return kernels->sgd_block(&block);
}

/* ---- the same by loops ---- */

struct plain {
    double p[USERS * WIDEST], q[ITEMS * WIDEST], user[3][USERS], item[3][ITEMS];
};

static void widen(double *out, const rs_real *in, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (double)in[i];
}

static void step_row(double *row, double *sum, const double *gradient, size_t n, bool sums)
{
    double rate = sums ? 0.02 / sqrt(1 + *sum) : 0.02;
    double squares = 0;
    for (size_t k = 0; k < n; k++) {
        squares += gradient[k] * gradient[k];
        row[k] -= rate * gradient[k];
    }
    if (sums)
        *sum += squares / (double)n / 300;
}

static double step_rating(struct plain *x, const struct world *world, const struct variant *v, size_t u, size_t i,
                          double value)
{
    double *p = x->p + u * v->n;
    double *q = x->q + i * v->n;
    double prediction = 3 + (v->biases ? x->user[0][u] + x->item[0][i] : 0);
    for (size_t k = 0; k < v->n; k++)
        prediction += p[k] * q[k];
    double error = value - prediction;
    double l2_user = v->shares ? 0.1 * (double)world->user_share[u] : 0.1;
    double l2_item = v->shares ? 0.1 * (double)world->item_share[i] : 0.1;
    double of_p[WIDEST];
    double of_q[WIDEST];
    for (size_t k = 0; k < v->n; k++) {
        of_p[k] = -2 * error * q[k] + l2_user * p[k];
        of_q[k] = -2 * error * p[k] + l2_item * q[k];
    }
    step_row(p, &x->user[1][u], of_p, v->n, v->sums);
    step_row(q, &x->item[1][i], of_q, v->n, v->sums);
    if (v->biases) {
        double of_user = -2 * error + l2_user * x->user[0][u];
        double of_item = -2 * error + l2_item * x->item[0][i];
        step_row(&x->user[0][u], &x->user[2][u], &of_user, 1, v->sums);
        step_row(&x->item[0][i], &x->item[2][i], &of_item, 1, v->sums);
    }
    return error * error;
}

static double walk_plainly(struct plain *x, const struct world *world, const struct variant *v)
{
    double loss = 0;
    size_t cell = 0;
    for (size_t r = 0; r < RUNS; r++)
        for (uint32_t i = 0; i < world->run[r].count; i++, cell++)
            loss += step_rating(x, world, v, world->run[r].user, world->slot[world->place[cell]].row,
                                (double)world->value[cell]);
    return loss;
}

static void near(const char *set, const struct variant *v, const char *what, const rs_real *found, const double *wanted,
                 size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(fabs((double)found[i] - wanted[i]) <= 2e-5 * (1 + fabs(wanted[i]))))
            fail_msg("%s, n %zu, biases %d, sums %d, shares %d: %s[%zu] is %.9g, should be %.9g", set, v->n, v->biases,
                     v->sums, v->shares, what, i, (double)found[i], wanted[i]);
}

static void check(const struct rs_kernels *kernels, const struct variant *v)
{
    struct world world = make(v->n);
    struct plain x;
    memset(&x, 0, sizeof x);
    widen(x.p, world.p, LENGTH(world.p));
    widen(x.q, world.q, LENGTH(world.q));
    widen(x.user[0], world.user[0], (size_t)3 * USERS);
    widen(x.item[0], world.item[0], (size_t)3 * ITEMS);
    double wanted = walk_plainly(&x, &world, v);
    rs_real loss = (rs_real)walk(kernels, &world, v);
    near(kernels->name, v, "loss", &loss, &wanted, 1);
    near(kernels->name, v, "p", world.p, x.p, LENGTH(world.p));
    near(kernels->name, v, "q", world.q, x.q, LENGTH(world.q));
    near(kernels->name, v, "user", world.user[0], x.user[0], (size_t)3 * USERS);
    near(kernels->name, v, "item", world.item[0], x.item[0], (size_t)3 * ITEMS);
}

static void for_each_variant(void (*body)(const struct rs_kernels *kernels, const struct variant *v))
{
    const struct rs_kernels *tables[3];
    size_t count = rs_kernels_all(tables);
    for (size_t t = 0; t < count; t++)
        for (size_t w = 0; w < LENGTH(widths); w++)
            for (unsigned flags = 0; flags < 8; flags++)
                body(tables[t], &(struct variant){widths[w], flags & 1U, flags & 2U, flags & 4U});
}

static void steps_as_plain_loops_do(void **state)
{
    (void)state;
    for_each_variant(check);
}

static void compare(const struct rs_kernels *kernels, const struct variant *v)
{
    const struct rs_kernels *tables[3];
    rs_kernels_all(tables);
    struct world world = make(v->n);
    struct world other = make(v->n);
    double loss = walk(kernels, &world, v);
    double other_loss = walk(tables[0], &other, v);
    assert_memory_equal(&loss, &other_loss, sizeof loss);
    assert_memory_equal(world.p, other.p, sizeof world.p);
    assert_memory_equal(world.q, other.q, sizeof world.q);
    assert_memory_equal(world.user, other.user, sizeof world.user);
    assert_memory_equal(world.item, other.item, sizeof world.item);
}

static void every_set_gives_the_same_bits(void **state)
{
    (void)state;
    for_each_variant(compare);
}

/* The optimiser's own kernel, for rows whose gradient somebody else worked out. */
static void a_row_alone_steps_by_the_same_rule(void **state)
{
    (void)state;
    const struct rs_kernels *tables[3];
    size_t count = rs_kernels_all(tables);
    static const size_t lengths[] = {1, 7, 16, 33, 64};
    for (size_t i = 0; i < LENGTH(lengths) * count; i++) {
        const struct rs_kernels *kernels = tables[i % count];
        const struct variant v = {.n = lengths[i / count], .sums = true};
        struct world world = make(i / count);
        double row[WIDEST];
        double gradient[WIDEST];
        widen(row, world.p, WIDEST);
        widen(gradient, world.q, WIDEST);
        double sum = (double)world.user[1][0];
        step_row(row, &sum, gradient, v.n, true);
        const struct rs_update update = {.rate = (rs_real)0.02};
        const struct rs_row_gradient given = {.sum = world.q, .scale = 1};
        kernels->row_adagrad(&update, world.p, &given, &world.user[1][0], NULL, v.n);
        near(kernels->name, &v, "row", world.p, row, v.n);
        near(kernels->name, &v, "sum", &world.user[1][0], &sum, 1);
        assert_true(world.p[v.n] == make(i / count).p[v.n]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_as_plain_loops_do),
        cmocka_unit_test(every_set_gives_the_same_bits),
        cmocka_unit_test(a_row_alone_steps_by_the_same_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
