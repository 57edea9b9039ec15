#include <stdlib.h>
#include <string.h>

#include "kernels_sets.h"

size_t rs_kernels_all(const struct rs_kernels *out[3])
{
    size_t count = 0;
    out[count++] = &rs_kernels_plain;
#ifdef RS_X86
    bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (avx2)
        out[count++] = &rs_kernels_avx2;
    if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq"))
        out[count++] = &rs_kernels_avx512;
#endif
    return count;
}

const struct rs_kernels *rs_kernels_best(void)
{
    const struct rs_kernels *tables[3];
    size_t count = rs_kernels_all(tables);
    const char *wanted = getenv("RECSCOPE_ISA");
    for (size_t i = 0; wanted && i < count; i++)
        if (strcmp(tables[i]->name, wanted) == 0)
            return tables[i];
    return tables[count - 1];
}
