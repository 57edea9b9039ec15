#!/usr/bin/python3
"""Random keys, mouse events and sizes on a pseudo-terminal while the explorer trains.

    soak.py PROGRAM [EVENTS] [SEED]        (default 1000000 events, seed 1)

Build PROGRAM with a sanitizer first. The program is begun again whenever the events have ended it; any end that is not
an ordinary one, a report on its terminal, or a terminal that is not given back is a failure. Prints what was done.
"""
import fcntl
import os
import pty
import random
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time

PROGRAM = os.path.abspath(sys.argv[1])
EVENTS = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else 1
HERE = os.path.dirname(os.path.abspath(__file__))
SMALL = ["--set=data.world_users=200", "--set=data.world_items=300", "--set=data.world_ratings=8000",
         "--set=model.layers=20", "--epochs=200"]
NAMED = ["\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1bOA", "\x1bOB", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F", "\x1b[3~",
         "\x1b[Z", "\r", "\t", "\x1b", "\x7f", "\x0c", "\x1b[", "\x1bO", "é", "世", "\u0301", "\xff"]
BATCH = 200  # events between two sizes


def event(chance):
    kind = chance.random()
    if kind < 0.55:
        return chr(chance.randrange(32, 127)).replace("q", "Q" if chance.random() < 0.99 else "q")
    if kind < 0.85:
        return chance.choice(NAMED)
    button = chance.choice([0, 0, 0, 32, 64, 65])
    return f"\x1b[<{button};{chance.randrange(1, 210)};{chance.randrange(1, 65)}{chance.choice('Mm')}"


class Run:
    def __init__(self, work):
        self.out = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(work)
            env = dict(os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8", XDG_DATA_HOME=os.path.join(work, "data"),
                       LSAN_OPTIONS="print_suppressions=0:suppressions=" + os.path.join(HERE, "..", "lsan.supp"))
            os.execve(PROGRAM, [PROGRAM, *SMALL], env)
        self.status = None
        self.resize(120, 40)
        number = struct.unpack("I", fcntl.ioctl(self.fd, 0x80045430, b"\0" * 4))[0]  # TIOCGPTN
        self.slave = os.open(f"/dev/pts/{number}", os.O_RDWR | os.O_NOCTTY)
        os.set_blocking(self.fd, False)
        while b"\x1b[?1049h" not in self.out and not self.is_over():
            self.read(0.1)  # keys that come before the terminal is taken are the shell's

    def resize(self, columns, rows):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def is_over(self):
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.status = status if pid else None
        return self.status is not None

    def read(self, seconds=0.0):
        while select.select([self.fd], [], [], seconds)[0]:
            self.out = (self.out + os.read(self.fd, 65536))[-200000:]
            seconds = 0

    def waiting(self):
        """Bytes that the program has not read yet."""
        return struct.unpack("i", fcntl.ioctl(self.slave, termios.FIONREAD, b"\0" * 4))[0]

    def write(self, data):
        """Until all of it was read, or the program is over."""
        end = time.monotonic() + 120
        while (data or self.waiting()) and not self.is_over():
            self.read(0 if data else 0.001)
            try:
                data = data[os.write(self.fd, data):]
            except BlockingIOError:
                time.sleep(0.001)
            if time.monotonic() > end:
                raise SystemExit("stuck: keys are no longer read\n" + self.out[-3000:].decode(errors="replace"))

    def end(self):
        """Wait for it; what went wrong, or None."""
        end = time.monotonic() + 120
        while not self.is_over():
            self.read(0.1)
            if time.monotonic() > end:
                return "does not end"
        self.read(0.1)
        flags = termios.tcgetattr(self.slave)[3]
        os.close(self.fd)
        os.close(self.slave)
        wrong = []
        if not os.WIFEXITED(self.status) or os.WEXITSTATUS(self.status) not in (0, 130):
            wrong.append(f"status {self.status:#x}")
        if b"Sanitizer" in self.out or b"runtime error" in self.out:
            wrong.append("a sanitizer's report")
        if b"\x1b[?1049l" not in self.out[-3000:] or not flags & termios.ECHO or not flags & termios.ICANON:
            wrong.append("the terminal was not given back")
        return ", ".join(wrong) or None


def main():
    chance = random.Random(SEED)
    work = tempfile.mkdtemp(prefix="recscope-soak-")
    shutil.copytree(os.path.join(HERE, "..", "..", "presets"), os.path.join(work, "presets"))  # it may save there
    done = runs = 0
    began = time.monotonic()
    run = Run(work)
    while done < EVENTS:
        run.write("".join(event(chance) for _ in range(BATCH)).encode())
        done += BATCH
        if not run.is_over() and chance.random() < 0.2:
            run.resize(chance.randrange(1, 220), chance.randrange(1, 70))
        if done >= EVENTS and not run.is_over():
            os.kill(run.pid, signal.SIGTERM)
        if done >= EVENTS or run.is_over():
            wrong = run.end()
            runs += 1
            if wrong:
                raise SystemExit(f"run {runs}, event {done}: {wrong}\n" + run.out[-6000:].decode(errors="replace"))
            if done < EVENTS:
                run = Run(work)
        if done % 50000 < BATCH:
            print(f"{done} events, {runs} runs ended, {time.monotonic() - began:.0f} s", flush=True)
    print(f"{done} events of seed {SEED} in {time.monotonic() - began:.0f} s, {runs} runs: none failed")


main()
