/* The Curves screen: form at the left, chart at the right, progress and figures below. */
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "keys.h"
#include "paint.h"
#include "recscope/base/memory.h"
#include "recscope/experiment/preset.h"
#include "recscope/models/model.h"

#define LABEL_COLUMNS 15
#define TAG_COLUMNS   5 /* " live" */

/* ---- above ------------------------------------------------------------------------------------------------------- */

static const char *state_text(const struct rs_app *app)
{
    static const char *const texts[] = {[RS_SESSION_LOADING] = "reading data ...",
                                        [RS_SESSION_READY] = "ready",
                                        [RS_SESSION_RUNNING] = "training",
                                        [RS_SESSION_PAUSED] = "paused",
                                        [RS_SESSION_TESTING] = "testing",
                                        [RS_SESSION_FINISHED] = "finished",
                                        [RS_SESSION_FAILED] = "failed"};
    if (app->status.state == RS_SESSION_TESTING && app->status.phase == RS_PHASE_REFIT)
        return "refitting";
    if (app->status.state == RS_SESSION_FINISHED)
        return app->status.done.reason == RS_REASON_DIVERGED ? "diverged" : texts[RS_SESSION_FINISHED];
    return texts[app->status.state];
}

/* 12345678 as 12.3M: three figures are enough to look at. */
static const char *short_count(char out[16], double count)
{
    const char *unit = count >= 1e9 ? "G" : count >= 1e6 ? "M" : count >= 1e4 ? "k" : "";
    double value = count >= 1e9 ? count / 1e9 : count >= 1e6 ? count / 1e6 : count >= 1e4 ? count / 1e3 : count;
    snprintf(out, 16, *unit && value < 100 ? "%.1f%s" : "%.0f%s", value, unit);
    return out;
}

static void paint_title(const struct rs_app *app)
{
    struct rs_rect at = app->layout.title;
    const char *title = rs_string(&app->settings, &rs_row_title);
    char users[16];
    char items[16];
    char ratings[16];
    int column = at.column + rs_paint(at.row, at.column, at.columns, RS_LOOK_TITLE, "recscope") + 2;
    if (title[0])
        column += rs_paint(at.row, column, at.columns / 3, RS_LOOK_PLAIN, title) + 2;
    const struct rs_session_status *status = &app->status;
    if (status->users > 0)
        rs_paint_format(at.row, column, at.columns - column, RS_LOOK_DIM, "%s, %s users, %s items, %s ratings",
                        status->data_name, short_count(users, (double)status->users),
                        short_count(items, (double)status->items),
                        short_count(ratings, (double)(status->train + status->eval + status->test)));
}

static void paint_equation(const struct rs_app *app)
{
    struct rs_rect at = app->layout.equation;
    const struct rs_model_ops *ops = rs_model_chosen(&app->settings);
    int column = at.column + rs_paint_format(at.row, at.column, at.columns, RS_LOOK_TITLE, "%s", ops->title) + 2;
    column += rs_paint(at.row, column, at.columns - column, RS_LOOK_PLAIN, ops->equation) + 2;
    if (app->status.users == 0 || column >= at.columns)
        return;
    char count[16];
    uint64_t parameters = rs_model_parameters(&app->settings, app->status.users, app->status.items);
    rs_paint_format(at.row, column, at.columns - column, RS_LOOK_DIM, "%s weights",
                    short_count(count, (double)parameters));
}

/* ---- form -------------------------------------------------------------------------------------------------------- */

static void paint_entry(int row, int column, int width, const struct rs_entry *entry)
{
    /* The end of a long text matters most: show the part around the cursor. */
    size_t from = 0;
    while (width > 1 && entry->cursor - from >= (size_t)width)
        from++;
    while (from < entry->cursor && ((unsigned char)entry->text[from] & 0xC0) == 0x80)
        from++;
    rs_paint_blank(row, column, width, RS_LOOK_EDIT);
    char before[sizeof entry->text];
    snprintf(before, sizeof before, "%.*s", (int)(entry->cursor - from), entry->text + from);
    int at = column + rs_paint(row, column, width, RS_LOOK_EDIT, before);
    rs_paint(row, at, column + width - at, RS_LOOK_EDIT, entry->text + entry->cursor);
    const char *under = entry->text + entry->cursor;
    uint32_t glyph = rs_plot_code_point(&under);
    rs_paint_glyph(row, at < column + width ? at : column + width - 1, RS_LOOK_FOCUS, glyph ? glyph : ' ');
}

