/* What keys do: commands, a field being edited, prompts. */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "keys.h"
#include "recscope/base/text.h"
#include "recscope/experiment/preset.h"
#include "recscope/models/model.h"

#define CHART_PAGE 10 /* epochs */

/* ---- fields ------------------------------------------------------------------------------------------------------ */

/* Give the field a value; a live one acts at once on a run that is under way. false: refused, the message says why. */
static bool set_field(struct rs_app *app, const struct rs_conf_row *row, const char *text)
{
    struct rs_error err = {0};
    bool under_way = app->status.state == RS_SESSION_RUNNING || app->status.state == RS_SESSION_PAUSED;
    enum rs_status status = rs_settings_parse(&app->settings, row, text, &err);
    if (status == RS_OK && row->live && under_way && !app->opened_other)
        status = rs_session_change(app->session, row, rs_string(&app->settings, row), &err);
    if (status != RS_OK)
        rs_app_say(app, true, "%s", err.message);
    return status == RS_OK;
}

static void nudge(struct rs_app *app, int direction)
{
    char text[RS_CONF_TEXT_SIZE];
    const struct rs_conf_row *row = rs_form_row(&app->form);
    if (rs_form_nudge(&app->settings, row, direction, text))
        set_field(app, row, text);
    else
        rs_app_say(app, false, "Enter edits this field");
}

static void begin_edit(struct rs_app *app)
{
    if (app->chart_focus)
        return;
    app->form.editing = true;
    rs_entry_begin(&app->form.entry, rs_string(&app->settings, rs_form_row(&app->form)));
}

static void edit_key(struct rs_app *app, uint32_t key)
{
    bool moves = key == RS_KEY_UP || key == RS_KEY_DOWN;
    if (key == RS_KEY_ESCAPE) {
        app->form.editing = false;
    } else if (key == RS_KEY_ENTER || key == RS_KEY_TAB || moves) {
        app->form.editing = !set_field(app, rs_form_row(&app->form), app->form.entry.text);
        if (moves && !app->form.editing)
            rs_form_move(&app->form, key == RS_KEY_UP ? -1 : 1, app->layout.form.rows);
    } else {
        rs_entry_key(&app->form.entry, key);
    }
}

/* ---- prompts ----------------------------------------------------------------------------------------------------- */

static void begin_save(struct rs_app *app)
{
    char name[RS_PATH_SIZE];
    if (rs_is_file(app->preset)) {
        rs_copy_string(name, sizeof name, app->preset);
    } else {
        const char *data = rs_string(&app->settings, &rs_row_source);
        const char *last = data + strlen(data);
        while (last > data && last[-1] != '/' && last[-1] != ':')
            last--;
        snprintf(name, sizeof name, "%s-%s.ini", rs_string(&app->settings, &rs_row_model), *last ? last : "data");
    }
    rs_entry_begin(&app->entry, name);
    app->mode = RS_MODE_SAVE;
}

static void save(struct rs_app *app)
{
    struct rs_error err = {0};
    app->mode = RS_MODE_COMMAND;
    if (rs_preset_write(app->entry.text, &app->settings, &err) != RS_OK) {
        rs_app_say(app, true, "%s", err.message);
        return;
    }
    rs_copy_string(app->preset, sizeof app->preset, app->entry.text);
    rs_app_say(app, false, "saved as %s", app->preset);
}

static void begin_open(struct rs_app *app)
{
    rs_preset_list_read(&app->presets);
    app->chosen = 0;
    rs_entry_begin(&app->entry, app->presets.count > 0 ? app->presets.path[0] : "");
    app->mode = RS_MODE_OPEN;
}

static void choose(struct rs_app *app, int by)
{
    size_t count = app->presets.count;
    if (count == 0)
        return;
    app->chosen = (app->chosen + count + (by > 0 ? 1 : count - 1)) % count;
    rs_entry_begin(&app->entry, app->presets.path[app->chosen]);
}

