import ast
import json

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import EssFundingCommon


@tagged("post_install", "-at_install", "ess")
class TestMoveLineGuard(EssFundingCommon):
    """No cost is charged more than once, in the screens accountants know."""

    def _refuse(self, distribution, text):
        with self.assertRaisesRegex(ValidationError, text):
            self._make_entry([("604000", 1000, distribution)], post=False)

    def test_over_100_is_refused_with_figures(self):
        self._refuse(
            {
                self._share(self.action, self.grant): 60,
                self._share(self.action_2): 50,
            },
            "This line charges 110 % of its amount: Passerelle 60 %, Tandem 50 %",
        )

    def test_grant_without_action_is_refused(self):
        self._refuse({self._share(self.grant): 40}, "without any action")

    def test_grant_beside_its_action_is_refused(self):
        # 100 % on the action and 40 % on the grant, not joined: who pays for what?
        self._refuse(
            {self._share(self.action): 60, self._share(self.grant): 40},
            "without any action",
        )

    def test_negative_share_is_refused(self):
        self._refuse(
            {self._share(self.action): 120, self._share(self.action_2): -20}, "negative"
        )

    def test_two_grants_in_one_share_are_refused(self):
        other = self._make_grant(name="Grant B", actions={self.action: 10})
        self._refuse({self._share(self.action, self.grant, other): 10}, "two grants")

    def test_two_actions_in_one_share_are_refused(self):
        self._refuse({self._share(self.action, self.action_2): 10}, "two actions")

    def test_grants_up_to_the_action_are_accepted(self):
        other = self._make_grant(name="Grant B", actions={self.action: 10})
        move = self._make_entry(
            [
                (
                    "604000",
                    1000,
                    {
                        self._share(self.action, self.grant): 30,
                        self._share(self.action, other): 30,
                        self._share(self.action): 40,
                    },
                )
            ]
        )
        self.assertEqual(move.state, "posted")

    def test_other_plans_are_left_alone(self):
        plan = self.env["account.analytic.plan"].create({"name": "Sites"})
        accounts = self.env["account.analytic.account"].create(
            [{"name": name, "plan_id": plan.id} for name in ("North", "South")]
        )
        move = self._make_entry(
            [("604000", 100, {str(account.id): 80 for account in accounts})]
        )
        self.assertEqual(move.state, "posted")

    def test_change_of_posted_line_is_guarded(self):
        move = self._make_entry([("604000", 1000, {self._share(self.action): 100})])
        line = move.line_ids.filtered("analytic_distribution")
        with self.assertRaisesRegex(ValidationError, "150 %"):
            line.analytic_distribution = {self._share(self.action): 150}

    def test_computed_distribution_is_guarded_when_posted(self):
        """A distribution model fills in a computed value: posting looks at it."""
        self.env["account.analytic.distribution.model"].create(
            {
                "account_prefix": "6042",
                "analytic_distribution": {self._share(self.action): 100},
                "company_id": self.company.id,
            }
        )
        model = self.env["account.analytic.distribution.model"].search([], limit=1)
        wrong = {self._share(self.action): 60, self._share(self.grant): 40}
        # Written below the ORM, as a restored or migrated database may hold it.
        self.env.cr.execute(
            "UPDATE account_analytic_distribution_model SET analytic_distribution = %s"
            " WHERE id = %s",
            [json.dumps(wrong), model.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(ValidationError, "without any action"):
            self._make_entry([("604200", 1000, None)])

    def test_distribution_model_is_guarded(self):
        with self.assertRaisesRegex(ValidationError, "120 %"):
            self.env["account.analytic.distribution.model"].create(
                {"analytic_distribution": {self._share(self.action): 120}}
            )

    def test_vendor_bill_carries_the_distribution(self):
        bill = (
            self.env["account.move"]
            .with_user(self.accountant)
            .create(
                {
                    "move_type": "in_invoice",
                    "partner_id": self.funder.id,
                    "invoice_date": "2026-03-01",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Workshop",
                                "account_id": self._account("604000").id,
                                "price_unit": 500,
                                "tax_ids": [],
                                "analytic_distribution": {
                                    self._share(self.action, self.grant): 100
                                },
                            }
                        )
                    ],
                }
            )
        )
        bill.action_post()
        self.assertEqual(self.grant.spent_amount, 500)

    def test_has_action_and_has_grant(self):
        both = self._make_entry(
            [("604000", 10, {self._share(self.action, self.grant): 100})]
        )
        action_only = self._make_entry(
            [("604000", 10, {self._share(self.action): 100})]
        )
        none = self._make_entry([("604000", 10, None)])
        moves = both | action_only | none
        lines = moves.line_ids.filtered(lambda line: line.account_id.code == "604000")
        self.assertEqual(lines.mapped("ess_has_action"), [True, True, False])
        self.assertEqual(lines.mapped("ess_has_grant"), [True, False, False])
        for name in ("ess_has_action", "ess_has_grant"):
            for value in (True, False):
                found = lines.search([("id", "in", lines.ids), (name, "=", value)])
                expected = lines.filtered(lambda line, n=name, v=value: line[n] == v)
                self.assertEqual(found, expected, (name, value))

    def test_unfunded_list_shows_what_lacks_a_payer(self):
        self.env["account.move.line"].search([]).flush_recordset()
        paid = self._make_entry(
            [("604000", 10, {self._share(self.action, self.grant): 100})]
        )
        unpaid = self._make_entry([("604000", 10, {self._share(self.action): 100})])
        draft = self._make_entry([("604000", 10, None)], post=False)
        window = self.env.ref("ess_funding.account_move_line_action_unfunded")
        domain = ast.literal_eval(window.domain)
        found = self.env["account.move.line"].search(domain)
        self.assertTrue(found & unpaid.line_ids)
        self.assertFalse(found & (paid.line_ids | draft.line_ids))
