"""Annual accounts from balances: which line takes each account, and what lines add up.

No account is ever dropped: what no line takes is a line of its own, before the total of
its side. A balance counts with the sign of its side, so that totals are plain sums.
"""

from collections import defaultdict

from .prefixes import PrefixMap

ASSET, LIABILITY = "asset", "liability"
PRODUCT, CHARGE = "product", "charge"
KIND_PRODUCT, KIND_CHARGE = "kind_product", "kind_charge"
BALANCE_SHEET, RESULT, IN_KIND = "balance_sheet", "result", "in_kind"
#: sides on which a credit is positive
CREDIT_PARTS = (LIABILITY, PRODUCT, KIND_PRODUCT, "origin")
GROSS, REDUCTION = "gross", "reduction"
#: code of the line of what no line takes, by side
UNMATCHED = {
    ASSET: "AX",
    LIABILITY: "PX",
    PRODUCT: "RPX",
    CHARGE: "RCX",
    KIND_PRODUCT: "KPX",
    KIND_CHARGE: "KCX",
    "origin": "OPX",
    "destination": "DCX",
}
CLASSES = {"6": RESULT, "7": RESULT, "8": IN_KIND} | dict.fromkeys(
    "12345", BALANCE_SHEET
)
GROUPS = {"income": RESULT, "expense": RESULT, "off": IN_KIND}


def statement_of(code, group):
    """The statement of an account: by its class, else by the kind that Odoo knows.

    >>> statement_of("512001", "asset"), statement_of("689400", "equity")
    ('balance_sheet', 'result')
    >>> statement_of("X1", "income"), statement_of("990000", "equity")
    ('result', 'balance_sheet')
    """
    return CLASSES.get((code or "")[:1]) or GROUPS.get(group, BALANCE_SHEET)


def side_of(code, group, balance):
    """Side of an account that no line takes.

    >>> side_of("990000", "equity", -5), side_of("799000", "income", -5)
    ('liability', 'product')
    """
    kind = statement_of(code, group)
    first = (code or "")[:1]
    if kind == RESULT:
        is_income = first == "7" or (first != "6" and group == "income")
        return PRODUCT if is_income else CHARGE
    if kind == IN_KIND:
        is_origin = code.startswith("87") or (not code.startswith("86") and balance < 0)
        return KIND_PRODUCT if is_origin else KIND_CHARGE
    return ASSET if balance >= 0 else LIABILITY


class Layout:
    """The lines of the accounts and the account codes that each takes.

    >>> rows = [dict(code="A.1", part="asset", prefixes="21", reductions="28", side=""),
    ...         dict(code="A.2", part="asset", prefixes="51", reductions="",
    ...              side="debit"),
    ...         dict(code="D.1", part="liability", prefixes="51", reductions="",
    ...              side="credit")]
    >>> layout = Layout(rows)
    >>> layout.find("281800", -5), layout.find("512001", 5), layout.find("512001", -5)
    (('A.1', 'reduction'), ('A.2', 'gross'), ('D.1', 'gross'))
    >>> layout.find("990000", 5) is None
    True
    """

    def __init__(self, rows):
        """:param list rows: dicts ``code part prefixes reductions side``"""
        self._maps = {
            wanted: PrefixMap(
                [
                    *(
                        ((row["code"], GROSS), row["prefixes"])
                        for row in rows
                        if row["side"] in ("", "any", wanted)
                    ),
                    *(((row["code"], REDUCTION), row["reductions"]) for row in rows),
                ]
            )
            for wanted in ("debit", "credit")
        }

    def find(self, code, balance):
        """:return: ``(code of the line, column)``, ``None`` when no line takes it"""
        return self._maps["debit" if balance >= 0 else "credit"].find(code)


def parts_of(sum_of):
    """Codes that a total adds, with their sign.

    >>> parts_of("RP1,-RC1")
    [('RP1', 1), ('RC1', -1)]
    """
    return [
        (part.strip().lstrip("-"), -1 if part.strip().startswith("-") else 1)
        for part in (sum_of or "").split(",")
        if part.strip()
    ]


def signs_in(sum_of, codes):
    """Which of these lines a total adds, with their sign.

    >>> signs_in("RP1,-RC1", ["RP1.SUB", "RP10.X", "RC1.SAL"])
    {'RP1.SUB': 1, 'RC1.SAL': -1}
    """
    signs = {}
    for part, sign in parts_of(sum_of):
        for code in codes:
            if code == part or code.startswith(f"{part}."):
                signs[code] = sign
    return signs


def add_up(lines, columns):
    """Fill the totals of a statement, in place.

    :param list lines: dicts ``code kind sum_of`` and one key per column
    :return: the same lines
    """
    values = {line["code"]: line for line in lines if line["kind"] in SUMMED}
    for line in lines:
        if line["kind"] in SUMMED:
            continue
        signs = signs_in(line["sum_of"], values)
        for column in columns:
            line[column] = (
                round(sum(sign * values[at][column] for at, sign in signs.items()), 2)
                + 0.0
            )
    return lines


SUMMED = ("line", "unmatched")


def fill(accounts, layout, part_of):
    """Spread balances over lines.

    :param list accounts: dicts ``id code group balance``
    :param Layout layout: lines of the statements to fill
    :param dict part_of: ``{code of a line: its side}``
    :return: ``{code of a line: {"gross", "reduction", "accounts": [ids]}}``
    :rtype: dict
    """
    found = defaultdict(lambda: {GROSS: 0.0, REDUCTION: 0.0, "accounts": []})
    for account in accounts:
        balance = account["balance"]
        place = layout.find(account["code"], balance)
        if place is None:
            side = side_of(account["code"], account["group"], balance)
            place = (UNMATCHED[side], GROSS)
            part = side
        else:
            part = part_of[place[0]]
        code, column = place
        account["line"], account["column"] = code, column
        sign = -1 if (part in CREDIT_PARTS) != (column == REDUCTION) else 1
        found[code][column] += sign * balance
        found[code]["accounts"].append(account["id"])
    return dict(found)
