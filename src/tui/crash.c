#include "crash.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "recscope/base/file.h"
#include "recscope/base/text.h"

static const struct {
    int number;
    const char *name;
} signals[] = {{SIGSEGV, "SIGSEGV"}, {SIGABRT, "SIGABRT"}, {SIGBUS, "SIGBUS"}, {SIGFPE, "SIGFPE"}, {SIGILL, "SIGILL"}};
#define SIGNALS (sizeof signals / sizeof *signals)

static struct {
    struct rs_crash_plan plan;
    struct sigaction before[SIGNALS];
    char run[RS_PATH_SIZE];
} the;

/* Whether the.run is whole: not while it is being written. */
static atomic_bool has_run;

static void say_bytes(const char *text, size_t length)
{
    ssize_t ignored = write(the.plan.report, text, length);
    (void)ignored;
}

static void say(const char *text)
{
    say_bytes(text, strlen(text));
}

/* What the C library said before it aborted, an assertion that did not hold: it is in the pipe, or was the last thing
 * that was read from there. Reading this pipe does not wait. */
static void pass_prints_on(void)
{
    char bytes[RS_PRINTS_KEPT];
    if (!the.plan.prints)
        return;
    say_bytes(the.plan.prints->kept, atomic_load(&the.plan.prints->kept_length));
    for (ssize_t got = 1; got > 0;) {
        got = read(the.plan.prints->pipe[0], bytes, sizeof bytes);
        if (got > 0)
            say_bytes(bytes, (size_t)got);
    }
}

/* read, write, tcsetattr, strlen and raise may be called from a handler. The action was reset when it was taken. */
static void crash(int number)
{
    bool restores = the.plan.terminal >= 0;
    const char *name = "a signal";
    for (size_t i = 0; i < SIGNALS; i++)
        if (signals[i].number == number)
            name = signals[i].name;
    if (restores) {
        ssize_t ignored = write(the.plan.terminal, the.plan.restore, the.plan.restore_length);
        (void)ignored;
        tcsetattr(the.plan.terminal, TCSANOW, &the.plan.before);
    }
    pass_prints_on();
    say("recscope: killed by ");
    say(name);
    say(restores ? "; the terminal was restored" : "");
    if (atomic_load(&has_run)) {
        say("; the epochs that were trained are kept in ");
        say(the.run);
    }
    say("\n");
    raise(number);
}

void rs_crash_prepare(const struct rs_crash_plan *plan)
{
    struct sigaction action = {.sa_handler = crash, .sa_flags = (int)SA_RESETHAND};
    the.plan = *plan;
    rs_crash_note_run("");
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < SIGNALS; i++)
        sigaction(signals[i].number, &action, &the.before[i]);
}

void rs_crash_forget(void)
{
    for (size_t i = 0; i < SIGNALS; i++)
        sigaction(signals[i].number, &the.before[i], NULL);
}

void rs_crash_note_run(const char *folder)
{
    if (atomic_load(&has_run) && strcmp(the.run, folder) == 0)
        return;
    atomic_store(&has_run, false);
    if (rs_copy_string(the.run, sizeof the.run, folder))
        atomic_store(&has_run, folder[0] != '\0');
}
