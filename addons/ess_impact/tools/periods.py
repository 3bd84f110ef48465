"""Periods of figures: pairs of inclusive dates."""

from datetime import date, timedelta


def month_of(day: date):
    """Return the month of a day as a period.

    >>> month_of(date(2026, 2, 10))
    (datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
    """
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return first, following - timedelta(days=1)


def months_between(date_from: date, date_to: date):
    """Cut a period into months; the first and the last may be partial.

    >>> [str(end) for start, end in months_between(date(2026, 1, 15), date(2026, 3, 2))]
    ['2026-01-31', '2026-02-28', '2026-03-02']
    """
    periods, start = [], date_from
    while start <= date_to:
        end = min(month_of(start)[1], date_to)
        periods.append((start, end))
        start = end + timedelta(days=1)
    return periods


def last_months(day: date, count: int):
    """Return the ``count`` whole months that end before the month of a day.

    >>> [str(start) for start, end in last_months(date(2026, 1, 15), 2)]
    ['2025-11-01', '2025-12-01']
    """
    periods = []
    for _index in range(count):
        period = month_of(day.replace(day=1) - timedelta(days=1))
        periods.insert(0, period)
        day = period[0]
    return periods


def same_day_last_year(day: date):
    """Return the same day one year before; 29 February gives 28 February.

    >>> same_day_last_year(date(2024, 2, 29))
    datetime.date(2023, 2, 28)
    """
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def are_disjoint(periods):
    """Tell whether periods, in their given order, are sorted and never overlap.

    >>> are_disjoint(last_months(date(2026, 1, 15), 3))
    True
    >>> year = (date(2026, 1, 1), date(2026, 12, 31))
    >>> are_disjoint([year, month_of(date(2026, 2, 1))])
    False
    """
    return all(one[1] < two[0] for one, two in zip(periods, periods[1:], strict=False))


def are_contiguous(periods):
    """Tell whether each period starts the day after the one before.

    >>> are_contiguous(months_between(date(2026, 1, 15), date(2026, 3, 2)))
    True
    """
    return all(
        two[0] - one[1] == timedelta(days=1)
        for one, two in zip(periods, periods[1:], strict=False)
    )
