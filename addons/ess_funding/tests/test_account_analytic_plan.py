from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import EssFundingCommon


@tagged("post_install", "-at_install", "ess")
class TestAnalyticPlan(EssFundingCommon):
    def test_plans_have_their_own_columns(self):
        action, grant = self._columns()
        self.assertNotEqual(action, grant)
        self.assertIn(action, self.env["account.analytic.line"]._fields)
        self.assertIn(grant, self.env["account.analytic.line"]._fields)

    def test_percentages_have_eight_digits(self):
        precision = self.env["decimal.precision"]
        self.assertEqual(precision.precision_get("Percentage Analytic"), 8)

    def test_plan_cannot_be_deleted(self):
        with self.assertRaisesRegex(UserError, "Actions and Funding"):
            self.env.ref("ess_funding.analytic_plan_actions").unlink()

    def test_three_thirds_charge_the_whole(self):
        third = {
            self._share(self.action, self.grant): 33.33333333,
            self._share(self.action): 33.33333333,
            self._share(self.action_2): 33.33333334,
        }
        move = self._make_entry([("604000", 10000, third)])
        lines = self._analytic_lines([("move_line_id", "in", move.line_ids.ids)])
        self.assertEqual(round(sum(lines.mapped("amount")), 2), -10000)
