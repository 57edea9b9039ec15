/* real.h -- the number that weights and activations are made of.
 *
 * float in the program; the gradient checks compile the library a second time with RS_DOUBLE, because central
 * differences need double precision.
 */
#ifndef RECSCOPE_LINALG_REAL_H
#define RECSCOPE_LINALG_REAL_H

#include <stddef.h>

#ifdef RS_DOUBLE
typedef double rs_real;
#else
typedef float rs_real;
#endif

/* Rows of weights and activations are padded with zeros to a multiple of this: one AVX-512 register of floats. */
#define RS_LANES ((size_t)16)

/* Leading dimension of rows of `columns` numbers. A single column is not padded: biases stay dense. */
static inline size_t rs_padded(size_t columns)
{
    return columns == 1 ? 1 : (columns + RS_LANES - 1) / RS_LANES * RS_LANES;
}

#endif
