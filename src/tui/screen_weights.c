/* The Weights screen: what the model has learned, in three views. Histograms: the weights of each parameter. Units: how
 * active the hidden units are. Map: where the most rated items lie, those that the model takes to be alike side by
 * side. A list at the left, what is marked in it at the right. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "chart_panel.h"
#include "paint.h"
#include "recscope/base/memory.h"
#include "recscope/base/text.h"

#define PLACES        200 /* items on the map */
#define NEIGHBOURS    5   /* that are pointed out */
#define LABEL_COLUMNS 24

enum weights_view { HISTOGRAM, UNITS, MAP, VIEWS };

static const char *const view_names[VIEWS] = {"histogram", "units", "map"};
static const enum rs_probe_kind view_kind[VIEWS] = {RS_PROBE_WEIGHTS, RS_PROBE_UNITS, RS_PROBE_MAP};

struct weights {
    enum weights_view view;
    size_t chosen[VIEWS];                /* row of the list */
    size_t top[VIEWS];                   /* its first row that is shown */
    int rows;                            /* of the list, at the last painting */
    const struct rs_probe_answer *first; /* weights as they were first seen in this run */
    bool *taken;                         /* (taken_count) cells of the map that have something */
    size_t taken_count;
};

static struct weights *state_of(const struct rs_app *app)
{
    return app->screen_state[RS_SCREEN_weights];
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

static void ask(struct rs_app *app)
{
    const struct rs_probe_question question = {.kind = view_kind[state_of(app)->view], .places = PLACES};
    rs_watch_ask(app, &question);
}

static void news(struct rs_app *app)
{
    struct weights *self = state_of(app);
    const struct rs_probe_answer *now = app->watch[RS_PROBE_WEIGHTS].answer;
    if (now && (!self->first || self->first->step > now->step || self->first->parameters != now->parameters)) {
        rs_probe_drop(self->first);
        self->first = rs_probe_take(now);
    }
    ask(app);
}

static enum rs_status enter(struct rs_app *app, struct rs_error *err)
{
    if (!app->screen_state[RS_SCREEN_weights]) {
        struct weights *self;
        enum rs_status status = rs_alloc(&self, 1, sizeof *self, err);
        if (status != RS_OK)
            return status;
        app->screen_state[RS_SCREEN_weights] = self;
    }
    ask(app);
    return RS_OK;
}

static void free_state(struct rs_app *app)
{
    struct weights *self = state_of(app);
    if (!self)
        return;
    rs_probe_drop(self->first);
    rs_free(self->taken);
    rs_free(self);
}

/* ---- the list at the left ---------------------------------------------------------------------------------------- */

static size_t list_length(const struct rs_app *app)
{
    const struct weights *self = state_of(app);
    const struct rs_probe_answer *answer = app->watch[view_kind[self->view]].answer;
    if (!answer)
        return 0;
    return self->view == HISTOGRAM ? answer->parameters : self->view == UNITS ? answer->layers : answer->places;
}

/* Keep the marked row in sight; returns whether there is a list. */
static bool arrange_list(struct rs_app *app, int rows)
{
    struct weights *self = state_of(app);
    size_t length = list_length(app);
    size_t *chosen = &self->chosen[self->view];
    size_t *top = &self->top[self->view];
    self->rows = rows > 0 ? rows : 1;
    if (length == 0)
        return false;
    *chosen = *chosen < length ? *chosen : length - 1;
    *top = *chosen < *top ? *chosen : *top;
    *top = *chosen >= *top + (size_t)self->rows ? *chosen - (size_t)self->rows + 1 : *top;
    return true;
}

/* 0.0123, 12.3, 4.6e+03: four places at most. */
static const char *short_number(char out[16], double value)
{
    snprintf(out, 16, fabs(value) >= 1e4 || (value != 0 && fabs(value) < 1e-3) ? "%.1e" : "%.3g", value);
    return out;
}

static void paint_parameters(const struct rs_app *app, struct rs_rect at, const struct rs_probe_answer *answer)
{
    const struct weights *self = state_of(app);
    bool wide = at.columns >= 48;
    rs_paint_format(at.row, at.column, at.columns, RS_LOOK_DIM,
                    wide ? "%-9s %13s %8s %8s %8s" : "%-6s %12s %7s%.0s %7s", "", "shape", "norm", "sd", "change");
    for (int i = 0; i + 1 < at.rows && self->top[HISTOGRAM] + (size_t)i < answer->parameters; i++) {
        size_t row = self->top[HISTOGRAM] + (size_t)i;
        const struct rs_probe_parameter *w = &answer->parameter[row];
        char shape[48];
        char norm[16];
        char deviation[16];
        char change[16] = "";
        snprintf(shape, sizeof shape, "%zu x %zu", w->rows, w->columns);
        if (w->change >= 0)
            short_number(change, w->change);
        int look = row == self->chosen[HISTOGRAM] ? RS_LOOK_FOCUS : w->not_finite > 0 ? RS_LOOK_BAD : RS_LOOK_PLAIN;
        rs_paint_blank(at.row + 1 + i, at.column, at.columns, look);
        rs_paint_format(at.row + 1 + i, at.column, at.columns, look,
                        wide ? "%-9.14s %13s %8s %8s %8s" : "%-6.14s %12s %7s%.0s %7s", w->name, shape,
                        short_number(norm, w->norm), short_number(deviation, w->deviation), change);
    }
}

static void paint_layers(const struct rs_app *app, struct rs_rect at, const struct rs_probe_answer *answer)
{
    const struct weights *self = state_of(app);
    rs_paint_format(at.row, at.column, at.columns, RS_LOOK_DIM, "%-18s %5s %5s %5s", "", "units", "dead", "satur.");
    for (int i = 0; i + 1 < at.rows && self->top[UNITS] + (size_t)i < answer->layers; i++) {
        size_t row = self->top[UNITS] + (size_t)i;
        const struct rs_probe_layer *layer = &answer->layer[row];
        int look = row == self->chosen[UNITS] ? RS_LOOK_FOCUS : RS_LOOK_PLAIN;
        rs_paint_blank(at.row + 1 + i, at.column, at.columns, look);
        rs_paint_format(at.row + 1 + i, at.column, at.columns, look, "%-18.18s %5zu %5zu %5zu", layer->name,
                        layer->units, layer->dead, layer->saturated);
    }
}

static void paint_items(const struct rs_app *app, struct rs_rect at, const struct rs_probe_answer *answer)
{
    const struct weights *self = state_of(app);
    rs_paint(at.row, at.column, at.columns, RS_LOOK_DIM, "the most rated items");
    for (int i = 0; i + 1 < at.rows && self->top[MAP] + (size_t)i < answer->places; i++) {
        size_t row = self->top[MAP] + (size_t)i;
        int look = row == self->chosen[MAP] ? RS_LOOK_FOCUS : RS_LOOK_PLAIN;
        rs_paint_blank(at.row + 1 + i, at.column, at.columns, look);
        rs_paint(at.row + 1 + i, at.column, at.columns, look, rs_item_name(app->dataset, answer->place[row].item));
    }
}

/* ---- histograms -------------------------------------------------------------------------------------------------- */

/* What students want to know of a letter. */
static const char *meaning_of(const char *name)
{
    static const struct {
        const char *name, *meaning;
    } meanings[] = {
        {"V", "encoder: what each input says to the hidden units"},
        {"mu", "bias of each hidden unit"},
        {"W", "decoder: how each output listens to the hidden units"},
        {"b", "bias of each output"},
        {"P", "a vector for each user"},
        {"Q", "a vector for each item"},
        {"b_u", "bias of each user"},
        {"b_i", "bias of each item"},
    };
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (strcmp(meanings[i].name, name) == 0)
            return meanings[i].meaning;
    return strstr(name, "bias") ? "bias of each unit of a deeper layer" : "from one hidden layer to the next";
}

/* A histogram as steps: two points a bin, and the ground at both ends. */
struct steps {
    double x[2 * RS_PROBE_BINS + 2], y[2 * RS_PROBE_BINS + 2], ground[2 * RS_PROBE_BINS + 2];
};

static struct rs_plot_series steps_of(struct steps *steps, const struct rs_histogram *histogram)
{
    double width = (histogram->high - histogram->low) / RS_PROBE_BINS;
    double all = 0;
    for (size_t bin = 0; bin < RS_PROBE_BINS; bin++)
        all += (double)histogram->count[bin];
    *steps = (struct steps){.x = {histogram->low}};
    for (size_t bin = 0; bin < RS_PROBE_BINS; bin++) {
        double share = all > 0 ? 100 * (double)histogram->count[bin] / all : 0;
        steps->x[2 * bin + 1] = histogram->low + width * (double)bin;
        steps->x[2 * bin + 2] = histogram->low + width * (double)(bin + 1);
        steps->y[2 * bin + 1] = steps->y[2 * bin + 2] = share;
    }
    steps->x[2 * RS_PROBE_BINS + 1] = histogram->high;
    return (struct rs_plot_series){.x = steps->x,
                                   .y = steps->y,
                                   .low = steps->ground,
                                   .high = steps->y,
                                   .count = 2 * RS_PROBE_BINS + 2,
                                   .role = RS_PLOT_PRIMARY,
                                   .fit = true};
}

/* before: the same earlier; NULL: not known. */
static void paint_histogram(struct rs_app *app, struct rs_rect at, const struct rs_histogram *now,
                            const struct rs_histogram *before, const char *label)
{
    struct steps steps[2];
    struct rs_plot_series series[2];
    size_t count = 0;
    double low = now->low;
    double high = now->high;
    if (before) {
        series[count] = steps_of(&steps[count], before);
        series[count].role = RS_PLOT_GHOST_SECONDARY;
        series[count].low = series[count].high = NULL;
        series[count].dash = RS_DASH_DOTTED;
        series[count].glyph = ':';
        count++;
        low = fmin(low, before->low);
        high = fmax(high, before->high);
    }
    series[count] = steps_of(&steps[count], now);
    count++;
    double top = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < series[i].count; k++)
            top = fmax(top, series[i].y[k]);
    const struct rs_chart chart = {.x = {.label = label, .given = true, .low = low, .high = high},
                                   .y = {.label = "% of them", .given = true, .low = 0, .high = fmax(top * 1.05, 1)},
                                   .series = series,
                                   .series_count = count};
    rs_paint_plot(app, &chart, at);
}

