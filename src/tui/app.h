/* app.h -- the state of the explorer, and the parts of it that stand in other files.
 *
 * explorer.c runs the loop and keeps the session, actions.c says what keys do, screen_curves.c paints.
 * Threads: main thread.
 */
#ifndef RS_TUI_APP_H
#define RS_TUI_APP_H

#include "curves.h"
#include "form.h"
#include "layout.h"
#include "preset_list.h"
#include "recorder.h"
#include "recscope/train/session.h"
#include "recscope/tui/explorer.h"
#include "terminal.h"

enum rs_mode {
    RS_MODE_COMMAND,
    RS_MODE_HELP,
    RS_MODE_SAVE,      /* a path is being typed */
    RS_MODE_OVERWRITE, /* the file is there: y or not */
    RS_MODE_OPEN
};

/* What follows once a run that is being stopped has ended. */
enum rs_next { RS_NEXT_NOTHING, RS_NEXT_RESET, RS_NEXT_QUIT };

struct rs_pace { /* smoothed over the last epochs; 0: not known */
    double seconds, eval_seconds, cells;
};

struct rs_app {
    struct rs_terminal terminal;
    struct rs_layout layout;
    struct rs_settings settings; /* what the form shows */
    struct rs_settings running;  /* what the session trains, live changes included */
    bool opened_other;           /* a preset was opened since the session began */
    struct rs_form form;
    struct rs_curves curves;
    struct rs_settings ghost_settings[RS_GHOSTS]; /* of the runs in curves.ghost */

    struct rs_session *session;
    struct rs_recorder *recorder;
    const struct rs_dataset *dataset; /* of `running`; NULL until it is read */
    struct rs_session_status status;
    struct rs_pace pace;
    bool start_when_ready;
    enum rs_next next;
    char failure[RS_ERROR_SIZE]; /* why the session failed; "": it did not */

    const struct rs_explorer_options *options;
    char preset[RS_PATH_SIZE]; /* "": none */
    char last_run[RS_PATH_SIZE];
    unsigned runs; /* recorders made for options->out */

    enum rs_mode mode;
    struct rs_entry entry; /* of a prompt */
    struct rs_preset_list presets;
    size_t chosen;
    bool chart_focus, batch_loss, pinned, done;
    enum rs_plot_glyphs glyphs;
    size_t cursor; /* index of an epoch */
    char message[RS_ERROR_SIZE];
    bool message_is_bad;

    struct rs_plot_cell *cells; /* (cell_count) */
    size_t cell_count;
};

/* explorer.c */

/* Close the session, open one with the form's settings; the former curves stay as a ghost where they are pinned. */
void rs_app_reset(struct rs_app *app, bool start);
/* The same, or leave, once a run that has begun was stopped and kept. A second call does not wait. */
void rs_app_finish_then(struct rs_app *app, enum rs_next next);
/* A run has begun and is not over. */
bool rs_app_is_training(const struct rs_app *app);
/* The form no longer says what the session trains. */
bool rs_app_is_changed(const struct rs_app *app);
void rs_app_say(struct rs_app *app, bool bad, const char *format, ...) RS_FORMAT(3, 4);

/* actions.c */
void rs_app_key(struct rs_app *app, uint32_t key);

/* screen_curves.c */
void rs_app_paint(struct rs_app *app);

#endif
