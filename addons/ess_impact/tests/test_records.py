from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import EssImpactCommon


@tagged("post_install", "-at_install", "ess")
class TestRecords(EssImpactCommon):
    """A figure opens exactly the records it is made of, with the reader's rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.woman = cls._make_beneficiary(sex="female", birth_date=date(2009, 5, 5))
        cls.unknown = cls._make_beneficiary()
        cls.protected = cls._make_beneficiary(sex="female", is_protected=True)
        cls.facts = cls.env["ess.presence"].concat(
            cls._make_day_presence(date(2026, 5, 4), cls.programme, cls.woman),
            cls._make_day_presence(date(2026, 5, 6), cls.programme, cls.woman),
            cls._make_day_presence(date(2026, 5, 6), cls.programme_2, cls.unknown),
            cls._make_day_presence(date(2026, 6, 6), cls.programme, cls.protected),
            cls._make_day_presence(date(2025, 5, 6), cls.programme, cls.woman),
        )
        cls.count = cls._make_indicator()
        cls.persons = cls._make_indicator(aggregate="persons")

    def _open(self, value, user=None):
        """Return the records that the action of a value lists for a user."""
        user = user or self.env.user
        action = value.with_user(user).action_open_records()
        model = self.env(user=user)[action["res_model"]].with_context(action["context"])
        return model.search(action["domain"])

    def _store(self, indicator, **kwargs):
        return indicator._store_cells(indicator._compute_cells([self.year], **kwargs))

    def test_count_opens_facts(self):
        value = self._store(self.count)
        self.assertEqual(value.value, 4)
        self.assertEqual(self._open(value), self.facts[:4])

    def test_persons_open_files(self):
        value = self._store(self.persons)
        self.assertEqual((value.value, value.record_count), (3, 3))
        self.assertEqual(self._open(value), self.woman | self.unknown | self.protected)

    def test_breakdowns_and_programmes(self):
        values = self._store(self.count, by_programme=True, breakdown="sex")
        found = {
            (value.programme_id, value.breakdown_key): self._open(value)
            for value in values
        }
        self.assertEqual(
            found[self.programme, "female"], self.facts[:2] | self.facts[3]
        )
        self.assertEqual(found[self.programme_2, False], self.facts[2])
        for value in values:
            self.assertEqual(len(self._open(value)), value.record_count)

    def test_age_is_the_one_of_the_day(self):
        values = self._store(self.count, breakdown="age_band")
        found = {value.breakdown_key: self._open(value) for value in values}
        # 17 years old on 4 May 2026, 17 until the day of 18 in 2027
        self.assertEqual(found["0_17"], self.facts[:2])
        self.assertEqual(found["unknown"], self.facts[2:4])

    def test_reader_sees_only_what_rules_allow(self):
        value = self._store(self.count)
        self.assertEqual(value.record_count, 4)
        seen = self._open(value, self.coordinator)
        self.assertEqual(seen, self.facts[:3], "the protected file stays unknown")

    def test_figure_without_right_on_files(self):
        for indicator in (self.count, self.persons):
            value = self._store(indicator)
            with self.assertRaises(UserError):
                value.with_user(self.impact_viewer).action_open_records()
            with self.assertRaises(UserError):
                indicator.with_user(self.impact_viewer).action_open_year_records()

    def test_frozen_condition_survives_a_new_definition(self):
        value = self._store(self.count)
        self.count.domain = "[('state', '=', 'absent')]"
        self.assertEqual(len(self._open(value)), 4)
        self.assertEqual(value.version, 1)

    def test_value_is_recomputed_from_its_records(self):
        hours = self._make_indicator(aggregate="sum", measure="hours")
        value = self._store(hours)
        minutes = sum(self._open(value).mapped("minutes"))
        self.assertAlmostEqual(value.value, minutes / 60.0)

    def test_formula_opens_its_figures(self):
        self.count.code, self.persons.code = "f_count", "f_persons"
        ratio = self._make_indicator(kind="formula", formula="f_count / f_persons")
        value = self._store(ratio, programmes=self.programme, by_programme=True)
        action = value.action_open_records()
        operands = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(operands.indicator_id, self.count | self.persons)
        self.assertEqual(operands.programme_id, self.programme)
        by_code = {one.indicator_id.code: one for one in operands}
        self.assertEqual(
            value.value, by_code["f_count"].value / by_code["f_persons"].value
        )
        self.assertEqual(len(self._open(by_code["f_persons"])), 2)

    def test_year_card_opens_this_year(self):
        action = self.count.action_open_year_records()
        self.assertEqual(action["res_model"], "ess.presence")
        self.assertFalse(action["context"]["active_test"])
