from datetime import date

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EssFundingCommon


@tagged("post_install", "-at_install", "ess")
class TestGrant(EssFundingCommon):
    def test_grant_has_its_analytic_account(self):
        account = self.grant.analytic_account_id
        self.assertEqual(
            account.root_plan_id, self.env.ref("ess_funding.analytic_plan_funding")
        )
        self.assertEqual(account.name, "Grant A")
        self.assertEqual(account.company_id, self.company)

    def test_account_follows_the_name_and_the_archive(self):
        self.grant.name = "Grant A, 2026"
        account = self.grant.analytic_account_id
        self.assertEqual(account.name, "Grant A, 2026")
        self.assertEqual(account.with_context(lang="fr_FR").name, "Grant A, 2026")
        self.grant.active = False
        self.assertFalse(account.active)

    def test_fundraiser_needs_no_accounting_rights(self):
        grant = (
            self.env["ess.grant"]
            .with_user(self.fundraiser)
            .create(
                {
                    "name": "New",
                    "funder_id": self.funder.id,
                    "date_from": date(2026, 1, 1),
                    "date_to": date(2026, 12, 31),
                    "amount": 10,
                    "share_ids": [
                        Command.create({"action_id": self.action.id, "amount": 5})
                    ],
                }
            )
        )
        self.assertTrue(grant.sudo().analytic_account_id)
        self.assertEqual(grant.unshared_amount, 5)

    def test_shares_do_not_exceed_the_amount(self):
        with self.assertRaisesRegex(ValidationError, "90,000"):
            self.grant.share_ids.amount = 90000
        with self.assertRaisesRegex(ValidationError, "70,000"):
            self.grant.amount = 70000

    @mute_logger("odoo.sql_db")
    def test_one_share_per_action(self):
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.grant.share_ids = [
                Command.create({"action_id": self.action.id, "amount": 0})
            ]

    def test_states_follow_each_other(self):
        grant = self._make_grant(actions={self.action: 10}, state="draft")
        for step, state in (
            ("action_notify", "notified"),
            ("action_start", "running"),
            ("action_report", "reporting"),
            ("action_close", "closed"),
        ):
            getattr(grant, step)()
            self.assertEqual(grant.state, state)
        with self.assertRaisesRegex(UserError, "cannot become"):
            grant.action_refuse()

    def test_spent_counts_posted_expenses_only(self):
        key = self._share(self.action, self.grant)
        self._make_entry([("604000", 1000, {key: 40})])
        self._make_entry([("604000", 500, {key: 100})], post=False)
        self._make_entry([("741000", -80000, {key: 100})])
        self.assertEqual(self.grant.spent_amount, 400)
        self.assertEqual(self.grant.remaining_amount, 79600)
        self.assertEqual(self.grant.spent_rate, 0.5)

    def test_overspent_is_said_in_euros(self):
        self._make_entry(
            [("604000", 80100, {self._share(self.action, self.grant): 100})]
        )
        self.assertIn("100.00", self.grant.over_spent_message)

    def test_charged_grant_is_not_deleted(self):
        self._make_entry([("604000", 10, {self._share(self.action, self.grant): 100})])
        with self.assertRaisesRegex(UserError, "Archive it"):
            self.grant.unlink()

    def test_unused_grant_takes_its_account_along(self):
        grant = self._make_grant(actions={self.action: 1})
        account = grant.analytic_account_id
        grant.unlink()
        self.assertFalse(account.exists())

    def test_statement_needs_an_action(self):
        grant = self._make_grant(amount=10)
        with self.assertRaisesRegex(UserError, "no action"):
            grant.action_open_statement()

    def test_costs_open_the_analytic_lines(self):
        self._make_entry([("604000", 10, {self._share(self.action, self.grant): 100})])
        action = self.grant.with_user(self.accountant).action_open_costs()
        lines = self._analytic_lines(action["domain"])
        self.assertEqual(sum(lines.mapped("amount")), -10)
