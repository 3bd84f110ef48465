import random
from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import EssFundingCommon


@tagged("post_install", "-at_install", "ess")
class TestOverheadKey(EssFundingCommon):
    """Shared costs reach the actions by a documented key, and sum to zero."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.structure = cls.company._get_structure_action()
        cls.key = cls._make_key({cls.action: 60}, structure_weight=180)

    @classmethod
    def _make_key(cls, weights, **values):
        return (
            cls.env["ess.overhead.key"]
            .with_user(cls.accountant)
            .create(
                {
                    "name": "Floor area",
                    "date_from": date(2026, 1, 1),
                    "date_to": date(2026, 12, 31),
                    "account_prefixes": "613, 616, 626",
                    "basis": "Plan of 2026: 240 m2",
                    "line_ids": [
                        Command.create({"action_id": action.id, "weight": weight})
                        for action, weight in weights.items()
                    ],
                    **values,
                }
            )
        )

    def _cost(self, account, amount, day="2026-11-15"):
        share = {self._share(self.structure): 100}
        return self._make_entry([(account, amount, share)], day)

    def _lines(self):
        return self._analytic_lines([("ess_overhead_key_id", "=", self.key.id)])

    def test_golden_overheads(self):
        """A quarter of rent, insurance and telecom: 6 900.00, all of it indirect."""
        for account, amount in (("613200", 24000), ("616100", 1200), ("626000", 2400)):
            self._cost(account, amount)
        self.key.action_apply()
        self.assertEqual(self.key.spread_amount, 6900)
        rows = self._rows()
        self.assertEqual(rows["line", "charge", "chgfixe"]["actual"], 6900)
        self.assertEqual(rows["total", "charge", None]["actual"], 6900)
        own = self._rows(self.structure)
        self.assertEqual(own["total", "charge", None]["actual"], 20700)
        self.assertEqual(sum(self._lines().mapped("amount")), 0)
        accounts = self._lines().general_account_id.mapped("code")
        self.assertEqual(set(accounts), {"613200", "616100", "626000"})

    def test_applied_again_moves_nothing_twice(self):
        self._cost("613200", 100)
        self.key.action_apply()
        self.key.action_apply()
        self.assertEqual(self.key.spread_amount, 25)
        self._cost("613200", 300)
        self.key.action_apply()
        self.assertEqual(self.key.spread_amount, 100)
        self.key.action_withdraw()
        self.assertFalse(self._lines())
        self.assertEqual(self.key.state, "draft")

    def test_journal_items_keep_their_distribution(self):
        move = self._cost("613200", 100)
        line = move.line_ids.filtered("analytic_distribution")
        before = line.analytic_distribution
        self.key.action_apply()
        self.assertEqual(line.analytic_distribution, before)
        move.button_draft()
        self.assertFalse(self._lines(), "a draft entry charges nobody")

    def test_only_costs_of_the_key_move(self):
        self._cost("613200", 100, day="2025-12-31")
        self._cost("604000", 100)
        share = {self._share(self.structure, self.grant): 100}
        self._make_entry([("613200", 100, share)])
        with self.assertRaisesRegex(UserError, "no cost"):
            self.key.action_apply()

    def test_to_the_cent_whatever_the_weights(self):
        dice = random.Random(7)
        actions = [self._make_action(name=f"A{number}") for number in range(5)]
        self.key.unlink()
        for _round in range(8):
            key = self._make_key(
                {action: round(dice.uniform(0.01, 90), 2) for action in actions},
                structure_weight=dice.choice([0, 33.3]),
            )
            moves = [
                self._cost("613200", round(dice.uniform(-50, 900), 2))
                for _number in range(3)
            ]
            key.action_apply()
            lines = self._analytic_lines([("ess_overhead_key_id", "=", key.id)])
            for item, own in lines.grouped("move_line_id").items():
                self.assertEqual(round(sum(own.mapped("amount")), 2), 0)
                whole = item.analytic_line_ids.mapped("amount")
                self.assertEqual(round(sum(whole), 2), -item.balance)
            key.action_withdraw()
            key.unlink()
            for move in moves:
                move.button_draft()

    def test_an_applied_key_does_not_change(self):
        self._cost("613200", 100)
        self.key.action_apply()
        for change in (
            lambda: self.key.write({"structure_weight": 0}),
            lambda: self.key.line_ids.write({"weight": 1}),
            lambda: self.key.line_ids.unlink(),
            lambda: self.key.unlink(),
        ):
            with self.assertRaisesRegex(UserError, "applied"):
                change()
        self.key.basis = "Measured again"
        self.key.action_withdraw()
        with self.assertRaisesRegex(UserError, "button"):
            self.key.state = "applied"

    def test_a_cost_is_shared_by_one_key(self):
        for prefixes in ("613", "6132", "61"):
            with self.assertRaisesRegex(ValidationError, "shared once"):
                self._make_key({self.action: 1}, account_prefixes=prefixes)
        self._make_key({self.action: 1}, account_prefixes="604")
        self._make_key(
            {self.action: 1}, date_from=date(2027, 1, 1), date_to=date(2027, 12, 31)
        )

    def test_sharing_needs_rights_on_entries(self):
        self._cost("613200", 100)
        with self.assertRaises(AccessError):
            self.key.with_user(self.fundraiser).action_apply()
        with self.assertRaises(AccessError):
            self.key.with_user(self.funding_viewer).action_apply()

    def test_closed_periods_stay(self):
        self._cost("613200", 100)
        self.key.action_apply()
        self.company.fiscalyear_lock_date = date(2026, 12, 31)
        with self.assertRaisesRegex(UserError, "closed period"):
            self.key.action_withdraw()
