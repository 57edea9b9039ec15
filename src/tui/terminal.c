#define NCURSES_WIDECHAR 1
#include "terminal.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "crash.h"
#include "outlet.h"
#include "paint.h"
#include "prints.h"
#include "recscope/base/text.h"
#include "recscope/base/wake.h"
#include "terminfo.h"

#define ESCAPE_DELAY 10 /* ms: a lone Esc is Esc after this */

/* Presses, releases and motion while a button is down; positions as decimal numbers. */
#define MOUSE_ON  "\033[?1002h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1002l"

/* Codes of our own for what introduces a report of the mouse, beyond all that curses has. */
#define KEY_DECIMAL    (KEY_MAX + 1)
#define KEY_CHARACTERS (KEY_MAX + 2)

static const int noted_signals[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH, SIGCONT};
#define NOTED (sizeof noted_signals / sizeof *noted_signals)

/* A signal lands on whichever thread has it unblocked, and the BLAS has one that we did not start: the handler may
 * touch nothing but this number, the end of the pipe that it writes to. */
static atomic_int signal_pipe = -1;

/* The one terminal. */
static struct {
    int pipe[2];
    int tty;        /* the terminal's descriptor, apart from what others print to; -1: detached */
    FILE *in, *out; /* of a detached terminal: nowhere; else out is the terminal */
    struct rs_prints prints;
    struct rs_outlet outlet;
    bool between; /* the next frame finds the terminal as the shell left it */
    struct rs_crash_plan plan;
    SCREEN *screen;
    bool has_mouse, mouse_on, synchronises;
    struct rs_mouse_reader report; /* that is being read */
    struct rs_mouse mouse;         /* the last one */
    struct sigaction old_noted[NOTED];
} the;

/* ---- signals ----------------------------------------------------------------------------------------------------- */

/* The byte in the pipe is the signal's number. A full pipe has enough of them. */
static void note(int number)
{
    int kept = errno;
    unsigned char byte = (unsigned char)number;
    ssize_t ignored = write(atomic_load(&signal_pipe), &byte, 1);
    (void)ignored;
    errno = kept;
}

static void install(void)
{
    struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < NOTED; i++)
        sigaction(noted_signals[i], &action, &the.old_noted[i]);
    rs_crash_prepare(&the.plan);
}

static void uninstall(void)
{
    for (size_t i = 0; i < NOTED; i++)
        sigaction(noted_signals[i], &the.old_noted[i], NULL);
    rs_crash_forget();
}

/* Once opened it stays open: a handler may still be at work on another thread when the terminal has been given back,
 * and must not write to what took the descriptor's number since. */
static enum rs_status open_pipe(struct rs_error *err)
{
    unsigned char late;
    if (atomic_load(&signal_pipe) < 0) {
        enum rs_status status = rs_pipe_open(the.pipe, err);
        if (status != RS_OK)
            return status;
        atomic_store(&signal_pipe, the.pipe[1]);
    }
    while (read(the.pipe[0], &late, 1) == 1)
        ;
    return RS_OK;
}

/* ---- start and stop ---------------------------------------------------------------------------------------------- */

static void add_restore(const char *text)
{
    struct rs_crash_plan *plan = &the.plan;
    size_t length = text ? strcspn(text, "$") : 0; /* without padding for printing terminals */
    if (length > sizeof plan->restore - plan->restore_length)
        return;
    memcpy(plan->restore + plan->restore_length, text ? text : "", length);
    plan->restore_length += length;
}

static void prepare_restore(void)
{
    static const char *const names[] = {"sgr0", "cnorm", "rmkx", "rmcup"};
    add_restore(the.synchronises ? RS_OUTLET_MARK_END : NULL);
    add_restore(the.has_mouse ? MOUSE_OFF : NULL);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        add_restore(rs_terminfo_text(names[i]));
    add_restore("\r\n");
}

