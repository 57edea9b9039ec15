#!/usr/bin/env python3
"""The command line from outside: exit statuses, formats, run folders, replay. Usage: test_cli.py RECSCOPE"""
import csv
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PROGRAM = os.path.abspath(sys.argv[1])
BASE = tempfile.mkdtemp(prefix="recscope-cli-")
DATA = os.path.join(BASE, "share")
SMALL = ["--set", "model.layers=16", "--set", "data.world_users=200", "--set", "data.world_items=150",
         "--set", "data.world_ratings=8000"]
SIZE = ["--users", "300", "--items", "200", "--ratings", "9000"]
failed = 0
number = 0


class Result:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err


def environment(**more):
    env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "XDG_DATA_HOME")}
    env.update(XDG_DATA_HOME=DATA, HOME=BASE, TERM="xterm")
    env.update(more)
    return env


def run(*arguments, stdout=subprocess.PIPE, **more):
    done = subprocess.run([PROGRAM, *arguments], stdout=stdout, stderr=subprocess.PIPE, env=environment(**more),
                          stdin=subprocess.DEVNULL, timeout=240)
    return Result(done.returncode, (done.stdout or b"").decode(), done.stderr.decode())


def folder(name):
    return os.path.join(BASE, name)


def write(name, text):
    path = folder(name)
    with open(path, "w") as file:
        file.write(text)
    return path


def objects(result):
    for line in result.out.splitlines():
        assert re.fullmatch(r'(?:"(?:[^"\\]|\\.)*"|[^\s"])*', line), "blanks outside strings: " + line
    return [json.loads(line) for line in result.out.splitlines()]


def same(value, expected, what=""):
    assert value == expected, f"{what} {value!r} is not {expected!r}"


def holds(text, part):
    assert part in text, f"{part!r} is not in {text!r}"


def train(out, *more):
    result = run("train", "playground", *SMALL, "--epochs", "3", "--format=jsonl", "--out", out, *more)
    same(result.status, 0, result.err)
    return result


def tree(path):
    return sorted(os.listdir(path)) if os.path.isdir(path) else None


# ---- help and usage -----------------------------------------------------------------------------------------------

def help_and_version():
    for arguments in (["--help"], ["-h"], ["train", "--help"], ["train", "-h", "x", "y"], ["replay", "x", "-h"]):
        result = run(*arguments)
        same(result.status, 0)
        assert result.out.startswith("Examples:\n"), result.out
        same(result.err, "")
    holds(run("-h").out, "Exit status: 0 done")
    assert "--verify" not in run("train", "-h").out
    assert re.fullmatch(r"recscope \d+\.\d+\.\d+ \(\S+\)\n", run("--version").out)
    holds(run("train", "--version").out, "recscope ")


def wrong_usage():
    for arguments, message in (
        (["train"], "train: something is missing: recscope train PRESET"),
        (["train", "a", "b"], "b: one word too many: recscope train PRESET"),
        (["train", "playground", "--sead", "1"], "--sead: unknown option: did you mean --seed?"),
        (["train", "playground", "--zzzzzzzzz"], "--zzzzzzzzz: unknown option: recscope --help lists them"),
        (["train", "playground", "--seed"], "--seed: a value is missing: --seed N"),
        (["train", "playground", "--quiet=yes"], "--quiet=yes: --quiet takes no value"),
        (["train", "playground", "--verify"], "--verify is no option of train: recscope train --help lists them"),
        (["train", "playground", "--format=json"], "--format=json: there is no such choice: plain|jsonl|csv"),
        (["train", "playground", "--seed", "x"], "--seed: [experiment] seed = x: not a whole number: "),
        (["train", "playground", "--epochs", "-1"], "--epochs: [train] epochs = -1: out of range: "),
        (["train", "playground", "--set", "train.epoch=1"],
         "--set: [train] epoch: there is no such key: did you mean epochs?"),
        (["train", "playground", "--set", "epochs"], "--set: epochs: not an assignment: section.key=value"),
        (["train", "playgrund"], "playgrund: there is no such preset: did you mean playground?"),
        (["trian", "playground"], "trian: unknown command: did you mean train?"),
        (["trian"], "trian: unknown command, and there is no such preset: did you mean train?"),
        (["race", "a", "b"], "race: unknown command"),
        (["models", "autorek"], "autorek: there is no such model: did you mean autorec?"),
        (["data", "convert"], "data convert: unknown command: recscope data info [SOURCE]"),
        (["data", "info", "/nowhere/at/all"], "/nowhere/at/all"),
        (["data", "info", "--users", "3"], "are for data generate"),
        (["data", "generate", "-o", "x"], "data generate: --users is missing: a whole number, 1 .. 100000000"),
        (["data", "generate", *SIZE], "data generate: where to is missing: -o FILE"),
        (["data", "generate", *SIZE, "-o", "x", "--items=0"], "--items=0: not a whole number, 1 .. 10000000"),
        (["data", "generate", *SIZE, "-o", "x", "--seed=-1"], "--seed=-1: not a whole number"),
        (["data", "generate", *SIZE, "-o", "x", "--ratings=299"],
         "--ratings=299: 300 users and 200 items have at least 300 and at most 30000 ratings"),
        (["data", "generate", *SIZE, "-o", "x", "--ratings=30001"], "at most 30000 ratings"),
        (["data", "generate", *SIZE, "-o", BASE], f"{BASE}: this is a folder: name a file in it"),
        (["data", "generate", "more", *SIZE, "-o", "x"], "more: one word too many"),
        (["data", "generate", *SIZE, "-o", "x", "--format=csv"], "nothing that --format could change"),
        (["replay", "playground", "--verify"], "playground: no record to compare with: a run folder, or its run.ini"),
    ):
        result = run(*arguments)
        same(result.status, 2, f"{arguments} {result.err}")
        same(result.out, "")
        assert result.err.startswith("recscope: "), result.err
        holds(result.err, message)
    same(tree(DATA), None, "nothing is written")


