#include "tried_panel.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "app.h"
#include "paint.h"
#include "recscope/base/text.h"
#include "recscope/experiment/preset.h"
#include "recscope/models/model.h"
#include "screen_runs.h"

#define TALL          31 /* rows of the form's place, from which on the map is a chart */
#define CHART_ROWS    7  /* a heading, six values */
#define VALUE_COLUMNS 14
#define ERROR_COLUMNS 8
#define BAR_COLUMNS   8

/* ---- the map ----------------------------------------------------------------------------------------------------- */

static bool has_a_part(const struct rs_conf_row *row)
{
    return !rs_row_describes(row) && row != &rs_row_threads;
}

static void make_map(struct rs_app *app)
{
    struct rs_tried_map *map = &app->tried;
    const struct rs_runs_state *runs = rs_runs_state(app);
    const char *model = rs_string(&app->settings, &rs_row_model);
    memset(map, 0, sizeof *map);
    rs_copy_string(map->model, sizeof map->model, model);
    if (!runs || !app->dataset)
        return;
    for (size_t i = 0; i < app->settings.count; i++) {
        const struct rs_conf_row *row = app->settings.rows[i];
        struct rs_tried *tried = &map->row[i];
        if (has_a_part(row))
            tried->count = rs_tried_values(&runs->list, app->dataset->ratings.hash, app->dataset->split_hash,
                                           row == &rs_row_model ? NULL : model, row, tried->value, RS_TRIED_MOST);
        map->any = map->any || tried->count > 1;
    }
}

void rs_tried_read(struct rs_app *app)
{
    struct rs_error err = {0};
    if (rs_runs_read(app, &err) != RS_OK)
        rs_app_log(app, "%s", err.message);
    make_map(app);
}

void rs_tried_update(struct rs_app *app)
{
    if (strcmp(app->tried.model, rs_string(&app->settings, &rs_row_model)) != 0)
        make_map(app);
}

static const struct rs_tried *tried_of(const struct rs_app *app, const struct rs_conf_row *row)
{
    size_t i = 0;
    while (app->settings.rows[i] != row)
        i++;
    return &app->tried.row[i];
}

bool rs_tried_has(const struct rs_app *app, const struct rs_conf_row *row)
{
    return tried_of(app, row)->count > 1;
}

/* ---- cells ------------------------------------------------------------------------------------------------------- */

static bool has_eighths(const struct rs_app *app)
{
    return app->terminal.utf8 && !app->terminal.blocks_only && app->glyphs != RS_GLYPHS_ASCII;
}

/* Best, the present value, others. */
static int look_of(const struct rs_app *app, const struct rs_conf_row *row, const struct rs_tried *tried, size_t at)
{
    bool present = strcmp(tried->value[at].text, rs_string(&app->settings, row)) == 0;
    return at == rs_tried_best(tried) ? RS_LOOK_GOOD : present ? RS_LOOK_TITLE : RS_LOOK_DIM;
}

static int paint_cells(const struct rs_app *app, const struct rs_conf_row *row, const struct rs_tried *tried, int line,
                       int column)
{
    static const char ascii[] = "_.-~=+*#";
    for (size_t i = 0; i < tried->count; i++) {
        int level = (int)lround(rs_tried_share(tried, i) * 7);
        rs_paint_glyph(line, column + (int)i, look_of(app, row, tried, i),
                       has_eighths(app) ? 0x2581u + (uint32_t)level : (uint32_t)ascii[level]);
    }
    return (int)tried->count;
}

void rs_paint_tried_cells(const struct rs_app *app, const struct rs_conf_row *row, int line, int column)
{
    struct rs_tried tried = *tried_of(app, row);
    rs_tried_thin(&tried, RS_TRIED_CELLS, rs_string(&app->settings, row));
    paint_cells(app, row, &tried, line, column);
}

/* ---- the focused field ------------------------------------------------------------------------------------------- */

