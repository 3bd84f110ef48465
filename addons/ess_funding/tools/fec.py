"""Reading the entries that an accounting firm sends, without the ORM.

The file is the *fichier des écritures comptables* (FEC) that French law asks every
accounting program to write (article A.47 A-1 of the Livre des procédures fiscales):
one line per journal item, 18 columns parted by a tab or a pipe, amounts with a comma,
days as ``20261231``. Firms add a column for the analytic codes. What deviates without
doubt (semicolons, a workbook, ``31/12/2026``, ``Montant`` and ``Sens``) is read too.
"""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from odoo.addons.ess_beneficiary.tools.table_reader import (
    MAX_BYTES,
    TableError,
    clean_cell,
    decode,
    read_table,
)
from odoo.addons.ess_beneficiary.tools.values import plain

#: columns of the law, in its order; the optional pair replaces Debit and Credit
COLUMNS = (
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
)
SIDED = ("Montant", "Sens")
NEEDED = ("JournalCode", "EcritureNum", "EcritureDate", "CompteNum")
#: beginnings of words in the title of a column of codes
CODE_WORDS = ("analyt", "section", "axe", "action", "projet", "financ", "subvention")
MAX_LINES = 100_000

_SIGNS = {"d": 1, "debit": 1, "1": 1, "+1": 1, "c": -1, "credit": -1, "-1": -1}
_PERCENT = re.compile(r"\d{1,3}(?:[.,]\d{1,8})? *%?")


class FecError(Exception):
    """A file that is no FEC, with a code for the message and its figures."""

    def __init__(self, code, **figures):
        super().__init__(code)
        self.code = code
        self.figures = figures


@dataclass
class FecLine:
    """One line of the file; ``problems`` holds (code, figures)."""

    row: int
    journal: str = ""
    journal_name: str = ""
    number: str = ""
    day: date | None = None
    account: str = ""
    account_name: str = ""
    partner: str = ""
    partner_name: str = ""
    ref: str = ""
    label: str = ""
    amount: Decimal = Decimal(0)
    currency: str = ""
    currency_amount: Decimal = Decimal(0)
    codes: tuple = ()
    problems: list = field(default_factory=list)

    def facts(self):
        """What must stay the same for the line to be the one imported before.

        Matching of invoices and payments, and the day of validation, change every
        month and are left out.
        """
        return [
            self.account,
            self.partner,
            self.ref,
            self.label,
            str(self.amount),
            self.currency,
            str(self.currency_amount),
            "/".join(self.codes),
        ]


@dataclass
class FecEntry:
    """The lines of one number in one journal."""

    journal: str
    number: str
    lines: list

    @property
    def day(self):
        """Day of the entry; nothing when its lines disagree."""
        days = {line.day for line in self.lines}
        return days.pop() if len(days) == 1 else None

    @property
    def balance(self):
        """Debit minus credit, exact."""
        return sum((line.amount for line in self.lines), Decimal(0))

    def snapshot(self):
        """What is kept of the entry, to tell later whether the firm changed it."""
        return {
            "date": self.day.isoformat(),
            "lines": sorted(line.facts() for line in self.lines),
        }


def read_fec(data, name=""):
    r"""Read a file.

    :param bytes data: the file
    :param str name: its name, for the workbook's messages
    :return: lines, and titles of the columns of codes that were read
    :rtype: tuple[list[FecLine], list[str]]
    :raises FecError: when it is no FEC
    :raises TableError: when nothing of it can be read

    >>> text = "JournalCode|EcritureNum|EcritureDate|CompteNum|EcritureLib|Debit|"
    >>> text += "Credit|Analytique\nHA|7|20260301|604000|Achat|10,50|0,00|PASS\n"
    >>> lines, codes = read_fec(text.encode("cp1252"))
    >>> lines[0].amount, lines[0].day.isoformat(), lines[0].codes, codes
    (Decimal('10.50'), '2026-03-01', ('PASS',), ['Analytique'])
    """
    headers, rows = _read_rows(data, name)
    places = _find_columns(headers)
    codes = _find_code_columns(headers, places)
    lines = [_read_line(number, cells, places, codes) for number, cells in rows]
    return lines, [headers[place] for place in codes]


