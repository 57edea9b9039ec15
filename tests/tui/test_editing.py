#!/usr/bin/python3
"""Editing by keyboard: fields, what is wrong while one types, undo, defaults, layers, the list of presets, saving.

    test_editing.py PROGRAM [ONLY]
"""
import glob
import os
import re

from explorer_terminal import Explorer, run

OURS = len(glob.glob(os.path.join(os.path.dirname(__file__), "..", "..", "presets", "*.ini")))
HINT = -2  # rows from below: the message line, above the footer


def begin(work, *arguments, **more):
    e = Explorer(work, arguments, **more)
    e.see("SPACE starts it")
    return e


def line(e, row):
    return e.screen.display[row % e.screen.lines].rstrip()


def hint(e, pattern):
    return e.until(lambda: re.search(pattern, line(e, HINT)), f"{pattern!r} in the line about the field")


def becomes(e, label, value):
    e.until(lambda: e.value(label) == value, f"{label} {value}")


def preset(folder, name, text):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


# ---- fields --------------------------------------------------------------------------------------------------------

def fields_follow_the_model(work):
    e = begin(work)
    assert e.row_of("Layers") and not e.row_of("Factors"), e.text()
    assert re.search(r"^Training +│", e.text(), re.M), e.text()  # a heading
    e.field("Model")
    e.send("right")
    becomes(e, "Model", "mf")
    e.until(lambda: e.row_of("Factors") and not e.row_of("Layers"), "the fields of mf")
    assert e.focus() == e.row_of("Model")
    for _ in range(60):
        e.send("down")
    e.see(r"\d+ settings have no use here")
    return e


def arrows_make_pleasant_steps(work):
    e = begin(work)
    e.field("Learning rate")
    for value in ("0.002", "0.005", "0.01"):
        e.send("right")
        becomes(e, "Learning rate", value)
    e.send("<")
    becomes(e, "Learning rate", "0.001")
    e.send(">")
    becomes(e, "Learning rate", "0.01")
    hint(e, r"was 0\.001 .*a number.*per step; default 0\.001; acts at once")
    return e


def layers_come_and_go(work):
    e = begin(work)
    e.field("Layers")
    e.send(">")
    becomes(e, "Layers", "50,50")
    e.send("right")
    becomes(e, "Layers", "100,100")
    e.send("<")
    becomes(e, "Layers", "100")
    e.send("<")
    e.see("no further")
    e.send("enter", *"40,20,40")
    hint(e, r"good: 40,20,40, [\d.k]+ weights, up to \d+ MB")
    e.send("enter")
    becomes(e, "Layers", "40,20,40")
    return e


def what_is_wrong_is_said_while_typing(work):
    e = begin(work, columns=80, rows=24)
    e.field("Dropout")
    e.send("enter", *"0.5")
    hint(e, "good: 0.5 .*0 .. 0.95")
    assert "weights" not in line(e, HINT), line(e, HINT)  # it has nothing to do with them
    e.send("x")
    hint(e, r"^not a number: a number, 0 .. 0.95")
    e.send("\x15", *"2")
    hint(e, r"^out of range: a number, 0 .. 0.95")
    e.send("enter")  # is not taken
    e.see("Enter takes it")
    assert e.value("Dropout").startswith("2"), e.value("Dropout")
    e.send("esc")
    becomes(e, "Dropout", "0")
    e.field("Hidden")
    e.send("enter", *"tan")
    hint(e, "did you mean tanh")
    e.see("Tab completes")
    e.send("tab")
    hint(e, "good: tanh")
    e.send("enter")
    becomes(e, "Hidden", "tanh")
    return e


def paths_are_completed(work):
    os.makedirs(os.path.join(work, "ratings", "mine"))
    e = begin(work)
    e.field("Data")
    e.send("enter", *"rat")
    hint(e, "there is no such file or folder: Tab completes")
    e.send("tab")
    hint(e, "good: ratings/")
    e.send("tab")
    hint(e, "good: ratings/mine/")
    e.send("\x15", *"builtin:i", "tab")
    hint(e, "good: builtin:ice1")
    e.send("esc")
    becomes(e, "Data", "builtin:playground")
    return e


