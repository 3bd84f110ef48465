"""La Veilleuse: two rounds a week, encounters with and without a name, three volunteers
a crew.
"""

from datetime import date

from odoo.addons.ess_beneficiary.demo.story import FIRST_DAY, Story

from .sheets import by_day, draw_visits

KNOWN, PSEUDONYMOUS, ANONYMOUS, PEOPLE_WITHOUT_NAME = 380, 250, 230, 610
#: the evening after the storm, no round went out
STORM = date(2026, 1, 9)
LAST_ROUND = date(2026, 11, 20)
#: the story of Paulo, evening by evening
PAULO = "ferraz-bastos-paulo"
FIRST_MEETING = date(2025, 6, 6)
PAULO_EVENINGS = [
    date.fromisoformat(text)
    for text in (
        "2025-06-17",
        "2025-06-20",
        "2025-07-01",
        "2025-07-15",
        "2025-07-29",
        "2025-08-12",
        "2025-08-26",
        "2025-09-09",
        "2025-09-23",
        "2025-10-07",
        "2025-10-24",
        "2025-11-21",
        "2025-11-25",
        "2025-11-28",
        "2025-12-02",
        "2025-12-12",
        "2026-02-03",
        "2026-03-10",
        "2026-04-21",
        "2026-06-12",
    )
]


def build(story, sheets):
    """Write the rounds of the eighteen months and the two to come."""
    dice = story.dice("maraudes")
    lead = story.user("terrain").id
    territories = story.env["ess.territory"].search([]).ids
    evenings = [day for day in Story.days(FIRST_DAY, LAST_ROUND, 1, 4) if day != STORM]
    met = by_day(_draw_people(story, sheets, evenings, dice))
    crowds = _draw_crowds(evenings, dice)
    for evening in evenings:
        sheet = sheets.add(
            "veilleuse",
            "round",
            evening,
            (20, 30),
            240,
            lead,
            territory_id=dice.choices(territories, (34, 28, 16, 12, 10))[0],
            is_closed=evening < date(2026, 11, 17),
        )
        for person in met[evening]:
            sheet.person(
                story,
                person,
                quantity=1,
                unit_id=sheets.units[dice.choice(("hot_drink", "soup", "meal"))],
            )
        for headcount in crowds.get(evening, ()):
            sheet.crowd(
                headcount, quantity=headcount, unit_id=sheets.units["hot_drink"]
            )
        for volunteer in sheets.crew("veilleuse", evening, 3, dice):
            sheet.volunteer(story, volunteer)
    _cancel_the_storm(story, sheets, lead)
    _plan_next(story, sheets, lead, territories[0])


def _draw_people(story, sheets, evenings, dice):
    """Return the encounters with a name or a pseudonym, as (evening, person)."""
    stays = sheets.stays("veilleuse")
    is_known = {key: bool(row["last"]) for key, row in story.facts.items()}
    known = [stay for stay in stays if is_known[stay.person]]
    unknown = [stay for stay in stays if not is_known[stay.person]]
    visits = {(evening, PAULO) for evening in PAULO_EVENINGS}
    visits |= draw_visits(known, evenings, KNOWN - len(visits), dice, skip=(PAULO,))
    return visits | draw_visits(unknown, evenings, PSEUDONYMOUS, dice)


def _draw_crowds(evenings, dice):
    """Return ``{evening: headcounts}`` of the encounters without a name; one is the
    first sight of Paulo.
    """
    crowds = {FIRST_MEETING: [1]}
    counts = [1] * (ANONYMOUS - 1)
    for _person in range(PEOPLE_WITHOUT_NAME - ANONYMOUS):
        counts[int(len(counts) * dice.random() ** 1.7)] += 1
    for count in counts:
        crowds.setdefault(dice.choice(evenings), []).append(count)
    return crowds


def _cancel_the_storm(story, sheets, lead):
    """Keep the round that did not go out: it was cancelled, not forgotten."""
    sheet = sheets.add(
        "veilleuse",
        "round",
        STORM,
        (20, 30),
        240,
        lead,
        is_closed=False,
        state="cancelled",
    )
    for volunteer in sheets.crew("veilleuse", STORM, 3, story.dice("tempête")):
        sheet.volunteer(story, volunteer, state="cancelled")


def _plan_next(story, sheets, lead, territory):
    """Plan the two rounds of the week; Friday's crew has a hole."""
    for day, crew in (
        ("2026-11-24", ("raffier", "belhomme", "nouhaud")),
        ("2026-11-27", ("garrigue", "ribiere")),
    ):
        sheet = sheets.add(
            "veilleuse",
            "round",
            date.fromisoformat(day),
            (20, 30),
            240,
            lead,
            territory_id=territory,
            is_closed=False,
        )
        for volunteer in crew:
            sheet.volunteer(story, volunteer, state="expected")
