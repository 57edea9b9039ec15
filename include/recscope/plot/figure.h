/* figure.h -- a chart as a figure for print and for the web: SVG, PNG or PDF, from the description the screen draws.
 *
 * Colours differ in luminance, so that they stay apart in grey; lines differ by the dashes of their series. SVG holds
 * its text as text and one path for each series. The same chart and options give the same bytes.
 * Threads: safe from any thread on distinct paths.
 */
#ifndef RECSCOPE_PLOT_FIGURE_H
#define RECSCOPE_PLOT_FIGURE_H

#include "recscope/base/status.h"
#include "recscope/plot/chart.h"

struct rs_figure_options {
    const char *title, *subtitle; /* UTF-8; NULL: none */
    double width, height;         /* points, 1/72 inch; 0: 600 x 375 */
    double scale;                 /* pixels of a PNG for a point; 0: 2 */
};

/* The name's ending says which kind it will be; false: none of svg, png, pdf. */
bool rs_figure_knows(const char *path);

/* A file that is there is replaced, or left as it was; nothing else stays behind. The cross-hair is not drawn.
 * Errors: RS_USAGE (another ending, a size outside 100 .. 10000 points), RS_IO with the path (cannot be written, disk
 * full), RS_MEMORY. */
enum rs_status rs_figure_write(const char *path, const struct rs_chart *chart, const struct rs_figure_options *options,
                               struct rs_error *err) RS_CHECKED;

#endif
