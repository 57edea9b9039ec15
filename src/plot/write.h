/* write.h -- text in cells. */
#ifndef RS_PLOT_WRITE_H
#define RS_PLOT_WRITE_H

#include "recscope/plot/chart.h"

/* Code points in the text: its columns, as labels are of narrow characters. */
int rs_text_columns(const char *text);

struct rs_plot_page {
    struct rs_plot_cell *cells;
    int rows, columns;
    bool ascii; /* code points beyond ASCII become the nearest that are not */
};

void rs_page_put(struct rs_plot_page *page, int row, int column, uint32_t glyph, enum rs_plot_role role);

/* Write text from a column on, at most `width` columns; one that does not fit ends in an ellipsis. Returns the columns
 * used. */
int rs_page_write(struct rs_plot_page *page, int row, int column, int width, enum rs_plot_role role, const char *text);

#endif
