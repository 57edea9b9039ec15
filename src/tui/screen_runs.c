/* The Runs screen: every run that was kept, as a table that is sorted, filtered, and laid over the chart. */
#include "screen_runs.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "paint.h"
#include "recscope/base/memory.h"
#include "recscope/base/text.h"

#define RANK_WIDTH 6

/* ---- reading ----------------------------------------------------------------------------------------------------- */

struct rs_runs_state *rs_runs_state(struct rs_app *app)
{
    return app->screen_state[RS_SCREEN_runs];
}

bool rs_runs_is_present(const struct rs_app *app, const struct rs_stored_run *run)
{
    const char *folder = app->recorder ? rs_recorder_folder(app->recorder) : "";
    const char *slash = strrchr(folder, '/');
    return strcmp(slash ? slash + 1 : folder, run->name) == 0;
}

bool rs_runs_is_now(const struct rs_app *app, const struct rs_stored_run *run)
{
    return rs_app_is_training(app) && rs_runs_is_present(app, run);
}

/* Where the runs of this sitting go: beside the one that --out names, or where runs go when nobody says. */
static enum rs_status open_list(struct rs_app *app, struct rs_run_list *list, struct rs_error *err)
{
    char folder[RS_PATH_SIZE];
    if (!app->options->out)
        return rs_run_list_open(list, NULL, err);
    rs_copy_string(folder, sizeof folder, app->options->out);
    char *slash = strrchr(folder, '/');
    if (!slash)
        return rs_run_list_open(list, ".", err);
    slash[slash == folder] = '\0';
    return rs_run_list_open(list, folder, err);
}

enum rs_status rs_runs_show(struct rs_app *app, struct rs_error *err)
{
    struct rs_runs_state *state = rs_runs_state(app);
    struct rs_run_list *list = &state->list;
    const struct rs_stored_run *marked = state->marked < list->shown_count ? list->shown[state->marked] : NULL;
    enum rs_status status = rs_run_list_show(list, state->filter, &state->sort, state->inverted, err);
    if (status != RS_OK)
        return status;
    for (size_t i = 0; i < list->shown_count; i++)
        if (list->shown[i] == marked)
            state->marked = i;
    if (state->marked >= list->shown_count)
        state->marked = list->shown_count ? list->shown_count - 1 : 0;
    rs_run_table_build(&state->table, list, app->no_clock);
    return RS_OK;
}

enum rs_status rs_runs_read(struct rs_app *app, struct rs_error *err)
{
    struct rs_runs_state *state = rs_runs_state(app);
    char name[256] = "";
    bool changed = false;
    enum rs_status status = RS_OK;
    if (!state) {
        status = rs_alloc(&state, 1, sizeof *state, err);
        if (status != RS_OK)
            return status;
        app->screen_state[RS_SCREEN_runs] = state;
        state->sort = (struct rs_run_key){.fact = RS_FACT_BEST};
        status = open_list(app, &state->list, err);
    }
    if (state->marked < state->list.shown_count)
        rs_copy_string(name, sizeof name, state->list.shown[state->marked]->name);
    state->read_at = time(NULL);
    if (status == RS_OK)
        status = rs_run_list_refresh(&state->list, &changed, err);
    if (status == RS_OK && (changed || state->table.count == 0))
        status = rs_runs_show(app, err);
    for (size_t i = 0; i < state->list.shown_count; i++)
        if (strcmp(state->list.shown[i]->name, name) == 0)
            state->marked = i;
    return status;
}

static enum rs_status enter(struct rs_app *app, struct rs_error *err)
{
    enum rs_status status = rs_runs_read(app, err);
    struct rs_runs_state *state = rs_runs_state(app);
    if (status == RS_OK && !state->entered) /* the list was read before, but nobody has marked anything */
        state->marked = 0;
    if (status == RS_OK)
        state->entered = true;
    return status;
}

/* While something trains, once a second at most. */
static void news(struct rs_app *app)
{
    struct rs_error err = {0};
    struct rs_runs_state *state = rs_runs_state(app);
    if (state && time(NULL) != state->read_at && rs_runs_read(app, &err) != RS_OK)
        rs_app_say(app, true, "%s", err.message);
}

enum rs_status rs_runs_marked(struct rs_app *app, const struct rs_stored_run **out, struct rs_error *err)
{
    struct rs_runs_state *state = rs_runs_state(app);
    if (app->screen != RS_SCREEN_runs || !state || state->marked >= state->list.shown_count)
        return rs_fail(err, RS_USAGE, "no run is marked: the Runs screen marks one");
    *out = state->list.shown[state->marked];
    return RS_OK;
}

/* ---- painting ---------------------------------------------------------------------------------------------------- */

static void paint_empty(const struct rs_runs_state *state, struct rs_rect at)
{
    if (state->list.count > 0) {
        rs_paint(at.row, at.column, at.columns, RS_LOOK_PLAIN,
                 "No run passes this filter: \\ changes it, Esc takes it away");
        return;
    }
    rs_paint(at.row, at.column, at.columns, RS_LOOK_PLAIN,
             "No run is kept yet: Space starts one, and it is kept by itself");
    rs_paint(at.row + 1, at.column, at.columns, RS_LOOK_DIM,
             "Here all your runs are ranked, compared, tagged, and laid over the chart.");
}

