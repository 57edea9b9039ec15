/* app.h -- the state of the explorer, and the parts of it that stand in other files.
 *
 * explorer.c runs the loop, drive.c keeps the session and what it told, frame.c paints what is around a screen,
 * screen_*.c the screens, do_*.c and others hold the commands.
 * Threads: main thread.
 */
#ifndef RS_TUI_APP_H
#define RS_TUI_APP_H

#include "advice.h"
#include "commands.h"
#include "curves.h"
#include "form.h"
#include "keys.h"
#include "layout.h"
#include "log.h"
#include "plain.h"
#include "preset_list.h"
#include "prompt.h"
#include "recorder.h"
#include "recscope/experiment/stored_run.h"
#include "recscope/train/session.h"
#include "recscope/tui/explorer.h"
#include "screen.h"
#include "script.h"
#include "sitting.h"
#include "terminal.h"
#include "tried_panel.h"
#include "watch.h"

#define RS_LINE_SIZE        1024                  /* of a command line */
#define RS_RUN_NAME         256                   /* of a folder, with its NUL */
#define RS_TYPED_MOST       32                    /* command lines that are remembered */
#define RS_CHECKPOINT_BYTES ((uint64_t)256 << 20) /* for the states of past epochs */

/* What follows once a run that is being stopped has ended. */
enum rs_next { RS_NEXT_NOTHING, RS_NEXT_RESET, RS_NEXT_START, RS_NEXT_QUIT };

struct rs_pace { /* smoothed over the last epochs; 0: not known */
    double seconds, eval_seconds, cells;
};

/* A place on the screen that presses a key when it is clicked. */
struct rs_hit {
    int row, column, columns;
    uint32_t key;
};
#define RS_HITS_MOST 48

struct rs_app {
    struct rs_terminal terminal;
    struct rs_hit hit[RS_HITS_MOST];
    size_t hits; /* of the last frame */
    struct rs_layout layout;
    struct rs_settings settings; /* what the form shows */
    struct rs_settings opened;   /* as the preset and the command line had them */
    struct rs_edits edits;
    struct rs_tried_map tried;
    struct rs_settings running; /* what the session trains, live changes included */
    struct rs_settings began;   /* the same as it began */
    uint64_t changed_epoch;     /* the last one whose batches saw a live change; 0: none */
    struct rs_form form;
    struct rs_curves curves;
    struct rs_view view;                          /* of the curves */
    struct rs_settings ghost_settings[RS_GHOSTS]; /* of the runs in curves.ghost */
    char ghost_run[RS_GHOSTS][RS_RUN_NAME];       /* the last part of their folders' paths */

    struct rs_session *session;
    struct rs_recorder *recorder;
    const struct rs_dataset *dataset; /* of `running`; NULL until it is read */
    struct rs_session_status status;
    struct rs_watch watch[RS_PROBE_KINDS];
    struct rs_pace pace;
    double epochs_per_second; /* at most; 0: as fast as the machine goes */
    uint64_t parent_steps;    /* of a fork: steps that it has from its parent */
    uint64_t run_to;          /* pause at the end of this epoch; 0: none */
    enum rs_next next;
    char failure[RS_ERROR_SIZE]; /* why the session failed; "": it did not */

    const struct rs_explorer_options *options;
    char preset[RS_PATH_SIZE]; /* "": none */
    char last_run[RS_PATH_SIZE];
    unsigned runs; /* recorders made for options->out */

    enum rs_screen screen;
    void *screen_state[RS_SCREENS]; /* each screen's own */
    int help_top;                   /* its first line */
    struct rs_prompt prompt;
    struct rs_script script;
    struct rs_sitting sitting;
    struct rs_advice advice;
    struct rs_units_seen units;
    struct rs_log log;
    struct rs_plain plain;         /* where options->plain */
    struct rs_preset_list presets; /* of the prompt that opens one */
    char refusal[RS_ERROR_SIZE];   /* why the last one chosen there was not opened; "": none was */
    /* What is to be written where, once it was named and confirmed. */
    enum rs_status (*write)(struct rs_app *app, const char *path, struct rs_error *err);
    char write_path[RS_PATH_SIZE];
    char last_found[RS_LINE_SIZE];           /* what was looked for before */
    char typed[RS_TYPED_MOST][RS_LINE_SIZE]; /* command lines, the newest first */
    size_t typed_count, typed_at;
    enum rs_plot_glyphs glyphs;
    enum rs_theme theme;
    char message[RS_ERROR_SIZE];

