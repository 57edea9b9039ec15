#include "canvas.h"

#include <math.h>
#include <string.h>

#include "recscope/base/file.h"
#include "recscope/plot/chart.h"

#define FONT      "DejaVu Sans"
#define FONTS     "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif"
#define TEXT_SIZE 512

/* ---- SVG --------------------------------------------------------------------------------------------------------- */

#define SVG(canvas, ...)                                                                                               \
    do {                                                                                                               \
        if ((canvas)->svg && (canvas)->status == RS_OK)                                                                \
            (canvas)->status = rs_text_add(&(canvas)->text, &(canvas)->error, __VA_ARGS__);                            \
    } while (0)

/* Text of which neither cairo nor a reader of XML is afraid: well-formed, without control characters. */
static const char *plain(const char *text, char out[TEXT_SIZE])
{
    bool good = rs_is_utf8(text, strlen(text));
    size_t used = 0;
    for (; *text && used + 1 < TEXT_SIZE; text++) {
        unsigned char byte = (unsigned char)*text;
        out[used++] = byte < ' ' || byte == 0x7F ? ' ' : byte >= 0x80 && !good ? '?' : *text;
    }
    while (good && used > 0 && ((unsigned char)*text & 0xC0) == 0x80) { /* no half character at the end */
        used--;
        text--;
    }
    out[used] = '\0';
    return out;
}

static void write_escaped(struct rs_canvas *canvas, const char *text)
{
    char safe[TEXT_SIZE];
    for (const char *p = plain(text, safe); *p; p++) {
        const char *entity = *p == '&'   ? "&amp;"
                             : *p == '<' ? "&lt;"
                             : *p == '>' ? "&gt;"
                             : *p == '"' ? "&quot;"
                                         : NULL;
        if (entity)
            SVG(canvas, "%s", entity);
        else
            SVG(canvas, "%c", *p);
    }
}

static void write_stroke(struct rs_canvas *canvas, const struct rs_stroke *stroke)
{
    SVG(canvas, " fill=\"none\" stroke=\"#%06x\" stroke-width=\"%.2f\" stroke-linejoin=\"round\"", stroke->ink,
        stroke->width);
    if (stroke->alpha < 1)
        SVG(canvas, " stroke-opacity=\"%.2f\"", stroke->alpha);
    if (stroke->dash[0] > 0)
        SVG(canvas, " stroke-dasharray=\"%.2f", stroke->dash[0]);
    for (size_t i = 1; i < 6 && stroke->dash[i] > 0; i++)
        SVG(canvas, ",%.2f", stroke->dash[i]);
    if (stroke->dash[0] > 0)
        SVG(canvas, "\"");
}

/* ---- sheet ------------------------------------------------------------------------------------------------------- */

void rs_canvas_begin(struct rs_canvas *canvas, enum rs_sheet_kind kind, double width, double height, double scale,
                     const char *title)
{
    *canvas = (struct rs_canvas){.svg = kind == RS_SHEET_SVG};
    if (canvas->svg)
        rs_sheet_begin(&canvas->sheet, RS_SHEET_PNG, 1, 1, 1);
    else
        rs_sheet_begin(&canvas->sheet, kind, width, height, scale);
    SVG(canvas,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.6gpt\" height=\"%.6gpt\" viewBox=\"0 0 %.6g %.6g\" "
        "font-family=\"%s\" role=\"img\">\n<title>",
        width, height, width, height, FONTS);
    write_escaped(canvas, title);
    SVG(canvas, "</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n");
    rs_sheet_ink(&canvas->sheet, 0xFFFFFF, 1);
    cairo_paint(canvas->sheet.cairo);
}

enum rs_status rs_canvas_end(struct rs_canvas *canvas, const char *path, struct rs_error *err)
{
    SVG(canvas, "</svg>\n");
    enum rs_status status = rs_sheet_end(&canvas->sheet, canvas->svg ? NULL : path, err);
    if (status == RS_OK && canvas->status != RS_OK)
        status = rs_fail(err, canvas->status, "%s: %s", path, canvas->error.message);
    else if (status == RS_OK && canvas->svg)
        status = rs_file_write(path, canvas->text.data, canvas->text.length, err);
    rs_text_free(&canvas->text);
    rs_text_free(&canvas->path);
    return status;
}

/* ---- paths ------------------------------------------------------------------------------------------------------- */

static void add_point(struct rs_canvas *canvas, char command, double x, double y)
{
    if (canvas->svg && canvas->status == RS_OK)
        canvas->status = rs_text_add(&canvas->path, &canvas->error, "%c%.2f %.2f", command, x, y);
}

void rs_canvas_move(struct rs_canvas *canvas, double x, double y)
{
    add_point(canvas, 'M', x, y);
    cairo_move_to(canvas->sheet.cairo, x, y);
}

void rs_canvas_line(struct rs_canvas *canvas, double x, double y)
{
    add_point(canvas, 'L', x, y);
    cairo_line_to(canvas->sheet.cairo, x, y);
}

