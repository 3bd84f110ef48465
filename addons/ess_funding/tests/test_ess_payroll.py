import base64
import io
from datetime import date

import openpyxl

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import EssFundingCommon

# The payroll of 2026 in the worked-out case: S1 works for the action and is paid by A,
# S2 for half of it, a quarter paid by A.
JOURNAL = """Matricule;Salarié;Compte;Libellé;Débit;Crédit
S1;Ana Test;641100;Brut;30 000,00;
S1;Ana Test;645100;Charges;12 600,00;
S2;Léo Test;641100;Brut;36 000,00;
S2;Léo Test;645100;Charges;15 840,00;
S1;Ana Test;421000;Net;;23 400,00
S2;Léo Test;421000;Net;;28 080,00
;;431000;Urssaf;;42 960,00
"""


@tagged("post_install", "-at_install", "ess")
class TestPayroll(EssFundingCommon):
    """Salaries from the payroll tool, spread by keys, read by the payroll group."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_users(
            {
                "payer": "ess_funding.group_funding_payroll,"
                "ess_funding.group_funding_officer,"
                "account.group_account_user,account.group_account_invoice"
            }
        )
        for code in ("641100", "645100", "421000", "431000"):
            cls._account(code)
        cls.employees = cls.env["ess.payroll.employee"].create(
            [
                {"code": "S1", "name": "Ana Test", "company_id": cls.company.id},
                {"code": "S2", "name": "Léo Test", "company_id": cls.company.id},
            ]
        )
        cls._key(0, 100, cls.grant)
        cls._key(1, 25, cls.grant)
        cls._key(1, 25)

    @classmethod
    def _key(cls, who, share, grant=None, **vals):
        return cls.env["ess.payroll.key"].create(
            {
                "employee_id": cls.employees[who].id,
                "date_from": date(2026, 1, 1),
                "action_id": cls.action.id,
                "grant_id": grant.id if grant else False,
                "percent": share,
                **vals,
            }
        )

    def _payroll(self, text=JOURNAL, day="2026-12-31", **vals):
        return (
            self.env["ess.payroll"]
            .with_user(self.payer)
            .create(
                {
                    "date": day,
                    "company_id": self.company.id,
                    "journal_id": self.journal.id,
                    "file": base64.b64encode(text.encode("cp1252")),
                    "file_name": "journal.csv",
                    **vals,
                }
            )
        )

    def _booked(self):
        payroll = self._payroll()
        payroll.action_read()
        payroll.action_book()
        payroll.move_id.action_post()
        return payroll

    def _charged(self, account):
        """Charged to the action by (is the grant, amount) of an account."""
        action, grant = self._columns()
        lines = self.env["account.analytic.line"].search(
            [
                ("general_account_id", "=", self._account(account).id),
                (action, "=", self.action.analytic_account_id.id),
                ("ess_is_salary", "=", True),
            ]
        )
        paid = sum(-line.amount for line in lines if line[grant])
        return round(-sum(lines.mapped("amount")), 2), round(paid, 2)

    def test_journal_of_the_case_to_the_cent(self):
        payroll = self._booked()
        self.assertEqual(payroll.cost_amount, 94440)
        self.assertEqual(payroll.state, "booked")
        self.assertEqual(self._charged("641100"), (48000, 39000))
        self.assertEqual(self._charged("645100"), (20520, 16560))
        other = payroll.move_id.line_ids.filtered(lambda line: not line.ess_is_salary)
        self.assertEqual(sorted(other.mapped("balance")), [-51480, -42960])
        names = payroll.move_id.line_ids.mapped("name")
        self.assertFalse([name for name in names if "Test" in name])

    def test_others_read_the_sum_only(self):
        move = self._booked().move_id.with_user(self.accountant)
        salaries = [("ess_is_salary", "=", True)]
        for model in ("account.move.line", "account.analytic.line"):
            records = self.env[model].with_user(self.accountant)
            self.assertFalse(records.search(salaries))
            self.assertTrue(self.env[model].with_user(self.payer).search(salaries))
            hidden = self.env[model].search(salaries, limit=1)
            with self.assertRaises(AccessError):
                hidden.with_user(self.accountant).read(["name"])
        move.invalidate_recordset()
        self.assertIn("94,440.00", move.ess_salary_message)
        self.assertFalse(self.payroll_message(move))
        for model in ("ess.payroll", "ess.payroll.key", "ess.payroll.employee"):
            for user in (self.accountant, self.funding_manager):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
        with self.assertRaisesRegex(UserError, "payroll group"):
            move.button_draft()
        with self.assertRaisesRegex(UserError, "payroll group"):
            move._reverse_moves()

    def payroll_message(self, move):
        return move.with_user(self.payer).ess_salary_message

    def test_sums_reach_reports_of_those_who_read_no_salary(self):
        self._booked()
        rows = self.grant.with_user(self.accountant)._get_paid_rows(date(2026, 12, 31))
        self.assertEqual(round(sum(row["amount"] for row in rows), 2), 55560)
        statement = (
            self.env["ess.paid.statement"]
            .with_user(self.accountant)
            .create({"grant_id": self.grant.id, "date": "2026-12-31"})
        )
        details = statement._get_details()
        self.assertEqual(
            {row["account"]: row["amount"] for row in details},
            {"641100": 39000, "645100": 16560},
        )
        self.assertEqual({row["name"] for row in details}, {"Salaries, sum"})
        audit = (
            self.env["ess.audit.file"]
            .with_user(self.accountant)
            .create({"grant_id": self.grant.id})
        )
        index = audit._get_index(audit._get_lines(), {}).decode()
        self.assertIn("39000", index)
        self.assertNotIn("S1", index)

    def test_imported_twice_is_recognised(self):
        first = self._payroll()
        first.action_read()
        again = self._payroll()
        with self.assertRaisesRegex(UserError, "read already"):
            again.action_read()
        book = openpyxl.Workbook()
        for line in JOURNAL.splitlines():
            book.active.append(line.split(";"))
        data = io.BytesIO()
        book.save(data)
        again.write(
            {
                "file": base64.b64encode(data.getvalue()),
                "file_name": "journal.xlsx",
            }
        )
        with self.assertRaisesRegex(UserError, "read already"):
            again.action_read()
        again.date = "2026-11-30"
        again.action_read()
        self.assertEqual(len(again.line_ids), 6)
        first.action_read()
        self.assertEqual(len(first.line_ids), 6)

    def test_employee_without_key_is_listed(self):
        text = JOURNAL.replace("S2", "S3").replace("Léo", "Ian")
        payroll = self._payroll(text)
        payroll.action_read()
        self.assertIn("Ian Test", payroll.message)
        with self.assertRaisesRegex(UserError, "Ian Test"):
            payroll.action_book()
        self.assertFalse(payroll.move_id)
        payroll.rest_to_structure = True
        payroll.action_book()
        payroll.move_id.action_post()
        self.assertEqual(self._charged("641100"), (30000, 30000))

    def test_hours_spread_euros_to_the_cent(self):
        self.employees[1].key_ids.unlink()
        structure = self.company._get_structure_action()
        for action, hours in ((self.action, 1), (self.action_2, 1), (structure, 1)):
            self._key(1, 0, basis="hours", hours=hours, action_id=action.id)
        payroll = self._booked()
        lines = payroll.move_id.line_ids.filtered(lambda one: one.balance == 36000)
        amounts = sorted(-one.amount for one in lines.analytic_line_ids)
        self.assertEqual(amounts, [12000, 12000, 12000])
        lines = payroll.move_id.line_ids.filtered(lambda one: one.balance == 15840)
        self.assertEqual(
            round(sum(-one.amount for one in lines.analytic_line_ids), 2), 15840
        )

    def test_bad_files_are_refused_with_a_reason(self):
        cases = {
            "Say which columns": "Nom;Montant\nA;1\n",
            "Rows 2": JOURNAL.replace("30 000,00", "beaucoup"),
            "differ by": JOURNAL.replace("30 000,00", "30 001,00"),
            "no account 999111": JOURNAL.replace("431000", "999111"),
        }
        for message, text in cases.items():
            payroll = self._payroll(text)
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                payroll.action_read()
            self.assertFalse(payroll.line_ids)
        text = JOURNAL.replace("Matricule", "Badge")
        payroll = self._payroll(text, column_code="Badge")
        payroll.action_read()
        self.assertEqual(payroll.state, "read")

    def test_keys_never_take_more_than_the_salary(self):
        with self.assertRaisesRegex(ValidationError, "150.00 %"):
            self._key(0, 50, date_from=date(2026, 6, 15))
        with self.assertRaisesRegex(ValidationError, "keep one of both"):
            self._key(1, 0, basis="hours", hours=3)
        with self.assertRaisesRegex(ValidationError, "gives nothing"):
            self._key(1, 5, self.grant, action_id=self.action_2.id)

    def test_draft_thrown_away_is_made_again(self):
        payroll = self._payroll()
        payroll.action_read()
        payroll.action_book()
        with self.assertRaisesRegex(UserError, "is booked"):
            payroll.action_read()
        with self.assertRaises(UserError):
            payroll.checksum = "x"
        payroll.action_discard()
        self.assertEqual(payroll.state, "read")
        payroll.action_book()
        payroll.move_id.action_post()
        with self.assertRaisesRegex(UserError, "is posted"):
            payroll.action_discard()
        payroll.move_id._reverse_moves(cancel=True)
        payroll.action_book()
        self.assertEqual(payroll.move_id.state, "draft")

    def test_closed_period_is_refused(self):
        self.company.fiscalyear_lock_date = "2026-12-31"
        payroll = self._payroll()
        payroll.action_read()
        with self.assertRaisesRegex(UserError, "closed period"):
            payroll.action_book()
