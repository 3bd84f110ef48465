"""Amounts spread to the cent, and months counted, without the ORM."""


def largest_remainder(amounts, total, unit=0.01):
    """Spread ``total`` in proportion to ``amounts``, to the cent.

    Each part is rounded down, and the cents that are left go to the parts that lost
    most: the method of the largest remainder.

    :param list amounts: weights, not negative
    :param float total: sum to reach exactly
    :rtype: list[float]

    >>> largest_remainder([6000, 300, 600], 5083.20)
    [4420.17, 221.01, 442.02]
    >>> largest_remainder([1, 1, 1], 100)
    [33.34, 33.33, 33.33]
    >>> largest_remainder([0, 0], 10)
    [10.0, 0.0]
    """
    if not amounts:
        return []
    steps = round(1 / unit)
    weights = list(amounts) if sum(amounts) else [1] + [0] * (len(amounts) - 1)
    whole = round(total * steps)
    exact = [whole * weight / sum(weights) for weight in weights]
    parts = [int(share + 1e-9) for share in exact]
    order = sorted(range(len(parts)), key=lambda at: parts[at] - exact[at])
    for at in order[: whole - sum(parts)]:
        parts[at] += 1
    return [round(part / steps, 2) for part in parts]


def count_months(first, last):
    """Months from one date to another, both included, however they begin.

    >>> from datetime import date
    >>> count_months(date(2026, 1, 1), date(2027, 6, 30))
    18
    >>> count_months(date(2027, 1, 1), date(2026, 6, 30))
    0
    """
    return max(0, (last.year - first.year) * 12 + last.month - first.month + 1)
