from datetime import date
from unittest import SkipTest

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.ess_funding.tests.common import EssFundingCommon


class StoryCommon(HttpCase, EssFundingCommon):
    """What the tours need: people of the house with their profiles, in French."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.maud = cls._make_profile_user("terrain_test", "profile_field_worker")
        cls.sylvie = cls._make_profile_user("compta_test", "profile_accountant")
        cls.renaud = cls._make_profile_user("direction_test", "profile_director")
        cls.mots = cls._make_programme(
            name="Les Mots du récit", kind="course", team=cls.maud
        )
        cls.today_session = cls._make_session(
            cls.mots,
            name="Cours du récit",
            user_id=cls.maud.id,
            # an hour ago may be yesterday
            start=fields.Datetime.now().replace(microsecond=0),
        )

    @classmethod
    def _make_profile_user(cls, login, profile):
        user = new_test_user(
            cls.env,
            login=login,
            groups="base.group_user",
            lang="fr_FR",
            tz="Europe/Paris",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        user.ess_profile_id = cls.env.ref(f"ess_beneficiary.{profile}")
        return user

    def start_tour(self, *args, **kwargs):
        """Odoo skips in silence where there is no browser: here that is a failure."""
        try:
            return super().start_tour(*args, **kwargs)
        except SkipTest as reason:
            self.fail(f"The browser tour did not run: {reason}")

    def _make_enrolled(self, count):
        """People in progress in the programme of the story."""
        people = self.env["ess.beneficiary"]
        for number in range(count):
            person = self._make_beneficiary(
                team=self.maud, first_name="Zoé", last_name=f"Testori{number}"
            )
            self._make_enrolment(person, programme=self.mots)
            people |= person
        return people


@tagged("post_install", "-at_install", "ess", "ess_tour")
class TestStory(StoryCommon):
    """The main story in a real browser, in French, on a desk."""

    def test_field_worker(self):
        self.start_tour(
            "/odoo/search-or-create", "ess_story_field_worker", login="terrain_test"
        )
        person = self.env["ess.beneficiary"].search([("last_name", "=", "TESTORI")])
        self.assertEqual(person.first_name, "Zoé")
        self.assertEqual(person.referent_id, self.maud)
        self.assertEqual(
            person.life_project_words, "Apprendre à lire pour mes enfants."
        )
        self.assertEqual(person.goal_ids.words, "Lire une lettre")
        self.assertEqual(person.situation_ids.domain_id.code, "housing")
        self.assertRecordValues(
            person.enrolment_ids, [{"programme_id": self.mots.id, "bucket": "enrolled"}]
        )
        self.assertRecordValues(
            person.presence_ids,
            [{"session_id": self.today_session.id, "is_present": True}],
        )

    def _make_story_grant(self, programme):
        year = fields.Date.today().year
        period = {"date_from": date(year, 1, 1), "date_to": date(year, 12, 31)}
        action = self._make_action(
            name="Action du récit",
            programme_ids=[Command.set(programme.ids)],
            **period,
        )
        grant = self._make_grant(
            name="Subvention du récit", actions={action: 1000}, **period
        )
        report = self.env["ess.funder.report"].create({"grant_id": grant.id})
        return action, grant, report

    def _make_bill(self):
        return self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.env["res.partner"]
                .create({"name": "Fournisseur"})
                .id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Duvets du récit",
                            "account_id": self._account("606300").id,
                            "price_unit": 120,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )

    @mute_logger("odoo.http")  # the refusal that the tour provokes is logged there
    def test_accountant(self):
        action, grant, report = self._make_story_grant(self.mots)
        bill = self._make_bill()
        self.start_tour(
            f"/odoo/action-account.action_move_in_invoice_type/{bill.id}",
            "ess_story_accountant",
            login="compta_test",
            timeout=120,
        )
        self.assertEqual(bill.state, "posted")
        self.assertEqual(
            bill.invoice_line_ids.analytic_distribution,
            {self._share(action, grant): 100},
        )
        self.assertEqual(grant.spent_amount, 120)
        self.assertTrue(report.computed_at)

    def test_coordinator(self):
        """From a figure of the effect to exactly the records that it counts."""
        stall = self._make_programme(
            name="L'Étal du récit", kind="distribution", team=self.maud
        )
        _action, _grant, report = self._make_story_grant(stall)
        session = self._make_session(stall, kind="distribution", user_id=self.maud.id)
        self.env["ess.presence"].create(
            [
                {
                    "session_id": session.id,
                    "beneficiary_id": person.id,
                    "state": "present",
                }
                for person in self._make_enrolled(6)
            ]
        )
        report.with_context(lang="fr_FR").action_compute()
        self.start_tour(
            "/odoo/action-ess_funding.ess_funder_report_action",
            "ess_story_coordinator",
            login="direction_test",
        )


@tagged("post_install", "-at_install", "ess", "ess_tour")
class TestStoryOnPhone(StoryCommon):
    """The sheet of a session, as it is used standing up, with one thumb."""

    browser_size = "390x844"
    touch_enabled = True

    def test_sheet(self):
        person = self._make_enrolled(1)
        self.start_tour(
            "/odoo/activities-today", "ess_story_phone", login="terrain_test"
        )
        self.assertTrue(person.presence_ids.is_present)
