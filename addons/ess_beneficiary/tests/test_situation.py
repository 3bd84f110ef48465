import random
from datetime import date, timedelta

from psycopg2 import IntegrityError
from psycopg2.errors import CheckViolation, ExclusionViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EssBeneficiaryCommon


@tagged("post_install", "-at_install", "ess")
class TestSituation(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.housing = cls.env.ref("ess_beneficiary.ess_situation_domain_housing")
        ref = "ess_beneficiary.ess_situation_value_housing_"
        cls.street, cls.hotel, cls.tenant = (
            cls.env.ref(f"{ref}{code}") for code in ("street", "hotel", "tenant")
        )
        cls.person = cls._make_beneficiary(team=cls.worker)

    def _open(self, value, date_from, date_to=False, person=None):
        return self.env["ess.situation"].create(
            {
                "beneficiary_id": (person or self.person).id,
                "value_id": value.id,
                "date_from": date_from,
                "date_to": date_to,
            }
        )

    def test_constraint_exists_and_is_deferrable(self):
        self.env.cr.execute(
            "SELECT contype, condeferrable, condeferred FROM pg_constraint"
            " WHERE conname = 'ess_situation_no_overlap'"
        )
        self.assertEqual(self.env.cr.fetchall(), [("x", True, False)])

    def test_new_situation_closes_the_former(self):
        first = self._open(self.street, date(2026, 1, 1))
        second = self._open(self.hotel, date(2026, 3, 1))
        self.assertEqual(first.date_to, date(2026, 2, 28))
        self.assertFalse(second.date_to)

    def test_earlier_situation_ends_before_the_next(self):
        later = self._open(self.hotel, date(2026, 3, 1))
        earlier = self._open(self.street, date(2026, 1, 1))
        self.assertEqual(earlier.date_to, date(2026, 2, 28))
        self.assertFalse(later.date_to)

    def test_batch_of_one_history(self):
        vals = [
            {
                "beneficiary_id": self.person.id,
                "value_id": value.id,
                "date_from": date(2026, month, 1),
            }
            for value, month in ((self.tenant, 5), (self.street, 1), (self.hotel, 3))
        ]
        situations = self.env["ess.situation"].create(vals)
        self.assertEqual(
            situations.mapped("date_to"), [False, date(2026, 2, 28), date(2026, 4, 30)]
        )

    def test_domain_follows_value(self):
        self.assertEqual(
            self._open(self.street, date(2026, 1, 1)).domain_id, self.housing
        )

    def test_value_of_another_domain_is_refused(self):
        work = self.env.ref("ess_beneficiary.ess_situation_domain_work")
        with self.assertRaises(ValidationError):
            self.env["ess.situation"].create(
                {
                    "beneficiary_id": self.person.id,
                    "domain_id": work.id,
                    "value_id": self.street.id,
                }
            )

    def test_same_day_twice_is_refused(self):
        self._open(self.street, date(2026, 1, 1))
        with self.assertRaises(ExclusionViolation), mute_logger("odoo.sql_db"):
            self._open(self.hotel, date(2026, 1, 1))

    def test_archived_situation_does_not_count(self):
        self._open(self.street, date(2026, 1, 1)).active = False
        self._open(self.hotel, date(2026, 1, 1))
        with self.assertRaises(ExclusionViolation), mute_logger("odoo.sql_db"):
            self.person.with_context(active_test=False).situation_ids.active = True

    def test_border_moves_with_the_former(self):
        first = self._open(self.street, date(2026, 1, 1))
        second = self._open(self.hotel, date(2026, 3, 1))
        second.date_from = date(2026, 2, 10)
        self.assertEqual(first.date_to, date(2026, 2, 9))
        second.date_from = date(2026, 4, 1)
        self.assertEqual(first.date_to, date(2026, 3, 31))

    def test_border_cannot_swallow_the_former(self):
        self._open(self.street, date(2026, 1, 1))
        second = self._open(self.hotel, date(2026, 3, 1))
        with self.assertRaises(ExclusionViolation), mute_logger("odoo.sql_db"):
            second.date_from = date(2025, 12, 1)

    def test_declined_is_kept_apart(self):
        self.env["ess.situation"].create(
            {
                "beneficiary_id": self.person.id,
                "domain_id": self.housing.id,
                "answer": "declined",
                "date_from": date(2026, 1, 1),
            }
        )
        state = self.env["ess.situation"]._state_at(self.housing, date(2026, 1, 2))
        self.assertEqual(state[self.person.id], "declined")

    def test_open_situation_by_codes(self):
        people = self.person | self._make_beneficiary()
        situations = people._open_situation("housing", "hotel", date(2026, 1, 1))
        self.assertEqual(situations.value_id, self.hotel)
        self.assertEqual(situations.beneficiary_id, people)
        with self.assertRaisesRegex(UserError, "castle"):
            people._open_situation("housing", "castle", date(2026, 1, 1))

    def test_no_overlap_whatever_the_order(self):
        """Random histories: the database never holds two situations on one day."""
        rng = random.Random(20260101)
        situations = self.env["ess.situation"]
        for _i in range(150):
            start = date(2025, 1, 1) + timedelta(days=rng.randrange(400))
            length = rng.choice([None, rng.randrange(60)])
            end = start + timedelta(days=length) if length is not None else False
            action = rng.random()
            try:
                with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                    if action < 0.6 or not situations:
                        value = rng.choice([self.street, self.hotel, self.tenant])
                        situations += self._open(value, start, end)
                    elif action < 0.9:
                        rng.choice(situations).date_from = start
                    else:
                        rng.choice(situations).active = rng.random() < 0.5
                    self.env.flush_all()
            except IntegrityError as error:
                self.assertIsInstance(error, ExclusionViolation | CheckViolation)
                self.env.invalidate_all()
                situations = situations.exists()
        self.env.cr.execute(
            """
            SELECT count(*)
              FROM ess_situation a
              JOIN ess_situation b
                ON a.beneficiary_id = b.beneficiary_id
               AND a.domain_id = b.domain_id
               AND a.id < b.id
               AND a.active AND b.active
               AND a.date_from <= COALESCE(b.date_to, 'infinity')
               AND b.date_from <= COALESCE(a.date_to, 'infinity')
            """
        )
        self.assertEqual(self.env.cr.fetchone()[0], 0)
        self.assertGreater(len(situations), 10)

    def test_state_and_transitions_match_the_slow_way(self):
        rng = random.Random(7)
        people = self.env["ess.beneficiary"].concat(
            *[self._make_beneficiary() for _i in range(15)]
        )
        for person in people:
            day = date(2026, 1, 1)
            for _i in range(rng.randrange(4)):
                self._open(rng.choice([self.street, self.hotel]), day, person=person)
                day += timedelta(days=rng.randrange(1, 90))
        before, after = date(2026, 1, 15), date(2026, 4, 15)

        def slow(person, day):
            return person.situation_ids.filtered(
                lambda s: s.date_from <= day and (not s.date_to or s.date_to >= day)
            ).value_id.id

        scope = [("id", "in", people.ids)]
        model = self.env["ess.situation"]
        self.assertEqual(
            model._state_at(self.housing, before, scope),
            {p.id: slow(p, before) for p in people if slow(p, before)},
        )
        expected = {}
        for person in people:
            pair = (slow(person, before) or None, slow(person, after) or None)
            if any(pair):
                expected[pair] = expected.get(pair, 0) + 1
        self.assertEqual(
            model._transitions(self.housing, before, after, scope), expected
        )

    def test_state_takes_one_query(self):
        self._open(self.street, date(2026, 1, 1))
        self.env.flush_all()
        model = self.env["ess.situation"].sudo()
        with self.assertQueryCount(1):
            model._state_at(self.housing, date(2026, 1, 2))
        with self.assertQueryCount(1):
            model._transitions(self.housing, date(2026, 1, 2), date(2026, 2, 2))

    def test_state_obeys_the_rules(self):
        self._open(self.street, date(2026, 1, 1))
        model = self.env["ess.situation"]
        day = date(2026, 1, 2)
        own = model.with_user(self.worker)._state_at(self.housing, day)
        self.assertIn(self.person.id, own)
        other = model.with_user(self.worker2)._state_at(self.housing, day)
        self.assertNotIn(self.person.id, other)

    def test_shipped_lists_are_complete(self):
        domains = self.env["ess.situation.domain"].with_context(active_test=False)
        shipped = domains.search([("code", "!=", False)])
        self.assertGreaterEqual(len(shipped), 11)
        stay = self.env.ref("ess_beneficiary.ess_situation_domain_stay")
        self.assertFalse(stay.active)
        self.assertTrue(stay.is_team_only and stay.is_sensitive)
        self.assertEqual(len(self.housing.value_ids), 15)
        self.assertFalse(shipped.value_ids.filtered(lambda value: not value.class_code))
        self.assertEqual(
            self.street.public_ids.mapped("code"), ["personnes-en-situation-durgence"]
        )
