from ast import literal_eval

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import EssFundingCommon


@tagged("post_install", "-at_install", "ess")
class TestCostAssign(EssFundingCommon):
    def setUp(self):
        super().setUp()
        moves = self._make_entry([("604000", 100, None)])
        moves |= self._make_entry([("613200", 300, None)])
        self.lines = moves.line_ids.filtered(lambda line: line.balance > 0)

    def _wizard(self, **vals):
        wizard = self.env["ess.cost.assign"].with_user(self.accountant)
        return wizard.create(
            {
                "line_ids": [Command.set(self.lines.ids)],
                "action_id": self.action.id,
                **vals,
            }
        )

    def test_action_and_grant_on_several_lines(self):
        self._wizard(
            grant_id=self.grant.id, percent=100, grant_percent=60
        ).action_assign()
        self.assertEqual(self.grant.spent_amount, 240)
        self.assertEqual(self.action.actual_cost, 400)
        expected = {
            self._share(self.action, self.grant): 60.0,
            self._share(self.action): 40.0,
        }
        for line in self.lines:
            self.assertEqual(line.analytic_distribution, expected)

    def test_own_resources(self):
        self._wizard(percent=50).action_assign()
        self.assertEqual(self.action.actual_cost, 200)
        self.assertFalse(any(self.lines.mapped("ess_has_grant")))

    def test_what_the_association_pays_looks_for_no_grant_any_more(self):
        window = self.env.ref("ess_funding.account_move_line_action_unfunded")
        domain = [*literal_eval(window.domain), ("id", "in", self.lines.ids)]
        items = self.env["account.move.line"]
        self.assertEqual(items.search(domain), self.lines)
        self._wizard().action_assign()
        self.assertFalse(items.search(domain))
        self._wizard(grant_id=self.grant.id).action_assign()
        self.assertFalse(any(self.lines.mapped("ess_is_self_funded")))

    def test_other_plans_stay(self):
        plan = self.env["account.analytic.plan"].create({"name": "Sites"})
        site = self.env["account.analytic.account"].create(
            {"name": "North", "plan_id": plan.id}
        )
        self.lines.analytic_distribution = {str(site.id): 100}
        self._wizard(grant_id=self.grant.id).action_assign()
        for line in self.lines:
            (key,) = line.analytic_distribution
            found = {int(one) for one in key.split(",")}
            twins = self.action.analytic_account_id | self.grant.analytic_account_id
            self.assertEqual(found, {site.id, *twins.ids})

    def test_second_time_replaces_the_first(self):
        self._wizard(grant_id=self.grant.id).action_assign()
        self._wizard(action_id=self.action_2.id).action_assign()
        self.assertEqual(self.grant.spent_amount, 0)
        self.assertEqual(self.action_2.actual_cost, 400)

    def test_grant_above_the_action_is_refused(self):
        wizard = self._wizard(grant_id=self.grant.id, percent=50, grant_percent=60)
        with self.assertRaisesRegex(UserError, "60.00 %"):
            wizard.action_assign()

    def test_share_above_100_is_refused(self):
        with self.assertRaisesRegex(UserError, "between 0 and 100"):
            self._wizard(percent=110).action_assign()

    def test_form_starts_from_the_chosen_lines(self):
        model = self.env["ess.cost.assign"].with_user(self.accountant)
        model = model.with_context(
            active_model="account.move.line", active_ids=self.lines.ids
        )
        form = Form(model)
        form.action_id = self.action
        form.grant_id = self.grant
        form.percent = 80
        self.assertEqual(form.grant_percent, 80)
        self.assertEqual(form.total, 400)
        self.assertIn("320.00", form.preview)
        form.action_id = self.action_2
        self.assertFalse(form.grant_id)
