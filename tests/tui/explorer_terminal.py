"""The explorer on a real pseudo-terminal, its screen read by an independent emulator (pyte): what the tests here share.

Nothing sleeps for luck: each step waits for what must come, with a time-out (RECSCOPE_SLOW multiplies it).
"""
import fcntl
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


class Screen(pyte.Screen):
    """With the scrolling that pyte does not know: CSI S and CSI T."""

    def scroll(self, by_lines, count):
        row, column = self.cursor.y, self.cursor.x
        self.cursor.y = self.margins.top if self.margins else 0
        by_lines(count)
        self.cursor.y, self.cursor.x = row, column

    def scroll_up(self, count=1):
        self.scroll(self.delete_lines, count)

    def scroll_down(self, count=1):
        self.scroll(self.insert_lines, count)


class Stream(pyte.ByteStream):
    csi = {**pyte.ByteStream.csi, "S": "scroll_up", "T": "scroll_down"}
    events = pyte.ByteStream.events | {"scroll_up", "scroll_down"}


class Explorer:
    """The program on a pseudo-terminal of its own session, and its screen."""

    def __init__(self, work, arguments=(), columns=120, rows=40, epochs=5000, job=False, **environment):
        self.screen = Screen(columns, rows)
        self.stream = Stream(self.screen)
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
        """Of a field; what was tried and `live` stand behind it."""
        row = self.row_of(label)
        if row is None:
            return None
        return re.split(r" {2}|│|\|", self.screen.display[row][15:])[0].replace(" live", "").strip()

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


def run(checks):
    failed = 0
    only = sys.argv[2] if len(sys.argv) > 2 else ""
    for number, check in enumerate(checks, 1):
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
    print(f"1..{len(checks)}")
    sys.exit(1 if failed else 0)
