"""From the cells of a list to the values of files, column by column.

A list of 100 000 rows repeats itself: the same towns, years, sexes. So each column is
converted with a memory of what it has seen, and the remarks about a value are kept
with it. Remarks are ``(code, figures)``; the caller puts them in words.
"""

import re
import unicodedata

from .values import parse_birth_date, parse_boolean, parse_sex, plain

NAME_FIELDS = ("last_name", "first_name", "birth_name", "pseudonym")
TEXT_FIELDS = ("street", "street2", "zip", "city", "commune_code", "languages")
_SPACES = re.compile(r"\s+")


class Remarks:
    """Remarks about rows: ``errors`` stop a row, ``warnings`` do not.

    >>> remarks = Remarks(); remarks.warn(3, "date", value="31/02/1990")
    >>> remarks.warnings
    {3: [('date', {'value': '31/02/1990'})]}
    """

    def __init__(self):
        self.errors = {}
        self.warnings = {}

    def fail(self, index, code, **figures):
        self.errors.setdefault(index, []).append((code, figures))

    def warn(self, index, code, **figures):
        self.warnings.setdefault(index, []).append((code, figures))


def clean_name(text):
    r"""A name as the file keeps it: composed letters, single blanks.

    >>> clean_name("Jean  Paul"), clean_name("Zoe\u0308"), clean_name("")
    ('Jean Paul', 'Zoë', None)
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if "  " in text or not text.isprintable():
        text = _SPACES.sub(" ", text).strip()
    return text or None


class Memory(dict):
    """A function of one text that computes each text once."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def __missing__(self, text):
        value = self[text] = self.function(text)
        return value


def convert(columns, count, today, words, remarks):
    """Values of files from columns of cells.

    :param dict columns: ``{target: [column of cell texts, …]}``; targets are fields of
        the file or ``situation:<domain code>``; several columns are joined by a blank.
    :param int count: number of rows.
    :param date today: births after it are not possible.
    :param dict words: ``{target: {plain word: value}}`` for lists of the database.
    :param Remarks remarks: where remarks go, by position of the row.
    :return: ``{field: [value or None, …]}``

    >>> import datetime
    >>> remarks = Remarks()
    >>> values = convert({"last_name": [["Sow", ""]], "birth_date": [["1990", "x"]]},
    ...                  2, datetime.date(2026, 1, 1), {}, remarks)
    >>> values["birth_date_precision"], values["birth_date_text"]
    (['year', 'day'], [None, 'x'])
    >>> sorted(remarks.warnings), sorted(remarks.errors)
    ([1], [1])
    """
    values = {}
    for target, parts in columns.items():
        cells = parts[0]
        if len(parts) > 1:
            cells = [" ".join(filter(None, few)) for few in zip(*parts)]
        if target in NAME_FIELDS:
            memory = Memory(clean_name)
            values[target] = [memory[cell] for cell in cells]
        elif target in TEXT_FIELDS:
            values[target] = [cell or None for cell in cells]
        elif target == "birth_date":
            values.update(_birth_dates(cells, today, remarks))
        elif target in ("phone", "phone2", "email"):
            values[target] = _contacts(target, cells, remarks)
        else:
            read = {"sex": parse_sex, "interpreter_needed": parse_boolean}.get(target)
            values[target] = _listed(target, cells, read, words.get(target), remarks)
    _names(values, count, remarks)
    return values


def _birth_dates(cells, today, remarks):
    memory = Memory(lambda cell: parse_birth_date(cell, today))
    parsed = [memory[cell] for cell in cells]
    for index, (_date, _precision, text) in enumerate(parsed):
        if text:
            remarks.warn(index, "date", value=text)
    return {
        "birth_date": [date for date, _precision, _text in parsed],
        "birth_date_precision": [precision or "day" for _d, precision, _t in parsed],
        "birth_date_text": [text for _date, _precision, text in parsed],
    }


def _contacts(target, cells, remarks):
    """Phones and e-mails are kept as they are, with a warning when they cannot be."""
    for index, cell in enumerate(cells):
        if not cell:
            continue
        if target == "email":
            if "@" not in cell:
                remarks.warn(index, "email", value=cell)
        elif sum(map(str.isdigit, cell)) < 6:
            remarks.warn(index, "phone", value=cell)
    return [cell or None for cell in cells]


def _listed(target, cells, read, words, remarks):
    """Values of a closed list; what is not in the list is told and left out."""
    if read is None:

        def read(cell):
            return (words or {}).get(plain(cell))

    memory = Memory(lambda cell: read(cell) if cell else None)
    values = [memory[cell] for cell in cells]
    for index, value in enumerate(values):
        if value is None and cells[index]:
            remarks.warn(index, "list", value=cells[index], field=target)
    return values


def _names(values, count, remarks):
    """A row needs a last name, a first name or a pseudonym."""
    named = [
        values[name] for name in NAME_FIELDS if name != "birth_name" and name in values
    ]
    for index in range(count):
        if not any(column[index] for column in named):
            remarks.fail(index, "name")