static void paint_field(const struct rs_app *app, size_t index, int row, const struct rs_rect *at)
{
    const struct rs_conf_row *conf = app->form.row[index];
    const struct rs_conf_value *value = rs_value(&app->settings, conf);
    bool focused = index == app->form.focus;
    bool changed = strcmp(value->text, rs_value(&app->running, conf)->text) != 0;
    bool applies = rs_row_applies(&app->settings, conf);
    int width = at->columns - LABEL_COLUMNS - (conf->live ? TAG_COLUMNS : 0) - 1;
    int look = focused    ? (app->chart_focus ? RS_LOOK_FOCUS_AWAY : RS_LOOK_FOCUS)
               : !applies ? RS_LOOK_DIM
               : changed  ? RS_LOOK_CHANGED
                          : RS_LOOK_PLAIN;
    char label[32];
    snprintf(label, sizeof label, "%c%.30s", toupper((unsigned char)conf->label[0]), conf->label + 1);
    if (focused)
        rs_paint_blank(row, at->column, at->columns - 1, look);
    rs_paint(row, at->column, LABEL_COLUMNS - 1, look == RS_LOOK_CHANGED ? RS_LOOK_PLAIN : look, label);
    if (focused && app->form.editing)
        paint_entry(row, at->column + LABEL_COLUMNS, width, &app->form.entry);
    else
        rs_paint_format(row, at->column + LABEL_COLUMNS, width, look, applies ? "%s" : "(%s)",
                        value->text[0] ? value->text : "-");
    if (conf->live && applies)
        rs_paint(row, at->column + at->columns - TAG_COLUMNS, TAG_COLUMNS - 1, focused ? look : RS_LOOK_LIVE, "live");
}

static void paint_form(const struct rs_app *app)
{
    struct rs_rect at = app->layout.form;
    for (int i = 0; i < at.rows; i++) {
        size_t index = app->form.top + (size_t)i;
        if (index < app->form.count)
            paint_field(app, index, at.row + i, &at);
        rs_paint_glyph(at.row + i, app->layout.rule.column, RS_PLOT_AXIS, app->terminal.utf8 ? 0x2502 : '|');
    }
    if (app->form.top > 0)
        rs_paint_glyph(at.row, app->layout.rule.column, RS_LOOK_KEY, app->terminal.utf8 ? 0x25B2 : '^');
    if (app->form.top + (size_t)at.rows < app->form.count)
        rs_paint_glyph(at.row + at.rows - 1, app->layout.rule.column, RS_LOOK_KEY, app->terminal.utf8 ? 0x25BC : 'v');
}

/* ---- chart ------------------------------------------------------------------------------------------------------- */

static struct rs_chart_wish wish_of(const struct rs_app *app)
{
    return (struct rs_chart_wish){
        .epochs_most = (double)rs_integer(&app->running, &rs_row_epochs),
        .mean = app->status.baseline_mean,
        .user_item = app->status.baseline_user_item,
        .floor = app->status.noise_floor,
        .reference = rs_number(&app->settings, &rs_row_reference_rmse),
        .batch_loss = app->batch_loss,
        .colors = app->terminal.colors > 0,
        .cursor = app->chart_focus,
        .cursor_at = app->cursor,
    };
}

static void paint_centred(const struct rs_rect *at, int row, int look, const char *text)
{
    int length = (int)strlen(text);
    int column = at->column + (at->columns - length) / 2;
    rs_paint(row, column > at->column ? column : at->column, at->columns, look, text);
}

