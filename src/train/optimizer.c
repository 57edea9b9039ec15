#include "optimizer.h"

#include "recscope/base/memory.h"

typedef void update_row(const struct rs_update *u, rs_real *w, const struct rs_row_gradient *g, rs_real *s, rs_real *t,
                        size_t n);

/* One parameter as its sink sees it. */
struct target {
    const struct rs_optimizer *optimizer;
    rs_real *weight, *s, *t; /* (rows, ld); s and t are NULL where the optimiser has no use for them */
    size_t ld;
};

struct rs_optimizer {
    update_row *update;
    struct rs_update settings;
    double power1, power2; /* beta1^t, beta2^t */
    rs_real *state;        /* (moments, weights) */
    size_t count;          /* of state */
    struct target target[RS_GRAPH_PARAMETERS];
};

const char *const rs_optimizer_names[] = {
#define OPTIMIZER(name, kernel, moments) #name,
#include "optimizers.def"
#undef OPTIMIZER
    NULL,
};

static update_row *kernel_of(size_t kind)
{
    const struct rs_kernels *kernels = rs_kernels_best();
    update_row *const table[] = {
#define OPTIMIZER(name, kernel, moments) kernels->kernel,
#include "optimizers.def"
#undef OPTIMIZER
    };
    return table[kind];
}

size_t rs_optimizer_moments(size_t kind)
{
    static const size_t moments[] = {
#define OPTIMIZER(name, kernel, moments) moments,
#include "optimizers.def"
#undef OPTIMIZER
    };
    return moments[kind];
}

static void take_row(void *context, size_t row, const struct rs_row_gradient *gradient, size_t n)
{
    const struct target *target = context;
    size_t at = row * target->ld;
    target->optimizer->update(&target->optimizer->settings, target->weight + at, gradient,
                              target->s ? target->s + at : NULL, target->t ? target->t + at : NULL, n);
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
    size_t moments = rs_optimizer_moments(kind);
    self->count = moments * weights;
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
    for (rs_parameter p = 0; p < rs_graph_parameters(graph); p++) {
        const struct rs_parameter_info *info = rs_graph_parameter_info(graph, p);
        size_t at = (size_t)(info->weight - first);
        rs_real *first_moment = moments > 0 ? self->state + at : NULL;
        rs_real *second_moment = moments > 1 ? self->state + weights + at : NULL;
        self->target[p] = (struct target){self, info->weight, first_moment, second_moment, info->ld};
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