static void measure(struct rs_terminal *terminal)
{
    struct winsize size;
    if (!terminal->detached && ioctl(the.tty, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
        resizeterm(size.ws_row, size.ws_col);
    getmaxyx(stdscr, terminal->rows, terminal->columns);
}

/* What must be known of the terminal before curses takes it. */
static enum rs_status examine(const char *name, bool detached, struct rs_error *err)
{
    if (!detached && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)))
        return rs_fail(err, RS_USAGE, "the explorer needs a terminal: without one, `recscope train PRESET`");
    if (!rs_terminfo_load(name, STDOUT_FILENO))
        return rs_fail(err, RS_USAGE,
                       "TERM=%s: unknown terminal: set TERM (xterm-256color), or `recscope train PRESET`", name);
    bool moves = rs_terminfo_text("cup") && rs_terminfo_text("clear");
    the.plan.restore_length = 0;
    the.has_mouse = !detached && rs_terminfo_text("kmous");
    the.synchronises = !detached && rs_outlet_synchronises(name, getenv("TERM_PROGRAM"));
    if (!detached)
        prepare_restore();
    rs_terminfo_drop();
    return moves ? RS_OK
                 : rs_fail(err, RS_USAGE, "TERM=%s cannot move its cursor: set TERM, or `recscope train PRESET`", name);
}

