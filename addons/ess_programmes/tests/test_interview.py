from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import EssProgrammesCommon


@tagged("ess", "post_install", "-at_install")
class TestInterview(EssProgrammesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._make_beneficiary(team=cls.worker)
        cls.now = fields.Datetime.now().replace(second=0, microsecond=0)
        cls.interviews = cls.env["ess.interview"].with_user(cls.worker)

    def _open(self, **context):
        context = {"default_beneficiary_id": self.person.id, **context}
        return Form(self.interviews.with_context(**context))

    def _make_appointment(self, **vals):
        session = self._make_session(
            start=self.now - timedelta(minutes=10),
            hours=0.5,
            kind="phone",
            place="Bureau 2",
            user_id=self.worker.id,
            **vals,
        )
        return self._make_presence(session, self.person, state="expected")

    def test_appointment_of_the_day_fills_everything_but_the_words(self):
        presence = self._make_appointment()
        form = self._open(ess_session_id=presence.session_id.id)
        self.assertEqual(form.presence_id, presence)
        self.assertEqual(
            (form.medium, form.minutes, form.place, form.programme_id),
            ("phone", 30, "Bureau 2", self.programme),
        )
        form.text = "Elle a appelé la mairie."
        form.save().action_save()
        self.assertRecordValues(
            presence, [{"state": "present", "minutes": 30, "source": "interview"}]
        )
        self.assertEqual(presence.session_id.state, "done")
        note = self.env["ess.note"].search([("presence_id", "=", presence.id)])
        self.assertRecordValues(
            note,
            [
                {
                    "beneficiary_id": self.person.id,
                    "medium": "phone",
                    "minutes": 30,
                    "date": presence.day,
                    "author_id": self.worker.id,
                    "visibility": "shared",
                }
            ],
        )

    def test_without_appointment_as_the_last_one(self):
        self._make_enrolment(self.person)
        with self._open() as form:
            self.assertEqual(form.programme_id, self.programme)
            form.medium, form.minutes, form.place = "home", 50, "Chez elle"
            form.text = "Première visite."
        form.record.action_save()
        second = self._open()
        self.assertEqual(
            (second.medium, second.minutes, second.place), ("home", 50, "Chez elle")
        )
        session = self.person.presence_ids.session_id
        self.assertRecordValues(
            session, [{"kind": "home_visit", "state": "done", "place": "Chez elle"}]
        )

    def test_no_programme_keeps_the_note_alone(self):
        with self._open() as form:
            form.text = "Passée dire bonjour."
        form.record.action_save()
        self.assertEqual(self.person.note_ids.text, "Passée dire bonjour.")
        self.assertFalse(self.person.presence_ids)

    def test_person_who_did_not_come(self):
        presence = self._make_appointment()
        self._open().save().action_absent()
        self.assertRecordValues(presence, [{"state": "absent", "minutes": 0}])
        self.assertFalse(self.person.note_ids)

    def test_next_appointment_is_on_the_sheet(self):
        self._make_enrolment(self.person)
        with self._open() as form:
            form.text = "Dossier rempli."
            form.date_next = self.now + timedelta(days=7)
        form.record.action_save()
        expected = self.person.presence_ids.filtered(
            lambda line: line.state == "expected"
        )
        self.assertEqual(expected.session_id.date_start, self.now + timedelta(days=7))

    def test_bad_input_gets_a_clear_message(self):
        for values, message in (
            ({"text": "  "}, "the note is empty"),
            ({"text": "Oui", "date": self.now + timedelta(days=1)}, "is to come"),
            ({"text": "Oui", "date_next": self.now + timedelta(days=1)}, "programme"),
        ):
            interview = self.interviews.create(
                {"beneficiary_id": self.person.id, **values}
            )
            with self.assertRaisesRegex(UserError, message):
                interview.action_save()
        self.assertFalse(self.person.note_ids)

    def test_nothing_is_written_in_the_file_of_another_team(self):
        stranger = self._make_beneficiary(team=self.worker2)
        interview = self.interviews.create(
            {
                "beneficiary_id": stranger.id,
                "programme_id": self.programme.id,
                "text": "Vu dehors.",
            }
        )
        with self.assertRaises(AccessError), self.cr.savepoint():
            interview.action_save()
        self.assertFalse(stranger.presence_ids)

    def test_one_contact_and_one_length(self):
        self._make_appointment()
        with self._open() as form:
            form.text = "Point d'étape."
        form.record.action_save()
        person = self.person.with_user(self.worker)
        self.assertEqual(len(person._get_last_contacts()), 1)
        person.note_ids.minutes = 20
        self.assertEqual(self.person.presence_ids.minutes, 20)

    def test_empty_sheet_asks_for_the_person(self):
        session = self._make_session(kind="appointment", user_id=self.worker.id)
        with self.assertRaisesRegex(UserError, "add the person first"):
            session.with_user(self.worker).action_new_interview()
