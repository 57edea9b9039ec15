/* common.h -- what several models do alike. */
#ifndef RECSCOPE_MODELS_COMMON_H
#define RECSCOPE_MODELS_COMMON_H

#include "registry.h"

/* Mean of the cells' values; 0 where there are none. */
double rs_cells_mean(const struct rs_cells *cells);

#endif
