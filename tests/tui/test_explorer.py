#!/usr/bin/python3
"""The explorer through a real pseudo-terminal, its screen read by an independent emulator (pyte).

    test_explorer.py PROGRAM

Nothing sleeps for luck: each step waits for what must come, with a time-out (RECSCOPE_SLOW multiplies it).
Prints TAP.
"""
import csv
import fcntl
import glob
import os
import pty
import re
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time

try:
    import pyte
except ImportError:
    print("ok 1 - explorer # SKIP needs python3-pyte")
    sys.exit(0)

PROGRAM = os.path.abspath(sys.argv[1])
HERE = os.path.dirname(os.path.abspath(__file__))
PRESETS = os.path.join(HERE, "..", "..", "presets")
SLOW = float(os.environ.get("RECSCOPE_SLOW", "1"))
PATIENCE = 15 * SLOW
KEYS = {"up": "\x1bOA", "down": "\x1bOB", "right": "\x1bOC", "left": "\x1bOD", "enter": "\r", "esc": "\x1b", "tab": "\t"}
# A small world, so that a run under a sanitizer takes seconds too.
WORLD = ["world_users=200", "world_items=300", "world_ratings=8000"]
SMALL = [word for setting in ["data." + w for w in WORLD] + ["model.layers=50", "train.batch_size=32"]
         for word in ("--set", setting)]
BRAILLE = range(0x2801, 0x2900)


def be_a_shell():
    """Run what follows as a foreground job, as a shell does; a job that stops is continued by `fg` and Enter."""
    job = os.fork()
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    if job == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        return
    while True:
        status = os.waitpid(job, os.WUNTRACED)[1]
        if not os.WIFSTOPPED(status):
            os._exit(0)
        os.tcsetpgrp(0, os.getpgrp())
        os.write(1, b"\r\nshell: stopped\r\n")
        while b"fg" not in os.read(0, 100):
            pass
        os.tcsetpgrp(0, job)
        os.kill(-job, signal.SIGCONT)


