import random

from odoo.tests import tagged
from odoo.tools import SQL

from .common import EssFundingCommon

ACCOUNTS = (
    "604000",
    "606300",
    "613200",
    "625100",
    "642000",
    "641100",
    "681120",
    "741000",
    "755100",
    "758000",
    "755000",
    "218200",
    "487000",
)
OFF_BALANCE = ("864000", "875000", "861000", "871000")


@tagged("post_install", "-at_install", "ess")
class TestStatementProperty(EssFundingCommon):
    """On any ledger, the report ties to the analytic lines to the cent."""

    def _random_share(self, generator, grants):
        parts = generator.randint(1, 4)
        cuts = sorted(generator.uniform(0, 100) for _cut in range(parts))
        keys = [
            self._share(action, grant) if grant else self._share(action)
            for action in (self.action, self.action_2)
            for grant in (*grants, None)
        ]
        shares = [b - a for a, b in zip([0, *cuts], cuts, strict=False)]
        chosen = generator.sample(keys, len(shares))
        return {key: round(share, 8) for key, share in zip(chosen, shares, strict=True)}

    def _sum_by_sql(self, action, extra=None):
        """Sum of the posted analytic lines with a general account, by SQL."""
        column, _grant = self._columns()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT COALESCE(SUM(line.amount), 0)
                     FROM account_analytic_line line
                     JOIN account_move_line item ON item.id = line.move_line_id
                    WHERE line.%(column)s = %(account)s AND item.parent_state = 'posted'
                      AND line.general_account_id IS NOT NULL AND %(extra)s""",
                column=SQL.identifier(column),
                account=action.analytic_account_id.id,
                extra=extra or SQL("TRUE"),
            )
        )
        return round(rows[0][0], 2)

    def test_totals_tie_to_the_cent(self):
        generator = random.Random(64)
        other = self._make_grant(name="Grant B", actions={self.action_2: 10})
        grants = (self.grant, other)
        moves = self.env["account.move"]
        for _index in range(25):
            # Odoo keeps accounts off balance in entries of their own.
            accounts = OFF_BALANCE if generator.random() < 0.2 else ACCOUNTS
            lines = [
                (
                    generator.choice(accounts),
                    round(generator.uniform(-900, 900), 2) or 1.0,
                    self._random_share(generator, grants),
                )
                for _line in range(generator.randint(1, 3))
            ]
            moves |= self._make_entry(lines, post=generator.random() > 0.2)
        for move in moves.filtered(lambda move: move.state == "posted")[:6]:
            move._reverse_moves([{"date": move.date}], cancel=generator.random() > 0.5)
        for action in (self.action, self.action_2):
            self._check_ties(action)

    def _check_ties(self, action):
        _column, grant_column = self._columns()
        rows = self._rows(action=action, grant=self.grant)
        paid = SQL(
            "line.%s = %s",
            SQL.identifier(grant_column),
            self.grant.analytic_account_id.id,
        )
        for name, extra in (("actual", None), ("share", paid)):
            shown = 0
            for (kind, side, _code), row in rows.items():
                if kind in ("line", "unmatched", "other"):
                    sign = -1 if side in ("charge", "in_kind_charge") else 1
                    shown += sign * row[name]
            self.assertEqual(round(shown, 2), self._sum_by_sql(action, extra), name)
        charges = rows["total", "charge", None]["actual"]
        self.assertEqual(charges, rows["total", "product", None]["actual"])
