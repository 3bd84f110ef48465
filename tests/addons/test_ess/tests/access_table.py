"""The access table as a file: one row per model and role, one column per class of
records.

A cell holds the letters of what is allowed (C create, R read, W write, D delete; ``-``
for what is
not); an empty cell means that the class does not exist for the model (a list of values
has no team).
To see what the code gives today, run the test with
``ESS_ACCESS_TABLE_OUT=/path/file.csv``: it writes
the observed table there. Every difference is either a bug or a decision to be taken on
purpose.
"""

import csv
from pathlib import Path

from .world import CLASSES

PATH = Path(__file__).parent / "access_table.csv"
HEADER = ("model", "role", *CLASSES)
LETTERS = {"C": "create", "R": "read", "W": "write", "D": "unlink"}


def cell(allowed):
    """Text of a cell from the set of allowed letters."""
    return "".join(letter if letter in allowed else "-" for letter in LETTERS)


def read(path=PATH):
    """Read the table: ``{(model, role): {class: cell}}``."""
    with Path(path).open(encoding="utf-8", newline="") as stream:
        return {
            (row["model"], row["role"]): {key: row[key] for key in CLASSES}
            for row in csv.DictReader(stream)
        }


def write(table, path):
    """Write a table in the order in which it was made."""
    with Path(path).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADER)
        for (model, role), cells in table.items():
            writer.writerow((model, role, *(cells.get(key, "") for key in CLASSES)))


def differences(expected, observed):
    """Sentences on every cell that differs, sorted."""
    found = []
    for key in sorted(expected.keys() | observed.keys()):
        left, right = expected.get(key), observed.get(key)
        if left is None or right is None:
            why = "not in the table" if left is None else "no longer exists"
            found.append(f"{key[0]} / {key[1]}: {why}")
            continue
        for name in CLASSES:
            if left.get(name, "") != right.get(name, ""):
                said = left.get(name) or "none"
                given = right.get(name) or "none"
                where = f"{key[0]} / {key[1]} / {name}"
                found.append(f"{where}: table says {said}, code gives {given}")
    return found


PROFILES_PATH = PATH.with_name("access_profiles.csv")


def read_profiles(path=PROFILES_PATH):
    """Read which groups each profile gives: ``{profile: sorted xmlids}``."""
    with Path(path).open(encoding="utf-8", newline="") as stream:
        return {
            row["profile"]: sorted(row["groups"].split())
            for row in csv.DictReader(stream)
        }
