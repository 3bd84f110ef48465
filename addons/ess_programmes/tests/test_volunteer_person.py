from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import EssProgrammesCommon


@tagged("ess", "post_install", "-at_install")
class TestVolunteerPerson(EssProgrammesCommon):
    """A person who volunteers, a volunteer who is helped: two records that do not know
    each other. What a mission opens ends with it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._make_beneficiary(
            team=cls.worker, first_name="Paulo", last_name="Ferraz"
        )
        partner = cls.env["res.partner"].create({"name": "Paulo Ferraz"})
        cls.volunteer = cls._make_volunteer(partner_id=partner.id)

    def test_no_field_joins_the_two(self):
        for model, other in (
            ("ess.volunteer", "ess.beneficiary"),
            ("ess.beneficiary", "ess.volunteer"),
        ):
            links = [
                field.name
                for field in self.env[model]._fields.values()
                if field.comodel_name == other
            ]
            self.assertFalse(links, model)

    def test_volunteer_team_learns_nothing_of_the_file(self):
        officer = self.volunteer_officer
        with self.assertRaises(AccessError):
            self.env["ess.beneficiary"].with_user(officer).search([])
        self._make_presence(self._make_session(), self.person)
        lines = self.env["ess.presence"].with_user(officer).search([])
        self.assertFalse(lines.filtered("beneficiary_id"))
        volunteer = self.volunteer.with_user(officer)
        self.assertNotIn(self.person.ref, str(volunteer.read()))

    def test_helped_and_helping_the_same_afternoon(self):
        session = self._make_session()
        self._make_presence(session, self.person)
        self._make_presence(session, volunteer_id=self.volunteer.id)
        self.assertEqual(self.volunteer.hours, 2)
        self.assertEqual(len(session.presence_ids), 2)

    def test_file_closes_with_the_mission(self):
        today = fields.Date.today()
        mentor = self.worker2
        followup = self.env["ess.followup"].create(
            {
                "beneficiary_id": self.person.id,
                "user_id": mentor.id,
                "role": "mentor",
                "date_from": today - timedelta(days=300),
            }
        )
        volunteer = self._make_volunteer(partner_id=mentor.partner_id.id)
        files = self.env["ess.beneficiary"].with_user(mentor)
        self.assertIn(self.person, files.search([]).sudo())
        volunteer.write({"date_start": False, "date_stop": today - timedelta(days=1)})
        self.assertEqual(followup.date_to, today - timedelta(days=1))
        files.invalidate_model()
        self.assertNotIn(self.person.id, files.search([]).ids)

    def test_places_are_freed_when_they_stop(self):
        shift = self._make_session(
            self.programme_2, start=fields.Datetime.now() + timedelta(days=3)
        )
        need = self.env["ess.session.need"].create({"session_id": shift.id})
        signup = self.env["ess.signup"].create(
            {"need_id": need.id, "volunteer_id": self.volunteer.id}
        )
        self.assertEqual(need.missing, 0)
        self.volunteer.write({"date_start": False, "date_stop": "2020-01-01"})
        self.assertEqual(signup.state, "cancelled")
        self.assertEqual(need.missing, 1)