static void end_path(struct rs_canvas *canvas)
{
    cairo_new_path(canvas->sheet.cairo);
    rs_text_free(&canvas->path);
    canvas->path = (struct rs_text){0};
}

static const char *path_of(const struct rs_canvas *canvas)
{
    return canvas->path.data ? canvas->path.data : "";
}

void rs_canvas_stroke(struct rs_canvas *canvas, const struct rs_stroke *stroke, const char *name)
{
    cairo_t *cairo = canvas->sheet.cairo;
    if (canvas->svg) {
        SVG(canvas, "<path d=\"%s\"", path_of(canvas));
        write_stroke(canvas, stroke);
        SVG(canvas, name ? "><title>" : "/>\n");
        if (name) {
            write_escaped(canvas, name);
            SVG(canvas, "</title></path>\n");
        }
        end_path(canvas);
        return;
    }
    int parts = 0;
    while (parts < 6 && stroke->dash[parts] > 0)
        parts++;
    rs_sheet_ink(&canvas->sheet, stroke->ink, stroke->alpha);
    cairo_set_line_width(cairo, stroke->width);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_dash(cairo, stroke->dash, parts, 0);
    cairo_stroke(cairo);
}

void rs_canvas_fill(struct rs_canvas *canvas, uint32_t ink, double alpha)
{
    if (canvas->svg) {
        SVG(canvas, "<path d=\"%sZ\" fill=\"#%06x\" fill-opacity=\"%.2f\"/>\n", path_of(canvas), ink, alpha);
        end_path(canvas);
        return;
    }
    rs_sheet_ink(&canvas->sheet, ink, alpha);
    cairo_close_path(canvas->sheet.cairo);
    cairo_fill(canvas->sheet.cairo);
}

void rs_canvas_clip(struct rs_canvas *canvas, double x, double y, double width, double height)
{
    SVG(canvas,
        "<clipPath id=\"area\"><rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"/></clipPath>\n"
        "<g clip-path=\"url(#area)\">\n",
        x, y, width, height);
    cairo_save(canvas->sheet.cairo);
    cairo_rectangle(canvas->sheet.cairo, x, y, width, height);
    cairo_clip(canvas->sheet.cairo);
}

void rs_canvas_unclip(struct rs_canvas *canvas)
{
    SVG(canvas, "</g>\n");
    cairo_restore(canvas->sheet.cairo);
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

static void choose_font(struct rs_canvas *canvas, const struct rs_font *font)
{
    cairo_select_font_face(canvas->sheet.cairo, FONT, CAIRO_FONT_SLANT_NORMAL,
                           font->bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(canvas->sheet.cairo, font->size);
}

double rs_canvas_text_width(struct rs_canvas *canvas, const char *text, const struct rs_font *font)
{
    char safe[TEXT_SIZE];
    cairo_text_extents_t extents;
    choose_font(canvas, font);
    cairo_text_extents(canvas->sheet.cairo, plain(text, safe), &extents);
    return extents.x_advance;
}

void rs_canvas_text(struct rs_canvas *canvas, const char *text, double x, double y, const struct rs_font *font,
                    enum rs_anchor anchor, bool up)
{
    static const char *const anchors[] = {"start", "middle", "end"};
    char safe[TEXT_SIZE];
    SVG(canvas, "<text x=\"%.2f\" y=\"%.2f\" font-size=\"%.2f\" fill=\"#%06x\" text-anchor=\"%s\"", x, y, font->size,
        font->ink, anchors[anchor]);
    if (font->bold)
        SVG(canvas, " font-weight=\"bold\"");
    if (up)
        SVG(canvas, " transform=\"rotate(-90 %.2f %.2f)\"", x, y);
    SVG(canvas, ">");
    write_escaped(canvas, text);
    SVG(canvas, "</text>\n");
    if (canvas->svg)
        return;
    double before = rs_canvas_text_width(canvas, text, font) * (int)anchor / 2;
    cairo_save(canvas->sheet.cairo);
    cairo_translate(canvas->sheet.cairo, x, y);
    if (up)
        cairo_rotate(canvas->sheet.cairo, -acos(0));
    rs_sheet_ink(&canvas->sheet, font->ink, 1);
    cairo_move_to(canvas->sheet.cairo, -before, 0);
    cairo_show_text(canvas->sheet.cairo, plain(text, safe));
    cairo_restore(canvas->sheet.cairo);
}

const char *rs_canvas_fit(struct rs_canvas *canvas, const char *text, const struct rs_font *font, double width,
                          char *out, size_t size)
{
    char safe[TEXT_SIZE];
    if (rs_copy_string(out, size, plain(text, safe)) && rs_canvas_text_width(canvas, out, font) <= width)
        return out;
    size_t length = strlen(out);
    while (length > 0) {
        while (--length > 0 && ((unsigned char)safe[length] & 0xC0) == 0x80)
            ;
        if (length + sizeof "\xE2\x80\xA6" > size)
            continue;
        memcpy(out + length, "\xE2\x80\xA6", sizeof "\xE2\x80\xA6");
        if (rs_canvas_text_width(canvas, out, font) <= width)
            return out;
    }
    out[0] = '\0';
    return out;
}
