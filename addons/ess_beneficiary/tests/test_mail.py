from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EssBeneficiaryCommon


@tagged("post_install", "-at_install", "ess")
class TestMail(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.email = f"{cls.canary('mail')}@example.org"
        cls.person = cls._make_beneficiary(team=cls.worker, email=cls.email)
        cls.text = cls.canary("note")

    def _post(self, **kwargs):
        return self.person.with_user(self.worker).message_post(
            body=self.text, message_type="comment", **kwargs
        )

    def _assert_no_partner(self):
        self.assertFalse(self.env["res.partner"].search([("email", "=", self.email)]))

    def test_no_partner_from_the_address(self):
        self._post(subtype_xmlid="mail.mt_comment")
        self.person.with_user(self.worker).email = f"x{self.email}"
        self.person.with_user(self.worker).email = self.email
        self.assertEqual(
            self.person._message_get_suggested_recipients(no_create=False), []
        )
        self.person._partner_find_from_emails_single([self.email], no_create=True)
        self.person.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.worker.id
        )
        self._assert_no_partner()

    def test_chatter_is_internal(self):
        message = self._post(
            subtype_xmlid="mail.mt_comment", outgoing_email_to=self.email
        )
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_note"))
        self.assertTrue(message.subtype_id.internal)
        self.assertFalse(
            self.env["mail.mail"].sudo().search([("mail_message_id", "=", message.id)])
        )

    def test_mention_reaches_readers_only(self):
        outsiders = self.worker2 | self.reception | self.internal_user
        self._post(partner_ids=(outsiders | self.worker).partner_id.ids)
        message = self.person.message_ids[0]
        self.assertLessEqual(
            message.notified_partner_ids | message.partner_ids, self.worker.partner_id
        )

    def test_only_readers_follow(self):
        self.person.message_subscribe(
            (self.worker | self.worker2 | self.reception).partner_id.ids
        )
        self.assertEqual(self.person.message_partner_ids, self.worker.partner_id)

    def test_reception_reads_no_note(self):
        message = self._post()
        messages = self.env["mail.message"].with_user(self.reception)
        self.assertFalse(messages.search([("body", "ilike", self.text)]))
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            messages.browse(message.id).read(["body"])
        dpo_messages = self.env["mail.message"].with_user(self.dpo)
        self.assertTrue(dpo_messages.search([("body", "ilike", self.text)]))

    def test_reception_reads_no_paper(self):
        paper = self.env["ir.attachment"].create(
            {
                "name": self.text,
                "raw": b"x",
                "res_model": "ess.beneficiary",
                "res_id": self.person.id,
            }
        )
        for user in (self.reception, self.worker2, self.internal_user):
            papers = self.env["ir.attachment"].with_user(user)
            self.assertFalse(papers.search([("name", "=", self.text)]))
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
                papers.browse(paper.id).read(["name"])
        of_files = [("res_model", "=", "ess.beneficiary")]
        papers = self.env["ir.attachment"].with_user(self.reception)
        self.assertFalse(papers.search_count(of_files))
        papers = self.env["ir.attachment"].with_user(self.worker)
        self.assertEqual(papers.search([("name", "=", self.text)]), paper)

    def test_activity_only_for_readers(self):
        with self.assertRaises(UserError):
            self.person.with_user(self.worker).activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.worker2.id
            )

    def test_opening_a_file_does_not_subscribe(self):
        person = (
            self.env["ess.beneficiary"]
            .with_user(self.worker)
            .with_context(mail_create_nosubscribe=False)
            .create({"pseudonym": "X"})
        )
        self.assertFalse(person.message_partner_ids)
