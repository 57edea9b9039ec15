/* rows.h -- the rows of [train], and the seed. */
#ifndef RECSCOPE_TRAIN_ROWS_H
#define RECSCOPE_TRAIN_ROWS_H

#include "recscope/base/settings.h"

extern const struct rs_conf_row rs_row_seed; /* [experiment] seed */
extern const struct rs_conf_row rs_row_optimizer, rs_row_learning_rate, rs_row_schedule, rs_row_batch_size,
    rs_row_sampling, rs_row_loss_scale, rs_row_lazy, rs_row_epochs, rs_row_l2, rs_row_l2_scope, rs_row_patience,
    rs_row_tolerance, rs_row_tolerance_per, rs_row_refit, rs_row_threads;

#endif
