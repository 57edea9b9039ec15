/* script.h -- commands from a file or standard input, one a line, as behind `:`.
 *
 * A line is run when what the line before asked for is there: data read, a step trained, a run ended. `wait CONDITION`
 * waits for more; nothing waits for a time, so a script is a test, a demonstration and a lesson alike. Blank lines and
 * lines that begin with # are passed over.
 * Threads: main thread.
 */
#ifndef RS_TUI_SCRIPT_H
#define RS_TUI_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "recscope/base/file.h"

struct rs_app;

struct rs_script {
    int fd; /* -1: none, or ended */
    bool interactive;
    char name[RS_PATH_SIZE];
    unsigned line;
    char buffer[4096];
    size_t length;  /* bytes in buffer that were not run */
    bool ended;     /* no more bytes will come */
    char wait[256]; /* the condition that stands; "": none */
};

/* path: "-" is standard input. Errors: RS_IO. */
enum rs_status rs_script_open(struct rs_script *script, const char *path, struct rs_error *err) RS_CHECKED;
/* The lines themselves, at most sizeof buffer - 1 bytes of them. */
void rs_script_from_text(struct rs_script *script, const char *name, const char *text);
void rs_script_close(struct rs_script *script);

/* What to poll for more lines; -1: nothing to read now. */
int rs_script_fd(const struct rs_app *app);

/* Run the lines that may be run now; *any: at least one was. An interactive script says what is wrong and goes on.
 * Errors: "FILE:LINE: what is wrong", and the script is over. */
enum rs_status rs_script_run(struct rs_app *app, bool *any, struct rs_error *err) RS_CHECKED;

/* All lines were run, and nothing is being waited for. */
bool rs_script_ended(const struct rs_app *app);

#endif
