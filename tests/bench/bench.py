#!/usr/bin/python3
"""How fast recscope is beside its peers and beside what the machine can do: one table, every row a ratio.

    bench.py --program ./recscope --machine PATH [--only WORD] [--format=text|markdown] [--pairs 5] [--list]

A row's two sides are measured in turn, some times over; its ratio is the median of the ratios of the pairs, with the
least and the greatest behind it. A row whose needs are not there says "not measured" and why. What rows need:

    DATA, RECSCOPE_DATA   a folder of MovieLens 1M, or the folder that holds it as ml-1m (default ../shared/data)
    python3-torch         the peer of the autoencoders
    LIBMF                 the path of LIBMF's mf-train, the peer of mf
    BIG=1                 the rows with 100 million ratings, which take minutes, 10 GiB of memory and some of disk

Everything is written below one temporary folder ($TMPDIR), which is removed at the end and when it is interrupted.
"""
import argparse
import contextlib
import importlib.util
import json
import math
import os
import platform
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from dataclasses import dataclass
from typing import Callable

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(HERE, "..", "measure"))
import explorer  # noqa: E402 (tests/measure/explorer.py)

THREADS = 2        # of every side
NETFLIX = (480189, 17770, 100_000_000)
BIG_DISK = 12 << 30  # text, its cache, and the weights of a run
# What makes mf fast; and the settings of either side that were best on a tenth of the training ratings after 30 epochs,
# out of 20 and 10 (penalty, rate, schedule; LIBMF has no schedule).
MF = ["model.name=mf", "train.sampling=blocks", "train.optimizer=row_adagrad", "train.l2_scope=ratings"]
MF_BEST = {40: ["train.learning_rate=0.006", "train.l2=0.11"],
           128: ["train.learning_rate=0.008", "train.l2=0.08", "train.schedule=linear"]}
LIBMF_BEST = {40: ["-l2", "0.06"], 128: ["-l2", "0.05"]}
MF_EPOCHS = 30
# The least work to .84 on ML-1M: a preset, and what is set beside it.
FAST_PRESET = "autorec-ml1m"
FAST = ["train.refit=no", "train.patience=0", "train.batch_size=256", "train.l2=150", "data.eval_fraction=0.03"]
FAST_RMSE = 0.84


class NotMeasured(Exception):
    """Why a row has no figures."""


@dataclass
class Line:
    """A row of the table: what, our figure, whose figure stands against it, and the ratio."""
    what: str
    ours: str = ""
    against: str = ""
    theirs: str = ""
    ratio: str = ""
    wanted: str = ""


@dataclass
class Row:
    name: str  # for --only
    needs: tuple
    measure: Callable


# ---- figures --------------------------------------------------------------------------------------------------------

def spread(ratios, unit="x", scale=1.0):
    """The median of the pairs' ratios, with the least and the greatest."""
    middle, least, most = (scale * f(ratios) for f in (statistics.median, min, max))
    digits = 0 if middle >= 100 else 1 if middle >= 10 else 2
    text = f"{middle:.{digits}f}{unit}"
    return text if len(ratios) == 1 else f"{text} ({least:.{digits}f}-{most:.{digits}f})"


