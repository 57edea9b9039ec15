#include "sheet.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>
#include <string.h>

#include "recscope/base/file.h"

enum rs_sheet_kind rs_sheet_kind_of(const char *path)
{
    static const char *const endings[RS_SHEETS] = {".png", ".svg", ".pdf"};
    size_t length = strlen(path);
    enum rs_sheet_kind kind = RS_SHEET_PNG;
    while (kind < RS_SHEETS && !(length > 4 && strcmp(path + length - 4, endings[kind]) == 0))
        kind++;
    return kind;
}

static cairo_status_t keep_bytes(void *closure, const unsigned char *bytes, unsigned length)
{
    struct rs_error err;
    struct rs_text *out = closure;
    enum rs_status status = rs_text_add_bytes(out, (const char *)bytes, length, &err);
    return status == RS_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_NO_MEMORY;
}

void rs_sheet_begin(struct rs_sheet *sheet, enum rs_sheet_kind kind, double width, double height, double scale)
{
    *sheet = (struct rs_sheet){.kind = kind};
    if (kind == RS_SHEET_PNG) {
        sheet->surface =
            cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)lround(width * scale), (int)lround(height * scale));
    } else if (kind == RS_SHEET_SVG) {
        sheet->surface = cairo_svg_surface_create_for_stream(keep_bytes, &sheet->bytes, width, height);
    } else {
        sheet->surface = cairo_pdf_surface_create_for_stream(keep_bytes, &sheet->bytes, width, height);
        /* The same figure has the same bytes tomorrow. */
        cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_CREATE_DATE, "1970-01-01T00:00:00Z");
    }
    sheet->cairo = cairo_create(sheet->surface);
    if (kind == RS_SHEET_PNG)
        cairo_scale(sheet->cairo, scale, scale);
}

enum rs_status rs_sheet_end(struct rs_sheet *sheet, const char *path, struct rs_error *err)
{
    cairo_status_t drawn = cairo_status(sheet->cairo);
    cairo_destroy(sheet->cairo);
    if (drawn == CAIRO_STATUS_SUCCESS && path && sheet->kind == RS_SHEET_PNG)
        drawn = cairo_surface_write_to_png_stream(sheet->surface, keep_bytes, &sheet->bytes);
    cairo_surface_finish(sheet->surface);
    if (drawn == CAIRO_STATUS_SUCCESS)
        drawn = cairo_surface_status(sheet->surface);
    cairo_surface_destroy(sheet->surface);
    enum rs_status status = RS_OK;
    if (path && drawn == CAIRO_STATUS_SUCCESS)
        status = rs_file_write(path, sheet->bytes.data, sheet->bytes.length, err);
    else if (path)
        status = rs_fail(err, drawn == CAIRO_STATUS_NO_MEMORY ? RS_MEMORY : RS_FAILED, "%s: %s", path,
                         cairo_status_to_string(drawn));
    rs_text_free(&sheet->bytes);
    return status;
}

void rs_sheet_ink(struct rs_sheet *sheet, uint32_t rgb, double alpha)
{
    cairo_set_source_rgba(sheet->cairo, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0,
                          alpha);
}