static void paint_parameter(struct rs_app *app, struct rs_rect at, const struct rs_probe_answer *answer)
{
    const struct weights *self = state_of(app);
    size_t chosen = self->chosen[HISTOGRAM];
    const struct rs_probe_parameter *w = &answer->parameter[chosen];
    const struct rs_probe_parameter *before = self->first ? &self->first->parameter[chosen] : NULL;
    char mean[16];
    char deviation[16];
    char low[16];
    char high[16];
    int used =
        rs_paint_format(at.row, at.column, at.columns, RS_LOOK_TITLE, "%s, %zu x %zu", w->name, w->rows, w->columns);
    rs_paint_format(at.row, at.column + used + 2, at.columns - used - 2, RS_LOOK_DIM, "%s", meaning_of(w->name));
    if (w->not_finite > 0)
        rs_paint_format(at.row + 1, at.column, at.columns, RS_LOOK_BAD,
                        "%llu of them are no numbers any more: the run has diverged",
                        (unsigned long long)w->not_finite);
    else
        rs_paint_format(at.row + 1, at.column, at.columns, RS_LOOK_PLAIN, "mean %s, sd %s, from %s to %s%s",
                        short_number(mean, w->mean), short_number(deviation, w->deviation), short_number(low, w->low),
                        short_number(high, w->high), w->looked_at < w->rows * w->columns ? " (of a sample)" : "");
    bool same = before && before != w && self->first->step != answer->step && before->rows == w->rows &&
                before->columns == w->columns;
    struct rs_rect chart = {at.row + 2, at.column, at.rows - 2, at.columns};
    if (same)
        rs_paint(at.row + 2, at.column + 12, at.columns - 12, RS_PLOT_GHOST_SECONDARY, "dotted: when first looked at");
    if (w->looked_at > 0)
        paint_histogram(app, chart, &w->histogram, same ? &before->histogram : NULL, "weight");
}

