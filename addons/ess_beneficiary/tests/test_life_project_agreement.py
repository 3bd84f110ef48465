import base64
from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import EssBeneficiaryCommon

PIXEL = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
        "awAAAABJRU5ErkJggg=="
    )
)


@tagged("post_install", "-at_install", "ess")
class TestLifeProjectAgreement(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._make_beneficiary(team=cls.worker, first_name="Awa")
        person = cls.person.with_user(cls.worker)
        person.life_project_words = "I want a room"
        person.goal_ids = [
            Command.create({"words": "A room", "rank": 1}),
            Command.create({"words": "Papers", "rank": 2}),
        ]
        cls.project = person.life_project_id

    def _answer(self, agreement, **vals):
        wizard = (
            self.env["ess.life.project.agree"]
            .with_user(self.worker)
            .create(
                {
                    "life_project_id": self.project.id,
                    "agreement": agreement,
                    **vals,
                }
            )
        )
        return wizard.action_confirm()

    def test_signed_on_screen(self):
        self._answer("signed", signature=PIXEL, worker_signature=PIXEL)
        self.assertRecordValues(
            self.project,
            [
                {
                    "agreement": "signed",
                    "signed_on": "screen",
                    "signature": PIXEL,
                    "agreement_date": date.today(),
                    "agreement_user_id": self.worker.id,
                }
            ],
        )

    def test_each_answer_asks_for_its_proof(self):
        for agreement in ("signed", "interpreter", "not_able"):
            with self.assertRaises(UserError):
                self._answer(agreement)
        self.assertFalse(self.project.agreement)

    def test_agreed_aloud_with_an_interpreter(self):
        self._answer("interpreter", language="Pashto", note="Mr Khan, by phone")
        self.assertEqual(self.project.agreement_language, "Pashto")
        self.assertTrue(self.person.is_life_project_agreed)

    def test_refusal_needs_no_reason_and_freezes_nothing(self):
        self._answer("not_wanted")
        self.assertFalse(self.person.is_life_project_agreed)
        self.person.with_user(self.worker).life_project_words = "Other words"
        self._answer("oral")
        self.assertEqual(self.project.agreement, "oral")

    def test_agreed_version_is_frozen(self):
        self._answer("oral")
        goal = self.project.goal_ids[0]
        for change in (
            lambda: goal.write({"words": "A flat"}),
            lambda: goal.write({"rank": 9}),
            lambda: goal.unlink(),
            lambda: goal.copy(),
            lambda: self.person.with_user(self.worker).write(
                {"goal_ids": [Command.create({"words": "A job"})]}
            ),
            lambda: self.project.write({"words": "Other"}),
            lambda: self.project.write({"agreement": False}),
            lambda: self.project.write({"agreement_date": "2020-01-01"}),
            lambda: self.project.with_user(self.coordinator).unlink(),
        ):
            with self.assertRaises(UserError):
                change()

    def test_life_goes_on_in_an_agreed_version(self):
        self._answer("oral")
        goal = self.project.goal_ids[0]
        goal.write({"progress_person": "4", "state": "reached", "words": goal.words})
        self.assertEqual(goal.date_reached, date.today())

    def test_spoken_agreement_can_be_signed_later(self):
        self._answer("oral")
        self._answer("signed", signature=PIXEL)
        self.assertEqual(self.project.agreement, "signed")

    def _print(self):
        self.project.action_print()
        return self.project.sudo().print_code

    def _bring_back(self, code, user=None):
        return (
            self.env["ess.life.project.scan"]
            .with_user(user or self.worker)
            .create({"code": code, "scan": PIXEL, "scan_name": "sheet.png"})
            .action_attach()
        )

    def test_scan_finds_its_project(self):
        code = self._print()
        self.assertEqual(len(code), 10)
        action = self._bring_back(f" {code[:5].lower()} {code[5:].lower()} ")
        self.assertEqual(action["res_id"], self.project.id)
        self.assertRecordValues(
            self.project,
            [{"agreement": "signed", "signed_on": "paper", "signed_scan": PIXEL}],
        )
        with self.assertRaises(UserError):
            self._bring_back(code)

    def test_printing_again_keeps_the_code(self):
        self.assertEqual(self._print(), self._print())

    def test_scan_of_another_text_is_refused(self):
        code = self._print()
        self.project.words = "Something else"
        with self.assertRaises(UserError):
            self._bring_back(code)
        self.assertFalse(self.project.agreement)

    def test_scan_must_be_a_picture_or_a_pdf(self):
        code = self._print()
        with self.assertRaises(UserError):
            self.env["ess.life.project.scan"].with_user(self.worker).create(
                {"code": code, "scan": base64.b64encode(b"#!/bin/sh")}
            ).action_attach()
        self.assertFalse(self.project.agreement)

    def test_unknown_code_and_another_team_get_the_same_answer(self):
        code = self._print()
        with self.assertRaises(UserError) as unknown:
            self._bring_back("AAAAAAAAAA", self.worker2)
        with self.assertRaises(UserError) as other:
            self._bring_back(code, self.worker2)
        self.assertEqual(
            str(unknown.exception).replace("AAAAAAAAAA", "…"),
            str(other.exception).replace(code, "…"),
        )
        with self.assertRaises(UserError):
            self._bring_back("  ")

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_another_team_does_not_agree_nor_print(self):
        project = self.project.with_user(self.worker2)
        with self.assertRaises(AccessError):
            project.action_print()
        wizard = (
            self.env["ess.life.project.agree"]
            .with_user(self.worker2)
            .create({"life_project_id": self.project.id, "agreement": "oral"})
        )
        with self.assertRaises(AccessError):
            wizard.action_confirm()

    def test_sheet_says_words_goals_and_code(self):
        code = self._print()
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.worker)
            ._render_qweb_html("ess_beneficiary.report_life_project", self.project.ids)
        )
        for text in ("I want a room", "Papers", f"{code[:5]} {code[5:]}", "Awa"):
            self.assertIn(text, html.decode())
        self.assertIn("Signature of the person, date", html.decode())
        self.company.beneficiary_word = "habitante"
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.worker)
            ._render_qweb_html("ess_beneficiary.report_life_project", self.project.ids)
        )
        self.assertIn("Signature (habitante), date", html.decode())

    def test_word_of_the_association(self):
        self.company.life_project_word = "Projet personnalisé"
        self.assertIn("Projet personnalisé", self.project.display_name)
        arch = (
            self.env["ess.beneficiary"]
            .with_user(self.worker)
            .get_view(view_type="form")
        )["arch"]
        self.assertIn('name="project" string="Projet personnalisé"', arch)
        self.company.life_project_word = False
        arch = (
            self.env["ess.beneficiary"]
            .with_user(self.worker)
            .get_view(view_type="form")
        )["arch"]
        self.assertNotIn("Projet personnalisé", arch)

    def test_form_of_the_answer(self):
        form = Form(
            self.env["ess.life.project.agree"]
            .with_user(self.worker)
            .with_context(default_life_project_id=self.project.id)
        )
        form.agreement = "not_able"
        form.note = "Broken hand"
        form.save().action_confirm()
        self.assertEqual(self.project.agreement_note, "Broken hand")

    # === DIFFERENCE

    def _next_version(self):
        self.person.with_user(self.worker).action_new_life_project_version()
        return self.person.life_project_id.with_user(self.worker)

    def test_difference_of_words(self):
        project = self._next_version()
        project.words = "I want a <b>flat</b>"
        html = project.difference
        self.assertIn("<del>", html)
        self.assertIn("room</del>", html)
        self.assertIn("&lt;b&gt;flat", html.replace("&lt;</span>", "&lt;"))
        self.assertNotIn("<b>", html)
        self.assertIn("removed:", html)
        self.assertFalse(self.project.difference)

    def test_difference_of_goals(self):
        project = self._next_version()
        room, papers = project.goal_ids
        papers.rank, room.rank = 1, 2
        room.words = "A room alone"
        self.env["ess.goal"].with_user(self.worker).create(
            {"life_project_id": project.id, "words": "A dog", "rank": 3}
        )
        html = project.difference
        self.assertIn("Matters more now: Papers", html)
        self.assertIn("Said otherwise:", html)
        self.assertIn("New goal:", html)
        papers.unlink()
        self.assertIn("No longer a goal:", project.difference)

    def test_same_version_says_so(self):
        html = self._next_version().difference
        self.assertIn("The words are the same.", html)
        self.assertIn("The goals are the same.", html)

    # === REVIEWS

    def _remind(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "ess_beneficiary.ir_cron_remind_reviews"
            ).method_direct_trigger()

    def test_review_is_reminded_once(self):
        self.project.date_review = date.today() - timedelta(days=2)
        self._remind()
        self._remind()
        self.assertEqual(self.person.activity_ids.user_id, self.worker)
        self.assertEqual(len(self.person.activity_ids), 1)

    def test_reminder_that_was_done_does_not_come_back(self):
        self.project.date_review = date.today()
        self._remind()
        self.person.activity_ids.action_feedback()
        self._remind()
        self.assertFalse(self.person.activity_ids)

    def test_moved_review_withdraws_its_reminder(self):
        self.project.date_review = date.today()
        self._remind()
        self.project.date_review = date.today() + timedelta(days=90)
        self.assertFalse(self.person.activity_ids)
        self.project.date_review = date.today() - timedelta(days=1)
        self._remind()
        self.assertEqual(len(self.person.activity_ids), 1)

    def test_review_not_due_and_review_without_referent(self):
        self.project.date_review = date.today() + timedelta(days=1)
        nobody = self._make_beneficiary()
        self.env["ess.life.project"].create(
            {"beneficiary_id": nobody.id, "date_review": date.today()}
        )
        self._remind()
        self.assertFalse(self.person.activity_ids | nobody.activity_ids)

    def test_new_version_proposes_a_review(self):
        self.company.life_project_review_months = 3
        project = self._next_version()
        self.assertGreater(project.date_review, date.today() + timedelta(days=80))
        self.company.life_project_review_months = 0
        self.assertFalse(self._next_version().date_review)
