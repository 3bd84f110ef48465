"""What was said in meetings, and the papers that people gave."""

import base64
import io

from PIL import Image, ImageDraw, ImageFont

from .lives import WORKER
from .story import DEMO_MARK

#: notes that the dice give to each person who is on a list, at most
MEETINGS = 3


def build(story):
    """Write the notes of eighteen months and keep the papers."""
    with story.step("Notes d'entretien") as made:
        notes = _write_notes(story)
        made(f"{len(notes)} notes")
    with story.step("Documents") as made:
        documents = _keep_documents(story)
        made(f"{len(documents)} documents, dont {_ending(documents)} à renouveler")
    story.figures.update(notes=len(notes), documents=len(documents))


def _write_notes(story):
    """Write the notes of the five stories, then ordinary ones."""
    told = story.read(__file__, "notes.csv")
    named = {row["person"] for row in told}
    notes = story.spread_create(
        story.env["ess.note"], [_note(story, row) for row in told]
    )
    return notes | story.spread_create(
        story.env["ess.note"],
        [_note(story, row) for row in _ordinary(story, named)],
    )


def _ordinary(story, named):
    """Yield a few ordinary contacts of each person, after they were first seen."""
    dice = story.dice("notes")
    patterns = {}
    for row in story.read(__file__, "note_patterns.csv"):
        patterns.setdefault(row["list"], []).append(row)
    for key, person in story.facts.items():
        if key in named or not (person["last"] or person["first"]):
            continue
        first = max(person["first_seen"], "2025-05-23")
        days = list(story.days(first, "2026-11-20", 0, 1, 2, 3, 4))
        for day in sorted(dice.sample(days, min(dice.randint(0, MEETINGS), len(days)))):
            pattern = dice.choice(patterns[person["list"]])
            login = WORKER[person["list"]]
            yield {
                **pattern,
                "person": key,
                "login": login,
                "date": day,
                "visibility": "shared",
            }


def _note(story, row):
    """Return the values of a note, released as time does it."""
    date = story.day(row["date"])
    values = {
        "beneficiary_id": story.people[row["person"]],
        "author_id": story.user(row["login"]).id,
        "date": date,
        "medium": row["medium"],
        "minutes": int(row["minutes"]),
        "visibility": row["visibility"],
        "text": row["text"],
    }
    if row["visibility"] == "shared":
        values["date_release"] = story.moment(row["date"], 18)
    return values


def _keep_documents(story):
    """Keep the papers of the stories: invented, and drawn as such."""
    types = story.by_code("ess.document.type")
    names = {one.id: one.name for one in story.env["ess.document.type"].search([])}
    return story.env["ess.document"].create(
        [
            {
                "beneficiary_id": story.people[row["person"]],
                "type_id": types[row["type"]],
                "visibility": row["visibility"],
                "date_issued": story.day(row["date_issued"]),
                "date_expiry": story.day(row["date_expiry"]),
                "author_id": story.user(row["login"]).id,
                "file": _drawing(names[types[row["type"]]]),
                "file_name": f"{row['type']}.png",
                "note": DEMO_MARK,
            }
            for row in story.read(__file__, "documents.csv")
        ]
    )


def _drawing(title):
    """Return a picture of a paper that says that it is invented, in base 64."""
    page = Image.new("RGB", (620, 400), "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((12, 12, 607, 387), outline="#5c6b73", width=3)
    pen.text((40, 60), title, fill="#24333b", font=ImageFont.load_default(28))
    pen.text((40, 330), DEMO_MARK, fill="#a23b2a", font=ImageFont.load_default(28))
    stream = io.BytesIO()
    page.save(stream, "PNG")
    return base64.b64encode(stream.getvalue())


def _ending(documents):
    """Count the papers that must be asked again soon."""
    return len(documents.filtered(lambda one: one.validity_state != "valid"))
