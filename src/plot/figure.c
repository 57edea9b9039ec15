#include "figure_parts.h"

#include <math.h>
#include <string.h>

#include "axes.h"
#include "glyphs.h"

#define WIDTH  600.0
#define HEIGHT 375.0
#define SCALE  2.0
#define LEAST  100.0
#define MOST   10000.0
#define EDGE   14.0 /* around everything */
#define HALF   1.25 /* points of half a cell in a dash */

const struct rs_font rs_figure_title_font = {13, true, 0x222222};
const struct rs_font rs_figure_subtitle_font = {9.5, false, 0x555555};
const struct rs_font rs_figure_font = {9, false, 0x333333};
const struct rs_font rs_figure_small_font = {8.5, false, 0x444444};

bool rs_figure_knows(const char *path)
{
    return rs_sheet_kind_of(path) != RS_SHEETS;
}

/* ---- looks ------------------------------------------------------------------------------------------------------- */

/* Dark eval, lighter train: apart in grey as well. Hues are safe for colour-blind eyes (after Okabe and Ito). */
static const struct {
    uint32_t ink;
    double width;
} looks[RS_PLOT_ROLES] = {
    [RS_PLOT_AXIS] = {0x333333, 0.8},          [RS_PLOT_TEXT] = {0x333333, 0.8},
    [RS_PLOT_PRIMARY] = {0x3F95CF, 1.6},       [RS_PLOT_SECONDARY] = {0xA63603, 1.8},
    [RS_PLOT_NOISE] = {0xA8A8A8, 0.5},         [RS_PLOT_RAW_PRIMARY] = {0x3F95CF, 0.6},
    [RS_PLOT_RAW_SECONDARY] = {0xA63603, 0.6}, [RS_PLOT_RAW_NOISE] = {0xC4C4C4, 0.4},
    [RS_PLOT_GHOST_PRIMARY] = {0x9CC3DD, 0.9}, [RS_PLOT_GHOST_SECONDARY] = {0xE08E0B, 1.3},
    [RS_PLOT_RUN_2] = {0x00745A, 1.3},         [RS_PLOT_RUN_3] = {0xC76BA0, 1.3},
    [RS_PLOT_RUN_4] = {0x4B3B8F, 1.3},         [RS_PLOT_RUN_5] = {0x8CB04C, 1.3},
    [RS_PLOT_RUN_6] = {0x6E6E6E, 1.3},         [RS_PLOT_BASELINE] = {0x777777, 0.8},
    [RS_PLOT_FLOOR] = {0x2B7A4B, 0.8},         [RS_PLOT_REFERENCE] = {0x7B3294, 0.8},
    [RS_PLOT_BEST] = {0xA63603, 1.0},          [RS_PLOT_CHANGE] = {0x7B3294, 0.8},
    [RS_PLOT_STOP] = {0xB2182B, 0.8},          [RS_PLOT_FORK] = {0x2166AC, 0.8},
};

struct rs_stroke rs_figure_stroke(enum rs_plot_role role)
{
    struct rs_stroke stroke = {.ink = looks[role].ink, .width = looks[role].width, .alpha = 1};
    if (role == RS_PLOT_BASELINE || role == RS_PLOT_REFERENCE || role == RS_PLOT_FLOOR)
        stroke.dash[0] = stroke.dash[1] = 3;
    if (role == RS_PLOT_CHANGE || role == RS_PLOT_STOP || role == RS_PLOT_FORK)
        stroke.dash[0] = stroke.dash[1] = 1.5;
    return stroke;
}

struct rs_stroke rs_figure_series_stroke(const struct rs_plot_series *series)
{
    struct rs_stroke stroke = {.ink = looks[series->role].ink, .width = looks[series->role].width, .alpha = 1};
    for (size_t i = 0; i < RS_DASH_PARTS; i++)
        stroke.dash[i] = HALF * rs_dash_parts[series->dash][i];
    if (series->thick > 1)
        stroke.width *= 1.6;
    return stroke;
}

