from datetime import date

from odoo.tests import tagged

from ..tools.periods import months_between
from .common import EssImpactCommon


@tagged("post_install", "-at_install", "ess")
class TestPerformance(EssImpactCommon):
    """The number of statements depends on the indicators only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.many = cls.env["ess.programme"].concat(
            *(cls._make_programme() for _index in range(10))
        )
        person = cls._make_beneficiary(sex="female")
        for month, programme in enumerate(cls.many, start=1):
            cls._make_day_presence(date(2026, month, 4), programme, person)
        cls.indicator = cls._make_indicator(aggregate="persons")

    def _count_statements(self, indicators, *args, **kwargs):
        self.env.flush_all()
        self.env.invalidate_all()
        indicators._compute_cells(*args, **kwargs)  # fill ormcaches
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        indicators._compute_cells(*args, **kwargs)
        return self.cr.sql_log_count - before

    def test_periods_and_programmes_cost_nothing_more(self):
        months = months_between(*self.year)
        one = self._count_statements(
            self.indicator, months[:1], self.many[:1], by_programme=True
        )
        many = self._count_statements(
            self.indicator, months, self.many, by_programme=True
        )
        self.assertEqual(one, many)
        # the card, the tree of programmes, the count
        self.assertLessEqual(many, 4)

    def test_breakdowns_cost_their_labels(self):
        months = months_between(*self.year)
        one = self._count_statements(
            self.indicator, months[:1], self.many[:1], True, "territory"
        )
        many = self._count_statements(
            self.indicator, months, self.many, True, "territory"
        )
        self.assertEqual(one, many)

    def test_formula_costs_its_figures(self):
        self.indicator.code = "perf_persons"
        self._make_indicator(code="perf_count")
        rate = self._make_indicator(kind="formula", formula="perf_count / perf_persons")
        months = months_between(*self.year)
        one = self._count_statements(rate, months[:1], self.many[:1], True)
        many = self._count_statements(rate, months, self.many, True)
        self.assertEqual(one, many)

    def test_cards_cost_one_statement_each(self):
        """A page of cards reads each counted figure once, for both years together."""
        counted = self.env["ess.indicator"].search(
            [("company_id", "=", False), ("kind", "=", "aggregate")]
        )
        self.env.flush_all()
        counted.mapped("year_text")
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        counted.mapped("year_text")
        spent = self.cr.sql_log_count - before
        # cards, language and company besides: a few, whatever the number of cards
        self.assertLessEqual(spent, len(counted) + 6)

    def test_targets_cost_one_statement_per_indicator(self):
        vals = [
            {
                "indicator_id": self.indicator.id,
                "programme_id": programme.id,
                "date_from": start,
                "date_to": end,
                "target": 3,
            }
            for programme in self.many
            for start, end in months_between(*self.year)
        ]
        targets = self.env["ess.indicator.target"].create(vals)
        self.env.flush_all()
        targets.mapped("value")
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        targets.mapped("value")
        self.assertLessEqual(self.cr.sql_log_count - before, 10)