/* ---- units ------------------------------------------------------------------------------------------------------- */

/* How a unit's mean activation looks, between the least and the most. */
static uint32_t shade(const struct rs_app *app, double share)
{
    static const uint32_t blocks[] = {0x00B7, 0x2591, 0x2592, 0x2593, 0x2588};
    static const char letters[] = ".:+%@";
    int level = (int)(fmin(fmax(share, 0), 1) * 4.999);
    return app->terminal.utf8 && app->glyphs != RS_GLYPHS_ASCII ? blocks[level] : (uint32_t)letters[level];
}

/* Each unit a cell; returns the lines used. */
static int paint_strip(const struct rs_app *app, struct rs_rect at, const struct rs_probe_layer *layer)
{
    double low = (double)INFINITY;
    double high = -(double)INFINITY;
    for (size_t i = 0; i < layer->units; i++) {
        low = fmin(low, (double)layer->mean[i]);
        high = fmax(high, (double)layer->mean[i]);
    }
    bool bounded = layer->to > layer->from;
    low = bounded ? layer->from : low;
    high = bounded ? layer->to : high;
    size_t room = (size_t)at.rows * (size_t)at.columns;
    for (size_t i = 0; i < layer->units && i < room; i++) {
        double share = high > low ? ((double)layer->mean[i] - low) / (high - low) : 0;
        bool alive = layer->state[i] == RS_UNIT_ALIVE;
        uint32_t glyph = alive ? shade(app, share) : layer->state[i] == RS_UNIT_DEAD ? 'x' : '#';
        int look = alive                             ? (int)RS_PLOT_PRIMARY
                   : layer->state[i] == RS_UNIT_DEAD ? (int)RS_LOOK_BAD
                                                     : (int)RS_LOOK_CHANGED;
        rs_paint_glyph(at.row + (int)(i / (size_t)at.columns), at.column + (int)(i % (size_t)at.columns), look, glyph);
    }
    int lines = (int)((layer->units + (size_t)at.columns - 1) / (size_t)at.columns);
    return lines < at.rows ? lines : at.rows;
}

