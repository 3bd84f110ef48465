"""The part of a cost that is paid at a date, to the cent and without the ORM."""

from .spread import largest_remainder


def paid_parts(amounts, ratio):
    """Spread what is paid of an entry over its cost lines.

    What is paid of the whole is rounded once, then spread by the largest remainder,
    costs and credits apart, so that the lines always add up to it.

    :param list amounts: costs of one entry, positive, or negative for a credit
    :param float ratio: part of the entry that is paid, from 0 to 1
    :rtype: list[float]

    >>> paid_parts([100.01, 50.0], 1)
    [100.01, 50.0]
    >>> paid_parts([33.33, 33.33, 33.34], 0.5)
    [16.67, 16.66, 16.67]
    >>> paid_parts([60.0, -20.0], 0.25)
    [15.0, -5.0]
    >>> paid_parts([60.0], 0)
    [0.0]
    """
    ratio = min(max(ratio, 0.0), 1.0)
    if ratio == 1:
        return list(amounts)
    parts = [0.0] * len(amounts)
    for sign in (1, -1):
        places = [at for at, amount in enumerate(amounts) if amount * sign > 0]
        weights = [round(abs(amounts[at]), 2) for at in places]
        if not places:
            continue
        total = round(sum(weights) * ratio, 2)
        for at, part in zip(places, largest_remainder(weights, total), strict=True):
            parts[at] = sign * part
    return parts


def paid_ratio(cash, owed, settled):
    """Part of an entry that is paid: cash at once, and what settles its debt.

    :param float cash: paid from the bank or the till by the entry itself
    :param float owed: what the entry leaves to pay
    :param float settled: of which settled at the date
    :return: from 0 to 1; ``None`` when the entry moves no money at all

    >>> paid_ratio(0, 120, 60), paid_ratio(50, 50, 0), paid_ratio(0, -120, -120)
    (0.5, 0.5, 1.0)
    >>> paid_ratio(0, 0, 0) is None
    True
    """
    whole = round(cash + owed, 2)
    if not whole:
        return None
    return min(max((cash + settled) / whole, 0.0), 1.0)