/* Terminals that do not know application mode go on sending the cursor keys of normal mode. */
static void define_cursor_keys(void)
{
    static const struct {
        const char *sequence;
        int code;
    } table[] = {{"\033[A", KEY_UP},   {"\033[B", KEY_DOWN}, {"\033[C", KEY_RIGHT},
                 {"\033[D", KEY_LEFT}, {"\033[H", KEY_HOME}, {"\033[F", KEY_END}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (key_defined(table[i].sequence) == 0)
            define_key(table[i].sequence, table[i].code);
}

/* Reports are decoded here: curses asks for no motion, and reads only the form that the terminal's description names.
 */
static void define_mouse(void)
{
    static const struct {
        const char *introducer;
        int code;
    } table[] = {{"\033[<", KEY_DECIMAL}, {"\033[M", KEY_CHARACTERS}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        define_key(table[i].introducer, 0); /* what the description has there */
        define_key(table[i].introducer, table[i].code);
    }
}

static void send_mouse_mode(bool on)
{
    if (the.has_mouse)
        rs_outlet_say(&the.outlet, on ? MOUSE_ON : MOUSE_OFF);
}

static void set_modes(void)
{
    cbreak();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    keypad(stdscr, TRUE);
    define_cursor_keys();
    if (the.has_mouse)
        define_mouse();
    nodelay(stdscr, TRUE);
    typeahead(-1); /* a frame that has begun is finished, whatever is typed meanwhile */
    set_escdelay(ESCAPE_DELAY);
    curs_set(0);
}

/* In a locale of single bytes curses sends runs as a character and a count (REP), as xterm's description promises;
 * several programs that call themselves xterm do not know it. It does not do so where it takes the locale for UTF-8,
 * and for the ASCII that we then paint the two are the same. */
static SCREEN *new_screen(const char *name)
{
    char before[64];
    const char *locale = setlocale(LC_CTYPE, NULL);
    bool known = locale && rs_copy_string(before, sizeof before, locale);
    bool bytes = known && strcmp(nl_langinfo(CODESET), "UTF-8") != 0 && setlocale(LC_CTYPE, "C.UTF-8");
    SCREEN *screen = newterm(name, the.out, the.in ? the.in : stdin);
    if (bytes)
        setlocale(LC_CTYPE, before);
    return screen;
}

/* Screens of scripts are the same everywhere, whatever terminal there is not. */
static const char *name_of_terminal(bool detached)
{
    const char *set = getenv("TERM");
    bool none = !set || !set[0] || strcmp(set, "dumb") == 0;
    return detached && none ? "xterm-256color" : set ? set : "";
}

static enum rs_status open_nowhere(struct rs_error *err)
{
    the.tty = -1;
    the.in = fopen("/dev/null", "r");
    the.out = fopen("/dev/null", "w");
    return the.in && the.out ? RS_OK : rs_fail(err, RS_IO, "/dev/null: %s", strerror(errno));
}

/* The screen has a descriptor of its own; what is printed to the standard ones does not reach it any more. */
static enum rs_status open_terminal(struct rs_error *err)
{
    enum rs_status status = rs_prints_take(&the.prints, err);
    if (status != RS_OK)
        return status;
    the.tty = the.prints.output;
    the.plan.terminal = the.tty;
    the.plan.report = the.prints.error >= 0 ? the.prints.error : STDERR_FILENO;
    the.plan.prints = &the.prints;
    int own = dup(the.tty);
    the.out = own >= 0 ? fdopen(own, "w") : NULL;
    rs_outlet_open(&the.outlet, the.tty, own, the.synchronises);
    the.between = true;
    return the.out ? RS_OK : rs_fail(err, RS_IO, "the terminal: %s", strerror(errno));
}

static void close_files(void)
{
    if (the.tty >= 0)
        rs_outlet_close(&the.outlet);
    if (the.in)
        fclose(the.in);
    if (the.out)
        fclose(the.out);
    the.in = the.out = NULL;
    if (the.tty >= 0)
        rs_prints_give_back(&the.prints);
    the.tty = -1;
}

enum rs_status rs_terminal_start(struct rs_terminal *out, const struct rs_terminal_wish *wish, struct rs_error *err)
{
    const char *name = name_of_terminal(wish->detached);
    enum rs_status status = examine(name, wish->detached, err);
    if (status == RS_OK)
        status = open_pipe(err);
    if (status != RS_OK)
        return status;
    the.tty = -1;
    the.plan.terminal = wish->detached ? -1 : STDOUT_FILENO;
    the.plan.report = STDERR_FILENO;
    the.plan.prints = NULL;
    tcgetattr(STDOUT_FILENO, &the.plan.before);
    status = wish->detached ? open_nowhere(err) : open_terminal(err);
    install(); /* before curses, which then leaves these signals alone */
    the.screen = status == RS_OK ? new_screen(name) : NULL;
    if (!the.screen) {
        uninstall();
        close_files();
        return status == RS_OK ? rs_fail(err, RS_USAGE, "TERM=%s: this terminal cannot be used", name) : status;
    }
    set_modes();
    *out = (struct rs_terminal){.detached = wish->detached,
                                .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
                                .blocks_only = strcmp(name, "linux") == 0};
    out->colors = rs_paint_start(wish->colors, out->utf8, wish->theme);
    if (wish->detached)
        rs_terminal_resize(out, wish->rows, wish->columns);
    else
        measure(out);
    rs_mouse_begin(&the.report, RS_MOUSE_NONE);
    rs_terminal_capture_mouse(true);
    return RS_OK;
}

void rs_terminal_stop(void)
{
    send_mouse_mode(false);
    rs_outlet_finish(&the.outlet);
    curs_set(1);
    endwin();
    delscreen(the.screen);
    the.screen = NULL;
    uninstall();
    close_files();
}

/* ---- running ----------------------------------------------------------------------------------------------------- */

int rs_terminal_signal_fd(void)
{
    return the.pipe[0];
}

bool rs_terminal_is_ready(void)
{
    return the.tty < 0 || rs_outlet_flush(&the.outlet);
}

int rs_terminal_frame_fd(void)
{
    return the.tty < 0 ? -1 : the.outlet.own;
}

int rs_terminal_print_fd(void)
{
    return the.tty >= 0 ? the.prints.pipe[0] : -1;
}

size_t rs_terminal_prints(char *out, size_t size)
{
    return rs_prints_read(&the.prints, out, size);
}

int rs_terminal_key_fd(void)
{
    return the.in ? -1 : STDIN_FILENO;
}

void rs_terminal_resize(struct rs_terminal *terminal, int rows, int columns)
{
    if (terminal->detached)
        resizeterm(rows, columns);
    measure(terminal);
}

/* Give the terminal to the shell, stop, and take it again when somebody says fg. */
static void suspend(void)
{
    struct sigaction stop = {.sa_handler = SIG_DFL};
    struct sigaction ours;
    sigemptyset(&stop.sa_mask);
    send_mouse_mode(false);
    rs_outlet_finish(&the.outlet);
    endwin();
    sigaction(SIGTSTP, &stop, &ours);
    raise(SIGTSTP);
    sigaction(SIGTSTP, &ours, NULL);
    the.between = true;
    send_mouse_mode(the.mouse_on);
    rs_terminal_repaint();
}

int rs_terminal_signals(struct rs_terminal *terminal)
{
    int end = 0;
    unsigned char number;
    while (read(the.pipe[0], &number, 1) == 1) {
        if (number == SIGTSTP)
            suspend();
        else if (number == SIGCONT)
            rs_terminal_repaint();
        else if (number != SIGWINCH)
            end = number;
    }
    measure(terminal);
    return end;
}

static uint32_t named_key(wint_t key)
{
    static const struct {
        wint_t code;
        uint32_t key;
    } table[] = {{KEY_UP, RS_KEY_UP},         {KEY_DOWN, RS_KEY_DOWN},       {KEY_LEFT, RS_KEY_LEFT},
                 {KEY_RIGHT, RS_KEY_RIGHT},   {KEY_HOME, RS_KEY_HOME},       {KEY_END, RS_KEY_END},
                 {KEY_PPAGE, RS_KEY_PAGE_UP}, {KEY_NPAGE, RS_KEY_PAGE_DOWN}, {KEY_DC, RS_KEY_DELETE},
                 {KEY_ENTER, RS_KEY_ENTER},   {KEY_BACKSPACE, RS_KEY_ERASE}, {KEY_BTAB, RS_KEY_BACK_TAB}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].code == key)
            return table[i].key;
    return RS_KEY_OTHER;
}

