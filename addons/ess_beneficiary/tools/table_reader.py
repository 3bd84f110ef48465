"""Reading a table that somebody sends: CSV or XLSX, whatever its encoding.

Everything is bounded before it is read (size, rows, columns, unpacked size), and each
refusal is a :class:`TableError` with a code and figures, which the caller puts in
words. Cells are given as text (dates as ``2026-12-31``), so that what is checked is
what the sender typed.
"""

import csv
import datetime
import io
import re
import zipfile
from dataclasses import dataclass, field

import openpyxl

MAX_BYTES = 60 * 2**20
MAX_ROWS = 200_000
MAX_COLUMNS = 200
# Longest cell that is taken; longer ones are cut and reported with their row.
MAX_CELL = 2_000
# An XLSX file unpacks to about ten times its size; a bomb to a thousand times.
MAX_UNPACKED = 400 * 2**20
MAX_RATIO = 100
MAX_ENTRIES = 2_000
_SMALL_ENTRY = 2**20

# TAB and line ends inside a cell are blanks, the other control signs are dirt.
_BLANKS = re.compile("[\t\r\n\x0b\x0c\x85\u2028\u2029]+")
_DIRT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff\ufffd]")
_CLEAN = re.compile("[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ufffd]*")
_SIGNATURES = {
    b"%PDF": "pdf",
    b"\xd0\xcf\x11\xe0": "old_excel",
    b"\x89PNG": "image",
    b"\xff\xd8\xff": "image",
    b"GIF8": "image",
}


class TableError(Exception):
    """A file that cannot be read, with a code for the message and its figures."""

    def __init__(self, code, **figures):
        super().__init__(code)
        self.code = code
        self.figures = figures


@dataclass
class Table:
    """What was read.

    ``rows`` holds ``(line number in the file, [cell text, …], [note, …])``; notes are
    codes about one row: ``control``, ``formula``, ``long:<column>``, ``extra``.
    """

    headers: list
    rows: list
    encoding: str = ""
    separator: str = ""
    notes: list = field(default_factory=list)


def clean_cell(text):
    r"""Text of a cell on one line without control signs; was it dirty?

    >>> clean_cell("  Paul\tMartin ")
    ('Paul Martin', False)
    >>> clean_cell("Pa\x00ul")
    ('Paul', True)
    >>> clean_cell("'=1+1")
    ('=1+1', False)
    """
    if _CLEAN.fullmatch(text):
        text = text.strip()
        dirty = False
    else:
        text = _BLANKS.sub(" ", text)
        cleaned = _DIRT.sub("", text)
        dirty = cleaned != text
        text = cleaned.strip()
    # What we put before a formula-like text when we write a file comes off again.
    if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@"):
        text = text[1:]
    return text, dirty


