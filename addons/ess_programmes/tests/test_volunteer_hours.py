from contextlib import contextmanager
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import EssProgrammesCommon


@tagged("ess", "post_install", "-at_install")
class TestVolunteerHours(EssProgrammesCommon):
    """Declared, approved and corrected hours; each hour counted once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.volunteer = cls._make_volunteer()
        cls.day = fields.Date.today() - timedelta(days=8)
        cls.leading = cls.env.ref("ess_programmes.ess_mission_type_team_lead")
        cls.start = fields.Datetime.now().replace(hour=10) - timedelta(days=8)

    @classmethod
    def _declare(cls, volunteer=None, **vals):
        return cls.env["ess.volunteer.hours"].create(
            {
                "volunteer_id": (volunteer or cls.volunteer).id,
                "programme_id": cls.programme_2.id,
                "day": cls.day,
                "minutes": 90,
                **vals,
            }
        )

    @contextmanager
    def _refused(self, words):
        with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
            yield

    def test_counted_once_approved(self):
        declared = self._declare()
        self.assertEqual(self.volunteer.hours, 0)
        declared.with_user(self.volunteer_officer).action_approve()
        self.volunteer.invalidate_recordset(["hours"])
        self.assertEqual(self.volunteer.hours, 1.5)
        line = declared.presence_id
        self.assertRecordValues(line, [{"day": self.day, "state": "present"}])
        declared.action_approve()
        self.assertEqual(line.minutes, 90)

    def test_many_in_one_go_share_a_sheet(self):
        others = [self._make_volunteer() for _n in range(3)]
        declared = self.env["ess.volunteer.hours"].concat(
            *[self._declare(volunteer) for volunteer in others]
        )
        self.assertFalse(declared.with_user(self.volunteer_officer).action_approve())
        self.assertEqual(len(declared.presence_id), 3)
        self.assertEqual(len(declared.presence_id.session_id), 1)
        self.assertEqual(declared.presence_id.session_id.state, "done")

    def test_two_declarations_of_a_day_add_up(self):
        declared = self._declare() + self._declare(minutes=30)
        declared.action_approve()
        self.assertEqual(declared.presence_id.minutes, 120)

    def test_same_time_is_not_counted_twice(self):
        session = self._make_session(self.programme_2, start=self.start, kind="mission")
        self._make_presence(session, volunteer_id=self.volunteer.id)
        declared = self._declare(day=session.day)
        self.assertTrue(declared.is_double)
        notice = declared.action_approve()
        self.assertIn("1 left", notice["params"]["message"])
        self.assertEqual(declared.state, "to_approve")
        declared.action_approve_anyway()
        self.assertEqual(self.volunteer.hours, 3.5)

    def test_hours_of_a_session_are_its_line(self):
        session = self._make_session(self.programme_2, start=self.start, kind="mission")
        line = self._make_presence(
            session, volunteer_id=self.volunteer.id, state="expected"
        )
        declared = self._declare(session_id=session.id, minutes=150)
        self.assertEqual(declared.day, session.day)
        declared.action_approve()
        self.assertEqual(declared.presence_id, line)
        self.assertRecordValues(line, [{"state": "present", "minutes": 150}])
        self.assertFalse(line.correction_ids)

    def test_animates_and_logs(self):
        """Who holds a session and enters its hours has one line."""
        session = self._make_session(self.programme_2, start=self.start)
        self._make_presence(session, volunteer_id=self.volunteer.id)
        self._declare(session_id=session.id, minutes=120).action_approve()
        self.assertEqual(self.volunteer.hours, 2)

    def test_correction_leaves_a_trace(self):
        session = self._make_session(self.programme_2, start=self.start, kind="mission")
        line = self._make_presence(session, volunteer_id=self.volunteer.id)
        line.with_user(self.volunteer_officer).minutes = 60
        [trace] = line.correction_ids
        self.assertRecordValues(
            trace,
            [
                {
                    "minutes_before": 120,
                    "minutes_after": 60,
                    "create_uid": self.volunteer_officer.id,
                }
            ],
        )
        with self.assertRaises(AccessError):
            trace.with_user(self.volunteer_manager).minutes_before = 0
        line.minutes = 60
        self.assertEqual(len(line.correction_ids), 1)

    def test_start_and_stop(self):
        declared = self.env["ess.volunteer.hours"]._start(
            self.volunteer, self.programme_2, self.leading
        )
        declared.started_at -= timedelta(minutes=45)
        declared._stop()
        self.assertRecordValues(declared, [{"state": "to_approve", "minutes": 45}])

    def test_refusal_says_why(self):
        declared = self._declare()
        with self._refused("Say why"):
            declared.action_refuse()
        declared.refusal = "La séance était annulée."
        declared.action_refuse()
        self.assertEqual(declared.state, "refused")
        declared.action_approve()
        self.assertFalse(declared.presence_id)

    def test_approved_is_kept_and_nothing_is_empty(self):
        declared = self._declare()
        empty = self._declare(minutes=0)
        with self._refused("how long"):
            empty.action_approve()
        declared.action_approve()
        with self._refused("kept"):
            declared.unlink()

    def test_year_apart_by_whose_time(self):
        sponsor = self._make_volunteer(engagement="skills_sponsor")
        everyone = self.volunteer + sponsor
        year = self.day.year
        for volunteer in everyone:
            self._declare(volunteer).action_approve()
        self._declare(minutes=60, mission_type_id=self.leading.id).action_approve()
        expected = {
            "own": {self.volunteer.id: 150},
            "lent": {sponsor.id: 90},
            "leading": {self.volunteer.id: 60},
        }
        for figure, minutes in expected.items():
            self.env.flush_all()
            with self.assertQueryCount(1):  # one statement for each figure
                found = everyone._get_yearly_minutes(year, figure)
            self.assertEqual(found, minutes)
