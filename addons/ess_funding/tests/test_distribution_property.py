import random

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.distribution import ACTION, GRANT, find_problems, share_per_action
from .common import EssFundingCommon

DIGITS = 8


@tagged("post_install", "-at_install", "ess")
class TestDistributionProperty(EssFundingCommon):
    """Whatever is entered, an accepted distribution keeps the rule."""

    def _random_distribution(self, generator, accounts):
        """Any keys, any percentages, at times negative, joined or not."""
        distribution = {}
        for _index in range(generator.randint(1, 5)):
            size = generator.randint(1, 3)
            key = ",".join(str(one) for one in generator.sample(accounts, size))
            distribution[key] = round(generator.uniform(-5, 70), DIGITS)
        return distribution

    def test_accepted_distributions_keep_the_rule(self):
        """On each action, grants ≤ the action's share; all actions ≤ 100 %."""
        generator = random.Random(19)
        role_of = dict.fromkeys((1, 2, 3), ACTION) | dict.fromkeys((7, 8, 9), GRANT)
        accepted = 0
        for _index in range(10000):
            distribution = self._random_distribution(generator, [1, 2, 3, 7, 8, 9, 20])
            if find_problems(distribution, role_of, DIGITS):
                continue
            accepted += 1
            actions, grants = share_per_action(distribution, role_of)
            self.assertLessEqual(sum(actions.values()), 100 + 5e-8)
            for action, share in actions.items():
                paid = sum(part for (one, _g), part in grants.items() if one == action)
                self.assertLessEqual(paid, share + 1e-9)
            for _action, grant in grants:
                self.assertEqual(role_of[grant], GRANT)
        self.assertGreater(accepted, 200)

    def test_exact_shares_are_never_refused(self):
        """Amounts turned into percentages of 8 digits always pass."""
        generator = random.Random(7)
        for _index in range(2000):
            total = generator.randint(1, 10**9)
            cuts = sorted(generator.randint(0, total) for _cut in range(4))
            parts = [b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True)]
            distribution = {
                f"1,{7 + index}": round(part / total * 100, DIGITS)
                for index, part in enumerate(parts)
            }
            role_of = {1: ACTION} | {7 + index: GRANT for index in range(5)}
            self.assertEqual(find_problems(distribution, role_of, DIGITS), [])

    @mute_logger("odoo.sql_db")
    def test_database_agrees_with_the_arithmetic(self):
        """What the models store is what the pure rule accepts, and the euros follow."""
        generator = random.Random(3)
        other = self._make_grant(name="Grant B", actions={self.action_2: 10})
        twins = self.action | self.action_2
        ids = (twins.analytic_account_id | (self.grant | other).analytic_account_id).ids
        roles = self.env["account.analytic.account"]._ess_roles(ids)
        column, _grant = self._columns()
        stored = 0
        for _index in range(30):
            distribution = self._random_distribution(generator, ids)
            problems = find_problems(distribution, roles, DIGITS)
            try:
                with self.env.cr.savepoint():
                    move = self._make_entry([("604000", 1000.03, distribution)])
            except ValidationError:
                self.assertTrue(problems, distribution)
                continue
            self.assertFalse(problems, distribution)
            stored += 1
            lines = self._analytic_lines(
                [("move_line_id", "in", move.line_ids.ids), (column, "!=", False)]
            )
            self.assertLessEqual(-sum(lines.mapped("amount")), 1000.03 + 0.001)
        self.assertGreater(stored, 1)
