/* picture.h -- a grid of characters as a picture: what a terminal shows, without a terminal.
 *
 * Braille and block characters are drawn as dots and rectangles, so that they meet as they do on a good terminal; the
 * rest is set in a monospaced font.
 * Threads: safe from any thread on distinct paths.
 */
#ifndef RECSCOPE_PLOT_PICTURE_H
#define RECSCOPE_PLOT_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "recscope/base/status.h"

struct rs_picture_cell {
    char text[32];       /* UTF-8: one character and what combines with it; "": blank, or behind a wide one */
    int width;           /* columns: 1 or 2; 0: behind a wide one */
    uint32_t ink, paper; /* 0xRRGGBB */
    bool bold, dim, underline;
};

/* Write cells (rows x columns) on paper of that colour to path, which ends in .svg or .png. A file that is there is
 * replaced, or left as it was. Errors: RS_USAGE (another ending), RS_IO with the path, RS_MEMORY. */
enum rs_status rs_picture_write(const char *path, const struct rs_picture_cell *cells, int rows, int columns,
                                uint32_t paper, struct rs_error *err) RS_CHECKED;

#endif