static void paint_summary(const struct rs_app *app, const struct rs_runs_state *state, struct rs_rect at)
{
    char filter[RS_FILTER_SIZE + 32] = "";
    if (state->filter[0])
        snprintf(filter, sizeof filter, ", %zu with %s", state->list.shown_count, state->filter);
    rs_paint_format(at.row, at.column, at.columns, RS_LOOK_DIM, "%zu run%s%s%s%s", state->list.count,
                    state->list.count == 1 ? "" : "s", app->no_clock ? "" : " in ",
                    app->no_clock ? "" : state->list.folder, filter);
}

/* A cell at its side of the column. */
static void paint_cell(int row, int column, const struct rs_run_column *about, int width, int look, const char *text)
{
    int length = (int)strlen(text);
    if (about->right && length < width)
        rs_paint(row, column + width - length, length, look, text);
    else
        rs_paint(row, column, width, look, text);
}

static bool is_sorted_by(const struct rs_runs_state *state, const struct rs_run_column *column)
{
    return column->key.row == state->sort.row && (column->key.row || column->key.fact == state->sort.fact);
}

/* row of the screen; run NULL: the titles. */
static void paint_line(struct rs_app *app, struct rs_rect at, int row, const struct rs_stored_run *run, int look)
{
    const struct rs_runs_state *state = rs_runs_state(app);
    const struct rs_run_table *table = &state->table;
    int column = at.column + RANK_WIDTH;
    size_t count = rs_run_table_fit(table, state->first, at.columns - RANK_WIDTH);
    for (size_t c = state->first; c < state->first + count && c < table->count; c++) {
        const struct rs_run_column *about = &table->column[c];
        char cell[RS_CELL_SIZE];
        bool sorted = is_sorted_by(state, about);
        int room = at.column + at.columns - column;
        int width = about->width < room ? about->width : room;
        if (run)
            rs_run_cell(cell, run, about, app->no_clock);
        else
            snprintf(cell, sizeof cell, "%s%s", about->title, !sorted ? "" : state->inverted ? "v" : "^");
        paint_cell(row, column, about, width, !run && sorted ? RS_LOOK_KEY : look, cell);
        column += width + 2;
    }
}

static bool is_other_data(const struct rs_app *app, const struct rs_stored_run *run)
{
    return app->dataset && (strcmp(run->data_hash, app->dataset->ratings.hash) != 0 ||
                            strcmp(run->split_hash, app->dataset->split_hash) != 0);
}

static void paint_run(struct rs_app *app, struct rs_rect at, int row, size_t index)
{
    const struct rs_runs_state *state = rs_runs_state(app);
    const struct rs_stored_run *run = state->list.shown[index];
    bool marked = index == state->marked;
    size_t rank = rs_run_rank(&state->list, run);
    char text[24] = "-";
    int look = marked                         ? RS_LOOK_FOCUS
               : run->state == RS_RUN_DAMAGED ? RS_LOOK_BAD
               : is_other_data(app, run)      ? RS_LOOK_DIM
                                              : RS_LOOK_PLAIN;
    if (rank > 0)
        snprintf(text, sizeof text, "%zu", rank);
    if (rs_runs_is_now(app, run))
        rs_copy_string(text, sizeof text, "now");
    rs_paint_blank(row, at.column, at.columns, look);
    rs_paint_format(row, at.column, RANK_WIDTH - 1, look, "%c%3s",
                    rs_app_overlaid(app, run->name) || rs_runs_is_present(app, run) ? '*' : ' ', text);
    paint_line(app, at, row, run, look);
}

/* What the table has no room for, about the marked run. */
static void paint_detail(const struct rs_app *app, const struct rs_stored_run *run, struct rs_rect at, int row)
{
    const char *name = app->no_clock ? "this run" : run->name;
    if (run->state == RS_RUN_DAMAGED) {
        rs_paint_format(row, at.column, at.columns, RS_LOOK_BAD, "%s cannot be read: %s", name, run->why);
        return;
    }
    const char *reason = run->reason[0] ? run->reason : "did not come to its end";
    const char *by = run->reason[0] ? "ended by " : "";
    const char *seed = rs_stored_run_value(run, &rs_row_seed);
    char fork[200] = "";
    if (run->parent[0])
        snprintf(fork, sizeof fork, ", forked from %s at epoch %llu", app->no_clock ? "another" : run->parent,
                 (unsigned long long)run->parent_epoch);
    int used = rs_paint_format(row, at.column, at.columns, RS_LOOK_DIM, "%s: %.0f epochs, %s%s, seed %s%s%s%s%s", name,
                               run->epochs, by, rs_runs_is_now(app, run) ? "training" : reason, seed ? seed : "unknown",
                               fork, run->changes ? ", changed while it trained" : "",
                               is_other_data(app, run) ? ", on other data than the form's: " : "",
                               is_other_data(app, run) ? run->data : "");
    if (run->label.note[0] && used + 3 < at.columns)
        rs_paint_format(row, at.column + used, at.columns - used, RS_LOOK_PLAIN, "; %s", run->label.note);
}

