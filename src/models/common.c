#include "common.h"

double rs_cells_mean(const struct rs_cells *cells)
{
    double sum = 0;
    for (uint64_t c = 0; c < cells->count; c++)
        sum += (double)cells->value[c];
    return cells->count ? sum / (double)cells->count : 0;
}
