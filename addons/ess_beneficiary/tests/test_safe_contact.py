from datetime import date, datetime

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import EssBeneficiaryCommon

TUESDAY_10 = datetime(2026, 3, 3, 9, 0)  # UTC: ten o'clock in Paris, in winter


@tagged("post_install", "-at_install", "ess")
class TestSafeContact(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.email = f"{cls.canary('mail')}@example.org"
        cls.company.email = "association@example.org"
        cls.company.partner_id.tz = "Europe/Paris"
        cls.person = cls._make_beneficiary(
            team=cls.worker,
            phone="0611223344",
            email=cls.email,
            street="1 rue Inventée",
            zip="59000",
            city="Lille",
        )

    def _allow(self, **vals):
        vals.setdefault("date_contact_asked", "2026-01-01")
        self.person.with_user(self.worker).write(vals)

    def _channel(self, *wanted, at=TUESDAY_10):
        return self.person.with_user(self.worker)._get_safe_channel(
            wanted or ("phone", "sms", "email", "post", "person"), at
        )

    def test_nothing_before_someone_asked(self):
        self._allow(date_contact_asked=False, contact_phone=True, contact_email=True)
        self.assertEqual(self._channel(), {})
        self.assertIn("Not asked", self.person.safe_contact_words)

    def test_no_answer_is_no_channel(self):
        self._allow()
        self.assertEqual(self._channel(), {})

    def test_channels_allowed_only(self):
        self._allow(contact_email=True)
        self.assertEqual(self._channel("phone", "sms"), {})
        self.assertEqual(self._channel()["to"], self.email)
        self._allow(contact_phone=True)
        self.assertEqual(self._channel()["channel"], "phone")
        self._allow(is_contact_none=True)
        self.assertEqual(self._channel(), {})

    def test_safe_addresses_win(self):
        self._allow(
            contact_phone=True,
            contact_email=True,
            contact_post=True,
            safe_phone="0700000000",
            safe_email="safe@example.org",
            safe_address="Maud",
        )
        self.assertEqual(self._channel("phone")["to"], "0700000000")
        self.assertEqual(self._channel("email")["to"], "safe@example.org")
        self.assertEqual(self._channel("post")["to"], "Maud")

    def test_protected_file_uses_no_usual_address(self):
        self._allow(
            contact_phone=True, contact_sms=True, contact_email=True, contact_post=True
        )
        self.assertIn("Lille", self._channel("post")["to"])
        self.person.is_protected = True
        for channel in ("phone", "sms", "email", "post"):
            self.assertEqual(self._channel(channel), {}, channel)
        self._allow(safe_phone="0700000000")
        self.assertEqual(self._channel("sms")["to"], "0700000000")

    def test_shared_phone_takes_no_text(self):
        self._allow(contact_phone=True, contact_sms=True, contact_shared="yes")
        self.assertEqual(self._channel("sms"), {})
        self.assertEqual(self._channel("phone")["channel"], "phone")

    def test_days_and_hours(self):
        self._allow(
            contact_phone=True,
            contact_days="tue",
            contact_hour_from=10,
            contact_hour_to=11,
        )
        moments = {
            datetime(2026, 3, 3, 8, 59): False,
            datetime(2026, 3, 3, 9, 0): True,
            datetime(2026, 3, 3, 9, 59): True,
            datetime(2026, 3, 3, 10, 0): False,
            datetime(2026, 3, 4, 9, 0): False,
            datetime(2026, 7, 7, 8, 0): True,  # summer time
        }
        for at, is_safe in moments.items():
            self.assertEqual(bool(self._channel("phone", at=at)), is_safe, at)
        self.assertIn("10:00", self.person.safe_contact_words)
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self._allow(contact_hour_from=12)
            self.env.flush_all()

    def test_voicemail_unless_said_no(self):
        self._allow(contact_phone=True)
        for answer, allowed in ((False, False), ("unknown", False), ("no", False)):
            self._allow(contact_voicemail=answer)
            self.assertEqual(self._channel()["voicemail"], allowed)
        self.assertIn("no message", self.person.safe_contact_words)
        self._allow(contact_voicemail="yes")
        self.assertTrue(self._channel()["voicemail"])

    def test_one_address(self):
        with self.assertRaises(ValidationError):
            self._allow(safe_email="not an address")

    # === MAIL

    def test_mail_needs_a_safe_channel(self):
        with self.assertRaises(UserError):
            self.person.with_user(self.worker)._send_safe_email("Bonjour", "<p>x</p>")
        self.assertFalse(self._mails())

    @freeze_time("2026-03-03 09:30:00")
    def test_mail_is_neutral(self):
        self._allow(contact_email=True, contact_sender="Maud")
        mail = self.person.with_user(self.worker)._send_safe_email(
            "Bonjour", "<p>A demain</p>"
        )
        self.assertEqual(mail.email_to, self.email)
        self.assertIn("Maud", mail.email_from)
        self.assertTrue(mail.auto_delete)
        sent = f"{mail.subject} {mail.body_html} {mail.email_from}"
        for word in (self.company.name, self.person.ref, "Odoo", "http"):
            self.assertNotIn(word, sent)
        self.assertFalse(mail.recipient_ids or mail.author_id or mail.model)
        note = self.env["ess.note"].search([("beneficiary_id", "=", self.person.id)])
        self.assertRecordValues(
            note,
            [
                {
                    "medium": "email",
                    "date": date(2026, 3, 3),
                    "author_id": self.worker.id,
                    "visibility": "shared",
                }
            ],
        )
        self.assertIn("Bonjour", note.text)
        self.assertNotIn(self.email, note.text)
        self._assert_no_partner()

    def test_outsiders_send_nothing(self):
        self._allow(contact_email=True)
        for user in (self.reception, self.worker2):
            with (
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models"),
            ):
                self.person.with_user(user)._send_safe_email("x", "x")
        self.assertFalse(self._mails())

    def test_chatter_reaches_the_person_by_no_way(self):
        self._allow(contact_email=True)
        self.person.with_user(self.worker).message_post(
            body="x", message_type="comment", outgoing_email_to=self.email
        )
        self.assertFalse(self._mails())
        self._assert_no_partner()

    def _mails(self):
        return self.env["mail.mail"].search([("email_to", "ilike", self.email)])

    def _assert_no_partner(self):
        self.assertFalse(self.env["res.partner"].search([("email", "=", self.email)]))