def wrong_presets():
    out = folder("not-written")
    for text, message in (
        ("[train]\nepoch = 5\n", ":2: [train] epoch: there is no such key: did you mean epochs?"),
        ("[trian]\n", ":1: [trian]: there is no such section: did you mean [train]?"),
        ("[train]\nepochs = x\n", ":2: [train] epochs = x: not a whole number: "),
        ("[experiment]\ntitle = " + "x" * 5000 + "\n", ":2: title = " + "x" * 52 + "...: the line has 5008 bytes: "),
        ("[train]\nepochs = 5\n\0\n", ":3: a NUL byte: a preset is plain text"),
        ("[data]\nsource = nowhere/ml-1m\n", "nowhere/ml-1m"),
    ):
        path = write("bad.ini", text)
        result = run("train", path, "--out", out)
        same(result.status, 2, result.err)
        holds(result.err, (path if "source" not in text else "") + message)
        same(result.out, "")
        same(tree(out), None, "nothing is written")


# ---- training -----------------------------------------------------------------------------------------------------

def jsonl_spelling():
    out = folder("jsonl")
    told = objects(train(out, "--seed", "5"))
    same([o["event"] for o in told], ["start", "epoch", "epoch", "epoch", "done"])
    start, epoch, done = told[0], told[1], told[-1]
    same(list(start)[:11], ["event", "model", "parameters", "users", "items", "train", "eval", "test", "seed",
                            "split_seed", "path"])
    same((start["model"], start["users"], start["items"], start["seed"]), ("autorec", 200, 150, 5))
    same(list(epoch)[:8], ["event", "epoch", "step", "seconds", "eval_seconds", "train_rmse", "eval_rmse", "eval_mae"])
    same(list(epoch)[8], "lr")
    same([o["epoch"] for o in told[1:-1]], [1, 2, 3])
    assert all("test_rmse" not in o and "phase" not in o for o in told[1:-1])
    for key in ("reason", "epochs", "best_epoch", "best_eval_rmse", "test_rmse", "test_mae", "train_seconds",
                "weights_hash", "run"):
        assert key in done, key
    same((done["reason"], done["epochs"], done["run"]), ("epochs", 3, out))
    assert re.fullmatch("[0-9a-f]{64}", done["weights_hash"])
    same(done["best_eval_rmse"], min(o["eval_rmse"] for o in told[1:-1]))
    same(tree(out), ["best.rsm", "changes.csv", "epochs.csv", "log.txt", "run.ini", "steps.csv"])
    with open(os.path.join(out, "epochs.csv")) as file:
        rows = list(csv.DictReader(file))
    for row, o in zip(rows, told[1:-1]):
        for key in ("epoch", "step", "train_rmse", "eval_rmse", "eval_mae", "lr", "seconds"):
            same(float(row[key]), float(o[key]), key)


