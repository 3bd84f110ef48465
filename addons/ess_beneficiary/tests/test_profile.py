from odoo.fields import Command
from odoo.tests import tagged

from .common import EssBeneficiaryCommon


@tagged("post_install", "-at_install", "ess")
class TestProfile(EssBeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.field_worker = cls.env.ref("ess_beneficiary.profile_field_worker")
        cls.reception_profile = cls.env.ref("ess_beneficiary.profile_reception")
        cls.officer = cls.env.ref("ess_beneficiary.group_beneficiary_officer")
        cls.viewer = cls.env.ref("ess_beneficiary.group_beneficiary_viewer")

    def test_profile_sets_rights_and_start_page(self):
        self.internal_user.ess_profile_id = self.field_worker
        self.assertTrue(self.internal_user.has_group("base.group_user"))
        self.assertIn(self.officer, self.internal_user.group_ids)
        self.assertEqual(self.internal_user.action_id, self.field_worker.action_id)

    def test_change_of_profile_takes_rights_away(self):
        self.internal_user.ess_profile_id = self.field_worker
        self.internal_user.ess_profile_id = self.reception_profile
        self.assertNotIn(self.officer, self.internal_user.group_ids)
        self.assertIn(self.viewer, self.internal_user.group_ids)

    def test_technical_rights_stay(self):
        technical = self.env["res.groups"].create({"name": "Technical"})
        self.internal_user.group_ids = [Command.link(technical.id)]
        self.internal_user.ess_profile_id = self.field_worker
        self.assertIn(technical, self.internal_user.group_ids)

    def test_users_follow_their_profile(self):
        self.internal_user.ess_profile_id = self.reception_profile
        extra = self.env["res.groups"].create({"name": "Extra"})
        self.reception_profile.group_ids = [Command.link(extra.id)]
        self.assertIn(extra, self.internal_user.group_ids)
        self.reception_profile.group_ids = [Command.unlink(extra.id)]
        self.assertNotIn(extra, self.internal_user.group_ids)

    def test_new_user_with_profile(self):
        user = self.env["res.users"].create(
            {
                "name": "Invented",
                "login": "ess_new_user",
                "ess_profile_id": self.field_worker.id,
            }
        )
        self.assertTrue(user.has_group("ess_beneficiary.group_beneficiary_officer"))

    def test_all_profiles_are_shipped(self):
        codes = (
            "reception",
            "field_worker",
            "crew",
            "lead_volunteer",
            "volunteer_manager",
            "coordinator",
            "director",
            "accountant",
            "fundraiser",
            "dpo",
            "statistics",
            "administrator",
            "observer",
        )
        for code in codes:
            self.assertTrue(self.env.ref(f"ess_beneficiary.profile_{code}").name)

    def test_accounts_and_statistics_see_no_file(self):
        for code in ("accountant", "fundraiser", "statistics", "observer"):
            self.internal_user.ess_profile_id = self.env.ref(
                f"ess_beneficiary.profile_{code}"
            )
            self.assertFalse(
                self.env["ess.beneficiary"]
                .with_user(self.internal_user)
                .has_access("read"),
                code,
            )
