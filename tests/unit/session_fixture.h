/* session_fixture.h -- a small session, and waiting for what it tells. */
#ifndef RS_TESTS_SESSION_FIXTURE_H
#define RS_TESTS_SESSION_FIXTURE_H

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "recscope/experiment/preset.h"
#include "recscope/models/model.h"
#include "recscope/train/session.h"

static struct rs_error error;
static struct rs_settings settings;

static inline void set(const struct rs_conf_row *row, const char *text)
{
    if (rs_settings_parse(&settings, row, text, &error) != RS_OK)
        fail_msg("%s", error.message);
}

/* A small generated world: 60 x 80, 1,500 ratings, a narrow autoencoder. */
static inline void small(void)
{
    assert_int_equal(rs_preset_default(&settings, &error), RS_OK);
    set(&rs_row_world_users, "60");
    set(&rs_row_world_items, "80");
    set(&rs_row_world_ratings, "1500");
    set(&rs_row_layers, "20");
    set(&rs_row_factors, "8");
    set(&rs_row_batch_size, "16");
    set(&rs_row_dropout, "0.3");
    set(&rs_row_epochs, "6");
    set(&rs_row_learning_rate, "0.01");
}

static inline struct rs_session *open_with(const struct rs_session_options *options)
{
    struct rs_session *session;
    if (rs_session_open(&session, &settings, options, &error) != RS_OK)
        fail_msg("%s", error.message);
    return session;
}

static inline struct rs_session *open_keeping(uint64_t bytes)
{
    return open_with(&(struct rs_session_options){.checkpoint_bytes = bytes});
}

static inline void await_input(const struct rs_session *session)
{
    struct pollfd wait = {.fd = rs_session_fd(session), .events = POLLIN};
    assert_int_equal(poll(&wait, 1, 20000), 1);
}

/* Poll until the state is reached; every wake-up must arrive within twenty seconds. */
static inline struct rs_session_status wait_for(struct rs_session *session, enum rs_session_state state)
{
    for (;;) {
        struct rs_session_news news;
        assert_int_equal(rs_session_poll(session, &news, &error), RS_OK);
        if (news.status.state == state)
            return news.status;
        if (news.status.state == RS_SESSION_FAILED)
            fail_msg("%s", news.status.error.message);
        await_input(session);
    }
}

static inline struct rs_session_status run_to_end(struct rs_session *session)
{
    rs_session_command(session, RS_SESSION_START);
    return wait_for(session, RS_SESSION_FINISHED);
}

#endif
