"""Shapes that the French catalogue of services (data·inclusion, schema version 1) asks
for. Pure Python, no ORM.
"""

import re


def e164(number, country_code: str = "33") -> str:
    """Return a telephone number in the international form, or '' when it is not one.

    :param str number: as typed; a national number starts with 0.

    >>> e164('05 36 49 00 11')
    '+33536490011'
    >>> e164('+33 (0)5 36 49 00 11')
    '+33536490011'
    >>> e164('0033536490011')
    '+33536490011'
    >>> e164('ask Josiane'), e164(None), e164('115')
    ('', '', '')
    """
    text = re.sub(r"\(0\)", "", number or "")
    digits = re.sub(r"\D", "", text)
    if text.strip().startswith("+"):
        international = digits
    elif digits.startswith("00"):
        international = digits[2:]
    elif digits.startswith("0"):
        international = country_code + digits[1:]
    else:
        return ""
    return f"+{international}" if 8 <= len(international) <= 15 else ""


def clean_name(name: str, kind: str, length: int = 150) -> str:
    """Return a text that the schema takes: 3 characters or more, not too long,
    a name without a final full stop.

    >>> clean_name('Des cours.', 'Classes', length=10000)
    'Des cours.'
    >>> clean_name("L'Étal.", 'Distribution')
    "L'Étal"
    >>> clean_name('BD', 'Distribution')
    'Distribution : BD'
    >>> clean_name('a' * 200, 'Other')[-1], len(clean_name('a' * 200, 'Other'))
    ('…', 150)
    """
    name = (name or "").strip()
    if length <= 150:
        name = name.rstrip(".")
    if len(name) < 5:
        name = f"{kind} : {name}"
    return name if len(name) <= length else name[: length - 1] + "…"


def split_codes(text) -> list:
    """Return the codes of a list typed by hand.

    >>> split_codes('87085, 87 ;2a')
    ['87085', '87', '2A']
    >>> split_codes('france')
    ['france']
    """
    codes = [code for code in re.split(r"[\s,;]+", text or "") if code]
    return [
        code.lower() if code.lower() == "france" else code.upper() for code in codes
    ]


def siret_or_none(text):
    """Return the 14 digits of a SIRET, or None.

    >>> siret_or_none('999 999 998 00019')
    '99999999800019'
    >>> siret_or_none('W872099999') is None
    True
    """
    digits = re.sub(r"\s", "", text or "")
    return digits if re.fullmatch(r"\d{14}", digits) else None


def drop_empty(record: dict) -> dict:
    """Leave out what is not known: an absent key means "not said", never "no".

    >>> drop_empty({'nom': 'Étal', 'frais': False, 'publics': [], 'nombre_semaines': 0})
    {'nom': 'Étal'}
    """
    return {key: value for key, value in record.items() if value}
