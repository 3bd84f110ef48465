from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import EssProgrammesCommon


@tagged("ess", "post_install", "-at_install")
class TestProgramme(EssProgrammesCommon):
    def test_manager_is_always_in_the_team(self):
        programme = self._make_programme(team=self.worker)
        programme.manager_id = self.worker2
        self.assertEqual(programme.team_user_ids, self.worker + self.worker2)
        programme.team_user_ids = self.worker
        self.assertIn(self.worker2, programme.team_user_ids)

    def test_outreach_day_starts_at_noon(self):
        with Form(self.env["ess.programme"].with_user(self.coordinator)) as form:
            form.name = "La Veilleuse"
            form.kind = "outreach"
        programme = form.save()
        self.assertEqual(programme.day_start_hour, 12)
        self.assertIn(self.coordinator, programme.team_user_ids)

    def test_programme_cannot_be_part_of_itself(self):
        child = self._make_programme(parent_id=self.programme.id)
        with self.assertRaises(UserError):
            self.programme.parent_id = child

    @mute_logger("odoo.sql_db")
    def test_dates_in_order(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self._make_programme(date_from="2026-02-01", date_to="2026-01-01")

    @mute_logger("odoo.sql_db")
    def test_code_is_unique_in_the_company(self):
        self._make_programme(code="TEST-1")
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self._make_programme(code="TEST-1")
        self._make_programme(code="TEST-1", company_id=self.company_2.id)

    def test_cohort_stays_inside_programme(self):
        programme = self._make_programme(date_from="2026-01-01", date_to="2026-12-31")
        with self.assertRaises(ValidationError):
            self.env["ess.cohort"].create(
                {"name": "A1", "programme_id": programme.id, "date_to": "2027-01-31"}
            )

    def test_counts(self):
        for stage in ("asked", "waiting", "entered", "paused", "left"):
            self._make_enrolment(stage=stage)
        self._make_session()
        self.assertRecordValues(
            self.programme,
            [{"enrolment_count": 2, "waiting_count": 1, "session_count": 1}],
        )

    def test_category_of_a_used_stage_is_fixed(self):
        stage = self.env["ess.enrolment.stage"].create(
            {"name": "Trial", "code": "trial", "bucket": "applied"}
        )
        stage.bucket = "enrolled"
        self._make_enrolment(stage_id=stage.id, date_start="2026-01-01")
        stage.name = "Trial month"
        with self.assertRaisesRegex(UserError, "category cannot change"):
            stage.bucket = "paused"
        stage.bucket = "enrolled"

    def test_missing_stage_says_what_to_do(self):
        self.env["ess.enrolment.stage"].search(
            [("bucket", "=", "waitlisted")]
        ).active = False
        with self.assertRaisesRegex(UserError, "No stage is left"):
            self._make_enrolment(stage="asked").action_waitlist()
