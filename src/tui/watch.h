/* watch.h -- what the screens know of the model: the newest answer of each kind, and when to ask again.
 *
 * A screen that is shown asks whenever the session tells something; the question goes out where the model has changed
 * since the last one, at most four times a second while it trains.
 * Threads: main thread.
 */
#ifndef RS_TUI_WATCH_H
#define RS_TUI_WATCH_H

#include "recscope/train/session.h"

struct rs_app;

struct rs_watch {
    const struct rs_probe_answer *answer; /* the newest; NULL: none yet */
    uint64_t serial;                      /* of the last question that went out; 0: none */
    bool asked;                           /* this session */
    double asked_at;
    uint64_t asked_step;
    enum rs_session_state asked_state;
};

/* Ask, if there can be anything new; an urgent question always goes out. */
void rs_watch_ask(struct rs_app *app, const struct rs_probe_question *question);

/* An answer is under way. */
bool rs_watch_waits(const struct rs_app *app);

void rs_watch_take_news(struct rs_app *app, const struct rs_session_news *news);
/* The session is gone: so is what it answered. */
void rs_watch_forget(struct rs_app *app);

/* The item's title, or its id; the user's id. */
const char *rs_item_name(const struct rs_dataset *dataset, uint32_t item);
const char *rs_user_name(const struct rs_dataset *dataset, uint32_t user);

/* The name has the text in it, whatever the case of ASCII letters. */
bool rs_has_text(const char *name, const char *text);

#endif
