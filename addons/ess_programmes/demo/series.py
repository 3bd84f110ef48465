"""The classes of the weeks to come, as one series; the signed sheets of the past."""

import base64

from ..models.ess_session_series import WEEKDAYS
from ..tools.days import local_datetime

#: a page with nothing on it, in place of a scan
SCAN = base64.b64encode(
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
#: the sheets of the last sessions are still to be scanned
LATE = 3


def build(story):
    """Link the classes that are planned to a series, so that they change together."""
    programme = story.env["ess.programme"].search([("code", "=", "mots")])
    sessions = story.env["ess.session"].search(
        [("programme_id", "=", programme.id), ("day", ">=", story.monday)],
        order="date_start",
    )
    if not sessions:
        return
    with story.step("Séries de séances") as made:
        start = local_datetime(sessions[0].date_start, programme.tz)
        length = sessions[0].date_end - sessions[0].date_start
        days = {WEEKDAYS[day.weekday()]: True for day in sessions.mapped("day")}
        series = story.env["ess.session.series"].create(
            {
                "programme_id": programme.id,
                "kind": sessions[0].kind,
                "place": sessions[0].place,
                "user_id": sessions[0].user_id.id,
                "hour_start": start.hour + start.minute / 60,
                "duration": length.total_seconds() / 3600,
                "date_from": sessions[0].day,
                "date_to": sessions[-1].day,
                "school_zone": "A",
                **days,
            }
        )
        for session in sessions:
            session.write({"series_id": series.id, "series_day": session.day})
        made(f"1 série, {len(sessions)} cours à venir")
    _sign(story, programme)


def _sign(story, programme):
    """Keep a signed sheet for each class held but the last ones."""
    with story.step("Feuilles signées") as made:
        programme.needs_signed_sheet = True
        held = story.env["ess.session"].search(
            [("programme_id", "=", programme.id), ("state", "=", "done")],
            order="date_start",
        )[:-LATE]
        story.env["ess.session.sheet"].create(
            [
                {
                    "session_id": session.id,
                    "file": SCAN,
                    "file_name": f"emargement-{session.day}.pdf",
                }
                for session in held
            ]
        )
        made(f"{len(held)}, {LATE} à numériser")
