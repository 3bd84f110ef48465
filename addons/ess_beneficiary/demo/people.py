"""How 260 people came into the files: four spreadsheets imported, and the maraude's notebook."""

from . import spreadsheets
from .story import DEMO_MARK

COMMUNES = {"Limoges": "87085", "Panazol": "87114", "Isle": "87075"}
SEXES = {"f": "female", "m": "male"}
#: the protected file of the story, and the day it became so
ELODIE, ELODIE_SINCE = "marchais-elodie", "2026-02-12"


def build(story):
    """Import the lists, open the files of the street, complete what lists do not say."""
    rows = story.read(__file__, "people.csv")
    story.facts = {row["key"]: row for row in rows}
    files = story.env["ess.beneficiary"].create([_file(row) for row in rows])
    story.people = {row["key"]: file.id for row, file in zip(rows, files)}


def _file(row):
    """Return the values of the file of one person met in the street."""
    return {
        "last_name": row["last"],
        "first_name": row["first"],
        "birth_name": row["birth_name"],
        "pseudonym": row["pseudonym"],
        "sex": SEXES.get(row["sex"], False),
        "phone": row["phone"],
        "is_demo": True,
        **_birth(row["birth"]),
        **_beyond_lists(row),
    }


def _birth(text):
    """Return what is known of a birth date: a day, a year, nothing."""
    if len(text) == 10:
        return {"birth_date": text, "birth_date_precision": "day"}
    if text:
        return {"birth_date": f"{text}-01-01", "birth_date_precision": "year"}
    return {}


def _beyond_lists(row):
    """Return what colleagues know and no spreadsheet said."""
    return {
        "languages": row["languages"],
        "interpreter_needed": bool(row["interpreter"]),
        "intake": row["intake"],
        "commune_code": COMMUNES.get(row["city"], False),
    }
