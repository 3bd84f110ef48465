"""What the builders of sessions share: who could come on a day, and how a sheet is
written.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from odoo import fields
from odoo.fields import Command

from odoo.addons.ess_beneficiary.demo.story import FIRST_DAY, REFERENCE

EXCUSES = ("work", "health", "child", "transport", "appointment")


@dataclass
class Stay:
    """One stay of one person in one programme, in days of the facts."""

    person: str
    cohort: str
    start: object
    end: object

    def covers(self, day):
        return self.start <= day <= self.end

    @property
    def first_day(self):
        return max(self.start, FIRST_DAY)


@dataclass
class Sheet:
    """One session to write, and its lines."""

    values: dict
    lines: list = field(default_factory=list)
    is_closed: bool = True

    def person(self, story, key, state="present", **values):
        """Add a person who came, or did not."""
        self.lines.append(
            {"beneficiary_id": story.people[key], "state": state, **values}
        )

    def volunteer(self, story, key, state="present", **values):
        """Add a volunteer; the length of the session is the time given."""
        self.lines.append(
            {"volunteer_id": story.volunteers[key], "state": state, **values}
        )

    def crowd(self, headcount, **values):
        """Add people without a name."""
        self.lines.append({"headcount": headcount, "state": "present", **values})


class Sheets:
    """All the sessions of the demo, collected programme by programme, written at the
    end.
    """

    def __init__(self, story):
        self.story = story
        self.sheets = []
        self.programmes = story.by_code("ess.programme")
        self.units = story.by_code("ess.unit")
        self.crews = defaultdict(list)
        for row in story.read(__file__, "volunteers.csv"):
            for mission in row["missions"].split():
                self.crews[mission].append(row)
        self._stays = defaultdict(list)
        for row in story.read(__file__, "enrolments.csv"):
            if row["date_start"]:
                end = fields.Date.to_date(row["date_end"]) or REFERENCE
                start = fields.Date.to_date(row["date_start"])
                self._stays[row["programme"]].append(
                    Stay(row["person"], row["cohort"], start, end)
                )

    def stays(self, programme):
        """Return the stays in a programme.

        :rtype: list of Stay
        """
        return self._stays[programme]

    def crew(self, mission, day, size, dice):
        """Return volunteers of a mission who were here on that day.

        :return: keys of `volunteers.csv`, `size` of them
        """
        text = day.isoformat()
        here = [
            row["key"]
            for row in self.crews[mission]
            if row["date_start"] <= text
            and (not row["date_stop"] or text <= row["date_stop"])
        ]
        return sorted(dice.sample(here, min(size, len(here))))

    def add(self, programme, kind, day, hour, length, lead, is_closed=True, **values):
        """Add one session.

        :param date day: day of the facts
        :param tuple hour: hours and minutes in Limoges
        :param int length: minutes
        :param lead: id of the user who holds it
        :rtype: Sheet
        """
        start = self.story.moment(day, *hour)
        sheet = Sheet(
            {
                "programme_id": self.programmes[programme],
                "kind": kind,
                "date_start": start,
                "date_end": fields.Datetime.add(start, minutes=length),
                "user_id": lead,
                **values,
            },
            is_closed=is_closed,
        )
        self.sheets.append(sheet)
        return sheet

    def write(self):
        """Create the sessions and their lines, then close the sheets as workers do.

        :return: sessions and presences
        """
        story = self.story
        sessions = story.spread_create(
            story.env["ess.session"], [sheet.values for sheet in self.sheets]
        )
        presences = story.spread_create(
            story.env["ess.presence"],
            [
                {"session_id": session.id, **line}
                for session, sheet in zip(sessions, self.sheets, strict=True)
                for line in sheet.lines
            ],
        )
        closed = sessions.browse(
            [
                session.id
                for session, sheet in zip(sessions, self.sheets, strict=True)
                if sheet.is_closed
            ]
        )
        closed.action_close()
        return sessions, presences


def draw_visits(stays, days, count, dice, skip=()):
    """Draw who came when: everyone once at least, the regular ones more often.

    :param list stays: stays of the programme
    :param list days: days of the facts on which something was held
    :param int count: number of visits to reach
    :param dice: dice of the builder
    :param skip: people whose visits the story gives itself
    :return: set of (day, person)
    """
    weights, visits, candidates = {}, set(), []
    for stay in stays:
        open_days = [day for day in days if stay.covers(day)]
        if stay.person in skip or not open_days:
            continue
        weights.setdefault(stay.person, dice.uniform(0.3, 1.6))
        visits.add(
            (
                open_days[0] if stay.start >= FIRST_DAY else dice.choice(open_days),
                stay.person,
            )
        )
        candidates += [(day, stay.person) for day in open_days]
    # weighted draw without replacement (Efraimidis and Spirakis, 2006)
    rest = sorted(set(candidates) - visits)
    rest.sort(key=lambda visit: dice.random() ** (1 / weights[visit[1]]), reverse=True)
    visits.update(rest[: max(0, count - len(visits))])
    return visits


def by_day(visits):
    """Return ``{day: people}`` of drawn visits, both in order."""
    days = defaultdict(list)
    for day, person in sorted(visits):
        days[day].append(person)
    return days


def attendance(dice, present=0.72, excused=0.13):
    """Throw how someone answered an expected session.

    :return: values of a presence
    """
    throw = dice.random()
    if throw < present:
        return {"state": dice.choices(("present", "late", "left_early"), (90, 7, 3))[0]}
    if throw < present + excused:
        return {"state": "excused", "excuse": dice.choice(EXCUSES)}
    return {"state": "absent"}


def team(*users):
    """Return the command that sets the team of a session."""
    return [Command.set([user for user in users if user])]
