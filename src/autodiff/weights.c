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

/* Numbers from..from + n of a parameter, as they are counted without padding. */
static void save_rows(const struct rs_parameter_info *info, uint64_t from, float *out, size_t n)
{
    size_t row = (size_t)(from / info->columns);
    size_t column = (size_t)(from % info->columns);
    for (; n > 0; row++, column = 0) {
        const rs_real *weight = info->weight + row * info->ld;
        for (; column < info->columns && n > 0; column++, n--)
            *out++ = (float)weight[column];
    }
}

void rs_graph_save_some(const struct rs_graph *graph, uint64_t from, float *out, size_t n)
{
    for (uint32_t i = 0; i < graph->parameters && n > 0; i++) {
        const struct rs_parameter_info *info = &graph->parameter[i];
        uint64_t size = (uint64_t)info->rows * info->columns;
        if (from >= size) {
            from -= size;
            continue;
        }
        size_t here = size - from < n ? (size_t)(size - from) : n;
        save_rows(info, from, out, here);
        out += here;
        n -= here;
        from = 0;
    }
}

void rs_graph_save(const struct rs_graph *graph, float *out)
{
    rs_graph_save_some(graph, 0, out, (size_t)rs_graph_weight_count(graph));
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

struct drawing {
    const struct rs_parameter_info *info;
    rs_parameter parameter;
    uint64_t seed;
    double half; /* a uniform on +-half has the standard deviation that is asked for */
};

/* Every row has a stream of its own: who draws it does not matter. */
static void draw_rows(void *context, size_t block, size_t thread)
{
    const struct drawing *drawing = context;
    const struct rs_parameter_info *info = drawing->info;
    size_t from;
    size_t to;
    (void)thread;
    rs_block_range(info->rows, RS_BLOCKS, block, &from, &to);
    for (size_t row = from; row < to; row++) {
        struct rs_rng rng = rs_rng_at(drawing->seed, RS_DRAW_WEIGHTS, drawing->parameter, 0, row);
        for (size_t k = 0; k < info->columns; k++)
            info->weight[row * info->ld + k] = (rs_real)(drawing->half * (2 * rs_rng_uniform(&rng) - 1));
    }
}

void rs_graph_draw(struct rs_graph *graph, rs_parameter parameter, uint64_t seed, rs_real deviation)
{
    const struct rs_parameter_info *info = &graph->parameter[parameter];
    struct drawing drawing = {info, parameter, seed, sqrt(3.0) * (double)deviation};
    rs_graph_run(graph, RS_BLOCKS, info->rows * info->columns, draw_rows, &drawing);
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
