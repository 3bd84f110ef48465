from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from .common import EssProgrammesCommon


@tagged("ess", "post_install", "-at_install")
class TestSession(EssProgrammesCommon):
    def test_day_in_the_time_zone_of_the_programme(self):
        late = self._make_session(start=self._utc("2026-06-30 22:30"))
        self.assertEqual(late.day, date(2026, 7, 1))
        martinique = self._make_programme(tz="America/Martinique")
        self.assertEqual(
            self._make_session(martinique, start=self._utc("2026-07-01 01:30")).day,
            date(2026, 6, 30),
        )

    def test_night_round_is_one_day(self):
        outreach = self._make_programme(kind="outreach", day_start_hour=12)
        evening = self._make_session(outreach, start=self._utc("2026-10-24 18:30"))
        # 3:30 in the night of the change to winter time
        night = self._make_session(outreach, start=self._utc("2026-10-25 02:30"))
        self.assertRecordValues(evening + night, [{"day": date(2026, 10, 24)}] * 2)

    def test_moving_a_session_moves_its_presences(self):
        session = self._make_session(start=self._utc("2026-11-23 09:00"))
        presence = self._make_presence(session)
        session.write(
            {
                "date_start": self._utc("2026-11-24 09:00"),
                "date_end": self._utc("2026-11-24 11:00"),
            }
        )
        self.assertEqual(presence.day, date(2026, 11, 24))
        session.programme_id = self.programme_2
        self.assertRecordValues(
            presence, [{"programme_id": self.programme_2.id, "kind": "distribution"}]
        )

    def test_named_in_the_language_of_the_reader(self):
        session = self._make_session(start=self._utc("2026-11-23 09:00"))
        self.assertEqual(session.kind, "course")
        self.assertEqual(session.display_name, "Class · Les Mots d'ici · 11/23/2026")
        self.env["res.lang"]._activate_lang("fr_FR")
        short = session.with_context(lang="fr_FR", ess_session_short_name=True)
        self.assertEqual(short.display_name, "Cours · Les Mots d'ici")
        session.name = "Dictée"
        self.assertEqual(short.display_name, "Dictée")
        found = self.env["ess.session"].name_search("Dictée")
        self.assertIn(session.id, [session_id for session_id, _name in found])

    def test_lead_is_in_the_team(self):
        session = self._make_session(user_id=self.worker2.id)
        self.assertIn(self.worker2, session.team_user_ids)

    @mute_logger("odoo.sql_db")
    def test_ends_after_start(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self._make_session(hours=0)

    def test_add_enrolled_only_active_at_that_day(self):
        inside = self._make_enrolment()
        self._make_enrolment(stage="paused")
        self._make_enrolment(stage="asked")
        self._make_enrolment(date_start=fields.Date.today() + timedelta(days=10))
        self._make_enrolment(programme=self.programme_2)
        session = self._make_session()
        session.action_add_enrolled()
        session.action_add_enrolled()
        self.assertEqual(session.presence_ids.beneficiary_id, inside.beneficiary_id)
        self.assertEqual(session.presence_ids.mapped("state"), ["expected"])

    def test_add_enrolled_of_one_group(self):
        cohort = self.env["ess.cohort"].create(
            {"name": "A1", "programme_id": self.programme.id}
        )
        inside = self._make_enrolment(cohort_id=cohort.id)
        self._make_enrolment()
        session = self._make_session(cohort_id=cohort.id)
        session.action_add_enrolled()
        self.assertEqual(session.presence_ids.beneficiary_id, inside.beneficiary_id)

    @users("ess_worker")
    def test_sheet_from_expected_to_closed(self):
        for _index in range(3):
            self._make_enrolment(self._make_beneficiary(team=self.worker))
        session = self._make_session(user_id=self.worker.id).with_user(self.worker)
        session.action_add_enrolled()
        with self.assertRaisesRegex(UserError, "Still to tick: 3"):
            session.action_close()
        session.presence_ids[0].action_absent()
        session.presence_ids[1].action_excused()
        session.action_all_present()
        self.assertEqual(
            sorted(session.presence_ids.mapped("state")),
            ["absent", "excused", "present"],
        )
        session.action_add_anonymous()
        session.action_add_anonymous()
        session.invalidate_recordset()
        self.assertRecordValues(
            session, [{"present_count": 3, "absent_count": 2, "expected_count": 0}]
        )
        session.action_close()
        self.assertEqual(session.state, "done")
        with self.assertRaisesRegex(UserError, "is closed"):
            session.action_all_present()
        session.action_reopen()
        self.assertEqual(session.state, "planned")

    def test_others_are_absent(self):
        session = self._make_session()
        presences = self._make_presence(session) + self._make_presence(
            session, state="expected"
        )
        session.action_rest_absent()
        self.assertEqual(presences.mapped("state"), ["present", "absent"])

    def test_future_session_cannot_be_closed(self):
        session = self._make_session(start=fields.Datetime.now() + timedelta(days=1))
        with self.assertRaisesRegex(UserError, "has not started"):
            session.action_close()

    def test_cancelled_is_not_an_absence(self):
        session = self._make_session()
        presence = self._make_presence(session, state="expected")
        session.action_cancel()
        self.assertRecordValues(presence, [{"state": "cancelled", "is_present": False}])
        held = self._make_presence().session_id
        with self.assertRaisesRegex(UserError, "marked present"):
            held.action_cancel()

    def test_session_with_a_used_sheet_is_not_deleted(self):
        """Also when the line is of a file that the user must not know of."""
        protected = self._make_beneficiary(team=self.worker2, is_protected=True)
        session = self._make_session()
        self._make_presence(session, protected)
        with self.assertRaisesRegex(UserError, "Cancel the session instead"):
            session.with_user(self.coordinator).unlink()
        self._make_session().with_user(self.coordinator).unlink()

    def test_sheets_to_complete(self):
        late = self._make_session(start=fields.Datetime.now() - timedelta(days=2))
        future = self._make_session(start=fields.Datetime.now() + timedelta(days=2))
        done = self._make_session(
            start=fields.Datetime.now() - timedelta(days=2), state="done"
        )
        sessions = late + future + done
        domain = [("id", "in", sessions.ids)]
        self.assertEqual(
            self.env["ess.session"].search([*domain, ("is_late_sheet", "=", True)]),
            late,
        )
        self.assertEqual(
            self.env["ess.session"].search([*domain, ("is_late_sheet", "=", False)]),
            future + done,
        )
        self.assertEqual(sessions.filtered("is_late_sheet"), late)

    @users("ess_worker")
    def test_check_in_is_idempotent(self):
        person = self._make_beneficiary(team=self.worker)
        session = self._make_session().with_user(self.worker)
        token = person.qr_token
        for _scan in range(3):
            self.assertEqual(session.action_check_in(token)["status"], "ok")
        self.assertRecordValues(
            session.presence_ids,
            [{"beneficiary_id": person.id, "state": "present", "source": "qr"}],
        )

    @users("ess_worker")
    def test_check_in_ticks_the_expected(self):
        person = self._make_beneficiary(team=self.worker)
        session = self._make_session().with_user(self.worker)
        presence = self._make_presence(session.sudo(), person, state="expected")
        session.action_check_in(f" {person.qr_token.upper()}\n")
        self.assertEqual(presence.state, "present")

    @users("ess_worker")
    def test_strange_cards_get_the_same_neutral_answer(self):
        known = self._make_beneficiary(team=self.worker)
        renewed = known.qr_token
        known.sudo().action_renew_qr_token()
        protected = self._make_beneficiary(team=self.worker2, is_protected=True)
        elsewhere = self._make_beneficiary(company_id=self.company_2.id)
        session = self._make_session().with_user(self.worker)
        answers = {
            str(session.action_check_in(token))
            for token in (
                "0" * 32,
                "x",
                "",
                False,
                None,
                12,
                "%",
                known.qr_token[:20],
                renewed,
                protected.sudo().qr_token,
                elsewhere.sudo().qr_token,
            )
        }
        self.assertEqual(len(answers), 1)
        self.assertIn("unknown", answers.pop())
        self.assertFalse(session.sudo().presence_ids)

    @users("ess_worker")
    def test_check_in_of_someone_seen_for_the_first_time(self):
        """The card proves that the person is here; the name stays hidden from who
        cannot read the file.
        """
        person = self._make_beneficiary(
            team=self.worker2, last_name=self.canary("Hidden")
        )
        session = self._make_session().with_user(self.worker)
        self.assertEqual(
            session.action_check_in(person.sudo().qr_token)["status"], "ok"
        )
        self.assertEqual(session.presence_ids.display_name, person.sudo().ref)

    def test_no_check_in_on_a_closed_sheet(self):
        person = self._make_beneficiary()
        with self.assertRaisesRegex(UserError, "is closed"):
            self._make_session(state="done").action_check_in(person.qr_token)

    @freeze_time("2026-11-23 10:20:00")
    @users("ess_worker")
    def test_new_session_in_a_few_fields(self):
        with Form(self.env["ess.session"]) as form:
            form.programme_id = self.programme
        session = form.save()
        self.assertRecordValues(
            session,
            [
                {
                    "kind": "course",
                    "user_id": self.worker.id,
                    "date_start": self._utc("2026-11-23 10:00"),
                    "date_end": self._utc("2026-11-23 12:00"),
                    "day": date(2026, 11, 23),
                }
            ],
        )