static void paint_layer(struct rs_app *app, struct rs_rect at, const struct rs_probe_answer *answer)
{
    const struct rs_probe_layer *layer = &answer->layer[state_of(app)->chosen[UNITS]];
    double units = (double)layer->units;
    rs_paint_format(at.row, at.column, at.columns, RS_LOOK_TITLE,
                    "%zu units on %zu rows: %.0f %% dead, %.0f %% saturated", layer->units, layer->rows,
                    100 * (double)layer->dead / units, 100 * (double)layer->saturated / units);
    int column = at.column;
    column += rs_paint(at.row + 1, column, at.columns, RS_LOOK_DIM, "mean: low ");
    for (int i = 0; i < 5; i++)
        rs_paint_glyph(at.row + 1, column++, RS_PLOT_PRIMARY, shade(app, (i + 0.5) / 5));
    column += rs_paint(at.row + 1, column, at.columns, RS_LOOK_DIM, " high; ");
    column += rs_paint(at.row + 1, column, at.columns, RS_LOOK_BAD, "x");
    column += rs_paint(at.row + 1, column, at.columns, RS_LOOK_DIM, " dead, ");
    column += rs_paint(at.row + 1, column, at.columns, RS_LOOK_CHANGED, "#");
    rs_paint(at.row + 1, column, at.columns, RS_LOOK_DIM, " saturated");
    struct rs_rect strip = {at.row + 3, at.column, (at.rows - 3) / 2, at.columns};
    int lines = paint_strip(app, strip, layer) + 4;
    struct rs_rect chart = {at.row + lines, at.column, at.rows - lines, at.columns};
    if (chart.rows >= 6)
        paint_histogram(app, chart, &layer->histogram, NULL, "activation of all units on all rows");
}

/* ---- map --------------------------------------------------------------------------------------------------------- */

