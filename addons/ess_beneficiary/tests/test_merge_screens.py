import re
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .merge_common import MergeCommon


@tagged("post_install", "-at_install", "ess")
class TestMergeScreens(MergeCommon):
    """Many merges at once, and the screens that lead to one."""

    # === MANY AT ONCE

    def _make_pairs(self, count):
        files = self.env["ess.beneficiary"].create(
            [{"last_name": f"Nom{number // 2}"} for number in range(2 * count)]
        )
        for file in files:
            self._situate(file, date(2026, 1, 1))
        return [(one, two, {}) for one, two in zip(files[::2], files[1::2])]

    def test_as_many_statements_for_one_as_for_many(self):
        counts = []
        for number in (3, 30, 3):
            pairs = self._make_pairs(number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["ess.merge"].sudo()._merge_files(pairs)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(abs(counts[1] - counts[2]), 10, counts)

    def test_pairs_that_share_a_file(self):
        third = self._make_beneficiary(last_name="Keita", first_name="Awa")
        pairs = [
            (self.kept, self.merged, {}),
            (self.merged, third, {}),
            (self.kept, third, {}),
        ]
        self.env["ess.merge"].with_user(self.coordinator)._merge_files(pairs)
        self.assertEqual((self.merged | third).merged_into_id, self.kept)

    # === SCREENS

    def test_side_by_side_then_merge(self):
        self.env["ess.duplicate"].sudo()._scan()
        self.merged.phone = "06.12.34.56.78"
        pair = self.env["ess.duplicate"].with_user(self.coordinator)
        pair = pair.search([("beneficiary_id", "=", self.kept.id)])
        wizard = pair.env["ess.beneficiary.merge"].browse(
            pair.action_compare()["res_id"]
        )
        self.assertEqual(wizard.line_ids.mapped("field_name"), ["last_name", "city"])
        self.assertIn("Follow-up: 1", wizard.kept_facts)
        wizard.line_ids[0].action_take()
        with Form(wizard) as form:
            self.assertFalse(form.refusal)
        wizard.action_merge()
        self.assertEqual(self.kept.last_name, "Keita")
        self.assertEqual(pair.state, "merged")
        pair.action_undo_merge()
        self.assertEqual(pair.state, "to_review")
        self.assertEqual(self.kept.last_name, "Keïta")

    def test_swapped_sides(self):
        files = (self.kept | self.merged).with_user(self.coordinator)
        wizard = files.env["ess.beneficiary.merge"].browse(
            files.action_merge()["res_id"]
        )
        wizard.action_swap()
        wizard.action_merge()
        self.assertEqual(self.kept.merged_into_id, self.merged)
        self.assertEqual(self.merged.last_name, "Keïta")

    def test_two_files_are_needed(self):
        with self.assertRaises(UserError):
            self.kept.action_merge()

    def test_not_the_same_from_the_comparison(self):
        files = (self.kept | self.merged).with_user(self.coordinator)
        wizard = files.env["ess.beneficiary.merge"].browse(
            files.action_merge()["res_id"]
        )
        wizard.action_distinct()
        pair = self.env["ess.duplicate"].search([("beneficiary_id", "=", self.kept.id)])
        self.assertEqual(pair.state, "distinct")

    def test_comparison_shows_nothing_to_an_outsider(self):
        files = (self.kept | self.merged).with_user(self.importer)
        with self.assertRaises(AccessError):
            files.action_merge()

    def test_same_phone_written_twice_is_no_difference(self):
        self.merged.phone = "+33 6 12 34 56 78"
        self.env["ess.duplicate"].sudo()._scan()
        pair = self.env["ess.duplicate"].with_user(self.coordinator).search([])[:1]
        row = re.search("<tr[^>]*><th>Phone.*?</tr>", str(pair.comparison))[0]
        self.assertIn("+33", row)
        self.assertNotIn("table-warning", row)

    def test_bulk_from_the_list(self):
        third = self._make_beneficiary(
            last_name="Keita", first_name="Awa", zip="69001", birth_date="1991-03-08"
        )
        self.env["ess.duplicate"].sudo()._scan()
        pairs = self.env["ess.duplicate"].with_user(self.coordinator).search([])
        self.assertEqual(len(pairs), 3)
        pairs.action_merge_all()
        self.assertEqual((self.merged | third).merged_into_id, self.kept)
        self.assertEqual((self.kept.city, self.kept.zip), ("Lyon", "69001"))

    def test_team_commands_still_work(self):
        """The recursive team is the same for ordinary files."""
        self.kept.followup_ids = [Command.create({"user_id": self.importer.id})]
        self.assertEqual(self.kept.team_user_ids, self.worker | self.importer)
