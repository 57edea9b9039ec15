/* rate.h -- when to paint: at once for what a person did, else so many times a second at most, and less often on a slow
 * link. Pure: the clock is an argument.
 *
 * The rule: a frame is painted when the terminal has taken the one before. Each time that it has not by the time the
 * next one is due, the pause between frames doubles, up to a second; each frame that it took in time shortens the pause
 * by a tenth, down to what was asked for.
 */
#ifndef RS_TUI_RATE_H
#define RS_TUI_RATE_H

#include <stdbool.h>

struct rs_rate {
    double least, pause; /* seconds between frames: at best, now */
    double next;         /* not before, unless it is urgent */
    bool wanted, urgent, late;
};

void rs_rate_begin(struct rs_rate *rate, double frames_a_second);

/* Something is to be shown; urgent: without a pause. */
void rs_rate_want(struct rs_rate *rate, bool urgent);

/* Whether to paint now. ready: the terminal has taken the last frame. */
bool rs_rate_due(struct rs_rate *rate, bool ready, double now);

void rs_rate_painted(struct rs_rate *rate, double now);

/* Seconds until a frame is due; negative: none is, before something else happens. */
double rs_rate_wait(const struct rs_rate *rate, bool ready, double now);

#endif