def _read_rows(data, name):
    """Titles, and (line number, cells) of each line that is not empty."""
    if data.startswith(b"PK") or not data.strip() or len(data) > MAX_BYTES:
        table = read_table(data, name)
        return table.headers, [(row[0], row[1]) for row in table.rows]
    if data.startswith((b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff")):
        read_table(data, name)  # says what it is
    text, _encoding = decode(data)
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max("\t|;", key=first.count)
    if not first.count(separator):
        raise FecError("no_fec", missing=", ".join(NEEDED))
    rows = []
    for number, cells in enumerate(_split(text, separator, '"' in first), 1):
        cleaned = [clean_cell(cell)[0] for cell in cells]
        if any(cleaned):
            rows.append((number, cleaned))
    if len(rows) < 2:
        raise TableError("no_rows")
    if len(rows) > MAX_LINES:
        raise FecError("too_many", limit=MAX_LINES)
    return rows[0][1], rows[1:]


def _split(text, separator, is_quoted):
    """Cells of each line. A FEC has no quotation: labels may hold any quote."""
    if not is_quoted:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return (line.split(separator) for line in lines)
    csv.field_size_limit(MAX_BYTES)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise TableError("csv", line=0, error=str(error)) from error


def _bare(title):
    """Title of a column without case, accents and blanks.

    >>> _bare(" Écriture Num ")
    'ecriturenum'
    """
    return plain(title).replace(" ", "")


def _find_columns(headers):
    """Place of each column of the law in the file.

    :raises FecError: naming the columns that are missing
    """
    found = {_bare(title): place for place, title in reversed([*enumerate(headers)])}
    places = {
        title: found[title.lower()]
        for title in (*COLUMNS, *SIDED)
        if title.lower() in found
    }
    missing = [title for title in NEEDED if title not in places]
    if not {"Debit", "Credit"} <= places.keys() and not set(SIDED) <= places.keys():
        missing += ["Debit", "Credit"]
    if missing:
        raise FecError("no_fec", missing=", ".join(missing))
    return places


def _find_code_columns(headers, places):
    """Places of the columns of analytic codes.

    >>> _find_code_columns(["CompteNum", "Code analytique"], {"CompteNum": 0})
    [1]
    """
    known = set(places.values())
    return [
        place
        for place, title in enumerate(headers)
        if place not in known and any(word in _bare(title) for word in CODE_WORDS)
    ]


def _read_line(number, cells, places, codes):
    """One line; what cannot be read goes to its problems."""

    def cell(title):
        place = places.get(title)
        return cells[place] if place is not None and place < len(cells) else ""

    line = FecLine(
        row=number,
        journal=cell("JournalCode"),
        journal_name=cell("JournalLib"),
        number=cell("EcritureNum"),
        day=read_day(cell("EcritureDate")),
        account=cell("CompteNum"),
        account_name=cell("CompteLib"),
        partner=cell("CompAuxNum"),
        partner_name=cell("CompAuxLib"),
        ref=cell("PieceRef"),
        label=cell("EcritureLib"),
        codes=tuple(cells[at] for at in codes if at < len(cells) and cells[at]),
    )
    if not line.day:
        line.problems.append(("day", {"value": cell("EcritureDate")}))
    for title in ("JournalCode", "EcritureNum", "CompteNum"):
        if not cell(title):
            line.problems.append(("empty_cell", {"column": title}))
    _read_amounts(line, cell, "Debit" in places and "Credit" in places)
    return line


def _read_amounts(line, cell, has_both):
    """Amount of a line, debit positive, and that in its currency."""
    if has_both:
        debit, credit = read_amount(cell("Debit")), read_amount(cell("Credit"))
    else:
        debit, credit = read_amount(cell("Montant")), Decimal(0)
        sign = _SIGNS.get(cell("Sens").lower())
        if sign is None:
            line.problems.append(("side", {"value": cell("Sens")}))
        elif debit is not None:
            debit *= sign
    if debit is None or credit is None:
        values = [cell("Debit"), cell("Credit")] if has_both else [cell("Montant")]
        bad = [value for value in values if read_amount(value) is None]
        line.problems.append(("amount", {"value": bad[0]}))
        return
    if debit and credit:
        line.problems.append(("both_sides", {}))
    line.amount = debit - credit
    line.currency = cell("Idevise").upper()
    amount = read_amount(cell("Montantdevise"))
    if line.currency and amount:
        line.currency_amount = abs(amount).copy_sign(line.amount or amount)
    else:
        line.currency = ""


def read_amount(text):
    r"""An amount to the cent; nothing when it is none.

    >>> read_amount("1 234,5"), read_amount("-0.10"), read_amount("")
    (Decimal('1234.50'), Decimal('-0.10'), Decimal('0.00'))
    >>> read_amount("1.234,56"), read_amount("12,345"), read_amount("x")
    (Decimal('1234.56'), None, None)
    >>> read_amount("12,340"), read_amount("nan"), read_amount("1e5")
    (Decimal('12.34'), None, None)
    """
    text = re.sub(r"[\s\u00a0\u202f€]", "", text)
    if "," in text:
        text = text.replace(".", "").replace(",", ".")
    if not text:
        return Decimal("0.00")
    if not re.fullmatch(r"[+-]?\d{0,15}(\.\d*)?", text):
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    rounded = amount.quantize(Decimal("0.01"))
    return rounded if rounded == amount else None


def read_day(text):
    """A day; nothing when it is none.

    >>> read_day("20261231").isoformat(), read_day("31/12/2026").isoformat()
    ('2026-12-31', '2026-12-31')
    >>> read_day("20261301"), read_day(""), read_day("2026-01-02").isoformat()
    (None, None, '2026-01-02')
    """
    parts = None
    if found := re.fullmatch(r"(\d{4})-?(\d\d)-?(\d\d)", text):
        parts = found.groups()
    elif found := re.fullmatch(r"(\d\d)[/.-](\d\d)[/.-](\d{4})", text):
        parts = reversed(found.groups())
    try:
        day = date(*(int(part) for part in parts)) if parts else None
    except ValueError:
        return None
    return day if day and 1980 <= day.year <= 2200 else None


def group_entries(lines):
    """Entries in the order of the file: one journal and number is one entry.

    >>> lines = [FecLine(2, journal="HA", number="1"), FecLine(3, journal="BQ")]
    >>> [(entry.journal, entry.number) for entry in group_entries(lines)]
    [('HA', '1'), ('BQ', '')]
    """
    entries = {}
    for line in lines:
        entries.setdefault((line.journal, line.number), []).append(line)
    return [FecEntry(*key, own) for key, own in entries.items()]


def differences(old, new):
    """Lines that are gone and lines that came, between two snapshots.

    >>> one, two = ["604", "", "", "A", "10.00", "", "0", ""], ["605"]
    >>> differences({"lines": [one, one]}, {"lines": [one, two]})
    ([['604', '', '', 'A', '10.00', '', '0', '']], [['605']])
    """
    before = Counter(tuple(line) for line in old["lines"])
    after = Counter(tuple(line) for line in new["lines"])
    gone = [list(line) for line in (before - after).elements()]
    return gone, [list(line) for line in (after - before).elements()]


def parse_shares(cells, known):
    """Codes of each share of a line with its percentage.

    One column: ``PASS``, ``PASS/CD93``, ``PASS/CD93:60;PASS:40``. A code that is known
    as a whole may hold a slash. Several columns: their codes are joined.

    :param tuple cells: cells of the columns of codes that are not empty
    :param known: plain codes that are known
    :rtype: list[tuple[tuple, Decimal]]
    :raises ValueError: when a share has no percentage beside others

    >>> parse_shares(("PASS/CD93",), set())
    [(('PASS', 'CD93'), Decimal('100'))]
    >>> parse_shares(("PASS/CD93:60; 2026/7:40",), {"2026 7"})
    [(('PASS', 'CD93'), Decimal('60')), (('2026/7',), Decimal('40'))]
    >>> parse_shares(("PASS", "CD93"), set())
    [(('PASS', 'CD93'), Decimal('100'))]
    """
    if len(cells) > 1:
        return [(tuple(cells), Decimal(100))]
    parts = [part.strip() for part in "".join(cells).split(";") if part.strip()]
    shares = []
    for part in parts:
        name, _colon, percent = part.rpartition(":")
        if name and _PERCENT.fullmatch(percent.strip()):
            share = Decimal(percent.strip(" %").replace(",", "."))
        elif len(parts) > 1:
            raise ValueError(part)
        else:
            name, share = part, Decimal(100)
        name = name.strip()
        whole = plain(name) in known
        codes = (name,) if whole else re.split(r"\s*[/+]\s*", name.strip("/+ "))
        shares.append((tuple(code for code in codes if code), share))
    return shares
