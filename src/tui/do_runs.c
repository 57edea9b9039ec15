/* Commands about runs that are kept. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "recscope/base/memory.h"
#include "recscope/base/text.h"
#include "recscope/experiment/preset.h"
#include "screen_runs.h"

static void say_wrong(struct rs_app *app, const struct rs_error *err)
{
    rs_app_say(app, true, "%s", err->message);
}

/* ---- order and filter -------------------------------------------------------------------------------------------- */

/* The column beside the one that sorts now. */
static struct rs_run_key beside(const struct rs_runs_state *state, bool next)
{
    size_t count = state->table.count;
    size_t at = 0;
    while (at < count && (state->table.column[at].key.row != state->sort.row ||
                          (!state->sort.row && state->table.column[at].key.fact != state->sort.fact)))
        at++;
    if (at == count)
        return state->table.column[0].key;
    return state->table.column[(at + (next ? 1 : count - 1)) % count].key;
}

enum rs_status rs_do_sort(struct rs_app *app, const char *argument, struct rs_error *err)
{
    enum rs_status status = rs_runs_read(app, err);
    if (status != RS_OK)
        return status;
    struct rs_runs_state *state = rs_runs_state(app);
    struct rs_run_key key = state->sort;
    bool inverted = false;
    if (strcmp(argument, "invert") == 0)
        inverted = !state->inverted;
    else if (strcmp(argument, "next") == 0 || strcmp(argument, "before") == 0)
        key = beside(state, argument[0] == 'n');
    else
        status = rs_run_key_find(&key, argument, err);
    if (status != RS_OK)
        return status;
    state->sort = key;
    state->inverted = inverted;
    status = rs_runs_show(app, err);
    if (status == RS_OK)
        rs_app_say(app, false, "sorted by %s, the %s first", rs_run_key_name(&key), inverted ? "greatest" : "least");
    return status;
}

static enum rs_status set_filter(struct rs_app *app, const char *text, struct rs_error *err)
{
    struct rs_runs_state *state = rs_runs_state(app);
    char before[RS_FILTER_SIZE];
    rs_copy_string(before, sizeof before, state->filter);
    if (!rs_copy_string(state->filter, sizeof state->filter, text)) {
        rs_copy_string(state->filter, sizeof state->filter, before);
        return rs_fail(err, RS_USAGE, "the filter is longer than %d bytes", RS_FILTER_SIZE - 1);
    }
    enum rs_status status = rs_runs_show(app, err);
    if (status != RS_OK)
        rs_copy_string(state->filter, sizeof state->filter, before);
    return status;
}

/* What is not yet a filter leaves the list as it was. */
static void filter_changed(struct rs_app *app, const char *text)
{
    struct rs_error err = {0};
    if (set_filter(app, text, &err) != RS_OK)
        return;
}

static void filter_answered(struct rs_app *app, const char *text)
{
    struct rs_error err = {0};
    if (set_filter(app, text, &err) != RS_OK)
        say_wrong(app, &err);
}

static void filter_left(struct rs_app *app)
{
    filter_answered(app, rs_runs_state(app)->kept_filter);
}

enum rs_status rs_do_filter(struct rs_app *app, const char *argument, struct rs_error *err)
{
    static const struct rs_prompt_ops ask = {.question = "filter (words, dropout=0.5, best<0.95, | or, ! not): ",
                                             .takes_empty = true,
                                             .answer = filter_answered,
                                             .changed = filter_changed,
                                             .left = filter_left};
    enum rs_status status = rs_runs_read(app, err);
    if (status != RS_OK)
        return status;
    struct rs_runs_state *state = rs_runs_state(app);
    if (argument[0])
        return set_filter(app, argument, err);
    rs_copy_string(state->kept_filter, sizeof state->kept_filter, state->filter);
    rs_app_ask(app, &ask, state->filter);
    return RS_OK;
}

/* ---- labels ------------------------------------------------------------------------------------------------------ */

static enum rs_status set_label(struct rs_app *app, const char *tag, const char *note, struct rs_error *err)
{
    const struct rs_stored_run *run;
    enum rs_status status = rs_runs_marked(app, &run, err);
    if (status != RS_OK)
        return status;
    struct rs_run_label label = run->label;
    if ((tag && !rs_copy_string(label.tag, sizeof label.tag, tag)) ||
        (note && !rs_copy_string(label.note, sizeof label.note, note)))
        return rs_fail(err, RS_USAGE, "a tag has at most %d bytes, a note %d", RS_LABEL_TAG - 1, RS_LABEL_NOTE - 1);
    status = rs_run_label_write(&label, run->folder, err);
    return status == RS_OK ? rs_runs_read(app, err) : status;
}

