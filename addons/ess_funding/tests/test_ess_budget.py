import json
import os
from pathlib import Path
from unittest import SkipTest

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import EssFundingCommon


def read_standard(name):
    """Text of a reference file that outside bodies publish; not part of the project.

    :raises SkipTest: where the files are absent; in CI they must be there
    """
    path = Path(__file__).resolve().parents[4] / "shared" / "standards" / name
    if path.exists():
        return path.read_text(encoding="utf-8")
    if os.environ.get("CI") == "true":
        raise AssertionError(f"{path} is needed to test in CI.")
    raise SkipTest(f"{path} is absent: put the reference files there to run this test.")


@tagged("post_install", "-at_install", "ess")
class TestBudget(EssFundingCommon):
    def test_golden_budget_balances(self):
        """A public budget of the State's portal, 257 112 on both sides."""
        golden = json.loads(read_standard("cerfa/golden_dauphin_2022.json"))
        amounts = {}
        for side in ("charges", "produits"):
            for section in golden[side].values():
                if isinstance(section, dict):
                    amounts |= {k: v for k, v in section.items() if k != "total"}
        budget = self._make_budget(amounts=amounts)
        self.assertEqual(budget.grand_total_charge, golden["charges"]["total"])
        self.assertEqual(budget.grand_total_product, 257112)
        self.assertEqual(budget.total_in_kind_charge, budget.total_in_kind_product)
        self.assertTrue(budget.is_balanced)
        subtotals = {
            line.cerfa_line_id.section: line.subtotal
            for line in budget.line_ids
            if line.is_heading
        }
        for side in ("charges", "produits"):
            for section, values in golden[side].items():
                if section in subtotals:
                    self.assertEqual(subtotals[section], values["total"], section)
        budget.action_validate()
        self.assertEqual(budget.state, "validated")

    def test_golden_budget_broken_is_refused(self):
        golden = json.loads(read_standard("cerfa/golden_dauphin_2022.json"))
        amounts = {
            key: value
            for side in ("charges", "produits")
            for section in golden[side].values()
            if isinstance(section, dict)
            for key, value in section.items()
            if key != "total"
        }
        budget = self._make_budget(amounts=amounts | {"604": 1})
        with self.assertRaisesRegex(UserError, r"1\.00"):
            budget.action_validate()

    def test_message_says_the_gap(self):
        budget = self._make_budget(amounts={"604": 1000, "74etat": 900})
        self.assertIn("100.00", budget.balance_message)
        self.assertFalse(budget.is_balanced)

    def test_message_says_the_gap_in_kind(self):
        budget = self._make_budget(amounts={"864": 50, "870": 40})
        self.assertIn("10.00", budget.balance_message)
        self.assertIn("86", budget.balance_message)

    def test_in_kind_does_not_hide_a_gap(self):
        """Equal grand totals are not enough: each pair must be equal."""
        budget = self._make_budget(amounts={"604": 100, "870": 100})
        self.assertEqual(budget.grand_total_charge, budget.grand_total_product)
        self.assertFalse(budget.is_balanced)

    def test_empty_budget_is_not_validated(self):
        with self.assertRaisesRegex(UserError, "empty"):
            self._make_budget().action_validate()

    def test_new_budget_shows_the_whole_form(self):
        form = Form(self.env["ess.budget"])
        form.action_id = self.action
        self.assertEqual(form.name, "Passerelle")
        self.assertEqual(
            len(form.charge_line_ids) + len(form.product_line_ids),
            self.env["ess.cerfa.line"].search_count([]),
        )
        line = form.charge_line_ids.edit(1)
        line.amount = 300
        line.save()
        self.assertEqual(form.total_charge, 300)
        budget = form.save()
        self.assertEqual(
            len(budget.line_ids), self.env["ess.cerfa.line"].search_count([])
        )

    def test_heading_takes_no_amount(self):
        with self.assertRaisesRegex(UserError, "heading"):
            self._make_budget(amounts={"60": 10})

    def test_validated_budget_keeps_its_amounts(self):
        budget = self._make_budget(amounts={"604": 10, "74etat": 10})
        budget.action_validate()
        with self.assertRaisesRegex(UserError, "validated"):
            budget.line_ids[1].amount = 5
        with self.assertRaisesRegex(UserError, "validated"):
            budget.unlink()
        budget.action_reset_to_draft()
        budget.unlink()

    def test_copy_keeps_the_amounts(self):
        budget = self._make_budget(amounts={"604": 10, "74etat": 10})
        copy = budget.copy()
        self.assertEqual(copy.total_charge, 10)
        self.assertEqual(len(copy.line_ids), len(budget.line_ids))
        self.assertEqual(copy.state, "draft")

    def test_grant_must_pay_the_action(self):
        with self.assertRaisesRegex(ValidationError, "no share"):
            self._make_budget(action=self.action_2, grant_id=self.grant.id)
