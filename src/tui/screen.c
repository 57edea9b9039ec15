#include "screen.h"

#include "app.h"

const struct rs_screen_ops *const rs_screens[RS_SCREENS] = {
#define SCREEN(id) &rs_screen_##id,
#include "screens.def"
#undef SCREEN
};

const struct rs_screen_ops *rs_screen_of(const struct rs_app *app)
{
    return rs_screens[app->screen];
}
