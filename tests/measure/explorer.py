#!/usr/bin/python3
"""How quickly the explorer answers while it trains at full speed on all cores, and how much it writes.

    explorer.py PROGRAM [PRESSES]        (default 300 presses a screen)

Trains presets/autorec-ml1m.ini on the ratings below RECSCOPE_DATA (default ../shared/data) on a pseudo-terminal of
120 x 40. Times are taken at the terminal's master side: from the write of a key to the last byte of the frame that shows
what it changed (the list of keys, which covers the whole screen, opened and closed again). Prints a table in markdown.
"""
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections import namedtuple

HERE = os.path.dirname(os.path.abspath(__file__))
PRESET = os.path.join(HERE, "..", "..", "presets", "autorec-ml1m.ini")
QUIET = 0.004  # a frame is over when nothing more has come for so long

# Of one screen: key to frame in milliseconds; of frames that nobody asked for: bytes, how many a second, and
# milliseconds of processor time that the thread which paints takes for one.
Screen = namedtuple("Screen", "title median p99 worst bytes rate cost")


class Terminal:
    def __init__(self, program, arguments, columns=120, rows=40):
        self.out = b""
        self.work = tempfile.mkdtemp(prefix="recscope-measure-")
        self.began = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            env = dict(os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8", XDG_DATA_HOME=self.work)
            os.execve(program, [program, *arguments], env)

    def read(self, seconds):
        """What comes within so many seconds, at once; b"" if nothing does."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return b""
        data = os.read(self.fd, 1 << 16)
        self.out = (self.out + data)[-400000:]
        return data

    def frame(self, marker=b"", limit=30):
        """Read until the marker was seen and the frame around it is over; returns the time of its last byte."""
        seen = b""
        last = time.perf_counter()
        end = last + limit
        while time.perf_counter() < end:
            data = self.read(QUIET)
            if data:
                seen += data
                last = time.perf_counter()
            elif marker in seen and (seen or not marker):
                return last
        raise SystemExit(f"waited for {marker!r}; the end of the output is {self.out[-2000:]!r}")

    def send(self, text):
        os.write(self.fd, text)

    def painting(self):
        """Seconds of processor time that the first thread, which paints, has had so far."""
        with open(f"/proc/{self.pid}/task/{self.pid}/schedstat", encoding="ascii") as file:
            return int(file.read().split()[0]) * 1e-9

    def close(self):
        os.kill(self.pid, signal.SIGTERM)
        while True:
            try:
                if not self.read(60):
                    break
            except OSError:
                break
        os.waitpid(self.pid, 0)
        os.close(self.fd)
        shutil.rmtree(self.work, ignore_errors=True)


def first_frames(program, data, count=9):
    """Milliseconds from the start of the program to the whole first frame."""
    times = []
    for _ in range(count):
        terminal = Terminal(program, [PRESET, "--data", data])
        times.append((terminal.frame(b"Curves") - terminal.began) * 1e3)
        terminal.close()
    return times


def press(terminal):
    """Milliseconds from `?` to the whole list of keys, and from Esc to the whole screen again."""
    times = []
    for key, marker in ((b"?", b"Keys on the screen"), (b"\x1b", b"1 Curves")):
        begin = time.perf_counter()
        terminal.send(key)
        times.append((terminal.frame(marker) - begin) * 1e3)
        time.sleep(0.013)  # so that presses do not keep step with frames
    return times


def data_frames(terminal, seconds):
    """Of frames that data alone make, nobody presses a key: bytes, how many a second, milliseconds to paint one."""
    begin = terminal.painting()
    end = time.perf_counter() + seconds
    frames = total = 0
    while time.perf_counter() < end:
        data = terminal.read(QUIET)
        if data:
            total += len(data)
            while data:
                data = terminal.read(QUIET)
                total += len(data)
            frames += 1
    cost = (terminal.painting() - begin) * 1e3
    return total / max(frames, 1), frames / seconds, cost / max(frames, 1)


def measure_screen(terminal, number, title, presses, seconds):
    terminal.send(str(number).encode())
    terminal.frame()
    size, rate, cost = data_frames(terminal, seconds)
    latency = sorted(t for _ in range(presses // 2) for t in press(terminal))
    p99 = latency[min(len(latency) - 1, int(0.99 * len(latency)))]
    return Screen(title, statistics.median(latency), p99, latency[-1], size, rate, cost)


def measure(program, data, presses, seconds=10):
    """A Screen for every screen, while it trains on all cores."""
    terminal = Terminal(program, [PRESET, "--data", data, "--threads", str(os.cpu_count()), "--epochs", "100000",
                                  "--set", "train.patience=0"])
    try:
        terminal.frame(b"SPACE starts it")
        terminal.send(b" ")
        terminal.frame(b"training")
        time.sleep(3)
        titles = re.findall(rb"(\d) ([A-Z][a-z]+) ", terminal.out)
        for number, title in sorted({(int(number), title.decode()) for number, title in titles}):
            yield measure_screen(terminal, number, title, presses, seconds)
    finally:
        terminal.close()


def main():
    program = os.path.abspath(sys.argv[1])
    presses = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    data = os.path.abspath(os.path.join(os.environ.get("RECSCOPE_DATA", "../shared/data"), "ml-1m"))
    if not os.path.isdir(data):
        raise SystemExit(f"no {data}: RECSCOPE_DATA names the folder with ml-1m")
    times = first_frames(program, data)
    print(f"first frame: median {statistics.median(times):.1f} ms, worst {max(times):.1f} ms of {len(times)} starts\n")
    print(f"{os.cpu_count()} threads, {presses} presses a screen\n")
    print("| screen | key to frame: median | 99th percentile | worst | bytes a frame | frames/s | to paint one |")
    print("|---|---|---|---|---|---|---|")
    for s in measure(program, data, presses):
        print(f"| {s.title} | {s.median:.1f} ms | {s.p99:.1f} ms | {s.worst:.1f} ms | {s.bytes:.0f} | {s.rate:.1f} "
              f"| {s.cost:.2f} ms |", flush=True)


if __name__ == "__main__":
    main()
