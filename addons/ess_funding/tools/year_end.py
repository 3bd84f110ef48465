"""The arithmetic of the year end of grants, without the ORM.

Sources: ANC 2018-06, art. 132-1 to 132-4 (dedicated funds of earmarked money), PCG
art. 312-1 (investment grants) and 944-48 (deferred income).
"""

from .spread import count_months


def deferred_income(award, tranches, date_from, date_to, year_end):
    """Part of the income that belongs to later years.

    The tranches of the agreement say it; without them, whole months do.

    :param float award: income recorded so far
    :param list tranches: (first day, amount)

    >>> from datetime import date
    >>> period = date(2026, 1, 1), date(2027, 6, 30)
    >>> tranches = [(date(2026, 1, 1), 80000), (date(2027, 1, 1), 40000)]
    >>> deferred_income(120000, tranches, *period, date(2026, 12, 31))
    40000
    >>> deferred_income(90000, [], *period, date(2026, 12, 31))
    30000.0
    >>> deferred_income(90000, [], *period, date(2027, 12, 31))
    0.0
    >>> deferred_income(90000, [], *period, date(2025, 12, 31))
    90000.0
    """
    if tranches:
        later = sum(amount for first, amount in tranches if first > year_end)
        return max(0, min(award, later))
    total = count_months(date_from, date_to)
    done = count_months(date_from, min(year_end, date_to))
    return max(0.0, round(award * (total - done) / total, 2))


def dedicated_moves(opening, income, cost):
    """What an earmarked grant takes from its dedicated fund, and what it adds.

    Older money is used first and nothing goes below zero. Income below zero (an award
    lowered) takes from the fund as a cost does.

    :param float opening: fund when the year begins
    :param float income: income of the year left for the grant, after deferral
    :param float cost: costs of the year charged to the grant, refunds included
    :return: (used, added)
    :rtype: tuple

    >>> dedicated_moves(0, 80000, 68623.20)
    (0, 11376.8)
    >>> dedicated_moves(11376.80, 38043.80, 49420.60)
    (11376.8, 0)
    >>> dedicated_moves(7500, 0, 7500)
    (7500, 0)
    >>> dedicated_moves(100, 80, 50)
    (50, 80)
    >>> dedicated_moves(100, -30, 0)
    (30, 0)
    """
    need = max(0, cost) - min(0, income)
    used = min(max(0, opening), need)
    added = max(0, max(0, income) - (need - used))
    return round(used, 2), round(added, 2)


def investment_share(amount, in_service, months, year_end):
    """Part of an investment grant that depreciation has reached, by whole months.

    >>> from datetime import date
    >>> investment_share(12000, date(2026, 7, 1), 60, date(2026, 12, 31))
    1200.0
    >>> investment_share(12000, date(2026, 7, 1), 60, date(2027, 12, 31))
    3600.0
    >>> investment_share(12000, date(2026, 7, 1), 60, date(2040, 12, 31))
    12000.0
    """
    done = min(count_months(in_service, year_end), months)
    return round(amount * done / months, 2) if months else 0.0
