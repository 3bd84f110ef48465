"""Tandem: four hundred meetings of young people with their mentors."""

from datetime import date

from odoo.addons.ess_beneficiary.demo.story import FIRST_DAY, REFERENCE, Story

from .sheets import attendance, by_day, draw_visits, team

MEETINGS = 400
#: the story of Naïla and Hélène: 25 meetings, 41 hours, silence in April
NAILA = "benoit-naila"
NAILA_DAYS = [
    date.fromisoformat(text)
    for text in (
        "2025-09-20",
        "2025-10-04",
        "2025-10-18",
        "2025-11-08",
        "2025-11-22",
        "2025-12-06",
        "2025-12-20",
        "2026-01-10",
        "2026-01-24",
        "2026-02-07",
        "2026-02-21",
        "2026-03-07",
        "2026-03-21",
        "2026-04-01",
        "2026-04-24",
        "2026-05-09",
        "2026-05-23",
        "2026-06-06",
        "2026-06-20",
        "2026-07-04",
        "2026-07-18",
        "2026-08-22",
        "2026-09-05",
        "2026-09-19",
        "2026-09-26",
    )
]
NAILA_MINUTES = 41 * 60


def build(story, sheets):
    """Write the meetings, and plan those of the week."""
    coordinator = story.user("tandem").id
    _write_meetings(story, sheets, coordinator)
    _write_meetings_of_naila(story, sheets, coordinator)
    _plan_week(story, sheets, coordinator)


def _write_meetings(story, sheets, coordinator):
    """Write the meetings of everybody but Naïla."""
    dice = story.dice("binômes")
    days = list(Story.days(FIRST_DAY, date(2026, 11, 22), 2, 5, 6))
    visits = draw_visits(
        sheets.stays("tandem"), days, MEETINGS - len(NAILA_DAYS), dice, skip=(NAILA,)
    )
    for day, people in by_day(visits).items():
        for person in people:
            sheet = sheets.add(
                "tandem",
                "mentoring",
                day,
                (dice.randint(10, 17), 0),
                dice.choice((60, 75, 90, 120, 150)),
                coordinator,
            )
            answer = attendance(dice, present=0.93, excused=0.04)
            sheet.person(story, person, source="interview", **answer)


def _write_meetings_of_naila(story, sheets, coordinator):
    """Write the meetings that the story tells; the first one takes the odd minutes."""
    mentor = story.user("benevole").id
    share = NAILA_MINUTES // len(NAILA_DAYS)
    for place, day in enumerate(NAILA_DAYS):
        length = share + (NAILA_MINUTES - share * len(NAILA_DAYS) if not place else 0)
        sheet = sheets.add(
            "tandem",
            "mentoring",
            day,
            (14, 30),
            length,
            mentor,
            team_user_ids=team(mentor, coordinator),
        )
        sheet.person(story, NAILA, source="interview")


def _plan_week(story, sheets, coordinator):
    """Plan a meeting for five of those who are in the programme."""
    here = sorted(
        {stay.person for stay in sheets.stays("tandem") if stay.covers(REFERENCE)}
    )
    for place, person in enumerate(here[:5]):
        sheet = sheets.add(
            "tandem",
            "mentoring",
            date(2026, 11, 25 if place < 2 else 28),
            (14 + place % 3, 0),
            90,
            coordinator,
            is_closed=False,
        )
        sheet.person(story, person, state="expected")
