"""All sessions and presences of the eighteen months, in one go."""

from . import classes, food_aid, job_insertion, mentoring, outreach
from .sheets import Sheets


def build(story):
    """Write the sheets of the five programmes and count what they hold."""
    with story.step("Séances et présences") as made:
        sheets = Sheets(story)
        for programme in (outreach, food_aid, classes, mentoring, job_insertion):
            programme.build(story, sheets)
        sessions, presences = sheets.write()
        made(f"{len(sessions)} séances, {len(presences)} lignes de présence")
    _count(story, sessions, presences)


def _count(story, sessions, presences):
    """Keep the figures that the run prints, and check that the parts make the whole."""
    Presence = story.env["ess.presence"]
    past = [("day", "<", story.monday)]
    by_programme = {
        programme.code: count
        for programme, count in Presence._read_group(
            [*past, ("volunteer_id", "=", False)], ["programme_id"], ["__count"]
        )
    }
    volunteers = Presence.search_count([*past, ("volunteer_id", "!=", False)])
    minutes = (
        Presence._read_group(
            [("volunteer_id", "!=", False), ("is_present", "=", True)],
            [],
            ["minutes:sum"],
        )[0][0]
        or 0
    )
    people = (
        Presence._read_group(
            [("headcount", ">", 0), ("is_present", "=", True)], [], ["headcount:sum"]
        )[0][0]
        or 0
    )
    story.figures.update(
        sessions=len(sessions),
        sessions_by_programme={
            programme.code: count
            for programme, count in story.env["ess.session"]._read_group(
                [*past, ("state", "!=", "cancelled")], ["programme_id"], ["__count"]
            )
        },
        sheets_to_complete=story.env["ess.session"].search_count(
            [("is_late_sheet", "=", True)]
        ),
        presences=len(presences),
        presences_by_programme=by_programme,
        presences_of_volunteers=volunteers,
        volunteer_hours=round(minutes / 60, 1),
        people_without_name=people,
    )
    story.check(
        "Présences : la somme des programmes et des bénévoles fait le total",
        sum(by_programme.values()) + volunteers,
        Presence.search_count(past),
    )
