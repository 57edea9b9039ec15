/* The weights as one list: drawing, filling, saving, loading, the penalty. */
#include <math.h>
#include <string.h>

#include "graph_internal.h"
#include "recscope/base/random.h"

rs_real *rs_graph_weights(const struct rs_graph *graph, size_t *count)
{
    *count = graph->weights_count;
    return graph->weights;
}

uint64_t rs_graph_weight_count(const struct rs_graph *graph)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < graph->parameters; i++)
        count += (uint64_t)graph->parameter[i].rows * graph->parameter[i].columns;
    return count;
}

void rs_graph_save(const struct rs_graph *graph, float *out)
{
    for (uint32_t i = 0; i < graph->parameters; i++) {
        const struct rs_parameter_info *info = &graph->parameter[i];
        for (size_t row = 0; row < info->rows; row++)
            for (size_t k = 0; k < info->columns; k++)
                *out++ = (float)info->weight[row * info->ld + k];
    }
}

void rs_graph_load(struct rs_graph *graph, const float *in)
{
    for (uint32_t i = 0; i < graph->parameters; i++) {
        const struct rs_parameter_info *info = &graph->parameter[i];
        for (size_t row = 0; row < info->rows; row++)
            for (size_t k = 0; k < info->columns; k++)
                info->weight[row * info->ld + k] = (rs_real)*in++;
    }
}

void rs_graph_draw(struct rs_graph *graph, rs_parameter parameter, uint64_t seed, rs_real deviation)
{
    const struct rs_parameter_info *info = &graph->parameter[parameter];
    double half = sqrt(3.0) * (double)deviation; /* a uniform on +-half has this standard deviation */
    for (size_t row = 0; row < info->rows; row++) {
        struct rs_rng rng = rs_rng_at(seed, RS_DRAW_WEIGHTS, parameter, 0, row);
        for (size_t k = 0; k < info->columns; k++)
            info->weight[row * info->ld + k] = (rs_real)(half * (2 * rs_rng_uniform(&rng) - 1));
    }
}

void rs_graph_fill(struct rs_graph *graph, rs_parameter parameter, rs_real value)
{
    const struct rs_parameter_info *info = &graph->parameter[parameter];
    for (size_t row = 0; row < info->rows; row++)
        for (size_t k = 0; k < info->columns; k++)
            info->weight[row * info->ld + k] = value;
}

double rs_graph_penalty(const struct rs_graph *graph, const struct rs_graph_step *step)
{
    double squares = 0;
    for (uint32_t i = 0; i < graph->parameters; i++) {
        const struct rs_parameter_info *info = &graph->parameter[i];
        for (size_t k = 0; info->penalised && k < info->rows * info->ld; k++)
            squares += (double)info->weight[k] * (double)info->weight[k];
    }
    return 0.5 * (double)step->l2 * (double)step->share * squares;
}
