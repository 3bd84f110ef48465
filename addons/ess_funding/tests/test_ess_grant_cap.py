from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import EssFundingCommon


@tagged("post_install", "-at_install", "ess")
class TestGrantCap(EssFundingCommon):
    """Ceilings, tolerance, money passed on, and resources above the cost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.share = cls._share(cls.action, cls.grant)

    def _charge(self, account, amount):
        return self._make_entry([(account, amount, {self.share: 100})])

    def _cap(self, **vals):
        return self.env["ess.grant.cap"].create(
            {
                "grant_id": self.grant.id,
                "name": "Travel",
                "account_prefixes": "625, 624",
                "amount": 1000,
                **vals,
            }
        )

    def test_ceiling_is_flagged_or_refused(self):
        cap = self._cap()
        self._charge("625100", 900)
        self.assertFalse(self.grant.cost_message)
        self._charge("624100", 200)
        cap.invalidate_recordset()
        self.grant.invalidate_recordset()
        self.assertEqual(cap.used, 1100)
        self.assertIn("1,100.00", self.grant.cost_message)
        self.grant.guard = "refuse"
        self._charge("606400", 50)  # other costs are not held back
        with self.assertRaisesRegex(UserError, "1,101.00"):
            self._charge("625100", 1)

    def test_tolerance_to_the_cent(self):
        self.grant.guard = "refuse"
        cap = self._cap(basis="award", percent=1, tolerance=10)
        self.assertEqual(cap.ceiling, 880)
        self._charge("625100", 880)
        with self.assertRaisesRegex(UserError, "880.01"):
            self._charge("625100", 0.01)

    def test_bad_ceiling(self):
        with self.assertRaises(ValidationError):
            self._cap(account_prefixes="62%")
        with self.assertRaises(ValidationError):
            self._cap(account_prefixes=" , ")

    def test_money_passed_on_needs_the_consent_of_the_funder(self):
        with self.assertRaisesRegex(UserError, "to another body"):
            self._charge("657100", 20000)
        self.grant.passes_on = True
        self._charge("657100", 20000)
        self.grant.invalidate_recordset()
        self.assertEqual(self.grant.spent_amount, 20000)

    def test_grants_above_the_cost_of_the_action_are_refused(self):
        budget = self._make_budget(amounts={"604": 90000, "74dep": 90000})
        other = self._make_grant({self.action: 10000}, name="B", state="draft")
        budget.action_validate()
        other.action_notify()
        self.assertEqual(self.action.over_funding, 0)
        refused = self.assertRaisesRegex(ValidationError, "two funders")
        with refused, self.env.cr.savepoint():
            self._make_grant({self.action: 1}, name="C")
        third = self._make_grant({self.action: 1}, name="C", state="draft")
        refused = self.assertRaisesRegex(ValidationError, "two funders")
        with refused, self.env.cr.savepoint():
            third.action_notify()
        self._make_entry([("606400", 90001, {self._share(self.action): 100})])
        third.action_notify()
        third.share_ids.amount = 0
        self.action.resource_guard = "flag"
        self._make_grant({self.action: 500}, name="D")
        self.action.invalidate_recordset()
        self.assertEqual(self.action.over_funding, 499)

    def test_half_a_plan_refuses_nothing(self):
        self.action.date_to = date(2027, 6, 30)
        self._make_budget(amounts={"604": 70000, "74dep": 70000}).action_validate()
        self._make_grant({self.action: 40000}, name="B")
        self.action.invalidate_recordset()
        self.assertEqual(self.action.over_funding, 50000)
