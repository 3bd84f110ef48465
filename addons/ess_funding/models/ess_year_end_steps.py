from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.tools import format_date, formatLang

from ..tools import year_end


class EssYearEnd(models.Model):
    """What the ledger asks for at year end, worked out per grant in a fixed order."""

    _inherit = "ess.year.end"

    def _get_grants(self):
        """Grants that may have something at this year end.

        :rtype: ess.grant
        """
        return self.env["ess.grant"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "not in", ("draft", "refused")),
                ("date_from", "<=", self.date_to),
            ],
            order="date_from, id",
        )

    def _prepare_grant_lines(self):
        """Values of the proposals of all grants.

        :rtype: list[dict]
        """
        grants = self._get_grants()
        before = grants._get_figures(None, self.date_from - relativedelta(days=1))
        year = grants._get_figures(self.date_from, self.date_to)
        lines = []
        for grant in grants:
            found = self._prepare_lines_of(grant, before[grant.id], year[grant.id])
            lines += [line | {"grant_id": grant.id} for line in found]
        return lines

    def _prepare_lines_of(self, grant, before, year):
        """Values of the proposals of one grant, in the order of the closing.

        :param Counter before: figures up to the day before the year
        :param Counter year: figures of the year
        """
        if grant.is_investment:
            return self._prepare_investment(grant, before, year)
        lines = self._prepare_award_change(grant, before, year)
        change = sum(
            -line["amount"] if line["step"] == "lowered" else line["amount"]
            for line in lines
        )
        deferred = self._prepare_deferred(grant, before, year, change)
        change -= sum(line["amount"] for line in deferred)
        funds = self._prepare_dedicated(grant, before, year, change)
        return lines + deferred + funds

    def _money(self, amount):
        """An amount as it is read."""
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _prepare_award_change(self, grant, before, year):
        """Award lowered because less will be paid, or income earned by spending."""
        cost = before["cost"] + year["cost"] - before["refund"] - year["refund"]
        booked = before["award"] + year["award"]
        if grant.is_earned_by_spending:
            earned = grant._get_earned(self.date_to, cost)
            step, amount = "accrued", earned - booked
            reason = self.env._(
                "Earned by spending: %(earned)s so far by the rule of the agreement, "
                "of which %(booked)s was recorded. Advances stay advances.",
                earned=self._money(earned),
                booked=self._money(booked),
            )
        elif grant.rule != "fixed" and grant.date_to <= self.date_to and booked:
            earned = grant._get_earned(self.date_to, cost)
            step, amount = "lowered", booked - earned
            reason = self.env._(
                "The grant is over. Its rule gives %(earned)s, %(booked)s was "
                "recorded: the difference will never be received.",
                earned=self._money(earned),
                booked=self._money(booked),
            )
        else:
            return []
        amount = self.currency_id.round(amount)
        if amount <= 0:
            return []
        return [{"step": step, "amount": amount, "reason": reason}]

    def _prepare_deferred(self, grant, before, year, change):
        """Income of later years, by the tranches of the agreement, else by months."""
        if grant.is_earned_by_spending or grant.deferral == "none":
            return []
        if not grant.nature_id.deferred_code:
            return []
        held = before["deferred"] + year["deferred"]
        award = before["award"] + year["award"] + change
        tranches = [(part.date_from, part.amount) for part in grant.tranche_ids]
        due = year_end.deferred_income(
            award, tranches, grant.date_from, grant.date_to, self.date_to
        )
        amount = self.currency_id.round(due - held)
        if self.currency_id.is_zero(amount):
            return []
        text = (
            self.env._("The agreement gives %(due)s to later years.")
            if tranches
            else self.env._(
                "By whole months, %(due)s of the award belongs to later years."
            )
        )
        return [
            {
                "step": "deferred",
                "amount": amount,
                "reason": text % {"due": self._money(due)},
            }
        ]

    def _prepare_dedicated(self, grant, before, year, change):
        """What an earmarked grant adds to its dedicated fund, and takes from it."""
        nature = grant.nature_id
        if not nature.dedicated_code:
            return []
        opening = before["fund"]
        keeps = grant.is_earmarked and grant.rule == "fixed"
        keeps = keeps and not grant.is_earned_by_spending
        if not keeps and not opening:
            return []
        income, cost = year["income"] + change, year["cost"]
        used, added = year_end.dedicated_moves(opening, income, cost)
        added = added if keeps else 0.0
        reason = self.env._(
            "Fund at opening %(opening)s, income of the year %(income)s, costs charged "
            "%(cost)s. Older money is used first; the fund never goes below zero.",
            opening=self._money(opening),
            income=self._money(income),
            cost=self._money(cost),
        )
        lines = []
        for step, target, booked in (
            ("dedicated_use", used, year["fund_used"]),
            ("dedicated_add", added, year["fund_added"]),
        ):
            amount = self.currency_id.round(target - booked)
            if not self.currency_id.is_zero(amount):
                refund = min(used, year["refund"]) if step == "dedicated_use" else 0
                lines.append(
                    {
                        "step": step,
                        "amount": amount,
                        "refund_amount": refund,
                        "reason": reason,
                    }
                )
        return lines

    def _prepare_investment(self, grant, before, year):
        """Share of an investment grant that depreciation has reached."""
        months, start = grant.depreciation_months, grant.date_in_service
        equity = before["equity"] + year["equity"]
        if not months or not start or not equity:
            return []
        due = year_end.investment_share(equity, start, months, self.date_to)
        amount = self.currency_id.round(due - before["taken"] - year["taken"])
        if self.currency_id.is_zero(amount):
            return []
        reason = self.env._(
            "%(equity)s over %(months)s months from %(start)s: %(due)s so far.",
            equity=self._money(equity),
            months=months,
            start=format_date(self.env, start),
            due=self._money(due),
        )
        return [{"step": "investment", "amount": amount, "reason": reason}]

    def _prepare_in_kind_lines(self):
        """Values of the proposals of contributions in kind, by kind and action."""
        if not self.records_in_kind:
            return []
        groups = self.env["ess.in.kind"]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("date", ">=", self.date_from),
                ("date", "<=", self.date_to),
            ],
            ["kind", "action_id"],
            ["amount:sum"],
        )
        booked = {}
        for line in self.line_ids.filtered(lambda line: line.step == "in_kind"):
            reversals = line.move_id.reversal_move_ids
            if line.move_id and "posted" not in reversals.mapped("state"):
                key = line.kind, line.action_id
                booked[key] = booked.get(key, 0.0) + line.amount
        targets = {(kind, action): total for kind, action, total in groups}
        lines = []
        for kind, action in targets | dict.fromkeys(booked):
            total = targets.get((kind, action), 0.0)
            amount = self.currency_id.round(total - booked.get((kind, action), 0.0))
            if not self.currency_id.is_zero(amount):
                lines.append(
                    {
                        "step": "in_kind",
                        "kind": kind,
                        "action_id": action.id,
                        "amount": amount,
                        "reason": self.env._(
                            "Valued at %(total)s over the year; off balance, taken "
                            "back on the first day of the next year.",
                            total=self._money(total),
                        ),
                    }
                )
        return lines
