from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EssProgrammesCommon


@tagged("ess", "post_install", "-at_install")
class TestVolunteer(EssProgrammesCommon):
    @mute_logger("odoo.sql_db")
    def test_once_per_association(self):
        volunteer = self._make_volunteer()
        vals = {"partner_id": volunteer.partner_id.id}
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.env["ess.volunteer"].create({**vals, "company_id": self.company.id})
        self.env["ess.volunteer"].create({**vals, "company_id": self.company_2.id})

    def test_named_like_the_contact(self):
        volunteer = self._make_volunteer()
        self.assertEqual(volunteer.display_name, volunteer.partner_id.name)
        found = self.env["ess.volunteer"].name_search(volunteer.partner_id.name)
        self.assertEqual([volunteer_id for volunteer_id, _name in found], volunteer.ids)

    def test_hours_come_from_presences(self):
        volunteer = self._make_volunteer()
        self._make_presence(
            self._make_session(hours=3, kind="mission"), volunteer_id=volunteer.id
        )
        self._make_presence(self._make_session(hours=2), volunteer_id=volunteer.id)
        self._make_presence(
            self._make_session(hours=2), volunteer_id=volunteer.id, state="absent"
        )
        self.assertEqual(volunteer.hours, 5)

    def test_a_person_s_mask_is_not_a_volunteer(self):
        person = self._make_beneficiary()
        mask = self.env["res.partner"].create(
            {"name": person.ref, "ref": f"ess:{person.ref}"}
        )
        with self.assertRaisesRegex(ValidationError, "belongs to a person"):
            self.env["ess.volunteer"].create({"partner_id": mask.id})

    def test_login_of_the_volunteer(self):
        volunteer = self._make_volunteer(partner_id=self.portal_user.partner_id.id)
        self.assertEqual(volunteer.user_id, self.portal_user)
