from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EssBeneficiaryCommon


@tagged("post_install", "-at_install", "ess")
class TestFollowup(EssBeneficiaryCommon):
    def setUp(self):
        super().setUp()
        self.person = self._make_beneficiary(team=self.worker)

    def test_worker_cannot_enter_a_team_alone(self):
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self.env["ess.followup"].with_user(self.worker2).create(
                {"beneficiary_id": self.person.id, "user_id": self.worker2.id}
            )

    def test_worker_invites_a_colleague(self):
        self.env["ess.followup"].with_user(self.worker).create(
            {"beneficiary_id": self.person.id, "user_id": self.worker2.id}
        )
        self.assertTrue(self.person.with_user(self.worker2).has_access("write"))

    def test_followup_cannot_move_to_another_file(self):
        other = self._make_beneficiary(team=self.worker2)
        followup = self.person.followup_ids.with_user(self.worker)
        with self.assertRaises(UserError):
            followup.beneficiary_id = other

    def test_end_needs_a_reason(self):
        with self.assertRaises(ValidationError):
            self.person.followup_ids.date_to = date.today()

    def test_access_ends_the_day_after(self):
        followup = self.person.followup_ids
        today = date.today()
        followup.write({"date_to": today, "end_reason": "handover"})
        self.assertTrue(self.person.with_user(self.worker).has_access("read"))
        # a day later: the rule asks the clock of the database, the job today's date
        followup.write(
            {"date_from": today - timedelta(days=9), "date_to": today - timedelta(1)}
        )
        self.env.flush_all()
        self.assertFalse(self.person.with_user(self.worker).has_access("read"))
        with freeze_time(today + timedelta(days=1)):
            self.env["ess.beneficiary"]._cron_refresh_teams()
            self.assertFalse(self.person.referent_id)

    def test_future_followup_opens_on_its_day(self):
        start = date.today() + timedelta(days=3)
        self.env["ess.followup"].create(
            {
                "beneficiary_id": self.person.id,
                "user_id": self.worker2.id,
                "date_from": start,
            }
        )
        self.assertNotIn(self.worker2, self.person.team_user_ids)
        with freeze_time(start):
            self.env["ess.beneficiary"]._cron_refresh_teams()
            self.assertIn(self.worker2, self.person.team_user_ids)

    def test_last_referent_wins(self):
        self.env["ess.followup"].create(
            {
                "beneficiary_id": self.person.id,
                "user_id": self.worker2.id,
                "is_referent": True,
            }
        )
        self.person.followup_ids.filtered(
            lambda followup: followup.user_id == self.worker
        ).date_from = date.today() - timedelta(days=10)
        self.assertEqual(self.person.referent_id, self.worker2)

    def test_contact_in_the_team_gets_no_access(self):
        partner = self.env["res.partner"].create({"name": "Invented mentor"})
        self.env["ess.followup"].create(
            {
                "beneficiary_id": self.person.id,
                "partner_id": partner.id,
                "role": "mentor",
            }
        )
        self.assertEqual(self.person.team_user_ids, self.worker)
        self.assertIn("Invented mentor", self.person.people_around)
