"""How 260 people came into the files: four spreadsheets imported, and the maraude's
notebook.
"""

import base64

from . import spreadsheets

COMMUNES = {"Limoges": "87085", "Panazol": "87114", "Isle": "87075"}
SEXES = {"f": "female", "m": "male"}
#: who sends each list, as the import remembers it
SOURCES = {
    spreadsheets.ETAL: "L'Étal",
    spreadsheets.MOTS: "Les Mots d'ici",
    spreadsheets.TANDEM: "Tandem",
    spreadsheets.CAP: "Cap Métiers",
}
NOTEBOOK = "maraude"
#: the protected file of the story: outside its team it does not exist
PROTECTED = "marchais-elodie"
PROTECTED_SINCE, PROTECTED_BY = "2026-02-11", "terrain"
#: two women of the same name and the same date, merged by mistake, then told apart
TOLD_APART = ("amini-zohra", "amini-zohra-2")


def build(story):
    """Import the lists, open the files of the street, look for duplicates."""
    rows = story.read(__file__, "people.csv")
    story.facts = {row["key"]: row for row in rows}
    with story.step("Quatre tableurs") as made:
        batches = [_import_list(story, source, rows) for source in SOURCES]
        made(
            ", ".join(f"{batch['new']} + {batch['known']} connus" for batch in batches)
        )
        story.figures["imports"] = batches
    with story.step("Carnet de la maraude") as made:
        made(f"{_open_street_files(story, rows)} dossiers")
    with story.step("Compléments et protection") as made:
        _complete(story)
        _protect(story)
        made("langues, arrivée, communes ; 1 dossier protégé")
    with story.step("Doublons") as made:
        made(_look_for_duplicates(story))
    _count(story, rows)


# === SPREADSHEETS


def _import_list(story, source, rows):
    """Take one spreadsheet through the import: upload, check, decide, import.

    :return: what came out of it
    :rtype: dict
    """
    people = [row for row in rows if source in (row["list"], row["also"])]
    people.sort(key=lambda row: (row["first_seen"], row["key"]))
    name, content = spreadsheets.write(source, people, story.dice(f"tableur {source}"))
    batch = story.as_user("coordination")["ess.import"].create(
        {
            "data": base64.b64encode(content),
            "filename": name,
            "source": SOURCES[source],
        }
    )
    columns = spreadsheets.SPREADSHEETS[source][2]
    guessed = sum(line.target == columns[line.header] for line in batch.mapping_ids)
    for line in batch.mapping_ids:
        line.target = columns[line.header]
    batch.action_check()
    lines = batch.row_ids.sorted("number")
    _decide(story, people, lines)
    outcome = {
        "list": SOURCES[source],
        "file": name,
        "rows": len(lines),
        "columns_guessed": f"{guessed}/{len(columns)}",
        "new": batch.create_count,
        "known": batch.update_count,
        "remarks": batch.warning_count,
        "errors": batch.error_count,
    }
    batch.action_import()
    for person, line in zip(people, lines, strict=True):
        story.people[person["key"]] = (line.beneficiary_ids or line.match_id).id
    return outcome


def _decide(story, people, lines):
    """Decide about each line as Nadège did: complete who is known, open the others.

    In a hurry, she opened a few files that she should not have: the duplicates.
    """
    for person, line in zip(people, lines, strict=True):
        known = story.people.get(person["key"])
        decision = "update" if known and line.match_id.id == known else "create"
        if line.decision != decision:
            line.decision = decision


# === NOTEBOOK OF THE STREET


def _open_street_files(story, rows):
    """Open, as Maud, the files of the people who are on no spreadsheet."""
    people = [row for row in rows if row["list"] == NOTEBOOK]
    files = story.as_user("terrain")["ess.beneficiary"].create(
        [
            {
                "last_name": row["last"],
                "first_name": row["first"],
                "birth_name": row["birth_name"],
                "pseudonym": row["pseudonym"],
                "sex": SEXES.get(row["sex"], False),
                "phone": row["phone"],
                **_birth(row["birth"]),
            }
            for row in people
        ]
    )
    story.people.update(
        {row["key"]: file.id for row, file in zip(people, files, strict=True)}
    )
    return len(files)


def _birth(text):
    """Return what is known of a birth date: a day, a year, nothing."""
    if len(text) == 10:
        return {"birth_date": text, "birth_date_precision": "day"}
    if text:
        return {"birth_date": f"{text}-01-01", "birth_date_precision": "year"}
    return {}


# === WHAT LISTS DO NOT SAY


def _complete(story):
    """Write what no spreadsheet said; mark every file as invented."""
    for key, row in story.facts.items():
        story.env["ess.beneficiary"].browse(story.people[key]).write(
            {
                "is_demo": True,
                "languages": row["languages"],
                "interpreter_needed": bool(row["interpreter"]),
                "intake": row["intake"],
                "commune_code": COMMUNES.get(row["city"], False),
            }
        )


def _protect(story):
    """Protect the file of Élodie: only the worker she spoke to still sees it."""
    person = story.env["ess.beneficiary"].browse(story.people[PROTECTED])
    story.env["ess.followup"].create(
        {
            "beneficiary_id": person.id,
            "user_id": story.user(PROTECTED_BY).id,
            "role": "social_worker",
            "date_from": story.day(PROTECTED_SINCE),
        }
    )
    person.write({"is_protected": True, "protection_reason": "violence"})


# === DUPLICATES


def _look_for_duplicates(story):
    """Scan all files as the coordination does; keep apart who was told apart."""
    story.as_user("coordination")["ess.duplicate"].action_scan()
    Duplicate = story.env["ess.duplicate"]
    apart = [story.people[key] for key in TOLD_APART]
    pair = Duplicate.search(
        [("beneficiary_id", "in", apart), ("duplicate_id", "in", apart)]
    )
    pair.with_user(story.user("coordination")).action_distinct()
    found = Duplicate.search([("state", "=", "to_review")])
    true_pairs = {
        frozenset((story.people[key], story.people[key.removesuffix("-bis")]))
        for key in story.facts
        if key.endswith("-bis")
    }
    pairs = {frozenset((one.beneficiary_id.id, one.duplicate_id.id)) for one in found}
    story.figures.update(
        duplicates_to_review=len(pairs),
        true_duplicates=len(true_pairs),
        true_duplicates_found=len(true_pairs & pairs),
        told_apart=len(pair),
    )
    found, all_pairs = len(true_pairs & pairs), len(true_pairs)
    return f"{len(pairs)} paires à examiner, dont {found} vraies sur {all_pairs}"


def _count(story, rows):
    """Keep the numbers of files and of people."""
    files = story.env["ess.beneficiary"].search_count([])
    people = sum(not row["key"].endswith("-bis") for row in rows)
    story.figures.update(
        files=files,
        people=people,
        pseudonymous=sum(not row["last"] and not row["first"] for row in rows),
    )
    story.check(
        "Dossiers : personnes distinctes et doublons à trouver",
        files,
        people + story.figures["true_duplicates"],
    )
