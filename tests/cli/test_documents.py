#!/usr/bin/env python3
"""Every row of the table in docs/explorer.md names a key or command, and a test that exists. Usage: test_documents.py"""
import glob
import os
import re

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
CASES = {"cli": "tests/cli/test_cli.py", "explorer": "tests/tui/test_explorer.py",
         "terminal": "tests/tui/test_terminal.py", "model_screens": "tests/tui/test_model_screens.py",
         "editing": "tests/tui/test_editing.py"}


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def exists(test):
    if test == "every .script":
        return True
    if ":" in test:
        where, name = test.split(":")
        return re.search(rf"^def {name}\(", read(CASES[where]), re.M) is not None
    return glob.glob(os.path.join(ROOT, "tests", "*", os.path.basename(test))) != []


def rows():
    for line in read("docs/explorer.md").splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 7 and cells[0] != "feature" and not cells[0].startswith("---"):
            yield cells


def main():
    wrong = []
    count = 0
    for feature, shown, tests, *others in rows():
        count += 1
        if not shown or not tests:
            wrong.append(f"{feature}: no key, command or test")
        wrong += [f"{feature}: there is no {test}" for test in tests.split(", ") if tests and not exists(test)]
        wrong += [f"{feature}: an empty cell" for other in others if not other]
    print(("not ok" if wrong or count < 50 else "ok") + f" 1 - every row has what shows it and a test ({count} rows)")
    for line in wrong:
        print("# " + line)
    print("1..1")
    raise SystemExit(1 if wrong or count < 50 else 0)


main()
