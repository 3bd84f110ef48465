"""Find a French social security number (NIR) in free text.

The number has 13 signs and a key of two digits: sex (1, 2; 7, 8 while provisional),
year, month, department (2A and 2B in Corsica), commune, order, then 97 minus the
remainder of the 13 by 97. Source: INSEE, "Le numéro de sécurité sociale (NIR)", and
decree 82-103 of 22 January 1982, art. 4. Who may keep it is limited by decree 2019-341
of 19 April 2019: an association that supports people is not among them.
"""

import html
import re

# Between two signs: blanks of all kinds, a dot or a dash.
_SEP = r"[ \t.\-\u00a0\u2009\u202f]{0,2}"
# Cheap to search for; what it finds is then checked sign by sign.
_CANDIDATE = re.compile(
    rf"(?<![0-9A-Za-z])[1278]{_SEP}[0-9]{_SEP}[0-9]{_SEP}[0-9]{_SEP}[0-9]{_SEP}"
    rf"(?:[0-9]{_SEP}[0-9]|2{_SEP}[ABab]){_SEP}(?:[0-9]{_SEP}){{7}}[0-9](?![0-9A-Za-z])"
)
_SIGNS = re.compile(r"[0-9ABab]+")
# Where the number is cut when it is written as on the card: 1 85 05 78 006 084 36.
_BORDERS = {1, 3, 5, 7, 10, 13}
_MONTHS = {*range(1, 13), *range(20, 43), *range(50, 100)}
_SHORTEST = 15
_INLINE_TAG = re.compile(r"</?(?:a|b|em|font|i|span|strong|sub|sup|u)\b[^<>]*>", re.I)
_TAG = re.compile(r"<[^<>]*>")


def contains_nir(text, is_html=False):
    r"""Tell whether a text contains a valid number, key included.

    :param str text: anything that somebody typed.
    :param bool is_html: whether tags and entities are to be looked through.
    :rtype: bool

    >>> contains_nir("sécu : 1 85 05 78 006 084 91"), contains_nir("185057800608491")
    (True, True)
    >>> contains_nir("185057800608492"), contains_nir("06 12 34 56 78")
    (False, False)
    >>> contains_nir("2 55 08 2A 004 012 83"), contains_nir("1.85.05.78.006.084.91")
    (True, True)
    >>> contains_nir("0612345678\n185057800608491")
    True
    >>> contains_nir("1 85 05 <b>78</b> 006&nbsp;084 91", is_html=True)
    True
    """
    if len(text) < _SHORTEST:
        return False
    if is_html and ("<" in text or "&" in text):
        text = _TAG.sub("\n", _INLINE_TAG.sub("", text))
        text = html.unescape(text)
    return any(map(_is_nir, _candidates(text)))


def hide_nirs(text):
    """Return the text with each valid number replaced by dots.

    >>> hide_nirs("n° 185057800608491 (carte)")
    'n° … (carte)'
    """
    return _CANDIDATE.sub(
        lambda match: "…" if _is_nir(match) else match[0],
        text,
    )


def _candidates(text):
    """Matches of the pattern, overlapping ones too: a phone may stand before."""
    match = _CANDIDATE.search(text)
    while match:
        yield match
        match = _CANDIDATE.search(text, match.start() + 1)


def _is_nir(match):
    """Check key, month and department, and that it is no part of a longer number."""
    signs = "".join(_SIGNS.findall(match[0])).upper()
    department = signs[5:7]
    number = {"2A": "19", "2B": "18"}.get(department, department)
    digits = signs[:5] + number + signs[7:13]
    if not digits.isdigit() or not signs[13:].isdigit():
        return False
    return (
        int(signs[3:5]) in _MONTHS
        and department != "00"
        and signs[7:10] != "000"
        and signs[10:13] != "000"
        and int(signs[13:]) == 97 - int(digits) % 97
        and (_is_cut_as_on_the_card(match[0]) or _stands_alone(match))
    )


def _is_cut_as_on_the_card(text):
    """Tell whether groups end where those of the card do, or there are none."""
    place = 0
    for part in _SIGNS.findall(text)[:-1]:
        place += len(part)
        if place not in _BORDERS:
            return False
    return place > 0


def _stands_alone(match):
    """Tell whether no other group of digits stands right beside (IBAN, references)."""
    before = match.string[max(0, match.start() - 3) : match.start()]
    after = match.string[match.end() : match.end() + 3]
    return not (
        re.search(rf"[0-9]{_SEP}\Z", before) or re.match(rf"{_SEP}[0-9]", after)
    )
