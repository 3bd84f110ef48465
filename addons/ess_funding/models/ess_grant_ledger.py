from collections import Counter, defaultdict

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date, formatLang, html_escape

from ..tools import funding_rule
from .ess_grant import OPEN_STATES

# Accounts of dedicated funds: neither a cost nor an income of activity.
FUND_COST, FUND_INCOME = "689", "789"
SHARE_INCOME = "747"


class EssGrant(models.Model):
    """Grants in the ledger: what is recorded, what is owed, and the draft entries.

    Income is posted once and in full, when the grant is notified; instalments only
    settle what the funder owes. Every entry is a draft with its reason in the notes,
    and is worked out from what the ledger holds already, so that asking twice makes
    nothing twice and reversing an entry makes it proposed again.
    """

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
    def action_book_award(self):
        """Draft the entry that brings the recorded award to its amount.

        :raises UserError: when nothing is due, or it is recorded already
        """
        moves = self.env["account.move"]
        for grant in self:
            grant._check_bookable()
            day = grant.date_notified or fields.Date.context_today(grant)
            moves |= grant._make_award_entry(grant.amount, day)
        return moves._ess_get_window_action()

    def action_open_entries(self):
        """Open the entries of the grant, with the reader's own rights."""
        lines = self.env["account.move.line"].search([("ess_grant_id", "in", self.ids)])
        return lines.move_id._ess_get_window_action()

    def _check_bookable(self):
        """Refuse to record what is not due, with the reason.

        :raises UserError: the rule that forbids it
        """
        self.ensure_one()
        if self.state not in OPEN_STATES:
            message = self.env._("“%(name)s” is not notified yet, or is over.")
        elif self.is_earned_by_spending:
            message = self.env._(
                "“%(name)s” is earned by spending: its income is worked out at year "
                "end, and cash received before is an advance."
            )
        elif not self._is_due():
            message = self.env._(
                "“%(name)s” depends on a condition that is not met: nothing is "
                "recorded, and cash received meanwhile is an advance. Enter the day "
                "on which the condition was met."
            )
        else:
            return
        raise UserError(message % {"name": self.name})

    def _get_lock_error(self, date, locks):
        """The refusal of an entry in a closed period."""
        return UserError(
            self.env._(
                "The entry of %(date)s falls in a closed period (%(locks)s). Choose a "
                "later day, or have the lock date moved.",
                date=format_date(self.env, date),
                locks=self.env["res.company"]._format_lock_dates(locks),
            )
        )

    # === BUSINESS: what the ledger holds
    def _get_balances(self, date_from=None, date_to=None):
        """Balance of each grant by account, in four statements for all of them.

        Balance-sheet and income items that name the grant, income and costs that reach
        it by analytic lines, and the drafts that the suite prepared.

        :return: ``{grant id: {account.account: balance}}``, debit positive
        :rtype: dict
        """
        # sudo: totals per account of grants that the caller may read
        items = self.env["account.move.line"].sudo()
        analytic = self.env["account.analytic.line"].sudo()
        column = self.env["account.analytic.plan"]._ess_column("grant")
        grant_of = {grant.analytic_account_id.id: grant.id for grant in self.sudo()}
        period = [("date", ">=", date_from)] if date_from else []
        period += [("date", "<=", date_to)] if date_to else []
        own, is_cost = ("ess_grant_id", "in", self.ids), "account_id.internal_group"
        posted, draft = ("parent_state", "=", "posted"), ("parent_state", "=", "draft")
        ours = ("move_id.ess_kind", "!=", False)
        found = defaultdict(Counter)
        for domain in (
            [own, posted, (is_cost, "!=", "expense")],
            [own, draft, ours],
        ):
            groups = items._read_group(
                [*domain, *period], ["ess_grant_id", "account_id"], ["balance:sum"]
            )
            for grant, account, balance in groups:
                found[grant.id][account] += balance
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
        return {grant.id: found[grant.id] for grant in self}

    def _get_figures(self, date_from=None, date_to=None):
        """What the ledger says of each grant, in words.

        :return: ``{grant id: {award, income, deferred, fund, fund_added, fund_used,
            cost, refund, taken, receivable, advance, …}}``; amounts are positive in
            their usual direction
        :rtype: dict
        """
        balances = self._get_balances(date_from, date_to)
        return {
            grant.id: grant.with_company(grant.company_id)._sum_figures(
                balances[grant.id]
            )
            for grant in self
        }

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

    # === BUSINESS: entries
    def _make_award_entry(self, target, date, reason=""):
        """Draft what is missing, or too much, for the ledger to hold the award.

        :param float target: award that the ledger should hold
        :raises UserError: when the ledger holds it already
        :rtype: account.move
        """
        self.ensure_one()
        figures = self._get_figures()[self.id]
        missing = self.currency_id.round(target - figures["award"])
        if self.currency_id.is_zero(missing):
            raise UserError(
                self.env._(
                    "The ledger holds the whole award of “%(name)s” already: "
                    "%(amount)s.",
                    name=self.name,
                    amount=formatLang(self.env, target, currency_obj=self.currency_id),
                )
            )
        kind = "notified" if not figures["award"] else "raised"
        kind = "lowered" if missing < 0 else kind
        nature = self.nature_id
        lines = [(nature.receivable_code, missing), (nature.income_code, -missing)]
        if figures["advance"] > 0 and missing > 0:
            settled = min(figures["advance"], missing)
            lines += [(nature.advance_code, settled)]
            lines += [(nature.receivable_code, -settled)]
        text = {
            "notified": self.env._("award notified"),
            "raised": self.env._("award raised"),
            "lowered": self.env._("award lowered"),
        }[kind]
        why = self.env._(
            "The award is recorded once and in full when it is notified, whatever the "
            "instalments (ANC 2018-06): %(target)s, of which %(booked)s was recorded.",
            target=formatLang(self.env, target, currency_obj=self.currency_id),
            booked=formatLang(
                self.env, figures["award"], currency_obj=self.currency_id
            ),
        )
        return self._make_grant_entry(
            kind, date, f"{self.name}, {text}", lines, f"{why} {reason}".strip()
        )

    def _make_grant_entry(self, kind, date, label, lines, reason):
        """A draft entry about one grant, its reason in the notes.

        :param str kind: key of `account.move.ess_kind`
        :param list lines: (beginning of a code or account.account, balance)
        :rtype: account.move
        """
        self.ensure_one()
        values = self._prepare_entry_values(kind, date, label, lines, reason)
        return self.env["account.move"].create(values)

    def _prepare_entry_values(self, kind, date, label, lines, reason):
        """Values of a draft entry; see `_make_grant_entry`.

        :rtype: dict
        """
        company = self.company_id
        self.env["account.move"]._ess_check_open(company, date)
        distribution = self._get_income_distribution()
        commands = []
        for code, balance in lines:
            account = company._ess_account(code) if isinstance(code, str) else code
            in_result = account.internal_group in ("income", "expense")
            commands.append(
                Command.create(
                    {
                        "account_id": account.id,
                        "name": label,
                        "partner_id": self.funder_id.id,
                        "balance": self.currency_id.round(balance),
                        "ess_grant_id": self.id,
                        "analytic_distribution": distribution if in_result else False,
                    }
                )
            )
        return {
            "move_type": "entry",
            "journal_id": company._ess_journal().id,
            "company_id": company.id,
            "date": date,
            "ref": label,
            "ess_kind": kind,
            "narration": html_escape(reason),
            "line_ids": commands,
        }

    def _get_bank_account(self):
        """Account of the first bank journal of the company.

        :rtype: account.account
        """
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company_id.id)], limit=1
        )
        if not journal.default_account_id:
            raise UserError(
                self.env._(
                    "“%(company)s” has no bank journal with an account: create it in "
                    "Accounting first.",
                    company=self.company_id.name,
                )
            )
        return journal.default_account_id

    def _get_income_distribution(self):
        """Analytic distribution of the award: its shares, the rest on *Structure*.

        :rtype: dict
        """
        self.ensure_one()
        # sudo: ids of the twins of the grant and its actions
        payer = self.sudo().analytic_account_id.id
        parts = Counter()
        total = sum(self.share_ids.mapped("amount"))
        whole = max(total, self.amount)
        for share in self.share_ids:
            account = share.sudo().action_id.analytic_account_id.id
            parts[account] += share.amount
        if whole - total > 0.004 or not parts:
            structure = self.company_id._get_structure_action().sudo()
            parts[structure.analytic_account_id.id] += whole - total or 1
        weight = sum(parts.values())
        if not weight:
            parts, weight = dict.fromkeys(parts, 1), len(parts)
        keys = [f"{account},{payer}" for account in parts]
        percents = [round(value / weight * 100, 8) for value in parts.values()]
        percents[-1] = round(100 - sum(percents[:-1]), 8)
        return dict(zip(keys, percents, strict=True))
