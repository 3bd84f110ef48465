from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import EssFundingCommon


@tagged("post_install", "-at_install", "ess")
class TestLockDates(EssFundingCommon):
    """What is charged in a closed period stays: core protects entries, not charges."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        whole = {cls._share(cls.action, cls.grant): 100}
        cls.closed = cls._make_entry([("604000", 100, whole)], day="2026-03-01")
        cls.open = cls._make_entry([("604000", 50, whole)], day="2026-05-01")
        cls.company.fiscalyear_lock_date = "2026-03-31"

    def _cost(self, move):
        return move.line_ids.filtered(lambda line: line.account_id.code == "604000")

    def test_distribution_of_a_closed_line(self):
        line = self._cost(self.closed)
        with self.assertRaisesRegex(UserError, "closed period"):
            line.analytic_distribution = {self._share(self.action): 100}
        self.assertEqual(self.grant.spent_amount, 150)

    def test_analytic_line_of_a_closed_period(self):
        line = self._cost(self.closed).analytic_line_ids
        with self.assertRaisesRegex(UserError, "closed period"):
            line.amount = -1
        with self.assertRaisesRegex(UserError, "closed period"):
            line.unlink()
        with self.assertRaisesRegex(UserError, "closed period"):
            self._cost(self.open).analytic_line_ids.date = "2026-03-15"

    def test_open_period_and_wording_are_free(self):
        self._cost(self.closed).analytic_line_ids.name = "Better words"
        line = self._cost(self.open)
        line.analytic_distribution = {self._share(self.action): 100}
        self.assertEqual(self.grant.spent_amount, 100)
