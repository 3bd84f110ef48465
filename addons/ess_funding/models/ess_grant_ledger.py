from collections import Counter, defaultdict

from odoo import fields, models

from ..tools import funding_rule
from .ess_grant import OPEN_STATES

# Accounts of dedicated funds: neither a cost nor an income of activity.
FUND_COST, FUND_INCOME = "689", "789"
SHARE_INCOME = "747"


class EssGrant(models.Model):
    """Grants in the ledger: what is recorded, what is owed, what is earned."""

    _inherit = "ess.grant"

    entry_count = fields.Integer(string="Entries", compute="_compute_entry_count")
    booked_amount = fields.Monetary(
        string="Recorded award",
        compute="_compute_booked_amount",
        help="Award in the ledger, deferred income included; drafts of the suite "
        "count.",
    )

    # === COMPUTE
    def _compute_entry_count(self):
        # sudo: a number of entries of grants that the reader may see
        groups = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [("ess_grant_id", "in", self.ids)],
                ["ess_grant_id"],
                ["move_id:count_distinct"],
            )
        )
        counts = {grant.id: count for grant, count in groups}
        for grant in self:
            grant.entry_count = counts.get(grant.id, 0)

    def _compute_booked_amount(self):
        booked = self._get_booked_awards()
        for grant in self:
            grant.booked_amount = booked.get(grant.id, 0.0)

    # === ACTIONS
    def action_open_entries(self):
        """Open the entries of the grant, with the reader's own rights."""
        lines = self.env["account.move.line"].search([("ess_grant_id", "in", self.ids)])
        return lines.move_id._ess_get_window_action()

    # === BUSINESS: what the ledger holds
    def _get_balances(self, date_from=None, date_to=None):
        """Balance of each grant by account, in four statements for all of them.

        Balance-sheet and income items that name the grant, income and costs that reach
        it by analytic lines, and the drafts that the suite prepared.

        :return: ``{grant id: {account.account: balance}}``, debit positive
        :rtype: dict
        """
        period = [("date", ">=", date_from)] if date_from else []
        period += [("date", "<=", date_to)] if date_to else []
        found = defaultdict(Counter)
        self._add_own_items(found, period)
        self._add_charged(found, period)
        return {grant.id: found[grant.id] for grant in self}

    def _add_own_items(self, found, period):
        """Add the journal items that name a grant; drafts only when they are ours.

        :param dict found: ``{grant id: Counter of account.account}``, added to
        :param list period: domain on the date
        """
        # sudo: totals per account of grants that the caller may read
        items = self.env["account.move.line"].sudo()
        own = ("ess_grant_id", "in", self.ids)
        posted, draft = ("parent_state", "=", "posted"), ("parent_state", "=", "draft")
        for domain in (
            [own, posted, ("account_id.internal_group", "!=", "expense")],
            [own, draft, ("move_id.ess_kind", "!=", False)],
        ):
            groups = items._read_group(
                [*domain, *period], ["ess_grant_id", "account_id"], ["balance:sum"]
            )
            for grant, account, balance in groups:
                found[grant.id][account] += balance

    def _add_charged(self, found, period):
        """Add the income and costs that reach a grant by analytic lines.

        :param dict found: ``{grant id: Counter of account.account}``, added to
        :param list period: domain on the date
        """
        # sudo: totals per account of grants that the caller may read
        analytic = self.env["account.analytic.line"].sudo()
        column = self.env["account.analytic.plan"]._ess_column("grant")
        grant_of = {grant.analytic_account_id.id: grant.id for grant in self.sudo()}
        charged = [
            (column, "in", list(grant_of)),
            ("move_line_id.parent_state", "=", "posted"),
        ]
        for extra in (
            [("general_account_id.internal_group", "=", "expense")],
            [
                ("general_account_id.internal_group", "=", "income"),
                ("move_line_id.ess_grant_id", "=", False),
            ],
        ):
            groups = analytic._read_group(
                [*charged, *extra, *period],
                [column, "general_account_id"],
                ["amount:sum"],
            )
            for payer, account, amount in groups:
                found[grant_of[payer.id]][account] -= amount

    def _get_figures(self, date_from=None, date_to=None):
        """What the ledger says of each grant, in words.

        :return: ``{grant id: {award, income, deferred, fund, fund_added, fund_used,
            cost, refund, taken, receivable, advance, …}}``; amounts are positive in
            their usual direction
        :rtype: dict
        """
        balances = self._get_balances(date_from, date_to)
        past = self._get_past_income(date_from, date_to)
        figures = {
            grant.id: grant.with_company(grant.company_id)._sum_figures(
                balances[grant.id]
            )
            for grant in self
        }
        for grant_id, amount in past.items():
            figures[grant_id]["award"] = round(figures[grant_id]["award"] + amount, 2)
        return figures

    def _get_past_income(self, date_from=None, date_to=None):
        """Income of years before Odoo, said at the take-over; part of the award.

        :rtype: dict
        """
        # sudo: amounts of grants that the caller may read
        lines = self.env["ess.take.over.line"].sudo()
        domain = [
            ("grant_id", "in", self.ids),
            ("take_over_id.move_id", "!=", False),
            ("take_over_id.move_id.state", "!=", "cancel"),
            ("take_over_id.move_id.reversal_move_ids", "=", False),
        ]
        if date_from:
            domain.append(("take_over_id.move_id.date", ">=", date_from))
        if date_to:
            domain.append(("take_over_id.move_id.date", "<=", date_to))
        groups = lines._read_group(domain, ["grant_id"], ["past_income:sum"])
        return {grant.id: amount for grant, amount in groups}

    def _sum_figures(self, balances):
        """Figures of one grant from its balances by account.

        :param dict balances: ``{account.account: balance}``
        :rtype: dict
        """
        self.ensure_one()
        figures = Counter()
        for account, balance in balances.items():
            code = account.with_company(self.company_id).code or ""
            name, sign = self._get_bucket(code, account.internal_group)
            figures[name] += sign * balance
            if name == "cost" and code.startswith(self.nature_id.refund_code or "?"):
                figures["refund"] += balance
        figures["award"] = figures["income"] + figures["deferred"] + figures["equity"]
        for key, value in figures.items():
            figures[key] = round(value, 2) + 0.0
        return figures

    def _get_bucket(self, code, group):
        """Where an account counts for this grant, and the sign that makes it positive.

        :param str code: code of the account
        :param str group: its internal group
        :rtype: tuple
        """
        nature = self.nature_id
        if group in ("income", "expense"):
            rules = (
                (FUND_COST, "fund_added", 1),
                (FUND_INCOME, "fund_used", -1),
                (nature.writeback_income_code or SHARE_INCOME, "share_income", -1),
            )
            rest = ("income", -1) if group == "income" else ("cost", 1)
        else:
            rules = (
                (nature.deferred_code, "deferred", -1),
                (nature.dedicated_code, "fund", -1),
                (nature.is_investment and nature.writeback_code, "taken", 1),
                (nature.advance_code, "advance", -1),
                (nature.receivable_code, "receivable", 1),
                (nature.is_investment and nature.income_code, "equity", -1),
            )
            rest = ("elsewhere", 1)
        for prefix, name, sign in rules:
            if prefix and code.startswith(prefix):
                return name, sign
        return rest

    def _get_booked_awards(self):
        """Award recorded in the ledger, deferred income included.

        :rtype: dict
        """
        figures = self._get_figures()
        return {grant.id: figures[grant.id]["award"] for grant in self}

    def _get_earned(self, date_to, cost):
        """What the rule of the agreement gives up to a day.

        :param date date_to: last day, inclusive
        :param float cost: cost charged to the grant up to that day, refunds left out
        :rtype: float
        """
        self.ensure_one()
        if self.rule == "fixed" and not self.is_earned_by_spending:
            return self.amount
        others = None
        if self.is_limited_by_others:
            shares = self.share_ids.action_id.share_ids.filtered(
                lambda share: share.grant_id != self and share.state in OPEN_STATES
            )
            others = sum(shares.mapped("amount"))
        is_of_action = self.rule == "rate" and not self.is_earned_by_spending
        base = self._get_action_cost(date_to) if is_of_action else cost
        if self.flat != "none":
            base = self._get_flat_cost(date_to)
        rule = "rate" if self.is_earned_by_spending else self.rule
        return funding_rule.earned(
            rule,
            self.amount,
            cost=base,
            rate=self.rate,
            units=self._get_units(date_to) if rule == "unit" else 0,
            price=self.unit_price,
            others=others,
        )

    def _get_action_cost(self, date_to):
        """Cost of the actions over the period of the grant, dedicated funds left out.

        :rtype: float
        """
        costs = self.share_ids.action_id._get_activity_costs(
            self.date_from, min(date_to, self.date_to)
        )
        return round(sum(costs.values()), 2)

    def _get_flat_cost(self, date_to):
        """Cost charged to the grant with its flat rate, staff apart.

        :rtype: float
        """
        staff = other = 0.0
        for account, balance in self._get_balances(None, date_to)[self.id].items():
            code = account.with_company(self.company_id).code or ""
            if account.internal_group != "expense" or code.startswith(FUND_COST):
                continue
            if code.startswith("64"):
                staff += balance
            else:
                other += balance
        return round(funding_rule.eligible_cost(self.flat, staff, other), 2)

    def _get_units(self, date_to):
        """Value of the indicator that counts the units, over the period of the grant.

        :rtype: float
        """
        cells = self.unit_indicator_id._compute_values(
            self.date_from,
            min(date_to, self.date_to),
            self.share_ids.action_id.programme_ids,
        )
        return sum(cell["value"] or 0.0 for cell in cells)
