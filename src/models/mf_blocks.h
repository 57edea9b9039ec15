/* mf_blocks.h -- the training cells of a matrix factorisation in a grid of blocks, and a step over a round of them.
 *
 * Users and items are put into an order drawn from the seed and cut into as many bands of about equally many ratings.
 * Block (u, i) holds the ratings of user band u and item band i; round r is the blocks (u, u + r), which share no user
 * and no item: they may be walked at the same time, each by one thread, and the result is the same at any number of
 * threads. All rounds are an epoch. There are enough bands for the item rows of a block to stay in a core's cache.
 * Source : Gemulla, Nijkamp, Haas, Sismanis, Large-Scale Matrix Factorization with Distributed Stochastic Gradient
 *          Descent, KDD 2011; bands that fit in a cache: Chin, Zhuang, Juan, Lin, A Fast Parallel Stochastic Gradient
 *          Method for Matrix Factorization in Shared Memory Systems, ACM TIST 2015.
 * Memory : 6 bytes a rating, and 8 for each user in each block that has ratings of theirs.
 */
#ifndef RS_MODELS_MF_BLOCKS_H
#define RS_MODELS_MF_BLOCKS_H

#include "registry.h"

struct rs_mf_blocks;

/* factors: numbers in a row as it lies in memory. Owns: the caller frees. Errors: RS_MEMORY. */
enum rs_status rs_mf_blocks_create(struct rs_mf_blocks **out, const struct rs_model_env *env, size_t factors,
                                   struct rs_error *err) RS_CHECKED;
void rs_mf_blocks_free(struct rs_mf_blocks *blocks); /* NULL is fine */

uint64_t rs_mf_blocks_cells(const struct rs_mf_blocks *blocks);
uint32_t rs_mf_blocks_rounds(const struct rs_mf_blocks *blocks);
double rs_mf_blocks_mean(const struct rs_mf_blocks *blocks); /* of the cells' values */

/* One rating after the other, all blocks of a round. Parameters of the graph: P, Q and, perhaps, b_u, b_i; `mean` is
 * added to every prediction. */
void rs_mf_blocks_step(struct rs_mf_blocks *blocks, const struct rs_model *model, uint32_t round,
                       const struct rs_graph_step *settings, double mean, double *squared_error, uint64_t *cells);

#endif
