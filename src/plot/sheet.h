/* sheet.h -- a cairo surface whose bytes become a file at the end. The only place that opens surfaces.
 *
 * Errors are cairo's: they stick to the context, drawing goes on without effect, and rs_sheet_end tells.
 */
#ifndef RS_PLOT_SHEET_H
#define RS_PLOT_SHEET_H

#include <cairo.h>

#include "recscope/base/text.h"

enum rs_sheet_kind { RS_SHEET_PNG, RS_SHEET_SVG, RS_SHEET_PDF, RS_SHEETS };

struct rs_sheet {
    enum rs_sheet_kind kind;
    cairo_surface_t *surface;
    cairo_t *cairo;
    struct rs_text bytes; /* of SVG and PDF while they are drawn; do not move the sheet meanwhile */
};

/* The kind that a file's name ends in; RS_SHEETS: none of them. */
enum rs_sheet_kind rs_sheet_kind_of(const char *path);

/* width, height in points; scale: pixels a point, of PNG alone. */
void rs_sheet_begin(struct rs_sheet *sheet, enum rs_sheet_kind kind, double width, double height, double scale);

/* Close the sheet and write it to path; path NULL: only close it. Errors: RS_IO, RS_FAILED with the path. */
enum rs_status rs_sheet_end(struct rs_sheet *sheet, const char *path, struct rs_error *err) RS_CHECKED;

/* 0xRRGGBB and how much of it covers. */
void rs_sheet_ink(struct rs_sheet *sheet, uint32_t rgb, double alpha);

#endif