def edits_are_undone_and_made_again(work):
    e = begin(work)
    e.field("Dropout")
    e.send("right", "right")
    becomes(e, "Dropout", "0.2")
    e.field("Epochs")
    e.send("enter", *"7", "enter")
    becomes(e, "Epochs", "7")
    e.send("u")
    becomes(e, "Epochs", "5000")
    e.send("u", "u")
    becomes(e, "Dropout", "0")
    e.send("u")
    e.see("nothing to undo")
    e.send("\x12", "\x12")
    becomes(e, "Dropout", "0.2")
    e.field("Epochs")
    e.send("right", "\x12")
    e.see("nothing to do again")
    return e


def defaults_come_back(work):
    e = begin(work)
    e.field("Layers")
    e.send("right")
    becomes(e, "Layers", "100")
    hint(e, "was 50")
    e.send("d")
    becomes(e, "Layers", "50")  # as it was opened
    e.send("d")
    becomes(e, "Layers", "500")  # and then the default of the setting
    return e


# ---- what was tried ------------------------------------------------------------------------------------------------

def tried(e):
    """{value: (best eval RMSE, whether it is the best, whether it is the present one)} of the chart below the form."""
    rows = [line.split("│")[0] for line in e.screen.display]
    found = (re.match(r"(>?) +(\S+) +(\d\.\d{4}) +[█▉▊▋▌▍▎▏]+ *(best)?", row) for row in rows)
    return {m.group(2): (float(m.group(3)), bool(m.group(4)), bool(m.group(1))) for m in found if m}


def what_was_tried_is_mapped(work):
    e = begin(work, epochs=3)
    e.field("Learning rate")
    assert "tried" not in e.text(), e.text()  # nothing was
    for value in ("0.0001", "0.001", "0.01"):
        e.send("enter", *value, "enter")
        becomes(e, "Learning rate", value)
        e.send("r")
        e.see("SPACE starts it")
        e.send(" ")
        e.see("finished")
    e.see("Learning rate tried: best eval RMSE")
    found = tried(e)
    assert list(found) == ["0.0001", "0.001", "0.01"], found
    assert [key for key in found if found[key][2]] == ["0.01"], found
    best = min(found, key=lambda key: found[key][0])
    assert [key for key in found if found[key][1]] == [best], found
    e.send("left")  # the present value is another: the mark goes with it
    e.until(lambda: not any(now for _, _, now in tried(e).values()), "no present value")
    e.field("Epochs")
    e.see("Epochs: only 3 tried here")
    e.see("Learning rate  0.005 +[▁-█]{3} +live")
    e.field("Model")
    e.send("right")
    e.until(lambda: "tried" not in e.text(), "mf to have no map")
    e.resize(80, 24)
    e.send("left")
    e.field("Learning rate")
    e.see(f"[▁-█]{{3}} best {found[best][0]:.4f} at {best}")
    return e


def maps_are_drawn_in_ascii(work):
    e = begin(work, epochs=2, LC_ALL="C")
    e.field("Dropout")
    for value in ("0", "0.5"):
        e.send("enter", *value, "enter", "r")
        e.see("SPACE starts it")
        e.send(" ")
        e.see("finished")
    e.see(r"0 +\d\.\d{4} +=+")
    e.field("Layers")
    e.see(r"Dropout +0\.5 +[_.~=+*#-]{2} +live")
    return e


# ---- presets -------------------------------------------------------------------------------------------------------

