#!/usr/bin/python3
"""The terminal: taken, drawn on in what it has, and given back.

    test_terminal.py PROGRAM [CHECK]

Prints TAP.
"""
import os
import re
import signal
import termios
import time

from explorer_terminal import BRAILLE, PATIENCE, Explorer, run


def draws_ascii_without_utf8(work):
    e = Explorer(work, epochs=5, LC_ALL="C")
    e.see("SPACE starts it")
    e.send(" ")
    e.see("finished")
    assert all(byte < 128 for byte in e.raw), "bytes beyond ASCII"
    assert re.search("[+].*[*]", e.text()) and re.search("oo|o[*-]", e.text()), e.text()
    e.see("- mean \\d\\.\\d{3}")
    e.send("g")
    e.see("not UTF-8")
    return e


def glyphs_go_round(work):
    e = Explorer(work, epochs=5)
    e.see("SPACE starts it")
    e.send(" ")
    e.see("finished")
    assert any(ord(c) in BRAILLE for c in e.text())
    e.send("g")
    e.see("drawn in quadrants")
    assert any(c in "▘▝▀▖▌▞▛▗▚▐▜▄▙▟" for c in e.text())
    e.send("g")
    e.see("drawn in ASCII")
    e.send("g")
    if "octants" in e.see("drawn in (octants|braille)").group():  # where the system knows them
        e.send("g")
        e.see("drawn in braille")
    return e


def without_colours(work):
    for arguments, environment in (([], {"NO_COLOR": "1"}), (["--color=never"], {}), ([], {"TERM": "vt100"})):
        e = Explorer(work, arguments, epochs=3, **environment)
        e.see("SPACE starts it")
        e.send(" ")
        e.see("finished")
        sgr = re.findall(rb"\x1b\[([0-9;:]*)m", e.raw)
        colours = [s for s in sgr if any(p.startswith((b"3", b"4", b"9")) and len(p) > 1 for p in re.split(b"[;:]", s))]
        assert colours == [], f"{environment} {arguments}: {colours[:3]}"
        e.send("q")
        e.end()
        e.close()
    return Explorer(work)


def restored(e, how):
    assert e.raw.rfind(b"\x1b[?1002l") > e.raw.rfind(b"\x1b[?1002h"), f"{how}: the mouse was kept"
    assert b"\x1b[?1049l" in e.raw[-600:], f"{how}: the alternate screen was not left"
    flags = termios.tcgetattr(e.fd)[3]
    assert flags & termios.ECHO and flags & termios.ICANON, f"{how}: echo or lines are off"


def column_of(e, row, text):
    """Where a text of single columns begins, in columns."""
    cells = [e.screen.buffer[row][c].data for c in range(e.screen.columns)]
    for column in range(len(cells)):
        if cells[column:column + len(text)] == list(text):
            return column
    return None


def titles_keep_columns_straight(work):
    """Each of these titles has eight columns: what stands behind it stands where it always does."""
    columns = set()
    for title, shown in (("eightcol", "eightcol"), ("Ame\u0301lie 2", "Amélie 2"), ("七人の侍", "七人の侍"),
                         ("\U0001f469\u200d\U0001f469 abc", "\U0001f469\U0001f469 abc"), ("a\u200eb\ufe0fcdefgh", "abcdefgh")):
        e = Explorer(work, ["--set", f"experiment.title={title}"])
        e.see("builtin:playground, ")
        e.settle()
        assert shown in e.screen.display[0], e.screen.display[0]
        columns.add(column_of(e, 0, "builtin:"))
        e.close()
    assert len(columns) == 1 and None not in columns, columns
    e = Explorer(work, ["--set", "experiment.title=" + 30 * "七"], columns=80, rows=24)  # a place of 20 columns
    e.see("…  built")
    assert "七…" in e.screen.display[0] and 5 * "七" in e.screen.display[0], e.screen.display[0]
    return e