def csv_is_epochs_csv():
    out = folder("csv")
    result = run("train", "playground", *SMALL, "--epochs=2", "--format=csv", "--out", out)
    same(result.status, 0)
    with open(os.path.join(out, "epochs.csv")) as file:
        same(result.out, file.read())


def plain_is_for_people():
    result = run("train", "playground", *SMALL, "--epochs", "2", "--out", folder("plain"))
    same(result.status, 0)
    for part in ("200 users x 150 items", "train RMSE", "best epoch: ", "test:       RMSE ", "baselines:  global mean",
                 "run:        " + folder("plain")):
        holds(result.out, part)
    assert "\033" not in result.out
    same(len(re.findall(r"^ +\d+ +\d+ +\d\.\d+ +\d\.\d+", result.out, re.M)), 2)
    quiet = run("train", "playground", *SMALL, "--epochs", "2", "--quiet", "--out", folder("quiet"))
    assert quiet.out.startswith("all epochs done: 2 epochs"), quiet.out
    colored = run("train", "playground", *SMALL, "--epochs", "1", "--color=always", "--out", folder("color"))
    holds(colored.out, "\033[1m")


def metrics_that_are_not_measured_are_absent():
    result = run("train", "playground", *SMALL, "--epochs", "2", "--format=jsonl", "--out", folder("no-eval"),
                 "--set", "data.eval_fraction=0", "--set", "data.test_fraction=0")
    same(result.status, 0, result.err)
    told = objects(result)
    assert all("eval_rmse" not in o and "eval_mae" not in o and "train_rmse" in o for o in told[1:-1])
    assert "best_eval_rmse" not in told[-1] and "test_rmse" not in told[-1]


def a_refit_says_so():
    out = folder("refit")
    told = objects(train(out, "--set", "train.refit=yes"))
    phases = [o.get("phase", "search") for o in told if o["event"] == "epoch"]
    same(phases[:3], ["search"] * 3)
    same(phases[3:], ["refit"] * told[-1]["best_epoch"])
    same(run("replay", out, "--verify").status, 0)


def seeds_and_threads():
    hashes = {}
    for name, more in (("a", ["--seed", "1"]), ("b", ["--seed", "2"]), ("c", ["--seed", "1", "--threads", "1"]),
                       ("d", ["--seed", "1", "--threads", "2"])):
        told = objects(train(folder("seed-" + name), *more))
        hashes[name] = told[-1]["weights_hash"]
        hashes[name + "-split"] = told[0]["split_hash"]
    assert hashes["a"] != hashes["b"]
    same(hashes["a-split"], hashes["b-split"])
    same(hashes["c"], hashes["a"], "threads")
    same(hashes["d"], hashes["a"], "threads")


def options_override_the_preset():
    path = write("mine.ini", "[experiment]\nseed = 9\n[data]\nsource = nowhere\n[train]\nepochs = 50\n"
                             "[model]\nfactors = 3\n[sweep]\ntrain.l2 = 1 2\n")
    out = folder("override")
    result = run("train", path, "--data", "builtin:playground", *SMALL, "--epochs", "1", "--format=jsonl", "--out", out)
    same(result.status, 0, result.err)
    same(objects(result)[0]["seed"], 9)
    holds(result.err, "note: [model] factors is kept, but has no meaning")
    holds(result.err, "has a [sweep] section: this trains the preset itself, once")
    quiet = run("train", path, "--data", "builtin:playground", *SMALL, "--epochs", "1", "--quiet", "--out", out,
                "--overwrite")
    same(quiet.err, "")


def run_folders():
    out = folder("twice")
    train(out)
    before = os.stat(os.path.join(out, "epochs.csv")).st_mtime_ns
    result = run("train", "playground", *SMALL, "--epochs", "3", "--out", out)
    same(result.status, 2)
    holds(result.err, out + ": the folder is not empty: another one, or --overwrite")
    same(result.out, "")
    same(os.stat(os.path.join(out, "epochs.csv")).st_mtime_ns, before)
    train(out, "--overwrite")
    result = run("train", "playground", *SMALL, "--epochs", "1", "--format=jsonl")
    same(result.status, 0)
    path = objects(result)[-1]["run"]
    assert path.startswith(os.path.join(DATA, "recscope", "runs") + "/"), path
    assert os.path.isfile(os.path.join(path, "run.ini"))