static void paint_failure(const struct rs_app *app)
{
    struct rs_rect at = app->layout.chart;
    int lines = rs_paint_wrapped(at.row + 1, at.column + 2, at.rows - 4, at.columns - 4, RS_LOOK_BAD, app->failure);
    rs_paint(at.row + 2 + lines, at.column + 2, at.columns - 4, RS_LOOK_PLAIN, "Correct the form, then press r.");
}

static void paint_preset_list(const struct rs_app *app)
{
    struct rs_rect at = app->layout.chart;
    rs_paint(at.row, at.column + 2, at.columns - 4, RS_LOOK_TITLE, "Presets here");
    int room = at.rows - 2;
    size_t top = app->chosen >= (size_t)room ? app->chosen - (size_t)room + 1 : 0;
    for (int i = 0; i < room && top + (size_t)i < app->presets.count; i++)
        rs_paint(at.row + 2 + i, at.column + 2, at.columns - 4,
                 top + (size_t)i == app->chosen ? RS_LOOK_FOCUS : RS_LOOK_PLAIN, app->presets.path[top + (size_t)i]);
    if (app->presets.count == 0)
        rs_paint(at.row + 2, at.column + 2, at.columns - 4, RS_LOOK_DIM, "none: type a path, or a name as playground");
}

static void paint_chart(struct rs_app *app)
{
    struct rs_rect at = app->layout.chart;
    struct rs_chart_wish wish = wish_of(app);
    struct rs_chart chart = rs_curves_chart(&app->curves, &wish);
    struct rs_error err = {0};
    size_t size = (size_t)at.rows * (size_t)at.columns;
    if (size > app->cell_count) {
        if (rs_grow(&app->cells, app->cell_count, size, sizeof *app->cells, &err) != RS_OK)
            return;
        app->cell_count = size;
    }
    rs_chart_draw(&chart, app->glyphs, at.rows, at.columns, app->cells);
    for (int row = 0; row < at.rows; row++)
        for (int column = 0; column < at.columns; column++) {
            const struct rs_plot_cell *cell = &app->cells[row * at.columns + column];
            if (cell->role != RS_PLOT_NOTHING)
                rs_paint_glyph(at.row + row, at.column + column, (int)cell->role, cell->glyph);
        }
    if (app->status.state == RS_SESSION_LOADING)
        paint_centred(&at, at.row + at.rows / 2, RS_LOOK_TITLE, " reading data ... ");
    else if (app->status.state == RS_SESSION_READY)
        paint_centred(&at, at.row + at.rows / 2, RS_LOOK_FOCUS, " SPACE starts it ");
}

/* ---- below ------------------------------------------------------------------------------------------------------- */

static void format_time(char out[32], double seconds)
{
    if (seconds < 10)
        snprintf(out, 32, "%.1f s", seconds);
    else if (seconds < 100)
        snprintf(out, 32, "%.0f s", seconds);
    else if (seconds < 6000)
        snprintf(out, 32, "%.0f min %02.0f s", floor(seconds / 60), fmod(floor(seconds), 60));
    else
        snprintf(out, 32, "%.0f h %02.0f min", floor(seconds / 3600), fmod(floor(seconds / 60), 60));
}

