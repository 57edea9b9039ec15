/* canvas.h -- lines, areas and text for figures, in points from the upper left.
 *
 * PNG and PDF are drawn by cairo. SVG is written here: cairo's has no text, only the outlines of letters. What text
 * measures comes from cairo for all three.
 * Errors stick: after the first one nothing more is drawn, and rs_canvas_end tells.
 */
#ifndef RS_PLOT_CANVAS_H
#define RS_PLOT_CANVAS_H

#include <stdbool.h>

#include "sheet.h"

struct rs_canvas {
    struct rs_sheet sheet; /* of SVG: an image that measures text */
    bool svg;
    struct rs_text text, path; /* of SVG: the file so far, the path so far */
    enum rs_status status;
    struct rs_error error;
};

struct rs_font {
    double size; /* points */
    bool bold;
    uint32_t ink;
};

struct rs_stroke {
    uint32_t ink;
    double width, alpha;
    double dash[6]; /* lengths of drawn and blank parts in turn, 0 behind the last; all 0: solid */
};

enum rs_anchor { RS_ANCHOR_START, RS_ANCHOR_MIDDLE, RS_ANCHOR_END };

/* Do not move the canvas before its end. title: what the figure is called where it is not seen. */
void rs_canvas_begin(struct rs_canvas *canvas, enum rs_sheet_kind kind, double width, double height, double scale,
                     const char *title);
enum rs_status rs_canvas_end(struct rs_canvas *canvas, const char *path, struct rs_error *err) RS_CHECKED;

/* A path, which the next stroke or fill draws and ends. */
void rs_canvas_move(struct rs_canvas *canvas, double x, double y);
void rs_canvas_line(struct rs_canvas *canvas, double x, double y);
/* name: said of a path in SVG; NULL: nothing. */
void rs_canvas_stroke(struct rs_canvas *canvas, const struct rs_stroke *stroke, const char *name);
void rs_canvas_fill(struct rs_canvas *canvas, uint32_t ink, double alpha);

/* What is drawn until unclip is cut at this rectangle. */
void rs_canvas_clip(struct rs_canvas *canvas, double x, double y, double width, double height);
void rs_canvas_unclip(struct rs_canvas *canvas);

/* x, y: where the base line starts, has its middle or ends. up: written from below to above. */
void rs_canvas_text(struct rs_canvas *canvas, const char *text, double x, double y, const struct rs_font *font,
                    enum rs_anchor anchor, bool up);
double rs_canvas_text_width(struct rs_canvas *canvas, const char *text, const struct rs_font *font);

/* The text, or as much of it as fits before an ellipsis. Returns out. */
const char *rs_canvas_fit(struct rs_canvas *canvas, const char *text, const struct rs_font *font, double width,
                          char *out, size_t size);

#endif
