from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import EssFundingCommon


@tagged("post_install", "-at_install", "ess")
class TestAnalyticLineGuard(EssFundingCommon):
    """Odoo protects analytic lines by nothing: the guard holds on them too."""

    def setUp(self):
        super().setUp()
        self.column, self.grant_column = self._columns()
        move = self._make_entry([("604000", 1000, {self._share(self.action): 60})])
        self.move_line = move.line_ids.filtered("analytic_distribution")
        self.line = self.move_line.analytic_line_ids

    def test_grant_needs_an_action(self):
        with self.assertRaisesRegex(ValidationError, "without any action"):
            self.env["account.analytic.line"].create(
                {
                    "name": "Loose",
                    "amount": -10,
                    self.grant_column: self.grant.analytic_account_id.id,
                    "company_id": self.company.id,
                }
            )

    def test_amount_cannot_exceed_the_journal_item(self):
        with self.assertRaisesRegex(ValidationError, "can be charged"):
            self.line.amount = -1200

    def test_second_line_cannot_exceed_the_journal_item(self):
        with self.assertRaisesRegex(ValidationError, "can be charged"):
            self.line.with_context(skip_analytic_sync=True).copy({"amount": -500})

    def test_amount_cannot_go_the_other_way(self):
        with self.assertRaisesRegex(ValidationError, "can be charged"):
            self.line.with_context(skip_analytic_sync=True).amount = 100

    def test_smaller_amount_is_accepted(self):
        self.line.amount = -500
        self.assertEqual(
            self.move_line.analytic_distribution, {self._share(self.action): 50.0}
        )

    def test_entry_opens(self):
        action = self.line.action_ess_open_entry()
        self.assertEqual(action["res_id"], self.move_line.move_id.id)
