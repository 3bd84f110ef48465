"""Lays out planned and actual amounts as the financial report of an action.

Pure arithmetic: amounts come in by report line, rows come out in the order of the
form, with one subtotal per section, a row for what no line covers, the line that
balances the action (own resources or surplus) and the two totals.
"""

from collections import defaultdict

CHARGE, PRODUCT = "charge", "product"
IN_KIND_CHARGE, IN_KIND_PRODUCT = "in_kind_charge", "in_kind_product"
OTHER = "other"
SIDES = (CHARGE, IN_KIND_CHARGE, PRODUCT, IN_KIND_PRODUCT)
IN_KIND = (IN_KIND_CHARGE, IN_KIND_PRODUCT)
# Costs carry a minus sign on analytic lines, income a plus sign.
SIGN = {CHARGE: -1, IN_KIND_CHARGE: -1, PRODUCT: 1, IN_KIND_PRODUCT: 1, OTHER: 1}


def rate(planned, actual):
    """Part of the plan that is done, in percent; ``None`` when nothing was planned.

    >>> rate(20000, 18000)
    90.0
    >>> rate(0, 540) is None
    True
    """
    return round(actual / planned * 100, 2) if planned else None


def make_row(kind, side, label, planned=0.0, actual=0.0, share=0.0, **extra):
    """One row of the statement, with the derived figures.

    :param str kind: heading, line, unmatched, balance, total, grand_total or other
    """
    planned, actual, share = round(planned, 2), round(actual, 2), round(share, 2)
    return {
        "kind": kind,
        "side": side,
        "label": label,
        "planned": planned,
        "actual": actual,
        "share": share,
        "rate": rate(planned, actual),
        "difference": round(actual - planned, 2),
        "line_id": False,
        "section": False,
        **extra,
    }


def build_rows(layout, planned, actual, share, labels):
    """Arrange the amounts of one action.

    :param list layout: dicts with ``id side section label is_heading is_balance`` in
        the order of the form
    :param dict planned: ``{line id: planned amount}``
    :param dict actual: ``{(side, line id or False): actual amount}``, positive when
        it goes the way of its side; ``False`` collects accounts without a line
    :param dict share: same keys, the part of the grant
    :param dict labels: texts ``unmatched_<side>``, ``total_<side>``,
        ``grand_total_<side in kind>``, ``other``
    :return: rows, see :func:`make_row`
    :rtype: list[dict]
    """
    totals = _totals(layout, planned, actual, share)
    rows = []
    for side in SIDES:
        own = [line for line in layout if line["side"] == side]
        rows += _side_rows(side, own, planned, actual, share, totals, labels)
    if actual.get((OTHER, False)):
        key = (OTHER, False)
        rows.append(
            make_row("other", OTHER, labels["other"], 0, actual[key], share.get(key, 0))
        )
    return rows


def _totals(layout, planned, actual, share):
    """Sums per side, before the line that balances the action."""
    side_of = {line["id"]: line["side"] for line in layout}
    totals = {side: defaultdict(float) for side in (*SIDES, OTHER)}
    for line_id, amount in planned.items():
        totals[side_of[line_id]]["planned"] += amount
    for (side, _line), amount in actual.items():
        totals[side]["actual"] += amount
    for (side, _line), amount in share.items():
        totals[side]["share"] += amount
    return totals


def _side_rows(side, layout, planned, actual, share, totals, labels):
    """Rows of one side, its total included."""
    rows, missing = [], _balance_of(side, totals)
    for line in layout:
        key = (side, line["id"])
        extra = {"line_id": line["id"], "section": line["section"]}
        if line["is_heading"]:
            ids = [
                other["id"] for other in layout if other["section"] == line["section"]
            ]
            sums = [
                sum(planned.get(line_id, 0) for line_id in ids),
                sum(actual.get((side, line_id), 0) for line_id in ids),
                sum(share.get((side, line_id), 0) for line_id in ids),
            ]
            rows.append(make_row("heading", side, line["label"], *sums, **extra))
            continue
        kind = "balance" if line["is_balance"] else "line"
        done = missing if line["is_balance"] else actual.get(key, 0)
        amounts = [planned.get(line["id"], 0), done, share.get(key, 0)]
        rows.append(make_row(kind, side, line["label"], *amounts, **extra))
    lost = (side, False)
    if actual.get(lost) or share.get(lost):
        amounts = [0, actual.get(lost, 0), share.get(lost, 0)]
        rows.append(make_row("unmatched", side, labels[f"unmatched_{side}"], *amounts))
    total = totals[side]
    amounts = [total["planned"], total["actual"] + missing, total["share"]]
    rows.append(make_row("total", side, labels[f"total_{side}"], *amounts))
    if side in IN_KIND:
        first = CHARGE if side == IN_KIND_CHARGE else PRODUCT
        base = totals[first]
        done = base["actual"] + _balance_of(first, totals) + total["actual"]
        plan = base["planned"] + total["planned"]
        label = labels[f"grand_total_{side}"]
        paid = base["share"] + total["share"]
        rows.append(make_row("grand_total", side, label, plan, done, paid))
    return rows


def _balance_of(side, totals):
    """What this side must show so that charges equal products.

    On the form the association's own money closes the gap: as own resources when
    charges are higher, as a surplus when products are.
    """
    if side not in (CHARGE, PRODUCT):
        return 0.0
    gap = round(totals[CHARGE]["actual"] - totals[PRODUCT]["actual"], 2)
    return max(gap, 0.0) if side == PRODUCT else max(-gap, 0.0)


def attach_sources(rows, sources, layout):
    """Tell each row what it is made of, so that a figure can be opened.

    :param list rows: rows of :func:`build_rows`
    :param dict sources: ``{(side, line id or False): list of sources}``
    :param list layout: as in :func:`build_rows`
    :return: the rows, each with ``sources``
    :rtype: list[dict]
    """
    section_of = {line["id"]: (line["side"], line["section"]) for line in layout}
    of_section, of_side = defaultdict(list), defaultdict(list)
    for (side, line_id), found in sources.items():
        of_side[side] += found
        if line_id:
            of_section[section_of[line_id]] += found
    pairs = {IN_KIND_CHARGE: CHARGE, IN_KIND_PRODUCT: PRODUCT}
    for row in rows:
        side = row["side"]
        if row["kind"] == "heading":
            found = of_section[side, row["section"]]
        elif row["kind"] == "total":
            found = of_side[side]
        elif row["kind"] == "grand_total":
            found = of_side[side] + of_side[pairs[side]]
        elif row["kind"] == "balance":
            found = []
        else:
            found = sources.get((side, row["line_id"]), [])
        row["sources"] = sorted(set(found), key=str)
    return rows


def shown_rows(rows):
    """Leave out rows at zero; the two totals always stay.

    The totals of contributions in kind stay when there are any.

    :param list rows: rows of :func:`build_rows`
    :rtype: list[dict]
    """
    in_kind = any(
        row["planned"] or row["actual"]
        for row in rows
        if row["side"] in IN_KIND and row["kind"] == "total"
    )

    def is_shown(row):
        if row["kind"] == "grand_total":
            return in_kind
        is_total = row["kind"] == "total" and row["side"] not in IN_KIND
        return is_total or bool(row["planned"] or row["actual"])

    return [row for row in rows if is_shown(row)]
