from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import EssFundingCommon


@tagged("post_install", "-at_install", "ess")
class TestGrantGuard(EssFundingCommon):
    """What may be charged to a grant, and until when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.share = cls._share(cls.action, cls.grant)

    def _charge(self, day="2026-03-01", account="604000", share=None, amount=100):
        lines = [(account, amount, {share or self.share: 100})]
        return self._make_entry(lines, day)

    # === LOCK
    def test_final_report_locks_the_charges_of_its_period(self):
        move = self._charge()
        report = self.env["ess.funder.report"].create(
            {"grant_id": self.grant.id, "date_to": date(2026, 6, 30)}
        )
        report.with_user(self.fundraiser).action_compute()
        report.with_user(self.fundraiser).action_finalise()
        self.assertEqual(self.grant.date_charges_locked, date(2026, 6, 30))
        line = move.line_ids.analytic_line_ids
        for change in (
            lambda: self._charge("2026-06-30"),
            lambda: move.button_draft(),
            lambda: line.unlink(),
            lambda: line.write({"amount": -1}),
            lambda: line.write({"date": "2026-08-01"}),
        ):
            with self.assertRaisesRegex(UserError, "report is final"):
                change()
        self._charge("2026-07-01")
        self._charge("2026-03-01", share=self._share(self.action))

    def test_only_an_administrator_moves_the_lock(self):
        self.grant._lock_charges(date(2026, 6, 30))
        self.grant._lock_charges(date(2026, 3, 31))
        self.assertEqual(self.grant.date_charges_locked, date(2026, 6, 30))
        with self.assertRaisesRegex(UserError, "administrator"):
            self.grant.with_user(self.fundraiser).date_charges_locked = False
        self.grant.with_user(self.funding_manager).date_charges_locked = False
        self._charge()

    def test_entries_of_the_suite_pass_the_lock(self):
        self.grant.date_notified = date(2026, 1, 10)
        self.grant._lock_charges(date(2026, 12, 31))
        self.grant.action_book_award()
        moves = self.env["account.move"].search([("ess_kind", "=", "notified")])
        moves.action_post()
        self._make_entry([("689400", 500, {self.share: 100})])

    # === RULES
    def test_costs_that_do_not_fit_are_shown(self):
        self.grant.write(
            {"date_cost_to": date(2026, 6, 30), "ineligible_prefixes": "67, 681"}
        )
        self._charge("2026-06-30")
        self.assertFalse(self.grant.cost_message)
        self._charge("2026-07-01", amount=30)
        self._charge(account="671000", amount=7)
        self.grant.invalidate_recordset(["cost_message"])
        self.assertIn("30.00", self.grant.cost_message)
        self.assertIn("7.00", self.grant.cost_message)
        domain = self.grant.action_open_cost_problems()["domain"]
        self.assertEqual(len(self._analytic_lines(domain)), 2)

    def test_costs_that_do_not_fit_are_refused(self):
        self.grant.write(
            {
                "guard": "refuse",
                "date_cost_to": date(2026, 6, 30),
                "ineligible_prefixes": "67",
            }
        )
        with self.assertRaisesRegex(UserError, "outside the dates"):
            self._charge("2026-07-01")
        with self.assertRaisesRegex(UserError, "does not accept"):
            self._charge(account="671000")
        self._charge("2026-06-30")
        with self.assertRaises(ValidationError):
            self.grant.ineligible_prefixes = "6%"

    def test_no_cost_in_two_european_operations(self):
        other = self._make_grant(name="Other", actions={self.action: 10}, is_eu=True)
        both = {self.share: 50, self._share(self.action, other): 50}
        self._make_entry([("604000", 100, both)])
        self.grant.is_eu = True
        with self.assertRaisesRegex(ValidationError, "two European operations"):
            self._make_entry([("604000", 100, both)])
        self._charge()

    # === SCREENS
    def test_grants_behind_are_found(self):
        today = fields.Date.today()
        half = relativedelta(days=100)
        grants = self._make_grant(
            actions={self.action: 1000}, date_from=today - half, date_to=today + half
        )
        grants |= self._make_grant(actions={self.action: 1000}, state="closed")
        late = grants.search([("is_under_used", "=", True)]) & grants
        self.assertEqual(late, grants[0])
        self.assertAlmostEqual(grants[0].due_amount, 502.49, 2)
        self._make_entry(
            [("604000", 450, {self._share(self.action, grants[0]): 100})], today
        )
        grants.invalidate_recordset()
        self.assertFalse(grants.search([("is_under_used", "=", True)]) & grants)

    def test_charging_leaves_a_trace(self):
        move = self._make_entry([("604000", 100, None)])
        line = move.line_ids.filtered(lambda one: one.account_id.code == "604000")
        self.env["ess.cost.assign"].create(
            {
                "line_ids": line.ids,
                "action_id": self.action.id,
                "grant_id": self.grant.id,
                "is_indirect": True,
            }
        ).action_assign()
        self.assertIn("Charged to Passerelle", move.message_ids[0].body)
        self.assertIn("Grant A: Line 604000", move.message_ids[0].body)
        self.assertTrue(line.analytic_line_ids.ess_is_indirect)
