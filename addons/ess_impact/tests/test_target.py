from datetime import date

from odoo.tests import tagged

from .common import EssImpactCommon


@tagged("post_install", "-at_install", "ess")
class TestTarget(EssImpactCommon):
    """A target stands beside the figure, for a programme or the whole."""

    def test_progress(self):
        indicator = self._make_indicator()
        for day in (date(2026, 5, 4), date(2026, 5, 5)):
            self._make_day_presence(day, self.programme)
        self._make_day_presence(date(2026, 5, 6), self.programme_2)
        vals = {
            "indicator_id": indicator.id,
            "date_from": self.year[0],
            "date_to": self.year[1],
            "target": 4,
        }
        targets = self.env["ess.indicator.target"].create(
            [vals, dict(vals, programme_id=self.programme.id), dict(vals, target=0)]
        )
        self.assertRecordValues(
            targets,
            [
                {"value": 3, "progress": 75},
                {"value": 2, "progress": 50},
                {"value": 3, "progress": 0},
            ],
        )

    def test_records_of_a_target(self):
        indicator = self._make_indicator()
        presence = self._make_day_presence(date(2026, 5, 4), self.programme)
        self._make_day_presence(date(2026, 5, 6), self.programme_2)
        target = self.env["ess.indicator.target"].create(
            {
                "indicator_id": indicator.id,
                "programme_id": self.programme.id,
                "date_from": self.year[0],
                "date_to": self.year[1],
                "target": 4,
            }
        )
        action = target.action_open_records()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, presence)
