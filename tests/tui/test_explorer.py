#!/usr/bin/python3
"""What the explorer does, seen from a pseudo-terminal.

    test_explorer.py PROGRAM [CHECK]

Prints TAP.
"""
import csv
import glob
import os
import re

from explorer_terminal import BRAILLE, Explorer, run


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
    e.until(lambda: e.value("Learning rate") == "0.005", "0.005")
    e.send("o")
    e.see("ice1 +Exercise")
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


def says_what_is_wrong(work):
    e = Explorer(work, ["--data", "nowhere/ratings.csv"])
    e.see("nowhere/ratings.csv")
    e.see("press r")
    e.field("Data")
    e.send("enter", *"builtin:ice1", "enter", "r")
    e.see("4 users, 4 items")
    return e


CHECKS = [stands_before_training, starts_and_pauses, curves_stand_at_their_values, steps_by_batch_and_epoch,
          live_edit_acts_and_is_recorded, letters_are_text_while_editing, resets_to_the_same_curve, saves_and_opens,
          follows_sizes, themes_paint_their_background, takes_the_mouse, says_what_is_wrong]


run(CHECKS)
