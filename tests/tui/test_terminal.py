#!/usr/bin/python3
"""The terminal: taken, drawn on in what it has, and given back.

    test_terminal.py PROGRAM [CHECK]

Prints TAP.
"""
import os
import re
import signal
import termios

from explorer_terminal import BRAILLE, Explorer, run


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


def gives_the_terminal_back(work):
    for name in ("q", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGSEGV", "SIGABRT"):
        e = Explorer(work, ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":handle_segv=0:handle_abort=0")
        e.see("SPACE starts it")
        e.send(" ")
        e.see("epoch [1-9]\\d*/5000")
        if name == "q":
            e.send("q")
        else:
            os.kill(e.pid, getattr(signal, name))
        status = e.end()
        restored(e, name)
        if name == "q":
            assert os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0, f"q: status {status}"
        elif name in ("SIGSEGV", "SIGABRT"):
            assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == getattr(signal, name), f"{name}: status {status}"
        else:
            assert os.WIFEXITED(status) and os.WEXITSTATUS(status) == 130, f"{name}: status {status}"
            assert f"ended by {name}".encode() in e.raw, f"{name}: no reason was given"
        e.close()
    return Explorer(work)


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
    e.send("q")
    e.end()
    restored(e, "q after fg")
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


CHECKS = [draws_ascii_without_utf8, glyphs_go_round, without_colours, gives_the_terminal_back, suspends_and_comes_back,
          refuses_a_dumb_terminal]


run(CHECKS)
