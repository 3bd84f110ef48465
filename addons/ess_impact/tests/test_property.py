import random
from collections import defaultdict
from datetime import date, timedelta

from odoo.tests import tagged

from ..tools.age_bands import age_band
from .common import EssImpactCommon

SEXES = ["female", "male", "other", "unknown", False]


@tagged("post_install", "-at_install", "ess")
class TestProperty(EssImpactCommon):
    """On random small worlds, what SQL counts is what a reader would count by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rng = random.Random(20261123)
        cls.parent = cls._make_programme(name="Parent")
        cls.child_a = cls._make_programme(name="Child A", parent_id=cls.parent.id)
        cls.child_b = cls._make_programme(name="Child B", parent_id=cls.child_a.id)
        cls.alone = cls._make_programme(name="Alone")
        cls.world = cls.parent + cls.child_a + cls.child_b + cls.alone
        cls.people = cls.env["ess.beneficiary"].concat(
            *(cls._make_random_person(index) for index in range(18))
        )
        cls._make_random_presences()
        cls._make_random_stays()
        cls.periods = [
            (date(2026, 1, 1), date(2026, 1, 31)),
            (date(2026, 2, 1), date(2026, 2, 28)),
            (date(2026, 3, 5), date(2026, 4, 20)),
        ]
        cls.overlapping = [
            (date(2026, 1, 1), date(2026, 3, 31)),
            (date(2026, 2, 1), date(2026, 2, 28)),
            (date(2025, 6, 1), date(2026, 12, 31)),
        ]

    @classmethod
    def _make_random_person(cls, index):
        birth = date(1940, 1, 1) + timedelta(days=cls.rng.randint(0, 28000))
        return cls._make_beneficiary(
            last_name=f"Person{index}",
            sex=cls.rng.choice(SEXES),
            birth_date=cls.rng.choice([birth, birth, birth, False]),
            is_protected=not cls.rng.randint(0, 4),
        )

    @classmethod
    def _make_random_presences(cls):
        for _index in range(40):
            day = date(2026, 1, 1) + timedelta(days=cls.rng.randint(0, 130))
            session = cls._make_day_session(day, cls.rng.choice(cls.world))
            cls.env["ess.presence"].create(
                [
                    {
                        "session_id": session.id,
                        "beneficiary_id": person.id,
                        "state": cls.rng.choice(["present", "late", "absent"]),
                        "quantity": cls.rng.randint(0, 3),
                    }
                    for person in cls.rng.sample(
                        list(cls.people), cls.rng.randint(1, 5)
                    )
                ]
                + [
                    {
                        "session_id": session.id,
                        "headcount": cls.rng.randint(1, 9),
                        "state": "present",
                    }
                ]
            )

    @classmethod
    def _make_random_stays(cls):
        for person in cls.people:
            for programme in cls.rng.sample(list(cls.world), 2):
                start = date(2025, 11, 1) + timedelta(days=cls.rng.randint(0, 150))
                ended = cls.rng.random() < 0.6
                vals = {"date_start": start}
                if ended:
                    vals["date_end"] = start + timedelta(days=cls.rng.randint(0, 90))
                    vals["exit_reason_id"] = cls._reason(
                        cls.rng.choice(["goals", "moved", "choice", "error"])
                    ).id
                cls._make_enrolment(
                    person, programme, stage="left" if ended else "entered", **vals
                )

    # --- the reader's way of counting

    def _tree(self, programme):
        return self.env["ess.programme"].search([("id", "child_of", programme.id)])

    def _expected(self, facts, periods, dates, by_programme, key, measure):
        """Count facts one by one.

        :param function dates: fact → (first day, last day)
        :param function key: fact → key of the breakdown
        :param function measure: facts of one group → value
        """
        groups = defaultdict(lambda: self.env[facts._name])
        scopes = (
            {one.id: self._tree(one) for one in self.world}
            if by_programme
            else {0: None}
        )
        for fact in facts:
            first, last = dates(fact)
            for index, (start, end) in enumerate(periods):
                if first > end or last < start:
                    continue
                for programme, tree in scopes.items():
                    if tree is None or fact.programme_id in tree:
                        groups[index, programme, key(fact)] |= fact
        return {group: measure(found) for group, found in groups.items()}

    def _check(self, indicator, facts, dates, measure, breakdown=None, key=None):
        """Compare SQL and Python for every kind of request."""
        for periods in (self.periods, self.overlapping, self.periods[:1]):
            for by_programme in (False, True):
                cells = indicator._compute_cells(
                    periods, self.world, by_programme=by_programme, breakdown=breakdown
                )
                computed = {
                    (
                        periods.index((cell["date_from"], cell["date_to"])),
                        cell["programme"].id or 0,
                        cell["key"],
                    ): cell["value"]
                    for cell in cells
                    if cell["value"]
                }
                expected = self._expected(
                    facts,
                    periods,
                    dates,
                    by_programme,
                    key or (lambda fact: ""),
                    measure,
                )
                expected = {group: value for group, value in expected.items() if value}
                self.assertEqual(computed, expected)

    # --- tests

    def _presences(self):
        return self.env["ess.presence"].search([("programme_id", "in", self.world.ids)])

    def _stays(self):
        return self.env["ess.enrolment"].search(
            [("programme_id", "in", self.world.ids), ("exit_class", "!=", "none")]
        )

    def test_count_of_presences(self):
        indicator = self._make_indicator(domain="[('is_present', '=', True)]")
        present = self._presences().filtered("is_present")
        self._check(indicator, present, lambda p: (p.day, p.day), len)

    def test_distinct_persons(self):
        indicator = self._make_indicator(aggregate="persons")
        self._check(
            indicator,
            self._presences(),
            lambda p: (p.day, p.day),
            lambda found: len(found.beneficiary_id),
        )

    def test_sum_of_people(self):
        indicator = self._make_indicator(aggregate="sum", measure="people")
        self._check(
            indicator,
            self._presences(),
            lambda p: (p.day, p.day),
            lambda found: sum(found.mapped("people_count")),
        )

    def test_by_sex(self):
        indicator = self._make_indicator(aggregate="persons")
        self._check(
            indicator,
            self._presences(),
            lambda p: (p.day, p.day),
            lambda found: len(found.beneficiary_id),
            breakdown="sex",
            key=lambda p: p.beneficiary_id.sex or "",
        )

    def test_by_age_at_the_fact(self):
        indicator = self._make_indicator()
        self._check(
            indicator,
            self._presences(),
            lambda p: (p.day, p.day),
            len,
            breakdown="age_band",
            key=lambda p: age_band(p.beneficiary_id.birth_date, p.day),
        )

    def test_stays_in_progress(self):
        indicator = self._make_indicator(source="stay")
        self._check(
            indicator,
            self._stays(),
            lambda s: (s.date_start, s.date_end or date.max),
            len,
        )

    def test_days_of_ended_stays(self):
        indicator = self._make_indicator(
            source="exit", aggregate="sum", measure="days_stay"
        )
        ended = self._stays().filtered("date_end")
        self._check(
            indicator,
            ended,
            lambda s: (s.date_end, s.date_end),
            lambda found: sum((s.date_end - s.date_start).days for s in found),
        )

    def test_exits_by_class(self):
        indicator = self._make_indicator(source="exit")
        ended = self._stays().filtered("date_end")
        self._check(
            indicator,
            ended,
            lambda s: (s.date_end, s.date_end),
            len,
            breakdown="exit_class",
            key=lambda s: s.exit_class or "",
        )

    def test_active_caseload_is_the_union(self):
        indicator = self._make_indicator(source="active_person", aggregate="persons")
        presences, stays = self._presences().filtered("is_present"), self._stays()
        for period in self.overlapping:
            for programme in self.world:
                tree = self._tree(programme)
                seen = presences.filtered(
                    lambda p, tree=tree, period=period: p.programme_id in tree
                    and period[0] <= p.day <= period[1]
                ).beneficiary_id
                followed = stays.filtered(
                    lambda s, tree=tree, period=period: s.programme_id in tree
                    and s.date_start <= period[1]
                    and (not s.date_end or s.date_end >= period[0])
                ).beneficiary_id
                self.assertEqual(
                    self._value(indicator, period, programmes=programme),
                    len(seen | followed),
                )

    def test_every_cell_opens_its_records(self):
        """For every source, breakdown and programme: as many records as counted."""
        makers = [
            {},
            {"aggregate": "persons"},
            {"source": "stay"},
            {"source": "exit", "aggregate": "persons"},
            {"source": "entry"},
            {"source": "session"},
            {"source": "active_person", "aggregate": "persons"},
        ]
        for vals in makers:
            indicator = self._make_indicator(**vals)
            for breakdown in indicator._get_breakdown_codes():
                cells = indicator._compute_cells(
                    self.periods, self.world, by_programme=True, breakdown=breakdown
                )
                self.assertTrue(cells)
                for cell in cells:
                    model, domain = indicator._get_cell_records(cell)
                    records = self.env[model].sudo().with_context(active_test=False)
                    self.assertEqual(
                        records.search_count(domain), cell["record_count"], (vals, cell)
                    )
