"""The days of a series of sessions, and the days on which France is closed.

Pure Python, no ORM. Days are calendar days in the programme's own time zone; the wall
clock of a series does not move with summer time.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .days import UTC

#: a series is planned for two years at most: beyond, nobody knows
MAX_DAYS = 731


def easter(year: int) -> date:
    """Return Easter Sunday.

    Source: the anonymous Gregorian algorithm (Meeus, "Astronomical Algorithms", 1991,
    chapter 8).

    >>> [str(easter(year)) for year in (2025, 2026, 2027)]
    ['2025-04-20', '2026-04-05', '2027-03-28']
    """
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def public_holidays(year: int) -> set:
    """Return the eleven public holidays of France.

    Source: Code du travail, article L3133-1. Alsace and Moselle have two more, the
    overseas departments others: add them as closed days.

    >>> sorted(day.strftime("%d/%m") for day in public_holidays(2026))[:3]
    ['01/01', '01/05', '01/11']
    >>> date(2026, 5, 14) in public_holidays(2026)
    True
    """
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    moving = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday
    return {date(year, month, day) for month, day in fixed} | {
        easter(year) + timedelta(days=days) for days in moving
    }


def iterate_days(rule: str, first: date, last: date, weekdays=(), **options):
    """Yield the days of a series, first and last included.

    :param str rule: ``weekly``, ``month_weekday`` (nth weekday of the month) or
        ``month_last_day``
    :param weekdays: numbers of weekdays, Monday is 0
    :param int interval: every so many weeks or months, counted from ``first``
    :param int rank: for ``month_weekday``, 1 to 4, or -1 for the last one

    >>> [str(day) for day in iterate_days("weekly", date(2026, 11, 23),
    ...     date(2026, 12, 8), (1,), interval=2)]
    ['2026-11-24', '2026-12-08']
    >>> [str(day) for day in iterate_days("month_weekday", date(2026, 11, 1),
    ...     date(2026, 12, 31), (3,), rank=-1)]
    ['2026-11-26', '2026-12-31']
    >>> [str(day) for day in iterate_days("month_last_day", date(2027, 1, 31),
    ...     date(2027, 3, 31))]
    ['2027-01-31', '2027-02-28', '2027-03-31']
    """
    last = min(last, first + timedelta(days=MAX_DAYS))
    start = _line_of(rule, first)
    interval = max(options.get("interval") or 1, 1)
    day = first
    while day <= last:
        if (_line_of(rule, day) - start) % interval == 0 and _is_day(
            rule, day, weekdays, options.get("rank") or 1
        ):
            yield day
        day += timedelta(days=1)


def _line_of(rule, day):
    """Number the weeks (from Monday) or the months."""
    if rule == "weekly":
        return (day.toordinal() - 1) // 7
    return day.year * 12 + day.month


def _is_day(rule, day, weekdays, rank):
    length = monthrange(day.year, day.month)[1]
    if rule == "month_last_day":
        return day.day == length
    if day.weekday() not in weekdays:
        return False
    if rule == "weekly":
        return True
    return day.day + 7 > length if rank == -1 else (day.day - 1) // 7 + 1 == rank


def to_utc(day: date, hour: float, tz_name: str) -> datetime:
    """Return the naive UTC instant of an hour on the wall clock.

    An hour that the change to summer time skips is the one that follows it.

    >>> to_utc(date(2026, 10, 24), 14.5, "Europe/Paris").isoformat()
    '2026-10-24T12:30:00'
    >>> to_utc(date(2026, 10, 26), 14.5, "Europe/Paris").isoformat()
    '2026-10-26T13:30:00'
    """
    minutes = round(hour * 60)
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=ZoneInfo(tz_name)).astimezone(UTC).replace(tzinfo=None)