ENDS = ("SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT")
CRASHES = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL")
# The sanitizers would take these signals for themselves.
TO_US = {name: os.environ.get(name, "") + ":handle_segv=0:handle_abort=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0"
         for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS")}


def trains(work, **options):
    e = Explorer(work, **options, **TO_US)
    e.see("SPACE starts it")
    e.send(" ")
    e.see("epoch [1-9]\\d*/5000")
    return e


def gives_the_terminal_back(work):
    for name in ("q", ":quit") + ENDS:
        e = trains(work)
        if name in ENDS:
            os.kill(e.pid, getattr(signal, name))
        else:
            e.send(*name, *["enter"] * (name != "q"))
        status = e.end()
        restored(e, name)
        assert os.WIFEXITED(status) and os.WEXITSTATUS(status) == (130 if name in ENDS else 0), f"{name}: {status}"
        assert name not in ENDS or f"ended by {name}".encode() in e.raw, f"{name}: no reason was given"
        e.close()
    return Explorer(work)


def is_stopped(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        return file.read().rsplit(")", 1)[1].split()[0] == "T"


def says_why_it_crashed(work):
    for name in CRASHES:
        e = trains(work)
        os.kill(e.pid, getattr(signal, name))
        status = e.end()
        restored(e, name)
        assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == getattr(signal, name), f"{name}: status {status}"
        report = e.raw[e.raw.rindex(b"\x1b[?1049l"):].decode()
        folder = re.search(f"recscope: killed by {name}; the terminal was restored; the epochs that were trained are kept "
                           "in (.*?)[\r\n]", report)
        assert folder, report
        with open(os.path.join(folder.group(1), "epochs.csv"), encoding="ascii") as file:
            assert len(file.readlines()) > 1, "no epoch was kept"
        if name != CRASHES[-1]:
            e.close()
    for waits in (False, True):  # until it has read what was printed, or it has not when it dies
        e.close()
        e = Explorer(work, **TO_US)  # before there is a run
        e.see("SPACE starts it")
        if not waits:
            os.kill(e.pid, signal.SIGSTOP)
            e.until(lambda: is_stopped(e.pid), "it to stand still: it would read what is printed")
        with open(f"/proc/{e.pid}/fd/2", "w", encoding="ascii") as stream:
            stream.write("an assertion did not hold\n")
        if waits:
            e.send("5")
            e.see("an assertion did not hold")
        os.kill(e.pid, signal.SIGABRT)
        os.kill(e.pid, signal.SIGCONT)
        e.end()
        report = e.raw[e.raw.rindex(b"\x1b[?1049l"):]
        assert b"an assertion did not hold" in report, "what was printed last is lost"
        assert re.search(rb"killed by SIGABRT; the terminal was restored[\r\n]", report), e.raw[-200:]
    return e


def ends_with_its_terminal(work):
    """The window is closed: the program ends, and the run that was under way is whole."""
    e = trains(work)
    os.close(e.fd)
    for _ in range(int(PATIENCE * 20)):
        pid, status = os.waitpid(e.pid, os.WNOHANG)
        if pid:
            break
        time.sleep(0.05)
    assert pid and os.WIFEXITED(status), "the program outlives its terminal"
    runs = os.path.join(work, "data", "recscope", "runs")
    with open(os.path.join(runs, os.listdir(runs)[0], "run.ini"), encoding="utf-8") as file:
        assert "[result]" in file.read()
    return Explorer(work)


def a_wrong_script_ends_it(work):
    with open(os.path.join(work, "wrong.script"), "w", encoding="ascii") as file:
        file.write("start\nwait epoch 1\nexpect no such text\n")
    e = Explorer(work, ["--script", "wrong.script"])
    status = e.end()
    restored(e, "a script")
    assert os.WEXITSTATUS(status) == 2 and b"wrong.script:3: " in e.raw, e.raw[-300:]
    return e


def suspends_and_comes_back(work):
    e = Explorer(work, job=True)
    e.see("SPACE starts it")
    e.send("\x1a")
    e.see("shell: stopped")
    restored(e, "Ctrl-Z")
    e.screen.reset()
    e.send(*"fg", "\n")
    e.see("SPACE starts it")
    e.send("s")
    e.see("step 1\\b")
    assert e.raw.rfind(b"\x1b[?1002h") > e.raw.rfind(b"\x1b[?1002l"), "the mouse was not taken again"
    e.send("q")
    e.end()
    restored(e, "q after fg")
    return e


def prints_go_to_the_log(work):
    """Whatever the process writes to its standard output and error while the screen is the explorer's."""
    e = Explorer(work)
    e.see("SPACE starts it")
    for number, text in ((1, "a library says one thing"), (2, "and another")):
        with open(f"/proc/{e.pid}/fd/{number}", "w", encoding="ascii") as file:
            file.write(text + "\n")
    e.send(str(number_of(e, "Log")))
    e.see("a library says one thing")
    e.see("and another")
    e.send("esc")
    e.see("SPACE starts it")
    e.send("q")
    e.end()
    assert b"a library says one thing\r\n" not in e.raw, "it reached the terminal by itself"
    return e


def number_of(explorer, title):
    return int(explorer.see(f"(\\d) {title}\\b").group(1))


def charset_and_rate_are_asked_for(work):
    e = Explorer(work, ["--charset=quadrants", "--fps=5"], epochs=5)
    e.see("SPACE starts it")
    e.send(" ")
    e.see("finished")
    assert any(c in "▘▝▀▖▌▞▛▗▚▐▜▄▙▟" for c in e.text())
    e.close()
    e = Explorer(work, ["--charset=dots"])
    assert os.WEXITSTATUS(e.end()) == 2 and b"there are none of that name" in e.raw, e.raw
    return e


BEGIN, END = b"\x1b[?2026h", b"\x1b[?2026l"


def shows_frames_whole_where_the_terminal_can(work):
    e = trains(work, TERM_PROGRAM="WezTerm")
    e.send("?")
    e.see("Keys on the screen")
    e.send("q")
    e.see("epoch [1-9]\\d*/5000")
    os.kill(e.pid, signal.SIGSEGV)
    e.end()
    restored(e, "SIGSEGV")
    marks = re.findall(rb"\x1b\[\?2026([hl])", e.raw)
    assert len(marks) > 10 and marks[:-1:2] == [b"h"] * (len(marks) // 2) and marks[1::2] == [b"l"] * (len(marks) // 2), marks
    assert e.raw.rindex(END) > e.raw.rindex(b"Keys on"), "the crash left a frame open"
    e.close()
    e = trains(work)
    assert BEGIN not in e.raw
    return e


def does_not_wait_for_a_terminal_that_takes_nothing(work):
    """Nobody reads the terminal, and the script goes on."""
    with open(os.path.join(work, "full.script"), "w", encoding="ascii") as file:
        file.write("wait ready\n" + "screen log\nscreen curves\nrepaint\n" * 60 + "start\nwait finished\nsave-screen done.txt\n")
    e = Explorer(work, ["--script", "full.script"], epochs=3)
    done = os.path.join(work, "done.txt")
    end = time.monotonic() + PATIENCE
    while not os.path.exists(done) and time.monotonic() < end:
        time.sleep(0.05)
    assert os.path.exists(done), "it waits for its terminal"
    e.see("finished")
    return e


def refuses_a_dumb_terminal(work):
    e = Explorer(work, TERM="dumb")
    status = e.end()
    assert os.WEXITSTATUS(status) == 2 and b"recscope train" in e.raw, e.raw
    e.close()
    e = Explorer(work, TERM="no-such-terminal")
    status = e.end()
    assert os.WEXITSTATUS(status) == 2 and b"unknown terminal" in e.raw, e.raw
    return e


CHECKS = [draws_ascii_without_utf8, glyphs_go_round, without_colours, titles_keep_columns_straight,
          gives_the_terminal_back, says_why_it_crashed, ends_with_its_terminal, a_wrong_script_ends_it,
          suspends_and_comes_back, prints_go_to_the_log, charset_and_rate_are_asked_for,
          shows_frames_whole_where_the_terminal_can, does_not_wait_for_a_terminal_that_takes_nothing,
          refuses_a_dumb_terminal]


run(CHECKS)
