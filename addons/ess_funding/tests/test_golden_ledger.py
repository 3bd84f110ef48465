import pathlib
import re
from collections import Counter
from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from . import golden
from .common import EssFundingCommon

STANDARD = "../shared/standards/cerfa/golden-two-years.md"
INCOME_OF = {"A": "74dep", "B": "74aidespriv", "C": "74com", "D": "74region"}


def standard_text():
    """Text of the worked-out case, or nothing when the folder is not there."""
    for folder in pathlib.Path(__file__).resolve().parents:
        for path in (folder / STANDARD, folder.parent / STANDARD):
            if path.exists():
                return path.read_text()
    return ""


@tagged("post_install", "-at_install", "ess")
class TestGoldenLedger(EssFundingCommon):
    """Two years of one action, three co-funders and an investment grant, to the cent.

    Only bills, payroll and other cash are typed; all that concerns grants comes from
    the suite: awards, instalments, amendment, refund, year end.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.chart.template"]._ess_load_association(cls.company)
        last = cls.env["account.move"].search([], order="id desc", limit=1)
        cls.first_move = last.id or 0
        cls.action.write({"date_to": date(2027, 6, 30)})
        cls.grants = {
            "A": cls._golden_grant(
                "A", 120000, "public", date(2026, 1, 12), date(2027, 6, 30)
            ),
            "B": cls._golden_grant(
                "B", 30000, "nonprofit", date(2026, 2, 3), date(2027, 9, 30)
            ),
            "C": cls._golden_grant(
                "C", 15000, "public", date(2026, 1, 20), date(2026, 12, 31)
            ),
            "D": cls._golden_grant(
                "D", 12000, "investment", date(2026, 4, 8), date(2026, 12, 31)
            ),
        }
        cls.grants["A"].tranche_ids = [
            Command.create({"date_from": first, "date_to": last, "amount": amount})
            for first, last, amount in (
                ("2026-01-01", "2026-12-31", 80000),
                ("2027-01-01", "2027-06-30", 40000),
            )
        ]
        cls.grants["B"].deferral = "none"
        cls.grants["C"].is_earmarked = False
        cls.grants["D"].write(
            {"date_in_service": "2026-07-01", "depreciation_months": 60}
        )
        cls._play_2026()
        cls.year_2026 = cls._close("2026-12-31")

    @classmethod
    def _golden_grant(cls, name, amount, nature, notified, date_to):
        return cls._make_grant(
            name=f"Golden {name}",
            actions={cls.action: amount},
            nature_id=cls.env.ref(f"ess_funding.ess_grant_nature_{nature}").id,
            date_from=date(notified.year, 1, 1),
            date_to=date_to,
            date_notified=notified,
            cerfa_line_id=cls._line(INCOME_OF[name[0]]).id,
        )

    @classmethod
    def _play_2026(cls):
        for grant in cls.grants.values():
            grant.action_book_award()
        for name, day, amount in (
            ("A", "2026-02-15", 72000),
            ("C", "2026-03-02", 15000),
            ("B", "2026-03-10", 30000),
            ("D", "2026-09-10", 12000),
            ("A", "2026-11-20", 36000),
        ):
            cls._receive(name, day, amount)
        cls._post_drafts()
        cls._play(golden.ENTRIES_2026)
        for values in (
            {"kind": "volunteers", "quantity": 400, "price": 15},
            {"kind": "volunteers", "quantity": 100, "price": 20},
            {"kind": "goods_lent", "amount": 3600},
        ):
            cls._give("2026-12-31", **values)

    @classmethod
    def _play_2027(cls):
        cls.grants["C2"] = cls._golden_grant(
            "C2", 16000, "public", date(2027, 2, 1), date(2027, 12, 31)
        )
        cls.grants["C2"].is_earmarked = False
        cls.grants["C2"].action_book_award()
        cls._receive("C2", "2027-03-05", 16000)
        cls._amend("B", "refund", 2500, "2027-09-30")
        cls._play(golden.ENTRIES_2027)
        cls.grants["A"].share_ids.amount = 118043.80
        cls._amend("A", "lower", 118043.80, "2027-10-20")
        cls._receive("A", "2027-11-05", 10043.80)
        cls._post_drafts()
        cls._give("2027-06-30", kind="volunteers", amount=5000)
        cls._give("2027-06-30", kind="goods_lent", amount=1800)
        return cls._close("2027-12-31")

    # === MAKERS
    @classmethod
    def _receive(cls, name, day, amount):
        instalment = cls.env["ess.grant.instalment"].create(
            {
                "grant_id": cls.grants[name].id,
                "date_due": day,
                "amount": amount,
                "date_received": day,
                "amount_received": amount,
            }
        )
        instalment.action_book()
        return instalment

    @classmethod
    def _amend(cls, name, kind, amount, day):
        amendment = cls.env["ess.grant.amendment"].create(
            {
                "grant_id": cls.grants[name].id,
                "kind": kind,
                "amount": amount,
                "date": day,
                "reason": "Letter of the funder",
            }
        )
        amendment.action_apply()
        return amendment

    @classmethod
    def _give(cls, day, **values):
        return cls.env["ess.in.kind"].create(
            {"name": "Given", "date": day, "action_id": cls.action.id, **values}
        )

    @classmethod
    def _post_drafts(cls):
        drafts = cls.env["account.move"].search(
            [("id", ">", cls.first_move), ("state", "=", "draft")]
        )
        drafts.action_post()

    @classmethod
    def _play(cls, entries):
        for day, lines in entries:
            cls._make_entry(
                [
                    (code, balance, cls._parts(balance, *parts) if parts else None)
                    for code, balance, *parts in lines
                ],
                day=day,
            )

    @classmethod
    def _parts(cls, balance, action, paid_a, paid_b):
        parts = {
            cls._share(cls.action, cls.grants["A"]): paid_a,
            cls._share(cls.action, cls.grants["B"]): paid_b,
            cls._share(cls.action): action - paid_a - paid_b,
        }
        return {
            key: round(amount / balance * 100, 8)
            for key, amount in parts.items()
            if round(amount, 2)
        }

    @classmethod
    def _close(cls, day):
        closing = cls.env["ess.year.end"].create({"date_to": day})
        closing.action_propose()
        closing.action_make_entries()
        closing.action_post()
        return closing

    # === READERS
    def _trial(self, date_from, date_to):
        """Balances by code: classes 6 and 7 of the year, the others to the day."""
        lines = self.env["account.move.line"].search(
            [
                ("move_id.id", ">", self.first_move),
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
                ("date", "<=", date_to),
            ]
        )
        balances = Counter()
        for line in lines:
            if line.account_id.code[0] in "67" and str(line.date) < date_from:
                continue
            balances[line.account_id.code] += line.balance
        return {
            code: round(balance, 2)
            for code, balance in balances.items()
            if round(balance, 2)
        }

    def _funds(self, closing):
        return {
            sheet.fund_code: (
                sheet.fund_opening,
                sheet.fund_added,
                sheet.fund_used,
                sheet.fund_refund,
                sheet.fund_closing,
            )
            for sheet in closing.fund_sheet_ids.filtered("grant_id.is_earmarked")
        }

    def _steps(self, closing):
        return {
            (line.step, line.grant_id.name or line.kind): line.amount
            for line in closing.line_ids
        }

    # === TESTS
    def test_paid_expenses_at_year_end(self):
        """Leaflets of December are charged and not paid."""
        accounts = self.env["account.account"]
        for code in ("401100", "404100", "421000", "431000"):
            accounts |= self._account(code)
        lines = self.env["account.move.line"].search(
            [("account_id", "in", accounts.ids), ("parent_state", "=", "posted")]
        )
        for account in accounts:
            lines.filtered(lambda line, one=account: line.account_id == one).reconcile()
        rows = self.grants["A"]._get_paid_rows(date(2026, 12, 31))
        charged, paid = (sum(row[key] for row in rows) for key in ("amount", "paid"))
        self.assertEqual(round(charged, 2), 68623.20)
        self.assertEqual(round(paid, 2), 65983.20)

    def test_two_years(self):
        """Entries, both trial balances and both tables of dedicated funds."""
        self.assertEqual(self._trial("2026-01-01", "2026-12-31"), golden.TRIAL_2026)
        self.assertEqual(
            self._steps(self.year_2026),
            {
                ("deferred", "Golden A"): 40000.0,
                ("dedicated_add", "Golden A"): 11376.80,
                ("dedicated_add", "Golden B"): 7500.0,
                ("investment", "Golden D"): 1200.0,
                ("in_kind", "volunteers"): 8000.0,
                ("in_kind", "goods_lent"): 3600.0,
            },
        )
        self.assertEqual(self._funds(self.year_2026), golden.FUNDS_2026)
        self._check_lead_sheet()
        year_2027 = self._play_2027()
        self.assertEqual(self._trial("2027-01-01", "2027-12-31"), golden.TRIAL_2027)
        self.assertEqual(self._funds(year_2027), golden.FUNDS_2027)
        self.assertEqual(
            self._steps(year_2027),
            {
                ("dedicated_use", "Golden A"): 11376.80,
                ("dedicated_use", "Golden B"): 7500.0,
                ("investment", "Golden D"): 2400.0,
                ("in_kind", "volunteers"): 5000.0,
                ("in_kind", "goods_lent"): 1800.0,
            },
        )
        cost = self.action._get_activity_costs(date(2027, 1, 1), date(2027, 12, 31))
        self.assertEqual(cost[self.action.id], 63750.20)

    def _check_lead_sheet(self):
        sheet = self.year_2026.sheet_ids.filtered(
            lambda sheet: sheet.grant_id == self.grants["A"]
        )
        self.assertRecordValues(
            sheet,
            [
                {
                    "award": 120000,
                    "income": 80000,
                    "cost": 68623.20,
                    "deferred": 40000,
                    "received": 108000,
                    "receivable": 12000,
                }
            ],
        )

    def test_cost_of_activity_leaves_dedicated_funds_out(self):
        costs = self.action._get_activity_costs(date(2026, 1, 1), date(2026, 12, 31))
        self.assertEqual(costs[self.action.id], 108840.00)

    def test_no_figure_betrays_a_mistake(self):
        trial = self._trial("2026-01-01", "2026-12-31")
        for code, wrong in golden.BETRAYALS_2026.items():
            self.assertNotIn(trial.get(code, 0.0), wrong, code)
        for sheet in self.year_2026.sheet_ids:
            if sheet.grant_id == self.grants["C"]:
                self.assertEqual(sheet.fund_closing, 0)

    def test_second_run_proposes_nothing(self):
        self.year_2026.action_propose()
        self.assertEqual(set(self.year_2026.line_ids.mapped("state")), {"posted"})
        self.assertIn("complete", self.year_2026.message)

    def test_reversal_makes_it_proposed_again(self):
        before = self._steps(self.year_2026)
        self.year_2026.action_reverse()
        self.assertFalse(self.year_2026.line_ids)
        trial = self._trial("2026-01-01", "2026-12-31")
        self.assertEqual(trial["741000"], -135000)
        self.assertNotIn("194000", trial)
        self.year_2026.action_propose()
        self.assertEqual(self._steps(self.year_2026), before)

    def test_locked_year_is_refused_whole(self):
        self.year_2026.action_reverse()
        self.company.fiscalyear_lock_date = "2026-12-31"
        self.year_2026.action_propose()
        before = self.env["account.move"].search_count([])
        with self.assertRaisesRegex(UserError, "closed period"):
            self.year_2026.action_make_entries()
        self.assertEqual(self.env["account.move"].search_count([]), before)

    def test_drafts_count_and_can_be_thrown_away(self):
        self.year_2026.action_reverse()
        self.year_2026.action_make_entries()
        drafted = len(self.year_2026.line_ids)
        self.year_2026.action_propose()
        self.assertEqual(len(self.year_2026.line_ids), drafted)
        self.assertEqual(self.year_2026.state, "drafted")
        self.year_2026.action_discard()
        self.assertFalse(self.year_2026.line_ids)
        self.assertEqual(self.year_2026.state, "open")

    def test_closed_contributions_do_not_change(self):
        given = self.env["ess.in.kind"].search([], limit=1)
        with self.assertRaisesRegex(UserError, "is posted"):
            given.amount = 1

    def test_award_lowered_after_its_fund_takes_from_the_fund(self):
        grant = self.grants["B"]
        grant.share_ids.amount = 26000
        self._amend("B", "lower", 26000, "2027-03-01").move_id.action_post()
        closing = self._close("2027-12-31")
        self.assertEqual(self._steps(closing)["dedicated_use", "Golden B"], 4000)
        sheet = closing.sheet_ids.filtered(lambda sheet: sheet.grant_id == grant)
        self.assertEqual(sheet.fund_closing, 3500)

    def test_data_is_that_of_the_standard(self):
        text = standard_text()
        if not text:
            self.skipTest(f"the standards folder is not there: {STANDARD}")
        for year, trial in ((2026, golden.TRIAL_2026), (2027, golden.TRIAL_2027)):
            part = text.split(f"## {year}: balances")[1].split("## ")[0]
            rows = re.findall(
                r"^\| (\d{6}) \| [^|\n]*\|([^|\n]*)\|([^|\n]*)\|$", part, re.MULTILINE
            )
            found = {
                code: round(self._number(debit) - self._number(credit), 2)
                for code, debit, credit in rows
            }
            self.assertEqual(found, trial)

    def _number(self, text):
        """A figure of the case: thousands may be split by any space."""
        return float(re.sub(r"\s", "", text) or 0)
