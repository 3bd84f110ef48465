import re
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import EssProgrammesCommon

HOME = "/my/volunteering"


@tagged("ess", "post_install", "-at_install")
class TestVolunteeringPortal(EssProgrammesCommon, HttpCase):
    """A volunteer's pages: own shifts, hours, papers and record, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._create_volunteer_user("benevole.test")
        cls.volunteer = cls._make_volunteer(partner_id=cls.user.partner_id.id)
        cls.other = cls._make_volunteer()
        cls.food = cls.env.ref("ess_programmes.ess_mission_type_food")
        soon = fields.Datetime.now() + timedelta(days=2)
        cls.shift = cls._make_session(
            cls.programme_2, start=soon, kind="mission", name=cls.canary("Titre")
        )
        cls.need = cls.env["ess.session.need"].create(
            {"session_id": cls.shift.id, "needed": 1, "mission_type_id": cls.food.id}
        )
        cls.past = cls._make_session(
            cls.programme_2,
            start=fields.Datetime.now() - timedelta(days=1),
            kind="mission",
        )
        cls.person = cls._make_beneficiary(first_name=cls.canary("Prenom"))
        cls._make_presence(cls.shift, cls.person)

    @classmethod
    def _create_volunteer_user(cls, login):
        return cls.env["res.users"].create(
            {
                "name": "Hélène Essai",
                "login": login,
                "password": login,
                "group_ids": [(6, 0, cls.env.ref("base.group_portal").ids)],
            }
        )

    def setUp(self):
        super().setUp()
        self.authenticate("benevole.test", "benevole.test")

    def _get(self, path=""):
        return self.url_open(HOME + path)

    def _post(self, path, **data):
        token = re.search(r'csrf_token" value="([^"]+)"', self._get().text).group(1)
        answer = self.url_open(HOME + path, data={"csrf_token": token, **data})
        self.env.invalidate_all()
        return answer

    def _line(self, session, volunteer=None, **vals):
        volunteer = volunteer or self.volunteer
        return self._make_presence(session, volunteer_id=volunteer.id, **vals)

    def test_way_in(self):
        self.authenticate(None, None)
        page = self._get()
        self.assertTrue(page.url.endswith("/login"))
        token = re.search(r'csrf_token" value="([^"]+)"', page.text).group(1)
        values = {"csrf_token": token, "login": "benevole.test"}
        wrong = self.url_open(f"{HOME}/login", data={**values, "password": "x"})
        self.assertIn("do not go together", wrong.text)
        page = self.url_open(
            f"{HOME}/login", data={**values, "password": "benevole.test"}
        )
        self.assertIn("I am coming", page.text)

    def test_sign_up_then_cancel(self):
        page = self._get()
        self.assertIn(self.food.name, page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        page = self._post("/shifts", need=self.need.id)
        self.assertIn("I cannot come", page.text)
        line = self.shift.volunteer_presence_ids
        self.assertEqual(line.volunteer_id, self.volunteer)
        self._post("/cancel", session=self.shift.id)
        self.assertEqual(line.state, "excused")
        self.assertEqual(self.need.missing, 1)

    def test_full_then_waiting(self):
        self._line(self.shift, self.other)
        page = self._post("/shifts", need=self.need.id)
        self.assertIn("On the waiting list", page.text)
        self._post("/cancel", session=self.shift.id)
        self.assertEqual(self.need.signup_ids.state, "cancelled")

    def test_missing_paper_is_said(self):
        self.shift.has_minors = True
        page = self._post("/shifts", need=self.need.id)
        self.assertIn("Charter", page.text)
        self.assertFalse(self.need.signup_ids)

    def test_names_nobody(self):
        self._line(self.past, self.other, state="present")
        self._line(self.past, state="expected")
        for path in ("", "/hours", "/papers", "/record"):
            text = self._get(path).text
            for secret in (
                self.person.first_name,
                self.person.ref,
                self.shift.name,
                self.other.partner_id.name,
            ):
                self.assertNotIn(secret, text, path)

    def test_confirm_in_one_tap(self):
        line = self._line(self.past, state="expected")
        self.assertIn("I was there", self._get("/hours").text)
        self._post("/confirm", line=line.id)
        self.assertRecordValues(line, [{"state": "present", "minutes": 120}])

    def test_reminder_opens_one_line(self):
        self.authenticate(None, None)
        line = self._line(self.past, state="expected")
        path = f"/was-there/{line.id}/{line._get_hours_token()}"
        self._get(path)
        self.env.invalidate_all()
        self.assertEqual(line.state, "expected")  # opened by a mail filter
        self.url_open(HOME + path, data={"a": "b"})
        self.env.invalidate_all()
        self.assertEqual(line.state, "present")
        other = self._line(self.past, self.other, state="expected")
        wrong = self._get(f"/was-there/{other.id}/{line._get_hours_token()}")
        self.assertEqual(wrong.status_code, 404)

    def test_entered_without_typing(self):
        self._line(self.past, state="present")
        day = fields.Date.today() - timedelta(days=3)
        self._post("/hours", programme=self.programme_2.id, day=day, minutes=120)
        [declared] = self.volunteer.hours_ids
        self.assertRecordValues(declared, [{"state": "to_approve", "minutes": 120}])
        page = self._post("/hours", programme=self.programme.id, day=day, minutes=120)
        self.assertIn("Choose what, when and how long", page.text)
        self._post("/clock", programme=self.programme_2.id)
        self.assertIn("Stop: my mission is over", self._get().text)
        self._post("/clock")
        self.assertEqual(set(self.volunteer.hours_ids.mapped("state")), {"to_approve"})

    @mute_logger("odoo.http")
    def test_only_what_the_page_showed(self):
        theirs = self._line(self.past, self.other, state="expected")
        self.assertEqual(self._post("/confirm", line=theirs.id).status_code, 404)
        self.assertEqual(self._post("/cancel", session=self.past.id).status_code, 404)
        self.assertEqual(self._post("/shifts", need=10**6).status_code, 404)
        self.assertEqual(theirs.state, "expected")

    @mute_logger("odoo.http")
    def test_who_is_not_a_volunteer(self):
        self._create_volunteer_user("autre.test")
        self.authenticate("autre.test", "autre.test")
        self.assertEqual(self._get().status_code, 404)

    def test_a_word_goes_to_the_referent(self):
        self.volunteer.referent_id = self.volunteer_officer
        self._post("/words", words="Il manque des gants.")
        self.assertEqual(self.volunteer.activity_ids.user_id, self.volunteer_officer)
        self.assertIn("gants", self.volunteer.message_ids[:1].body)

    def test_papers_and_record(self):
        self._line(self.past, state="present")
        self.assertIn("Still to show: Charter", self._get("/papers").text)
        self.assertIn("02:00", self._get("/record").text)
        answer = self._get("/certificate.pdf?year=1")
        self.assertEqual(answer.status_code, 200)

    def test_public_list_shows_what_was_put_on_it(self):
        self.authenticate(None, None)
        self.assertNotIn(self.food.name, self.url_open("/volunteering/missions").text)
        self.shift.is_public = True
        page = self.url_open("/volunteering/missions").text
        self.assertIn(self.food.name, page)
        self.assertNotIn(self.shift.name, page)
