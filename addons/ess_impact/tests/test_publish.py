from datetime import date

from odoo.tests import tagged

from .common import EssImpactCommon


@tagged("post_install", "-at_install", "ess")
class TestPublish(EssImpactCommon):
    """What leaves the team hides small groups, inside it figures are exact."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add(cls.programme, female=8, male=3, other=6)
        cls._add(cls.programme_2, female=9, male=12)
        cls.persons = cls._make_indicator(aggregate="persons", code="p_all")

    @classmethod
    def _add(cls, programme, **people):
        session = cls._make_day_session(date(2026, 5, 4), programme)
        for sex, number in people.items():
            for _index in range(number):
                person = cls._make_beneficiary(sex=sex)
                cls._make_presence(session=session, beneficiary=person, state="present")

    def _published(self, indicator, **kwargs):
        return {
            (cell["programme"].id, cell["key"], cell["is_total"]): cell
            for cell in indicator._get_published_values(*self.year, **kwargs)
        }

    def test_inside_is_exact(self):
        cells = self.persons._compute_values(
            *self.year, self.programme, breakdown="sex"
        )
        self.assertEqual(
            {cell["key"]: cell["value"] for cell in cells},
            {"female": 8, "male": 3, "other": 6},
        )

    def test_small_group_and_a_second_one_are_hidden(self):
        cells = self._published(
            self.persons, programmes=self.programme, breakdown="sex"
        )
        self.assertIsNone(cells[False, "male", False]["value"])
        self.assertIsNone(cells[False, "other", False]["value"])
        self.assertIsNone(cells[False, "other", False]["record_count"])
        self.assertEqual(cells[False, "female", False]["value"], 8)
        self.assertEqual(cells[False, "", True]["value"], 17)

    def test_two_way_table(self):
        cells = self._published(
            self.persons,
            programmes=self.programme + self.programme_2,
            by_programme=True,
            breakdown="sex",
        )
        first = self.programme.id
        self.assertIsNone(cells[first, "male", False]["value"])
        for row in {row for row, _key, _total in cells}:
            line = [
                cell
                for (one, _key, total), cell in cells.items()
                if one == row and not total
            ]
            self.assertNotEqual(sum(cell["is_suppressed"] for cell in line), 1)

    def test_small_figure_alone(self):
        few = self._make_indicator(domain="[('beneficiary_id.sex', '=', 'male')]")
        cell = few._get_published_values(*self.year, programmes=self.programme)[0]
        self.assertTrue(cell["is_suppressed"])
        self.assertIsNone(cell["value"])

    def test_hours_of_few_people_are_hidden(self):
        hours = self._make_indicator(
            aggregate="sum",
            measure="hours",
            domain="[('beneficiary_id.sex', '=', 'male')]",
        )
        cell = hours._get_published_values(*self.year, programmes=self.programme)[0]
        self.assertTrue(cell["is_suppressed"])

    def test_formula_of_a_hidden_figure_is_hidden(self):
        self._make_indicator(
            code="p_men",
            aggregate="persons",
            domain="[('beneficiary_id.sex', '=', 'male')]",
        )
        rate = self._make_indicator(kind="formula", formula="100 * p_men / p_all")
        [cell] = rate._get_published_values(*self.year, programmes=self.programme)
        self.assertTrue(cell["is_suppressed"])
        [cell] = rate._get_published_values(*self.year, programmes=self.programme_2)
        self.assertAlmostEqual(cell["value"], 100 * 12 / 21)

    def test_own_threshold(self):
        self.persons.threshold = 10
        cells = self._published(
            self.persons, programmes=self.programme_2, breakdown="sex"
        )
        self.assertTrue(all(c["is_suppressed"] for k, c in cells.items() if not k[2]))

    def test_parts_of_a_programme_are_not_beside_it(self):
        child = self._make_programme(parent_id=self.programme.id)
        cells = self.persons._get_published_values(
            *self.year, programmes=self.programme + child, by_programme=True
        )
        self.assertEqual(
            {cell["programme"].id for cell in cells}, {self.programme.id, False}
        )

    def test_people_without_a_name_are_counted_by_their_number(self):
        session = self._make_day_session(date(2026, 7, 1), kind="round")
        self._make_presence(session=session, headcount=12, state="present")
        met = self.env.ref("ess_impact.ess_indicator_unnamed_encounters")
        [cell] = met._get_published_values(*self.year)
        self.assertEqual(cell["value"], 12)

    def test_sessions_are_no_persons(self):
        held = self.env.ref("ess_impact.ess_indicator_sessions_held")
        [cell] = held._get_published_values(*self.year)
        self.assertEqual(cell["value"], 2)
