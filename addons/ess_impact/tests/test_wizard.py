from datetime import date

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import EssImpactCommon


@tagged("post_install", "-at_install", "ess")
class TestWizard(EssImpactCommon):
    """An officer asks for a period and a breakdown, and gets the figures."""

    def test_compute(self):
        self._make_day_presence(date(2026, 5, 4), self.programme)
        indicator = self._make_indicator()
        form = Form(
            self.env["ess.indicator.compute"]
            .with_user(self.impact_officer)
            .with_context(default_indicator_ids=indicator.ids)
        )
        form.date_from, form.date_to = date(2026, 5, 1), date(2026, 6, 30)
        form.breakdown = "month"
        action = form.save().action_compute()
        values = self.env["ess.indicator.value"].search(action["domain"])
        self.assertEqual(sorted(values.mapped("value")), [0, 1])

    def test_dates_upside_down(self):
        wizard = self.env["ess.indicator.compute"].create(
            {
                "indicator_ids": self._make_indicator().ids,
                "date_from": date(2026, 6, 1),
                "date_to": date(2026, 5, 1),
            }
        )
        with self.assertRaises(UserError):
            wizard.action_compute()
