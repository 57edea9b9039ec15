/* optimizer.h -- what an optimiser does with a gradient's row.
 *
 * The arithmetic of a row is a kernel of linalg; this file owns the state (two numbers a weight at most, or one a row),
 * counts the steps, and is the sink that the graph hands complete rows to.
 */
#ifndef RECSCOPE_TRAIN_OPTIMIZER_H
#define RECSCOPE_TRAIN_OPTIMIZER_H

#include "recscope/models/model.h"

extern const char *const rs_optimizer_names[]; /* NULL-terminated, the choices of a row */

struct rs_optimizer;

/* For these weights; sets the graph's sinks. The graph must outlive the optimiser. Errors: RS_MEMORY. */
enum rs_status rs_optimizer_create(struct rs_optimizer **out, size_t kind, struct rs_graph *graph,
                                   struct rs_error *err) RS_CHECKED;
void rs_optimizer_free(struct rs_optimizer *optimizer);

/* What the next step depends on besides the weights: *moments (count numbers; 0: none), beta1^t and beta2^t. The owner
 * may read it, or set it to what it was. */
struct rs_optimizer_state {
    rs_real *moments;
    size_t count;
    double *power1, *power2;
};
struct rs_optimizer_state rs_optimizer_state(struct rs_optimizer *optimizer);

/* Numbers of state that this kind keeps for so many weights in so many rows. */
uint64_t rs_optimizer_numbers(size_t kind, uint64_t weights, uint64_t rows);

/* Whether models that change their weights themselves can take this kind. */
bool rs_optimizer_is_own(size_t kind);
void rs_optimizer_own_names(char *out, size_t size); /* of those that can, with commas */
/* What such a model needs for the step that was begun. */
struct rs_own_rate rs_optimizer_own_rate(const struct rs_optimizer *optimizer);

/* Before each step: count it, and take the learning rate. */
void rs_optimizer_begin_step(struct rs_optimizer *optimizer, double learning_rate);

#endif
