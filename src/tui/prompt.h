/* prompt.h -- a question in the message line: a text that is typed, or y.
 *
 * Threads: main thread.
 */
#ifndef RS_TUI_PROMPT_H
#define RS_TUI_PROMPT_H

#include "entry.h"
#include "screen.h"

/* Members may be NULL, except question and answer. */
struct rs_prompt_ops {
    const char *question;                                  /* "save as: " */
    bool confirm;                                          /* y answers, any other key leaves */
    bool takes_empty;                                      /* an empty text is an answer, too */
    void (*answer)(struct rs_app *app, const char *text);  /* Enter; or y */
    void (*left)(struct rs_app *app);                      /* Esc */
    void (*changed)(struct rs_app *app, const char *text); /* after each key: to search while typing */
    bool (*complete)(struct rs_app *app, const char *text, char *out, size_t size); /* Tab */
    void (*move)(struct rs_app *app, enum rs_move move);    /* up, down, pages: a list, what was typed before */
    void (*paint)(struct rs_app *app, struct rs_rect body); /* instead of the screen while the question stands */
};

struct rs_prompt {
    const struct rs_prompt_ops *ops; /* NULL: no question stands */
    struct rs_entry entry;
    char question[192]; /* of ops, or with the name of what it is about */
};

/* Put a question; ops outlives it. initial: the text to begin with. */
void rs_app_ask(struct rs_app *app, const struct rs_prompt_ops *ops, const char *initial);
/* The same, with a question of its own instead of that of ops. */
void rs_app_confirm(struct rs_app *app, const struct rs_prompt_ops *ops, const char *format, ...) RS_FORMAT(3, 4);

void rs_prompt_key(struct rs_app *app, uint32_t key);
/* What Esc does. */
void rs_prompt_close(struct rs_app *app);

#endif
