"""All sessions and presences of the eighteen months, in one go."""

from . import classes, food_aid, job_insertion, mentoring, outreach, requests, series
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
    requests.build(story)
    series.build(story)


def _count(story, sessions, presences):
    """Keep the figures that the run prints, and check that the parts make the whole."""
    Presence = story.env["ess.presence"]
    past = [("day", "<", story.monday)]
    by_programme = _count_by_programme(Presence, [*past, ("volunteer_id", "=", False)])
    volunteers = Presence.search_count([*past, ("volunteer_id", "!=", False)])
    minutes = _sum_present(Presence, [("volunteer_id", "!=", False)], "minutes")
    story.figures.update(
        sessions=len(sessions),
        sessions_by_programme=_count_by_programme(
            story.env["ess.session"], [*past, ("state", "!=", "cancelled")]
        ),
        sheets_to_complete=story.env["ess.session"].search_count(
            [("is_late_sheet", "=", True)]
        ),
        presences=len(presences),
        presences_by_programme=by_programme,
        presences_of_volunteers=volunteers,
        volunteer_hours=round(minutes / 60, 1),
        people_without_name=_sum_present(
            Presence, [("headcount", ">", 0)], "headcount"
        ),
    )
    story.check(
        "Présences : la somme des programmes et des bénévoles fait le total",
        sum(by_programme.values()) + volunteers,
        Presence.search_count(past),
    )


def _count_by_programme(model, domain):
    """Return ``{programme code: count}``."""
    return {
        programme.code: count
        for programme, count in model._read_group(domain, ["programme_id"], ["__count"])
    }


def _sum_present(presences, domain, measure):
    """Add up a figure over the presences of those who came."""
    here = [*domain, ("is_present", "=", True)]
    [[total]] = presences._read_group(here, [], [f"{measure}:sum"])
    return total or 0