static void open_preset(struct rs_app *app)
{
    struct rs_error err = {0};
    struct rs_settings settings;
    app->mode = RS_MODE_COMMAND;
    if (rs_preset_read(&settings, app->entry.text, &err) != RS_OK) {
        rs_app_say(app, true, "%s", err.message);
        return;
    }
    app->settings = settings;
    rs_copy_string(app->preset, sizeof app->preset, app->entry.text);
    rs_app_say(app, false, "opened %s", app->preset);
    app->opened_other = true;
    if (!rs_app_is_training(app))
        rs_app_reset(app, false);
}

static void prompt_key(struct rs_app *app, uint32_t key)
{
    if (app->mode == RS_MODE_OVERWRITE) {
        if (key == 'y' || key == 'Y') {
            save(app);
        } else {
            app->mode = RS_MODE_COMMAND;
            rs_app_say(app, false, "not saved");
        }
    } else if (key == RS_KEY_ESCAPE) {
        app->mode = RS_MODE_COMMAND;
    } else if (key == RS_KEY_ENTER && app->entry.length > 0) {
        if (app->mode == RS_MODE_OPEN)
            open_preset(app);
        else if (rs_is_file(app->entry.text))
            app->mode = RS_MODE_OVERWRITE;
        else
            save(app);
    } else if (app->mode == RS_MODE_OPEN && (key == RS_KEY_UP || key == RS_KEY_DOWN)) {
        choose(app, key == RS_KEY_UP ? -1 : 1);
    } else {
        rs_entry_key(&app->entry, key);
    }
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

static void start_or_pause(struct rs_app *app)
{
    switch (app->status.state) {
    case RS_SESSION_RUNNING:
        rs_session_command(app->session, RS_SESSION_PAUSE);
        break;
    case RS_SESSION_LOADING:
        app->start_when_ready = !app->start_when_ready;
        break;
    case RS_SESSION_READY:
        if (rs_app_is_changed(app))
            rs_app_reset(app, true);
        else
            rs_session_command(app->session, RS_SESSION_START);
        break;
    case RS_SESSION_PAUSED:
        rs_session_command(app->session, RS_SESSION_START);
        break;
    case RS_SESSION_TESTING:
        break;
    case RS_SESSION_FINISHED:
    case RS_SESSION_FAILED:
        rs_app_reset(app, true);
        break;
    }
}

static void step(struct rs_app *app, enum rs_session_command command)
{
    if (app->session && (app->status.state == RS_SESSION_READY || app->status.state == RS_SESSION_PAUSED ||
                         app->status.state == RS_SESSION_RUNNING))
        rs_session_command(app->session, command);
    else
        rs_app_say(app, false, "there is no run to step: r begins again");
}

static void stop(struct rs_app *app)
{
    if (rs_app_is_training(app))
        rs_session_command(app->session, RS_SESSION_STOP);
    else
        rs_app_say(app, false, "nothing is being trained");
}

static void new_seed(struct rs_app *app)
{
    char text[RS_NUMBER_SIZE];
    snprintf(text, sizeof text, "%lld", (long long)rs_integer(&app->settings, &rs_row_seed) + 1);
    if (set_field(app, &rs_row_seed, text))
        rs_app_finish_then(app, RS_NEXT_RESET);
}

static void next_glyphs(struct rs_app *app)
{
    if (!app->terminal.utf8) {
        rs_app_say(app, true, "the locale is not UTF-8, so the chart is ASCII: LC_ALL=C.UTF-8 has more glyphs");
        return;
    }
    app->glyphs = (enum rs_plot_glyphs)((app->glyphs + 1) % RS_GLYPHS);
    rs_app_say(app, false, "drawn in %s", rs_plot_glyphs_name(app->glyphs));
}

static void move_cursor(struct rs_app *app, int by)
{
    long to = (long)app->cursor + by;
    long last = (long)app->curves.now.count - 1;
    app->cursor = to < 0 || last < 0 ? 0 : (size_t)(to > last ? last : to);
}

static void toggle_focus(struct rs_app *app)
{
    app->chart_focus = !app->chart_focus;
    if (app->chart_focus && app->cursor == 0 && app->curves.now.count > 0)
        app->cursor = app->curves.now.count - 1;
}

static void move(struct rs_app *app, enum rs_action action)
{
    int page = app->layout.form.rows > 1 ? app->layout.form.rows - 1 : 1;
    switch ((int)action) {
    case RS_ACTION_UP:
    case RS_ACTION_DOWN:
        if (!app->chart_focus)
            rs_form_move(&app->form, action == RS_ACTION_UP ? -1 : 1, app->layout.form.rows);
        break;
    case RS_ACTION_LESS:
    case RS_ACTION_MORE:
        if (app->chart_focus)
            move_cursor(app, action == RS_ACTION_LESS ? -1 : 1);
        else
            nudge(app, action == RS_ACTION_LESS ? -1 : 1);
        break;
    default:
        if (app->chart_focus)
            move_cursor(app, action == RS_ACTION_PAGE_UP ? -CHART_PAGE : CHART_PAGE);
        else
            rs_form_move(&app->form, action == RS_ACTION_PAGE_UP ? -page : page, app->layout.form.rows);
        break;
    }
}

static void toggle_pin(struct rs_app *app)
{
    app->pinned = !app->pinned;
    rs_app_say(app, false, app->pinned ? "pinned: this run's curves stay behind the next one" : "no longer pinned");
}

static void toggle_batch_loss(struct rs_app *app)
{
    app->batch_loss = !app->batch_loss;
}

static void unpin(struct rs_app *app)
{
    rs_curves_unpin(&app->curves);
    app->pinned = false;
}

static void leave_chart(struct rs_app *app)
{
    app->chart_focus = false;
}

static void show_help(struct rs_app *app)
{
    app->mode = RS_MODE_HELP;
}

static void command(struct rs_app *app, enum rs_action action)
{
    static void (*const plain[RS_ACTIONS])(struct rs_app *) = {
        [RS_ACTION_START] = start_or_pause,
        [RS_ACTION_HELP] = show_help,
        [RS_ACTION_STOP] = stop,
        [RS_ACTION_PIN] = toggle_pin,
        [RS_ACTION_UNPIN] = unpin,
        [RS_ACTION_SAVE] = begin_save,
        [RS_ACTION_OPEN] = begin_open,
        [RS_ACTION_GLYPHS] = next_glyphs,
        [RS_ACTION_BATCH_LOSS] = toggle_batch_loss,
        [RS_ACTION_NEW_SEED] = new_seed,
        [RS_ACTION_FOCUS] = toggle_focus,
        [RS_ACTION_EDIT] = begin_edit,
        [RS_ACTION_BACK] = leave_chart,
    };
    if (plain[action])
        plain[action](app);
    else if (action == RS_ACTION_RESET || action == RS_ACTION_QUIT)
        rs_app_finish_then(app, action == RS_ACTION_RESET ? RS_NEXT_RESET : RS_NEXT_QUIT);
    else if (action == RS_ACTION_STEP_BATCH || action == RS_ACTION_STEP_EPOCH)
        step(app, action == RS_ACTION_STEP_BATCH ? RS_SESSION_STEP_BATCH : RS_SESSION_STEP_EPOCH);
    else if (action == RS_ACTION_REPAINT)
        rs_terminal_repaint();
    else if (action != RS_ACTION_NONE)
        move(app, action);
}

/* A digit in a field that holds numbers is the begin of a new value. */
static bool begins_value(const struct rs_app *app, uint32_t key)
{
    enum rs_conf_type type = rs_form_row(&app->form)->type;
    bool numeric = type == RS_CONF_INTEGER || type == RS_CONF_NUMBER || type == RS_CONF_LIST;
    return !app->chart_focus && numeric && ((key >= '0' && key <= '9') || key == '.' || key == '-');
}

void rs_app_key(struct rs_app *app, uint32_t key)
{
    app->message[0] = '\0';
    app->message_is_bad = false;
    if (app->mode == RS_MODE_HELP) {
        app->mode = RS_MODE_COMMAND;
    } else if (app->mode != RS_MODE_COMMAND) {
        prompt_key(app, key);
    } else if (app->form.editing) {
        edit_key(app, key);
    } else if (begins_value(app, key)) {
        begin_edit(app);
        edit_key(app, key);
    } else {
        command(app, rs_action_of(key));
    }
}
