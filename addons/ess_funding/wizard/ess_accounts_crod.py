from collections import defaultdict

from odoo import models

from ..tools import accounts as annual
from ..tools.prefixes import PrefixMap

#: where the costs of an action go in the CROD, by the destination of the action
LINES = {
    "mission_france": "DC1.FR",
    "mission_abroad": "DC1.ET",
    "public_appeal": "DC2.GEN",
    "fundraising": "DC2.AUT",
    "running": "DC3.FON",
}
GENEROSITY_FUND, GENEROSITY_INCOME = "196", "OP1"


class EssAccountsStatement(models.TransientModel):
    """Income by origin and expenses by destination (CROD, ANC 2018-06 art. 432-17).

    Income goes by its account; expenses by the action that bears them. What public
    generosity pays is what is charged to grants whose dedicated funds are in 196.
    """

    _inherit = "ess.accounts.statement"

    def _fill_crod(self, rows, accounts, first, last):
        """Amounts by line of the CROD.

        :return: as ``annual.fill``, with ``generosity``
        :rtype: dict
        """
        own = [one for one in accounts if one["statement"] == annual.RESULT]
        lines = [row for row in rows if row["kind"] == "line"]
        income = [
            one
            for one in own
            if annual.side_of(one["code"], one["group"], -1) == annual.PRODUCT
        ]
        origin = annual.Layout([row for row in lines if row["part"] == "origin"])
        part_of = {row["code"]: row["part"] for row in rows}
        found = annual.fill(income, origin, part_of)
        if annual.UNMATCHED[annual.PRODUCT] in found:
            found["OPX"] = found.pop(annual.UNMATCHED[annual.PRODUCT])
        for code, place in found.items():
            if code.startswith(GENEROSITY_INCOME):
                place["generosity"] = place["gross"]
        costs = [one for one in own if one not in income]
        self._fill_destinations(found, costs, lines, first, last)
        by_code = {one["code"]: one["balance"] for one in own}
        for code, line, sign in (("7896", "OP5.UFD", -1), ("6896", "DC6.RFD", 1)):
            if line in found:
                found[line]["generosity"] = sign * sum(
                    balance
                    for account, balance in by_code.items()
                    if account.startswith(code)
                )
        return found

    def _fill_destinations(self, found, costs, lines, first, last):
        """Add the expenses: by account where a line takes it, else by action."""
        places = PrefixMap(
            (row["code"], row["prefixes"])
            for row in lines
            if row["part"] == "destination"
        )
        shared = defaultdict(float)
        for cost in costs:
            line = places.find(cost["code"])
            if line:
                self._add_cost(found, line, cost["balance"], cost["id"])
            else:
                shared[cost["id"]] += cost["balance"]
        for account, destination, is_public, amount in self._get_spread(
            list(shared), first, last
        ):
            line = LINES[destination]
            self._add_cost(found, line, amount, account, is_public)
            shared[account] -= amount
        for account, rest in shared.items():
            if round(rest, 2):
                self._add_cost(found, "DCX", rest, account)

    def _add_cost(self, found, line, amount, account, is_public=False):
        """Add an expense to a line."""
        place = found.setdefault(
            line, {"gross": 0.0, "reduction": 0.0, "accounts": [], "generosity": 0.0}
        )
        place["gross"] += amount
        place["generosity"] += amount if is_public else 0.0
        if account not in place["accounts"]:
            place["accounts"].append(account)

    def _get_spread(self, account_ids, first, last):
        """What each action bears of these accounts, in one grouped statement.

        :return: (account id, destination, paid by public generosity, amount) of each
        :rtype: list[tuple]
        """
        plans = self.env["account.analytic.plan"]
        action, payer = plans._ess_column("action"), plans._ess_column("grant")
        # sudo: sums per account and action of the reader's company
        lines = self.env["account.analytic.line"].sudo()
        groups = lines._read_group(
            [
                ("general_account_id", "in", account_ids),
                ("company_id", "child_of", self.company_id.id),
                ("move_line_id.parent_state", "=", "posted"),
                ("date", ">=", first),
                ("date", "<=", last),
                (action, "!=", False),
            ],
            ["general_account_id", action, payer],
            ["amount:sum"],
        )
        actions = self.env["ess.funding.action"].sudo().with_context(active_test=False)
        twins = [account.id for _general, account, _payer, _amount in groups]
        found = actions.search([("analytic_account_id", "in", twins)])
        goes_to = {
            one.analytic_account_id.id: "running"
            if one.is_structure
            else one.destination
            for one in found
        }
        grants = self.env["ess.grant"].sudo().with_context(active_test=False)
        public = grants.search(
            [("nature_id.dedicated_code", "=like", f"{GENEROSITY_FUND}%")]
        ).analytic_account_id
        return [
            (general.id, goes_to[account.id], paid in public, -amount)
            for general, account, paid, amount in groups
            if account.id in goes_to
        ]
