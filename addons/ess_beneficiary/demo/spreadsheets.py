"""The four spreadsheets that the association ran on, as untidy as they really were.

Each one is written from `people.csv` in the hand of the colleague who kept it: her
columns, her way of writing telephones and dates, her computer's encoding.
"""

import csv
import io
import unicodedata
from datetime import date

from openpyxl import Workbook

ETAL, MOTS, TANDEM, CAP = "etal", "mots", "tandem", "cap"
#: list: (file name, who kept it, header → field of the file)
SPREADSHEETS = {
    ETAL: (
        "etal_foyers.csv",
        "Rosa, sous Windows : point-virgule et accents anciens",
        {
            "NOM": "last_name",
            "PRENOM": "first_name",
            "Nom de naissance": "birth_name",
            "Né(e) le": "birth_date",
            "Téléphone": "phone",
            "Adresse": "street",
            "Code postal": "zip",
            "Ville": "city",
        },
    ),
    MOTS: (
        "mots_dici_inscrits.csv",
        "Claire, sur un ordinateur libre : virgule et UTF-8",
        {
            "Prénom": "first_name",
            "Nom": "last_name",
            "Sexe": "sex",
            "Date de naissance": "birth_date",
            "Langues parlées": "languages",
            "Tél.": "phone",
            "Rue": "street",
            "CP": "zip",
            "Commune": "city",
        },
    ),
    TANDEM: (
        "tandem_jeunes.xlsx",
        "Jordan, dates de tableur et courriels",
        {
            "Nom de famille": "last_name",
            "Prénom": "first_name",
            "Sexe": "sex",
            "Naissance": "birth_date",
            "Portable": "phone",
            "Courriel": "email",
            "Ville": "city",
        },
    ),
    CAP: (
        "cap_metiers_participants.xlsx",
        "Olivier, export de l'ancien outil",
        {
            "Nom d'usage": "last_name",
            "Nom de naissance": "birth_name",
            "Prénom": "first_name",
            "Sexe": "sex",
            "Date de naissance": "birth_date",
            "Téléphone portable": "phone",
            "Adresse électronique": "email",
            "Adresse postale": "street",
            "Code postal": "zip",
            "Commune": "city",
        },
    ),
}
PHONE_HANDS = ("{} {} {} {} {}", "{}.{}.{}.{}.{}", "{}{}{}{}{}", "{}-{}-{}-{}-{}")


def write(source, people, dice):
    """Write one spreadsheet.

    :param str source: key of `SPREADSHEETS`
    :param list people: rows of `people.csv` that are on this list, in its order
    :param dice: dice that choose how each line was typed
    :return: file name and content
    :rtype: tuple(str, bytes)
    """
    name, _keeper, columns = SPREADSHEETS[source]
    rows = [list(columns)]
    for place, person in enumerate(people):
        values = _hand(source, person, dice)
        if source == MOTS and person["also"] and place % 5 == 0:
            # the two columns were swapped now and then
            values["first_name"], values["last_name"] = (
                values["last_name"].upper(),
                values["first_name"],
            )
        rows.append([values[field] for field in columns.values()])
    if name.endswith(".xlsx"):
        return name, _xlsx(rows)
    if source == ETAL:
        return name, _csv(rows, ";", "cp1252")
    return name, _csv(rows, ",", "utf-8-sig")


def _hand(source, person, dice):
    """Return the values of a line as the keeper of the list typed them."""
    values = {
        "last_name": person["last"],
        "first_name": person["first"],
        "birth_name": person["birth_name"],
        "sex": {"f": "F", "m": "H"}.get(person["sex"], ""),
        "birth_date": _birth(source, person["birth"], dice),
        "languages": person["languages"],
        "phone": _phone(source, person["phone"], dice),
        "email": person["email"],
        "street": person["street"],
        "zip": person["zip"],
        "city": person["city"],
    }
    if source == ETAL:
        values["last_name"] = values["last_name"].upper()
        values["city"] = dice.choice([person["city"], person["city"].upper()])
        values["first_name"] += dice.choice(["", "", "", " "])
    if source == CAP and dice.random() < 0.2:
        values["email"] = values["email"].upper()
    return values


def _birth(source, text, dice):
    """Return a birth date as each list writes it: day first, ISO, cell, year only."""
    if "/" in text:
        return text  # typed as it was said: 31 February
    if len(text) < 10:
        return text and (
            dice.choice([text, f"né en {text}"]) if source == MOTS else text
        )
    day = date.fromisoformat(text)
    if source == MOTS:
        return text if dice.random() < 0.5 else day.strftime("%d/%m/%Y")
    if source == TANDEM or (source == CAP and dice.random() < 0.6):
        return day
    return day.strftime("%d/%m/%Y")


def _phone(source, text, dice):
    """Return a number as people type it: dots, spaces, dashes, +33, nothing."""
    parts = text.split()
    if not parts:
        return ""
    if source == TANDEM and dice.random() < 0.4:
        return "+33 " + " ".join([parts[0][1:], *parts[1:]])
    return dice.choice(PHONE_HANDS).format(*parts)


def _csv(rows, separator, encoding):
    """Return rows as CSV; an old encoding loses the letters that it does not know."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return "".join(_known(letter, encoding) for letter in text.getvalue()).encode(
        encoding
    )


def _known(letter, encoding):
    """Return the letter, or its base without accents when the encoding has none.

    >>> _known("ạ", "cp1252"), _known("é", "cp1252")
    ('a', 'é')
    """
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        letter = unicodedata.normalize("NFD", letter)[0]
        letter = {"ı": "i", "Ə": "E"}.get(letter, letter)
        return letter.encode(encoding, "replace").decode(encoding)
    return letter


def _xlsx(rows):
    """Return rows as a workbook, dates as real dates."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Liste"
    for row in rows:
        sheet.append([cell if cell != "" else None for cell in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
