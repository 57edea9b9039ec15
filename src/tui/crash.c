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

static void say(const char *text)
{
    ssize_t ignored = write(the.plan.report, text, strlen(text));
    (void)ignored;
}

/* What the C library said before it aborted, an assertion that did not hold. Reading this pipe does not wait. */
static void pass_prints_on(void)
{
    char bytes[4096];
    for (ssize_t got = 1; the.plan.prints >= 0 && got > 0;) {
        got = read(the.plan.prints, bytes, sizeof bytes);
        ssize_t ignored = got > 0 ? write(the.plan.report, bytes, (size_t)got) : 0;
        (void)ignored;
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
