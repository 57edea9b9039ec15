/* screen.h -- what a screen is to the explorer: one file and one row of screens.def.
 *
 * A screen paints its body, between the tab bar and the message line, and takes the keys that move about in it; its own
 * commands are rows of commands.def and functions in its file. It keeps its state in app->screen_state[RS_SCREEN_id].
 * Threads: main thread.
 */
#ifndef RS_TUI_SCREEN_H
#define RS_TUI_SCREEN_H

#include "layout.h"
#include "terminal.h"

struct rs_app;

enum rs_screen {
#define SCREEN(id) RS_SCREEN_##id,
#include "screens.def"
#undef SCREEN
    RS_SCREENS
};

/* What arrows, hjkl, PgUp, PgDn, Home and End mean. */
enum rs_move {
    RS_MOVE_UP,
    RS_MOVE_DOWN,
    RS_MOVE_LEFT,
    RS_MOVE_RIGHT,
    RS_MOVE_PAGE_UP,
    RS_MOVE_PAGE_DOWN,
    RS_MOVE_HOME,
    RS_MOVE_END,
    RS_MOVES
};

/* Members may be NULL, except name, title and paint. */
struct rs_screen_ops {
    const char *name;                                                  /* `:screen runs` */
    const char *title;                                                 /* "Runs", on the tab */
    enum rs_status (*enter)(struct rs_app *app, struct rs_error *err); /* it becomes the one that is shown */
    void (*news)(struct rs_app *app); /* the session told something while it is shown */
    void (*paint)(struct rs_app *app, struct rs_rect body);
    void (*move)(struct rs_app *app, enum rs_move move);
    void (*choose)(struct rs_app *app);                              /* Enter */
    bool (*back)(struct rs_app *app);                                /* Esc; false: nothing to back out of */
    bool (*find)(struct rs_app *app, const char *text);              /* go to the next entry with text; false: none */
    void (*mouse)(struct rs_app *app, const struct rs_mouse *mouse); /* inside the body */
    void (*free)(struct rs_app *app);                                /* its screen_state */
};

#define SCREEN(id) extern const struct rs_screen_ops rs_screen_##id;
#include "screens.def"
#undef SCREEN
extern const struct rs_screen_ops *const rs_screens[RS_SCREENS];

const struct rs_screen_ops *rs_screen_of(const struct rs_app *app);

#endif
