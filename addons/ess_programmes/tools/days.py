"""The day of a fact: a calendar day in the programme's own time zone.

Pure Python, no ORM. An outreach round that starts on Tuesday at 20:30 and ends on
Wednesday at 00:30 is one evening's work: with a day that starts at noon, both instants
belong to Tuesday.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

UTC = ZoneInfo("UTC")


def local_datetime(instant: datetime, tz_name: str) -> datetime:
    """Return the wall-clock time of a naive UTC instant.

    :param datetime instant: naive, in UTC (as Odoo stores it).
    :param str tz_name: IANA time zone.
    :rtype: datetime

    >>> instant = datetime(2026, 11, 24, 19, 30)
    >>> local_datetime(instant, 'Europe/Paris').strftime('%a %H:%M')
    'Tue 20:30'
    """
    return instant.replace(tzinfo=UTC).astimezone(ZoneInfo(tz_name))


def local_day(instant: datetime, tz_name: str, day_start_hour: int = 0) -> date:
    """Return the day to which an instant belongs.

    The comparison is made on the wall clock, so that the night of a change of time
    needs no special case.

    :param datetime instant: naive, in UTC.
    :param str tz_name: IANA time zone of the programme.
    :param int day_start_hour: hour of the wall clock at which a new day starts (0 to
        23).
    :rtype: date

    >>> local_day(datetime(2026, 11, 24, 23, 30), 'Europe/Paris')
    datetime.date(2026, 11, 25)
    >>> local_day(datetime(2026, 11, 24, 23, 30), 'Europe/Paris', 12)
    datetime.date(2026, 11, 24)
    >>> local_day(datetime(2026, 11, 25, 11, 0), 'Europe/Paris', 12)
    datetime.date(2026, 11, 25)

    At 3:30 in the night of the change to summer time:

    >>> local_day(datetime(2026, 3, 29, 1, 30), 'Europe/Paris', 12)
    datetime.date(2026, 3, 28)
    """
    local = local_datetime(instant, tz_name)
    day = local.date()
    return day - timedelta(days=1) if local.hour < day_start_hour else day