struct map {
    struct rs_rect at;
    double left, right, low, high; /* what the edges are worth */
    bool *taken;                   /* (rows, columns) */
};

static bool begin_map(struct rs_app *app, struct rs_rect at, const struct rs_probe_answer *answer, struct map *map)
{
    struct weights *self = state_of(app);
    struct rs_error err;
    size_t size = (size_t)at.rows * (size_t)at.columns;
    if (size > self->taken_count) {
        if (rs_grow(&self->taken, 0, size, sizeof *self->taken, &err) != RS_OK)
            return false;
        self->taken_count = size;
    }
    memset(self->taken, 0, size * sizeof *self->taken);
    *map = (struct map){at, (double)INFINITY, -(double)INFINITY, (double)INFINITY, -(double)INFINITY, self->taken};
    for (size_t i = 0; i < answer->places; i++) {
        map->left = fmin(map->left, (double)answer->place[i].x);
        map->right = fmax(map->right, (double)answer->place[i].x);
        map->low = fmin(map->low, (double)answer->place[i].y);
        map->high = fmax(map->high, (double)answer->place[i].y);
    }
    return map->right > map->left && map->high > map->low;
}

static void cell_of(const struct map *map, const struct rs_probe_place *place, int *row, int *column)
{
    double x = ((double)place->x - map->left) / (map->right - map->left);
    double y = ((double)place->y - map->low) / (map->high - map->low);
    *row = map->at.rows - 1 - (int)(y * (map->at.rows - 1) + 0.5);
    *column = (int)(x * (map->at.columns - 1) + 0.5);
}

static bool is_free(const struct map *map, int row, int column, int columns)
{
    if (column < 0 || column + columns > map->at.columns)
        return false;
    for (int i = 0; i < columns; i++)
        if (map->taken[row * map->at.columns + column + i])
            return false;
    return true;
}

/* The name beside its dot, right or left, where it covers nothing; the one that must stand may cover dots. */
static void label_place(const struct rs_app *app, struct map *map, const struct rs_probe_place *place, int look,
                        bool must)
{
    int row;
    int column;
    const char *name = rs_item_name(app->dataset, place->item);
    int columns = rs_paint_width(name) < LABEL_COLUMNS ? rs_paint_width(name) : LABEL_COLUMNS;
    cell_of(map, place, &row, &column);
    int from = is_free(map, row, column + 1, columns + 2)             ? column + 2
               : is_free(map, row, column - columns - 2, columns + 2) ? column - columns - 1
                                                                      : -1;
    if (from < 0 && must)
        from = column + columns + 2 <= map->at.columns ? column + 2 : column - columns - 1;
    if (from < 0)
        return;
    for (int i = -1; i <= columns; i++)
        if (from + i >= 0 && from + i < map->at.columns)
            map->taken[row * map->at.columns + from + i] = true;
    rs_paint(map->at.row + row, map->at.column + from, columns, look, name);
}

/* The places nearest to the chosen one, by the map; returns how many. */
static size_t neighbours_of(const struct rs_probe_answer *answer, size_t chosen, size_t out[NEIGHBOURS])
{
    double distance[NEIGHBOURS];
    size_t count = 0;
    for (size_t i = 0; i < answer->places; i++) {
        double d = hypot((double)(answer->place[i].x - answer->place[chosen].x),
                         (double)(answer->place[i].y - answer->place[chosen].y));
        if (i == chosen || (count == NEIGHBOURS && d >= distance[count - 1]))
            continue;
        size_t at = count < NEIGHBOURS ? count++ : count - 1;
        for (; at > 0 && distance[at - 1] > d; at--) {
            distance[at] = distance[at - 1];
            out[at] = out[at - 1];
        }
        distance[at] = d;
        out[at] = i;
    }
    return count;
}

