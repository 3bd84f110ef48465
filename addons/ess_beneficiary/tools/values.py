"""What people type in a list, as the values of a file: dates, sex, yes or no."""

import datetime
import re
import unicodedata

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d.*)?")
_FRENCH = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[T ]\d.*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{1,2})[-/. ](\d{4})|(\d{4})[-/.](\d{1,2})")
_YEAR = re.compile(r"(?:vers|environ|env\.?|~|ca\.?|circa|about)?\s*(\d{4})", re.I)
# "né en 1985", "née le 12/03/1985", "né(e) vers 1985": only what follows counts.
_BORN = re.compile(r"(?:n[ée]e?|n[ée]\(e\)|born)\s+(?:(?:le|en|in|on)\s+)?", re.I)
_SERIAL = re.compile(r"\d{4,5}(?:\.0*)?")
_WRITTEN = re.compile(r"(\d{1,2})(?:er)? ([a-z]{3,})\.? (\d{4})")
# Day 0 of Excel's calendar, its wrong 29 February 1900 counted.
_EXCEL_ORIGIN = datetime.date(1899, 12, 30)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janv janvier january jan",
            "fevr fevrier february feb fev",
            "mars march mar",
            "avr avril april apr",
            "mai may",
            "juin june jun",
            "juil juillet july jul",
            "aout august aug",
            "sept septembre september sep",
            "oct octobre october",
            "nov novembre november",
            "dec decembre december",
        ),
        1,
    )
    for name in names.split()
}
FIRST_YEAR = 1880


def plain(text):
    """Lower case without accents, blanks and signs as one blank.

    >>> plain("  N° de Téléphone "), plain("Né(e)_le")
    ('n de telephone', 'ne e le')
    """
    text = unicodedata.normalize("NFKD", text).lower().replace("œ", "oe")
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", " ", text).strip()


def parse_birth_date(text, today):
    """A birth date, how precise it is, and the text when it is no possible date.

    :param str text: as received: 31/12/1990, 1990-12-31, 12/1990, 1990, 33238 (Excel).
    :param date today: a birth after it is not possible.
    :return: ``(date or None, precision or None, text or None)``

    >>> today = datetime.date(2026, 6, 1)
    >>> parse_birth_date("03/04/1990", today)
    (datetime.date(1990, 4, 3), 'day', None)
    >>> parse_birth_date("1990", today)[1], parse_birth_date("04/1990", today)[1]
    ('year', 'month')
    >>> parse_birth_date("vers 1990", today)
    (datetime.date(1990, 1, 1), 'estimated', None)
    >>> parse_birth_date("né en 1985", today)
    (datetime.date(1985, 1, 1), 'year', None)
    >>> parse_birth_date("née vers 1985", today)[1]
    'estimated'
    >>> parse_birth_date("Né(e) le 12/03/1985", today)[0]
    datetime.date(1985, 3, 12)
    >>> parse_birth_date("31/02/1990", today)
    (None, None, '31/02/1990')
    >>> parse_birth_date("33238", today)[0], parse_birth_date("12 mars 1990", today)[0]
    (datetime.date(1990, 12, 31), datetime.date(1990, 3, 12))
    >>> parse_birth_date("", today)
    (None, None, None)
    """
    text = text.strip()
    if not text:
        return None, None, None
    try:
        found, precision = _read_date(_BORN.sub("", text, count=1), today)
    except (ValueError, KeyError, OverflowError):
        found = None
    if not found or not found.year >= FIRST_YEAR or found > today:
        return None, None, text
    return found, precision, None


def _read_date(text, today):
    """The date that a text means and its precision, by the first form that fits.

    :raise ValueError, KeyError, OverflowError: the form fits, the day does not exist
    """
    if match := _FRENCH.fullmatch(text):
        day, month, year = match.groups()
        return datetime.date(_full_year(year, today), int(month), int(day)), "day"
    if match := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day = match.groups()
        return datetime.date(int(year), int(month), int(day)), "day"
    if match := _MONTH.fullmatch(text):
        month = match[1] or match[4]
        return datetime.date(int(match[2] or match[3]), int(month), 1), "month"
    if (match := _YEAR.fullmatch(text)) and int(match[1]) >= FIRST_YEAR:
        precision = "year" if text == match[1] else "estimated"
        return datetime.date(int(match[1]), 1, 1), precision
    if _SERIAL.fullmatch(text):
        return _EXCEL_ORIGIN + datetime.timedelta(days=int(float(text))), "day"
    if match := _WRITTEN.fullmatch(plain(text)):
        month = _MONTHS[match[2]]
        return datetime.date(int(match[3]), month, int(match[1])), "day"
    return None, None


def _full_year(year, today):
    """Year of a two-digit one: nobody is born in the future."""
    if len(year) == 4:
        return int(year)
    year = int(year) + today.year // 100 * 100
    return year if year <= today.year else year - 100


_SEX_WORDS = {
    **dict.fromkeys(
        "f femme feminin fille mme madame mlle w woman female girl 2".split(), "female"
    ),
    **dict.fromkeys(
        "m h homme masculin garcon mr monsieur man male boy 1".split(), "male"
    ),
    **dict.fromkeys(("autre", "other", "x", "non binaire"), "other"),
    **dict.fromkeys(("refus", "ne souhaite pas repondre", "no answer"), "no_answer"),
    **dict.fromkeys(("ne sait pas", "inconnu", "unknown"), "unknown"),
}


def parse_sex(text):
    """The sex that a word means, None when it is not understood.

    >>> parse_sex("F"), parse_sex("Monsieur"), parse_sex("Féminin"), parse_sex("?")
    ('female', 'male', 'female', None)
    """
    return _SEX_WORDS.get(plain(text))


def parse_boolean(text):
    """Yes or no, None when it is not understood.

    >>> parse_boolean("Oui"), parse_boolean("0"), parse_boolean("peut-être")
    (True, False, None)
    """
    word = plain(text)
    if word in ("oui", "o", "yes", "y", "1", "vrai", "true", "x"):
        return True
    if word in ("non", "n", "no", "0", "faux", "false"):
        return False
    return None


def phone_key(text):
    """The digits by which two writings of one phone are the same.

    >>> phone_key("06 12 34 56 78") == phone_key("+33 (0)6.12.34.56.78")
    True
    >>> phone_key("0033612345678"), phone_key("+32 2 555 12 12")
    ('612345678', '3225551212')
    """
    digits = re.sub(r"\D", "", text)
    digits = re.sub(r"^00", "", digits)
    if re.fullmatch(r"330?\d{9}", digits):
        return digits[-9:]
    return digits[1:] if re.fullmatch(r"0\d{9}", digits) else digits
