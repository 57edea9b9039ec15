/* When frames are painted: at once for a person, at a rate for data, less often on a slow link. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/tui/rate.h"

/* Data in every millisecond for so many seconds from *now on; the number of frames. */
static int frames_of(struct rs_rate *rate, double *now, double seconds, bool ready)
{
    int frames = 0;
    for (int steps = (int)(seconds * 1e3); steps > 0; steps--) {
        *now += 1e-3;
        rs_rate_want(rate, false);
        if (!rs_rate_due(rate, ready, *now))
            continue;
        frames++;
        rs_rate_painted(rate, *now);
    }
    return frames;
}

static void data_keep_the_rate(void **state)
{
    (void)state;
    struct rs_rate rate;
    double now = 100;
    rs_rate_begin(&rate, 25);
    int frames = frames_of(&rate, &now, 2, true);
    assert_in_range(frames, 47, 51);
    assert_true(rs_rate_wait(&rate, true, now) <= 1.0 / 25);
}

static void a_person_does_not_wait(void **state)
{
    (void)state;
    struct rs_rate rate;
    rs_rate_begin(&rate, 10);
    rs_rate_want(&rate, false);
    assert_true(rs_rate_due(&rate, true, 1));
    rs_rate_painted(&rate, 1);
    assert_true(rs_rate_wait(&rate, true, 1) < 0); /* nothing to show */
    rs_rate_want(&rate, false);
    assert_false(rs_rate_due(&rate, true, 1.01));
    rs_rate_want(&rate, true);
    assert_true(rs_rate_wait(&rate, true, 1.01) == 0);
    assert_true(rs_rate_due(&rate, true, 1.01));
    rs_rate_painted(&rate, 1.01);
    rs_rate_want(&rate, false);
    assert_false(rs_rate_due(&rate, true, 1.02)); /* that was for the one frame */
}

static void a_slow_link_gets_fewer_frames_and_recovers(void **state)
{
    (void)state;
    struct rs_rate rate;
    double now = 10;
    rs_rate_begin(&rate, 30);
    rs_rate_want(&rate, true);
    assert_false(rs_rate_due(&rate, false, now)); /* a person waits for the link, too */
    assert_true(rs_rate_wait(&rate, false, now) < 0);
    assert_int_equal(frames_of(&rate, &now, 1, false), 0);
    assert_true(rate.pause > 1.9 / 30 && rate.pause < 2.1 / 30); /* one frame was late, once */
    for (int i = 0; i < 20; i++) {                               /* takes each frame only after it was due again */
        frames_of(&rate, &now, 2, false);
        assert_true(rs_rate_due(&rate, true, now));
        rs_rate_painted(&rate, now);
    }
    assert_true(rate.pause > 0.99 && rate.pause < 1.01); /* not less than one a second */
    assert_in_range(frames_of(&rate, &now, 30, true), 100, 800);
    assert_in_range(frames_of(&rate, &now, 1, true), 28, 31);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_keep_the_rate),
        cmocka_unit_test(a_person_does_not_wait),
        cmocka_unit_test(a_slow_link_gets_fewer_frames_and_recovers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
