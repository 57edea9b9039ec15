#include "optimizer.h"

#include <stdio.h>

#include "recscope/base/memory.h"

typedef void update_row(const struct rs_update *u, rs_real *w, const struct rs_row_gradient *g, rs_real *s, rs_real *t,
                        size_t n);

/* One parameter as its sink sees it. */
struct target {
    const struct rs_optimizer *optimizer;
    rs_real *weight; /* (rows, ld) */
    rs_real *s, *t;  /* (rows, ld), or s (rows); NULL where the optimiser has no use for them */
    size_t ld;
    size_t s_ld; /* of s */
    bool sums;   /* s is a number a row */
};

struct rs_optimizer {
    update_row *update;
    struct rs_update settings;
    double power1, power2; /* beta1^t, beta2^t */
    rs_real *state;        /* (moments, weights), or (rows) */
    size_t count;          /* of state */
    struct target target[RS_GRAPH_PARAMETERS];
};

const char *const rs_optimizer_names[] = {
#define OPTIMIZER(name, kernel, moments, sums) #name,
#include "optimizers.def"
#undef OPTIMIZER
    NULL,
};

static update_row *kernel_of(size_t kind)
{
    const struct rs_kernels *kernels = rs_kernels_best();
    update_row *const table[] = {
#define OPTIMIZER(name, kernel, moments, sums) kernels->kernel,
#include "optimizers.def"
#undef OPTIMIZER
    };
    return table[kind];
}

/* Numbers of state a weight, and a row. */
struct state_size {
    size_t moments, sums;
};

static struct state_size state_size(size_t kind)
{
    static const struct state_size size[] = {
#define OPTIMIZER(name, kernel, moments, sums) {moments, sums},
#include "optimizers.def"
#undef OPTIMIZER
    };
    return size[kind];
}

uint64_t rs_optimizer_numbers(size_t kind, uint64_t weights, uint64_t rows)
{
    struct state_size size = state_size(kind);
    return size.moments * weights + size.sums * rows;
}

bool rs_optimizer_is_own(size_t kind)
{
    return state_size(kind).moments == 0;
}

void rs_optimizer_own_names(char *out, size_t size)
{
    size_t length = 0;
    *out = 0;
    for (size_t kind = 0; rs_optimizer_names[kind] && length < size; kind++)
        if (rs_optimizer_is_own(kind))
            length +=
                (size_t)snprintf(out + length, size - length, "%s%s", length ? ", " : "", rs_optimizer_names[kind]);
}

static void take_numbers(const struct target *target, size_t row, const struct rs_row_gradient *gradient, size_t n)
{
    size_t at = row * target->ld;
    target->optimizer->update(&target->optimizer->settings, target->weight + at, gradient,
                              target->s ? target->s + row * target->s_ld : NULL, target->t ? target->t + at : NULL, n);
}

static void take_row(void *context, size_t row, const struct rs_row_gradient *gradient, size_t n)
{
    const struct target *target = context;
    bool apart = target->sums && target->ld == 1; /* several rows of one number, each with a sum of its own */
    struct rs_row_gradient one = *gradient;
    for (size_t i = 0; apart && i < n; i++) {
        one.sum = gradient->sum ? gradient->sum + i : NULL;
        take_numbers(target, row + i, &one, 1);
    }
    if (!apart)
        take_numbers(target, row, gradient, n);
}

enum rs_status rs_optimizer_create(struct rs_optimizer **out, size_t kind, struct rs_graph *graph, struct rs_error *err)
{
    *out = NULL;
    struct rs_optimizer *self;
    enum rs_status status = rs_alloc(&self, 1, sizeof *self, err);
    if (status != RS_OK)
        return status;
    size_t weights;
    rs_real *first = rs_graph_weights(graph, &weights);
    struct state_size size = state_size(kind);
    size_t rows = 0;
    for (rs_parameter p = 0; p < rs_graph_parameters(graph); p++)
        rows += rs_graph_parameter_info(graph, p)->rows;
    self->count = (size_t)rs_optimizer_numbers(kind, weights, rows);
    status = rs_alloc(&self->state, self->count, sizeof *self->state, err);
    if (status != RS_OK) {
        rs_free(self);
        return status;
    }
    self->update = kernel_of(kind);
    self->power1 = self->power2 = 1;
    /* The papers' constants: Adam's (Kingma and Ba 2015), RProp's (Riedmiller and Braun 1993). */
    self->settings = (struct rs_update){
        .momentum = (rs_real)0.9,
        .beta1 = (rs_real)0.9,
        .beta2 = (rs_real)0.999,
        .epsilon = (rs_real)1e-8,
        .grow = (rs_real)1.2,
        .shrink = (rs_real)0.5,
        .least = (rs_real)1e-6,
        .most = 50,
    };
    rows = 0;
    for (rs_parameter p = 0; p < rs_graph_parameters(graph); p++) {
        const struct rs_parameter_info *info = rs_graph_parameter_info(graph, p);
        size_t at = (size_t)(info->weight - first);
        struct target *target = &self->target[p];
        *target = (struct target){.optimizer = self, .weight = info->weight, .ld = info->ld, .s_ld = info->ld};
        target->s = size.moments > 0 ? self->state + at : NULL;
        target->t = size.moments > 1 ? self->state + weights + at : NULL;
        if (size.sums > 0) {
            target->s = self->state + rows;
            target->s_ld = 1;
            target->sums = true;
        }
        rows += info->rows;
        rs_graph_set_sink(graph, p, (struct rs_row_sink){take_row, &self->target[p]});
    }
    *out = self;
    return RS_OK;
}

void rs_optimizer_free(struct rs_optimizer *optimizer)
{
    if (!optimizer)
        return;
    rs_free(optimizer->state);
    rs_free(optimizer);
}

void rs_optimizer_begin_step(struct rs_optimizer *optimizer, double learning_rate)
{
    struct rs_update *u = &optimizer->settings;
    optimizer->power1 *= (double)u->beta1;
    optimizer->power2 *= (double)u->beta2;
    u->rate = (rs_real)learning_rate;
    u->correction1 = (rs_real)(1 / (1 - optimizer->power1));
    u->correction2 = (rs_real)(1 / (1 - optimizer->power2));
}

struct rs_optimizer_state rs_optimizer_state(struct rs_optimizer *optimizer)
{
    return (struct rs_optimizer_state){optimizer->state, optimizer->count, &optimizer->power1, &optimizer->power2};
}

struct rs_own_rate rs_optimizer_own_rate(const struct rs_optimizer *optimizer)
{
    struct rs_own_rate own = {.rate = optimizer->settings.rate};
    for (size_t p = 0; p < RS_GRAPH_PARAMETERS; p++)
        own.sum[p] = optimizer->target[p].s;
    return own;
}