static void paint_progress(const struct rs_app *app)
{
    struct rs_rect at = app->layout.progress;
    const struct rs_session_status *status = &app->status;
    double most = (double)rs_integer(&app->running, &rs_row_epochs);
    double total = most * (double)status->steps_per_epoch;
    double share = status->state == RS_SESSION_FINISHED ? 1 : total > 0 ? fmin((double)status->step / total, 1) : 0;
    int width = at.columns / 3;
    for (int i = 0; i < width; i++) {
        bool full = i < (int)(share * width + 1e-9);
        uint32_t glyph = app->terminal.utf8 ? (full ? 0x2588 : 0x2591) : full ? '#' : '.';
        rs_paint_glyph(at.row, at.column + i, full ? RS_LOOK_BAR : RS_PLOT_AXIS, glyph);
    }
    int column = at.column + width + 2;
    bool bad = status->state == RS_SESSION_FAILED ||
               (status->state == RS_SESSION_FINISHED && status->done.reason == RS_REASON_DIVERGED);
    column += rs_paint(at.row, column, at.columns - column, bad ? RS_LOOK_BAD : RS_LOOK_GOOD, state_text(app)) + 2;
    if (status->steps_per_epoch > 0)
        column += rs_paint_format(at.row, column, at.columns - column, RS_LOOK_PLAIN,
                                  "epoch %" PRIu64 "/%.0f, step %" PRIu64, status->epoch, most, status->step) +
                  2;
    if (app->pinned)
        column += rs_paint(at.row, column, at.columns - column, RS_LOOK_LIVE, "pinned") + 2;
    if (status->state != RS_SESSION_LOADING && rs_app_is_changed(app))
        rs_paint(at.row, column, at.columns - column, RS_LOOK_CHANGED,
                 status->state == RS_SESSION_READY ? "changed: SPACE starts it" : "changed: press r");
}

static void paint_speed(const struct rs_app *app)
{
    struct rs_rect at = app->layout.speed;
    const struct rs_pace *pace = &app->pace;
    char epoch[32];
    char left[32];
    char rate[16];
    double most = (double)rs_integer(&app->running, &rs_row_epochs);
    if (pace->seconds <= 0)
        return;
    format_time(left, (most - (double)app->status.epoch) * (pace->seconds + pace->eval_seconds));
    if (pace->seconds < 1)
        snprintf(epoch, sizeof epoch, "%.0f ms", pace->seconds * 1e3);
    else
        format_time(epoch, pace->seconds);
    int column = at.column;
    column += rs_paint_format(at.row, column, at.columns, RS_LOOK_PLAIN, "%s an epoch   %s ratings/s", epoch,
                              short_count(rate, pace->cells / pace->seconds)) +
              3;
    if (app->status.state == RS_SESSION_RUNNING || app->status.state == RS_SESSION_PAUSED)
        rs_paint_format(at.row, column, at.columns - column, RS_LOOK_PLAIN, "%s left at most", left);
}

static void paint_quality(const struct rs_app *app)
{
    struct rs_rect at = app->layout.quality;
    const struct rs_curve *now = &app->curves.now;
    int64_t patience = rs_integer(&app->running, &rs_row_patience);
    const struct rs_done_record *done = &app->status.done;
    int column = at.column;
    if (now->count == 0)
        return;
    double train = now->train[now->count - 1];
    double eval = now->eval[now->count - 1];
    if (isfinite(now->best))
        column += rs_paint_format(at.row, column, at.columns, RS_PLOT_SECONDARY, "best eval %.4f (epoch %.0f)",
                                  now->best, now->best_epoch) +
                  3;
    if (isfinite(eval - train))
        column +=
            rs_paint_format(at.row, column, at.columns - column, RS_LOOK_PLAIN, "eval - train %+.4f", eval - train) + 3;
    if (patience > 0)
        column += rs_paint_format(at.row, column, at.columns - column, RS_LOOK_PLAIN, "patience %" PRIu64 "/%" PRId64,
                                  app->status.since_best, patience) +
                  3;
    if (app->status.state == RS_SESSION_FINISHED && done->metrics.has & 1u << RS_TEST_RMSE)
        rs_paint_format(at.row, column, at.columns - column, RS_LOOK_GOOD, "test %.4f",
                        done->metrics.value[RS_TEST_RMSE]);
}

/* The focused field: what it is and what would be right; or the values under the cross-hair. */
static void paint_hint(const struct rs_app *app)
{
    struct rs_rect at = app->layout.message;
    const struct rs_curve *now = &app->curves.now;
    if (app->chart_focus) {
        if (app->cursor < now->count)
            rs_paint_format(at.row, at.column, at.columns, RS_LOOK_PLAIN, "epoch %.0f: train %.4f, eval %.4f",
                            now->epoch[app->cursor], now->train[app->cursor], now->eval[app->cursor]);
        return;
    }
    const struct rs_conf_row *row = rs_form_row(&app->form);
    char range[256];
    rs_conf_range(row, range, sizeof range);
    rs_paint_format(at.row, at.column, at.columns, RS_LOOK_DIM, "%s%s (%s)", row->help,
                    rs_row_applies(&app->settings, row) ? "" : " - not used here", range);
}

