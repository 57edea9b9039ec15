/* explorer.h -- the terminal experiment explorer: a form, curves that draw themselves, and keys that drive training.
 *
 * Threads: called on the main thread; the training thread is the session's own and never draws. Signals TERM, INT, HUP,
 *          QUIT, TSTP, WINCH, SEGV, BUS, FPE, ILL and ABRT are handled while it runs and given back after.
 */
#ifndef RECSCOPE_TUI_EXPLORER_H
#define RECSCOPE_TUI_EXPLORER_H

#include <stdbool.h>

#include "recscope/base/file.h"
#include "recscope/base/settings.h"

enum rs_explorer_color { RS_EXPLORER_COLOR_AUTO, RS_EXPLORER_COLOR_ALWAYS, RS_EXPLORER_COLOR_NEVER };

/* AUTO: as COLORFGBG says, else dark. */
enum rs_explorer_theme { RS_EXPLORER_THEME_AUTO, RS_EXPLORER_THEME_DARK, RS_EXPLORER_THEME_LIGHT };

/* What is left when the explorer was closed. */
struct rs_explorer_report {
    char run[RS_PATH_SIZE]; /* folder of the last run that trained; "": none did */
    char command[2048];     /* the shell command that was asked for last; "": none was */
};

struct rs_explorer_options {
    const struct rs_settings *settings; /* the experiment to begin with */
    const char *preset;                 /* where it came from, proposed when saving; NULL: nowhere */
    const char *out; /* folder of the first run (later ones get -2, -3 ...); NULL: the default place */
    bool overwrite;
    enum rs_explorer_color color; /* AUTO: unless NO_COLOR is set and not empty */
    enum rs_explorer_theme theme;
    const char *charset;  /* of the chart: octants, braille, quadrants or ASCII; NULL or "auto": as the terminal is */
    int fps;              /* frames a second at most; 0: 30. A link that does not keep up gets fewer */
    const char *script;   /* file of commands, "-" for standard input; NULL: none */
    const char *commands; /* the commands themselves, lines; NULL: none */
    bool detached;        /* no terminal: a script drives it, and it ends with the script */
    bool plain;           /* detached, and what happens is printed as lines; wrong commands do not end it */
    int rows, columns;    /* of the screen that nobody sees */
    /* Where lines go, and a screen that is saved as "-"; NULL: that is refused. */
    enum rs_status (*print)(const char *bytes, size_t length, struct rs_error *err);
    struct rs_explorer_report *report; /* may be NULL */
};

/* Run until the person quits. The terminal is given back on every path.
 * Errors: RS_USAGE (no terminal, or one that cannot move its cursor; what a script says wrong), RS_MEMORY,
 * RS_INTERRUPTED (ended by a signal). */
enum rs_status rs_explorer_run(const struct rs_explorer_options *options, struct rs_error *err) RS_CHECKED;

#endif
