from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EssProgrammesCommon


@tagged("ess", "post_install", "-at_install")
class TestPresence(EssProgrammesCommon):
    @mute_logger("odoo.sql_db")
    def test_exactly_one_who(self):
        session = self._make_session()
        person, volunteer = self._make_beneficiary(), self._make_volunteer()
        for vals in (
            {},
            {"headcount": 0},
            {"headcount": -3},
            {"beneficiary_id": person.id, "volunteer_id": volunteer.id},
            {"beneficiary_id": person.id, "headcount": 2},
            {"volunteer_id": volunteer.id, "headcount": 2},
        ):
            with self.assertRaises(IntegrityError, msg=vals), self.cr.savepoint():
                self.env["ess.presence"].create({"session_id": session.id, **vals})
        for vals in (
            {"beneficiary_id": person.id},
            {"volunteer_id": volunteer.id},
            {"headcount": 12},
        ):
            self.env["ess.presence"].create({"session_id": session.id, **vals})

    @mute_logger("odoo.sql_db")
    def test_once_on_a_sheet(self):
        session = self._make_session()
        for vals in (
            {"beneficiary_id": self._make_beneficiary().id},
            {"volunteer_id": self._make_volunteer().id},
        ):
            self.env["ess.presence"].create({"session_id": session.id, **vals})
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self.env["ess.presence"].create({"session_id": session.id, **vals})

    def test_scope_keys_are_on_the_row(self):
        session = self._make_session()
        presence = self._make_presence(session)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT programme_id, company_id, day, kind, is_present, people_count FROM "
            "ess_presence WHERE id = %s",
            [presence.id],
        )
        self.assertEqual(
            self.env.cr.fetchone(),
            (self.programme.id, self.company.id, session.day, "course", True, 1),
        )

    def test_expected_when_the_session_is_to_come(self):
        future = self._make_session(start=fields.Datetime.now() + timedelta(days=1))
        self.assertEqual(self._make_presence(future).state, "expected")
        self.assertEqual(self._make_presence().state, "present")

    def test_people_counted(self):
        session = self._make_session()
        lines = self._make_presence(session) + self._make_presence(session, headcount=7)
        lines += self._make_presence(session, state="absent") + self._make_presence(
            session, state="late"
        )
        self.assertEqual(lines.mapped("people_count"), [1, 7, 0, 1])

    def test_minutes_follow_the_session(self):
        course = self._make_session(hours=3)
        presence = self._make_presence(course)
        self.assertEqual(presence.minutes, 180)
        presence.action_absent()
        self.assertEqual(presence.minutes, 0)
        presence.action_present()
        self.assertEqual(presence.minutes, 180)
        self.assertEqual(self._make_presence(course, minutes=45).minutes, 45)

    def test_people_who_pass_by_do_not_stay_the_whole_time(self):
        distribution = self._make_session(self.programme_2, hours=3)
        self.assertEqual(self._make_presence(distribution).minutes, 0)
        self.assertEqual(
            self._make_presence(
                distribution, volunteer_id=self._make_volunteer().id
            ).minutes,
            180,
        )

    def test_quantity_of_a_unit(self):
        meal = self.env.ref("ess_programmes.ess_unit_meal")
        presence = self._make_presence(quantity=2, unit_id=meal.id)
        self.assertRecordValues(presence, [{"quantity": 2, "unit_id": meal.id}])
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            self._make_presence(quantity=-1)

    def test_tick_buttons(self):
        presence = self._make_presence(state="expected")
        presence.action_excused()
        presence.excuse = "child"
        presence.action_present()
        self.assertRecordValues(presence, [{"state": "present", "excuse": False}])

    def test_person_of_another_company_refused(self):
        with self.assertRaises(UserError):
            self._make_presence(
                beneficiary=self._make_beneficiary(company_id=self.company_2.id)
            )

    def test_what_has_presences_is_not_deleted(self):
        session = self._make_presence().session_id
        with self.assertRaisesRegex(UserError, "has been used"):
            session.unlink()

    def test_database_guards_exist(self):
        """A constraint that PostgreSQL refused to create would only be a warning in a
        log.
        """
        self.env.cr.execute("""
            SELECT indexname FROM pg_indexes WHERE tablename IN ('ess_presence',
            'ess_enrolment') UNION SELECT conname FROM pg_constraint WHERE conrelid IN
            ('ess_presence'::regclass, 'ess_enrolment'::regclass)
        """)
        names = {name for [name] in self.env.cr.fetchall()}
        self.assertLessEqual(
            {
                "ess_presence_one_who",
                "ess_presence_beneficiary_uniq",
                "ess_presence_volunteer_uniq",
                "ess_presence_programme_day_idx",
                "ess_presence_company_day_idx",
                "ess_enrolment_active_uniq",
                "ess_enrolment_dates_order",
                "ess_enrolment_end_needed",
                "ess_enrolment_start_needed",
                "ess_enrolment_left_needs_reason",
            },
            names,
        )
