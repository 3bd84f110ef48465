"""The payroll journal of an outside tool, and the keys that spread it; no ORM."""

import hashlib
import re

from odoo.addons.ess_beneficiary.tools.values import plain

#: what a column holds -> titles seen in French payroll tools, without accents
TITLES = {
    "code": "matricule|code salarie|code employe|n salarie|employee code",
    "name": "salarie|nom|nom salarie|nom du salarie|nom prenom|employe|employee|name",
    "account": "compte|n compte|numero de compte|compte general|comptenum|account",
    "label": "libelle|intitule|rubrique|ecriturelib|label",
    "debit": "debit|montant debit",
    "credit": "credit|montant credit",
}
COLUMNS = tuple(TITLES)
NEEDED = ("code", "account", "debit", "credit")
_BY_TITLE = {title: key for key, text in TITLES.items() for title in text.split("|")}
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def guess_columns(headers):
    """Which column holds what, from the titles.

    >>> guess_columns(["Matricule", "Compte", "Débit", "Crédit", "Divers"])
    {'code': 'Matricule', 'account': 'Compte', 'debit': 'Débit', 'credit': 'Crédit'}
    """
    found = {}
    for header in headers:
        key = _BY_TITLE.get(plain(header))
        if key:
            found.setdefault(key, header)
    return found


def read_amount(text):
    """An amount as payroll tools write it; ``None`` when it is none.

    >>> read_amount("1 234,56"), read_amount("1.234,56"), read_amount("1,234.56")
    (1234.56, 1234.56, 1234.56)
    >>> read_amount(""), read_amount("-12.5"), read_amount("douze") is None
    (0.0, -12.5, True)
    """
    text = re.sub(r"[\s€'\u00a0\u202f]", "", text or "")
    if not text:
        return 0.0
    comma, point = text.rfind(","), text.rfind(".")
    if comma > point:
        text = text.replace(".", "").replace(",", ".")
    elif comma >= 0:
        text = text.replace(",", "")
    return round(float(text), 2) if _NUMBER.fullmatch(text) else None


def read_rows(table, columns):
    """Lines of the journal.

    :param Table table: of ``table_reader``
    :param dict columns: ``{what: title of the column}``
    :return: (rows, numbers of the rows that hold no amount or no account)
    :rtype: tuple

    >>> from odoo.addons.ess_beneficiary.tools.table_reader import read_table
    >>> table = read_table(b"Matricule;Compte;D;C\\nS1;641100;10,5;\\nS1;;3;\\n")
    >>> wanted = {"code": "Matricule", "account": "Compte", "debit": "D", "credit": "C"}
    >>> rows, wrong = read_rows(table, wanted)
    >>> rows[0]["account"], rows[0]["amount"], wrong
    ('641100', 10.5, [3])
    """
    places = {key: table.headers.index(title) for key, title in columns.items()}
    rows, wrong = [], []
    for number, cells, _notes in table.rows:
        row = {key: cells[place] for key, place in places.items()}
        amounts = [read_amount(row.get(key)) for key in ("debit", "credit")]
        if not any(cells):
            continue
        if None in amounts or not row["account"]:
            wrong.append(number)
            continue
        amount = round(amounts[0] - amounts[1], 2)
        if amount:
            rows.append(row | {"amount": amount})
    return rows, wrong


def checksum(month, rows):
    """What makes two journals the same: month, people, accounts and amounts.

    >>> one = [{"code": "S1", "account": "641", "amount": 10.0}]
    >>> checksum("2026-01", one) == checksum("2026-01", list(one))
    True
    >>> checksum("2026-01", one) == checksum("2026-02", one)
    False
    """
    lines = sorted(
        f"{row['code']}|{row['account']}|{row['amount']:.2f}" for row in rows
    )
    return hashlib.sha256("\n".join([str(month), *lines]).encode()).hexdigest()


def percents_of_hours(hours):
    """Percentages of 8 digits from hours; together they make 100 exactly.

    >>> percents_of_hours([10, 10, 10])
    [33.33333333, 33.33333333, 33.33333334]
    >>> percents_of_hours([0])
    [0.0]
    """
    total = sum(hours)
    if not total:
        return [0.0 for _hour in hours]
    parts = [round(hour / total * 100, 8) for hour in hours]
    parts[-1] = round(100 - sum(parts[:-1]), 8)
    return parts
