from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common import EssImpactCommon


@tagged("post_install", "-at_install", "ess")
class TestStore(EssImpactCommon):
    """Kept values are brought up to date, never doubled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.presence = cls._make_day_presence(date(2026, 5, 4), cls.programme)
        cls.indicator = cls._make_indicator()
        cls.values = cls.env["ess.indicator.value"]

    def _store(self, **kwargs):
        cells = self.indicator._compute_cells([self.year], **kwargs)
        return self.indicator._store_cells(cells)

    def test_same_figure_is_kept_once(self):
        first = self._store()
        self._make_day_presence(date(2026, 5, 5), self.programme)
        second = self._store()
        self.assertEqual(first, second)
        self.assertEqual(second.value, 2)

    def test_new_version_keeps_the_old_value(self):
        first = self._store()
        self.indicator.domain = "[('state', '=', 'absent')]"
        second = self._store()
        self.assertEqual((first.value, second.value), (1, 0))
        self.assertEqual((first.version, second.version), (1, 2))

    def test_order_follows_the_cells(self):
        cells = self.indicator._compute_cells([self.year], by_programme=True)
        values = self.indicator._store_cells(cells)
        self.assertEqual(
            values.mapped("programme_id"),
            self.env["ess.programme"].concat(*(cell["programme"] for cell in cells)),
        )

    def test_scope_makes_another_figure(self):
        whole = self._store()
        part = self._store(programmes=self.programme)
        self.assertNotEqual(whole, part)

    def test_value_without_number(self):
        self._make_indicator(code="nothing", domain="[('kind', '=', 'outing')]")
        rate = self._make_indicator(kind="formula", formula="1 / nothing")
        value = rate._store_cells(rate._compute_cells([self.year]))
        self.assertFalse(value.is_defined)
        self.assertEqual(value.value_text, "–")

    @freeze_time("2026-06-15")
    def test_cron_keeps_past_months(self):
        self.indicator._store_months(
            [
                (date(2026, 4, 1), date(2026, 4, 30)),
                (date(2026, 5, 1), date(2026, 5, 31)),
            ]
        )
        values = self.values.search([("indicator_id", "=", self.indicator.id)])
        self.assertRecordValues(
            values.sorted(lambda v: (v.date_from, v.programme_id.id)),
            [
                {"date_from": date(2026, 4, 1), "programme_id": False, "value": 0},
                {"date_from": date(2026, 5, 1), "programme_id": False, "value": 1},
                {
                    "date_from": date(2026, 5, 1),
                    "programme_id": self.programme.id,
                    "value": 1,
                },
            ],
        )
        self.assertTrue(all(values.mapped("is_month")))

    @freeze_time("2026-06-15")
    def test_cron_empties_what_has_become_empty(self):
        may = [(date(2026, 5, 1), date(2026, 5, 31))]
        self.indicator._store_months(may)
        self.presence.unlink()
        self.indicator._store_months(may)
        values = self.values.search([("indicator_id", "=", self.indicator.id)])
        self.assertEqual(values.mapped("value"), [0, 0])

    @freeze_time("2026-06-15")
    def test_cron_runs_for_every_association(self):
        with self.enter_registry_test_mode():
            self.env.ref("ess_impact.ir_cron_compute_values").method_direct_trigger()
        found = self.values.search([("date_from", "=", date(2026, 5, 1))])
        self.assertEqual(found.company_id, self.env["res.company"].search([]))
        self.assertIn(self.indicator, found.indicator_id)
