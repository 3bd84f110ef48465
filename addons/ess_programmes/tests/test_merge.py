from datetime import date, timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.ess_beneficiary.tests.merge_common import DatabaseDump

from .common import EssProgrammesCommon


@tagged("post_install", "-at_install", "ess")
class TestMerge(DatabaseDump, EssProgrammesCommon):
    """Stays and presences of two files of one person."""

    def setUp(self):
        super().setUp()
        self.kept = self._make_beneficiary(team=self.worker, last_name="Sow")
        self.merged = self._make_beneficiary(team=self.worker, last_name="Saw")
        self.session = self._make_session()

    def _stays(self, file):
        return self.env["ess.enrolment"].search(
            [("beneficiary_id", "=", file.id)], order="id"
        )

    def test_stays_and_presences_come_together(self):
        self._make_enrolment(self.kept, self.programme)
        self._make_enrolment(self.merged, self.programme_2)
        self._make_presence(self.session, self.merged)
        self.merge(self.kept, self.merged)
        self.assertEqual(
            self._stays(self.kept).programme_id, self.programme | self.programme_2
        )
        self.assertEqual(self.kept.presence_ids.session_id, self.session)

    def test_first_stay_in_progress_goes_on(self):
        today = fields.Date.today()
        late = self._make_enrolment(self.kept, date_start=today - timedelta(days=10))
        early = self._make_enrolment(self.merged, date_start=today - timedelta(days=90))
        self.merge(self.kept, self.merged)
        self.assertRecordValues(
            late | early,
            [
                {
                    "beneficiary_id": self.kept.id,
                    "bucket": "left",
                    "date_end": late.date_start,
                    "exit_class": "none",
                },
                {
                    "beneficiary_id": self.kept.id,
                    "bucket": "enrolled",
                    "date_end": False,
                    "exit_class": False,
                },
            ],
        )

    def test_two_presences_at_a_session_are_one(self):
        unit = self.env.ref("ess_programmes.ess_unit_meal")
        one = self._make_presence(
            self.session, self.kept, state="absent", quantity=1, unit_id=unit.id
        )
        two = self._make_presence(
            self.session, self.merged, state="present", minutes=45, quantity=2,
            unit_id=unit.id,
        )  # fmt: skip
        self.merge(self.kept, self.merged)
        self.assertRecordValues(
            one | two,
            [
                {
                    "beneficiary_id": self.kept.id,
                    "state": "present",
                    "is_present": True,
                    "people_count": 1,
                    "minutes": 45,
                    "quantity": 3,
                },
                {
                    "beneficiary_id": self.merged.id,
                    "state": "cancelled",
                    "is_present": False,
                    "people_count": 0,
                    "minutes": 0,
                    "quantity": 0,
                },
            ],
        )

    def test_undo_restores_the_whole_database(self):
        for file in (self.kept, self.merged):
            self._make_enrolment(file, self.programme)
            self._make_enrolment(file, self.programme_2, stage="left")
            self._make_presence(self.session, file, quantity=1)
        self._make_presence(self._make_session(), self.merged)
        before = self.dump()
        merge = self.merge(self.kept, self.merged)
        self.assertEqual(len(self._stays(self.kept)), 4)
        merge.action_undo()
        self.assertSameDatabase(before)

    def test_stay_ended_since_comes_back_ended(self):
        stay = self._make_enrolment(self.merged)
        merge = self.merge(self.kept, self.merged)
        stay.write(
            {
                "stage_id": self._stage("left").id,
                "exit_reason_id": self._reason("choice").id,
                "date_end": date.today(),
            }
        )
        merge.action_undo()
        self.assertEqual((stay.beneficiary_id, stay.bucket), (self.merged, "left"))

    def test_card_of_the_merged_file_finds_the_kept_one(self):
        self.merge(self.kept, self.merged)
        found = self.env["ess.beneficiary"].with_user(self.reception)
        token = self.merged.sudo().qr_token
        self.assertEqual(found._get_by_qr_token(token), self.kept)
        self.merged.merged_into_id.active = False
        archived = self._make_beneficiary(active=False).sudo().qr_token
        self.assertFalse(found._get_by_qr_token(archived))

    def test_card_tells_nothing_of_a_protected_file(self):
        self.merge(self.kept, self.merged)
        self.kept.write({"is_protected": True, "protection_reason": "violence"})
        found = self.env["ess.beneficiary"].with_user(self.reception)
        self.assertFalse(found._get_by_qr_token(self.merged.sudo().qr_token))
