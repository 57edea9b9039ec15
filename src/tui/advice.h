/* advice.h -- the line that says what is happening, and the experiment that one key would begin.
 *
 * An alarm of the session goes before everything; when a run has ended, which of two won; while it trains, the coach.
 * Threads: main thread.
 */
#ifndef RS_TUI_ADVICE_H
#define RS_TUI_ADVICE_H

#include "layout.h"
#include "recscope/experiment/coach.h"
#include "recscope/train/session.h"

struct rs_app;

/* What the coach was told of the hidden units of the run. */
struct rs_units_seen {
    struct rs_coach_units layer[RS_CONF_LIST_SIZE]; /* (layers) */
    size_t layers;
    uint64_t asked; /* in this epoch, last; 0: not yet */
};

struct rs_advice {
    char topic[32];                /* the rule that speaks, "verdict" or "alarm"; "": none */
    bool silent;                   /* the coach was asked to be quiet; alarms and verdicts are not */
    char text[512];                /* "": nothing to say */
    char brief[96];                /* the same for a narrow screen */
    char offer[96];                /* what `try` or `repeat` would do; "": nothing is offered */
    const struct rs_conf_row *row; /* `try`: this setting ... */
    char value[64];                /* ... at this value */
    bool repeat;                   /* more seeds are offered: 3 */
    bool bad;                      /* an alarm */
};

/* Take what the news say of the hidden units, and ask anew every few epochs. */
void rs_advise_units(struct rs_app *app, const struct rs_session_news *news);

/* After news: what is to be said now. */
void rs_advise(struct rs_app *app);

/* The line, with the keys that take its offer. */
void rs_paint_advice(struct rs_app *app, struct rs_rect at);

#endif