struct rs_font rs_figure_label_font(enum rs_plot_role role)
{
    struct rs_font font = rs_figure_small_font;
    uint32_t ink = looks[role].ink;
    double luminance = 0.2126 * (ink >> 16 & 255) + 0.7152 * (ink >> 8 & 255) + 0.0722 * (ink & 255);
    double keep = luminance > 105 ? 105 / luminance : 1;
    font.ink = (uint32_t)lround(keep * (ink >> 16 & 255)) << 16 | (uint32_t)lround(keep * (ink >> 8 & 255)) << 8 |
               (uint32_t)lround(keep * (ink & 255));
    return font;
}

double rs_figure_x(const struct rs_figure *figure, double x)
{
    return figure->left + rs_plot_share(&figure->x, x) * (figure->right - figure->left);
}

double rs_figure_y(const struct rs_figure *figure, double y)
{
    return figure->bottom - rs_plot_share(&figure->y, y) * (figure->bottom - figure->top);
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static void draw_title(struct rs_figure *figure, const char *text, const struct rs_font *font, double base)
{
    char fitted[256];
    if (text && text[0])
        rs_canvas_text(&figure->canvas,
                       rs_canvas_fit(&figure->canvas, text, font, figure->width - 2 * EDGE, fitted, sizeof fitted),
                       EDGE, base, font, RS_ANCHOR_START, false);
}

/* From the outside in: titles, legend, names at the right, axis labels; what is left is the plot area. */
static void lay_out(struct rs_figure *figure)
{
    const struct rs_figure_options *options = figure->options;
    struct rs_ticks ticks;
    double widest = 0;
    double base = EDGE;
    figure->start = EDGE;
    if (options->title && options->title[0])
        draw_title(figure, options->title, &rs_figure_title_font, base += rs_figure_title_font.size * 0.8);
    if (options->subtitle && options->subtitle[0])
        draw_title(figure, options->subtitle, &rs_figure_subtitle_font, base += rs_figure_subtitle_font.size * 1.6);
    figure->legend_top = base + rs_figure_font.size * (base > EDGE ? 1.9 : 0.8);
    figure->left = EDGE;
    figure->right = figure->width - EDGE;
    figure->top = figure->legend_top + rs_figure_legend(figure, false);
    figure->bottom = figure->height - EDGE - 2 * rs_figure_font.size - 10;
    rs_ticks_of(&ticks, &figure->y, RS_FIGURE_Y_TICKS(figure), figure->chart->y.whole);
    for (size_t i = 0; i < ticks.count; i++)
        widest = fmax(widest, rs_canvas_text_width(&figure->canvas, ticks.label[i], &rs_figure_font));
    figure->label_room = widest + 14;
    figure->left = EDGE + rs_figure_font.size + figure->label_room;
    figure->right = figure->width - EDGE - fmin(rs_figure_margin(figure, false), figure->width / 3);
}

static void draw(struct rs_figure *figure)
{
    lay_out(figure);
    rs_figure_draw_axes(figure);
    rs_figure_draw_curves(figure);
    rs_figure_legend(figure, true);
    rs_figure_margin(figure, true);
}

enum rs_status rs_figure_write(const char *path, const struct rs_chart *chart, const struct rs_figure_options *options,
                               struct rs_error *err)
{
    enum rs_sheet_kind kind = rs_sheet_kind_of(path);
    struct rs_figure figure = {.chart = chart, .options = options};
    figure.width = options->width > 0 ? options->width : WIDTH;
    figure.height = options->height > 0 ? options->height : HEIGHT;
    if (kind == RS_SHEETS)
        return rs_fail(err, RS_USAGE, "%s: not a figure's name: it ends in .svg, .png or .pdf", path);
    if (!(figure.width >= LEAST && figure.width <= MOST && figure.height >= LEAST && figure.height <= MOST))
        return rs_fail(err, RS_USAGE, "%s: a figure of %g x %g points: %g to %g are possible", path, figure.width,
                       figure.height, LEAST, MOST);
    rs_chart_scales(chart, &figure.x, &figure.y);
    rs_canvas_begin(&figure.canvas, kind, figure.width, figure.height, options->scale > 0 ? options->scale : SCALE,
                    options->title ? options->title : chart->y.label);
    draw(&figure);
    return rs_canvas_end(&figure.canvas, path, err);
}