def diverged():
    out = folder("diverged")
    result = run("train", "playground", *SMALL, "--epochs", "50", "--format=jsonl", "--out", out,
                 "--set", "train.optimizer=sgd", "--set", "train.learning_rate=10",
                 "--set", "model.hidden_activation=identity")
    same(result.status, 1, result.err)
    done = objects(result)[-1]
    same(done["reason"], "diverged")
    holds(result.err, "recscope: ")
    same(run("replay", out, "--verify").status, 0)


def interrupted():
    out = folder("interrupted")
    process = subprocess.Popen([PROGRAM, "train", "playground", *SMALL, "--epochs", "100000", "--format=jsonl",
                                "--set", "train.patience=0", "--out", out], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, env=environment())
    lines = [process.stdout.readline() for _ in range(4)]
    process.send_signal(signal.SIGINT)
    rest, err = process.stdout.read(), process.stderr.read()
    same(process.wait(timeout=60), 130, err)
    told = [json.loads(line) for line in lines + rest.splitlines()]
    same(told[-1]["event"], "done")
    same(told[-1]["reason"], "stopped")
    holds(err.decode(), "interrupted: what was trained is kept in " + out)
    assert os.path.isfile(os.path.join(out, "best.rsm"))
    same(run("replay", out, "--verify").status, 0, "a stopped run is replayed to the same step")


