#!/usr/bin/env python3
"""The playground's claim, measured: sigmoid AutoRec against the best mf of a grid, both chosen on eval.

    tests/measure/playground.py ./recscope

Prints one line a trial and a table; the test RMSE of a model is read at the trial that eval chose, and nowhere else.
Not a test: it takes some minutes and says what it finds."""
import itertools
import json
import os
import subprocess
import sys
import tempfile

MF = {"factors": [5, 10, 20, 40, 80, 160], "l2": [0.05, 0.1, 0.15, 0.2, 0.25, 0.3]}
AUTOREC = {"dropout": [0, 0.3, 0.5], "l2": [0, 30, 100]}


def trial(binary, settings):
    arguments = [binary, "train", "presets/playground.ini", "--format=jsonl", "--quiet"]
    for key, value in settings.items():
        arguments += ["--set", f"{key}={value}"]
    with tempfile.TemporaryDirectory() as home:
        environment = dict(os.environ, XDG_DATA_HOME=home)
        out = subprocess.run(arguments, env=environment, stdout=subprocess.PIPE, check=True, text=True).stdout
    return json.loads(out.splitlines()[-1])


def best_of(binary, name, world, common, grid, keys):
    results = []
    for values in itertools.product(*grid.values()):
        settings = dict(common, **{"data.world": world, "train.patience": 8, "train.epochs": 100})
        settings.update(dict(zip(keys, values)))
        done = trial(binary, settings)
        label = ", ".join(f"{k} {v}" for k, v in zip(grid, values))
        print(f"{world:10} {name:8} {label:24} eval {done['best_eval_rmse']:.4f}", flush=True)
        results.append((done["best_eval_rmse"], done["test_rmse"], label, done["best_epoch"]))
    return min(results)


def main():
    binary = sys.argv[1]
    table = []
    for world in ("nonlinear", "bilinear"):
        autorec = best_of(binary, "autorec", world, {"model.name": "autorec"}, AUTOREC, ["model.dropout", "train.l2"])
        mf = best_of(binary, "mf", world, {
            "model.name": "mf", "model.biases": "yes", "train.l2_scope": "ratings", "train.batch_size": 1000,
            "train.learning_rate": 0.005}, MF, ["model.factors", "train.l2"])
        for name, (score, test, label, epoch) in (("autorec", autorec), ("mf", mf)):
            table.append(f"| {world} | {name} | {label}, epoch {epoch} | {score:.4f} | {test:.4f} |")
        table.append(f"| {world} | *mf - autorec* | | {mf[0] - autorec[0]:+.4f} | {mf[1] - autorec[1]:+.4f} |")
    print("\n| world | model | chosen on eval | eval RMSE | test RMSE |\n|---|---|---|---|---|")
    print("\n".join(table))


if __name__ == "__main__":
    main()
