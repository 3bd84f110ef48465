from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged, users

from .common import EssProgrammesCommon


@tagged("ess", "post_install", "-at_install")
class TestBeneficiary(EssProgrammesCommon):
    def test_next_appointment_for_reception(self):
        person = self._make_beneficiary()
        now = fields.Datetime.now()
        for days in (9, 2, -3):
            self._make_presence(
                self._make_session(
                    start=now + timedelta(days=days),
                    place=f"Room {days}",
                    user_id=self.worker.id,
                ),
                person,
                state="expected",
            )
        seen = person.with_user(self.reception)
        self.assertIn("Room 2", seen.next_appointment)
        self.assertIn(self.worker.name, seen.next_appointment)
        self.assertNotIn(self.programme.name, seen.next_appointment)

    def test_next_appointment_forgets_what_is_cancelled_or_done(self):
        person = self._make_beneficiary()
        session = self._make_session(start=fields.Datetime.now() + timedelta(days=2))
        presence = self._make_presence(session, person, state="expected")
        self.assertEqual(person.next_session_id, session)
        presence.state = "excused"
        person.invalidate_recordset()
        self.assertFalse(person.next_session_id)
        self.assertFalse(person.next_appointment)

    def test_counts_on_the_file(self):
        person = self._make_beneficiary()
        self._make_enrolment(person)
        self._make_enrolment(person, programme=self.programme_2, stage="asked")
        self._make_presence(beneficiary=person)
        self._make_presence(beneficiary=person, state="absent")
        self.assertRecordValues(person, [{"enrolment_count": 1, "presence_count": 1}])

    @users("ess_worker")
    def test_readable_file_says_what_was_done(self):
        person = self._make_beneficiary(team=self.worker)
        self._make_enrolment(person, stage="left")
        self._make_presence(self._make_session(place="Room 3"), person)
        content = person.with_user(self.worker)._get_readable_file()
        self.assertEqual(content["enrolments"][0]["programme"], self.programme.name)
        self.assertEqual(
            content["enrolments"][0]["exit_reason"], self._reason("choice").name
        )
        self.assertEqual(content["presences"][0]["place"], "Room 3")

    @users("ess_worker")
    def test_card_finds_the_person_in_a_search_box(self):
        person = self._make_beneficiary(team=self.worker)
        hidden = self._make_beneficiary(team=self.worker2)
        Beneficiary = self.env["ess.beneficiary"]
        self.env.flush_all()
        self.assertEqual(
            [found[0] for found in Beneficiary.name_search(person.qr_token)], person.ids
        )
        for names in ([person.qr_token], [person.qr_token, "Nobody"]):
            self.assertEqual(
                Beneficiary.search([("display_name", "in", names)]), person
            )
        exact = Beneficiary.name_search(person.qr_token, operator="=")
        self.assertEqual([found[0] for found in exact], person.ids)
        self.assertFalse(Beneficiary.name_search(hidden.sudo().qr_token))
        self.assertFalse(Beneficiary.name_search(person.qr_token[:16]))

    def test_profiles_give_this_room(self):
        for profile, group in (
            ("reception", "group_programmes_viewer"),
            ("field_worker", "group_programmes_officer"),
            ("coordinator", "group_programmes_manager"),
            ("volunteer_manager", "group_volunteers_manager"),
        ):
            self.assertIn(
                self.env.ref(f"ess_programmes.{group}"),
                self.env.ref(f"ess_beneficiary.profile_{profile}").group_ids,
            )

    def test_file_opens_without_a_right_on_this_room(self):
        """The data-protection officer reads files, and no activity."""
        person = self._make_beneficiary(team=self.worker)
        self._make_presence(self._make_session(), person, state="present")
        alone = self.importer
        alone.group_ids = self.env.ref("ess_beneficiary.group_beneficiary_officer")
        person.followup_ids = [Command.create({"user_id": alone.id})]
        for user in (self.dpo, alone):
            reader = person.with_user(user)
            view = reader.get_view(view_type="form")
            fields_shown = {
                name: {} for name in view["models"]["ess.beneficiary"]
                if reader._has_field_access(reader._fields[name], "read")
            }  # fmt: skip
            self.assertTrue(reader.web_read(fields_shown))

    def test_sessions_are_contacts_and_absences_alerts(self):
        person = self._make_beneficiary(team=self.worker)
        now = fields.Datetime.now()
        for days, state in ((9, "present"), (6, "absent"), (3, "absent")):
            session = self._make_session(start=now - timedelta(days=days))
            self._make_presence(session, person, state=state)
        seen = person.with_user(self.worker)
        self.assertEqual(len(seen._get_last_contacts()), 1)
        self.assertIn("Absent at the last two", seen.alerts[0]["text"])
        # two hours ago: near midnight, the day of the programme is not that of the user
        earlier = self._make_session(start=now - timedelta(hours=2))
        self._make_presence(earlier, person, state="present")
        seen.invalidate_recordset()
        self.assertFalse(seen.alerts)
