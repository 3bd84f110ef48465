"""The person asks to join a programme, and asks for something, from their own file."""

import re
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .common import EssProgrammesCommon


class PortalCommon(EssProgrammesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person, cls.other = (
            cls._make_beneficiary(cls.worker, first_name=name, last_name=cls.canary())
            for name in ("Aminata", "Bertille")
        )
        for file in (cls.person, cls.other):
            file.with_user(cls.worker)._open_portal(file.ref)
        cls.user = cls.person.sudo()._get_portal_user()
        cls.programme.write({"is_on_portal": True, "description": "Le mardi matin"})
        cls.hidden = cls._make_programme(name=cls.canary("Secret"))
        cls.kind = cls.env["ess.request.type"].search([], limit=1)


@tagged("post_install", "-at_install", "ess", "ess_access")
class TestPersonRights(PortalCommon):
    """What the login of a person reads of this room, whatever the way."""

    def test_own_stays_and_requests_only(self):
        mine = self._make_enrolment(self.person, self.hidden, "asked")
        self._make_enrolment(self.other, self.programme, "asked")
        requests = self.env["ess.request"].create(
            [
                {"beneficiary_id": person.id, "type_id": self.kind.id}
                for person in (self.person, self.other)
            ]
            + [{"headcount": 2, "type_id": self.kind.id}]
        )
        env = self.env(user=self.user)
        self.assertEqual(env["ess.enrolment"].search([]), mine)
        self.assertEqual(env["ess.request"].search([]), requests[0])
        # where the person is, and what is proposed
        self.assertEqual(env["ess.programme"].search([]), self.hidden + self.programme)

    def test_nothing_else_of_the_room(self):
        programme_2 = self._make_programme(name=self.canary())
        env = self.env(user=self.user)
        self.assertNotIn(programme_2, env["ess.programme"].search([]))
        for model in ("ess.session", "ess.presence", "ess.volunteer", "ess.cohort"):
            with self.subTest(model), self.assertRaises(AccessError):
                env[model].search([])
        with self.assertRaises(AccessError):
            env["ess.enrolment"].create(
                {"beneficiary_id": self.person.id, "programme_id": self.programme.id}
            )
        with self.assertRaises(AccessError):
            env["ess.request"].create(
                {"beneficiary_id": self.person.id, "type_id": self.kind.id}
            )


@tagged("post_install", "-at_install", "ess")
class TestPersonPages(PortalCommon, HttpCase):
    """The pages themselves, over HTTP, as a browser without JavaScript gets them."""

    def _post(self, path, **data):
        page = self.url_open("/my/file/requests").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        return self.url_open(
            f"/my/file/{path}", {"csrf_token": token, **data}, allow_redirects=False
        )

    def setUp(self):
        super().setUp()
        self.authenticate(self.user.login, None)

    def _stays(self):
        return self.env["ess.enrolment"].search(
            [("beneficiary_id", "=", self.person.id)]
        )

    def test_application_in_three_taps_and_asking_twice_is_once(self):
        home = self.url_open("/my/file").text
        self.assertIn('href="/my/file/programmes"', home)
        page = self.url_open("/my/file/programmes").text
        self.assertIn("Le mardi matin", page)
        self.assertNotIn(self.hidden.name, page)
        self.assertNotIn("<script", page)
        for _time in range(2):
            answer = self._post(f"programmes/{self.programme.id}")
            self.assertEqual(answer.status_code, 303)
        self.assertEqual(self._stays().programme_id, self.programme)
        self.assertEqual(self._stays().mapped("bucket"), ["applied"])
        page = self.url_open("/my/file/programmes?done=1").text
        self.assertIn("Someone will answer you", page)
        self.assertNotIn("I ask to join", page)

    def test_conditions_are_said_and_asking_is_possible_all_the_same(self):
        self.env["ess.programme.criterion"].create(
            {
                "programme_id": self.programme.id,
                "domain": "[('city', '=', 'Nowhere')]",
                "sentence": "You live in Nowhere",
            }
        )
        self.assertIn("You live in Nowhere", self.url_open("/my/file/programmes").text)
        self._post(f"programmes/{self.programme.id}")
        self.assertEqual(self._stays().mapped("bucket"), ["applied"])

    def test_waiting_list_shows_its_rank(self):
        self.programme.write({"capacity": 1, "admission": "order"})
        self._make_enrolment(self.other)
        self._post(f"programmes/{self.programme.id}")
        self.assertEqual(self._stays().mapped("bucket"), ["waitlisted"])
        page = self.url_open("/my/file/programmes").text
        self.assertRegex(page, r"rank on the waiting list:\s*1")

    def test_programme_that_is_not_proposed_does_not_exist(self):
        self.programme_2.write(
            {
                "is_on_portal": True,
                "date_to": self.programme._today() - timedelta(days=1),
            }
        )
        for programme in (self.hidden, self.programme_2, self.hidden.browse(10**8)):
            answer = self._post(f"programmes/{programme.id}")
            self.assertEqual(answer.status_code, 404)
        self.assertFalse(self._stays())

    def test_request_in_three_taps_and_its_answer(self):
        answer = self._post("requests", kind=str(self.kind.id), words=" Du lait ")
        self.assertEqual(answer.status_code, 303)
        asked = self.env["ess.request"].search(
            [("beneficiary_id", "=", self.person.id)]
        )
        self.assertRecordValues(
            asked,
            [
                {
                    "channel": "portal",
                    "state": "waiting",
                    "words": "Du lait",
                    "type_id": self.kind.id,
                }
            ],
        )
        reason = self._refusal("stock")
        asked.write({"state": "not_served", "reason_id": reason.id})
        page = self.url_open("/my/file/requests").text
        self.assertIn(reason.name, page)
        self.assertNotIn(self.other.sudo().last_name, page)

    def test_unknown_thing_is_asked_again_and_kept_nowhere(self):
        for kind in ("", "x", "0", "99999999", "-1", "1e3"):
            answer = self._post("requests", kind=kind, words="<b>x</b>")
            self.assertEqual(answer.status_code, 200)
            self.assertIn("Choose what you need", answer.text)
            self.assertNotIn("<b>x</b>", answer.text)
        self.assertFalse(
            self.env["ess.request"].search([("beneficiary_id", "=", self.person.id)])
        )

    def test_nobody_else_gets_these_pages(self):
        self.authenticate("ess_worker", None)
        for path in ("programmes", "requests"):
            self.assertEqual(self.url_open(f"/my/file/{path}").status_code, 404)
        self.authenticate(None, None)
        for path in ("programmes", "requests"):
            answer = self.url_open(f"/my/file/{path}", allow_redirects=False)
            self.assertIn("/my/file/login", answer.headers["Location"])
