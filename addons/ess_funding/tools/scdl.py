"""Grants as public funders publish them: "données essentielles des conventions de
subvention", SCDL 2.1 (decree no. 2017-779 of 5 May 2017).

One row is one grant. Pure Python: rows are dicts of texts, in and out.
"""

import csv
import io
import re
from datetime import date

HEADERS = (
    "nomAttribuant",
    "idAttribuant",
    "dateConvention",
    "referenceDecision",
    "nomBeneficiaire",
    "idBeneficiaire",
    "rnaBeneficiaire",
    "objet",
    "montant",
    "nature",
    "conditionsVersement",
    "datesPeriodeVersement",
    "idRAE",
    "notificationUE",
    "pourcentageSubvention",
    "dispositifAide",
)
REQUIRED = (
    "nomAttribuant",
    "idAttribuant",
    "dateConvention",
    "nomBeneficiaire",
    "objet",
    "montant",
    "nature",
    "conditionsVersement",
    "datesPeriodeVersement",
    "notificationUE",
    "pourcentageSubvention",
)
MONEY = "aide en numéraire"
NATURES = (
    MONEY,
    "aide en nature",
    "aide en numéraire;aide en nature",
    "aide en nature;aide en numéraire",
)
MAX_TEXT = 256
_RNA = re.compile(r"W\d{9}")
_PERIOD = re.compile(r"(\d{4}-\d{2}-\d{2})(?:/(\d{4}-\d{2}-\d{2}))?")


def is_siret(text):
    """Whether a text is a SIRET number with the right key.

    The post office (La Poste, SIREN 356000000) has keys of its own.

    >>> is_siret("21060004500392"), is_siret("21060004500393"), is_siret("2106")
    (True, False, False)
    """
    digits = text or ""
    if not (digits.isascii() and digits.isdigit() and len(digits) == 14):
        return False
    total = 0
    for place, sign in enumerate(reversed(digits)):
        digit = int(sign) * (2 if place % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    post = digits.startswith("356000000") and sum(map(int, digits)) % 5 == 0
    return total % 10 == 0 or post


def is_rna(text):
    """Whether a text is an RNA number, as the standard wants it.

    >>> is_rna("W751234567"), is_rna("751234567"), is_rna("")
    (True, False, False)
    """
    return bool(_RNA.fullmatch(text or ""))


def read_date(text):
    """A date of the standard, or of French spreadsheets; ``None`` when it is none.

    >>> read_date("2026-03-01"), read_date("01/03/2026"), read_date("hier")
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 1), None)
    """
    text = (text or "").strip()[:10]
    if re.fullmatch(r"\d{2}/\d{2}/\d{4}", text):
        text = f"{text[6:]}-{text[3:5]}-{text[:2]}"
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_amount(text):
    """An amount, with a point or a comma; ``None`` when it is none.

    >>> read_amount("47800.20"), read_amount("1 200,50 €"), read_amount("beaucoup")
    (47800.2, 1200.5, None)
    """
    text = re.sub(r"[\s\u00a0\u202f€]", "", text or "").replace(",", ".")
    if not re.fullmatch(r"\d{1,12}(\.\d{1,6})?", text):
        return None
    return round(float(text), 2)


def read_period(text):
    """First and last day of a period; the same day when there is one.

    >>> read_period("2026-01-01/2026-12-31")
    (datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
    >>> read_period("2026-01-01/2026-30-05") is None
    True
    """
    found = _PERIOD.fullmatch((text or "").strip())
    if not found:
        return None
    first = read_date(found.group(1))
    last = read_date(found.group(2)) if found.group(2) else first
    return (first, last) if first and last and last >= first else None


def find_problems(row):
    """Columns of a row that the standard refuses.

    :param dict row: texts by column
    :return: names of columns, in the order of the standard
    :rtype: list[str]

    >>> find_problems({})[:2]
    ['nomAttribuant', 'idAttribuant']
    """
    wrong = {name for name in REQUIRED if not (row.get(name) or "").strip()}
    tests = {
        "idAttribuant": lambda text: is_siret(text),
        "dateConvention": lambda text: read_date(text) is not None,
        "idBeneficiaire": lambda text: not text or is_siret(text),
        "rnaBeneficiaire": lambda text: not text or is_rna(text),
        "objet": lambda text: len(text) <= MAX_TEXT,
        "montant": lambda text: read_amount(text) is not None,
        "nature": lambda text: text in NATURES,
        "conditionsVersement": lambda text: len(text) <= MAX_TEXT,
        "datesPeriodeVersement": lambda text: read_period(text) is not None,
        "notificationUE": lambda text: text in ("oui", "non"),
        "pourcentageSubvention": lambda text: 0.01 <= (read_amount(text) or 0) <= 1,
    }
    wrong |= {name for name, test in tests.items() if not test(row.get(name) or "")}
    if not row.get("idBeneficiaire") and not row.get("rnaBeneficiaire"):
        wrong.add("idBeneficiaire")
    return [name for name in HEADERS if name in wrong]


def write_rows(rows):
    r"""The file of the standard: UTF-8, commas.

    >>> write_rows([{"nomAttribuant": "Ville", "montant": "5"}]).splitlines()[1]
    b'Ville,,,,,,,,5,,,,,,,'
    """
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, HEADERS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8")


def read_rows(content):
    """Rows of a file as funders publish it: any of the usual encodings and separators.

    :param bytes content: the file
    :return: dicts by column of the standard, with ``line``, the row in the file
    :rtype: list[dict]
    :raises ValueError: naming what is missing, when it is no such file

    >>> read_rows("nomAttribuant;idAttribuant;montant;objet\\nVille;1;5;é".encode())
    Traceback (most recent call last):
    ValueError: nomBeneficiaire
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    head = text.partition("\n")[0]
    separator = max(",;\t|", key=head.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    known = {name.lower(): name for name in HEADERS}
    names = [
        known.get((name or "").strip().lower()) for name in reader.fieldnames or []
    ]
    for name in (
        "nomAttribuant",
        "idAttribuant",
        "nomBeneficiaire",
        "objet",
        "montant",
    ):
        if name not in names:
            raise ValueError(name)
    reader.fieldnames = [name or f"_{at}" for at, name in enumerate(names)]
    return [
        {
            "line": reader.line_num,
            **{name: (row.get(name) or "").strip() for name in HEADERS},
        }
        for row in reader
    ]