def presets_are_listed_and_searched(work):
    installed = os.path.join(work, "share")
    preset(os.path.join(installed, "presets"), "far.ini", "[experiment]\ntitle = From Far Away\n[model]\nname = mf\n")
    preset(os.path.join(installed, "presets"), "ice1.ini", "[experiment]\ntitle = hidden by the nearer one\n")
    preset(os.path.join(work, "data", "recscope", "presets"), "own.ini", "[experiment]\ntitle = Of My Own\n")
    preset(work, "here.ini", "[experiment]\ntitle = Of This Folder\n")
    e = begin(work, RECSCOPE_DATADIR=installed)
    e.send("o")
    e.see(f"{OURS + 3} of {OURS + 3}")
    for expected in (r"own +Of My Own +yours", r"ice1 +Exercise 1.* presets", r"far +From Far Away +installed",
                     r"here\.ini +Of This Folder +this folder"):
        e.see(expected)
    assert "hidden by the nearer one" not in e.text(), e.text()
    e.see("autorec on builtin:playground: generated")  # about the one that is chosen
    e.send(*"FAR")
    e.see(f"1 of {OURS + 3}")
    e.see("mf on builtin:playground")
    e.send("enter")
    e.see(r"opened .*share/presets/far\.ini")
    becomes(e, "Model", "mf")
    e.send("w")
    e.see(r"save as: far\.ini")  # not among the program's own
    e.send("esc")
    return e


def the_list_is_gone_through(work):
    e = begin(work)
    e.send("o")
    e.see(f"{OURS} of {OURS}")
    e.send(*"matrix")
    e.see(f"4 of {OURS}")
    e.send("down")
    e.see("mf on datasets/ml-100k, which is not here")
    e.send("up", "up")
    e.see("mf on datasets/ml-1m, which is not here")
    e.send("down", "enter")
    e.see("opened presets/ice1.ini")
    becomes(e, "Data", "builtin:ice1")
    e.send("o")
    e.see("on builtin:ice1")  # what is open is chosen
    e.send("esc")
    e.see("1 Curves.*")
    becomes(e, "Data", "builtin:ice1")
    return e


def what_is_refused_is_said_in_the_list(work):
    preset(work, "bad.ini", "[model]\nnam = mf\n")
    e = begin(work)
    e.send("o", *"bad", "enter")
    e.see(r"bad\.ini:2: \[model\] nam: there is no such key: did you mean name\?")
    e.see(f"1 of {OURS + 1}")  # the list stands
    e.send("\x15", *"nowhere.ini")
    e.see("none has that in it")
    e.send("enter")
    e.see(r"nowhere\.ini: there is no such preset")
    e.send("\x15", *"pres", "tab", *"mf-ml1")
    e.see(r"open: presets/mf-ml1")
    e.see(f"3 of {OURS + 1}")
    e.send("down", "tab")  # the path says no more: the one that is chosen
    e.see(r"open: presets/mf-ml1m\.ini")
    e.send("esc")
    e.see("SPACE starts it")
    return e


def saving_asks_before_it_writes_over(work):
    e = begin(work)
    e.field("Dropout")
    e.send("right", "w")
    e.see(r"save as: autorec-playground\.ini")
    e.send("enter")
    e.see("saved as autorec-playground.ini")
    e.send("right", "w", "enter")
    e.see("autorec-playground.ini is there: y writes over it")
    e.send("n")
    e.see("left as it was")
    with open(os.path.join(work, "autorec-playground.ini"), encoding="utf-8") as file:
        assert "dropout = 0.1" in file.read()
    e.send("w", "\x15", *"none/there.ini", "enter")
    e.see(r"none/there\.ini.*No such file or directory")
    assert not os.path.exists(os.path.join(work, "none"))
    return e


CHECKS = [fields_follow_the_model, arrows_make_pleasant_steps, layers_come_and_go, what_is_wrong_is_said_while_typing,
          paths_are_completed, edits_are_undone_and_made_again, defaults_come_back, what_was_tried_is_mapped,
          maps_are_drawn_in_ascii, presets_are_listed_and_searched,
          the_list_is_gone_through, what_is_refused_is_said_in_the_list, saving_asks_before_it_writes_over]

if __name__ == "__main__":
    run(CHECKS)
