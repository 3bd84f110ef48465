"""The classes of the weeks to come, as one series."""

from ..models.ess_session_series import WEEKDAYS
from ..tools.days import local_datetime


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