static void tag_answered(struct rs_app *app, const char *text)
{
    struct rs_error err = {0};
    if (set_label(app, text, NULL, &err) != RS_OK)
        say_wrong(app, &err);
}

static void note_answered(struct rs_app *app, const char *text)
{
    struct rs_error err = {0};
    if (set_label(app, NULL, text, &err) != RS_OK)
        say_wrong(app, &err);
}

enum rs_status rs_do_tag(struct rs_app *app, const char *argument, struct rs_error *err)
{
    static const struct rs_prompt_ops ask = {.question = "tag: ", .takes_empty = true, .answer = tag_answered};
    const struct rs_stored_run *run;
    if (argument[0])
        return set_label(app, argument, NULL, err);
    enum rs_status status = rs_runs_marked(app, &run, err);
    if (status == RS_OK)
        rs_app_ask(app, &ask, run->label.tag);
    return status;
}

enum rs_status rs_do_note(struct rs_app *app, const char *argument, struct rs_error *err)
{
    static const struct rs_prompt_ops ask = {.question = "note: ", .takes_empty = true, .answer = note_answered};
    const struct rs_stored_run *run;
    if (argument[0])
        return set_label(app, NULL, argument, err);
    enum rs_status status = rs_runs_marked(app, &run, err);
    if (status == RS_OK)
        rs_app_ask(app, &ask, run->label.note);
    return status;
}

/* ---- delete ------------------------------------------------------------------------------------------------------ */

/* The list may have been read anew since the question was put: what was named then is deleted. */
static void delete_answered(struct rs_app *app, const char *text)
{
    (void)text;
    struct rs_error err = {0};
    char folder[RS_PATH_SIZE];
    rs_copy_string(folder, sizeof folder, app->write_path);
    enum rs_status status = rs_run_delete(folder, &err);
    if (status == RS_OK)
        status = rs_runs_read(app, &err);
    if (status != RS_OK)
        say_wrong(app, &err);
    else
        rs_app_say(app, false, "deleted");
}

enum rs_status rs_do_delete(struct rs_app *app, const char *argument, struct rs_error *err)
{
    static const struct rs_prompt_ops ask = {.question = "", .confirm = true, .answer = delete_answered};
    const struct rs_stored_run *run;
    (void)argument;
    enum rs_status status = rs_runs_marked(app, &run, err);
    if (status != RS_OK)
        return status;
    if (rs_runs_is_now(app, run))
        return rs_fail(err, RS_USAGE, "this run is being trained: x stops it");
    rs_copy_string(app->write_path, sizeof app->write_path, run->folder);
    if (app->no_clock)
        rs_app_confirm(app, &ask, "delete this run for good? y deletes it, any other key does not");
    else
        rs_app_confirm(app, &ask, "delete %.100s for good? y deletes it, any other key does not", run->name);
    return RS_OK;
}

/* ---- on the chart, in the form ----------------------------------------------------------------------------------- */

enum rs_status rs_do_overlay(struct rs_app *app, const char *argument, struct rs_error *err)
{
    const struct rs_stored_run *run;
    (void)argument;
    enum rs_status status = rs_runs_marked(app, &run, err);
    if (status != RS_OK)
        return status;
    if (rs_runs_is_present(app, run))
        return rs_fail(err, RS_USAGE, "this run is on the chart: its curves are the present ones");
    if (rs_app_overlaid(app, run->name)) {
        rs_app_take_off(app, run->name);
        rs_app_say(app, false, "off the chart");
        return RS_OK;
    }
    status = rs_app_overlay(app, run, err);
    if (status == RS_OK)
        rs_app_say(app, false, "on the chart: Tab shows it");
    return status;
}

enum rs_status rs_do_open_run(struct rs_app *app, const char *argument, struct rs_error *err)
{
    const struct rs_stored_run *run;
    char path[RS_PATH_SIZE];
    (void)argument;
    enum rs_status status = rs_runs_marked(app, &run, err);
    if (status == RS_OK)
        status = rs_path_join(path, sizeof path, run->folder, "run.ini", err);
    if (status == RS_OK)
        status = rs_do_open(app, path, err);
    if (status != RS_OK)
        return status;
    app->preset[0] = '\0'; /* a record is not saved over */
    rs_app_say(app, false, "the form has that run's settings: Space trains them again");
    return rs_do_screen(app, "curves", err);
}
