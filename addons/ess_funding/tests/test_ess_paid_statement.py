import io
import random
import shutil
from datetime import date

import openpyxl
from pypdf import PdfReader

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools.paid import paid_parts
from .common import EssFundingCommon

YEAR_END = date(2026, 12, 31)


@tagged("post_install", "-at_install", "ess")
class TestPaidStatement(EssFundingCommon, HttpCase):
    """What of the costs of a grant is paid at a date, partial payments pro rata."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.env["res.partner"].create({"name": "=Vendor (invented)"})
        cls.share = cls._share(cls.action, cls.grant)

    def _bill(self, amounts, day="2026-10-05", move_type="in_invoice", percent=100):
        bill = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.vendor.id,
                "invoice_date": day,
                "date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": f"Cost {amount}",
                            "account_id": self._account("604000").id,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                            "analytic_distribution": {self.share: percent},
                        }
                    )
                    for amount in amounts
                ],
            }
        )
        bill.action_post()
        return bill

    def _pay(self, bill, amount, day):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        )
        return wizard.create({"amount": amount, "payment_date": day})._create_payments()

    def _paid(self, day=YEAR_END):
        rows = self.grant._get_paid_rows(day)
        return round(sum(row["paid"] for row in rows), 2)

    def test_unpaid_bill_counts_for_nothing(self):
        self._bill([100])
        self.assertEqual(self._paid(), 0)

    def test_partial_payments_count_pro_rata_and_by_date(self):
        bill = self._bill([70, 30], percent=50)
        self._pay(bill, 40, "2026-10-20")
        self._pay(bill, 60, "2027-01-15")
        self.assertEqual(self._paid(date(2026, 10, 19)), 0)
        self.assertEqual(self._paid(), 20)
        self.assertEqual(self._paid(date(2027, 1, 15)), 50)

    def test_reversed_payment_counts_for_nothing(self):
        bill = self._bill([100])
        payment = self._pay(bill, 100, "2026-10-20")
        self.assertEqual(self._paid(), 100)
        payment.action_draft()
        self.assertEqual(self._paid(), 0)

    def test_credit_note_settles_and_takes_back(self):
        bill = self._bill([100])
        refund = self._bill([30], move_type="in_refund")
        both = (bill + refund).line_ids
        both.filtered(
            lambda line: line.account_id.account_type == "liability_payable"
        ).reconcile()
        self._pay(bill, 70, "2026-11-02")
        self.assertEqual(self._paid(), 70)

    def test_cash_is_paid_at_once_and_depreciation_never(self):
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        cash = bank.default_account_id.code
        self._make_entry([("625100", 40, {self.share: 100}), (cash, -40, None)])
        self._make_entry([("681120", 25, {self.share: 100}), ("281800", -25, None)])
        statement = self.env["ess.paid.statement"].create(
            {"grant_id": self.grant.id, "date": YEAR_END}
        )
        self.assertEqual(statement.paid_amount, 40)
        self.assertEqual(statement.idle_amount, 25)
        self.assertEqual(statement.unpaid_amount, 0)

    def test_parts_always_add_up(self):
        dice = random.Random(5)
        for _round in range(300):
            amounts = [
                round(dice.uniform(-500, 2000), 2) for _n in range(dice.randint(1, 12))
            ]
            ratio = dice.choice([0, 1, dice.random()])
            parts = paid_parts(amounts, ratio)
            for sign in (1, -1):
                whole = sum(abs(a) for a in amounts if a * sign > 0)
                paid = sum(
                    abs(p) for p, a in zip(parts, amounts, strict=True) if a * sign > 0
                )
                self.assertEqual(round(paid, 2), round(round(whole, 2) * ratio, 2))
            for part, amount in zip(parts, amounts, strict=True):
                self.assertLessEqual(abs(part), abs(amount) + 0.01)
                self.assertGreaterEqual(part * amount, 0)

    def test_workbook_has_live_totals(self):
        self._pay(self._bill([100.10, 50.05]), 75, "2026-10-20")
        statement = self.env["ess.paid.statement"].create(
            {"grant_id": self.grant.id, "date": YEAR_END}
        )
        data = statement._get_xlsx()
        sheet = openpyxl.load_workbook(io.BytesIO(data)).active
        rows = list(sheet.iter_rows(min_row=4))
        self.assertEqual([row[6].value for row in rows[:2]], [100.10, 50.05])
        self.assertEqual(rows[2][6].value, "=SUM(G4:G5)")
        self.assertEqual(rows[0][2].data_type, "s", "a supplier's name never runs")
        values = openpyxl.load_workbook(io.BytesIO(data), data_only=True).active
        total = next(values.iter_rows(min_row=6, max_row=6, values_only=True))
        self.assertEqual(total[6:9], (150.15, 75, 75.15))
        live = sum(row[7].value for row in rows[:2])
        self.assertEqual(round(live, 2), 75)

    def test_printed_statement(self):
        if not shutil.which("wkhtmltopdf"):
            self.fail("wkhtmltopdf is needed to test the printed statement.")
        self._pay(self._bill([1234.5]), 1000, "2026-10-20")
        statement = self.env["ess.paid.statement"].create(
            {"grant_id": self.grant.id, "date": YEAR_END}
        )
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        data, _kind = report._render_qweb_pdf(
            "ess_funding.action_report_paid_statement", statement.ids
        )
        pages = PdfReader(io.BytesIO(data)).pages
        text = "".join(page.extract_text() for page in pages).replace("\xa0", " ")
        for words in ("1,234.50", "1,000.00", "auditor", "604000"):
            self.assertIn(words, text)

    def test_only_who_reads_entries_opens_it(self):
        with self.assertRaises(AccessError):
            self.env["ess.paid.statement"].with_user(self.fundraiser).create(
                {"grant_id": self.grant.id}
            )
        url = f"/ess_funding/paid/{self.grant.id}/2026-12-31/xlsx"
        self.authenticate("ess_accountant", "ess_accountant")
        self.assertEqual(self.url_open(url).content[:2], b"PK")
        wrong = f"/ess_funding/paid/{self.grant.id}/hier/xlsx"
        self.assertEqual(self.url_open(wrong).status_code, 404)
        self.authenticate("ess_fundraiser", "ess_fundraiser")
        with mute_logger("odoo.http"):  # the refusal
            refused = self.url_open(url)
        self.assertEqual(refused.status_code, 403)
