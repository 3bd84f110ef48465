from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from .common import EssBeneficiaryCommon


@tagged("post_install", "-at_install", "ess")
class TestNote(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._make_beneficiary(team=cls.worker)
        cls.notes = cls.env["ess.note"].with_user(cls.worker)

    @classmethod
    def _make_note(cls, user=None, **vals):
        vals = {"beneficiary_id": cls.person.id, "text": "We spoke of work.", **vals}
        return cls.env["ess.note"].with_user(user or cls.worker).create(vals)

    @users("ess_worker")
    def test_a_few_words_are_enough(self):
        note = self.env["ess.note"].create(
            {"beneficiary_id": self.person.id, "text": "Called back."}
        )
        self.assertRecordValues(
            note,
            [
                {
                    "medium": "appointment",
                    "date": fields.Date.context_today(note),
                    "visibility": "shared",
                    "author_id": self.worker.id,
                    "is_released": False,
                }
            ],
        )
        self.assertNotIn(self.person.last_name, note.display_name)

    def test_empty_text_is_refused(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._make_note(text="  ")

    def test_nobody_signs_for_another(self):
        note = self._make_note(author_id=self.coordinator.id)
        self.assertEqual(note.author_id, self.worker)
        note.write({"author_id": self.coordinator.id})
        self.assertEqual(note.author_id, self.worker)

    def test_date_to_come_is_refused(self):
        later = fields.Date.today() + timedelta(days=3)
        with self.assertRaises(ValidationError):
            self._make_note(date=later)

    def test_impossible_duration_is_refused(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._make_note(minutes=2000)

    def test_goal_of_another_person_is_refused(self):
        other = self._make_beneficiary(team=self.worker)
        project = (
            other.sudo().env["ess.life.project"].create({"beneficiary_id": other.id})
        )
        goal = project.env["ess.goal"].create(
            {"life_project_id": project.id, "words": "Home"}
        )
        with self.assertRaises(ValidationError):
            self._make_note(goal_ids=goal.ids)

    @users("ess_worker")
    def test_template_puts_headings_after_the_text(self):
        template = self.env.ref("ess_beneficiary.ess_note_template_home_visit")
        form = Form(
            self.env["ess.note"].with_context(default_beneficiary_id=self.person.id)
        )
        form.text = "Already typed"
        form.template_id = template
        note = form.save()
        self.assertTrue(note.text.startswith("Already typed"))
        self.assertIn(template.text.strip(), note.text)
        self.assertEqual(note.medium, "home")

    # === RELEASE

    def test_released_by_itself_after_72_hours(self):
        with freeze_time("2026-03-02 10:00:00"):
            note = self._make_note()
            self.assertFalse(note._is_released())
        with freeze_time("2026-03-05 09:59:00"):
            self.assertFalse(note._is_released())
        with freeze_time("2026-03-05 10:00:00"):
            note.invalidate_recordset()
            self.assertTrue(note._is_released())
            self.assertTrue(note.is_released)
            self.assertIn(note, self.notes.search([("is_released", "=", True)]))
            self.assertNotIn(note, self.notes.search([("is_released", "=", False)]))

    def test_hours_are_a_setting(self):
        self.company.note_release_hours = 0
        self.assertTrue(self._make_note()._is_released())

    def test_author_releases_at_once(self):
        note = self._make_note()
        note.action_release()
        self.assertTrue(note.is_released)

    def test_colleague_does_not_release(self):
        self.person.sudo().followup_ids.create(
            {"beneficiary_id": self.person.id, "user_id": self.worker2.id}
        )
        note = self._make_note().with_user(self.worker2)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            note.action_release()
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            note.text = "Mine now"

    def test_release_date_is_not_typed(self):
        note = self._make_note(date_release="2020-01-01 00:00:00")
        self.assertFalse(note.is_released)
        note.write({"date_release": "2020-01-01 00:00:00"})
        self.assertFalse(note.is_released)

    def test_team_note_is_never_released(self):
        note = self._make_note(visibility="team")
        self.assertFalse(note.date_release)
        with self.assertRaises(UserError):
            note.action_release()
        note.visibility = "shared"
        self.assertTrue(note.date_release)
        note.visibility = "team"
        self.assertFalse(note.date_release)

    def test_what_was_readable_stays_readable(self):
        note = self._make_note()
        note.action_release()
        with self.assertRaises(UserError):
            note.visibility = "team"

    # === CORRECTION

    def test_before_release_no_trace(self):
        note = self._make_note()
        note.text = "We spoke of housing."
        self.assertFalse(note.version_ids)

    def test_after_release_the_former_text_stays(self):
        note = self._make_note()
        note.action_release()
        note.text = "We spoke of housing."
        self.assertRecordValues(
            note.version_ids,
            [{"text": "We spoke of work.", "corrector_id": self.worker.id}],
        )
        note.text = "We spoke of housing."
        self.assertEqual(len(note.version_ids), 1, "nothing changed")

    def test_coordination_corrects_with_a_trace(self):
        note = self._make_note()
        note.with_user(self.coordinator).text = "We spoke of housing."
        self.assertEqual(note.version_ids.corrector_id, self.coordinator)

    def test_nobody_deletes_or_forges_a_trace(self):
        note = self._make_note()
        note.action_release()
        note.text = "We spoke of housing."
        for user in (self.worker, self.coordinator, self.dpo):
            for records in (note, note.version_ids):
                self.assertFalse(records.with_user(user).has_access("unlink"))
            version = note.version_ids.with_user(user)
            self.assertFalse(version.has_access("write"))
            self.assertFalse(version.has_access("create"))

    # === WHO READS

    def test_team_notes_are_read_by_the_team_only(self):
        words = self.canary("team")
        note = self._make_note(visibility="team", text=words)
        alone = [("id", "=", note.id)]
        for user in (self.coordinator, self.dpo, self.worker2):
            notes = self.env["ess.note"].with_user(user)
            self.assertFalse(notes.search(alone), user.login)
            self.assertEqual(notes.search_count([("text", "=", words)]), 0)
            self.assertEqual(notes._read_group(alone, [], ["__count"]), [(0,)])
            self.assertFalse(notes.name_search(words))
            self.assertFalse(note.with_user(user).has_access("write"))
        self.assertTrue(note.with_user(self.worker).has_access("write"))

    def test_last_contacts_on_the_first_screen(self):
        note = self._make_note(visibility="team", medium="phone")
        for user, seen in ((self.worker, True), (self.coordinator, False)):
            contacts = self.person.with_user(user)._get_last_contacts()
            self.assertEqual(note.date in [date for date, _text in contacts], seen)

    def test_access_ends_with_the_role(self):
        note = self._make_note(visibility="team")
        self.person.sudo().followup_ids.write(
            {"date_from": "2020-01-01", "date_to": "2020-02-01", "end_reason": "error"}
        )
        self.assertFalse(note.with_user(self.worker).has_access("read"))


@tagged("post_install", "-at_install", "ess")
class TestNoteCopy(EssBeneficiaryCommon):
    """A copy leaves out a line, never a class, with its reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._make_beneficiary(team=cls.worker)
        cls.company.note_release_hours = 0
        cls.note = (
            cls.env["ess.note"]
            .with_user(cls.worker)
            .create(
                {
                    "beneficiary_id": cls.person.id,
                    "text": "She found a room. Her brother drinks. She is glad.",
                }
            )
        )
        cls.exclusions = cls.env["ess.copy.exclusion"].with_user(cls.worker)

    def _copy(self, user=None):
        person = self.person.with_user(user or self.worker)
        person.invalidate_recordset()
        data = person._get_readable_file()
        lines = [line for line in data["left_out"] if line["section"] == "notes"]
        return data["notes"], lines

    def test_notes_are_in_the_copy(self):
        team = self.note.create(
            {
                "beneficiary_id": self.person.id,
                "text": "For us",
                "visibility": "team",
            }
        )
        notes, lines = self._copy()
        self.assertEqual({note["text"] for note in notes}, {self.note.text, team.text})
        self.assertEqual(lines, [])

    def test_passage_is_masked_in_all_texts(self):
        self.exclusions.create(
            {"note_id": self.note.id, "passage": "Her brother drinks."}
        )
        self.note.text = "She found a room! Her brother drinks. She is glad."
        notes, lines = self._copy()
        self.assertEqual(notes[0]["text"], "She found a room! […] She is glad.")
        self.assertEqual(
            notes[0]["former_texts"][0]["text"], "She found a room. […] She is glad."
        )
        self.assertEqual(len(lines), 1)
        self.assertIn("15(4)", lines[0]["reason"])

    def test_corrected_passage_leaves_the_whole_note_out(self):
        """Fails closed: the words to hide are no longer the ones that were marked."""
        self.exclusions.create(
            {"note_id": self.note.id, "passage": "Her brother drinks."}
        )
        self.note.text = "She found a room. Her brother drinks a lot."
        notes, lines = self._copy()
        self.assertEqual(notes, [])
        self.assertEqual(len(lines), 1)

    def test_whole_note_left_out(self):
        exclusion = self.exclusions.create(
            {"note_id": self.note.id, "reason": "danger", "explanation": "A threat"}
        )
        notes, lines = self._copy()
        self.assertEqual(notes, [])
        self.assertIn("A threat", lines[0]["reason"])
        self.assertEqual(exclusion.author_id, self.worker)

    def test_unknown_passage_is_refused(self):
        with self.assertRaises(ValidationError):
            self.exclusions.create({"note_id": self.note.id, "passage": "Not there"})

    def test_another_law_is_named(self):
        with self.assertRaises(ValidationError):
            self.exclusions.create({"note_id": self.note.id, "reason": "law"})

    def test_exclusion_in_the_file_of_another_is_refused(self):
        other = self._make_beneficiary(team=self.worker)
        with self.assertRaises(ValidationError):
            self.exclusions.create(
                {"note_id": self.note.id, "beneficiary_id": other.id}
            )

    def test_hidden_note_cannot_be_marked(self):
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self.exclusions.with_user(self.worker2).create({"note_id": self.note.id})

    def test_waiting_note_is_a_line(self):
        self.company.note_release_hours = 72
        self.note.create({"beneficiary_id": self.person.id, "text": "New"})
        notes, lines = self._copy()
        self.assertEqual([note["text"] for note in notes], [self.note.text])
        self.assertEqual(len(lines), 1)

    def test_officer_reads_that_a_team_note_exists(self):
        words = self.canary("team")
        self.note.create(
            {"beneficiary_id": self.person.id, "text": words, "visibility": "team"}
        )
        notes, lines = self._copy(self.dpo)
        self.assertEqual([note["text"] for note in notes], [self.note.text])
        self.assertEqual(lines[0]["author"], self.worker.name)
        self.assertNotIn(words, str((notes, lines)))

    def test_archived_note_is_a_line(self):
        self.note.active = False
        notes, lines = self._copy()
        self.assertEqual((notes, len(lines)), ([], 1))
