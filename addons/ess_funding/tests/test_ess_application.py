from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import format_date

from .common import EssFundingCommon


@tagged("post_install", "-at_install", "ess")
class TestApplication(EssFundingCommon):
    """From the call for projects to the grant."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.platform = cls.env["ess.platform"].create(
            {
                "name": "Form",
                "field_ids": [
                    Command.create({"name": "Title", "fill_with": "project"}),
                    Command.create({"name": "SIRET", "fill_with": "siret"}),
                    Command.create({"name": "Objectives", "max_length": 20}),
                    Command.create({"name": "Period", "fill_with": "period"}),
                    Command.create({"name": "Asked", "fill_with": "amount"}),
                ],
            }
        )
        cls.call = (
            cls.env["ess.call"]
            .with_user(cls.fundraiser)
            .create(
                {
                    "name": "Mentoring 2026",
                    "funder_id": cls.funder.id,
                    "platform_id": cls.platform.id,
                    "date_deadline": date(2026, 3, 1),
                    "amount_min": 1000,
                    "amount_max": 20000,
                    "rate_max": 50,
                }
            )
        )
        cls.budget = cls._make_budget(
            cls.action_2, amounts={"604": 12000, "74dep": 12000}
        )
        cls.application = cls._apply(cls.call)

    @classmethod
    def _apply(cls, call, **values):
        return (
            cls.env["ess.application"]
            .with_user(cls.fundraiser)
            .create(
                {
                    "call_id": call.id,
                    "action_id": cls.action_2.id,
                    "budget_id": cls.budget.id,
                    "amount_asked": 5000,
                    **values,
                }
            )
        )

    def _stage(self, key):
        return self.env.ref(f"ess_funding.ess_application_stage_{key}")

    # === CALLS
    def test_going_makes_one_application(self):
        call = self.call.copy()
        call.action_go()
        call.action_go()
        self.assertEqual(call.opinion, "go")
        self.assertEqual(call.application_count, 1)
        self.assertEqual(call.application_ids.funder_id, self.funder)

    def test_not_going_asks_why(self):
        with self.assertRaisesRegex(UserError, "Say in a few words"):
            self.call.action_no_go()
        self.call.opinion_reason = "Too late"
        self.call.action_no_go()
        self.assertEqual(self.call.opinion, "no")

    def test_over_calls_are_found(self):
        calls = self.env["ess.call"]
        today = fields.Date.today()
        new = calls.create(
            {"name": "New", "date_deadline": today + relativedelta(days=1)}
        )
        always = calls.create({"name": "Always open"})
        self.call.date_deadline = today - relativedelta(days=1)
        over = calls.search([("is_over", "=", True)])
        self.assertIn(self.call, over)
        self.assertFalse((new + always) & over)
        self.assertIn(always, calls.search([("is_over", "=", False)]))

    # === MONEY
    def test_application_takes_what_the_call_says(self):
        self.assertRecordValues(
            self.application,
            [
                {
                    "name": "Mentoring 2026",
                    "funder_id": self.funder.id,
                    "date_deadline": date(2026, 3, 1),
                    "platform_id": self.platform.id,
                    "bucket": "open",
                }
            ],
        )

    def test_expected_amount_follows_the_stage(self):
        self._stage("study").probability = 10
        self.assertEqual(self.application.amount_expected, 500)
        self.application.stage_id = self._stage("review")
        self.assertEqual(self.application.amount_expected, 3000)
        self._stage("review").probability = 33.33
        self.assertEqual(self.application.amount_expected, 1666.5)

    def test_limits_of_the_call_warn(self):
        self.assertFalse(self.application.warning)
        self.application.amount_asked = 6001
        self.assertIn("50 %", self.application.warning)
        self.application.amount_asked = 25000
        self.assertIn("at most", self.application.warning)
        self.application.amount_asked = 10
        self.assertIn("at least", self.application.warning)

    def test_late_report_to_the_same_funder_warns(self):
        today = fields.Date.today()
        self.grant.write(
            {
                "date_from": today - relativedelta(months=20),
                "date_to": today - relativedelta(months=7),
            }
        )
        self.application.invalidate_recordset(["warning"])
        self.assertIn("Grant A", self.application.warning)
        self.grant.state = "closed"
        self.application.invalidate_recordset(["warning"])
        self.assertFalse(self.application.warning)

    # === STEPS
    def test_what_is_wrong_is_not_sent(self):
        self.application.amount_asked = 0
        with self.assertRaisesRegex(UserError, "amount that you ask"):
            self.application.action_send()
        self.application.amount_asked = 5000
        line = self.budget.line_ids.filtered("amount")[0]
        line.amount += 1
        self.budget.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "missing"):
            self.application.action_send()
        line.amount -= 1
        self.budget.invalidate_recordset()
        self.application.action_prepare_answers()
        answer = self.application.answer_ids.filtered("max_length")
        answer.text = "x" * 21
        with self.assertRaisesRegex(UserError, "too long.*Objectives"):
            self.application.action_send()
        answer.text = "x" * 20
        self.application.action_send()
        self.assertEqual(self.application.bucket, "sent")
        self.assertEqual(self.application.date_sent, fields.Date.today())

    def test_granted_makes_the_grant(self):
        with self.assertRaisesRegex(UserError, "amount granted"):
            self.application.action_win()
        self.application.amount_granted = 4500
        self.application.action_win()
        grant = self.application.grant_id
        self.assertRecordValues(
            grant, [{"amount": 4500, "state": "notified", "funder_id": self.funder.id}]
        )
        self.assertEqual(grant.share_ids.action_id, self.action_2)
        self.assertEqual(self.budget.grant_id, grant)
        self.assertEqual(self.application.amount_expected, 4500)
        self.assertEqual(self.application.bucket, "won")
        self.application.action_win()
        self.assertEqual(self.application.grant_id, grant, "made once")
        with self.assertRaisesRegex(UserError, "archive"):
            self.application.with_user(self.funding_manager).unlink()

    def test_card_is_not_dragged_to_granted(self):
        with self.assertRaisesRegex(UserError, "press"):
            self.application.stage_id = self._stage("won")

    def test_refusal_says_why(self):
        with self.assertRaisesRegex(UserError, "Say why"):
            self.application.action_lose()
        self.application.lost_reason = "Many requests"
        self.application.action_lose()
        self.assertEqual(self.application.bucket, "lost")
        self.assertEqual(self.application.amount_expected, 0)

    # === WORDS
    def test_sheet_follows_the_form(self):
        self.company.company_registry = "99999999800019"
        self.application.action_prepare_answers()
        answers = self.application.answer_ids
        self.assertEqual(
            answers.mapped("name"), ["Title", "SIRET", "Objectives", "Period", "Asked"]
        )
        self.assertEqual(answers[0].text, "Mentoring 2026")
        self.assertEqual(answers[1].text, "99999999800019")
        self.assertIn(format_date(self.env, date(2026, 12, 31)), answers[3].text)
        answers[2].text = "Kept"
        self.application.action_prepare_answers()
        self.assertEqual(len(self.application.answer_ids), 5)
        self.assertEqual(self.application.answer_ids[2].text, "Kept")

    def test_library_gives_a_copy(self):
        text = self.env["ess.answer"].create(
            {"name": "Who we are", "topic": "association", "text": "An association"}
        )
        self.application.action_prepare_answers()
        answer = self.application.answer_ids[2]
        answer.library_id = text
        self.assertEqual(answer.text, "An association")
        self.assertEqual(answer.character_count, 14)
        answer.text = "Ours"
        text.text = "Changed"
        self.assertEqual(answer.text, "Ours")

    def test_sheet_needs_a_form(self):
        self.application.platform_id = False
        with self.assertRaisesRegex(UserError, "Choose the platform"):
            self.application.action_prepare_answers()

    def test_columns_show_all_stages(self):
        applications = self.env["ess.application"].with_context(read_group_expand=True)
        groups = applications.web_read_group(
            [("id", "=", self.application.id)], ["stage_id"], ["amount_expected:sum"]
        )["groups"]
        stages = self.env["ess.application.stage"].search_count([])
        self.assertEqual(len(groups), stages)