static void paint_map(struct rs_app *app, struct rs_rect at, const struct rs_probe_answer *answer)
{
    struct map map;
    size_t chosen = state_of(app)->chosen[MAP];
    size_t near[NEIGHBOURS];
    size_t nears = neighbours_of(answer, chosen, near);
    bool utf8 = app->terminal.utf8 && app->glyphs != RS_GLYPHS_ASCII;
    rs_paint_format(at.row, at.column, at.columns, RS_LOOK_DIM, "where items differ most: %.0f %% and %.0f %% of it",
                    100 * answer->share[0], 100 * answer->share[1]);
    int end = at.column + rs_paint(at.row + 1, at.column, at.columns, RS_LOOK_TITLE, "near it: ");
    for (size_t i = 0; i < nears && end < at.column + at.columns; i++)
        end += rs_paint_format(at.row + 1, end, at.column + at.columns - end, RS_LOOK_LIVE, "%s%s", i > 0 ? "; " : "",
                               rs_item_name(app->dataset, answer->place[near[i]].item));
    if (!begin_map(app, (struct rs_rect){at.row + 2, at.column, at.rows - 2, at.columns}, answer, &map)) {
        rs_paint(at.row + 3, at.column, at.columns, RS_LOOK_PLAIN, "they are all the same");
        return;
    }
    for (size_t i = answer->places; i-- > 0;) {
        int row;
        int column;
        cell_of(&map, &answer->place[i], &row, &column);
        map.taken[row * map.at.columns + column] = true;
        rs_paint_glyph(map.at.row + row, map.at.column + column, RS_PLOT_PRIMARY, utf8 ? 0x2022 : 'o');
    }
    label_place(app, &map, &answer->place[chosen], RS_LOOK_FOCUS, true);
    for (size_t i = 0; i < nears; i++)
        label_place(app, &map, &answer->place[near[i]], RS_LOOK_LIVE, false);
    for (size_t i = 0; i < answer->places; i++)
        if (i != chosen)
            label_place(app, &map, &answer->place[i], RS_LOOK_DIM, false);
    for (size_t i = 0; i <= nears; i++) {
        int row;
        int column;
        cell_of(&map, &answer->place[i < nears ? near[i] : chosen], &row, &column);
        rs_paint_glyph(map.at.row + row, map.at.column + column, i < nears ? RS_LOOK_LIVE : RS_LOOK_FOCUS,
                       utf8 ? 0x25CF : '@');
    }
}

/* ---- the screen -------------------------------------------------------------------------------------------------- */

static void paint_views(const struct rs_app *app, struct rs_rect body)
{
    static const char *const titles[VIEWS] = {"histograms", "hidden units", "item map"};
    const struct weights *self = state_of(app);
    const struct rs_probe_answer *answer = app->watch[view_kind[self->view]].answer;
    int column = body.column;
    for (size_t i = 0; i < VIEWS; i++)
        column += rs_paint_format(body.row, column, body.columns, i == self->view ? RS_LOOK_FOCUS_AWAY : RS_LOOK_DIM,
                                  "%s", titles[i]) +
                  2;
    column += rs_paint(body.row, column, body.columns - column, RS_LOOK_KEY, "v") + 2;
    if (answer)
        column += rs_paint_format(body.row, column, body.columns - column, RS_LOOK_PLAIN, "epoch %llu, step %llu",
                                  (unsigned long long)answer->epoch, (unsigned long long)answer->step) +
                  2;
    if (answer && self->view == HISTOGRAM && answer->parameters > 0 && answer->parameter[0].change >= 0)
        rs_paint_format(body.row, column, body.columns - column, RS_LOOK_DIM, "change since epoch %llu",
                        (unsigned long long)answer->changed_since);
}