static void paint_message(const struct rs_app *app)
{
    struct rs_rect at = app->layout.message;
    static const char *const asks[] = {
        [RS_MODE_SAVE] = "save as: ", [RS_MODE_OPEN] = "open preset (Up, Down, or type): "};
    if (app->mode == RS_MODE_SAVE || app->mode == RS_MODE_OPEN) {
        int column = at.column + rs_paint(at.row, at.column, at.columns, RS_LOOK_TITLE, asks[app->mode]);
        paint_entry(at.row, column, at.columns - column, &app->entry);
    } else if (app->mode == RS_MODE_OVERWRITE) {
        rs_paint_format(at.row, at.column, at.columns, RS_LOOK_BAD,
                        "%.60s is there: y writes over it, any other key does not", app->entry.text);
    } else if (app->message[0]) {
        rs_paint(at.row, at.column, at.columns, app->message_is_bad ? RS_LOOK_BAD : RS_LOOK_TITLE, app->message);
    } else {
        paint_hint(app);
    }
}

static int paint_footer_key(const struct rs_rect *at, int column, const char *key, const char *text)
{
    int width = (int)(strlen(key) + strlen(text)) + 1;
    if (column + width > at->column + at->columns)
        return column;
    column += rs_paint(at->row, column, width, RS_LOOK_KEY, key) + 1;
    return column + rs_paint(at->row, column, width, RS_LOOK_DIM, text) + 2;
}

static void paint_footer(const struct rs_app *app)
{
    struct rs_rect at = app->layout.footer;
    int column = at.column;
    if (app->form.editing || app->mode == RS_MODE_SAVE || app->mode == RS_MODE_OPEN) {
        column = paint_footer_key(&at, column, "Enter", "takes it");
        paint_footer_key(&at, column, "Esc", "leaves it as it was");
        return;
    }
    for (size_t i = 0; i < rs_binding_count; i++)
        if (rs_bindings[i].footer)
            column = paint_footer_key(&at, column, rs_bindings[i].name, rs_bindings[i].footer);
}

static void paint_help(const struct rs_app *app)
{
    int row = 1;
    rs_paint(0, 0, app->terminal.columns, RS_LOOK_TITLE, "Keys (any key closes this list)");
    for (size_t i = 0; i < rs_binding_count; i++) {
        if (!rs_bindings[i].name)
            continue;
        rs_paint(++row, 2, 10, RS_LOOK_KEY, rs_bindings[i].name);
        rs_paint(row, 14, app->terminal.columns - 14, RS_LOOK_PLAIN, rs_bindings[i].help);
    }
}

void rs_app_paint(struct rs_app *app)
{
    rs_paint_erase();
    app->layout = rs_layout_of(app->terminal.rows, app->terminal.columns);
    rs_form_move(&app->form, 0, app->layout.form.rows);
    if (!app->layout.fits) {
        rs_paint_format(0, 0, app->terminal.columns, RS_LOOK_TITLE, "%d x %d is too small", app->terminal.columns,
                        app->terminal.rows);
        rs_paint_format(1, 0, app->terminal.columns, RS_LOOK_PLAIN, "needs %d x %d: enlarge, or q", RS_LEAST_COLUMNS,
                        RS_LEAST_ROWS);
    } else if (app->mode == RS_MODE_HELP) {
        paint_help(app);
    } else {
        paint_title(app);
        paint_equation(app);
        paint_form(app);
        if (app->mode == RS_MODE_OPEN)
            paint_preset_list(app);
        else if (app->status.state == RS_SESSION_FAILED)
            paint_failure(app);
        else
            paint_chart(app);
        paint_progress(app);
        paint_speed(app);
        paint_quality(app);
        paint_message(app);
        paint_footer(app);
    }
    rs_terminal_show();
}
