from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common import EssImpactCommon


@tagged("post_install", "-at_install", "ess")
@freeze_time("2026-05-10")
class TestLive(EssImpactCommon):
    """Cards show this year beside the same days of last year."""

    def test_year_to_date(self):
        indicator = self._make_indicator(unit="presences")
        for day in (
            date(2025, 5, 1),
            date(2025, 6, 1),
            date(2026, 1, 1),
            date(2026, 5, 10),
        ):
            self._make_day_presence(day, beneficiary=self._make_beneficiary())
        self.assertRecordValues(
            indicator,
            [
                {
                    "year_value": 2,
                    "year_text": "2 presences",
                    "last_year_text": "1 presences",
                    "year_change": "+1 since last year",
                }
            ],
        )

    def test_target_of_the_year(self):
        indicator = self._make_indicator()
        self.assertFalse(indicator.year_target_text)
        self.env["ess.indicator.target"].create(
            {"indicator_id": indicator.id, "target": 120}
        )
        self.assertEqual(indicator.year_target_text, "120")

    def test_same_as_last_year(self):
        indicator = self._make_indicator()
        self.assertEqual(indicator.year_change, "as last year")

    def test_no_change_without_value(self):
        rate = self._make_indicator(kind="formula", formula="1 / 0")
        self.assertRecordValues(rate, [{"year_text": "–", "year_change": False}])

    def test_viewer_sees_the_cards(self):
        cards = self.env["ess.indicator"].with_user(self.impact_viewer).search([])
        self.assertTrue(all(cards.mapped("year_text")))

    def test_open_values(self):
        indicator = self._make_indicator()
        action = indicator.action_open_values()
        self.assertEqual(action["domain"], [("indicator_id", "in", indicator.ids)])
