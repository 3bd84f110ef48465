"""Les Mots d'ici: A1 on Mondays, A2 on Thursdays, in the weeks of school; a few people
come to both.
"""

from datetime import date

from odoo.addons.ess_beneficiary.demo.story import FIRST_DAY, Story

from .sheets import attendance

LAST_CLASS = date(2026, 11, 19)
#: Wednesdays of preparation for the examination, for who wants
EXAM_DAYS = [
    date.fromisoformat(text)
    for text in (
        "2026-03-04",
        "2026-03-18",
        "2026-03-25",
        "2026-04-01",
        "2026-04-29",
        "2026-05-13",
        "2026-05-27",
        "2026-06-10",
        "2026-06-17",
    )
]
VOLUNTEER_MINUTES = 155
#: the story of Zohra: 58 presences of 74, three absences in March
ZOHRA = "amini-zohra"
ZOHRA_PRESENT = 58
ZOHRA_LAST = date(2026, 6, 29)
ZOHRA_ABSENT = {date(2026, 3, 9), date(2026, 3, 12), date(2026, 3, 16)}


def build(story, sheets):
    """Write the classes, the preparation to the examination, and plan this week's."""
    dice = story.dice("cours")
    lead = story.user("mots").id
    cohorts = {
        cohort.name: cohort.id
        for cohort in story.env["ess.cohort"].search(
            [("programme_id.code", "=", "mots")]
        )
    }
    days = [
        day
        for day in Story.days(FIRST_DAY, LAST_CLASS, 0, 3)
        if Story.is_school_day(day)
    ]
    days = sorted(days + EXAM_DAYS)
    zohra = _zohra_answers(
        [day for day in days if date(2025, 9, 15) <= day <= ZOHRA_LAST], dice
    )
    keen = _keen_people(sheets, dice)
    for day in days:
        people = _expected(sheets, day, keen, dice)
        if not people:
            continue
        sheet = _add_class(sheets, day, lead, cohorts)
        for person in people:
            answer = attendance(dice, present=0.70, excused=0.13)
            if person == ZOHRA:
                answer = zohra.get(day, answer)
            if day > date(2026, 11, 11):
                # the last three sheets are still to be filled in
                answer, sheet.is_closed = {"state": "expected"}, False
            sheet.person(story, person, **answer)
        for volunteer in sheets.crew("mots", day, 1, dice):
            sheet.volunteer(story, volunteer, minutes=VOLUNTEER_MINUTES)
    for day in (date(2026, 11, 23), date(2026, 11, 26)):
        sheet = _add_class(sheets, day, lead, cohorts)
        sheet.is_closed = False
        for person in _expected(sheets, day, keen, dice):
            sheet.person(story, person, state="expected")


def _level(day):
    """Return the level that a weekday is for; Wednesdays are for both."""
    return {0: "A1", 3: "A2"}.get(day.weekday(), "")


def _school_year(day):
    year = day.year if day.month >= 8 else day.year - 1
    return f"{year}-{year + 1}"


def _add_class(sheets, day, lead, cohorts):
    if day in EXAM_DAYS:
        return sheets.add(
            "mots",
            "workshop",
            day,
            (17, 30),
            120,
            lead,
            name="Préparation au DELF · Les Mots d'ici",
            place="Salle bleue",
        )
    cohort = cohorts.get(f"{_level(day)} {_school_year(day)}")
    return sheets.add(
        "mots", "course", day, (9, 30), 120, lead, cohort_id=cohort, place="Salle bleue"
    )


def _keen_people(sheets, dice):
    """Return the people who come on both days, like Zohra."""
    people = sorted({stay.person for stay in sheets.stays("mots")} - {ZOHRA})
    return {ZOHRA, *dice.sample(people, 3)}


def _expected(sheets, day, keen, dice):
    """Return the people of the group of that day who are in the programme."""
    here = [stay for stay in sheets.stays("mots") if stay.covers(day)]
    if day in EXAM_DAYS:
        chosen = {stay.person for stay in dice.sample(here, min(12, len(here)))}
        return sorted(chosen | {ZOHRA})
    level = _level(day)
    return sorted(
        {
            stay.person
            for stay in here
            if stay.cohort.startswith(level) or stay.person in keen
        }
    )


def _zohra_answers(days, dice):
    """Return what Zohra's line says on each day: absent three times in March, 58 times
    present.
    """
    others = [day for day in days if day not in ZOHRA_ABSENT]
    present = set(dice.sample(others, min(ZOHRA_PRESENT, len(others))))
    answers = {
        day: {"state": "present"} if day in present else {"state": "absent"}
        for day in others
    }
    return {
        **answers,
        **{day: {"state": "absent"} for day in days if day in ZOHRA_ABSENT},
    }