def read_table(data, name="", limit=None):
    r"""Read the first sheet of a file.

    :param bytes data: the file.
    :param str name: its name, only to tell CSV from XLSX in the messages.
    :param int limit: read no more rows than this (to show the columns at once).
    :rtype: Table
    :raises TableError: when nothing of it can be read.

    >>> table = read_table("Nom;Né le\nMartin;01/02/1990\n".encode("cp1252"))
    >>> table.headers, table.rows, table.separator
    (['Nom', 'Né le'], [(2, ['Martin', '01/02/1990'], [])], ';')
    """
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise TableError("empty")
    if len(data) > MAX_BYTES:
        raise TableError("too_big", size=len(data) // 2**20, limit=MAX_BYTES // 2**20)
    for signature, code in _SIGNATURES.items():
        if data.startswith(signature):
            raise TableError(code)
    if data.startswith(b"PK"):
        return _named_columns(_read_xlsx(data, limit))
    if name.lower().endswith((".xlsx", ".xlsm")):
        raise TableError("not_xlsx")
    return _named_columns(_read_csv(data, limit))


def _named_columns(table):
    """Check the columns: give a name to those without, tell apart doubled ones."""
    width = len(table.headers)
    while width and not table.headers[width - 1]:
        if any(
            len(cells) >= width and cells[width - 1] for _n, cells, _o in table.rows
        ):
            break
        width -= 1
    if width > MAX_COLUMNS:
        raise TableError("too_many_columns", columns=width, limit=MAX_COLUMNS)
    if not any(table.headers[:width]):
        raise TableError("no_headers")
    if not table.rows:
        raise TableError("no_rows")
    table.headers = _distinct_headers(table, width)
    for _number, cells, notes in table.rows:
        if len(cells) > width:
            if any(cells[width:]):
                notes.append("extra")
            del cells[width:]
        elif len(cells) < width:
            cells.extend([""] * (width - len(cells)))
    return table


def _distinct_headers(table, width):
    """Titles that differ: ``#3`` for a missing one, ``Nom (2)`` for a doubled one."""
    headers, seen = [], {}
    for position, header in enumerate(table.headers[:width], 1):
        if not header:
            header = f"#{position}"
            table.notes.append(("no_title", position))
        seen[header] = seen.get(header, 0) + 1
        if seen[header] > 1:
            table.notes.append(("doubled", header))
            header = f"{header} ({seen[header]})"
        headers.append(header)
    return headers


# === CSV


def decode(data):
    r"""Text of a file and the encoding that was found.

    >>> decode("é".encode("utf-8-sig")), decode("é".encode("cp1252"))
    (('é', 'utf-8'), ('é', 'cp1252'))
    >>> decode("é;x".encode("utf-16")), decode("ab".encode("utf-16-le"))
    (('é;x', 'utf-16'), ('ab', 'utf-16-le'))
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif data[1:2000:2].count(0) > len(data[1:2000:2]) // 3:
        encodings = ["utf-16-le"]
    elif data[:2000:2].count(0) > len(data[:2000:2]) // 3:
        encodings = ["utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.count("\x00") > len(text) // 20:
            break
        return text, encoding.removesuffix("-sig")
    raise TableError("encoding")


def find_separator(text):
    r"""The sign that parts the titles.

    >>> find_separator('"a,b";c;d\n1;2;3'), find_separator("a,b\n"), find_separator("a")
    (';', ',', ';')
    """
    for line in text.splitlines():
        if line.strip():
            bare = re.sub(r'"[^"]*"', "", line[:100_000])
            return max(";,\t|", key=lambda sign: (bare.count(sign), sign == ";"))
    return ";"


def _read_csv(data, limit=None):
    text, encoding = decode(data)
    separator = find_separator(text)
    # The module's own limit would stop at the first long cell of the whole file.
    csv.field_size_limit(MAX_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    table = Table([], [], encoding, separator)
    all_clean = not _DIRT.search(text)
    try:
        for cells in reader:
            _add_row(table, reader.line_num, cells, all_clean)
            if limit and len(table.rows) >= limit:
                break
    except csv.Error as error:
        raise TableError("csv", line=reader.line_num, error=str(error)) from error
    return table


def _plain_cells(values):
    r"""Cells of a row that has nothing to clean, as nearly all; else nothing.

    >>> _plain_cells(["Paul ", ""]), _plain_cells(["a\tb", ""]), _plain_cells(["'=1"])
    (['Paul', ''], [], [])
    """
    text = "".join(values)
    if len(text) > MAX_CELL or "'" in text or not text.isprintable():
        return []
    return [value.strip() for value in values]


def _add_row(table, number, values, all_clean=False):
    """Clean one row and add it: titles first, empty rows skipped."""
    cells, notes = _plain_cells(values) if all_clean else [], []
    for position, value in enumerate([] if cells else values):
        if len(value) > MAX_CELL:
            notes.append(f"long:{position + 1}:{len(value)}")
            value = value[:MAX_CELL]
        if all_clean and value.isprintable():
            value = value.strip()
            if value[:1] == "'" and value[1:2] in ("=", "+", "-", "@"):
                value = value[1:]
            dirty = False
        else:
            value, dirty = clean_cell(value)
        if dirty and "control" not in notes:
            notes.append("control")
        cells.append(value)
    if not any(cells):
        return
    if not table.headers:
        if len(cells) > 50 * MAX_COLUMNS:
            raise TableError("too_many_columns", columns=len(cells), limit=MAX_COLUMNS)
        table.headers = cells
        return
    if len(table.rows) >= MAX_ROWS:
        raise TableError("too_many_rows", limit=MAX_ROWS)
    table.rows.append((number, cells, notes))


# === XLSX


def check_zip(data):
    """Refuse a workbook that unpacks to far more than its size, before unpacking.

    Python's unzipper never gives more than the size that an entry declares, so the
    declared sizes can be trusted here.

    :raises TableError: when it is not a workbook, or looks like a bomb.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise TableError("not_xlsx") from error
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise TableError("not_xlsx")
    if any(entry.flag_bits & 1 for entry in entries):
        raise TableError("password")
    unpacked = sum(entry.file_size for entry in entries)
    bomb = (
        len(entries) > MAX_ENTRIES
        or unpacked > MAX_UNPACKED
        or any(
            entry.file_size > _SMALL_ENTRY
            and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
            for entry in entries
        )
    )
    if bomb:
        raise TableError("bomb", size=unpacked // 2**20)
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")):
            with archive.open(entry) as part:
                # Declarations can multiply themselves; Excel never writes any.
                if b"<!DOCTYPE" in part.read(4096).replace(b"\x00", b""):
                    raise TableError("bomb", size=unpacked // 2**20)


def _cell_text(value):
    """Text of one cell of a workbook, and a note about it."""
    if value is None:
        return "", None
    if isinstance(value, str):
        return value, "formula" if value.startswith("=") else None
    if value is True or value is False:
        return ("1" if value else "0"), None
    if isinstance(value, float):
        return (str(int(value)) if value.is_integer() else repr(value)), None
    if isinstance(value, datetime.datetime):
        return value.date().isoformat(), None
    if isinstance(value, (datetime.date, int)):
        return str(value), None
    # array and data-table formulas
    text = getattr(value, "text", None)
    if text is not None:
        return f"={str(text).lstrip('=')}", "formula"
    return str(value), None


def _read_xlsx(data, limit=None):
    check_zip(data)
    table = Table([], [], "xlsx")
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=False, keep_links=False
        )
        sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")]
        for index, sheet in enumerate(sheets):
            sheet.reset_dimensions()
            _read_sheet(table, sheet, limit)
            if table.headers:
                if len(sheets) > index + 1:
                    table.notes.append(("other_sheets", sheet.title))
                break
    except TableError:
        raise
    except Exception as error:
        # openpyxl lets out whatever its parser meets: KeyError, ParseError, …
        raise TableError("broken_xlsx", error=type(error).__name__) from error
    if not table.headers:
        raise TableError("empty")
    return table


def _read_sheet(table, sheet, limit=None):
    """Read the rows of a sheet, with the number that Excel shows for each."""
    rows = sheet.iter_rows(values_only=True, max_col=50 * MAX_COLUMNS)
    for number, values in enumerate(rows, 1):
        texts, formula = [], False
        for value in values:
            text, note = _cell_text(value)
            formula = formula or bool(note)
            texts.append(text)
        before = len(table.rows)
        _add_row(table, number, texts)
        if formula and len(table.rows) > before:
            table.rows[-1][2].append("formula")
        if limit and len(table.rows) >= limit:
            break
