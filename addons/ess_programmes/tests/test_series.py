from datetime import date, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import EssProgrammesCommon


@tagged("ess", "post_install", "-at_install")
@freeze_time("2026-10-01 08:00:00")
class TestSeries(EssProgrammesCommon):
    def _make_series(self, user=None, **vals):
        return (
            self.env["ess.session.series"]
            .with_user(user or self.worker)
            .create(
                {
                    "programme_id": self.programme.id,
                    "tuesday": True,
                    "hour_start": 14,
                    "duration": 2,
                    "date_from": "2026-10-01",
                    "date_to": "2026-11-30",
                    "place": "Salle 1",
                    **vals,
                }
            )
        )

    def _plan(self, **vals):
        series = self._make_series(**vals)
        series.action_plan()
        return series.session_ids.sorted("date_start")

    def _change(self, session, scope, **vals):
        wizard = self.env["ess.session.series.change"].with_user(self.worker)
        with Form(wizard.with_context(default_session_id=session.id)) as form:
            form.scope = scope
            for name, value in vals.items():
                form[name] = value
        return form.record

    def test_wall_clock_holds_over_the_change_of_time(self):
        sessions = self._plan()
        self.assertEqual(len(sessions), 8)
        self.assertEqual(
            {(one.date_start.hour, one.day > date(2026, 10, 25)) for one in sessions},
            {(12, False), (13, True)},
        )
        self.assertEqual(sessions.mapped("kind"), ["course"] * 8)

    def test_school_and_public_holidays_are_left_out(self):
        sessions = self._plan(school_zone="A", wednesday=True)
        days = sessions.mapped("day")
        for closed in (date(2026, 10, 20), date(2026, 10, 28), date(2026, 11, 11)):
            self.assertNotIn(closed, days)
        self.assertIn(date(2026, 11, 3), days)
        self.assertIn(
            date(2026, 11, 11),
            self._plan(wednesday=True, skip_public_holidays=False).mapped("day"),
        )

    def test_closing_of_the_association(self):
        self.env["ess.closed.day"].create(
            {
                "name": "Travaux",
                "date_from": "2026-10-06",
                "date_to": "2026-10-06",
                "company_id": self.company.id,
            }
        )
        self.assertNotIn(date(2026, 10, 6), self._plan().mapped("day"))

    def test_last_thursday_of_the_month(self):
        sessions = self._plan(
            rule="month_weekday", rank="-1", tuesday=False, thursday=True
        )
        self.assertEqual(
            sessions.mapped("day"), [date(2026, 10, 29), date(2026, 11, 26)]
        )

    def test_planned_twice_is_planned_once(self):
        sessions = self._plan()
        series = sessions.series_id
        with self.assertRaisesRegex(UserError, "exist already"):
            series.action_plan()
        sessions[0].date_start -= timedelta(hours=1)
        series.date_to = "2026-12-08"
        series.action_plan()
        self.assertEqual(len(series.session_ids), 10)

    def test_one_session_alone_then_all(self):
        sessions = self._plan()
        self._change(sessions[1], "one", hour_start=9).action_apply()
        self.assertEqual(sessions[1].date_start.hour, 7)
        self._change(sessions[3], "all", place="Salle 2").action_apply()
        self.assertEqual(sessions[1].place, "Salle 1")
        self.assertEqual(set((sessions - sessions[1]).mapped("place")), {"Salle 2"})
        self.assertEqual(sessions.series_id.place, "Salle 2")

    def test_this_one_and_those_that_follow_split_the_series(self):
        sessions = self._plan()
        former = sessions.series_id
        self._change(sessions[3], "following", hour_start=16).action_apply()
        self.assertEqual([one.date_start.hour for one in sessions], [12] * 3 + [15] * 5)
        self.assertEqual(former.date_to, sessions[3].series_day - timedelta(days=1))
        self.assertEqual(len(sessions.series_id), 2)
        self.assertEqual(sessions[3].series_id.hour_start, 16)

    def test_used_sheets_are_left_as_they_are(self):
        sessions = self._plan()
        self._make_presence(sessions[2].sudo(), state="excused")
        self._change(sessions[0], "all", place="Salle 3").action_apply()
        self.assertEqual(sessions[2].place, "Salle 1")
        self.assertEqual(sessions[0].place, "Salle 3")

    def test_cancel_those_that_follow(self):
        sessions = self._plan()
        self._change(sessions[5], "following").action_cancel_sessions()
        self.assertEqual(sessions.mapped("state"), ["planned"] * 5 + ["cancelled"] * 3)
        with self.assertRaisesRegex(UserError, "No session to change"):
            self._change(sessions[5], "one").action_apply()

    def test_bad_series_get_a_clear_message(self):
        with self.assertRaisesRegex(ValidationError, "at least one day"):
            self._make_series(tuesday=False)
        with self.assertRaisesRegex(ValidationError, "two years"):
            self._make_series(date_to="2029-01-01")

    def test_who_plans(self):
        self._make_series(user=self.coordinator)
        series = self._make_series()
        self.assertFalse(series.with_user(self.worker2).has_access("read"))
        with self.assertRaises(AccessError):
            self.env["ess.session.series"].with_user(self.reception).search([])
        with self.assertRaises(AccessError):
            self.env["ess.closed.day"].with_user(self.worker).create(
                {"name": "Non", "date_from": "2026-10-06", "date_to": "2026-10-06"}
            )

    def test_conflicts_of_people_and_places(self):
        start = fields.Datetime.now() + timedelta(days=2)
        one = self._make_session(start=start, place="Salle 1", user_id=self.worker.id)
        place = self._make_session(
            self.programme_2, start=start + timedelta(hours=1), place=" salle 1 "
        )
        worker = self._make_session(start=start, user_id=self.worker.id)
        self._make_session(start=start + timedelta(hours=2), place="Salle 1")
        seen = one.with_user(self.worker)
        self.assertIn("Salle 1", seen.conflict_text)
        self.assertIn(self.worker.name, seen.conflict_text)
        found = (
            self.env["ess.session"]
            .with_user(self.worker)
            .search(
                [("has_conflict", "=", True), ("id", "in", (one | place | worker).ids)]
            )
        )
        self.assertEqual(found, one | place | worker)
        place.state = worker.state = "cancelled"
        seen.invalidate_recordset()
        self.assertFalse(seen.conflict_text)
