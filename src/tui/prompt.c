#include "prompt.h"

#include <stdarg.h>
#include <stdio.h>

#include "app.h"
#include "recscope/base/text.h"

void rs_app_ask(struct rs_app *app, const struct rs_prompt_ops *ops, const char *initial)
{
    app->prompt.ops = ops;
    rs_copy_string(app->prompt.question, sizeof app->prompt.question, ops->question);
    rs_entry_begin(&app->prompt.entry, initial);
}

void rs_app_confirm(struct rs_app *app, const struct rs_prompt_ops *ops, const char *format, ...)
{
    va_list arguments;
    rs_app_ask(app, ops, "");
    va_start(arguments, format);
    vsnprintf(app->prompt.question, sizeof app->prompt.question, format, arguments);
    va_end(arguments);
}

void rs_prompt_close(struct rs_app *app)
{
    app->prompt.ops = NULL;
}

static void answer(struct rs_app *app)
{
    char text[sizeof app->prompt.entry.text];
    const struct rs_prompt_ops *ops = app->prompt.ops;
    rs_copy_string(text, sizeof text, app->prompt.entry.text);
    rs_prompt_close(app); /* first: an answer may put the next question */
    ops->answer(app, text);
}

static void complete(struct rs_app *app)
{
    char text[sizeof app->prompt.entry.text];
    struct rs_prompt *prompt = &app->prompt;
    if (prompt->ops->complete && prompt->ops->complete(app, prompt->entry.text, text, sizeof text)) {
        rs_entry_begin(&prompt->entry, text);
        prompt->entry.fresh = false;
        if (prompt->ops->changed)
            prompt->ops->changed(app, text);
    }
}

/* RS_MOVES: the key is none that goes through a list. */
static enum rs_move move_of(uint32_t key)
{
    return key == RS_KEY_UP          ? RS_MOVE_UP
           : key == RS_KEY_DOWN      ? RS_MOVE_DOWN
           : key == RS_KEY_PAGE_UP   ? RS_MOVE_PAGE_UP
           : key == RS_KEY_PAGE_DOWN ? RS_MOVE_PAGE_DOWN
                                     : RS_MOVES;
}

void rs_prompt_key(struct rs_app *app, uint32_t key)
{
    struct rs_prompt *prompt = &app->prompt;
    const struct rs_prompt_ops *ops = prompt->ops;
    if (ops->confirm) {
        if (key == 'y' || key == 'Y') {
            answer(app);
        } else {
            rs_prompt_close(app);
            rs_app_say(app, false, "left as it was");
        }
    } else if (key == RS_KEY_ESCAPE) {
        rs_prompt_close(app);
        if (ops->left)
            ops->left(app);
    } else if (key == RS_KEY_ENTER) {
        if (prompt->entry.length > 0 || ops->takes_empty)
            answer(app);
    } else if (key == RS_KEY_TAB) {
        complete(app);
    } else if (ops->move && move_of(key) < RS_MOVES) {
        ops->move(app, move_of(key));
    } else if (rs_entry_key(&prompt->entry, key) && ops->changed) {
        ops->changed(app, prompt->entry.text);
    }
}