def interrupted_in_the_refit():
    out = folder("interrupted-refit")
    process = subprocess.Popen([PROGRAM, "train", "playground", *SMALL, "--epochs", "2000", "--format=jsonl", "--out", out,
                                "--set", "train.refit=yes", "--set", "train.patience=0", "--set",
                                "train.learning_rate=1e-7"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
    told = []
    while not told or told[-1].get("phase") != "refit":
        told.append(json.loads(process.stdout.readline()))
    process.send_signal(signal.SIGTERM)
    rest, err = process.stdout.read(), process.stderr.read()
    same(process.wait(timeout=60), 130, err)
    told += [json.loads(line) for line in rest.splitlines()]
    same([o["event"] for o in told].count("start"), 1)
    same((told[-1]["reason"], told[-1]["epochs"]), ("stopped", 2000))
    same(run("replay", out, "--verify").status, 0)


def output_that_cannot_be_written():
    with open("/dev/full", "w") as full:
        result = run("train", "playground", *SMALL, "--epochs", "2", "--out", folder("full"), stdout=full)
    same(result.status, 1)
    holds(result.err, "standard output cannot be written")
    read, write_end = os.pipe()
    os.close(read)
    result = run("train", "playground", *SMALL, "--epochs", "2", "--out", folder("pipe"), stdout=write_end)
    os.close(write_end)
    same(result.status, 1)
    holds(result.err, "standard output cannot be written")
    with open("/dev/full", "w") as full:
        same(run("--help", stdout=full).status, 1)


# ---- replay -------------------------------------------------------------------------------------------------------

def replay_verifies():
    out = folder("replay")
    train(out)
    for more in ([], ["--threads", "1"], ["--threads", "2"]):
        result = run("replay", out, "--verify", "--format=jsonl", *more)
        same(result.status, 0, result.err)
        told = objects(result)
        same(told[-1], {"event": "verify", "result": "same", "epochs": 3, "message": ""})
        assert "run" not in told[-2]
    holds(run("replay", out, "--verify").out, "verified:   3 epochs and the weights are the same to the last bit")
    same(run("replay", os.path.join(out, "run.ini"), "--verify").status, 0)
    same(run("replay", out, "--format=csv").out.count("\n"), 4)
    again = folder("replay-again")
    same(run("replay", out, "--verify", "--out", again).status, 0)
    same(run("replay", again, "--verify").status, 0)
    same(run("replay", out, "--verify", "--out", again).status, 2)


def edit(out, name, change):
    path = os.path.join(out, name)
    with open(path) as file:
        text = file.read()
    assert change(text) != text
    with open(path, "w") as file:
        file.write(change(text))


def replay_finds_what_differs():
    out = folder("tampered")
    train(out)
    lines = open(os.path.join(out, "epochs.csv")).read().splitlines()
    column = lines[0].split(",").index("eval_rmse")
    value = lines[2].split(",")[column]
    edit(out, "epochs.csv", lambda text: text.replace(value, "0.5"))
    result = run("replay", out, "--verify", "--format=jsonl")
    same(result.status, 3, result.err)
    holds(result.err, f"epoch 2: eval_rmse: recorded 0.5, replayed {value}")
    same(objects(result)[-1]["result"], "differs")
    same(run("replay", out).status, 0, "without --verify nothing is compared")
    near = repr(float(value) * (1 + 1e-7))
    edit(out, "epochs.csv", lambda text: text.replace(",0.5,", f",{near},", 1))
    same(run("replay", out, "--verify").status, 3)
    edit(out, "run.ini", lambda text: re.sub("cpu = .*", "cpu = another", text))
    result = run("replay", out, "--verify")
    same(result.status, 4, result.err)
    holds(result.err, "agrees to rounding")
    edit(out, "epochs.csv", lambda text: "epoch\n")
    same(run("replay", out, "--verify").status, 3)
    edit(out, "epochs.csv", lambda text: "")
    same(run("replay", out, "--verify").status, 2)


def changes_are_replayed():
    out = folder("changes")
    told = objects(train(out))
    step = told[1]["step"]
    edit(out, "changes.csv", lambda text: text + f"{step + 1},train.learning_rate,0.01\n")
    result = run("replay", out, "--verify", "--format=jsonl")
    same(result.status, 3)
    holds(result.err, "epoch 2: ")
    told = objects(result)
    same([o for o in told if o["event"] == "change"],
         [{"event": "change", "step": step + 1, "key": "train.learning_rate", "value": "0.01"}])
    again = folder("changes-again")
    same(run("replay", out, "--out", again).status, 0)
    same(run("replay", again, "--verify").status, 0, "the change is in the record")


# Live changes before and behind the fork; a fork of the fork that ends by hand inside an epoch; one that never trains.
FORKS = """wait ready
run-to 2
wait paused
set train.learning_rate 0.004
run-to 5
wait epoch 5
fork 4
wait paused
set train.batch_size 20
start
wait finished
fork 5
wait paused
step-batch
wait paused
stop
wait finished
fork 2
wait paused
"""


def forks_are_replayed():
    out = folder("forked")
    result = run("--script", write("forks.script", FORKS), "--out", out, "--epochs", "6", *SMALL)
    same(result.status, 0, result.err)
    holds(result.err, "run: " + out + "-3\n")
    for name, parent, epoch, changes in ((out, None, 0, 1), (out + "-2", "forked", 4, 2), (out + "-3", "forked-2", 5, 2)):
        with open(os.path.join(name, "run.ini")) as file:
            ini = file.read()
        found = re.search(r"\n\[fork\]\nrun = (.*)\nepoch = (.*)\n", ini)
        same(found and (found.group(1), int(found.group(2))), parent and (parent, epoch))
        same(open(os.path.join(name, "changes.csv")).read().count("\n"), 1 + changes)
        with open(os.path.join(name, "steps.csv")) as file:
            same(int(next(csv.DictReader(file))["epoch"]), epoch + 1)
        replayed = run("replay", name, "--verify")
        same(replayed.status, 0, replayed.err)
    assert not os.path.exists(out + "-4"), "a fork that was not trained leaves a folder"


def runs_that_begin_together_have_folders_of_their_own():
    jobs = [subprocess.Popen([PROGRAM, "train", "playground", *SMALL, "--epochs", "1", "--format=jsonl"],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) for _ in range(4)]
    folders = [json.loads(job.communicate(timeout=60)[0].splitlines()[-1])["run"] for job in jobs]
    same([job.returncode for job in jobs], [0] * 4)
    same(len(set(folders)), 4)
    assert all(os.path.isfile(os.path.join(path, "run.ini")) for path in folders)


def a_run_that_broke_off_is_replayed():
    out = folder("broken-off")
    train(out)
    edit(out, "run.ini", lambda text: text[:text.index("\n[result]")])
    edit(out, "epochs.csv", lambda text: text[:text.rindex("3,")] + "3,9")
    result = run("replay", out, "--verify", "--format=jsonl")
    same(result.status, 0, result.err)
    same(objects(result)[-1]["epochs"], 2)


# ---- the others ---------------------------------------------------------------------------------------------------

def models_are_described():
    overview = run("models")
    same(overview.status, 0)
    for part in ("autorec", "mf", "[train]", "learning_rate"):
        holds(overview.out, part)
    for name in ("autorec", "mf"):
        result = run("models", name)
        same(result.status, 0)
        for part in ("equation: ", "source: ", "parameters: ", "943 users x 1682 items", "[model]"):
            holds(result.out, part)
    holds(run("models", "mf").out, "factors")
    assert "layers" not in run("models", "mf").out


def data_are_described():
    result = run("data", "info", "builtin:ice1", "--format=jsonl")
    same(result.status, 0, result.err)
    told = json.loads(result.out)
    same((told["users"], told["items"], told["ratings"]), (4, 4, 9))
    same(told["histogram"], [{"rating": 0, "count": 5}, {"rating": 1, "count": 4}])
    assert "train" not in told
    plain = run("data", "info", "builtin:playground", "--set", "data.test_fraction=0.2")
    for part in ("users:      943", "items:      1682", "density:", "timestamps: yes", "split:      train", "hash:"):
        holds(plain.out, part)
    path = write("odd.csv", "user,item,rating\na,x,1.5\na,y,2.25\nb,x,4\nb,x,3.125\n")
    told = json.loads(run("data", "info", path, "--format=jsonl").out)
    same((told["ratings"], told["duplicates"], sum(h["count"] for h in told["histogram"])), (3, 1, 3))
    same(run("data", "info", path, "--format=csv").status, 2)


def generate(path, *more, **how):
    done = subprocess.run([PROGRAM, "data", "generate", *SIZE, "-o", path, *more], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=environment(), timeout=240, **how)
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


def read(path):
    with open(path, "rb") as file:
        return file.read()


def digest(path):
    return hashlib.sha256(read(path)).hexdigest()


def ratings_are_generated():
    path = folder("generated.dat")
    result = generate(path)
    same((result.status, result.out), (0, ""), result.err)
    holds(result.err, f"note: {path}: 9000 ratings, 300 users, 200 items, ")
    lines = [line.split("::") for line in read(path).decode().splitlines()]
    same(len(lines), 9000)
    same(len({(user, item) for user, item, *_ in lines}), 9000, "no pair twice")
    same({int(user) for user, *_ in lines}, set(range(1, 301)), "everyone rates")
    same({int(item) for _, item, _, _ in lines}, set(range(1, 201)), "everything is rated")
    same({star for _, _, star, _ in lines}, set("12345"))
    assert all(946684800 <= int(when) < 946684800 + 720 * 86400 for _, _, _, when in lines)
    same([int(user) for user, *_ in lines], sorted(int(user) for user, *_ in lines), "user after user")
    # The same bytes on every machine.
    same(digest(path), "997c060f2cf94585aff897c5d4c8d2c3eee256fab5100814e0eb89a0360e0337")
    told = json.loads(run("data", "info", path, "--format=jsonl").out)
    same((told["users"], told["items"], told["ratings"], told["duplicates"]), (300, 200, 9000, 0))


def generated_bytes_depend_on_the_numbers_alone():
    path, other = folder("one.dat"), folder("other.dat")
    large = ["--users=3000", "--items=1500", "--ratings=200000", "--quiet"]
    same(generate(path, *large).err, "")
    one = {min(os.sched_getaffinity(0))}
    same(generate(other, *large, preexec_fn=lambda: os.sched_setaffinity(0, one)).status, 0)
    same(digest(path), digest(other), "one processor or all")
    for more in (["--seed=2"], ["--set", "data.world=bilinear"], ["--set", "data.world_noise=0.1"]):
        same(generate(other, *large, "--overwrite", *more).status, 0)
        assert digest(path) != digest(other), more
    # Where everyone rates half of the items.
    same(generate(other, "--users=300", "--items=200", "--ratings=30000", "--overwrite").status, 0)
    told = json.loads(run("data", "info", other, "--format=jsonl").out)
    same((told["users"], told["items"], told["ratings"], told["duplicates"]), (300, 200, 30000, 0))


def generated_files_replace_nothing_unasked():
    os.makedirs(folder("generated"))
    path = folder("generated/ratings.dat")
    write("generated/ratings.dat", "mine")
    result = generate(path)
    same(result.status, 2)
    holds(result.err, f"{path}: it is there: another name, or --overwrite")
    same(read(path), b"mine")
    same(generate(path, "--overwrite").status, 0)
    same(read(path).count(b"\n"), 9000)
    result = generate(folder("no/such/place"))
    same(result.status, 1)
    holds(result.err, "no/such/place: cannot be written: ")
    result = generate(folder("generated/large"), "--users=100000000", "--items=10000000", "--ratings=100000000000")
    same(result.status, 1)
    holds(result.err, "generated/large: 100000000000 ratings need up to 3400.00 GB, and ")
    holds(result.err, " GB are free there: make room, or name a file elsewhere")
    same(tree(folder("generated")), ["ratings.dat"], "nothing is left behind")


def generating_is_interrupted():
    os.makedirs(folder("broken"))
    process = subprocess.Popen([PROGRAM, "data", "generate", "--users=480189", "--items=17770", "--ratings=30000000",
                                "-o", folder("broken/ratings.dat")], stderr=subprocess.PIPE, env=environment())
    deadline = time.monotonic() + 60
    while not tree(folder("broken")) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    same(process.returncode, 130, err.decode())
    holds(err.decode(), "interrupted: ")
    same(tree(folder("broken")), [], "nothing is left behind")


def a_cache_that_cannot_be_written_is_a_note():
    path = write("cached.csv", "1,2,3\n1,3,4\n2,2,5\n")
    told = [run("data", "info", path, XDG_CACHE_HOME=folder("cache")) for _ in range(2)]
    same([r.err for r in told], ["", ""])
    same(told[0].out, told[1].out)
    same([name.split(".")[1] for name in tree(folder("cache/recscope"))], ["ratings", "split"])
    result = run("data", "info", path, XDG_CACHE_HOME=path)
    same((result.status, result.out), (0, told[0].out))
    holds(result.err, "note: the data were not cached: ")
    same(run("data", "info", path, "--quiet", XDG_CACHE_HOME=path).err, "")
    same(run("data", "info", path, XDG_CACHE_HOME=path, RECSCOPE_CACHE="off").err, "")


def without_a_terminal_the_explorer_trains():
    path = write("tiny.ini", "[data]\nworld_users = 100\nworld_items = 80\nworld_ratings = 3000\n"
                             "[model]\nlayers = 8\n[train]\nepochs = 2\n")
    result = run(path)
    same(result.status, 0, result.err)
    holds(result.out, "best epoch: ")
    result = run(path, "--format=jsonl", "--epochs", "1")
    same([o["event"] for o in objects(result)], ["start", "epoch", "done"])


def a_snapshot_is_the_screen_of_a_finished_run():
    for size, columns, rows in (("80x24", 80, 24), ("120x40", 120, 40)):
        result = run("--snapshot", "playground", "--size", size, "--epochs", "3", *SMALL)
        same(result.status, 0, result.err)
        lines = result.out.splitlines()
        same(len(lines), rows)
        assert max(map(len, lines)) <= columns
        holds(result.out, "finished")
        holds(result.out, "epoch 3/3")
    same(run("--snapshot", "playground", "--size", "80").status, 2)
    same(run("--snapshot", "playground", "--size", "20x5", "--epochs", "1", *SMALL).out.splitlines()[0],
         "20 x 5 is too small")


def scripts_say_where_they_are_wrong():
    for text, status, message in (
        ("start\nwait finished\nexpect finished\n", 0, ""),
        ("# nothing\n\n  run-to 2  \nexpect epoch 2/3\n", 0, ""),
        ("start\nstrat\n", 2, "a.script:2: strat: there is no such command: did you mean start?"),
        ("run-to 1\nexpect nowhere to be seen", 2, "a.script:2: expect nowhere to be seen: the screen does not show it"),
        ("wait ready\nwait epoch 2\n", 2, "a.script:2: wait epoch 2: it cannot come: nothing is being trained"),
        ("wait for it\n", 2, "a.script:1: wait for it: ready, paused, finished, epoch N, or text TEXT"),
        ("key Spcae\n", 2, "a.script:1: key Spcae: there is no key of that name: Space"),
        ("wait ready\nkey : \ntype set train.epochs x\nkey Enter\n", 2, "a.script:4: [train] epochs = x: "),
        ("x" * 5000, 2, "a.script:0: the line is longer than"),
    ):
        write("a.script", text)
        result = run("--script", folder("a.script"), "--epochs", "3", *SMALL)
        same(result.status, status, text + result.err)
        holds(result.err, message)
    same(run("--script", folder("none.script")).status, 1)


def as_lines_for_screen_readers():
    done = subprocess.run([PROGRAM, "--plain", "--epochs", "3", *SMALL], input=b"run-to 2\nstrat\nlist settings\nstop\n",
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), timeout=240)
    out = done.stdout.decode()
    same(done.returncode, 0, done.stderr)
    order = [out.index(part) for part in ("epoch 1: train ", "epoch 2: train ", "wrong: strat: there is no such command",
                                          "train.learning_rate = 0.001: ", "finished (stopped)")]
    same(order, sorted(order))
    assert "epoch 3" not in out, out


def runs_are_exported():
    runs = [folder("exported-1"), folder("exported-2")]
    for seed, run_folder in enumerate(runs, 1):
        same(run("train", "playground", "--epochs", "4", "--seed", str(seed), "--out", run_folder, *SMALL).status, 0)
    for ending, begin in (("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
        path = folder("figure." + ending)
        result = run("export", *runs, "-o", path, "--title", "Two seeds")
        same(result.status, 0, result.err)
        with open(path, "rb") as file:
            data = file.read()
        assert data.startswith(begin), data[:20]
        same(run("export", *runs, "-o", path).status, 2, "it is there")
        same(run("export", *runs, "-o", path, "--overwrite").status, 0)
    with open(folder("figure.svg"), encoding="utf-8") as file:
        text = file.read()
    for part in ("seed 2", "RMSE", "epoch", "best"):
        holds(text, part)
    same(run("export", *runs, "-o", folder("epochs.csv")).status, 0)
    with open(folder("epochs.csv"), encoding="ascii") as file:
        rows = list(csv.DictReader(file))
    with open(os.path.join(runs[1], "epochs.csv"), encoding="ascii") as file:
        recorded = [row for row in csv.DictReader(file)]
    same([r["run"] for r in rows if r["epoch"] == "4"], ["exported-1", "exported-2"])
    last = [r for r in rows if r["run"] == "exported-2"][-1]
    same(float(last["eval_rmse"]), float(recorded[-1]["eval_rmse"]))
    same(run("export", runs[0], "-o", folder("chart.txt"), "--size", "60x15", LC_ALL="C").status, 0)
    with open(folder("chart.txt"), encoding="ascii") as file:
        lines = file.read().splitlines()
    same(len(lines), 15)
    assert max(map(len, lines)) <= 60
    for arguments, message in ((["export", runs[0]], "where to is missing"),
                               (["export", runs[0], "-o", "a.gif"], "it ends in none of"),
                               (["export", folder("nowhere"), "-o", folder("b.svg")], "not a run that can be read"),
                               (["export", "-o", "a.svg"], "something is missing")):
        result = run(*arguments)
        same(result.status, 2, result.err)
        holds(result.err, message)


def real_data():
    data = os.environ.get("RECSCOPE_DATA", "../shared/data")
    source = os.path.join(data, "ml-100k")
    if not os.path.isdir(source):
        return f"no {source}: RECSCOPE_DATA names the folder of rating data"
    result = run("train", "presets/autorec-ml100k.ini", "--data", source, "--set", "model.layers=20", "--epochs", "2",
                 "--format=jsonl", "--out", folder("u1"))
    same(result.status, 0, result.err)
    start = objects(result)[0]
    same((start["users"], start["items"], start["test"], start["train"] + start["eval"]), (943, 1682, 20000, 80000))
    return None


TESTS = [help_and_version, wrong_usage, wrong_presets, jsonl_spelling, csv_is_epochs_csv, plain_is_for_people,
         metrics_that_are_not_measured_are_absent, a_refit_says_so, seeds_and_threads, options_override_the_preset,
         run_folders, diverged, interrupted, interrupted_in_the_refit, output_that_cannot_be_written, replay_verifies,
         replay_finds_what_differs, changes_are_replayed, forks_are_replayed,
         runs_that_begin_together_have_folders_of_their_own, a_run_that_broke_off_is_replayed, models_are_described,
         data_are_described, ratings_are_generated, generated_bytes_depend_on_the_numbers_alone,
         generated_files_replace_nothing_unasked, generating_is_interrupted, a_cache_that_cannot_be_written_is_a_note,
         without_a_terminal_the_explorer_trains, a_snapshot_is_the_screen_of_a_finished_run,
         scripts_say_where_they_are_wrong, as_lines_for_screen_readers,
         runs_are_exported, real_data]

for number, test in enumerate(TESTS, 1):
    try:
        skipped = test()
        print(f"ok {number} - {test.__name__}" + (f" # SKIP {skipped}" if skipped else ""), flush=True)
    except (AssertionError, subprocess.TimeoutExpired, OSError, ValueError, KeyError, IndexError) as error:
        failed += 1
        print(f"not ok {number} - {test.__name__}\n# {type(error).__name__}: {error}", flush=True)
print(f"1..{len(TESTS)}")
shutil.rmtree(BASE, ignore_errors=True)
sys.exit(1 if failed else 0)
