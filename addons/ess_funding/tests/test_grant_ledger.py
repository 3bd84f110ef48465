from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import EssFundingCommon


@tagged("post_install", "-at_install", "ess")
class TestGrantLedger(EssFundingCommon):
    """Awards, instalments, conditions, funding rules and amendments in the ledger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.chart.template"]._ess_load_association(cls.company)
        cls.grant.write({"date_notified": "2026-01-12"})

    def _moves(self, grant=None):
        lines = self.env["account.move.line"].search(
            [("ess_grant_id", "=", (grant or self.grant).id)]
        )
        return lines.move_id

    def _balance(self, code, grant=None):
        lines = self._moves(grant).line_ids.filtered(
            lambda line: line.account_id.code == code
        )
        return round(sum(lines.mapped("balance")), 2)

    def _instalment(self, amount, **values):
        return self.env["ess.grant.instalment"].create(
            {
                "grant_id": self.grant.id,
                "date_due": "2026-02-15",
                "date_received": "2026-02-15",
                "amount": amount,
                "amount_received": amount,
                **values,
            }
        )

    def _closing(self):
        closing = self.env["ess.year.end"].create({"date_to": "2026-12-31"})
        closing.action_propose()
        return closing

    def _amounts(self, closing):
        return {line.step: line.amount for line in closing.line_ids}

    def test_award_is_booked_once_in_full(self):
        self.grant.action_book_award()
        move = self._moves()
        self.assertEqual((move.state, move.date), ("draft", date(2026, 1, 12)))
        self.assertEqual(self._balance("441700"), 80000)
        self.assertEqual(self._balance("741000"), -80000)
        self.assertIn("once and in full", move.narration)
        with self.assertRaisesRegex(UserError, "already"):
            self.grant.action_book_award()

    def test_accountant_books_and_fundraiser_does_not(self):
        self.grant.with_user(self.accountant).action_book_award()
        other = self._make_grant(name="Other", actions={self.action_2: 10})
        with self.assertRaises(AccessError):
            other.with_user(self.fundraiser).action_book_award()

    def test_reversed_award_is_proposed_again(self):
        self.grant.action_book_award()
        move = self._moves()
        move.action_post()
        move._reverse_moves([{"date": move.date}], cancel=True)
        self.assertEqual(self.grant.booked_amount, 0)
        self.grant.action_book_award()
        self.grant.invalidate_recordset(["booked_amount"])
        self.assertEqual(self.grant.booked_amount, 80000)

    def test_locked_date_is_refused(self):
        self.company.fiscalyear_lock_date = "2026-01-31"
        with self.assertRaisesRegex(UserError, "closed period"):
            self.grant.action_book_award()
        self.assertFalse(self._moves())

    def test_instalment_settles_the_receivable_and_is_no_income(self):
        self.grant.action_book_award()
        instalment = self._instalment(48000)
        instalment.action_book()
        self.assertEqual(self._balance("441700"), 32000)
        self.assertEqual(self._balance("741000"), -80000)
        with self.assertRaisesRegex(UserError, "booked already"):
            instalment.action_book()
        with self.assertRaisesRegex(UserError, "day and the amount"):
            self._instalment(10, date_received=False).action_book()

    def test_suspensive_condition_books_nothing_and_cash_is_an_advance(self):
        self.grant.condition = "suspensive"
        with self.assertRaisesRegex(UserError, "condition"):
            self.grant.action_book_award()
        self._instalment(20000).action_book()
        self.assertEqual(self._balance("441900"), -20000)
        self.assertEqual(self._balance("741000"), 0)
        self.grant.date_condition_met = "2026-03-01"
        self.grant.action_book_award()
        self.assertEqual(self._balance("441900"), 0)
        self.assertEqual(self._balance("441700"), 60000)

    def test_rate_with_ceiling_lowers_the_award(self):
        """50 000 = 40 % of 125 000; 108 840 spent: 43 536, lowered by 6 464."""
        grant = self._make_grant(
            name="Rate", actions={self.action_2: 50000}, rule="rate", rate=40
        )
        grant.action_book_award()
        self._moves(grant).action_post()
        self._make_entry([("604000", 108840, {self._share(self.action_2): 100})])
        closing = self._closing()
        closing.action_make_entries()
        self.assertEqual(self._amounts(closing), {"lowered": 6464.0})
        self.assertEqual(self._balance("741000", grant), -43536)

    def test_earned_by_spending_is_accrued_and_never_dedicated(self):
        """ESF+: 58 152 of staff at 40 %, 60 % paid: 48 847.68; advance stays 4419."""
        self.grant.write({"is_earned_by_spending": True, "rate": 60, "flat": "staff40"})
        with self.assertRaisesRegex(UserError, "earned by spending"):
            self.grant.action_book_award()
        self._instalment(20000).action_book()
        whole = {self._share(self.action, self.grant): 100}
        self._make_entry([("641100", 58152, whole)])
        closing = self._closing()
        closing.action_make_entries()
        self.assertEqual(self._amounts(closing), {"accrued": 48847.68})
        self.assertEqual(self._balance("441900"), -20000)
        self.assertEqual(self._balance("741000"), -48847.68)
        closing.action_propose()
        self.assertEqual(len(closing.line_ids), 1)

    def test_without_tranches_months_defer(self):
        self.grant.write({"date_to": date(2027, 6, 30), "is_earmarked": False})
        self.grant.action_book_award()
        closing = self._closing()
        self.assertEqual(self._amounts(closing), {"deferred": 26666.67})
        closing.action_make_entries()
        reset = closing.line_ids.reset_move_id
        self.assertEqual(reset.date, date(2027, 1, 1))
        self.assertEqual(self._balance("487000"), 0)

    def test_lower_amendment_under_what_is_spent(self):
        self.grant.action_book_award()
        whole = {self._share(self.action, self.grant): 100}
        self._make_entry([("604000", 60000, whole)])
        self.grant.share_ids.amount = 50000
        amendment = self.env["ess.grant.amendment"].create(
            {
                "grant_id": self.grant.id,
                "kind": "lower",
                "amount": 50000,
                "date": "2026-06-01",
                "reason": "Less",
            }
        )
        with self.assertRaisesRegex(UserError, "10,000"):
            amendment.action_apply()
        amendment.accept_overspending = True
        amendment.action_apply()
        self.assertEqual(self._balance("741000"), -50000)
        self.assertEqual(amendment.amount_before, 80000)
        with self.assertRaisesRegex(UserError, "was applied"):
            amendment.amount = 1
        with self.assertRaisesRegex(UserError, "stays in the file"):
            amendment.unlink()

    def test_amendment_that_says_nothing(self):
        amendment = self.env["ess.grant.amendment"].create(
            {"grant_id": self.grant.id, "kind": "raise", "amount": 1, "reason": "x"}
        )
        with self.assertRaisesRegex(UserError, "80,000"):
            amendment.action_apply()

    def test_unallotted_part_stays_with_the_structure(self):
        self.grant.amount = 100000
        self.grant.action_book_award()
        self._moves().action_post()
        column, grant_column = self._columns()
        lines = self._analytic_lines(
            [(grant_column, "=", self.grant.analytic_account_id.id)]
        )
        structure = self.company._get_structure_action().analytic_account_id
        amounts = {line[column]: line.amount for line in lines}
        self.assertEqual(
            amounts, {self.action.analytic_account_id: 80000, structure: 20000}
        )

    def test_years_do_not_overlap(self):
        values = {"grant_id": self.grant.id, "amount": 1}
        with self.assertRaisesRegex(ValidationError, "overlap"):
            self.env["ess.grant.tranche"].create(
                [
                    values | {"date_from": "2026-01-01", "date_to": "2026-12-31"},
                    values | {"date_from": "2026-12-31", "date_to": "2027-06-30"},
                ]
            )

    def test_unit_rule_needs_its_indicator(self):
        with self.assertRaisesRegex(ValidationError, "indicator"):
            self.grant.rule = "unit"

    def test_missing_account_says_what_to_do(self):
        self.grant.nature_id.receivable_code = "333"
        with self.assertRaisesRegex(UserError, "Associations' chart"):
            self.grant.action_book_award()

    def test_year_end_of_another_day(self):
        with self.assertRaisesRegex(UserError, "last day of a financial year"):
            self.env["ess.year.end"].create({"date_to": "2026-11-30"})

    def test_viewer_reads_and_changes_nothing(self):
        closing = self._closing()
        closing.with_user(self.funding_viewer).read(["state"])
        with self.assertRaises(AccessError):
            closing.with_user(self.funding_viewer).action_propose()

    def test_accountant_closes(self):
        self.grant.action_book_award()
        closing = (
            self.env["ess.year.end"]
            .with_user(self.accountant)
            .create({"date_to": "2026-12-31"})
        )
        closing.action_propose()
        closing.action_make_entries()
        self.assertEqual(self._amounts(closing), {"dedicated_add": 80000.0})
        self.assertEqual(closing.state, "drafted")
