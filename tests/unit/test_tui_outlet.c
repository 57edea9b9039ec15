/* Frames on their way: collected, in one piece, never waited for, marked where the terminal knows marks. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../src/tui/outlet.h"

#define BIG 300000 /* more than any terminal takes at once */

static struct {
    int master, terminal, curses;
    struct rs_outlet outlet;
} the;

/* A pseudo-terminal that changes nothing of what is written. */
static void open_terminal(bool synchronised)
{
    char *name;
    the.master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(the.master >= 0 && grantpt(the.master) == 0 && unlockpt(the.master) == 0);
    name = ptsname(the.master);
    assert_non_null(name);
    the.terminal = open(name, O_RDWR | O_NOCTTY);
    the.curses = dup(the.terminal);
    assert_true(the.terminal >= 0 && the.curses >= 0);
    assert_int_equal(fcntl(the.master, F_SETFL, O_NONBLOCK), 0);
    rs_outlet_open(&the.outlet, the.terminal, the.curses, synchronised);
    assert_true(the.outlet.own >= 0);
    assert_non_null(the.outlet.file);
}

static void close_terminal(void)
{
    rs_outlet_close(&the.outlet);
    close(the.curses);
    close(the.terminal);
    close(the.master);
}

/* As curses does: in small pieces. */
static void write_frame(const char *bytes, size_t length)
{
    rs_outlet_begin(&the.outlet);
    for (size_t at = 0; at < length; at += 7)
        assert_true(write(the.curses, bytes + at, length - at < 7 ? length - at : 7) > 0);
    assert_true(rs_outlet_end(&the.outlet));
}

static void check_arrived(const char *expected)
{
    char got[256] = "";
    ssize_t length = read(the.master, got, sizeof got - 1);
    assert_int_equal(length, strlen(expected));
    assert_string_equal(got, expected);
}

static void a_frame_leaves_in_one_piece(void **state)
{
    (void)state;
    open_terminal(false);
    write_frame("the first frame", 15);
    check_arrived("the first frame");
    write_frame("short", 5); /* nothing is left of the longer one */
    check_arrived("short");
    write_frame("", 0);
    assert_int_equal(read(the.master, (char[8]){0}, 8), -1);
    assert_true(write(the.curses, "direct", 6) == 6); /* between frames curses has the terminal */
    check_arrived("direct");
    close_terminal();
}

static void marks_stand_around_what_is_drawn(void **state)
{
    (void)state;
    open_terminal(true);
    write_frame("frame", 5);
    check_arrived("\033[?2026hframe\033[?2026l");
    write_frame("", 0);
    assert_int_equal(read(the.master, (char[8]){0}, 8), -1);
    rs_outlet_say(&the.outlet, "said");
    check_arrived("said");
    close_terminal();
}

/* Nobody reads: the call comes back, and all of it arrives in order once somebody does. */
static void a_slow_terminal_is_not_waited_for(void **state)
{
    (void)state;
    static char frame[BIG];
    static char got[BIG + 16];
    size_t length = 0;
    for (size_t i = 0; i < BIG; i++)
        frame[i] = (char)('!' + i % 90);
    open_terminal(false);
    write_frame(frame, BIG);
    assert_false(rs_outlet_flush(&the.outlet));
    rs_outlet_say(&the.outlet, "behind");
    while (length < BIG + 6) {
        ssize_t more = read(the.master, got + length, sizeof got - length);
        if (more > 0)
            length += (size_t)more;
        rs_outlet_flush(&the.outlet);
    }
    assert_true(rs_outlet_flush(&the.outlet));
    assert_memory_equal(got, frame, BIG);
    assert_memory_equal(got + BIG, "behind", 6);
    close_terminal();
}

static void what_is_no_terminal_is_written_to_all_the_same(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    the.master = ends[0];
    the.terminal = ends[1];
    the.curses = dup(ends[1]);
    rs_outlet_open(&the.outlet, the.terminal, the.curses, false);
    write_frame("frame", 5);
    check_arrived("frame");
    close_terminal();
}

static void known_terminals_are_synchronised(void **state)
{
    (void)state;
    assert_true(rs_outlet_synchronises("xterm-kitty", NULL));
    assert_true(rs_outlet_synchronises("foot-extra", NULL));
    assert_true(rs_outlet_synchronises("xterm-256color", "WezTerm"));
    assert_false(rs_outlet_synchronises("xterm-256color", NULL));
    assert_false(rs_outlet_synchronises("xterm-256color", "Apple_Terminal"));
    assert_false(rs_outlet_synchronises("screen-256color", "WezTerm")); /* screen within it */
    assert_false(rs_outlet_synchronises("", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_leaves_in_one_piece),
        cmocka_unit_test(marks_stand_around_what_is_drawn),
        cmocka_unit_test(a_slow_terminal_is_not_waited_for),
        cmocka_unit_test(what_is_no_terminal_is_written_to_all_the_same),
        cmocka_unit_test(known_terminals_are_synchronised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
