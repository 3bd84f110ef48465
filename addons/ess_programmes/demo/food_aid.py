"""L'Étal: every Wednesday afternoon, one line for each household that came."""

from collections import defaultdict
from datetime import date

from odoo.addons.ess_beneficiary.demo.story import FIRST_DAY, Story

from .sheets import draw_visits

VISITS_A_DAY = 13
CLOSED = {
    date.fromisoformat(text)
    for text in (
        "2025-08-06",
        "2025-08-13",
        "2025-12-24",
        "2025-12-31",
        "2026-08-05",
        "2026-08-12",
    )
}
LAST_DAY = date(2026, 11, 18)
#: sorting before and cleaning after: volunteers give 3 h 20
VOLUNTEER_MINUTES = 200


def build(story, sheets):
    """Write the distributions and plan the next one."""
    dice = story.dice("distributions")
    afternoons = [
        day for day in Story.days(FIRST_DAY, LAST_DAY, 2) if day not in CLOSED
    ]
    came = _draw_households(story, sheets, afternoons, dice)
    for afternoon in afternoons:
        sheet = _add_afternoon(story, sheets, afternoon, afternoon < LAST_DAY)
        for person in sorted(came[afternoon]):
            unit = dice.choices(("parcel", "meal"), (80, 20))[0]
            sheet.person(
                story,
                person,
                source=dice.choices(("grid", "qr"), (70, 30))[0],
                quantity=1 if unit == "parcel" else dice.randint(1, 4),
                unit_id=sheets.units[unit],
            )
        for volunteer in _draw_crew(sheets, afternoon, dice):
            sheet.volunteer(story, volunteer, minutes=VOLUNTEER_MINUTES)
    following = _add_afternoon(story, sheets, date(2026, 11, 25), False)
    for volunteer in ("courteix", "bessaguet", "ferrazbastos", "lajoumard"):
        following.volunteer(story, volunteer, state="expected")
    _plan_collection(story, sheets)


def _add_afternoon(story, sheets, day, is_closed):
    """Add the sheet of one distribution."""
    return sheets.add(
        "etal",
        "distribution",
        day,
        (14, 0),
        180,
        story.user("etal").id,
        place="Salle du quai, rez-de-chaussée",
        is_closed=is_closed,
    )


def _draw_crew(sheets, afternoon, dice):
    """Return the five volunteers of an afternoon."""
    crew = ["ferrazbastos"] if afternoon == date(2026, 10, 21) else []
    crew += [key for key in sheets.crew("etal", afternoon, 5, dice) if key not in crew]
    return crew[:5]


def _plan_collection(story, sheets):
    """Plan the collection in front of shops, with places left, and a meeting."""
    lead = story.user("benevoles").id
    shifts = (
        (date(2026, 11, 27), 9, ("mazeau", "courteix")),
        (date(2026, 11, 27), 14, ("ferrachat",)),
        (date(2026, 11, 28), 9, ("bessaguet", "lajoumard", "brissaud")),
        (date(2026, 11, 28), 14, ()),
    )
    for day, hour, crew in shifts:
        shift = sheets.add(
            "etal",
            "mission",
            day,
            (hour, 0),
            180,
            lead,
            name="Collecte alimentaire",
            place="Devant les magasins du centre",
            capacity=4,
            is_closed=False,
        )
        for volunteer in crew:
            shift.volunteer(story, volunteer, state="expected")
    meeting = sheets.add(
        "etal",
        "team",
        date(2026, 11, 26),
        (18, 30),
        90,
        lead,
        name="Réunion des bénévoles",
        place="Salle du quai, rez-de-chaussée",
        is_closed=False,
    )
    for volunteer in sheets.crew("etal", date(2026, 11, 26), 9, story.dice("réunion")):
        meeting.volunteer(story, volunteer, state="expected")


def _draw_households(story, sheets, afternoons, dice):
    """Return ``{afternoon: people}``.

    Each person came once at least, a household once an afternoon. The first visits
    come first; the afternoon is then filled up with the regular ones.
    """
    stays = sheets.stays("etal")
    came = defaultdict(set)
    for afternoon, person in draw_visits(stays, afternoons, 0, dice):
        came[afternoon].add(person)
    weights = {stay.person: dice.uniform(0.3, 1.5) for stay in stays}
    wanted = VISITS_A_DAY * len(afternoons)
    for place, afternoon in enumerate(afternoons):
        people = came[afternoon]
        here = [stay.person for stay in stays if stay.covers(afternoon)]
        here.sort(
            key=lambda person: dice.random() ** (1 / weights[person]), reverse=True
        )
        homes = {story.facts[person]["household"] for person in people}
        so_far = sum(len(came[day]) for day in afternoons[:place])
        size = round((wanted - so_far) / (len(afternoons) - place))
        for person in here:
            home = story.facts[person]["household"]
            if len(people) >= size:
                break
            if home not in homes:
                homes.add(home)
                people.add(person)
    return came
