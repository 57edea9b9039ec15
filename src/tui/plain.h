/* plain.h -- the explorer as lines. Threads: main thread. */
#ifndef RS_TUI_PLAIN_H
#define RS_TUI_PLAIN_H

#include "recscope/train/session.h"

struct rs_app;

/* What was said already. */
struct rs_plain {
    size_t epochs;
    enum rs_session_state state;
    char told[RS_ERROR_SIZE];
    char topic[32]; /* of the advice */
};

/* Print what is new: epochs, messages, the state. Errors: RS_IO. */
enum rs_status rs_plain_tell(struct rs_app *app, struct rs_error *err) RS_CHECKED;

#endif
