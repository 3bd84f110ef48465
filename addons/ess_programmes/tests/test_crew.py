from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import EssProgrammesCommon


@tagged("ess", "post_install", "-at_install", "security")
class TestCrew(EssProgrammesCommon):
    """A crew sees its territory, for the night only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users({"crew": "ess_programmes.group_programmes_crew"})
        cls.outreach = cls._make_programme(kind="outreach", name="Maraude")
        cls.station, cls.river = cls.env["ess.territory"].create(
            [{"name": "Gare du test"}, {"name": "Berges du test"}]
        )
        cls.now = fields.Datetime.now().replace(microsecond=0)
        cls.met = cls._make_encounter(cls.station, days=20)
        cls.long_ago = cls._make_encounter(cls.station, days=120)
        cls.elsewhere = cls._make_encounter(cls.river, days=20)
        cls.tonight = cls._make_round(cls.station, cls.now, user_id=cls.crew.id)
        cls.expected = cls._make_beneficiary()
        cls._make_presence(cls.tonight, cls.expected, state="expected")

    @classmethod
    def _make_round(cls, territory, start, **vals):
        return cls._make_session(
            cls.outreach, start=start, kind="round", territory_id=territory.id, **vals
        )

    @classmethod
    def _make_encounter(cls, territory, days):
        """Return someone met on a round so many days ago."""
        past = cls._make_round(territory, cls.now - timedelta(days=days))
        return cls._make_presence(past, state="present").beneficiary_id

    def _sees(self, model, records):
        found = self.env[model].with_user(self.crew).search([])
        self.assertEqual(found, records)

    def test_people_of_the_territory_by_name_only(self):
        self._sees("ess.beneficiary", self.met | self.expected)
        person = self.met.with_user(self.crew)
        self.assertEqual(person.display_name, self.met.display_name)
        for name in ("life_project_words", "enrolment_ids", "followup_ids"):
            with self.assertRaises(AccessError):
                person.read([name])
        with self.assertRaises(AccessError):
            person.write({"first_name": "Autre"})

    def test_round_of_tonight_and_its_sheet(self):
        self._sees("ess.session", self.tonight)
        self._sees("ess.presence", self.tonight.presence_ids)
        self._sees("ess.programme", self.outreach)
        sheet = self.tonight.with_user(self.crew).action_read_sheet()
        self.assertTrue(sheet["can_edit"])
        self.assertFalse(any(sheet["can_add"].values()))
        line = {"beneficiary_id": self.met.id, "state": "present", "minutes": 5}
        self.tonight.with_user(self.crew).action_save_sheet([line], anonymous=2)
        self.assertIn(self.met, self.tonight.presence_ids.beneficiary_id)

    def test_nothing_is_left_the_day_after(self):
        for start in (timedelta(hours=-20), timedelta(hours=8)):
            self.tonight.write(
                {
                    "date_start": self.now + start,
                    "date_end": self.now + start + timedelta(hours=2),
                }
            )
            for model in ("ess.beneficiary", "ess.session", "ess.presence"):
                self._sees(model, self.env[model])
        self._sees("ess.programme", self.env["ess.programme"])

    def test_no_stay_no_volunteer_no_protected_file(self):
        for model in ("ess.enrolment", "ess.volunteer", "ess.cohort"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.crew).search([])
        self.met.write({"is_protected": True, "protection_reason": "violence"})
        self._sees("ess.beneficiary", self.expected)

    def test_profile_gives_the_crew_nothing_else(self):
        profile = self.env.ref("ess_beneficiary.profile_crew")
        crew = self.env.ref("ess_programmes.group_programmes_crew")
        self.assertEqual(profile.group_ids, crew)
