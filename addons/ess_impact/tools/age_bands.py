"""Age bands at the date of a fact.

The borders are those that French and European funders ask for, so that the bands add up
to both: minors, 18-25 and 26-29 (together the *young people* of ESF+ common indicator
EECO07, Regulation (EU) 2021/1057, annex I; 16-25 being the French missions locales'
public), 30-54, and 55 and over (EECO08) cut at 65.
"""

UNKNOWN = "unknown"

# (key, first age, last age)
AGE_BANDS = (
    ("0_17", 0, 17),
    ("18_25", 18, 25),
    ("26_29", 26, 29),
    ("30_54", 30, 54),
    ("55_64", 55, 64),
    ("65_plus", 65, 200),
)


def age_band(birth_date, day):
    """Return the key of the band of a person at a date.

    :param date birth_date: may be None or False
    :param date day: the date of the fact, may be None or False
    :rtype: str

    >>> from datetime import date
    >>> age_band(date(2008, 11, 24), date(2026, 11, 23))
    '0_17'
    >>> age_band(date(2008, 11, 23), date(2026, 11, 23))
    '18_25'
    >>> age_band(None, date(2026, 11, 23))
    'unknown'
    >>> age_band(date(2030, 1, 1), date(2026, 11, 23))
    'unknown'
    """
    if not birth_date or not day:
        return UNKNOWN
    age = day.year - birth_date.year
    age -= (day.month, day.day) < (birth_date.month, birth_date.day)
    for key, first, last in AGE_BANDS:
        if first <= age <= last:
            return key
    return UNKNOWN