/* Go on with a report. It takes all that comes until it is whole, so that no piece of it is read as a key. */
static uint32_t read_report(void)
{
    wint_t character = 0;
    while (the.report.form != RS_MOUSE_NONE) {
        int kind = get_wch(&character);
        if (kind == ERR)
            return RS_KEY_NONE;
        if (kind == KEY_CODE_YES)
            rs_mouse_begin(&the.report, RS_MOUSE_NONE);
        else if (rs_mouse_take(&the.report, character, &the.mouse))
            return RS_KEY_MOUSE;
    }
    return RS_KEY_OTHER;
}

static uint32_t read_key(void)
{
    wint_t key = 0;
    int kind = get_wch(&key);
    if (kind == ERR)
        return RS_KEY_NONE;
    if (kind == KEY_CODE_YES && (key == KEY_DECIMAL || key == KEY_CHARACTERS)) {
        rs_mouse_begin(&the.report, key == KEY_DECIMAL ? RS_MOUSE_DECIMAL : RS_MOUSE_CHARACTERS);
        return read_report();
    }
    if (kind == KEY_CODE_YES)
        return named_key(key);
    if (key == '\n')
        return RS_KEY_ENTER;
    return key == 8 ? RS_KEY_ERASE : key;
}

uint32_t rs_terminal_key(void)
{
    if (the.in)
        return RS_KEY_NONE;
    return the.report.form == RS_MOUSE_NONE ? read_key() : read_report();
}

struct rs_mouse rs_terminal_mouse(void)
{
    return the.mouse;
}

bool rs_terminal_capture_mouse(bool on)
{
    the.mouse_on = on && the.has_mouse;
    send_mouse_mode(the.mouse_on);
    return the.has_mouse;
}

/* The first frame after the shell had the terminal sets its modes, too: that one is not collected. */
void rs_terminal_show(void)
{
    bool collects = the.tty >= 0 && !the.between;
    if (collects)
        rs_outlet_begin(&the.outlet);
    wnoutrefresh(stdscr);
    doupdate();
    if (collects && !rs_outlet_end(&the.outlet))
        rs_terminal_repaint();
    the.between = false;
}

void rs_terminal_repaint(void)
{
    clearok(stdscr, TRUE);
}
