/* The Log screen: what happened in this sitting, and what libraries print while the screen is ours. */
#include <inttypes.h>
#include <string.h>

#include "app.h"
#include "paint.h"
#include "recscope/base/memory.h"

struct state {
    uint64_t top; /* the first line shown */
    bool holds;   /* it was scrolled back: new lines do not move it */
    uint64_t found;
    bool has_found;
    int rows; /* of the last frame */
};

static struct state *state_of(struct rs_app *app)
{
    return app->screen_state[RS_SCREEN_log];
}

static enum rs_status enter(struct rs_app *app, struct rs_error *err)
{
    struct state *state = state_of(app);
    if (state)
        return RS_OK;
    enum rs_status status = rs_alloc(&state, 1, sizeof *state, err);
    app->screen_state[RS_SCREEN_log] = state;
    return status;
}

/* The last line that may stand at the top. */
static uint64_t last_top(const struct rs_log *log, int rows)
{
    uint64_t first = rs_log_first(log);
    uint64_t end = log->count > (uint64_t)rows ? log->count - (uint64_t)rows : 0;
    return end > first ? end : first;
}

static void paint(struct rs_app *app, struct rs_rect body)
{
    struct state *state = state_of(app);
    const struct rs_log *log = &app->log;
    if (!state)
        return;
    state->rows = body.rows - 1;
    uint64_t first = rs_log_first(log);
    uint64_t last = last_top(log, state->rows);
    if (!state->holds || state->top > last)
        state->top = last;
    if (state->top < first)
        state->top = first;
    if (first > 0)
        rs_paint_format(body.row, body.column, body.columns, RS_LOOK_DIM, "%" PRIu64 " older lines were let go", first);
    else
        rs_paint(body.row, body.column, body.columns, RS_LOOK_DIM,
                 log->count > 0 ? "What happened since the explorer was opened" : "Nothing has happened yet");
    for (int i = 0; i < state->rows && state->top + (uint64_t)i < log->count; i++) {
        uint64_t at = state->top + (uint64_t)i;
        const struct rs_log_line *line = rs_log_at(log, at);
        int look = state->has_found && at == state->found ? RS_LOOK_FOCUS : line->bad ? RS_LOOK_BAD : RS_LOOK_PLAIN;
        int column = body.column;
        if (!app->no_clock)
            column += rs_paint(body.row + 1 + i, column, 9, RS_LOOK_DIM, line->clock) + 1;
        rs_paint(body.row + 1 + i, column, body.column + body.columns - column, look, line->text);
    }
}

static void move(struct rs_app *app, enum rs_move move)
{
    struct state *state = state_of(app);
    uint64_t first = rs_log_first(&app->log);
    uint64_t last = last_top(&app->log, state->rows);
    uint64_t page = state->rows > 1 ? (uint64_t)state->rows - 1 : 1;
    uint64_t by = move == RS_MOVE_PAGE_UP || move == RS_MOVE_PAGE_DOWN ? page : 1;
    if (move == RS_MOVE_HOME)
        state->top = first;
    else if (move == RS_MOVE_END)
        state->top = last;
    else if (move == RS_MOVE_UP || move == RS_MOVE_PAGE_UP)
        state->top = state->top > first + by ? state->top - by : first;
    else if (move == RS_MOVE_DOWN || move == RS_MOVE_PAGE_DOWN)
        state->top = state->top + by < last ? state->top + by : last;
    state->holds = state->top < last;
}

static void mouse(struct rs_app *app, const struct rs_mouse *mouse)
{
    if (mouse->kind == RS_MOUSE_WHEEL_UP || mouse->kind == RS_MOUSE_WHEEL_DOWN)
        move(app, mouse->kind == RS_MOUSE_WHEEL_UP ? RS_MOVE_UP : RS_MOVE_DOWN);
}

/* Backwards from the line found before, or from the newest one, going round. */
static bool find(struct rs_app *app, const char *text)
{
    struct state *state = state_of(app);
    const struct rs_log *log = &app->log;
    uint64_t first = rs_log_first(log);
    uint64_t lines = log->count - first;
    uint64_t from = state->has_found && state->found >= first ? state->found : log->count;
    for (uint64_t k = 1; k <= lines; k++) {
        uint64_t at = from >= first + k ? from - k : from + lines - k;
        if (!strstr(rs_log_at(log, at)->text, text))
            continue;
        state->found = at;
        state->has_found = state->holds = true;
        state->top = at;
        return true;
    }
    return false;
}

static bool back(struct rs_app *app)
{
    struct state *state = state_of(app);
    bool marked = state->has_found || state->holds;
    state->has_found = state->holds = false;
    return marked;
}

static void drop(struct rs_app *app)
{
    rs_free(app->screen_state[RS_SCREEN_log]);
}

const struct rs_screen_ops rs_screen_log = {.name = "log",
                                            .title = "Log",
                                            .enter = enter,
                                            .paint = paint,
                                            .move = move,
                                            .back = back,
                                            .find = find,
                                            .mouse = mouse,
                                            .free = drop};
