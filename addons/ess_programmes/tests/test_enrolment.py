from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from .common import EssProgrammesCommon


@tagged("ess", "post_install", "-at_install")
class TestEnrolment(EssProgrammesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._make_beneficiary(team=cls.worker)

    def _as_worker(self, enrolment):
        return enrolment.with_user(self.worker)

    @freeze_time("2026-11-23")
    def test_path_from_request_to_completion(self):
        enrolment = self._as_worker(self._make_enrolment(self.person, stage="asked"))
        self.assertRecordValues(enrolment, [{"bucket": "applied", "date_start": False}])
        enrolment.action_waitlist()
        self.assertEqual(enrolment.bucket, "waitlisted")
        enrolment.action_enrol()
        self.assertRecordValues(
            enrolment, [{"bucket": "enrolled", "date_start": date(2026, 11, 23)}]
        )
        enrolment.action_pause()
        self.assertEqual(enrolment.bucket, "paused")
        enrolment.action_resume()
        enrolment._end("completed", self._reason("goals"))
        self.assertRecordValues(
            enrolment,
            [
                {
                    "bucket": "completed",
                    "date_end": date(2026, 11, 23),
                    "exit_class": "positive",
                }
            ],
        )

    def test_default_stage_is_a_request(self):
        enrolment = self.env["ess.enrolment"].create(
            {"beneficiary_id": self.person.id, "programme_id": self.programme.id}
        )
        self.assertRecordValues(
            enrolment, [{"bucket": "applied", "company_id": self.company.id}]
        )

    @mute_logger("odoo.sql_db")
    def test_one_active_stay_only(self):
        self._make_enrolment(self.person)
        for stage in ("entered", "paused"):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self._make_enrolment(self.person, stage=stage)

    def test_several_stays_are_normal(self):
        self._make_enrolment(
            self.person, stage="done", date_start="2025-01-01", date_end="2025-06-01"
        )
        self._make_enrolment(
            self.person, stage="left", date_start="2025-07-01", date_end="2025-09-01"
        )
        self._make_enrolment(self.person)
        self._make_enrolment(self.person, stage="asked")
        self._make_enrolment(self.person, programme=self.programme_2)
        self.assertEqual(len(self.person.enrolment_ids), 5)

    @mute_logger("odoo.sql_db")
    def test_leaving_needs_a_reason(self):
        enrolment = self._make_enrolment(self.person)
        with self.assertRaisesRegex(UserError, "choose an exit reason"):
            enrolment._end("left", self.env["ess.exit.reason"])
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            enrolment.stage_id = self._stage("left")
            enrolment.flush_recordset()

    @users("ess_worker")
    def test_leave_wizard(self):
        enrolment = self._as_worker(self._make_enrolment(self.person))
        action = enrolment.action_leave()
        wizard = (
            self.env["ess.enrolment.close"]
            .with_context(**action["context"])
            .create({"exit_reason_id": self._reason("no_news").id})
        )
        wizard.action_confirm()
        self.assertRecordValues(
            enrolment,
            [
                {
                    "bucket": "left",
                    "date_end": enrolment.programme_id._today(),
                    "exit_class": "interrupted",
                }
            ],
        )

    @users("ess_worker")
    def test_refusal_keeps_who_decided(self):
        for key, code in (("full", "not_accepted"), ("not_wanted", "not_followed")):
            enrolment = self._as_worker(
                self._make_enrolment(self.person, stage="asked")
            )
            action = enrolment.action_refuse()
            self.env["ess.enrolment.close"].with_context(**action["context"]).create(
                {"refusal_reason_id": self._refusal(key).id}
            ).action_confirm()
            self.assertRecordValues(
                enrolment,
                [
                    {
                        "bucket": "refused",
                        "stage_id": self._stage(code).id,
                        "date_end": False,
                    }
                ],
            )

    def test_refusal_needs_a_reason(self):
        with self.assertRaisesRegex(UserError, "Say why"):
            self._make_enrolment(self.person, stage="asked")._refuse(
                self.env["ess.refusal.reason"]
            )

    def test_no_paper_asked_where_access_is_unconditional(self):
        programme = self._make_programme(is_unconditional=True)
        enrolment = self._make_enrolment(
            self.person, programme=programme, stage="asked"
        )
        with self.assertRaisesRegex(ValidationError, "open without conditions"):
            enrolment._refuse(self._refusal("papers"))

    def test_actions_in_the_wrong_order_say_why(self):
        asked = self._make_enrolment(self.person, stage="asked")
        active = self._make_enrolment(self.person)
        for record, method in (
            (asked, "action_pause"),
            (asked, "action_resume"),
            (asked, "action_leave"),
            (asked, "action_complete"),
            (active, "action_enrol"),
            (active, "action_waitlist"),
            (active, "action_refuse"),
        ):
            with self.assertRaises(UserError, msg=method):
                getattr(record, method)()

    def test_group_of_another_programme_refused(self):
        cohort = self.env["ess.cohort"].create(
            {"name": "B", "programme_id": self.programme_2.id}
        )
        with self.assertRaises(ValidationError):
            self._make_enrolment(self.person, cohort_id=cohort.id)

    def test_dates_outside_programme_refused(self):
        programme = self._make_programme(date_from="2026-01-01", date_to="2026-12-31")
        for vals in ({"date_start": "2025-12-31"}, {"date_start": "2027-01-01"}):
            with self.assertRaisesRegex(ValidationError, "outside"):
                self._make_enrolment(programme=programme, **vals)

    @mute_logger("odoo.sql_db")
    def test_end_before_start_refused(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self._make_enrolment(
                self.person,
                stage="done",
                date_start="2026-02-01",
                date_end="2026-01-01",
            )

    def test_person_of_another_company_refused(self):
        stranger = self._make_beneficiary(company_id=self.company_2.id)
        with self.assertRaises(UserError):
            self._make_enrolment(stranger)

    def test_reopened_stay_forgets_its_end(self):
        enrolment = self._make_enrolment(
            self.person, stage="left", date_end="2026-11-01", date_start="2026-01-01"
        )
        enrolment.stage_id = self._stage("entered")
        self.assertRecordValues(
            enrolment,
            [{"date_end": False, "exit_reason_id": False, "bucket": "enrolled"}],
        )

    def test_questions_of_the_programme(self):
        self.programme.enrolment_properties_definition = [
            {"name": "level", "string": "Level", "type": "char"}
        ]
        enrolment = self._make_enrolment(self.person, properties={"level": "A2"})
        self.assertEqual(enrolment.properties["level"], "A2")

    def test_batch_create_keeps_order_and_dates(self):
        people = [self._make_beneficiary() for _index in range(3)]
        stays = self.env["ess.enrolment"].create(
            [
                {
                    "beneficiary_id": people[0].id,
                    "programme_id": self.programme.id,
                    "stage_id": self._stage("entered").id,
                },
                {"beneficiary_id": people[1].id, "programme_id": self.programme.id},
                {
                    "beneficiary_id": people[2].id,
                    "programme_id": self.programme.id,
                    "stage_id": self._stage("done").id,
                },
            ]
        )
        today = stays.programme_id._today()
        self.assertRecordValues(
            stays,
            [
                {"bucket": "enrolled", "date_start": today, "date_end": False},
                {"bucket": "applied", "date_start": False, "date_end": False},
                {"bucket": "completed", "date_start": today, "date_end": today},
            ],
        )
