#include "watch.h"

#include <ctype.h>

#include "app.h"
#include "recscope/base/clock.h"

#define ASK_SECONDS 0.25

void rs_watch_ask(struct rs_app *app, const struct rs_probe_question *question)
{
    struct rs_watch *watch = &app->watch[question->kind];
    const struct rs_session_status *status = &app->status;
    struct rs_probe_question numbered = *question;
    struct rs_error err;
    bool trains = status->state == RS_SESSION_RUNNING || status->state == RS_SESSION_TESTING;
    bool news = !watch->asked || watch->asked_step != status->step || watch->asked_state != status->state;
    double now = rs_clock_seconds();
    if (!app->session || !(question->urgent || (news && !(trains && now < watch->asked_at + ASK_SECONDS))))
        return;
    numbered.serial = watch->serial + 1;
    if (rs_session_probe(app->session, &numbered, &err) != RS_OK) {
        rs_app_say(app, true, "%s", err.message);
        return;
    }
    watch->serial = numbered.serial;
    watch->asked = true;
    watch->asked_at = now;
    watch->asked_step = status->step;
    watch->asked_state = status->state;
}

bool rs_watch_waits(const struct rs_app *app)
{
    bool waits = false;
    for (size_t kind = 0; kind < RS_PROBE_KINDS; kind++) {
        const struct rs_watch *watch = &app->watch[kind];
        waits |= watch->asked && (!watch->answer || watch->answer->serial < watch->serial);
    }
    return waits && app->status.state != RS_SESSION_FAILED;
}

void rs_watch_take_news(struct rs_app *app, const struct rs_session_news *news)
{
    for (size_t kind = 0; kind < RS_PROBE_KINDS; kind++) {
        if (!news->answer[kind])
            continue;
        rs_probe_drop(app->watch[kind].answer);
        app->watch[kind].answer = rs_probe_take(news->answer[kind]);
    }
}

void rs_watch_forget(struct rs_app *app)
{
    for (size_t kind = 0; kind < RS_PROBE_KINDS; kind++) {
        rs_probe_drop(app->watch[kind].answer);
        app->watch[kind] = (struct rs_watch){.serial = app->watch[kind].serial};
    }
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

static const char *name_in(const struct rs_names *names, uint32_t i)
{
    return i < names->count ? names->text[i] : NULL;
}

const char *rs_item_name(const struct rs_dataset *dataset, uint32_t item)
{
    const char *title = name_in(&dataset->ratings.titles, item);
    const char *id = name_in(&dataset->ratings.item_ids, item);
    return title ? title : id ? id : "?";
}

const char *rs_user_name(const struct rs_dataset *dataset, uint32_t user)
{
    const char *id = name_in(&dataset->ratings.user_ids, user);
    return id ? id : "?";
}

bool rs_has_text(const char *name, const char *text)
{
    for (; *name; name++) {
        size_t i = 0;
        while (text[i] && tolower((unsigned char)name[i]) == tolower((unsigned char)text[i]))
            i++;
        if (!text[i])
            return true;
    }
    return false;
}