def seconds_text(seconds):
    if seconds >= 1:
        return f"{seconds:.2f} s"
    for unit, size in (("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds * 1e9:.1f} ns"


def rate_text(per_second):
    return f"{per_second / 1e6:.1f} M/s"


def gib(size):
    return f"{size / (1 << 30):.2f} GiB"


# ---- programs -------------------------------------------------------------------------------------------------------

class Bench:
    """What rows are measured with: the programs, the temporary folder, and figures that several rows use."""

    def __init__(self, options, work):
        self.options = options
        self.program = os.path.abspath(options.program)
        self.pairs = options.pairs
        self.work = work
        self.children = []
        self.kept = {}
        self.load = os.getloadavg()
        self.environment = dict(os.environ, XDG_DATA_HOME=self.path("data"), XDG_CACHE_HOME=self.path("cache"),
                                LC_ALL="C.UTF-8", OMP_NUM_THREADS=str(THREADS), OPENBLAS_NUM_THREADS=str(THREADS))
        self.environment.pop("RECSCOPE_ISA", None)

    def path(self, *names):
        return os.path.join(self.work, *names)

    def once(self, name, make):
        """What make() gives, made once."""
        if name not in self.kept:
            self.kept[name] = make()
        return self.kept[name]

    def start(self, arguments, more_environment=None, **streams):
        environment = {**self.environment, **(more_environment or {})}
        child = subprocess.Popen(arguments, env=environment, cwd=ROOT, text=True, **streams)
        self.children.append(child)
        return child

    def end_children(self):
        for child in self.children:
            if child.returncode is None:
                child.kill()
                child.wait()
        self.children = []

    def run(self, arguments):
        """Standard output, and seconds from start to end."""
        start = time.perf_counter()
        child = self.start(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = child.communicate()
        seconds = time.perf_counter() - start
        self.children.remove(child)
        if child.returncode != 0:
            raise NotMeasured(f"{' '.join(arguments[:3])}: {err.strip().splitlines()[-1:] or child.returncode}")
        return out, seconds

    def least_seconds(self, arguments, times=5):
        return min(self.run(arguments)[1] for _ in range(times))

    def machine(self, numbers):
        """Its limits, with an update in place of three arrays of so many numbers."""
        return self.once(f"machine {numbers}", lambda: json.loads(
            self.run([self.options.machine, str(THREADS), str(numbers)])[0]))

    def clear_cache(self):
        shutil.rmtree(self.path("cache"), ignore_errors=True)


@dataclass
class Run:
    """What `recscope train` told."""
    start: dict
    epochs: list
    done: dict
    arrived: list  # seconds from the start of the program until each epoch was told
    ready: float   # and until the start was
    memory: int    # bytes resident at most

    def seconds(self):
        """Training time of an epoch; the first one, which meets cold memory, counts only where it is alone."""
        return statistics.median(e["seconds"] for e in self.epochs[1:] or self.epochs)


def train_arguments(bench, source, settings, epochs, preset=None):
    if preset is None:
        preset = bench.path("bench.ini")
        with open(preset, "w", encoding="ascii") as file:
            file.write("[experiment]\ntitle = benchmark\n")
    sets = [part for setting in settings for part in ("--set", setting)]
    return [bench.program, "train", preset, "--data", source, "--format=jsonl", "--quiet", "--overwrite", "--out",
            bench.path("run"), f"--threads={THREADS}", f"--epochs={epochs}", *sets]


def train(bench, source, settings, epochs, preset=None, enough=None):
    """Run it to the end, or until enough(events of epochs) says so."""
    begin = time.perf_counter()
    child = bench.start(train_arguments(bench, source, settings, epochs, preset), stdout=subprocess.PIPE,
                        stderr=subprocess.PIPE)
    said = []
    listener = threading.Thread(target=lambda: said.extend(child.stderr), daemon=True)
    listener.start()
    run = Run({}, [], {}, [], 0.0, 0)
    for line in child.stdout:
        event = json.loads(line)
        if event["event"] == "start":
            run.start, run.ready = event, time.perf_counter() - begin
        elif event["event"] == "epoch":
            run.epochs.append(event)
            run.arrived.append(time.perf_counter() - begin)
            if enough and enough(run.epochs):
                child.kill()
                break
        elif event["event"] == "done":
            run.done = event
    child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    listener.join()
    bench.children.remove(child)
    run.memory = usage.ru_maxrss * 1024
    shutil.rmtree(bench.path("run"), ignore_errors=True)
    if child.returncode != 0 and not enough:
        raise NotMeasured("".join(said[-1:]).strip() or f"recscope ended with {child.returncode}")
    return run


# ---- needs: None, or why it is not there ----------------------------------------------------------------------------

def movielens(_bench=None):
    """The folder of MovieLens 1M, or None."""
    named = os.environ.get("DATA") or os.environ.get("RECSCOPE_DATA") or os.path.join(ROOT, "..", "shared", "data")
    for folder in (named, os.path.join(named, "ml-1m")):
        if os.path.isfile(os.path.join(folder, "ratings.dat")):
            return os.path.abspath(folder)
    return None


def needs_data(bench):
    return None if movielens(bench) else "DATA names no folder of MovieLens 1M"


def needs_torch(_bench):
    missing = [name for name in ("torch", "numpy") if importlib.util.find_spec(name) is None]
    return f"no python3-{missing[0]}" if missing else None


def needs_libmf(_bench):
    path = os.environ.get("LIBMF", "")
    return None if os.access(path, os.X_OK) and os.path.isfile(path) else "LIBMF names no mf-train"


def needs_blocks(bench):
    out, _ = bench.run([bench.program, "models", "mf"])
    return None if "blocks" in out else "this recscope has no sampling = blocks"


def needs_cache(bench):
    """A second load leaves something in the folder of the cache, or there is none."""
    if not bench.once("cache", lambda: has_cache(bench)):
        return "this recscope keeps no cache of data"
    return None


def has_cache(bench):
    source = bench.path("tiny")
    os.makedirs(source, exist_ok=True)
    with open(os.path.join(source, "tiny.txt"), "w", encoding="ascii") as file:
        file.writelines(f"{user} {item} {1 + (user + item) % 5}\n" for user in range(200) for item in range(200))
    bench.run([bench.program, "data", "info", os.path.join(source, "tiny.txt")])
    return any(files for _, _, files in os.walk(bench.path("cache")))


def needs_generator(bench):
    out, _ = bench.run([bench.program, "data", "--help"])
    return None if "generate" in out else "this recscope has no data generate"


def needs_big(bench):
    if os.environ.get("BIG") != "1":
        return "BIG=1 asks for it"
    free = shutil.disk_usage(bench.work).free
    if free < BIG_DISK:
        return f"{gib(BIG_DISK)} of disk are wanted in {bench.work}, {gib(free)} are free: TMPDIR names another place"
    return None


# ---- the split that all sides share ---------------------------------------------------------------------------------

def split(bench):
    """A folder with nine tenths of MovieLens 1M in train.txt, the rest in test.txt, as "user item rating"."""
    return bench.once("split", lambda: write_split(bench))


def write_split(bench):
    folder = bench.path("split")
    os.makedirs(folder)
    with open(os.path.join(movielens(), "ratings.dat"), encoding="ascii") as file:
        lines = [" ".join(line.split()[0].split("::")[:3]) + "\n" for line in file]
    random.Random(1).shuffle(lines)
    tenth = len(lines) // 10
    for name, part in (("test.txt", lines[:tenth]), ("train.txt", lines[tenth:])):
        with open(os.path.join(folder, name), "w", encoding="ascii") as file:
            file.writelines(part)
    return folder


BY_FILE = ["data.split=file", "data.train_file=train.txt", "data.test_file=test.txt", "data.eval_fraction=0"]


def touched_share(bench, batch):
    """Of the users, how many have a training rating in a batch of so many items on average."""
    counts = Counter()
    items = set()
    with open(os.path.join(split(bench), "train.txt"), encoding="ascii") as file:
        for line in file:
            user, item, _ = line.split()
            counts[user] += 1
            items.add(item)
    total = len(items)

    def absent(n):  # no rating of n among `batch` of `total` items
        if n > total - batch:
            return 0.0
        log = math.lgamma
        return math.exp(log(total - n + 1) - log(total - n - batch + 1) - log(total + 1) + log(total - batch + 1))
    return sum(1 - absent(n) for n in counts.values()) / len(counts)


# ---- rows: autoencoders ---------------------------------------------------------------------------------------------

class Torch:
    """peer_torch.py, which trains an epoch when it is asked.

    As it is installed, OpenMP's threads wait busily, and while they do, OpenBLAS' threads, which are others, have no
    processor: with OMP_WAIT_POLICY=passive it is faster.
    """

    def __init__(self, bench, orientation, layers, batch, environment):
        self.child = bench.start(
            ["/usr/bin/python3", os.path.join(HERE, "peer_torch.py"), os.path.join(split(bench), "train.txt"),
             f"--orientation={orientation}", f"--layers={layers}", f"--batch={batch}", f"--threads={THREADS}"],
            more_environment=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.bench = bench
        self.start = self.answer()

    def answer(self):
        line = self.child.stdout.readline()
        if not line:
            raise NotMeasured("peer_torch.py ended: see above")
        return json.loads(line)

    def epoch(self):
        self.child.stdin.write("\n")
        self.child.stdin.flush()
        return self.answer()

    def close(self):
        self.child.stdin.close()
        self.child.wait()
        self.bench.children.remove(self.child)


def autorec(title, orientation, layers, batch, wanted):
    """Two rows: with Adam on every row of weights as PyTorch has it, and with lazy rows."""
    settings = [*BY_FILE, "model.name=autorec", f"model.orientation={orientation}", f"model.layers={layers}",
                f"train.batch_size={batch}", "train.optimizer=adam", "train.learning_rate=0.001"]

    def measure(bench):
        peers = {"as installed": Torch(bench, orientation, layers, batch, {}),
                 "passive waits": Torch(bench, orientation, layers, batch, {"OMP_WAIT_POLICY": "passive"})}
        version = peers["as installed"].start["torch"].split("a")[0]
        theirs = {way: [peer.epoch()] for way, peer in peers.items()}  # the first is not compared: memory is cold
        ours = {"no": [], "yes": []}
        for _ in range(bench.pairs):
            for way, peer in peers.items():
                theirs[way].append(peer.epoch())
            for lazy, runs in ours.items():
                runs.append(train(bench, split(bench), [*settings, f"train.lazy={lazy}"], 4))
        for peer in peers.values():
            peer.close()
        for lazy, runs in ours.items():
            bench.kept[f"autorec {orientation} {layers} {batch} {lazy}"] = [run.seconds() for run in runs]
            for way, epochs in theirs.items():
                seconds = [epoch["seconds"] for epoch in epochs[1:]]
                ratios = [peer_seconds / run.seconds() for peer_seconds, run in zip(seconds, runs)]
                yield Line(f"{title}, batch {batch}, lazy = {lazy}: epoch", seconds_text(statistics.median(
                    run.seconds() for run in runs)), f"PyTorch {version}, {way}", seconds_text(
                    statistics.median(seconds)), spread(ratios),
                    wanted if lazy == "no" and way == "as installed" else "")
        at = min(len(theirs["as installed"]), len(ours["no"][0].epochs))
        mine = ours["no"][0].epochs[at - 1]["train_rmse"]
        peers_rmse = theirs["as installed"][at - 1]["train_rmse"]
        yield Line(f"  the same work: train RMSE after {at} epochs, lazy = no", f"{mine:.4f}", f"PyTorch {version}",
                   f"{peers_rmse:.4f}", f"{mine - peers_rmse:+.4f}")
    return measure


def bytes_of_epoch(users, width, items, batch, share=1.0):
    """Weights and both moments of two matrices, read and written once a batch."""
    return 2 * users * share * width * 3 * 4 * 2 * math.ceil(items / batch)


def memory_share(bench):
    """The bytes that the epoch at batch 128 must move, over the bandwidth of an update in place of as many numbers."""
    settings = [*BY_FILE, "model.name=autorec", "model.layers=500", "train.batch_size=128"]
    for lazy in ("no", "yes"):
        shares = []
        for _ in range(bench.pairs):
            bench.kept.pop("machine 6040000", None)  # measured anew, in turn
            limit = bench.machine(6040000)["update_bytes"]
            run = train(bench, split(bench), [*settings, f"train.lazy={lazy}"], 4)
            share = touched_share(bench, 128) if lazy == "yes" else 1.0
            moved = bytes_of_epoch(run.start["users"], 500, run.start["items"], 128, share)
            shares.append(moved / limit / run.seconds())
            ours = run.seconds()
        yield Line(f"I-AutoRec 500, batch 128, lazy = {lazy}: epoch, {moved / 1e9:.2f} GB", seconds_text(ours),
                   "update in place", seconds_text(moved / limit), spread(shares, " %", 100),
                   ">= 40 %" if lazy == "no" else "")


def arithmetic_share(bench):
    """The products of the epoch at batch 512 over the peak: five passes over 500 hidden units for each rating."""
    limit = bench.machine(6040000)["flops"]
    run = train(bench, split(bench), [*BY_FILE, "model.name=autorec", "model.layers=500", "train.batch_size=512"], 4)
    flops = 5 * 2 * 500 * run.start["train"]
    yield Line(f"I-AutoRec 500, batch 512: epoch, {flops / 1e9:.1f} GFLOP", seconds_text(run.seconds()),
               "multiply-adds in registers", seconds_text(flops / limit), spread([flops / limit / run.seconds()], " %", 100))


# ---- rows: matrix factorisation -------------------------------------------------------------------------------------

def libmf(bench, factors, epochs, *more):
    return bench.run([os.environ["LIBMF"], "-k", str(factors), "-t", str(epochs), "-s", str(THREADS), *LIBMF_BEST[factors], *more,
                      os.path.join(split(bench), "train.txt"), bench.path("libmf.model")])


def libmf_rmse(bench, factors):
    """Of the test ratings, after MF_EPOCHS."""
    out, _ = libmf(bench, factors, MF_EPOCHS, "-p", os.path.join(split(bench), "test.txt"))
    rows = [line.split() for line in out.splitlines()]
    column = next(row for row in rows if "va_rmse" in row).index("va_rmse")
    return float([row for row in rows if row and row[0].isdigit()][-1][column])


def mf(factors):
    def measure(bench):
        ratios, ours, theirs = [], [], []
        for _ in range(bench.pairs):
            few, many = (libmf(bench, factors, epochs)[1] for epochs in (MF_EPOCHS // 3, MF_EPOCHS))
            run = train(bench, split(bench), [*BY_FILE, *MF, *MF_BEST[factors], f"model.factors={factors}"], MF_EPOCHS)
            theirs.append(run.start["train"] * (MF_EPOCHS - MF_EPOCHS // 3) / (many - few))
            ours.append(run.start["train"] / run.seconds())
            ratios.append(ours[-1] / theirs[-1])
        yield Line(f"mf {factors}, blocks: ratings", rate_text(statistics.median(ours)), "LIBMF",
                   rate_text(statistics.median(theirs)), spread(ratios), ">= 1.3x")
        rmse = statistics.median(libmf_rmse(bench, factors) for _ in range(3))  # it is another model every time
        mine = run.done["test_rmse"]
        yield Line(f"mf {factors}, blocks: test RMSE, {MF_EPOCHS} epochs", f"{mine:.4f}", "LIBMF", f"{rmse:.4f}",
                   f"{mine - rmse:+.4f}", "<= 0")
    return measure


# ---- rows: loading --------------------------------------------------------------------------------------------------

READY = ["model.name=mf", "model.factors=1"]  # little time goes into building a model


def info_seconds(bench, path):
    """From text: what `data info` takes beyond a program that starts and does nothing."""
    bench.clear_cache()
    seconds = bench.run([bench.program, "data", "info", path, "--format=jsonl"])[1]
    return seconds - bench.least_seconds([bench.program, "--version"], 3)


def parse(bench):
    path = os.path.join(movielens(), "ratings.dat")
    size = os.path.getsize(path)
    pairs = [(info_seconds(bench, path), bench.run(["wc", "-l", path])[1]) for _ in range(bench.pairs)]
    ours, theirs = (statistics.median(side) for side in zip(*pairs))
    yield Line("MovieLens 1M, text to ratings in memory", f"{size / ours / 1e6:.0f} MB/s", "wc -l",
               f"{size / theirs / 1e6:.0f} MB/s", spread([them / us for us, them in pairs]))


def ready_seconds(bench, cached):
    if not cached:
        bench.clear_cache()
    return train(bench, movielens(), READY, 1, enough=lambda epochs: True).ready


def load_seconds(bench, cached):
    """Of a fresh process, until ratings and split stand in memory: load.c stands beside the machine's program."""
    if not cached:
        bench.clear_cache()
    return float(bench.run([os.path.join(os.path.dirname(bench.options.machine), "load"), movielens(), "1"])[0])


def load_text(bench):
    ratings = os.path.join(movielens(), "ratings.dat")
    pairs = [(load_seconds(bench, False), bench.run(["wc", "-l", ratings])[1]) for _ in range(bench.pairs)]
    ours, theirs = (statistics.median(side) for side in zip(*pairs))
    yield Line("MovieLens 1M, from text: ratings and split", seconds_text(ours), "wc -l", seconds_text(theirs),
               spread([them / us for us, them in pairs]), "<= 200 ms")
    pairs = [(ready_seconds(bench, False), bench.run(["wc", "-l", os.path.join(movielens(), "ratings.dat")])[1])
             for _ in range(bench.pairs)]
    ours, theirs = (statistics.median(side) for side in zip(*pairs))
    yield Line("MovieLens 1M, from text: start to ready to train", seconds_text(ours), "wc -l", seconds_text(theirs),
               spread([them / us for us, them in pairs]), "<= 200 ms")


def load_cache(bench):
    load_seconds(bench, False)
    pairs = [(load_seconds(bench, True), load_seconds(bench, False)) for _ in range(bench.pairs)]
    ours, text = (statistics.median(side) for side in zip(*pairs))
    yield Line("MovieLens 1M, from the cache: ratings and split", seconds_text(ours), "from text", seconds_text(text),
               spread([them / us for us, them in pairs]), "<= 20 ms")
    ready_seconds(bench, False)
    pairs = [(ready_seconds(bench, True), bench.run([bench.program, "--version"])[1]) for _ in range(bench.pairs)]
    text = ready_seconds(bench, False)
    ours, nothing = (statistics.median(side) for side in zip(*pairs))
    yield Line("MovieLens 1M, from the cache: start to ready to train", seconds_text(ours), "recscope --version",
               seconds_text(nothing), spread([them / us for us, them in pairs]))
    yield Line("  the same", seconds_text(ours), "from text", seconds_text(text), spread([text / ours]))


# ---- rows: scale ----------------------------------------------------------------------------------------------------

BASE = 1_000_000
SCALE_MF = [*MF, *MF_BEST[40], "model.factors=64"]
SCALE_AUTOREC = ["model.name=autorec", "model.layers=500", "train.batch_size=128", "train.lazy=no"]


def generate(bench, ratings):
    """A file of so many ratings, as dense as the largest; only one of them is kept."""
    users, items, most = NETFLIX
    edge = math.sqrt(ratings / most)
    shape = round(users * edge), round(items * edge)
    path = bench.path("generated.txt")
    bench.clear_cache()
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    bench.run([bench.program, "data", "generate", "--users", str(shape[0]), "--items", str(shape[1]), "--ratings",
               str(ratings), "--seed", "1", "-o", path])
    return path


def count_text(ratings):
    return f"{ratings // 1_000_000} M" if ratings >= 1_000_000 else f"{ratings // 1000} k"


def scale(sizes):
    """Time per rating of both models, against that at BASE, which is the first of sizes or was measured before."""
    def measure(bench):
        if sizes[0] != BASE and not any(name.startswith("scale ") for name in bench.kept):
            list(scale([BASE])(bench))
        for ratings in sizes:
            source = generate(bench, ratings)
            epochs = 3 if ratings < 100_000_000 else 1
            for name, settings in (("mf 64, blocks", SCALE_MF), ("I-AutoRec 500, batch 128, lazy = no", SCALE_AUTOREC)):
                if settings is SCALE_MF and needs_blocks(bench):
                    yield Line(f"{name}, {count_text(ratings)} ratings", ratio=f"not measured: {needs_blocks(bench)}")
                    continue
                yield from scale_lines(bench, name, ratings, train(bench, source, settings, epochs))
    return measure


def scale_lines(bench, name, ratings, run):
    cost = run.seconds() / run.start["train"]
    base = bench.once(f"scale {name}", lambda: cost) if ratings == BASE else bench.kept[f"scale {name}"]
    wanted = "<= 2x" if name.startswith("mf") and ratings == NETFLIX[2] else ""
    what = f"{name}, {count_text(ratings)} ratings: a rating"
    yield Line(what, seconds_text(cost), f"one at {count_text(BASE)}", seconds_text(base), spread([cost / base]), wanted)
    if ratings == NETFLIX[2]:
        limit = 10 << 30
        yield Line(f"{name}, {count_text(ratings)} ratings: peak memory", gib(run.memory), "the most allowed", gib(limit),
                   spread([run.memory / limit]), "<= 1x")


# ---- rows: time to a result -----------------------------------------------------------------------------------------

def time_to_rmse(bench):
    """From text, until an epoch after which both eval and test are as good as wanted."""
    bench.clear_cache()
    good = []

    def enough(epochs):
        if good or epochs[-1]["eval_rmse"] <= FAST_RMSE:
            good.append(len(epochs))
        return len(good) > 6  # some more, in case test is not there yet
    search = train(bench, movielens(), FAST, 100, preset=FAST_PRESET, enough=enough)
    for epoch in good:
        run = train(bench, movielens(), FAST, epoch, preset=FAST_PRESET)
        if run.done["test_rmse"] <= FAST_RMSE:
            yield Line(f"MovieLens 1M, text to {FAST_RMSE} ({FAST_PRESET}, {epoch} epochs, test "
                       f"{run.done['test_rmse']:.4f})", seconds_text(search.arrived[epoch - 1]), "the most allowed",
                       "12 s", spread([search.arrived[epoch - 1] / 12]), "<= 1x")
            return
    best = min((epoch["eval_rmse"] for epoch in search.epochs), default=float("nan"))
    raise NotMeasured(f"{FAST_PRESET} came to {best:.4f} on eval in {len(search.epochs)} epochs, and test was not there")


# ---- rows: the explorer ---------------------------------------------------------------------------------------------

def explorer_screens(bench):
    presses = 40 * bench.pairs
    for s in explorer.measure(bench.program, movielens(), presses, seconds=2 * bench.pairs):
        yield Line(f"explorer, {s.title}: key to frame (median; 99th of {presses}; worst)", f"{s.median:.1f} ms",
                   "a thirtieth of a second", f"{s.p99:.1f} ms", f"{s.p99 / 33:.2f}x ({s.worst:.0f} ms)", "<= 1x")
        yield Line(f"  a frame by itself: {s.bytes:.0f} bytes, {s.rate:.1f} a second", f"{s.cost:.2f} ms",
                   "a thirtieth of a second", "33 ms", spread([s.cost / 33]))


ROWS = [
    Row("autorec-128", (needs_data, needs_torch), autorec("I-AutoRec 500", "item", "500", 128, ">= 15x")),
    Row("autorec-512", (needs_data, needs_torch), autorec("I-AutoRec 500", "item", "500", 512, ">= 12x")),
    Row("autorec-user", (needs_data, needs_torch), autorec("U-AutoRec 500", "user", "500", 128, ">= 8x")),
    Row("autorec-deep", (needs_data, needs_torch), autorec("I-AutoRec 500-250-500", "item", "500,250,500", 128,
                                                           ">= 8x")),
    Row("memory-share", (needs_data,), memory_share),
    Row("arithmetic-share", (needs_data,), arithmetic_share),
    Row("mf-40", (needs_data, needs_libmf, needs_blocks), mf(40)),
    Row("mf-128", (needs_data, needs_libmf, needs_blocks), mf(128)),
    Row("parse", (needs_data,), parse),
    Row("load-text", (needs_data,), load_text),
    Row("load-cache", (needs_data, needs_cache), load_cache),
    Row("scale", (needs_generator,), scale([BASE, 100_000, 10_000_000])),
    Row("scale-big", (needs_generator, needs_big), scale([NETFLIX[2]])),
    Row("time-to-rmse", (needs_data,), time_to_rmse),
    Row("explorer", (needs_data,), explorer_screens),
]


# ---- the table ------------------------------------------------------------------------------------------------------

HEAD = Line("what", "recscope", "beside", "its figure", "ratio", "wanted")
WIDTHS = (68, 10, 26, 10, 20, 13)


def cells(line):
    return (line.what, line.ours, line.against, line.theirs, line.ratio, line.wanted)


def show(line, markdown):
    if markdown:
        print("| " + " | ".join(cell.strip() for cell in cells(line)) + " |", flush=True)
    else:
        print("  ".join(cell.ljust(width) for cell, width in zip(cells(line), WIDTHS)).rstrip(), flush=True)


def begin_table(markdown):
    show(HEAD, markdown)
    rule = "|---|---:|---|---:|---:|---|" if markdown else "  ".join("-" * width for width in WIDTHS)
    print(rule, flush=True)


def show_row(bench, row, markdown):
    """false: it failed, by a mistake of this program."""
    print(f"measuring {row.name} ...", file=sys.stderr, flush=True)
    try:
        why = next((why for why in (need(bench) for need in row.needs) if why), None)
        if why:
            raise NotMeasured(why)
        for line in row.measure(bench):
            show(line, markdown)
        return True
    except NotMeasured as reason:
        show(Line(row.name, ratio=f"not measured: {reason}"), markdown)
        return True
    except Exception as error:  # a row that fails does not take the others with it
        traceback.print_exc()
        show(Line(row.name, ratio=f"failed: {type(error).__name__}: {error}"), markdown)
        return False
    finally:
        bench.end_children()


def cpu_name():
    with contextlib.suppress(OSError), open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        for line in file:
            if line.startswith("model name"):
                return line.split(":")[1].strip()
    return platform.machine()


def describe_machine(bench):
    """Where this was measured: what a run's own record says of it, and the limits."""
    out = bench.path("described")
    bench.run([*train_arguments(bench, "builtin:ice1", ["model.name=mf"], 1), "--out", out])
    with open(os.path.join(out, "run.ini"), encoding="utf-8") as file:
        said = dict(line.rstrip("\n").split(" = ", 1) for line in file if " = " in line)
    limits = bench.machine(6040000)
    compiler = bench.options.compiler or "unknown compiler"
    return (f"{cpu_name()}, {os.cpu_count()} cores ({THREADS} threads used), {said.get('instruction_set')}, OpenBLAS "
            f"kernel {said.get('blas_kernel')}, {compiler}, commit {said.get('commit')}. Limits: "
            f"{limits['flops'] / 1e9:.0f} GFLOP/s, triad {limits['triad_bytes'] / 1e9:.0f} GB/s, update in place "
            f"{limits['update_bytes'] / 1e9:.0f} GB/s. Load before: {bench.load[0]:.2f}.")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.path.join(ROOT, "recscope"))
    parser.add_argument("--machine", help="the program made from machine.c")
    parser.add_argument("--compiler", default="", help="what it was built with, for the last line")
    parser.add_argument("--only", default="", help="rows with this word in their name")
    parser.add_argument("--format", choices=["text", "markdown"], default="text")
    parser.add_argument("--pairs", type=int, default=5, help="how often both sides of a row are measured")
    parser.add_argument("--list", action="store_true", help="the names of the rows")
    return parser.parse_args()


def stop(_number, _frame):
    raise KeyboardInterrupt


def main():
    options = parse_options()
    rows = [row for row in ROWS if options.only in row.name]
    if options.list or not rows or not options.machine:
        print("\n".join(row.name for row in ROWS))
        return 0 if options.list else 2
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)
    markdown = options.format == "markdown"
    work = tempfile.mkdtemp(prefix="recscope-bench-")
    bench = None
    try:
        bench = Bench(options, work)
        begin_table(markdown)
        worked = [show_row(bench, row, markdown) for row in rows]
        print("\n" + describe_machine(bench))
        return 0 if all(worked) else 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if bench:
            bench.end_children()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
