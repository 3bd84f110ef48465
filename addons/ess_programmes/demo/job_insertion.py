"""Cap Métiers: workshops on Thursdays, interviews all week, calls after the exit."""

from datetime import date

from odoo.addons.ess_beneficiary.demo.story import REFERENCE, Story

from .sheets import attendance, by_day, draw_visits

WORKSHOPS, INTERVIEWS, PEOPLE_A_WORKSHOP = 60, 200, 8
FIRST_THURSDAY, LAST_THURSDAY = date(2025, 7, 10), date(2026, 11, 19)
#: closed weeks: mid-August and the turn of the year
CLOSED = (
    (date(2025, 8, 4), date(2025, 8, 24)),
    (date(2025, 12, 22), date(2026, 1, 4)),
    (date(2026, 8, 3), date(2026, 8, 23)),
)
WORKSHOP_NAMES = (
    "Atelier CV",
    "Préparer un entretien",
    "Visite d'entreprise",
    "Chercher en ligne",
    "Mes savoir-faire",
    "Se déplacer pour travailler",
    "Droits et contrats",
    "Simulation d'entretien",
)
#: the story of Bruno: called at one, three and six months
BRUNO = "lacoste-vidal-bruno"
BRUNO_CALLS = [date(2026, 6, 11), date(2026, 8, 11), date(2026, 11, 11)]


def build(story, sheets):
    """Write workshops, interviews and calls, and plan those of the week."""
    dice = story.dice("emploi")
    coaches = [story.user("insertion").id, story.user("insertion2").id]
    coach_of = {
        person: user
        for (programme, person), user in story.workers.items()
        if programme == "cap"
    }
    _write_workshops(story, sheets, coaches, dice)
    _write_interviews(story, sheets, coach_of, dice)
    _write_calls(story, sheets, coach_of)
    _plan_next(story, sheets, coaches, coach_of)


def _is_open(day):
    return not any(start <= day <= end for start, end in CLOSED)


def _write_workshops(story, sheets, coaches, dice):
    """Write the Thursdays; the sheets of the last two are still open."""
    days = [
        day for day in Story.days(FIRST_THURSDAY, LAST_THURSDAY, 3) if _is_open(day)
    ]
    last = days[-2:]
    days = sorted(dice.sample(days[:-2], WORKSHOPS - 2)) + last
    so_far = 0
    for place, day in enumerate(days):
        here = sorted({stay.person for stay in sheets.stays("cap") if stay.covers(day)})
        wanted = round((WORKSHOPS * PEOPLE_A_WORKSHOP - so_far) / (WORKSHOPS - place))
        people = sorted(dice.sample(here, min(len(here), wanted)))
        so_far += len(people)
        name = f"{WORKSHOP_NAMES[place % len(WORKSHOP_NAMES)]} · Cap Métiers"
        sheet = sheets.add(
            "cap",
            "workshop",
            day,
            (14, 0),
            150,
            coaches[place % 2],
            name=name,
            place="Atelier, 1er étage",
            is_closed=day not in last,
        )
        for person in people:
            answer = (
                {"state": "expected"}
                if day in last
                else attendance(dice, present=0.8, excused=0.1)
            )
            sheet.person(story, person, **answer)


def _write_interviews(story, sheets, coach_of, dice):
    """Write the interviews: the first one on the day of the entry, then whenever it was
    needed.
    """
    days = [
        day
        for day in Story.days(date(2025, 7, 1), date(2026, 11, 20), 0, 1, 2, 3, 4)
        if _is_open(day)
    ]
    visits = draw_visits(sheets.stays("cap"), days, INTERVIEWS - len(BRUNO_CALLS), dice)
    hours = (9, 10, 11, 14, 15, 16)
    last = sorted(visits)[-3:]
    for day, people in by_day(visits).items():
        for place, person in enumerate(people):
            is_open = (day, person) in last
            sheet = sheets.add(
                "cap",
                "appointment",
                day,
                (hours[place % len(hours)], 0),
                dice.choice((30, 45, 60)),
                coach_of[person],
                is_closed=not is_open,
            )
            answer = (
                {"state": "expected"}
                if is_open
                else attendance(dice, present=0.89, excused=0.06)
            )
            sheet.person(story, person, source="interview", **answer)


def _write_calls(story, sheets, coach_of):
    """Write the calls after the exit: is the person still at work?"""
    for day in BRUNO_CALLS:
        sheet = sheets.add(
            "cap",
            "phone",
            day,
            (17, 30),
            15,
            coach_of[BRUNO],
            name="Nouvelles après la sortie · Cap Métiers",
        )
        sheet.person(story, BRUNO, source="interview")


def _plan_next(story, sheets, coaches, coach_of):
    """Plan the interviews of the week and the workshop of Thursday."""
    here = sorted(
        {stay.person for stay in sheets.stays("cap") if stay.covers(REFERENCE)}
    )
    for place, person in enumerate(here[:6]):
        day = date(2026, 11, 24 + place // 2)
        sheet = sheets.add(
            "cap",
            "appointment",
            day,
            (9 + place % 2 * 2, 0),
            45,
            coach_of[person],
            is_closed=False,
        )
        sheet.person(story, person, state="expected")
    workshop = sheets.add(
        "cap",
        "workshop",
        date(2026, 11, 26),
        (14, 0),
        150,
        coaches[0],
        name="Atelier CV · Cap Métiers",
        place="Atelier, 1er étage",
        is_closed=False,
    )
    for person in here[6:14]:
        workshop.person(story, person, state="expected")
