#!/usr/bin/python3
"""The screens that look into the model, Weights and Recommend, through a pseudo-terminal.

    test_model_screens.py PROGRAM

Prints TAP.
"""
import re

from explorer_terminal import Explorer, run


def trained(e, epochs=3):
    """Train so many epochs, one by one."""
    e.see("SPACE starts it")
    for epoch in range(1, epochs + 1):
        e.send("e")
        e.see(rf"paused +epoch {epoch}/")


def shows(e, title):
    e.see(rf"\d {title}")
    e.send(re.search(rf"(\d) {title}", e.screen.display[0]).group(1))


def numbers(e, name):
    """norm, sd and change in the row of a parameter."""
    row = next(line for line in e.screen.display if line.startswith(name + " "))
    return [float(word) for word in row[:50].split()[4:7]]


def weights_are_described_and_move(work):
    e = Explorer(work)
    trained(e)
    shows(e, "Weights")
    e.see(r"V +200 x 50")
    e.see(r"epoch 3, step")
    before = numbers(e, "V")
    assert before[0] > 0 and before[2] > 0, before
    assert "encoder" in e.text()
    e.send("down", "down")
    e.see(r"W, 200 x 50 ")
    e.send("e")
    e.see(r"epoch 4, step")
    e.see(r"change since epoch 3")
    e.until(lambda: numbers(e, "V")[0] != before[0], "other weights")
    e.send("/", *"mu", "enter")
    e.see(r"mu, 1 x 50 ")
    return e


def weights_follow_a_run(work):
    """While training runs the screen is kept up to date, without a key."""
    e = Explorer(work)
    e.see("SPACE starts it")
    shows(e, "Weights")
    e.see(r"epoch 0, step 0")
    e.send(" ")
    first = int(e.see(r"epoch \d+, step ([1-9]\d*)").group(1))
    e.until(lambda: int(re.search(r"epoch \d+, step (\d+)", e.text()).group(1)) > first + 50, "later weights")
    return e


def units_are_shown_one_by_one(work):
    e = Explorer(work)
    trained(e, 1)
    shows(e, "Weights")
    e.see(r"V +200 x 50")
    e.send("v")
    e.see(r"50 units on \d+ rows: \d+ % dead, \d+ % saturated")
    e.settle()
    shades = sum(line.count(c) for line in e.screen.display[6:12] for c in "·░▒▓█x#")
    assert shades >= 50, shades
    return e


def dead_units_are_told(work):
    """A relu layer after wild steps."""
    e = Explorer(work, ["--set", "model.hidden_activation=relu", "--set", "train.optimizer=sgd",
                        "--set", "train.learning_rate=0.02"])
    e.see("SPACE starts it")
    e.send("e")
    shows(e, "Weights")
    e.see(r"V +200 x 50")
    e.send("v")
    e.see(r"hidden 1, relu +50 +[1-9]\d* ")
    return e


def the_map_has_names_that_do_not_overlap(work):
    e = Explorer(work)
    trained(e, 2)
    shows(e, "Weights")
    e.see(r"V +200 x 50")
    e.send("v", "v")
    e.see("the most rated items")
    e.settle()
    titles = {line[:50].strip() for line in e.screen.display[4:38] if line.strip()}
    right = [line[52:] for line in e.screen.display[5:38]]
    labels = [word for line in right for word in re.findall(r"Item \d+(?:: [a-z, ]+[a-z])?", line)]
    assert len(labels) > 5, right
    for line in right:
        assert not re.search(r"[a-z0-9…]Item", line), line
    e.send("down")
    e.see(r"near it: Item \d+")
    assert e.screen.display[5][:50].strip() in titles
    e.resize(80, 24)
    e.until(lambda: len(e.screen.display) == 24 and "near it" in e.text(), "the small map")
    return e


def factors_have_no_units_but_a_map(work):
    e = Explorer(work, ["--set", "model.name=mf"])
    trained(e, 1)
    shows(e, "Weights")
    e.see(r"P +200 x")
    e.send("v")
    e.see("no hidden units")
    e.send("v")
    e.see("near it: Item")
    return e


def ranks(e):
    """{rank: the rest of the line} of the predictions."""
    lines = [line[48:] for line in e.screen.display[4:30]]
    return {int(m.group(1)): m.group(2) for m in (re.match(r" *(\d+) (.*)", line) for line in lines) if m}


def recommends_what_was_not_rated(work):
    e = Explorer(work)
    trained(e, 2)
    shows(e, "Recommend")
    e.see(r"user 1 has rated \d+")
    e.see(r"predicted, best first +epoch 2")
    e.settle()
    rated = {line[7:46].strip() for line in e.screen.display[4:20] if line[:46].strip()}
    listed = ranks(e)
    assert list(listed)[:5] == [1, 2, 3, 4, 5], listed
    scores = [float(re.search(r"(\d\.\d\d) ", line).group(1)) for line in listed.values()]
    assert scores == sorted(scores, reverse=True), scores
    assert not any(f"{title}  " in line for line in listed.values() for title in rated), (rated, listed)
    e.see(r"held back: [1-9]\d* ratings, RMSE \d\.\d+ on them")
    e.send("e")
    e.see(r"places since epoch 2")
    e.see("[↑↓]")
    return e


def goes_from_user_to_user(work):
    e = Explorer(work)
    e.see("SPACE starts it")
    shows(e, "Recommend")
    e.see("user 1 has rated")
    e.send("j")
    e.see("user 2 has rated")
    e.send("u", *"17", "enter")
    e.see("user 17 has rated")
    e.send("u", *"nobody", "enter")
    e.see("there is no such user")
    e.send("n")
    e.until(lambda: not re.search("user 17 has", e.text()) and re.search(r"user \d+ has rated", e.text()),
            "another user")
    return e


def folds_a_person_in(work):
    e = Explorer(work)
    trained(e, 5)
    shows(e, "Recommend")
    e.see("user 1 has rated")
    e.send("y")
    e.see("you have rated 0")
    e.see("for you")
    e.settle()
    before = ranks(e)
    e.send("5", "down", "1", "down", "5")
    e.see("you have rated 3")
    e.until(lambda: ranks(e) and ranks(e) != before, "other recommendations")
    e.send("d")
    e.see("you have rated 2")
    e.send("/", *"item 42", "enter", "4")
    e.see("you have rated 3")
    e.see(r" 4 +Item 42")
    e.send("esc")
    e.see("user 1 has rated")
    return e


CHECKS = [weights_are_described_and_move, weights_follow_a_run, units_are_shown_one_by_one, dead_units_are_told,
          the_map_has_names_that_do_not_overlap, factors_have_no_units_but_a_map, recommends_what_was_not_rated,
          goes_from_user_to_user, folds_a_person_in]

if __name__ == "__main__":
    run(CHECKS)
