from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models import ess_duplicate
from .common import EssBeneficiaryCommon

SAME = {"last_name": "Keita", "first_name": "Aminata", "birth_date": "1991-03-08"}


@tagged("post_install", "-at_install", "ess")
class TestDuplicate(EssBeneficiaryCommon):
    """Pairs of files and the decisions about them."""

    def setUp(self):
        super().setUp()
        self.one = self._make_beneficiary(team=self.worker, **SAME)
        self.two = self._make_beneficiary(team=self.worker2, **SAME, city="Lyon")
        self.duplicates = self.env["ess.duplicate"]

    def _pairs(self, user=None):
        return self.duplicates.with_user(user or self.coordinator).search(
            [("beneficiary_id", "=", self.one.id)]
        )

    def test_scan_of_everything(self):
        self.duplicates.with_user(self.importer).action_scan()
        pair = self._pairs()
        self.assertEqual((pair.beneficiary_id, pair.duplicate_id), (self.one, self.two))
        self.assertGreater(pair.score, 0.95)
        self.assertIn("same birth date", pair.reason)

    def test_scan_again_writes_the_pair_once(self):
        self.duplicates.sudo()._scan()
        self.duplicates.sudo()._scan([self.two.id])
        self.assertEqual(len(self._pairs()), 1)

    def test_not_the_same_survives(self):
        self.duplicates.sudo()._scan()
        self._pairs().action_distinct()
        self.duplicates.sudo()._scan()
        pair = self._pairs()
        self.assertEqual(pair.state, "distinct")
        self.assertEqual(pair.decided_by_id, self.coordinator)
        pair.action_to_review()
        self.assertEqual(pair.state, "to_review")

    def test_corrected_pair_goes(self):
        self.duplicates.sudo()._scan()
        self.two.write({"birth_date": "1950-01-02", "first_name": "Paul"})
        self.duplicates.sudo()._scan()
        self.assertFalse(self._pairs())

    def test_pair_found_from_one_side_stays(self):
        """Both files of a pair may be compared in different batches."""
        found = [(self.one.id, self.two.id, 0.9, "last:exact")]

        def from_the_first(_files, _left, slices, **_options):
            return (found if [self.one.id] in slices[0] else []), {}

        model = self.env.registry["ess.beneficiary"]
        files = (self.one | self.two).ids
        with (
            patch.object(ess_duplicate, "SCAN_BATCH", 1),
            patch.object(model, "_run_matching", from_the_first),
        ):
            self.duplicates.sudo()._scan(files)
            self.assertEqual(len(self._pairs()), 1)
            found.clear()
            self.duplicates.sudo()._scan(files)
            self.assertFalse(self._pairs())

    def test_archived_files_are_not_compared(self):
        self.two.active = False
        self.duplicates.sudo()._scan()
        self.assertFalse(self._pairs())

    def test_associations_are_not_compared(self):
        self.two.company_id = self.company_2
        self.duplicates.sudo()._scan()
        self.assertFalse(self._pairs().exists())

    def test_protected_file_is_seen_by_its_team_alone(self):
        self.two.is_protected = True
        self.duplicates.sudo()._scan()
        self.assertFalse(self._pairs(self.coordinator))
        self.assertFalse(self._pairs(self.importer))
        self.worker2.write(
            {
                "group_ids": [
                    (4, self.env.ref("ess_beneficiary.group_beneficiary_import").id)
                ]
            }
        )
        self.assertTrue(self._pairs(self.worker2))

    def test_side_by_side_only_for_readers_of_both(self):
        self.duplicates.sudo()._scan()
        shown = self._pairs(self.coordinator)
        self.assertIn("Lyon", shown.comparison)
        self.env.invalidate_all()
        self.assertFalse(self._pairs(self.importer).comparison)

    def test_rights(self):
        self.duplicates.sudo()._scan()
        for user in (self.reception, self.worker, self.dpo, self.internal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.duplicates.with_user(user).search([])
        pair = self._pairs(self.importer)
        with self.assertRaises(AccessError):
            pair.unlink()
        self.assertFalse(self.duplicates.with_user(self.other_company_user).search([]))

    def test_too_common_keys_are_reported(self):
        self.env["ess.beneficiary"].create(
            [
                {"last_name": f"X{number}", "phone": "0140000000"}
                for number in range(202)
            ]
        )
        skipped = self.duplicates.sudo()._scan()
        self.assertEqual(skipped["phone"], 202)

    def test_nightly_scan(self):
        cron = self.env.ref("ess_beneficiary.ir_cron_scan_duplicates")
        self.env.flush_all()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(len(self._pairs()), 1)