static void paint(struct rs_app *app, struct rs_rect body)
{
    static void (*const list[VIEWS])(const struct rs_app *, struct rs_rect,
                                     const struct rs_probe_answer *) = {paint_parameters, paint_layers, paint_items};
    static void (*const detail[VIEWS])(struct rs_app *, struct rs_rect,
                                       const struct rs_probe_answer *) = {paint_parameter, paint_layer, paint_map};
    const struct weights *self = state_of(app);
    const struct rs_probe_answer *answer = app->watch[view_kind[self->view]].answer;
    int columns = body.columns >= 110 ? 50 : 37;
    struct rs_rect left = {body.row + 2, body.column, body.rows - 2, columns};
    struct rs_rect right = {body.row + 2, body.column + columns + 2, body.rows - 2, body.columns - columns - 2};
    paint_views(app, body);
    const char *sorry = app->status.state == RS_SESSION_FAILED ? app->failure
                        : !answer || !app->dataset             ? "asking the model ..."
                        : answer->problem[0]                   ? answer->problem
                                                               : NULL;
    if (!sorry && !arrange_list(app, left.rows - 1))
        sorry = "This model has no hidden units: its letters are vectors. v shows them.";
    if (sorry) {
        rs_paint_wrapped(left.row + 1, left.column, left.rows - 2, body.columns, RS_LOOK_PLAIN, sorry);
        return;
    }
    list[self->view](app, left, answer);
    detail[self->view](app, right, answer);
}

static void move(struct rs_app *app, enum rs_move move)
{
    struct weights *self = state_of(app);
    size_t length = list_length(app);
    size_t *chosen = &self->chosen[self->view];
    size_t page = self->rows > 1 ? (size_t)self->rows - 1 : 1;
    size_t by = move == RS_MOVE_PAGE_UP || move == RS_MOVE_PAGE_DOWN ? page : 1;
    if (length == 0)
        return;
    if (move == RS_MOVE_HOME)
        *chosen = 0;
    else if (move == RS_MOVE_END)
        *chosen = length - 1;
    else if (move == RS_MOVE_UP || move == RS_MOVE_PAGE_UP)
        *chosen -= *chosen < by ? *chosen : by;
    else if (move == RS_MOVE_DOWN || move == RS_MOVE_PAGE_DOWN)
        *chosen = *chosen + by < length ? *chosen + by : length - 1;
}

static bool find(struct rs_app *app, const char *text)
{
    struct weights *self = state_of(app);
    const struct rs_probe_answer *answer = app->watch[view_kind[self->view]].answer;
    size_t length = list_length(app);
    for (size_t i = 1; i <= length; i++) {
        size_t at = (self->chosen[self->view] + i) % length;
        const char *name = self->view == HISTOGRAM ? answer->parameter[at].name
                           : self->view == UNITS   ? answer->layer[at].name
                                                   : rs_item_name(app->dataset, answer->place[at].item);
        if (rs_has_text(name, text)) {
            self->chosen[self->view] = at;
            return true;
        }
    }
    return false;
}

/* A press marks a row of the list, the wheel goes through it. */
static void mouse(struct rs_app *app, const struct rs_mouse *mouse)
{
    struct weights *self = state_of(app);
    size_t length = list_length(app);
    int line = mouse->row - app->layout.body.row - 3;
    if (mouse->kind == RS_MOUSE_WHEEL_UP || mouse->kind == RS_MOUSE_WHEEL_DOWN)
        move(app, mouse->kind == RS_MOUSE_WHEEL_UP ? RS_MOVE_UP : RS_MOVE_DOWN);
    else if (mouse->kind == RS_MOUSE_PRESS && line >= 0 && line < self->rows &&
             self->top[self->view] + (size_t)line < length)
        self->chosen[self->view] = self->top[self->view] + (size_t)line;
}

enum rs_status rs_do_weights_view(struct rs_app *app, const char *argument, struct rs_error *err)
{
    enum rs_status status = app->screen == RS_SCREEN_weights ? RS_OK : rs_do_screen(app, "weights", err);
    if (status != RS_OK)
        return status;
    struct weights *self = state_of(app);
    size_t view = argument[0] ? 0 : ((size_t)self->view + 1) % VIEWS;
    while (argument[0] && view < VIEWS && strcmp(view_names[view], argument) != 0)
        view++;
    if (view == VIEWS)
        return rs_fail(err, RS_USAGE, "view %.40s: histogram, units or map", argument);
    self->view = (enum weights_view)view;
    ask(app);
    return RS_OK;
}

const struct rs_screen_ops rs_screen_weights = {.name = "weights",
                                                .title = "Weights",
                                                .enter = enter,
                                                .news = news,
                                                .paint = paint,
                                                .move = move,
                                                .find = find,
                                                .mouse = mouse,
                                                .free = free_state};
