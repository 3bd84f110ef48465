from odoo.fields import Command
from odoo.tests import tagged

from .common import EssFundingCommon


@tagged("post_install", "-at_install", "ess")
class TestPerformance(EssFundingCommon):
    """Statements do not grow with the number of lines."""

    def _count_queries(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _make_draft(self, count, distribution):
        lines = [("604000", 10, distribution)] * count
        return self._make_entry(lines, post=False)

    def test_guard_costs_a_constant(self):
        """The guard reads the accounts of all lines at once."""
        share = {self._share(self.action, self.grant): 60, self._share(self.action): 40}
        few, many = self._make_draft(3, share), self._make_draft(60, share)
        guard = type(self.env["account.move.line"])._check_ess_distribution
        self._count_queries(lambda: guard(few.line_ids))  # warm caches of plans
        small = self._count_queries(lambda: guard(few.line_ids))
        large = self._count_queries(lambda: guard(many.line_ids))
        self.assertEqual(small, large)

    def test_statement_is_constant(self):
        share = {self._share(self.action, self.grant): 100}
        self._make_entry([("604000", 10, share)])
        self._rows(grant=self.grant)
        few = self._count_queries(lambda: self._rows(grant=self.grant))
        self._make_entry([("604000", 10, share)] * 40)
        many = self._count_queries(lambda: self._rows(grant=self.grant))
        self.assertEqual(few, many)

    def test_lists_of_grants_and_actions_are_constant(self):
        """Ten times the records, the same number of statements."""
        actions = self.env["ess.funding.action"]
        for _index in range(10):
            actions |= self._make_action(
                programme_ids=[Command.set(self.programme.ids)]
            )
        grants = self.env["ess.grant"]
        for action in actions:
            grants |= self._make_grant(actions={action: 10})
        for records, names in (
            (grants, ["spent_amount", "unshared_amount", "report_count"]),
            (actions, ["planned_cost", "actual_cost", "planned_resources"]),
        ):
            self._count_queries(lambda r=records[:1], n=names: r.read(n))
            one = self._count_queries(lambda r=records[:1], n=names: r.read(n))
            ten = self._count_queries(lambda r=records, n=names: r.read(n))
            self.assertLessEqual(ten, one + 1, records._name)
