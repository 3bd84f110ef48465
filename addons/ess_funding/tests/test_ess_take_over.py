from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import EssFundingCommon


@tagged("post_install", "-at_install", "ess")
class TestTakeOver(EssFundingCommon):
    """The second year of the worked-out case, begun in Odoo on 1 January 2027."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.chart.template"]._ess_load_association(cls.company)
        period = {"date_from": date(2026, 1, 1), "date_to": date(2027, 6, 30)}
        cls.grant_a = cls._make_grant(
            {cls.action: 120000},
            name="A",
            is_earmarked=True,
            nature_id=cls.env.ref("ess_funding.ess_grant_nature_public").id,
            tranche_ids=[
                Command.create({"date_from": first, "date_to": last, "amount": amount})
                for first, last, amount in (
                    (date(2026, 1, 1), date(2026, 12, 31), 80000),
                    (date(2027, 1, 1), date(2027, 6, 30), 40000),
                )
            ],
            **period,
        )
        cls.grant_d = cls._make_grant(
            {},
            name="D",
            amount=12000,
            nature_id=cls.env.ref("ess_funding.ess_grant_nature_investment").id,
            date_in_service=date(2026, 7, 1),
            depreciation_months=60,
            **period,
        )
        cls._make_entry(
            [
                ("441700", 12000, None),
                ("487000", -40000, None),
                ("194000", -11376.80, None),
                ("131000", -12000, None),
                ("139000", 1200, None),
            ],
            day="2027-01-01",
        )

    def _take_over(self, deferred=40000, user=None):
        return (
            self.env["ess.take.over"]
            .with_user(user or self.accountant)
            .create(
                {
                    "date": date(2027, 1, 1),
                    "company_id": self.company.id,
                    "line_ids": [
                        Command.create(
                            {
                                "grant_id": self.grant_a.id,
                                "past_income": 80000,
                                "receivable": 12000,
                                "deferred": deferred,
                                "fund": 11376.80,
                            }
                        ),
                        Command.create(
                            {
                                "grant_id": self.grant_d.id,
                                "equity": 12000,
                                "taken": 1200,
                            }
                        ),
                    ],
                }
            )
        )

    def _balance(self, code):
        items = self.env["account.move.line"].search(
            [
                ("account_id", "=", self._account(code).id),
                ("parent_state", "=", "posted"),
                ("date", "in", ("2026-12-31", "2027-01-01")),
                ("company_id", "=", self.company.id),
            ]
        )
        return round(sum(items.mapped("balance")), 2)

    def test_year_end_goes_on_from_the_opening(self):
        take_over = self._take_over()
        self.assertFalse(take_over.message)
        before = {code: self._balance(code) for code in ("441700", "487000", "194000")}
        take_over.action_book()
        take_over.move_id.action_post()
        for code, balance in before.items():
            self.assertEqual(self._balance(code), balance, code)
        figures = self.grant_a._get_figures()[self.grant_a.id]
        self.assertEqual(figures["award"], 120000)
        with self.assertRaisesRegex(UserError, "whole award"):
            self.grant_a.action_book_award()
        share = self._share(self.action, self.grant_a)
        self._make_entry([("606400", 49420.60, {share: 100})], day="2027-05-05")
        closing = self.env["ess.year.end"].create({"date_to": "2027-12-31"})
        closing.action_propose()
        found = {
            (line.step, line.grant_id): line.amount
            for line in closing.line_ids
            if line.grant_id in (self.grant_a, self.grant_d)
        }
        self.assertEqual(found["deferred", self.grant_a], -40000)
        self.assertEqual(found["dedicated_use", self.grant_a], 11376.80)
        self.assertEqual(found["investment", self.grant_d], 2400)

    def test_amounts_are_those_of_the_ledger(self):
        take_over = self._take_over(deferred=39000)
        self.assertIn("487000", take_over.message)
        with self.assertRaisesRegex(UserError, "487000"):
            take_over.action_book()
        take_over.rest_reason = "1 000 of rents paid in advance"
        take_over.action_book()
        self.assertEqual(take_over.move_id.date, date(2026, 12, 31))

    def test_more_than_the_ledger_is_refused_whatever_the_reason(self):
        take_over = self._take_over()
        take_over.line_ids[0].receivable = 12001
        take_over.rest_reason = "Because"
        with self.assertRaisesRegex(UserError, "441700"):
            take_over.action_book()
        with self.assertRaises(ValidationError):
            take_over.line_ids[0].deferred = 40001
        with self.assertRaises(ValidationError):
            take_over.line_ids[1].taken = 12001

    def test_booked_does_not_change_and_can_be_made_again(self):
        take_over = self._take_over()
        take_over.action_book()
        with self.assertRaisesRegex(UserError, "is booked"):
            take_over.line_ids[0].fund = 1
        with self.assertRaisesRegex(UserError, "is booked"):
            take_over.action_book()
        with self.assertRaises(UserError):
            take_over.move_id = False
        take_over.move_id.unlink()
        self.assertEqual(self.grant_a._get_past_income(), {})
        take_over.action_book()
        self.assertEqual(take_over.move_id.state, "draft")

    def test_fill_and_rights(self):
        take_over = self._take_over()
        take_over.line_ids.unlink()
        take_over.action_fill()
        self.assertLessEqual(self.grant_a | self.grant_d, take_over.line_ids.grant_id)
        with self.assertRaisesRegex(UserError, "at least one amount"):
            take_over.action_book()
        with self.assertRaises(AccessError):
            self._take_over(user=self.funding_viewer)
        with self.assertRaises(AccessError):
            self._take_over(user=self.fundraiser).action_book()
