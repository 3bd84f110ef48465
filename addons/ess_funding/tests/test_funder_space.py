from datetime import date, timedelta

from markupsafe import escape

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import EssFundingCommon

HOME = "/my/funding"
OPEN = ("ess.grant", "ess.grant.instalment", "ess.funder.report")
CLOSED = (
    "ess.beneficiary",
    "ess.enrolment",
    "ess.presence",
    "ess.funding.action",
    "ess.grant.share",
    "ess.budget",
    "ess.funder.report.line",
    "ess.programme",
    "account.analytic.line",
)


@tagged("post_install", "-at_install", "ess", "security")
class TestFunderSpace(EssFundingCommon, HttpCase):
    """A funder reads what it pays for, an observer what it follows; nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "base.group_portal,ess_funding.group_funding_funder"
        names = ("funder", "other_funder", "observer")
        cls._make_users(dict.fromkeys(names, groups))
        cls.funder.partner_id.parent_id = cls._body("Département (invented)")
        cls.other_funder.partner_id.parent_id = cls._body("Fondation (invented)")
        cls.observer.partner_id.parent_id = cls._body("Préfecture (invented)")
        cls.body = cls.funder.partner_id.commercial_partner_id
        cls.grant.funder_id = cls.body
        cls.secret = cls._make_grant(
            name=cls.canary("Grant"),
            actions={cls.action_2: 4321},
            funder_id=cls.other_funder.partner_id.commercial_partner_id.id,
        )
        cls.instalment = cls._instalment(cls.grant, 80000)
        cls._instalment(cls.secret, 4321)
        cls.followed = cls.env["ess.observer"].create(
            {
                "partner_id": cls.observer.partner_id.commercial_partner_id.id,
                "programme_ids": [Command.set(cls.programme.ids)],
                "company_id": cls.company.id,
            }
        )
        cls.person = cls._make_beneficiary(last_name=cls.canary("Name"))
        cls._make_enrolment(cls.person)
        cls.report = cls.env["ess.funder.report"].create({"grant_id": cls.grant.id})
        cls.report.action_compute()
        cls.report.action_finalise()

    @classmethod
    def _body(cls, name):
        return cls.env["res.partner"].create({"name": name, "is_company": True})

    @classmethod
    def _instalment(cls, grant, amount):
        vals = {"grant_id": grant.id, "date_due": date(2026, 4, 1), "amount": amount}
        return cls.env["ess.grant.instalment"].create(vals)

    def _get(self, path, user):
        self.authenticate(user.login, user.login)
        return self.url_open(f"{HOME}{path}")

    # === WHAT IS READ
    def test_pages_of_the_funder(self):
        self.report.action_show_funder()
        home = self._get("", self.funder)
        self.assertEqual(home.status_code, 200)
        self.assertIn(self.grant.name, home.text)
        self.assertNotIn("<script", home.text)
        page = self.url_open(f"{HOME}/grants/{self.grant.id}")
        self.assertEqual(page.status_code, 200)
        for words in ("Passerelle", "Grant A", "80,000", self.report.name):
            self.assertIn(words, page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        file = self.url_open(f"{HOME}/reports/{self.report.id}/xlsx")
        self.assertEqual(file.content[:2], b"PK")
        for text in (home.text, page.text):
            self.assertNotIn(self.secret.name, text)
            self.assertNotIn(self.person.last_name, text)

    def test_guessed_numbers_do_not_exist(self):
        paths = (
            f"/grants/{self.secret.id}",
            "/grants/999999999",
            f"/programmes/{self.followed.id}",
            "/programmes/999999999",
            f"/reports/{self.report.id}/xlsx",  # final, not shown
            "/reports/999999999/pdf",
        )
        self.authenticate(self.funder.login, self.funder.login)
        pages = [self.url_open(f"{HOME}{path}") for path in paths]
        self.assertEqual({page.status_code for page in pages}, {404})
        self.assertEqual(len({len(page.text) for page in pages}), 1)
        for path in ("", f"/grants/{self.grant.id}"):
            self.assertEqual(self._get(path, self.portal_user).status_code, 404)

    def test_observer_reads_figures_of_its_programmes(self):
        page = self._get(f"/programmes/{self.followed.id}", self.observer)
        self.assertEqual(page.status_code, 200)
        self.assertIn(escape(self.programme.name), page.text)
        self.assertNotIn("Grant A", page.text)
        self.assertNotIn(self.person.last_name, page.text)
        self.assertFalse(self.env["ess.grant"].with_user(self.observer).search([]))
        self.followed.active = False
        page = self.url_open(f"{HOME}/programmes/{self.followed.id}")
        self.assertEqual(page.status_code, 404)

    # === FIGURES
    def test_figures_hide_small_groups_and_stop_at_the_last_month(self):
        today = fields.Date.context_today(self.grant)
        month = today.replace(day=1)
        first, last = month - timedelta(days=400), today + timedelta(days=40)
        self.grant.write({"date_from": first, "date_to": last})
        values = self.grant.with_user(self.funder)._get_space_values()
        self.assertEqual(values["period"], (first, month - timedelta(days=1)))
        people = values["figures"][0]
        self.assertTrue(people["is_hidden"])
        self.assertEqual(people["text"], "–")
        self.grant.date_from = month
        self.assertEqual(self.grant._get_space_values()["figures"], [])

    def test_login_opens_the_space_and_nothing_else(self):
        paper = self.env["ir.attachment"].create(
            {
                "name": "Note interne",
                "raw": b"canary of the house",
                "res_model": "ess.grant",
                "res_id": self.grant.id,
            }
        )
        self.authenticate(self.funder.login, self.funder.login)
        for path in (f"/web/content/{paper.id}", "/my/home", "/odoo"):
            page = self.url_open(path)
            self.assertTrue(page.url.endswith(HOME), page.url)
            self.assertNotIn("canary of the house", page.text)
        answer = self.url_open("/web/dataset/call_kw", json={"params": {}})
        self.assertEqual(answer.json()["error"]["code"], 404)

    # === RIGHTS
    def test_rules_show_own_records_only(self):
        for model in OPEN:
            found = self.env[model].with_user(self.funder).search([])
            grants = found if model == "ess.grant" else found.grant_id
            self.assertLessEqual(grants, self.grant, model)
        reports = self.env["ess.funder.report"].with_user(self.funder)
        self.assertFalse(reports.search([]))
        self.report.action_show_funder()
        self.assertEqual(reports.search([]), self.report)
        self.report.action_hide_funder()
        self.assertFalse(reports.search([]))
        self.grant.state = "draft"
        self.assertFalse(self.env["ess.grant"].with_user(self.funder).search([]))

    def test_reads_few_fields_and_writes_nothing(self):
        own = self.grant.with_user(self.funder)
        self.assertEqual(own.read(["name", "amount"])[0]["amount"], 80000)
        for name in ("cost_message", "spent_amount", "terms", "user_id", "share_ids"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                own.read([name])
        shown = self.report
        shown.action_show_funder()
        with self.assertRaises(AccessError):
            shown.with_user(self.funder).read(["snapshot"])
        for record in (own, self.instalment.with_user(self.funder)):
            with self.assertRaises(AccessError):
                record.write({"amount": 1})

    def test_other_models_are_closed(self):
        for model in CLOSED:
            self.assertFalse(
                self.env[model].with_user(self.funder).has_access("read"), model
            )
        # core lets logins from outside read their own invoices: there are none
        self.assertFalse(self.env["account.move"].with_user(self.funder).search([]))
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            self.secret.with_user(self.funder).read(["name"])

    def test_a_draft_is_not_shown(self):
        draft = self.env["ess.funder.report"].create({"grant_id": self.grant.id})
        with self.assertRaisesRegex(UserError, "Finalise"):
            draft.action_show_funder()
        with self.assertRaises(AccessError):
            self.report.with_user(self.funding_viewer).action_show_funder()

    # === QUESTIONS
    def _ask(self, words):
        token = http_csrf(self)
        data = {"words": words, "csrf_token": token}
        return self.url_open(f"{HOME}/grants/{self.grant.id}", data=data)

    def test_question_and_answer(self):
        self.grant.user_id = self.fundraiser
        self.authenticate(self.funder.login, self.funder.login)
        self.assertIn("Write your question first", self._ask("  ").text)
        self.assertEqual(self._ask("Combien de <b>places</b> ?").status_code, 200)
        question = self.env["ess.funder.question"].search(
            [("funder_id", "=", self.body.id)]
        )
        self.assertEqual(question.words, "Combien de <b>places</b> ?")
        self.assertIn(self.fundraiser, self.grant.activity_ids.user_id)
        question.with_user(self.fundraiser).answer = "Douze."
        self.assertTrue(question.answered_at)
        page = self.url_open(f"{HOME}/grants/{self.grant.id}").text
        self.assertIn("Douze.", page)
        self.assertNotIn("<b>places</b>", page)
        others = self.env["ess.funder.question"].with_user(self.other_funder)
        self.assertFalse(others.search([]))

    # === OPENING
    def test_officer_opens_and_closes_the_space(self):
        contact = self.env["res.partner"].create(
            {
                "name": "Chargée de mission",
                "email": "mission@example.com",
                "parent_id": self.body.id,
            }
        )
        invites = self.env["ess.funder.invite"].with_user(self.fundraiser)
        invite = invites.create({"partner_id": contact.id})
        self.assertFalse(invite.is_open)
        invite.action_open()
        user = contact.user_ids
        self.assertTrue(user.share)
        self.assertTrue(user.has_group("ess_funding.group_funding_funder"))
        self.assertEqual(
            self.env["ess.grant"].with_user(user).search([]).ids, self.grant.ids
        )
        invite.invalidate_recordset()
        self.assertTrue(invite.is_open)
        invite.action_close()
        self.assertFalse(user.has_group("ess_funding.group_funding_funder"))

    def test_space_is_not_for_users_of_the_house(self):
        invites = self.env["ess.funder.invite"].with_user(self.fundraiser)
        invite = invites.create({"partner_id": self.worker.partner_id.id})
        with self.assertRaisesRegex(UserError, "of the association"):
            invite.action_open()
        invite = invites.create({"partner_id": self._body("Sans courriel").id})
        with self.assertRaisesRegex(UserError, "no e-mail"):
            invite.action_open()


def http_csrf(case):
    """Token of the session, as the page gives it."""
    page = case.url_open(f"{HOME}/grants/{case.grant.id}").text
    return page.split('name="csrf_token" value="')[1].split('"')[0]