int rs_tried_rows(const struct rs_app *app, const struct rs_rect *form)
{
    return !app->tried.any ? 0 : form->rows >= TALL ? CHART_ROWS : 1;
}

static void paint_bar(const struct rs_app *app, int line, int column, int look, double share)
{
    int eighths = 1 + (int)lround(share * (8 * BAR_COLUMNS - 1));
    for (int i = 0; i < BAR_COLUMNS && eighths > 8 * i; i++) {
        int part = eighths - 8 * i < 8 ? eighths - 8 * i : 8;
        rs_paint_glyph(line, column + i, look, has_eighths(app) ? 0x2590u - (uint32_t)part : '=');
    }
}

static void paint_value(const struct rs_app *app, const struct rs_conf_row *row, const struct rs_tried *tried, size_t i,
                        int line, const struct rs_rect *at)
{
    const struct rs_tried_value *value = &tried->value[i];
    int look = look_of(app, row, tried, i);
    int column = at->column;
    bool present = strcmp(value->text, rs_string(&app->settings, row)) == 0;
    rs_paint(line, column, 1, RS_LOOK_KEY, present ? ">" : " ");
    rs_paint(line, column + 2, VALUE_COLUMNS - 1, look, value->text[0] ? value->text : "-");
    column += 2 + VALUE_COLUMNS;
    rs_paint_format(line, column, ERROR_COLUMNS, look, "%.4f", value->best);
    column += ERROR_COLUMNS;
    paint_bar(app, line, column, look, rs_tried_share(tried, i));
    column += BAR_COLUMNS + 1;
    if (i == rs_tried_best(tried))
        rs_paint(line, column, at->column + at->columns - 1 - column, look, "best");
    else if (value->runs > 1)
        rs_paint_format(line, column, at->column + at->columns - 1 - column, RS_LOOK_DIM, "%zu runs", value->runs);
}

static void paint_chart(const struct rs_app *app, const struct rs_conf_row *row, const struct rs_tried *all,
                        const struct rs_rect *at)
{
    struct rs_tried tried = *all;
    rs_tried_thin(&tried, (size_t)at->rows - 1, rs_string(&app->settings, row));
    rs_paint_format(at->row, at->column, at->columns - 1, RS_LOOK_DIM, "%c%s tried: best eval RMSE",
                    toupper((unsigned char)row->label[0]), row->label + 1);
    for (size_t i = 0; i < tried.count; i++)
        paint_value(app, row, &tried, i, at->row + 1 + (int)i, at);
}

static void paint_line(const struct rs_app *app, const struct rs_conf_row *row, const struct rs_tried *all,
                       const struct rs_rect *at)
{
    struct rs_tried tried = *all;
    rs_tried_thin(&tried, RS_TRIED_CELLS, rs_string(&app->settings, row));
    const struct rs_tried_value *best = &tried.value[rs_tried_best(&tried)];
    int column = at->column + paint_cells(app, row, &tried, at->row, at->column) + 1;
    rs_paint_format(at->row, column, at->column + at->columns - 1 - column, RS_LOOK_DIM, "best %.4f at %s", best->best,
                    best->text);
}

void rs_paint_tried(const struct rs_app *app, struct rs_rect at)
{
    const struct rs_conf_row *row = rs_form_row(&app->form);
    const struct rs_tried *tried = tried_of(app, row);
    if (tried->count > 1 && at.rows > 1)
        paint_chart(app, row, tried, &at);
    else if (tried->count > 1)
        paint_line(app, row, tried, &at);
    else if (has_a_part(row))
        rs_paint_format(at.row, at.column, at.columns - 1, RS_LOOK_DIM, "%c%s: only %.40s tried here",
                        toupper((unsigned char)row->label[0]), row->label + 1,
                        tried->count == 0         ? "nothing"
                        : tried->value[0].text[0] ? tried->value[0].text
                                                  : "-");
}
