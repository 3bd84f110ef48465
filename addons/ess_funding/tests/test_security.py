from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EssFundingCommon

MODELS = (
    "ess.cerfa.line",
    "ess.grant.nature",
    "ess.funding.action",
    "ess.budget",
    "ess.budget.line",
    "ess.grant",
    "ess.grant.share",
    "ess.funder.report",
    "ess.funder.report.line",
    "ess.year.end.line",
    "ess.year.end.sheet",
)
CONFIGURATION = ("ess.cerfa.line", "ess.grant.nature")
# Figures that the suite works out: read by all levels, written by none.
COMPUTED = ("ess.funder.report.line", "ess.year.end.line", "ess.year.end.sheet")
NO_DELETION = (*CONFIGURATION, "ess.funding.action", "ess.grant")
PERSONS = (
    "ess.beneficiary",
    "ess.enrolment",
    "ess.presence",
    "ess.situation",
    "ess.goal",
)


@tagged("post_install", "-at_install", "ess", "security")
class TestSecurity(EssFundingCommon):
    """One test per level; none of them opens the door to a person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budget = cls._make_budget(amounts={"604": 10, "74dep": 10})
        cls.report = cls.env["ess.funder.report"].create({"grant_id": cls.grant.id})
        cls.report.action_compute()
        elsewhere = cls.env["ess.funding.action"].create(
            {"name": "Elsewhere", "company_id": cls.company_2.id}
        )
        cls.foreign = {
            "ess.funding.action": elsewhere,
            "ess.grant": cls.env["ess.grant"].create(
                {
                    "name": "Foreign",
                    "funder_id": cls.funder.id,
                    "company_id": cls.company_2.id,
                    "date_from": date(2026, 1, 1),
                    "date_to": date(2026, 12, 31),
                    "amount": 1,
                }
            ),
            "ess.budget": cls._make_budget(elsewhere),
        }

    def _record(self, model):
        return self.env[model].search([], limit=1)

    def _rights(self, user):
        """What a user may do on each model, by letters."""
        return {
            model: "".join(
                letter
                for letter, operation in zip(
                    "rwcu", ("read", "write", "create", "unlink"), strict=True
                )
                if self.env[model].with_user(user).has_access(operation)
            )
            for model in MODELS
        }

    def test_viewer_reads_only(self):
        self.assertEqual(self._rights(self.funding_viewer), dict.fromkeys(MODELS, "r"))
        self.grant.with_user(self.funding_viewer).read(["name", "spent_amount"])
        self.action.with_user(self.funding_viewer).read(["actual_cost"])
        with self.assertRaises(AccessError):
            self.grant.with_user(self.funding_viewer).amount = 5
        with self.assertRaises(AccessError):
            self.report.with_user(self.funding_viewer).action_compute()

    def test_officer_keeps_grants_and_deletes_drafts(self):
        expected = dict.fromkeys(MODELS, "rwcu")
        expected |= {"ess.grant": "rwc", "ess.funding.action": "rwc"}
        expected |= dict.fromkeys((*CONFIGURATION, *COMPUTED), "r")
        self.assertEqual(self._rights(self.fundraiser), expected)
        self.budget.with_user(self.fundraiser).action_validate()
        self.report.with_user(self.fundraiser).variances = "Work has begun"
        self.report.with_user(self.fundraiser).action_finalise()
        with self.assertRaises(AccessError):
            self.grant.with_user(self.fundraiser).unlink()

    def test_manager_does_all(self):
        expected = dict.fromkeys(MODELS, "rwcu") | dict.fromkeys(COMPUTED, "r")
        self.assertEqual(self._rights(self.funding_manager), expected)

    def test_figures_of_a_draft_report_are_not_typed(self):
        for user in (self.fundraiser, self.funding_manager):
            report = self.report.with_user(user)
            line = report.line_ids[0]
            with self.assertRaises(AccessError):
                line.value = 999999
            with self.assertRaises(AccessError):
                report.line_ids = [Command.update(line.id, {"value": 999999})]
            with self.assertRaises(AccessError):
                report.line_ids = [Command.delete(line.id)]
            report.action_compute()
            self.assertNotIn(999999, report.line_ids.mapped("value"))

    def test_proposals_of_a_year_end_are_not_typed(self):
        closing = self.env["ess.year.end"].with_user(self.accountant)
        closing = closing.create(
            {"date_to": date(2026, 12, 31), "company_id": self.company.id}
        )
        self._make_entry(
            [("741000", -80000, {self._share(self.action, self.grant): 100})],
            user=self.env.user,
        )
        self.env["ess.in.kind"].create(
            {
                "name": "Volunteers",
                "date": date(2026, 6, 1),
                "action_id": self.action.id,
                "amount": 10,
            }
        )
        closing.action_propose()
        self.assertEqual(closing.state, "proposed")
        for record in (closing.line_ids[0], closing.sheet_ids[0]):
            with self.assertRaises(AccessError):
                record.company_id = self.company.id
        with self.assertRaises(AccessError):
            closing.line_ids = [Command.update(closing.line_ids[0].id, {"amount": 9})]
        with self.assertRaises(UserError):
            closing.state = "posted"
        with self.assertRaises(UserError):
            closing.create({"date_to": date(2025, 12, 31), "state": "posted"})

    def test_reader_presses_no_button_of_a_year_end(self):
        closing = self.env["ess.year.end"].create(
            {"date_to": date(2026, 12, 31), "company_id": self.company.id}
        )
        closing.action_propose()
        closing = closing.with_user(self.funding_viewer)
        for button in ("propose", "make_entries", "discard", "post", "reverse"):
            with self.assertRaises(AccessError):
                getattr(closing, f"action_{button}")()
        with self.assertRaises(AccessError):
            self.report.with_user(self.funding_viewer).action_compare()

    def test_others_do_nothing(self):
        users = self.worker | self.reception | self.internal_user | self.portal_user
        for user in users:
            self.assertEqual(self._rights(user), dict.fromkeys(MODELS, ""), user.login)

    def test_funding_gives_no_access_to_persons(self):
        users = self.funding_viewer | self.fundraiser | self.accountant
        users |= self.funding_manager
        for user in users:
            for model in PERSONS:
                self.assertFalse(self.env[model].with_user(user).has_access("read"))

    def test_other_company_does_not_exist(self):
        for model, record in self.foreign.items():
            found = self.env[model].with_user(self.fundraiser).search([])
            self.assertNotIn(record, found)
            with (
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_rule"),
            ):
                record.with_user(self.fundraiser).read(["name"])
        own = self.env["ess.grant"].with_user(self.funding_elsewhere).search([])
        self.assertEqual(own, self.foreign["ess.grant"])

    def test_fundraiser_reads_no_entry(self):
        for model in ("account.move", "account.move.line", "account.analytic.line"):
            self.assertFalse(
                self.env[model].with_user(self.fundraiser).has_access("read")
            )

    def test_statement_belongs_to_whoever_opened_it(self):
        statement = (
            self.env["ess.funding.statement"]
            .with_user(self.fundraiser)
            .create({"action_id": self.action.id})
        )
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            statement.with_user(self.funding_viewer).read(["date_from"])

    def test_viewer_opens_planned_and_actual(self):
        self._make_entry([("604000", 7, {self._share(self.action): 100})])
        action = self.action.with_user(self.funding_viewer).action_open_statement()
        statement = self.env["ess.funding.statement"].browse(action["res_id"])
        statement = statement.with_user(self.funding_viewer)
        self.assertIn(7.0, statement.line_ids.mapped("actual"))

    def test_profiles_give_the_groups(self):
        groups = {
            "accountant": (
                "ess_funding.group_funding_officer",
                "account.group_account_user",
            ),
            "fundraiser": ("ess_funding.group_funding_officer",),
            "director": (
                "ess_funding.group_funding_viewer",
                "account.group_account_readonly",
            ),
            "administrator": ("ess_funding.group_funding_manager",),
        }
        for profile, names in groups.items():
            found = self.env.ref(f"ess_beneficiary.profile_{profile}").group_ids
            for name in names:
                self.assertIn(self.env.ref(name), found, profile)