class Explorer:
    """The program on a pseudo-terminal of its own session, and its screen."""

    def __init__(self, work, arguments=(), columns=120, rows=40, epochs=5000, job=False, **environment):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.status = None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(work)
            env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "LINES", "COLUMNS")}
            env.update(TERM="xterm-256color", LC_ALL="C.UTF-8", XDG_DATA_HOME=os.path.join(work, "data"))
            env.update(environment)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            if job:
                be_a_shell()
            os.execve(PROGRAM, [PROGRAM, *SMALL, f"--epochs={epochs}", *arguments], env)

    def pump(self, seconds):
        if not select.select([self.fd], [], [], seconds)[0]:
            return
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # the other end is closed
            data = b""
        if not data:
            self.reap()
            return
        self.raw += data
        self.stream.feed(data)

    def reap(self):
        if self.status is None:
            self.status = os.waitpid(self.pid, 0)[1]

    def until(self, condition, what):
        """Read until condition() holds; its value is returned."""
        end = time.monotonic() + PATIENCE
        while True:
            value = condition()
            if value:
                return value
            if time.monotonic() > end:
                raise AssertionError(f"waited for {what}; the screen is\n" + self.text())
            if self.status is not None:
                raise AssertionError(f"ended (status {self.status}) before {what}; the screen is\n" + self.text())
            self.pump(0.05)

    def settle(self):
        """Read until nothing comes for a while: a frame may arrive in pieces."""
        before = -1
        while before != len(self.raw):
            before = len(self.raw)
            self.pump(0.2)

    def see(self, pattern):
        return self.until(lambda: re.search(pattern, self.text()), repr(pattern))

    def send(self, *keys):
        for key in keys:
            os.write(self.fd, KEYS.get(key, key).encode())

    def field(self, label, present=None):
        """Move the focus to a field (its row in the form)."""
        self.send("esc")  # from the chart, if that has the keys
        for _ in range(80):
            row = self.row_of(label)
            at = self.focus()
            if row is not None and row == at:
                return row
            self.send("down" if row is None or at is None or row > at else "up")
            self.until(lambda: self.focus() not in (None, at), f"the focus to leave row {at}")
        raise AssertionError(f"no field {label}\n" + self.text())

    def row_of(self, label):
        for row, line in enumerate(self.screen.display):
            if line.startswith(label + " "):
                return row
        return None

    def focus(self):
        for row in range(1, self.screen.lines):  # above are the tabs
            if self.screen.buffer[row][0].reverse:
                return row
        return None

    def value(self, label):
        row = self.row_of(label)
        return None if row is None else self.screen.display[row][15:].split("│")[0].split("|")[0].replace(
            "live", "").strip()

    def resize(self, columns, rows):
        self.screen.resize(rows, columns)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.kill(self.pid, signal.SIGWINCH)

    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    def end(self):
        """Wait for the end of the program; what the terminal was left in is looked at before it is closed."""
        deadline = time.monotonic() + PATIENCE
        while self.status is None and time.monotonic() < deadline:
            self.pump(0.05)
            if self.status is None:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                if pid:
                    self.status = status
                    while select.select([self.fd], [], [], 0)[0]:
                        size = len(self.raw)
                        try:
                            self.raw += os.read(self.fd, 65536)
                        except OSError:
                            break
                        if len(self.raw) == size:
                            break
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            raise AssertionError("did not end; the screen is\n" + self.text())
        return self.status

    def close(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            self.reap()
        os.close(self.fd)


# ---- reading the chart ---------------------------------------------------------------------------------------------

def y_axis(explorer):
    """{row: value} of the labels left of the chart, and the column of the axis."""
    found = {}
    column = None
    for row, line in enumerate(explorer.screen.display):
        match = re.search(r"[│|] *(\d+\.\d+)([┤+])", line)
        if match:
            found[row] = float(match.group(1))
            column = match.start(2)
    return found, column


def x_axis(explorer):
    """{column: value} of the marks below the chart, and the row of the axis."""
    for row, line in enumerate(explorer.screen.display):
        if re.search("[└+][─┬+-]{10}", line) and "┬" in line or re.search(r"\+\+-", line):
            start = re.search("[└+][─┬+-]{10}", line).start()
            labels = explorer.screen.display[row + 1]
            marks = [m.start() + start + 1 for m in re.finditer("[┬+]", line[start + 1:])]
            values = {}
            for mark in marks:
                for number in re.finditer(r"\d+", labels):
                    if number.start() <= mark <= number.end():
                        values[mark] = int(number.group())
            return values, row
    return {}, None


def interpolate(axis, value):
    """The row or column of a value, from two labelled ones."""
    (a, at), (b, bt) = sorted(axis.items())[0], sorted(axis.items())[-1]
    return a + (value - at) * (b - a) / (bt - at)


def is_drawn(char, colour=None):
    return ord(char.data[:1] or " ") in BRAILLE and (colour is None or char.fg == colour)


TRAIN = "5fafff"  # colour 75 of 256
EVAL = "ff8700"   # colour 208


def run_folders(work):
    return sorted(glob.glob(os.path.join(work, "data", "recscope", "runs", "*")))


def epochs_of(folder):
    with open(os.path.join(folder, "epochs.csv"), encoding="ascii") as file:
        return list(csv.DictReader(file))


# ---- checks --------------------------------------------------------------------------------------------------------

def stands_before_training(work):
    e = Explorer(work)
    e.see("SPACE starts it")
    for name in ("mean", "user\\+item", "noise floor"):
        e.see(f"[╌-]+ {name} \\d\\.\\d{{3}}")
    e.see("epoch 0/5000")
    assert run_folders(work) == [], "looking left a folder"
    return e


def starts_and_pauses(work):
    e = stands_before_training(work)
    e.send(" ")
    e.see("train \\d\\.\\d{4}")
    e.see("epoch [1-9]\\d*/5000")
    e.send(" ")
    e.see("paused")
    e.settle()
    step = e.see("epoch (\\d+)/5000, step (\\d+)").group(2)
    e.send("?")
    e.see("Keys")
    e.send("?")
    e.settle()
    assert e.see("epoch \\d+/5000, step (\\d+)").group(1) == step, "a paused run moved on"
    return e


def curves_stand_at_their_values(work):
    e = Explorer(work, epochs=12)
    e.see("SPACE starts it")
    e.send(" ")
    e.see("finished")
    e.see("kept in")
    epochs = epochs_of(run_folders(work)[-1])
    ys, _ = y_axis(e)
    xs, _ = x_axis(e)
    assert len(ys) >= 4 and sorted(ys.values()) == sorted(set(ys.values())), f"labels {ys}"
    assert len(xs) >= 2 and xs[min(xs)] == 0, f"labels {xs}"
    checked = 0
    for record in epochs:
        for name, colour in (("train_rmse", TRAIN), ("eval_rmse", EVAL)):
            x, y = float(record["epoch"]), float(record[name])
            if not min(ys.values()) <= y <= max(ys.values()) or x < 1:
                continue
            row, column = interpolate(ys, y), interpolate(xs, x)
            near = [e.screen.buffer[r][c] for r in range(round(row) - 1, round(row) + 2)
                    for c in range(round(column) - 1, round(column) + 2)]
            assert any(is_drawn(c, colour) or c.data == "◆" for c in near), \
                f"{name} {y} of epoch {x} is not near row {row:.1f}, column {column:.1f}\n" + e.text()
            checked += 1
    assert checked >= 12, f"only {checked} points lay in the range"
    best = min((float(r["eval_rmse"]), int(float(r["epoch"]))) for r in epochs
               if float(r["epoch"]) > 0)
    e.see(f"best eval {best[0]:.4f} \\(epoch {best[1]}\\)")
    last = epochs[-1]
    e.see(f"train {float(last['train_rmse']):.4f}")
    e.see(f"eval {float(last['eval_rmse']):.4f}")
    e.see(f"eval - train \\+{float(last['eval_rmse']) - float(last['train_rmse']):.4f}")
    e.see("test sealed")
    e.send("T")
    e.see("test RMSE \\d\\.\\d{4}")
    return e


def steps_by_batch_and_epoch(work):
    e = Explorer(work)
    e.see("SPACE starts it")
    e.send("s")
    e.see("paused +epoch 0/5000, step 1\\b")
    e.send("s")
    e.see("paused +epoch 0/5000, step 2\\b")
    e.send("e")
    e.see("paused +epoch 1/5000, step 10\\b")
    e.send("b")
    e.see("batch \\d\\.\\d{4}")
    return e


def live_edit_acts_and_is_recorded(work):
    e = Explorer(work)
    e.see("SPACE starts it")
    e.send("e")
    e.see("paused +epoch 1/5000")
    e.settle()
    e.field("Learning rate")
    e.send("enter", *"0.004")
    e.see("takes it")
    e.send("enter")
    e.see("= 0.004 from step 11 on")
    assert e.value("Learning rate") == "0.004", e.value("Learning rate")
    assert "changed" not in e.text()
    e.field("Layers")
    e.send("enter", *"60", "enter")
    e.see("changed: press r")
    e.send("e")
    e.see("paused +epoch 2/5000")
    e.settle()
    with open(os.path.join(run_folders(work)[-1], "changes.csv"), encoding="ascii") as file:
        assert "11,train.learning_rate,0.004" in file.read()
    return e


def letters_are_text_while_editing(work):
    e = Explorer(work)
    e.see("SPACE starts it")
    e.field("Epochs")
    e.send("enter", "q")
    e.send("enter")
    e.see("\\[train\\] epochs = q: not a whole number")
    e.send("esc")
    e.until(lambda: e.value("Epochs") == "5000", "the value from before")
    e.send("enter", *"99999999999", "enter")
    e.see("out of range")
    e.send("esc")
    e.field("Optimizer")
    before = e.value("Optimizer")
    e.send("right")
    e.until(lambda: e.value("Optimizer") != before, "another optimizer")
    e.see("changed")
    e.field("Model")
    assert e.row_of("Factors") is None, "autorec has no factors"
    e.send("right")
    e.see("Factors +40")
    e.see("Matrix factorisation")
    return e


def resets_to_the_same_curve(work):
    e = Explorer(work)
    e.see("SPACE starts it")
    e.send("e")
    e.see("paused +epoch 1/5000")
    e.settle()
    first = e.see("eval (\\d\\.\\d{4})").group(1)
    e.send("p", "r")
    e.see("epoch 0/5000, step 0")
    e.see("SPACE starts it")
    e.send("e")
    e.see("paused +epoch 1/5000")
    e.settle()
    e.see("same settings")
    assert e.see("  eval (\\d\\.\\d{4})| eval (\\d\\.\\d{4})").group().split()[-1] == first
    e.send("R")
    e.see("epoch 0/5000, step 0")
    assert e.value("Seed") == "2", e.value("Seed")
    return e


def saves_and_opens(work):
    e = Explorer(work)
    e.see("SPACE starts it")
    e.field("Learning rate")
    e.send("right")
    e.until(lambda: e.value("Learning rate") == "0.002", "0.002")
    e.send("w")
    e.see("save as: .*\\.ini")
    e.send("\x15", *"mine.ini", "enter")
    e.see("saved as mine.ini")
    e.send("w", "enter")
    e.see("mine.ini is there")
    e.send("n")
    e.see("left as it was")
    e.send("right")
    e.until(lambda: e.value("Learning rate") == "0.004", "0.004")
    e.send("o")
    e.see("presets/ice1.ini")
    e.send(*"mine.ini", "enter")
    e.see("opened mine.ini")
    assert e.value("Learning rate") == "0.002", e.value("Learning rate")
    e.see("SPACE starts it")
    e.send("o", *"nowhere.ini", "enter")
    e.see("nowhere.ini: ")
    with open(os.path.join(work, "mine.ini"), encoding="utf-8") as file:
        assert "learning_rate = 0.002" in file.read()
    return e


def follows_sizes(work):
    e = starts_and_pauses(work)
    for columns, rows in ((80, 24), (200, 60)):
        e.resize(columns, rows)
        e.until(lambda: e.screen.display[rows - 1].startswith("Space start/pause"), "the footer in the last row")
        e.see("paused +epoch")
        _, axis = y_axis(e)
        assert axis is not None and axis < columns
        assert all(len(line) == columns for line in e.screen.display)
    e.resize(60, 20)
    e.see("60 x 20 is too small")
    e.see("needs 80 x 24")
    e.resize(80, 24)
    e.see("paused +epoch")
    return e


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


def themes_paint_their_background(work):
    for arguments, environment, first, other in (([], {"COLORFGBG": "0;15"}, "ffffff", "121212"),
                                                 (["--theme=dark"], {"COLORFGBG": "0;15"}, "121212", "ffffff")):
        e = Explorer(work, arguments, **environment)
        e.see("SPACE starts it")
        for paper in (first, other):
            # pyte erases only the cells that it knows; "default" are those that were never written
            papers = {cell.bg for line in e.screen.buffer.values() for cell in line.values()} - {"default"}
            assert papers == {paper}, f"backgrounds {papers}"
            e.send("B")
            e.see("colours")
            e.settle()
        e.send("q")
        e.end()
        e.close()
    return Explorer(work)


def click(e, row, column, button=0):
    """Press and release, or turn the wheel, as xterm reports it."""
    e.send(f"\x1b[<{button};{column + 1};{row + 1}M")
    if button < 64:
        e.send(f"\x1b[<{button};{column + 1};{row + 1}m")


def takes_the_mouse(work):
    e = Explorer(work, epochs=4)
    e.see("SPACE starts it")
    assert b"\x1b[?1002h" in e.raw and b"\x1b[?1006h" in e.raw, "the mouse was not asked for"
    e.send(" ")
    e.see("finished")
    row = e.row_of("Learning rate")
    click(e, row, 3)
    e.until(lambda: e.focus() == row, "the focus on the field that was clicked")
    ys, axis = y_axis(e)
    click(e, min(ys) + 3, (axis + 120) // 2)
    e.see("epoch [123]  eval")
    xs = x_axis(e)[0]
    click(e, min(ys) + 3, (axis + 120) // 2, 64)
    e.until(lambda: x_axis(e)[0] != xs, "a magnified x axis")
    tab = e.screen.display[0].index(" Log ")
    click(e, 0, tab + 1)
    e.until(lambda: e.screen.buffer[0][tab + 1].reverse, "the Log screen")
    os.write(e.fd, b"\x1b[<0;2")  # in pieces, too
    e.settle()
    os.write(e.fd, b";1M\x1b[<0;2;1m")
    e.until(lambda: e.screen.buffer[0][1].reverse, "the Curves screen")
    e.settle()
    before = e.text()
    e.send("\x1b[<2;9;9M", "\x1b[<35;9;9M")  # other buttons, motion: nothing happens, nothing is typed
    e.send("M")
    e.see("mouse selects text")
    assert e.raw.rstrip().rfind(b"\x1b[?1002l") > e.raw.rfind(b"\x1b[?1002h"), "the mouse was kept"
    e.send("M")
    e.see("acts in the explorer again")
    e.settle()
    assert e.text().splitlines()[:20] == before.splitlines()[:20], before + e.text()
    return e


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


def says_what_is_wrong(work):
    e = Explorer(work, ["--data", "nowhere/ratings.csv"])
    e.see("nowhere/ratings.csv")
    e.see("press r")
    e.field("Data")
    e.send("enter", *"builtin:ice1", "enter", "r")
    e.see("4 users, 4 items")
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


CHECKS = [stands_before_training, starts_and_pauses, curves_stand_at_their_values, steps_by_batch_and_epoch,
          live_edit_acts_and_is_recorded, letters_are_text_while_editing, resets_to_the_same_curve, saves_and_opens,
          follows_sizes, draws_ascii_without_utf8, glyphs_go_round, without_colours,
          themes_paint_their_background, takes_the_mouse, gives_the_terminal_back,
          suspends_and_comes_back, says_what_is_wrong, refuses_a_dumb_terminal]


def main():
    failed = 0
    only = sys.argv[2] if len(sys.argv) > 2 else ""
    for number, check in enumerate(CHECKS, 1):
        if only not in check.__name__:
            continue
        work = tempfile.mkdtemp(prefix="recscope-tui-")
        shutil.copytree(PRESETS, os.path.join(work, "presets"))
        explorer = None
        try:
            explorer = check(work)
            print(f"ok {number} - {check.__name__}", flush=True)
        except (AssertionError, OSError, ValueError) as error:
            failed += 1
            print(f"not ok {number} - {check.__name__}", flush=True)
            print("# " + str(error).replace("\n", "\n# "), flush=True)
        finally:
            if explorer:
                explorer.close()
            shutil.rmtree(work, ignore_errors=True)
    print(f"1..{len(CHECKS)}")
    sys.exit(1 if failed else 0)


main()
