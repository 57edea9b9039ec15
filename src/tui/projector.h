/* projector.h -- the Curves screen for a room: chart over the whole width, big figures, few words. Threads: main. */
#ifndef RS_TUI_PROJECTOR_H
#define RS_TUI_PROJECTOR_H

#include <stdbool.h>

struct rs_app;

/* It is asked for, and this is the screen that it is for. */
bool rs_projector_is_shown(const struct rs_app *app);

void rs_paint_projector(struct rs_app *app);

#endif