    struct rs_plot_cell *cells; /* (cell_count) */
    size_t cell_count;

    /* Flags stand together: one here and one there would cost eight bytes each. */
    bool ghost_pinned[RS_GHOSTS];
    bool changed_live; /* `running` and `began` differ */
    bool opened_other; /* a preset was opened since the session began */
    bool start_when_ready;
    bool awaiting;  /* a step, or the end, was asked for and is not there */
    bool test_open; /* the run's test error was looked at, on purpose */
    bool pinned;    /* the present run */
    bool chart_focus, helping, message_is_bad;
    bool projector;  /* the Curves screen is for a room */
    bool mouse_left; /* to the terminal, on purpose */
    bool no_clock;   /* nothing is shown that a clock says */
    bool done;
};

/* drive.c */

/* Close the session, open one with the form's settings; the former run's curves stay as a ghost. */
void rs_app_reset(struct rs_app *app, bool start);
/* Go on from the end of that epoch of the present run; it stays as a ghost. Errors: RS_USAGE where it is not kept. */
enum rs_status rs_app_fork(struct rs_app *app, uint64_t epoch, struct rs_error *err) RS_CHECKED;
/* Lay a run that is kept over the chart, as the newest ghost; it gives way last. Errors: as rs_run_epochs_read. */
enum rs_status rs_app_overlay(struct rs_app *app, const struct rs_stored_run *run, struct rs_error *err) RS_CHECKED;
/* A ghost is that run; and no longer. */
bool rs_app_overlaid(const struct rs_app *app, const char *name);
void rs_app_take_off(struct rs_app *app, const char *name);
/* Reset, or leave, once a run that has begun was stopped and kept. A second call does not wait. */
void rs_app_finish_then(struct rs_app *app, enum rs_next next);
void rs_app_close(struct rs_app *app);
/* Take what the session told. */
void rs_app_take_news(struct rs_app *app);
/* Tell the session, and know at once what that changes. */
void rs_app_command(struct rs_app *app, enum rs_session_command command);
/* "training", "paused", ... */
const char *rs_app_state_text(const struct rs_app *app);
/* A run has begun and is not over. */
bool rs_app_is_training(const struct rs_app *app);
/* The form no longer says what the session trains. */
bool rs_app_is_changed(const struct rs_app *app);

/* fields.c */

/* Give the form's setting a value; a live one acts at once on a run that is under way. */
enum rs_status rs_app_set(struct rs_app *app, const struct rs_conf_row *row, const char *text,
                          struct rs_error *err) RS_CHECKED;
/* One step, or a large one, of the focused field. */
void rs_app_nudge(struct rs_app *app, int direction, bool large);
void rs_app_begin_edit(struct rs_app *app);
void rs_app_edit_key(struct rs_app *app, uint32_t key);

/* chart_panel.c */

/* The chart as the Curves screen shows it; valid until the curves change. Errors: RS_MEMORY. */
enum rs_status rs_app_chart(struct rs_app *app, struct rs_chart *out, struct rs_error *err) RS_CHECKED;

/* screen_recommend.c: the keys are those of a person who rates. */
bool rs_recommend_is_rating(const struct rs_app *app);

/* do_view.c */
void rs_app_key(struct rs_app *app, uint32_t key);
void rs_app_mouse(struct rs_app *app, const struct rs_mouse *mouse);
enum rs_place rs_app_place(const struct rs_app *app);
/* In the message line, and in the log. */
void rs_app_say(struct rs_app *app, bool bad, const char *format, ...) RS_FORMAT(3, 4);
/* In the log alone. */
void rs_app_log(struct rs_app *app, const char *format, ...) RS_FORMAT(2, 3);

/* frame.c */
void rs_app_paint(struct rs_app *app);
/* What is painted there presses the key when it is clicked; until the next frame. */
void rs_app_hit(struct rs_app *app, int row, int column, int columns, uint32_t key);
/* The part of a text that is being typed around its cursor. */
void rs_paint_entry(int row, int column, int width, const struct rs_entry *entry);

#endif
