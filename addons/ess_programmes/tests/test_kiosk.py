from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import EssProgrammesCommon


@tagged("ess", "post_install", "-at_install")
class TestKiosk(EssProgrammesCommon, HttpCase):
    """The check-in screen, as a tablet without a login sees it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session = cls._make_session(user_id=cls.worker.id, name="Cours secret")
        cls.person = cls._make_beneficiary(team=cls.worker, first_name="Aminata")
        cls.url = cls.session.with_user(cls.worker).action_open_kiosk()["url"]

    def _check(self, code, url=None):
        return self.make_jsonrpc_request(f"{url or self.url}/check", {"code": code})

    def _lines(self):
        self.env.invalidate_all()
        return self.session.presence_ids

    def test_page_names_nothing(self):
        page = self.url_open(self.url)
        self.assertEqual(page.status_code, 200)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        for word in ("Cours secret", self.programme.name, self.company.name):
            self.assertNotIn(word, page.text)

    def test_card_scanned_again_and_again_is_one_presence(self):
        self._make_presence(self.session, self.person, state="expected")
        answers = [self._check(self.person.qr_token) for _scan in range(3)]
        self.assertEqual({answer["status"] for answer in answers}, {"ok"})
        self.assertNotIn("Aminata", str(answers))
        self.assertRecordValues(
            self._lines(),
            [{"beneficiary_id": self.person.id, "state": "present", "source": "qr"}],
        )

    def test_strange_cards_get_one_answer(self):
        renewed = self.person.qr_token
        self.person.action_renew_qr_token()
        protected = self._make_beneficiary(team=self.worker2, is_protected=True)
        elsewhere = self._make_beneficiary(company_id=self.company_2.id)
        self.env.flush_all()
        codes = ("0" * 32, renewed, protected.qr_token, elsewhere.qr_token)
        answers = {str(self._check(code)) for code in codes}
        self.assertEqual(len(answers), 1)
        self.assertIn("'unknown'", answers.pop())
        self.assertFalse(self._lines())

    def test_truncated_card_is_to_be_shown_again(self):
        for code in (self.person.qr_token[:20], "", None, 12, ["x"], "x" * 5000):
            self.assertEqual(self._check(code)["status"], "unreadable")
        self.assertFalse(self._lines())

    def test_guessed_or_old_address_is_a_closed_screen(self):
        old = self.url
        new = self.session.with_user(self.worker).action_open_kiosk()["url"]
        for url in ("/ess/kiosk/" + "0" * 32, "/ess/kiosk/x", "/ess/kiosk/%25", old):
            self.assertEqual(self.url_open(url).status_code, 404)
            self.assertEqual(self._check(self.person.qr_token, url)["status"], "closed")
        self.assertEqual(self._check(self.person.qr_token, new)["status"], "ok")

    def test_screen_closes_with_the_session_and_with_its_opener(self):
        def is_closed():
            return self._check(self.person.qr_token)["status"] == "closed"

        self.session.state = "done"
        self.assertTrue(is_closed())
        self.session.state = "planned"
        self.worker.active = False
        self.assertTrue(is_closed())
        self.worker.active = True
        start = fields.Datetime.now() - timedelta(hours=9)
        self.session.write(
            {"date_start": start, "date_end": start + timedelta(hours=2)}
        )
        self.assertTrue(is_closed())
        with self.assertRaisesRegex(UserError, "two hours"):
            self.session.with_user(self.worker).action_open_kiosk()
        self.session.with_user(self.worker).action_close_kiosk()
        self.assertFalse(self.session.kiosk_token)
        self.assertFalse(self._lines())

    def test_protected_file_answers_on_the_screen_of_its_team(self):
        hidden = self._make_beneficiary(team=self.worker, is_protected=True)
        self.env.flush_all()
        self.assertEqual(self._check(hidden.qr_token)["status"], "ok")

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_only_the_team_opens_it(self):
        self.assertTrue(self.session.with_user(self.coordinator).action_open_kiosk())
        for user in (self.worker2, self.reception, self.volunteer_officer):
            with self.assertRaises(AccessError):
                self.session.with_user(user).action_open_kiosk()
