from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EssFundingCommon


@tagged("post_install", "-at_install", "ess")
class TestFundingAction(EssFundingCommon):
    def test_structure_is_one_per_company(self):
        action = self.company._get_structure_action()
        self.assertTrue(action.is_structure)
        self.assertEqual(self.company._get_structure_action(), action)
        other = self.company_2._get_structure_action()
        self.assertNotEqual(other, action)
        self.assertEqual(other.analytic_account_id.company_id, self.company_2)

    @mute_logger("odoo.sql_db")
    def test_second_structure_is_refused(self):
        self.company._get_structure_action()
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self._make_action(is_structure=True)

    def test_planned_and_actual(self):
        self._make_budget(amounts={"604": 1000, "74dep": 1000}).action_validate()
        self._make_entry([("604000", 250, {self._share(self.action): 100})])
        self.assertEqual(self.action.planned_cost, 1000)
        self.assertEqual(self.action.actual_cost, 250)
        self.assertEqual(self.action.actual_rate, 25)

    def test_resources_above_cost_are_shown(self):
        self._make_budget(amounts={"604": 70000, "74dep": 70000}).action_validate()
        self.assertEqual(self.action.over_funding, 10000)
        self.assertIn("10,000.00", self.action.over_funding_message)
        self.grant.state = "refused"
        self.action.invalidate_recordset()
        self.assertEqual(self.action.over_funding, 0)

    def test_rows_take_the_account_of_the_line(self):
        share = {self._share(self.action, self.grant): 60, self._share(self.action): 40}
        self._make_entry([("613200", 100, share), ("606300", 50, share)])
        rows = self._rows(grant=self.grant)
        self.assertEqual(rows["line", "charge", "613"]["actual"], 100)
        self.assertEqual(rows["line", "charge", "613"]["share"], 60)
        self.assertEqual(rows["line", "charge", "60x"]["actual"], 50)
        self.assertEqual(rows["heading", "charge", "60"]["actual"], 50)
        self.assertEqual(rows["total", "charge", None]["actual"], 150)
        self.assertEqual(rows["total", "charge", None]["share"], 90)

    def test_income_is_shown_on_the_line_of_its_grant(self):
        state = self._make_grant(
            name="State",
            actions={self.action: 10},
            cerfa_line_id=self._line("74etat").id,
        )
        self._make_entry(
            [("741000", -300, {self._share(self.action, self.grant): 100})]
        )
        self._make_entry([("741000", -200, {self._share(self.action, state): 100})])
        self._make_entry([("741000", -50, {self._share(self.action): 100})])
        rows = self._rows(grant=self.grant)
        self.assertEqual(rows["line", "product", "74dep"]["actual"], 300)
        self.assertEqual(rows["line", "product", "74dep"]["share"], 300)
        self.assertEqual(rows["line", "product", "74etat"]["actual"], 200)
        self.assertEqual(rows["line", "product", "74x"]["actual"], 50)
        self.assertEqual(rows["balance", "charge", "excprev"]["actual"], 550)
        self.assertEqual(rows["total", "charge", None]["actual"], 550)

    def test_own_resources_balance_the_action(self):
        self._make_entry([("604000", 100, {self._share(self.action): 100})])
        rows = self._rows()
        self.assertEqual(rows["balance", "product", "insufprevisionnel"]["actual"], 100)
        self.assertEqual(
            rows["total", "product", None]["actual"],
            rows["total", "charge", None]["actual"],
        )

    def test_account_of_no_line_is_shown_apart(self):
        share = {self._share(self.action): 100}
        self._make_entry([("619900", 10, share), ("642000", 7, share)])
        self._make_entry([("218200", 1000, share)])
        rows = self._rows()
        self.assertEqual(rows["unmatched", "charge", None]["actual"], 7)
        self.assertEqual(rows["other", "other", None]["actual"], -1000)
        self.assertEqual(rows["total", "charge", None]["actual"], 17)

    def test_in_kind_on_both_sides(self):
        share = {self._share(self.action): 100}
        self._make_entry([("864000", 800, share), ("875000", -800, share)])
        rows = self._rows()
        self.assertEqual(rows["line", "in_kind_charge", "864"]["actual"], 800)
        self.assertEqual(rows["line", "in_kind_product", "870"]["actual"], 800)
        self.assertEqual(rows["grand_total", "in_kind_charge", None]["actual"], 800)
        self.assertEqual(self.action.actual_cost, 0)

    def test_period_limits_the_figures(self):
        share = {self._share(self.action): 100}
        self._make_entry([("604000", 10, share)], day="2026-01-31")
        self._make_entry([("604000", 20, share)], day="2026-02-01")
        rows = self._rows(date_from="2026-02-01", date_to="2026-02-28")
        self.assertEqual(rows["total", "charge", None]["actual"], 20)

    def test_hours_are_no_cost(self):
        """An analytic line without a general account is hours, whatever its amount."""
        column, _grant = self._columns()
        self.env["account.analytic.line"].create(
            {
                "name": "Hours",
                "amount": -500,
                "unit_amount": 10,
                column: self.action.analytic_account_id.id,
                "company_id": self.company.id,
            }
        )
        self.assertEqual(self.action.actual_cost, 0)

    def test_reversed_entry_returns_to_the_start(self):
        before = self._rows(grant=self.grant)
        share = {self._share(self.action, self.grant): 100}
        move = self._make_entry([("604000", 100, share)])
        self.assertNotEqual(self._rows(grant=self.grant), before)
        move._reverse_moves([{"date": move.date}], cancel=True)
        after = self._rows(grant=self.grant)
        for key, row in before.items():
            for name in ("planned", "actual", "share"):
                self.assertEqual(after[key][name], row[name], (key, name))

    def test_statement_opens_exactly_its_entries(self):
        share = {self._share(self.action, self.grant): 60, self._share(self.action): 40}
        self._make_entry([("613200", 100, share)])
        self._make_entry([("604000", 70, {self._share(self.action_2): 100})])
        statement = self.env["ess.funding.statement"].with_user(self.accountant)
        statement = statement.create(
            {"action_id": self.action.id, "grant_id": self.grant.id}
        )
        opened = 0
        for line in statement.line_ids.filtered("sources"):
            lines = self._analytic_lines(line.action_open_entries()["domain"])
            self.assertEqual(round(-sum(lines.mapped("amount")), 2), line.actual)
            opened += 1
        self.assertGreaterEqual(opened, 3)

    def test_computed_row_has_no_entries(self):
        self._make_entry([("613200", 100, {self._share(self.action): 100})])
        statement = self.env["ess.funding.statement"].create(
            {"action_id": self.action.id}
        )
        balance = statement.line_ids.filtered(lambda line: line.kind == "balance")
        with self.assertRaisesRegex(UserError, "No entry"):
            balance.action_open_entries()

    def test_statement_follows_its_scope(self):
        budget = self._make_budget(amounts={"604": 100, "74dep": 100})
        statement = self.env["ess.funding.statement"].create(
            {"action_id": self.action.id}
        )
        self.assertEqual(statement.budget_id, budget)
        self.assertEqual(str(statement.date_from), "2026-01-01")
        few = len(statement.line_ids)
        statement.show_empty = True
        self.assertGreater(len(statement.line_ids), few)
        self._make_entry([("604000", 30, {self._share(self.action): 100})])
        statement.action_refresh()
        total = statement.line_ids.filtered(
            lambda line: (line.kind, line.side) == ("total", "charge")
        )
        self.assertEqual((total.planned, total.actual), (100, 30))