static void paint(struct rs_app *app, struct rs_rect body)
{
    struct rs_runs_state *state = rs_runs_state(app);
    if (!state)
        return;
    paint_summary(app, state, body);
    state->rows = body.rows - 4; /* summary, titles, a blank line, the marked run */
    if (state->list.shown_count == 0) {
        paint_empty(state, (struct rs_rect){body.row + 2, body.column, body.rows - 2, body.columns});
        return;
    }
    size_t rows = (size_t)state->rows;
    if (state->marked < state->top)
        state->top = state->marked;
    if (state->marked >= state->top + rows)
        state->top = state->marked - rows + 1;
    if (state->first >= state->table.count)
        state->first = state->table.count - 1;
    rs_paint(body.row + 1, body.column, RANK_WIDTH, RS_LOOK_TITLE, "rank");
    paint_line(app, body, body.row + 1, NULL, RS_LOOK_TITLE);
    for (size_t i = 0; i < rows && state->top + i < state->list.shown_count; i++)
        paint_run(app, body, body.row + 2 + (int)i, state->top + i);
    size_t count = rs_run_table_fit(&state->table, state->first, body.columns - RANK_WIDTH);
    if (state->first > 0 || state->first + count < state->table.count)
        rs_paint_format(body.row + body.rows - 2, body.column, body.columns, RS_LOOK_DIM,
                        "columns %zu to %zu of %zu: left and right show the others", state->first + 1,
                        state->first + count, state->table.count);
    paint_detail(app, state->list.shown[state->marked], body, body.row + body.rows - 1);
}

/* ---- moving
 * ------------------------------------------------------------------------------------------------------ */

static void move(struct rs_app *app, enum rs_move move)
{
    struct rs_runs_state *state = rs_runs_state(app);
    size_t last = state->list.shown_count ? state->list.shown_count - 1 : 0;
    size_t page = state->rows > 1 ? (size_t)state->rows - 1 : 1;
    size_t by = move == RS_MOVE_PAGE_UP || move == RS_MOVE_PAGE_DOWN ? page : 1;
    if (move == RS_MOVE_HOME)
        state->marked = 0;
    else if (move == RS_MOVE_END)
        state->marked = last;
    else if (move == RS_MOVE_UP || move == RS_MOVE_PAGE_UP)
        state->marked = state->marked > by ? state->marked - by : 0;
    else if (move == RS_MOVE_DOWN || move == RS_MOVE_PAGE_DOWN)
        state->marked = state->marked + by < last ? state->marked + by : last;
    else if (move == RS_MOVE_LEFT)
        state->first -= state->first > 0;
    else if (state->first + rs_run_table_fit(&state->table, state->first, app->layout.body.columns - RANK_WIDTH) <
             state->table.count)
        state->first++;
}

/* A second click on the marked run lays it over the chart. */
static void mouse(struct rs_app *app, const struct rs_mouse *mouse)
{
    struct rs_runs_state *state = rs_runs_state(app);
    int line = mouse->row - app->layout.body.row - 2;
    size_t at = state->top + (size_t)(line < 0 ? 0 : line);
    if (mouse->kind == RS_MOUSE_WHEEL_UP || mouse->kind == RS_MOUSE_WHEEL_DOWN)
        move(app, mouse->kind == RS_MOUSE_WHEEL_UP ? RS_MOVE_UP : RS_MOVE_DOWN);
    else if (mouse->kind == RS_MOUSE_PRESS && line >= 0 && line < state->rows && at < state->list.shown_count)
        state->marked = at;
}

/* Forwards from the marked run, going round. */
static bool find(struct rs_app *app, const char *text)
{
    struct rs_runs_state *state = rs_runs_state(app);
    for (size_t k = 1; k <= state->list.shown_count; k++) {
        size_t at = (state->marked + k) % state->list.shown_count;
        const struct rs_stored_run *run = state->list.shown[at];
        if (strstr(run->name, text) || strstr(run->label.tag, text) || strstr(run->label.note, text)) {
            state->marked = at;
            return true;
        }
    }
    return false;
}

/* Of a filter. */
static bool back(struct rs_app *app)
{
    struct rs_error err = {0};
    struct rs_runs_state *state = rs_runs_state(app);
    if (!state->filter[0])
        return false;
    state->filter[0] = '\0';
    if (rs_runs_show(app, &err) != RS_OK)
        rs_app_say(app, true, "%s", err.message);
    return true;
}

static void choose(struct rs_app *app)
{
    rs_command_key(app, RS_COMMAND_overlay, NULL);
}

static void drop(struct rs_app *app)
{
    struct rs_runs_state *state = rs_runs_state(app);
    if (state)
        rs_run_list_free(&state->list);
    rs_free(state);
}

const struct rs_screen_ops rs_screen_runs = {.name = "runs",
                                             .title = "Runs",
                                             .enter = enter,
                                             .news = news,
                                             .paint = paint,
                                             .move = move,
                                             .choose = choose,
                                             .back = back,
                                             .find = find,
                                             .mouse = mouse,
                                             .free = drop};
