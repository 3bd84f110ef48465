"""The calendar, the dice and the memory of one build of the demo association."""

import csv
import math
import random
import time
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from odoo import fields

#: The Monday that the dates in the fact files are written for.
REFERENCE = date(2026, 11, 23)
#: First day of the eighteen months that the demo covers.
FIRST_DAY = date(2025, 5, 23)
PARIS = ZoneInfo("Europe/Paris")
#: Said in the note of every demo record that has one.
DEMO_MARK = "Exemple inventé"
DEMO_PASSWORD = "deux-ponts"
#: School holidays of zone A (Limoges) and days off, as the story knows them.
#: Source: French ministry of education, school calendars 2024-2025 to 2026-2027.
DAYS_OFF = [
    ("2025-05-29", "2025-05-30"),
    ("2025-06-09", "2025-06-09"),
    ("2025-07-05", "2025-08-31"),
    ("2025-10-18", "2025-11-02"),
    ("2025-11-11", "2025-11-11"),
    ("2025-12-20", "2026-01-04"),
    ("2026-02-07", "2026-02-22"),
    ("2026-04-04", "2026-04-19"),
    ("2026-05-14", "2026-05-15"),
    ("2026-05-25", "2026-05-25"),
    ("2026-07-04", "2026-08-31"),
    ("2026-10-17", "2026-11-01"),
    ("2026-11-11", "2026-11-11"),
]


class Story:
    """One build: which database, which day is "today", what has been made so far.

    Every date of the facts is moved by the same whole number of weeks, so that the
    reference Monday becomes the Monday of the current week and weekdays hold.

    :param env: environment of the superuser on the database to fill
    :param date today: day of the build, the real one by default
    :param say: function that prints one line of progress
    """

    def __init__(self, env, today=None, say=print):
        today = today or fields.Date.context_today(env.user)
        monday = today - timedelta(days=today.weekday())
        self.env = env(
            context={
                **env.context,
                "lang": "fr_FR",
                "tz": "Europe/Paris",
                "tracking_disable": True,
                "mail_create_nosubscribe": True,
                "mail_notrack": True,
                "no_reset_password": True,
            }
        )
        self.say = say
        self.monday = monday
        self.shift = monday - REFERENCE
        self.month_shift = round(self.shift.days / 30.4375)
        self.people = {}  # {key of people.csv: id of the file}
        self.facts = {}  # {key of people.csv: its row}
        self.workers = {}  # {(programme, key of people.csv): id of the user}
        self.volunteers = {}  # {key of volunteers.csv: id}
        self.figures = {}  # what the run prints at its end
        self.checks = []  # [(sentence, both sides, whether they tie)]

    # === DATES

    def day(self, text):
        """Return a day of the facts as it falls in this build.

        :param text: ISO text or date; empty gives ``False``, as Odoo wants it
        """
        if not text:
            return False
        return fields.Date.to_date(text) + self.shift

    def moment(self, day, hour, minute=0):
        """Return the UTC time of an hour in Limoges.

        :param day: day of the facts (ISO text or date), not yet moved
        :rtype: datetime
        """
        local = datetime.combine(self.day(day), datetime.min.time(), PARIS)
        local = local.replace(hour=hour, minute=minute)
        return local.astimezone(timezone.utc).replace(tzinfo=None)

    def month(self, text, day=1):
        """Return a day of an accounting month: months move as months, not as weeks.

        Bills, salaries and periods of grants belong to calendar months.

        :param str text: ``YYYY-MM``
        """
        year, month = (int(part) for part in text.split("-"))
        count = year * 12 + month - 1 + self.month_shift
        first = date(count // 12, count % 12 + 1, 1)
        return min(first + timedelta(days=day - 1), self.last_of(first))

    def past(self, text, day=1):
        """Return a day of an accounting month, or the Monday of the build if sooner."""
        return min(self.month(text, day), self.monday)

    @staticmethod
    def last_of(first):
        """Return the last day of the month that starts on `first`."""
        return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    @staticmethod
    def days(first, last, *weekdays):
        """Yield the days of the facts between two of them, on some weekdays only.

        >>> [str(day) for day in Story.days("2026-11-16", "2026-11-23", 0)]
        ['2026-11-16', '2026-11-23']
        """
        day, last = fields.Date.to_date(first), fields.Date.to_date(last)
        while day <= last:
            if not weekdays or day.weekday() in weekdays:
                yield day
            day += timedelta(days=1)

    @staticmethod
    def is_school_day(day):
        """Tell whether the French classes are held on a day of the facts.

        >>> Story.is_school_day(date(2026, 10, 19))
        False
        """
        return not any(start <= day.isoformat() <= end for start, end in DAYS_OFF)

    # === DICE AND FACTS

    @staticmethod
    def dice(topic):
        """Return dice of its own for a subject: always the same throws.

        A builder that throws once more does not change what the others draw.
        """
        return random.Random(f"La Maison des Deux Ponts, {topic}")

    @staticmethod
    def read(folder, name):
        """Return the rows of a fact file.

        :param folder: folder of the calling module (``__file__`` will do)
        :rtype: list of dict
        """
        path = Path(folder)
        path = (path if path.is_dir() else path.parent) / name
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    # === DATABASE

    def user(self, login):
        """Return the user of a login of the house."""
        return self.env["res.users"].search([("login", "=", login)])

    def as_user(self, login):
        """Return the environment of a colleague: what they make carries their name."""
        return self.env(user=self.user(login))

    def by_code(self, model, field="code", domain=()):
        """Return ``{code: id}`` of a configuration table, archived rows included."""
        records = self.env[model].with_context(active_test=False).search(list(domain))
        return {record[field]: record.id for record in records}

    def spread_create(self, model, vals_list, size=1000):
        """Create many records in batches; return them all."""
        records = model.browse()
        for start in range(0, len(vals_list), size):
            records |= model.create(vals_list[start : start + size])
        return records

    # === WORDS

    @contextmanager
    def step(self, name):
        """Print what is being made, then how many and how long it took."""
        start = time.monotonic()
        made = []
        yield made.append
        self.env.flush_all()
        seconds = time.monotonic() - start
        self.say(f"  {name:<28} {', '.join(made):<58} {seconds:5.1f} s")

    def check(self, sentence, left, right):
        """Keep a figure that must be equal on both sides."""
        self.checks.append(
            (sentence, left, right, math.isclose(left, right, abs_tol=0.005))
        )
