"""The person's own side: what they read, what they never reach, what they ask."""

import base64
import io
import zipfile
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, tagged

from .common import EssBeneficiaryCommon

PAGES = ("", "/project", "/people", "/meetings", "/papers", "/readings", "/rights")
PAGE_BYTES = 150_000
PAGE_QUERIES = 15


class PortalCommon(EssBeneficiaryCommon):
    """A person who reads their file on line, and another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person, cls.other = (
            cls._make_beneficiary(
                team=cls.worker, first_name=name, last_name=cls.canary("Name")
            )
            for name in ("Aminata", "Bertille")
        )
        for file in (cls.person, cls.other):
            file.with_user(cls.worker)._open_portal(file.ref)
        cls.user = cls.person.sudo()._get_portal_user()
        cls.other_user = cls.other.sudo()._get_portal_user()

    @classmethod
    def _note(cls, person, text, **vals):
        return (
            cls.env["ess.note"]
            .with_user(cls.worker)
            .create({"beneficiary_id": person.id, "text": text, **vals})
        )


@tagged("post_install", "-at_install", "ess", "ess_access")
class TestPortalRights(PortalCommon):
    """What the login of a person may read through the ORM, whatever the way."""

    def test_own_file_only(self):
        files = self.env["ess.beneficiary"].with_user(self.user)
        self.assertEqual(files.search([]), self.person)
        self.assertEqual(files.search_count([("last_name", "!=", False)]), 1)
        self.assertFalse(files.name_search(self.other.sudo().last_name))

    def test_nothing_is_written(self):
        own = self.person.with_user(self.user)
        for vals in ({"first_name": "Other"}, {"phone": "0612345678"}):
            with self.assertRaises(AccessError):
                own.write(vals)
        with self.assertRaises(AccessError):
            self.env["ess.rights.request"].with_user(self.user).create(
                {"beneficiary_id": self.person.id, "kind": "access"}
            )

    def test_situations_of_the_team_only(self):
        domains = self.env["ess.situation.domain"].search([], limit=2)
        domains[1].is_team_only = True
        for domain in domains:
            self.env["ess.situation"].with_user(self.worker).create(
                {
                    "beneficiary_id": self.person.id,
                    "domain_id": domain.id,
                    "answer": "declined",
                    "date_from": date(2026, 1, 1),
                }
            )
        seen = self.env["ess.situation"].with_user(self.user).search([])
        self.assertEqual(seen.domain_id, domains[0])

    def test_notes_wait_for_their_release(self):
        self._note(self.person, "For the team", visibility="team")
        shared = self._note(self.person, "For us both", visibility="shared")
        self.assertFalse(self.env["ess.note"].with_user(self.user).search([]))
        # the rule is cached by now: it must look at the clock all the same
        later = fields.Datetime.now() + timedelta(days=4)
        with freeze_time(later):
            shown = self.env["ess.note"].with_user(self.user).search([])
        self.assertEqual(shown, shared)

    def test_a_note_with_a_passage_left_out_is_not_read_raw(self):
        note = self._note(
            self.person, "Her neighbour Odile drinks", visibility="shared"
        )
        note.sudo().date_release = fields.Datetime.now() - timedelta(hours=1)
        self.assertIn(note, self.env["ess.note"].with_user(self.user).search([]))
        self.env["ess.copy.exclusion"].sudo().create(
            {"note_id": note.id, "passage": "Odile", "reason": "others"}
        )
        self.assertFalse(self.env["ess.note"].with_user(self.user).search([]))

    def test_own_readings_leave_no_line(self):
        self.person.with_user(self.user).read(["last_name"])
        self.env.cr.precommit.run()
        lines = self.env["ess.access.log"].search([("user_id", "=", self.user.id)])
        self.assertFalse(lines)

    def test_closed_login_reads_nothing(self):
        self.person.with_user(self.worker).action_close_portal()
        self.assertFalse(self.user.active)
        self.assertFalse(self.env["ess.beneficiary"].with_user(self.user).search([]))

    def test_protection_closes_the_login(self):
        self.person.sudo().write({"is_protected": True})
        self.assertFalse(self.user.active)
        self.assertFalse(self.person.sudo().is_portal_open)

    def test_mask_tells_nothing(self):
        mask = self.user.partner_id
        self.assertEqual(mask.name, self.person.sudo().ref)
        self.assertFalse(mask.phone)
        self.assertFalse(
            self.env["res.partner"]
            .with_user(self.internal_user)
            .search([("id", "=", mask.id)])
        )


@tagged("post_install", "-at_install", "ess")
class TestPortalOpening(EssBeneficiaryCommon):
    """A login is made when the person asks, where it does no harm."""

    def _wizard(self, person, **vals):
        return (
            self.env["ess.portal.open"]
            .with_user(self.worker)
            .create({"beneficiary_id": person.id, "has_asked": True, **vals})
        )

    def test_code_is_shown_once_and_works(self):
        person = self._make_beneficiary(team=self.worker)
        action = self._wizard(person).action_open()
        login = action["context"]["default_login"]
        code = action["context"]["default_code"]
        self.assertEqual(login, person.sudo().ref)
        credential = {"login": login, "password": code, "type": "password"}
        who = self.env["res.users"].authenticate(credential, {"interactive": True})
        self.assertEqual(who["uid"], person.sudo()._get_portal_user().id)
        wizards = self.env["ess.portal.open"].search_read([], load=None)
        self.assertNotIn(code, str(wizards))

    def test_new_code_replaces_the_former_one(self):
        person = self._make_beneficiary(team=self.worker)
        self._wizard(person).action_open()
        first = person.sudo()._get_portal_user()
        self._wizard(person, way="email", email="ama@example.com").action_open()
        self.assertEqual(person.sudo()._get_portal_user(), first)
        self.assertEqual(first.login, "ama@example.com")

    def test_only_when_asked(self):
        person = self._make_beneficiary(team=self.worker)
        with self.assertRaisesRegex(UserError, "asks for it"):
            self._wizard(person, has_asked=False).action_open()

    def test_login_of_someone_else(self):
        person = self._make_beneficiary(team=self.worker)
        self.worker2.sudo().login = "taken@example.com"
        wizard = self._wizard(person, way="email", email="Taken@example.com")
        with self.assertRaisesRegex(UserError, "already used"):
            wizard.action_open()

    def test_not_for_a_protected_file(self):
        person = self._make_beneficiary(team=self.worker)
        person.sudo().is_protected = True
        with self.assertRaisesRegex(UserError, "protected"):
            person.with_user(self.worker).action_open_portal_wizard()

    def test_not_for_a_young_minor(self):
        person = self._make_beneficiary(
            team=self.worker, birth_date=date.today() - relativedelta(years=12)
        )
        with self.assertRaisesRegex(UserError, "15"):
            person.with_user(self.worker).action_open_portal_wizard()

    def test_not_by_someone_else(self):
        person = self._make_beneficiary(team=self.worker)
        with self.assertRaises(AccessError):
            person.with_user(self.worker2)._open_portal(person.sudo().ref)


@tagged("post_install", "-at_install", "ess", "ess_access")
class TestPortalPages(PortalCommon, HttpCase):
    """The pages, asked for over HTTP as the person."""

    def setUp(self):
        super().setUp()
        self.authenticate(self.user.login, self.user.login)

    def authenticate(self, user, password, **kwargs):
        """Log in without the code: no hash to compute."""
        if user:
            self.env["res.users"].search([("login", "=", user)]).password = user
        return super().authenticate(user, password, **kwargs)

    def _post(self, path, **values):
        page = self.url_open("/my/file/rights").text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open(f"/my/file{path}", {"csrf_token": token, **values})

    def test_every_page(self):
        shared = self._note(self.person, "Seen together", visibility="shared")
        shared.sudo().date_release = fields.Datetime.now() - timedelta(hours=1)
        for page in PAGES:
            answer = self.url_open(f"/my/file{page}")
            self.assertEqual(answer.status_code, 200, page)
            self.assertLess(len(answer.content), PAGE_BYTES, page)
            self.assertEqual(answer.headers["Cache-Control"], "no-store", page)
            self.assertIn("<title>My space</title>", answer.text)
            self.assertNotIn("<script", answer.text)
            self.assertNotIn(self.other.sudo().last_name, answer.text)

        self.assertIn("Seen together", self.url_open("/my/file/meetings").text)

    def test_what_an_address_adds_is_nothing(self):
        added = "name=x&own=1&page=rights&lines=2&missing=kind&home=/elsewhere"
        for page in (*PAGES, "/login"):
            plain = self.url_open(f"/my/file{page}")
            answer = self.url_open(f"/my/file{page}?{added}")
            self.assertEqual(answer.status_code, 200, page)
            self.assertNotIn("/elsewhere", answer.text)
            self.assertEqual(answer.text.count("<h"), plain.text.count("<h"), page)
            self.assertNotIn('role="alert"', answer.text, page)

    def test_pages_take_few_statements(self):
        for page in PAGES:
            self.url_open(f"/my/file{page}")  # templates and rights in the cache
            with self.assertQueryCount(PAGE_QUERIES):
                self.url_open(f"/my/file{page}")

    def test_what_is_for_the_team_is_on_no_page(self):
        token = self.canary()
        self._note(self.person, token, visibility="team")
        self.env["ess.document"].sudo().create(
            {
                "beneficiary_id": self.person.id,
                "type_id": self.env["ess.document.type"].search([], limit=1).id,
                "name": token,
                "visibility": "team",
            }
        )
        for page in PAGES:
            self.assertNotIn(token, self.url_open(f"/my/file{page}").text, page)

    def test_a_login_of_a_person_reaches_nothing_else(self):
        for path in ("/my", "/my/home", "/my/account", "/my/security", "/odoo"):
            self.assertEqual(self.url_open(path).url[-8:], "/my/file", path)
        call = {
            "params": {
                "model": "ess.beneficiary",
                "method": "search_read",
                "args": [[], ["ref"]],
                "kwargs": {},
            }
        }
        answer = self.url_open(
            "/web/dataset/call_kw/ess.beneficiary/search_read", json=call
        )
        self.assertNotIn(self.person.sudo().ref, answer.text)

    def test_papers(self):
        kind = self.env["ess.document.type"].search(
            [("never_leaves", "=", False)], limit=1
        )
        papers = {
            person: self.env["ess.document"]
            .sudo()
            .create(
                {
                    "beneficiary_id": person.id,
                    "type_id": kind.id,
                    "visibility": "shared",
                    "file": base64.b64encode(b"a paper"),
                    "file_name": "paper.txt",
                }
            )
            for person in (self.person, self.other)
        }
        answer = self.url_open(f"/my/file/papers/{papers[self.person].id}")
        self.assertEqual(answer.content, b"a paper")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        not_mine = self.url_open(f"/my/file/papers/{papers[self.other].id}")
        nothing = self.url_open(f"/my/file/papers/{2**31 - 1}")
        self.assertEqual(not_mine.status_code, 404)
        self.assertEqual(not_mine.content, nothing.content)

    def test_copy_to_take_away(self):
        answer = self._post("/copy")
        self.assertEqual(answer.headers["Content-Type"], "application/zip")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
        self.assertIn("person-file.pdf", names)

    def test_mark_of_a_goal(self):
        project = (
            self.env["ess.life.project"]
            .with_user(self.worker)
            .create(
                {
                    "beneficiary_id": self.person.id,
                    "words": "A room of my own",
                    "goal_ids": [Command.create({"words": "Find a room"})],
                }
            )
        )
        self.assertIn("A room of my own", self.url_open("/my/file/project").text)
        answer = self._post(f"/goals/{project.goal_ids.id}", mark="4")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(project.goal_ids.progress_person, "4")
        self.assertEqual(
            self._post(f"/goals/{project.goal_ids.id}", mark="9").status_code, 404
        )

    def test_request_and_its_answer(self):
        refused = self._post("/rights", kind="rectification", words="  ")
        self.assertIn("Write a few words", refused.text)
        self._post("/rights", kind="rectification", words="My name has two n")
        asked = self.person.sudo().rights_request_ids
        self.assertEqual(asked.source, "portal")
        self.assertEqual(asked.date_due, asked.date + relativedelta(months=1))
        asked.with_user(self.dpo).write(
            {
                "answer": "It is corrected.",
                "is_granted": "yes",
                "is_identity_checked": True,
            }
        )
        asked.with_user(self.dpo).action_answer()
        self.assertIn("It is corrected.", self.url_open("/my/file/rights").text)

    def test_contested_reading(self):
        self.person.with_user(self.coordinator).read(["phone"])
        self.env.cr.precommit.run()
        line = self.env["ess.access.log"].search(
            [("beneficiary_id", "=", self.person.id)], limit=1
        )
        page = self.url_open("/my/file/readings")
        self.assertNotIn(self.coordinator.name, page.text)
        self._post("/readings", line=str(line.id), reason="She is my neighbour")
        contest = self.env["ess.access.contest"].search([("log_id", "=", line.id)])
        self.assertEqual(contest.reason, "She is my neighbour")
        other = self._post("/readings", line=str(line.id + 10**6), reason="x")
        self.assertEqual(other.status_code, 404)

    def test_ten_minutes(self):
        self.url_open("/my/file")
        with freeze_time(fields.Datetime.now() + timedelta(minutes=11)):
            answer = self.url_open("/my/file", allow_redirects=False)
        self.assertIn("/my/file/login", answer.headers["Location"])

    def test_way_in(self):
        code = self.other.with_user(self.worker)._open_portal(self.other.sudo().ref)
        self.authenticate(None, None)
        page = self.url_open("/my/file")
        self.assertTrue(page.url.endswith("/my/file/login"))
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        sent = {"csrf_token": token, "login": self.other.sudo().ref}
        wrong = self.url_open("/my/file/login", {**sent, "code": "AAAA-BBBB-CCCC"})
        unknown = {**sent, "login": "D99-99999", "code": code}
        nobody = self.url_open("/my/file/login", unknown)
        for refused in (wrong, nobody):
            self.assertIn("do not", refused.text)
        inside = self.url_open("/my/file/login", {**sent, "code": code.lower()})
        self.assertTrue(inside.url.endswith("/my/file"))
        self.assertIn("Bertille", inside.text)

    def test_leave_quickly(self):
        answer = self.url_open("/my/file/leave", allow_redirects=False)
        self.assertIn("wikipedia", answer.headers["Location"])
        again = self.url_open("/my/file", allow_redirects=False)
        self.assertIn("/my/file/login", again.headers["Location"])

    def test_staff_have_no_page(self):
        self.authenticate(self.worker.login, self.worker.login)
        self.assertEqual(self.url_open("/my/file").status_code, 404)
