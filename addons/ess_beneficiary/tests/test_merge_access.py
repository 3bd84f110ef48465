from odoo.tests import tagged

from .merge_common import MergeCommon


@tagged("post_install", "-at_install", "ess", "security")
class TestMergeAccess(MergeCommon):
    """Who reads merged files, and who reads who read them."""

    def _reading(self, file):
        """Let the data-protection officer open a file; return the line of the log."""
        file.with_user(self.dpo).read(["phone"])
        self.env.flush_all()
        self.env.cr.precommit.run()
        lines = self.env["ess.access.log"].sudo()
        return lines.search([("beneficiary_id", "=", file.id)], limit=1)

    def test_readings_of_the_merged_file_are_told_with_the_kept_one(self):
        line = self._reading(self.merged)
        digest = line._digests()
        last = self._make_beneficiary(team=self.worker, last_name="Keitta")
        self.merge(self.kept, self.merged)
        self.merge(last, self.kept)
        told = last.with_user(self.worker)._get_access_lines_for_person()
        self.assertIn(line.id, [id_ for group in told for id_ in group["line_ids"]])
        self.assertIn("dpo", [group["role"] for group in told])
        domain = last.with_user(self.worker).action_open_access_log()["domain"]
        self.assertIn(line, line.sudo().search(domain))
        # the line itself, sealed or to be, is what it was
        self.env.invalidate_all()
        self.assertEqual(line.beneficiary_id, self.merged)
        self.assertEqual(line._digests(), digest)

    def test_the_team_of_the_kept_file_reads_and_contests_them(self):
        line = self._reading(self.merged)
        mine = line.with_user(self.worker)
        self.assertFalse(mine.has_access("read"))
        merge = self.merge(self.kept, self.merged)
        self.assertTrue(mine.has_access("read"))
        self.assertIn(self.dpo.name, self.kept.with_user(self.worker).access_summary)
        contests = self.env["ess.access.contest"].with_user(self.worker)
        contest = contests.create({"log_id": line.id, "reason": "Why?"})
        self.assertTrue(contest.has_access("read"))
        merge.with_user(self.coordinator).action_undo()
        self.env.invalidate_all()
        self.assertFalse(mine.has_access("read"))

    def test_merged_file_of_a_protected_one_does_not_exist_either(self):
        line = self._reading(self.merged)
        self.merge(self.kept, self.merged)
        self.kept.write({"is_protected": True, "protection_reason": "violence"})
        self.env.flush_all()
        self.env.invalidate_all()
        for user in (self.coordinator, self.dpo, self.reception):
            merged = self.merged.with_user(user).with_context(active_test=False)
            self.assertFalse(merged.search([("id", "=", merged.id)]), user.login)
            self.assertFalse(line.with_user(user).has_access("read"), user.login)
        self.assertTrue(line.with_user(self.worker).has_access("read"))
        self.kept.write({"is_protected": False})
        self.assertFalse(self.merged.is_protected)

    def test_merging_into_a_protected_file_protects_both(self):
        self.kept.write({"is_protected": True, "protection_reason": "violence"})
        self._make_followup(self.kept, self.worker2)
        self._make_followup(self.kept, self.coordinator)
        before = self.dump()
        merge = self.merge(self.kept, self.merged)
        merged = self.merged.with_context(active_test=False)
        for user in (self.dpo, self.reception):
            self.assertFalse(
                merged.with_user(user).search([("id", "=", merged.id)]), user.login
            )
        merge.with_user(self.coordinator).action_undo()
        self.assertSameDatabase(before)
