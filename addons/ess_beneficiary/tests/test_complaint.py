"""Complaints: answered outside the team, and anonymous ones lead to nobody."""

from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import EssBeneficiaryCommon
from .test_portal import PortalCommon


@tagged("post_install", "-at_install", "ess", "ess_access")
class TestComplaint(EssBeneficiaryCommon):
    """Who notes, who reads, who answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._make_beneficiary(team=cls.worker)

    def _note(self, user=None, **vals):
        """Note a complaint in the window, and return it as superuser."""
        before = self.env["ess.complaint"].search([])
        window = (
            self.env["ess.complaint.note"]
            .with_user(user or self.worker)
            .create(
                {"beneficiary_id": self.person.id, "words": "Nobody listens", **vals}
            )
        )
        window.action_send()
        self.assertFalse(window.exists())
        return self.env["ess.complaint"].search([]) - before

    def test_clock_and_activity(self):
        complaint = self._note()
        today = fields.Date.context_today(complaint)
        self.assertEqual(complaint.date_due, today + relativedelta(months=1))
        todo = complaint.activity_ids.filtered(lambda todo: todo.user_id == self.dpo)
        self.assertEqual(todo.date_deadline, complaint.date_due)
        complaint.date = date(2020, 1, 1)
        late = self.env["ess.complaint"].search([("is_late", "=", True)])
        self.assertIn(complaint, late)

    def test_the_team_reads_nothing(self):
        complaint = self._note()
        with self.assertRaises(AccessError):
            self.env["ess.complaint"].with_user(self.worker).search([])
        self._follow(self.coordinator)
        self.env.flush_all()
        found = self.env["ess.complaint"].with_user(self.coordinator).search([])
        self.assertNotIn(complaint, found)
        with self.assertRaises(AccessError):
            complaint.with_user(self.coordinator).read(["words"])
        self.assertIn(
            complaint, self.env["ess.complaint"].with_user(self.dpo).search([])
        )

    def _follow(self, user):
        self.person.sudo().followup_ids = [
            Command.create({"user_id": user.id, "role": "social_worker"})
        ]

    def test_nobody_of_the_team_handles_it(self):
        complaint = self._note()
        with self.assertRaisesRegex(ValidationError, "outside the team"):
            complaint.with_user(self.dpo).handler_id = self.worker
        complaint.write({"answer": "We look at it", "outcome": "partly"})
        with self.assertRaisesRegex(UserError, "somebody else answers"):
            complaint.with_user(self.worker).sudo().action_answer()

    def test_officer_of_the_team_is_not_asked(self):
        self._follow(self.dpo)
        asked = self._note().activity_ids.user_id
        self.assertNotIn(self.dpo, asked)
        self.assertNotIn(self.worker, asked)

    def test_answer(self):
        complaint = self._note(kind="appeal", decision="exclusion")
        mine = complaint.with_user(self.dpo)
        mine.action_take()
        with self.assertRaisesRegex(UserError, "choose the outcome"):
            mine.action_answer()
        mine.write({"answer": "You may come back on Monday.", "outcome": "yes"})
        mine.action_answer()
        self.assertRecordValues(
            complaint,
            [
                {
                    "state": "answered",
                    "date_answered": fields.Date.context_today(complaint),
                    "handler_id": self.dpo.id,
                    "decision": "exclusion",
                }
            ],
        )
        self.assertFalse(complaint.activity_ids)
        mine.action_reopen()
        self.assertEqual((complaint.state, complaint.date_answered), ("open", False))

    def test_anonymous_leads_to_nobody(self):
        complaint = self._note(is_anonymous=True)
        self.env.flush_all()
        self.env.cr.precommit.run()
        root = self.env.ref("base.user_root")
        self.assertFalse(complaint.beneficiary_id)
        self.assertEqual(complaint.company_id, self.person.company_id)
        for records in (complaint, complaint.activity_ids, complaint.message_ids):
            self.assertFalse((records.create_uid | records.write_uid) - root)
        self.assertTrue(complaint.activity_ids)
        self.assertFalse(complaint.message_ids.author_id - root.partner_id)
        self.assertNotIn(
            self.worker.partner_id, complaint.message_follower_ids.partner_id
        )
        lines = self.env["ess.access.log"].search(
            [("model", "in", ("ess.complaint", "ess.complaint.note"))]
        )
        self.assertFalse(lines)

    def test_protected_file_leaves_no_link(self):
        complaint = self._note()
        self.person.sudo().is_protected = True
        self.assertFalse(complaint.beneficiary_id)
        self.assertFalse(self._note().beneficiary_id)

    def test_not_about_a_file_that_one_does_not_read(self):
        with self.assertRaises(AccessError):
            self._note(self.worker2)

    def test_open_complaint_suspends_retention(self):
        other = self._make_beneficiary(team=self.worker)
        complaint = self._note()
        files = self.person + other
        self.assertEqual(
            files._get_retention_holds(files.ids),
            {
                (self.person.id, step): ["A complaint waits for an answer."]
                for step in ("archive", "anonymise")
            },
        )
        complaint.write({"answer": "Done", "outcome": "no"})
        complaint.with_user(self.dpo).action_answer()
        self.assertFalse(files._get_retention_holds(files.ids))


@tagged("post_install", "-at_install", "ess", "ess_access")
class TestComplaintPages(PortalCommon, HttpCase):
    """The person complains on line, without JavaScript."""

    def setUp(self):
        super().setUp()
        self.user.password = self.user.login
        self.authenticate(self.user.login, self.user.login)

    def _post(self, **values):
        page = self.url_open("/my/file/complaint").text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open("/my/file/complaint", {"csrf_token": token, **values})

    def test_from_the_phone_to_the_answer(self):
        rights = self.url_open("/my/file/rights").text
        self.assertIn("/my/file/complaint", rights)
        self.assertIn('role="alert"', self._post(words=" ").text)
        words = self.canary("words")
        self.assertIn(words, self._post(words=words, decision="exclusion").text)
        complaint = self.env["ess.complaint"].search([("words", "=", words)])
        self.assertRecordValues(
            complaint,
            [
                {
                    "beneficiary_id": self.person.id,
                    "kind": "appeal",
                    "decision": "exclusion",
                    "source": "portal",
                }
            ],
        )
        answer = self.canary("answer")
        handler = complaint.with_user(self.dpo)
        handler.write({"answer": answer, "outcome": "yes"})
        handler.action_answer()
        page = self.url_open("/my/file/complaint").text
        for text in (answer, "Défenseur des droits", "CNIL", "personne qualifiée"):
            self.assertIn(text, page)
        self.assertNotIn("<script", page)
        self.authenticate(self.other_user.login, None)
        self.assertNotIn(words, self.url_open("/my/file/complaint").text)

    def test_without_a_name(self):
        words = self.canary("words")
        self.assertNotIn(words, self._post(words=words, anonymous="1").text)
        complaint = self.env["ess.complaint"].search([("words", "=", words)])
        self.assertTrue(complaint.is_anonymous)
        self.assertFalse(complaint.beneficiary_id)
        root = self.env.ref("base.user_root")
        self.assertEqual(complaint.create_uid | complaint.message_ids.create_uid, root)
        self.assertEqual(complaint.message_ids.author_id, root.partner_id)
